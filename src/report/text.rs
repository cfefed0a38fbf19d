//! The summary for people at 2 AM: what was lost, why, where, and what could not be seen.
//!
//! Linear text without boxes, the answer first. Everything that comes from logs is made safe.

use std::io::{self, Write};

use chrono_tz::Tz;

use super::material::Material;
use super::paint::Paint;
use super::stuck;
use super::times::Times;
use super::unseen;
use super::why;
use super::wrap::wrapped;
use crate::diagnose::finding::{Finding, FindingKind};
use crate::domain::safe::safe;
use crate::domain::show::{count, count_of};
use crate::domain::time::Span;
use crate::domain::verdict::Verdict;
use crate::domain::view::{EnvironmentView, MessageRow, Overview, PipelineView};

/// How the summary is shown.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// The zone of all times.
    pub zone: Tz,
    /// Whether colour may be used.
    pub colour: bool,
    /// So many messages of a verdict are listed.
    pub limit: usize,
    /// Tell what every finding rests on, and not only what fits on a screen.
    pub evidence: bool,
    /// How messages travel was learnt from the logs.
    pub guess: Guess,
}

/// How much an answer rests on what was learnt from the logs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Guess {
    /// Not at all: it is configured.
    #[default]
    None,
    /// It was learnt, and is likely right.
    Sure,
    /// It was learnt, and somebody should look at it.
    Unsure,
}

/// Writes the summary; `also` lists the messages of another verdict too.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    material: &Material<'_>,
    also: Option<Verdict>,
    options: TextOptions,
) -> io::Result<()> {
    let paint = Paint(options.colour);
    let overview = material.overview;
    let times = Times::new(options.zone, overview.window);
    head(out, overview, (times, options.guess), paint)?;
    let told_elsewhere = |finding: &&Finding| !options.evidence && told(finding);
    let (causes, others): (Vec<_>, Vec<_>) = material
        .findings
        .iter()
        .filter(|finding| !told_elsewhere(finding))
        .partition(|finding| finding.kind.is_cause());
    why::write(out, "Why", &causes, times, options.evidence)?;
    for pipeline in &overview.pipelines {
        for env in &pipeline.environments {
            environment(out, pipeline, env, times, paint)?;
        }
    }
    messages(out, material, Verdict::Lost, options.limit, times)?;
    if let Some(verdict) = also.filter(|verdict| *verdict != Verdict::Lost) {
        messages(out, material, verdict, options.limit, times)?;
    }
    why::write(out, "Findings", &others, times, options.evidence)?;
    unseen::write(out, overview, options.guess != Guess::None)
}

fn head(
    out: &mut dyn Write,
    overview: &Overview,
    (times, guess): (Times, Guess),
    paint: Paint,
) -> io::Result<()> {
    let totals = overview.totals();
    let lost = totals.of(Verdict::Lost);
    let of = count_of(totals.total(), "message");
    if lost > 0 {
        let lost = paint.alarm(&format!("{} LOST", count(lost)));
        writeln!(out, "{lost} of {of}")?;
    } else if overview.events == 0 {
        writeln!(out, "Nothing could be read: no log event")?;
    } else if totals.total() == 0 {
        no_message(out, overview, times)?;
    } else if totals.of(Verdict::Blind) > 0 {
        let blind = totals.of(Verdict::Blind);
        let why = if blind == may_end(overview) {
            "ended as all of their kind do"
        } else {
            "went where nothing was read"
        };
        let blind = count(blind);
        writeln!(out, "Cannot tell: no loss seen, but {blind} of {of} {why}")?;
    } else if guess == Guess::Unsure {
        writeln!(
            out,
            "Cannot tell: no loss seen of {of}, but how they travel is a guess of low confidence"
        )?;
    } else if unseen::of_stages(overview) {
        writeln!(
            out,
            "No loss seen of {of}, but not all of their logs could be read"
        )?;
    } else {
        writeln!(out, "Nothing lost of {of}")?;
    }
    unseen::brief(out, overview, guess != Guess::None)?;
    if let Some(window) = overview.window {
        writeln!(out, "window   {} {}", times.span(window), times.zone())?;
    }
    let sources = count_of(overview.sources.len() as u64, "source");
    let events = count_of(overview.events, "log event");
    writeln!(out, "read     {events} from {sources}")
}

