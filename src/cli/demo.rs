//! `lastseen demo`: which built-in incident, which way, and its own configuration.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use super::complain::Complaint;
use super::flags::DemoFlags;
use super::machine::{DemoRequest, Machine};
use crate::config::error::suggest;
use crate::config::file::File;
use crate::domain::safe::safe;
use crate::domain::show::{count, count_of};
use crate::sources::demo::incident::{INCIDENTS, LISTED, Listed, listed};
use crate::sources::demo::variant::Variant;

/// The incident asked for, else the usual one.
///
/// # Errors
/// When there is none of that name, or it cannot go that way.
pub fn request(flags: &DemoFlags) -> Result<DemoRequest, Complaint> {
    let name = flags.incident.as_deref().unwrap_or(INCIDENTS[0]);
    let listed = listed(name).ok_or_else(|| {
        let message = format!("there is no incident `{name}`");
        Complaint::new(message, suggest(name, &INCIDENTS))
    })?;
    Ok(DemoRequest {
        incident: listed.name.to_owned(),
        variant: flags
            .variant
            .as_deref()
            .map_or(Ok(Variant::Usual), |word| variant(listed, word))?,
        seed: flags.seed,
        messages: flags.messages,
    })
}

fn variant(listed: &Listed, word: &str) -> Result<Variant, Complaint> {
    let variant = Variant::from_word(word);
    variant
        .filter(|variant| listed.variants.contains(variant))
        .ok_or_else(|| {
            let message = format!("the incident `{}` has no variant `{word}`", listed.name);
            Complaint::new(message, suggest(word, &words(listed)))
        })
}

fn words(listed: &Listed) -> Vec<&'static str> {
    listed
        .variants
        .iter()
        .map(|variant| variant.word())
        .collect()
}

/// Every incident in one line, and below it the ways it can go.
pub fn say_incidents(out: &mut dyn Write) {
    let width = INCIDENTS.iter().map(|name| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for listed in &LISTED {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  {} [{}]",
            listed.name,
            listed.about,
            words(listed).join(", ")
        );
    }
    let _gone = out.write_all(text.as_bytes());
}

/// The incident's own configuration, without the places it names: the incident itself is the source.
#[must_use]
pub fn configuration(request: &DemoRequest, machine: &dyn Machine, folder: &Path) -> File {
    let name = format!("{}.toml", request.incident);
    let mut file = File::parse(&name, folder, &machine.demo_config(request));
    file.files.clear();
    file.environments.clear();
    file
}

/// Says how to go on with the files written.
pub fn say_written(folder: &Path, out: &mut dyn Write) {
    let shown = folder.display().to_string();
    let shown = safe(&shown);
    let _gone = writeln!(
        out,
        "wrote the logs, lastseen.toml and truth.json to {shown}\ntry: lastseen check --config {shown}/lastseen.toml"
    );
}

/// Warns where so few messages were asked for that the incident took none of them.
pub fn say_too_few(request: &DemoRequest, lost: u64, err: &mut dyn Write) {
    let by_design = matches!(request.variant, Variant::Healthy | Variant::RightOrder);
    let Some((listed, asked)) = listed(&request.incident).zip(request.messages) else {
        return;
    };
    if lost > 0 || by_design || asked >= listed.messages {
        return;
    }
    let (name, usual) = (listed.name, listed.messages);
    let _gone = writeln!(
        err,
        "warning: none of {} is lost: too few for `{name}`\nhelp: its usual number is {}: --messages {usual}",
        count_of(asked, "message"),
        count(usual),
    );
}
