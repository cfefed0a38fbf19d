//! A hunt for people at 2 AM: where the IDs are mentioned, what was not searched, what to add.
//!
//! The same form as the summary: linear text, 80 columns, the answer first, log text made safe.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono_tz::Tz;

use super::paint::Paint;
use super::times::Times;
use super::wrap::{WIDTH, width, wrapped};
use crate::diagnose::suggest::{Suggestion, suggestions};
use crate::domain::hunt::{Find, Hunt, Place, Sample, Standing, Unsearched};
use crate::domain::safe::safe;
use crate::domain::show::{bytes, count, count_of};
use crate::domain::time::Span;

/// So many IDs are listed in a place, and so many places of what was not searched.
const LISTED: usize = 5;

/// Writes the answer of a hunt.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, hunt: &Hunt, zone: Tz, colour: bool) -> io::Result<()> {
    // Days are left out where all that is shown is of one: the window may be longer.
    let seen = hunt.places.iter().filter_map(Place::span);
    let seen = seen.reduce(Span::union);
    let (times, paint) = (Times::new(zone, seen.or(hunt.window)), Paint(colour));
    head(out, hunt, times, paint)?;
    for place in &hunt.places {
        writeln!(out)?;
        one(out, hunt, place, times, paint)?;
    }
    missed(out, hunt)?;
    unsearched(out, hunt)?;
    to_add(out, &suggestions(hunt))
}

fn head(out: &mut dyn Write, hunt: &Hunt, times: Times, paint: Paint) -> io::Result<()> {
    let found = (0..hunt.targets.len()).filter(|target| hunt.places_of(*target) > 0);
    let (found, all) = (found.count() as u64, hunt.targets.len() as u64);
    if found > 0 {
        let places = count_of(hunt.places.len() as u64, "place");
        let head = paint.strong(&format!("FOUND in {places}"));
        let all = count_of(all, noun(hunt));
        writeln!(out, "{head}: {} of {all}", count(found))?;
    } else {
        let doubt = match () {
            () if !hunt.complete() => "nowhere in what was searched, but not everything was",
            () if hunt.nothing_left() && hunt.some_younger() => {
                "nothing was searched: what is in reach began after the time in question"
            }
            () if hunt.nothing_left() => {
                "nothing was searched: there is nothing in reach that was not read"
            }
            () if hunt.some_younger() => {
                "nowhere, and everything that goes back so far was searched"
            }
            () => "nowhere, and everything in reach was searched",
        };
        writeln!(out, "NOT FOUND: {}", count_of(all, noun(hunt)))?;
        writeln!(out, "           {doubt}")?;
    }
    if hunt.cancelled {
        writeln!(out, "CANCELLED: this is what was found until then")?;
    }
    if let Some(window) = hunt.window {
        writeln!(out, "window   {} {}", times.span(window), times.zone())?;
    }
    if let Some(seen) = hunt
        .places
        .iter()
        .filter_map(Place::span)
        .reduce(Span::union)
    {
        writeln!(out, "mentions {} {}", times.span(seen), times.zone())?;
    }
    let (searched, total) = (count(hunt.searched), count_of(hunt.total, "place"));
    write!(out, "searched {searched} of {total}")?;
    if hunt.regions.1 > 0 {
        let (asked, all) = hunt.regions;
        write!(out, " in {asked} of {}", count_of(all, "region"))?;
    }
    writeln!(out)?;
    if hunt.regions.1 > 0 {
        let calls = format!(
            "{} of {} calls",
            count(hunt.calls),
            count(hunt.budget.calls)
        );
        let read = format!("{} of {}", bytes(hunt.bytes), bytes(hunt.budget.bytes));
        return writeln!(out, "spent    {calls}, {read}");
    }
    writeln!(out, "read     {}", bytes(hunt.bytes))
}

/// What is counted: messages where more is known of them than an ID.
fn noun(hunt: &Hunt) -> &'static str {
    let lost = hunt.targets.iter().any(|target| target.last.is_some());
    if lost { "lost message" } else { "ID" }
}

fn one(
    out: &mut dyn Write,
    hunt: &Hunt,
    place: &Place,
    times: Times,
    paint: Paint,
) -> io::Result<()> {
    let standing = match place.standing {
        Standing::New => paint.strong("NEW, in no configuration"),
        standing => standing.word().to_owned(),
    };
    writeln!(out, "{}", paint.strong(&safe(&place.name)))?;
    let mut facts = vec![safe(&place.env).into_owned()];
    if !place.region.is_empty() {
        facts.push(safe(&place.region).into_owned());
    }
    if let Some(account) = &place.account {
        facts.push(format!("account {}", safe(account)));
    }
    facts.push(standing);
    if hunt.targets.len() > 1 {
        let (here, all) = (place.targets().len() as u64, hunt.targets.len() as u64);
        facts.push(format!("{} of {}", count(here), count_of(all, noun(hunt))));
    }
    wrapped(out, " ", &facts)?;
    let samples = if place.finds.len() == 1 {
        usize::MAX
    } else {
        1
    };
    for find in place.finds.iter().take(LISTED) {
        writeln!(out, "  {}", safe(&find.id))?;
        let least = if place.early { "at least " } else { "" };
        let events = count_of(find.hits, "log event");
        let span = Span::new(find.first, find.last);
        writeln!(out, "    {least}{events}, {}", times.short_span(span))?;
        for sample in find.samples.iter().take(samples) {
            self::sample(out, find, sample, times)?;
        }
    }
    let more = place.finds.len().saturating_sub(LISTED);
    if more > 0 {
        let more = count_of(more as u64, "more ID");
        writeln!(out, "  ... and {more}; --json lists all")?;
    }
    Ok(())
}

