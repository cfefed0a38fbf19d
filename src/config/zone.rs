//! Time zones by name. Abbreviations are refused: CST is three zones, IST is three others.
//!
//! Only names; what a local time means in a zone is told in `when`.

use chrono_tz::{TZ_VARIANTS, Tz};

use crate::domain::nearest::nearest;

/// The zone that `name` names, ignoring case: an IANA name, or UTC, GMT, Z.
///
/// # Errors
/// What was found, and what to write instead.
pub fn parse(name: &str) -> Result<Tz, (String, String)> {
    let name = name.trim();
    if ["utc", "gmt", "z"].contains(&name.to_lowercase().as_str()) {
        return Ok(Tz::UTC);
    }
    let with_place = || TZ_VARIANTS.iter().filter(|zone| zone.name().contains('/'));
    if let Some(zone) = with_place().find(|zone| zone.name().eq_ignore_ascii_case(name)) {
        return Ok(well_known(*zone));
    }
    let short = name.len() <= 5 && name.chars().all(|c| c.is_ascii_alphabetic());
    if short && !name.is_empty() {
        return Err((
            format!(
                "`{name}` is an abbreviation, and those stand for several zones or for half a year"
            ),
            "write a zone by place, such as Europe/Berlin or America/New_York, or UTC".to_owned(),
        ));
    }
    // A city alone is the commonest slip: Berlin for Europe/Berlin.
    let city = name.rsplit('/').next().unwrap_or(name).replace(' ', "_");
    let found = nearest(name, with_place().map(|zone| zone.name())).or_else(|| {
        with_place().map(|zone| zone.name()).find(|full| {
            full.rsplit('/')
                .next()
                .is_some_and(|last| last.eq_ignore_ascii_case(&city))
        })
    });
    let help = match found {
        Some(found) => format!("did you mean {found}?"),
        None => {
            "write a zone by place, such as Europe/Berlin or America/New_York, or UTC".to_owned()
        }
    };
    Err((format!("`{name}` is not a known time zone"), help))
}

/// The same zone under the name that people know.
#[must_use]
pub const fn well_known(zone: Tz) -> Tz {
    match zone {
        Tz::Etc__UTC | Tz::Etc__UCT | Tz::Etc__Universal | Tz::Etc__Zulu | Tz::Etc__GMT => Tz::UTC,
        zone => zone,
    }
}
