//! The window asked for: `--since`, `--from` and `--to` as one span.
//!
//! Without any of them, the cloud is asked for the last hour and files for all they hold.

use chrono_tz::Tz;

use super::error::ConfigError;
use super::overrides::Overrides;
use super::when;
use crate::domain::time::{Span, Timestamp};

/// What is asked of the cloud where no time is given, in milliseconds.
pub const DEFAULT_MS: i64 = 3_600_000;

/// The window. `cloud`: something is read from CloudWatch, which has no natural end.
///
/// `--to` alone begins an hour earlier in the cloud, and with the first event of files. `--from`
/// alone ends now, or never with `--follow`, which ends where `--to` says.
///
/// # Errors
/// Every flag that is no time, a window that ends before it begins, and one to be followed that is
/// over.
pub fn window(flags: &Overrides, zone: Tz, cloud: bool) -> Result<Option<Span>, Vec<ConfigError>> {
    let mut errors = Vec::new();
    let mut time = |flag: &str, text: &Option<String>| {
        let parsed = when::parse(text.as_deref()?, flags.now, zone);
        parsed
            .map_err(|e| errors.push(ConfigError::of_flag(flag, e.message).help(e.help)))
            .ok()
    };
    let since = time("--since", &flags.since);
    let from = time("--from", &flags.from);
    let to = time("--to", &flags.to);
    if flags.since.is_some() && flags.from.is_some() {
        let error = ConfigError::of_flag("--since", "cannot be used together with --from");
        errors.push(error.help("give one beginning: --since 2h, or --from 02:10"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if let Some(to) = to.filter(|to| flags.follow && cloud && *to <= flags.now) {
        let message = format!("{} is over, and --follow goes on from now", show(to, zone));
        let error = ConfigError::of_flag("--to", message);
        return Err(vec![error.help(
            "leave one of them out, or name a time to come: --to \"today 06:00\"",
        )]);
    }
    let end = if flags.follow {
        Timestamp::MAX
    } else {
        flags.now
    };
    let (from, to) = match (since.or(from), to) {
        (None, None) if cloud => (flags.now.plus(-DEFAULT_MS), end),
        (None, None) => return Ok(None),
        (Some(from), to) => (from, to.unwrap_or(end)),
        (None, Some(to)) if cloud => (to.plus(-DEFAULT_MS), to),
        (None, Some(to)) => (Timestamp::MIN, to),
    };
    if from > to {
        let (flag, to_flag) = (
            if since.is_some() { "--since" } else { "--from" },
            if flags.to.is_some() { "--to" } else { "now" },
        );
        let message = format!(
            "the window ends before it begins: {flag} is {}, {to_flag} is {}",
            show(from, zone),
            show(to, zone)
        );
        let error = ConfigError::of_flag(flag, message);
        return Err(vec![error.help(
            "swap them, or add the day and the zone: --from \"yesterday 22:00\" --to 02:00",
        )]);
    }
    Ok(Some(Span { from, to }))
}

/// `2026-11-22 02:10:00 CET (+01:00)`: the resolved time, so that nobody has to guess.
#[must_use]
pub fn show(time: Timestamp, zone: Tz) -> String {
    time.to_utc().map_or_else(
        || time.to_string(),
        |utc| {
            let local = utc.with_timezone(&zone);
            local.format("%Y-%m-%d %H:%M:%S %Z (%:z)").to_string()
        },
    )
}