/// One log event, cut to a line in which the ID is seen.
fn sample(out: &mut dyn Write, find: &Find, sample: &Sample, times: Times) -> io::Result<()> {
    let head = format!("    {}  ", times.exact(sample.time));
    let room = WIDTH.saturating_sub(width(&head) + 2);
    let text = safe(sample.text.trim_end());
    let id = safe(&find.id);
    let at = text.find(&*id).map_or(0, |at| text[..at].chars().count());
    let end = at + id.chars().count();
    let skip = if end <= room {
        0
    } else {
        at.saturating_sub(10)
    };
    let mut line = String::new();
    for c in text.chars().skip(skip) {
        line.push(c);
        if width(&line) > room {
            line.pop();
            line.push('…');
            break;
        }
    }
    let before = if skip > 0 { "…" } else { "" };
    writeln!(out, "{head}{before}{line}")
}

/// Those that were found nowhere, if others were.
fn missed(out: &mut dyn Write, hunt: &Hunt) -> io::Result<()> {
    let missed = hunt.targets.iter().enumerate();
    let missed: Vec<String> = missed
        .filter(|(index, _)| hunt.places_of(*index) == 0)
        .map(|(_, target)| safe(&target.id).into_owned())
        .collect();
    if missed.is_empty() || !hunt.found() {
        return Ok(());
    }
    writeln!(out, "\nNot found anywhere: {}", count(missed.len() as u64))?;
    few(out, "  ", &missed, LISTED)
}

/// A list on lines of its own, of which only the first few are shown.
fn few(out: &mut dyn Write, indent: &str, names: &[String], most: usize) -> io::Result<()> {
    let mut shown: Vec<String> = names.iter().take(most).cloned().collect();
    if names.len() > most {
        shown.push(format!("and {} more", count((names.len() - most) as u64)));
    }
    let indent = &indent[..indent.len().saturating_sub(1)];
    wrapped(out, indent, &shown)
}

/// What was not searched, one block for each reason; a region that is not enabled is no reason to
/// worry, and comes last.
fn unsearched(out: &mut dyn Write, hunt: &Hunt) -> io::Result<()> {
    let mut reasons: BTreeMap<(bool, &str), Vec<&Unsearched>> = BTreeMap::new();
    for skipped in &hunt.unsearched {
        let key = (!skipped.cause.leaves_doubt(), skipped.why.as_str());
        reasons.entry(key).or_default().push(skipped);
    }
    let mut title = None;
    for ((harmless, why), skipped) in reasons {
        let wanted = if harmless {
            "Nothing to search"
        } else {
            "Not searched"
        };
        if title.replace(wanted) != Some(wanted) {
            writeln!(out, "\n{wanted}")?;
        }
        reason(out, why, &skipped)?;
    }
    Ok(())
}

fn reason(out: &mut dyn Write, why: &str, skipped: &[&Unsearched]) -> io::Result<()> {
    writeln!(out, "  {}", safe(why))?;
    let whole = skipped.iter().filter(|s| s.groups.is_empty());
    let regions: Vec<String> = whole
        .filter(|s| !s.region.is_empty())
        .map(|s| format!("{} ({})", safe(&s.region), safe(&s.env)))
        .collect();
    if !regions.is_empty() {
        few(out, "    ", &regions, 2 * LISTED)?;
    }
    for part in skipped.iter().filter(|s| !s.groups.is_empty()) {
        let names: Vec<String> = part.groups.iter().map(|g| safe(g).into_owned()).collect();
        if part.region.is_empty() {
            few(out, "    ", &names, LISTED)?;
            continue;
        }
        let number = count_of(names.len() as u64, "log group");
        let (region, env) = (safe(&part.region), safe(&part.env));
        writeln!(out, "    {number} in {region} ({env}):")?;
        few(out, "      ", &names, LISTED)?;
    }
    let remedy = skipped.iter().find(|s| !s.remedy.is_empty());
    if let Some(remedy) = remedy {
        writeln!(out, "    help: {}", safe(&remedy.remedy))?;
    }
    Ok(())
}

fn to_add(out: &mut dyn Write, suggestions: &[Suggestion]) -> io::Result<()> {
    if !suggestions.is_empty() {
        writeln!(
            out,
            "\nTo see these places in every run, add to lastseen.toml"
        )?;
    }
    for suggestion in suggestions {
        let sentence = safe(&suggestion.sentence).into_owned();
        let mut line = String::from("  #");
        for word in sentence.split(' ') {
            if width(&line) + 1 + width(word) > WIDTH {
                writeln!(out, "{line}")?;
                line = String::from("  #");
            }
            line.push(' ');
            line.push_str(word);
        }
        writeln!(out, "{line}")?;
        for line in &suggestion.lines {
            writeln!(out, "{}", format!("  {}", safe(line)).trim_end())?;
        }
    }
    Ok(())
}