/// Messages of which nobody knows whether they should have gone on.
fn may_end(overview: &Overview) -> u64 {
    let pipelines = overview.pipelines.iter();
    let environments = pipelines.flat_map(|pipeline| &pipeline.environments);
    let stages = environments.flat_map(|environment| &environment.stages);
    stages.map(|stage| stage.may_end).sum()
}

/// Log events, but no message: where the fault most likely is.
fn no_message(out: &mut dyn Write, overview: &Overview, times: Times) -> io::Result<()> {
    let events = count_of(overview.events, "log event");
    let seen = overview.sources.iter().filter_map(|source| source.seen);
    let apart = |seen: &Span| {
        let window = overview.window;
        window.is_some_and(|window| seen.to < window.from || seen.from > window.to)
    };
    if let Some(seen) = seen.reduce(Span::union).filter(apart) {
        writeln!(out, "No message in the window: it misses the {events} read")?;
        let zone = times.zone();
        return writeln!(
            out,
            "events   {} {zone} (see --from, --to)",
            times.span(seen)
        );
    }
    if overview.sources.iter().all(|s| s.stages.is_empty()) {
        return writeln!(
            out,
            "No message in {events}: no stage's `from` names a source that was read"
        );
    }
    writeln!(
        out,
        "No message in {events}: no `id` of any pipeline was found in them"
    )
}

fn environment(
    out: &mut dyn Write,
    pipeline: &PipelineView,
    env: &EnvironmentView,
    times: Times,
    paint: Paint,
) -> io::Result<()> {
    let name = format!("{} / {}:", safe(&pipeline.name), safe(&env.name));
    let mut parts = Vec::new();
    for verdict in Verdict::ALL {
        let number = count(env.counts.of(verdict));
        match (env.counts.of(verdict), verdict) {
            (0, _) => {}
            (_, Verdict::Lost) => parts.push(paint.alarm(&format!("{number} LOST"))),
            (_, verdict) => parts.push(format!("{number} {}", verdict.word().replace('_', "-"))),
        }
    }
    for (number, what) in [(env.duplicates, "processed twice"), (env.late, "late")] {
        if number > 0 {
            parts.push(format!("{} {what}", count(number)));
        }
    }
    if parts.is_empty() {
        parts.push("no message".to_owned());
    }
    writeln!(out)?;
    wrapped(out, &paint.strong(&name), &parts)?;
    stuck::write(out, env, times, paint)?;
    for hub in &env.hubs {
        let hub = safe(hub);
        writeln!(
            out,
            "  not followed: `{hub}` links too many messages to be one itself (max_links)"
        )?;
    }
    Ok(())
}

/// Whether the summary tells it anyway, at the edges or among the sources.
fn told(finding: &Finding) -> bool {
    match finding.kind {
        FindingKind::Gap => true,
        FindingKind::BlindSpot => finding.pipeline.is_none() && finding.of == 0,
        _ => false,
    }
}

fn messages(
    out: &mut dyn Write,
    material: &Material<'_>,
    verdict: Verdict,
    limit: usize,
    times: Times,
) -> io::Result<()> {
    let total = material.overview.totals().of(verdict);
    if total == 0 {
        return Ok(());
    }
    let what = verdict.word().replace('_', "-");
    let shown = (limit as u64).min(total);
    if shown < total {
        let (shown, total) = (count(shown), count(total));
        writeln!(out, "\nMessages {what}: the first {shown} of {total}")?;
    } else {
        writeln!(out, "\nMessages {what}: {}", count(total))?;
    }
    let mut last = String::new();
    for row in material.first(verdict, limit) {
        let place = place(&row);
        if place != last {
            writeln!(out, "  {place}")?;
            last = place;
        }
        let time = times.exact(row.last_seen);
        writeln!(out, "    {time}  {}", safe(&row.id))?;
    }
    if shown < total {
        let more = count(total - shown);
        let flag = if verdict == Verdict::Lost {
            "--json".to_owned()
        } else {
            format!("--json --verdict {verdict}")
        };
        writeln!(out, "    ... and {more} more; {flag} lists all")?;
    }
    Ok(())
}

/// The furthest stage, and where the newest log event is: these may be two. Neighbours in the list mostly share it.
fn place(row: &MessageRow) -> String {
    let stage = if row.last_stage.is_empty() {
        "no stage"
    } else {
        &row.last_stage
    };
    format!(
        "{} / {}, furthest at {}, last seen in {}",
        safe(&row.pipeline),
        safe(&row.env),
        safe(stage),
        safe(&row.last_source)
    )
}
