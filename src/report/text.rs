//! The summary for people at 2 AM: what was lost, where, and what could not be seen.
//!
//! Linear text without boxes, the answer first. Everything that comes from logs is made safe.

use std::io::{self, Write};

use chrono_tz::Tz;

use super::material::Material;
use super::paint::Paint;
use super::unseen;
use crate::domain::safe::safe;
use crate::domain::show::{count, count_of, duration};
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;
use crate::domain::view::{Counts, EdgeView, EnvironmentView, MessageRow, Overview, PipelineView};

/// How the summary is shown.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// The zone of all times.
    pub zone: Tz,
    /// Whether colour may be used.
    pub colour: bool,
    /// So many messages of a verdict are listed.
    pub limit: usize,
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
    head(out, overview, options.zone, paint)?;
    for pipeline in &overview.pipelines {
        for env in &pipeline.environments {
            environment(out, pipeline, env, options.zone, paint)?;
        }
    }
    findings(out, material)?;
    messages(out, material, Verdict::Lost, options)?;
    if let Some(verdict) = also.filter(|verdict| *verdict != Verdict::Lost) {
        messages(out, material, verdict, options)?;
    }
    unseen::write(out, overview)
}

/// All verdicts of all pipelines and environments together.
#[must_use]
pub fn totals(overview: &Overview) -> Counts {
    let mut sum = Counts::default();
    for env in overview.pipelines.iter().flat_map(|p| &p.environments) {
        for (sum, one) in sum.0.iter_mut().zip(env.counts.0) {
            *sum += one;
        }
    }
    sum
}

fn head(out: &mut dyn Write, overview: &Overview, zone: Tz, paint: Paint) -> io::Result<()> {
    let totals = totals(overview);
    let lost = totals.of(Verdict::Lost);
    let of = count_of(totals.total(), "message");
    if lost > 0 {
        writeln!(
            out,
            "{} of {of}",
            paint.alarm(&format!("{} LOST", count(lost)))
        )?;
    } else if overview.events == 0 {
        writeln!(out, "Nothing could be read: no log event")?;
    } else if totals.total() == 0 {
        let events = count_of(overview.events, "log event");
        writeln!(
            out,
            "No message in {events}: no `id` of any pipeline was found in them"
        )?;
    } else if totals.of(Verdict::Blind) > 0 {
        let blind = count(totals.of(Verdict::Blind));
        writeln!(
            out,
            "Cannot tell: nothing lost was seen, but {blind} of {of} went where nothing was read"
        )?;
    } else {
        writeln!(out, "Nothing lost of {of}")?;
    }
    if let Some(window) = overview.window {
        writeln!(out, "window   {}", span(window, zone))?;
    }
    let sources = count_of(overview.sources.len() as u64, "source");
    writeln!(
        out,
        "read     {} from {sources}",
        count_of(overview.events, "log event")
    )
}

fn span(span: Span, zone: Tz) -> String {
    let end = |time: Timestamp, open: &str| match time {
        Timestamp::MIN | Timestamp::MAX => open.to_owned(),
        time => long(time, zone),
    };
    let name = zone.name();
    format!(
        "{} to {} {name}",
        end(span.from, "the beginning"),
        end(span.to, "the end")
    )
}

/// `2026-11-22 02:11:04.123`
fn long(time: Timestamp, zone: Tz) -> String {
    time.to_utc().map_or_else(
        || time.to_string(),
        |utc| {
            utc.with_timezone(&zone)
                .format("%Y-%m-%d %H:%M:%S%.3f")
                .to_string()
        },
    )
}

fn environment(
    out: &mut dyn Write,
    pipeline: &PipelineView,
    env: &EnvironmentView,
    zone: Tz,
    paint: Paint,
) -> io::Result<()> {
    let name = format!("{} / {}", safe(&pipeline.name), safe(&env.name));
    writeln!(out, "\n{}", paint.strong(&name))?;
    write!(out, "  {} entered", count(env.entered))?;
    for verdict in Verdict::ALL {
        match (env.counts.of(verdict), verdict) {
            (0, _) => {}
            (n, Verdict::Lost) => write!(out, ", {}", paint.alarm(&format!("{} LOST", count(n))))?,
            (n, verdict) => write!(out, ", {} {}", count(n), verdict.word().replace('_', "-"))?,
        }
    }
    writeln!(out)?;
    if env.duplicates + env.late > 0 {
        let (twice, late) = (count(env.duplicates), count(env.late));
        writeln!(out, "  of these: {twice} processed twice, {late} late")?;
    }
    for view in &env.edges {
        edge(out, view, zone, paint)?;
    }
    for hub in &env.hubs {
        let hub = safe(hub);
        writeln!(
            out,
            "  not followed: `{hub}` links too many messages to be one itself (max_links)"
        )?;
    }
    Ok(())
}

fn edge(out: &mut dyn Write, edge: &EdgeView, zone: Tz, paint: Paint) -> io::Result<()> {
    let lost = edge.stuck.of(Verdict::Lost);
    write!(
        out,
        "  {} -> {}  entered {}  passed {}",
        safe(&edge.from),
        safe(&edge.to),
        count(edge.entered),
        count(edge.passed)
    )?;
    for (verdict, word) in [(Verdict::Pending, "pending"), (Verdict::Blind, "blind")] {
        if edge.stuck.of(verdict) > 0 {
            write!(out, "  {word} {}", count(edge.stuck.of(verdict)))?;
        }
    }
    if lost == 0 {
        return writeln!(out);
    }
    writeln!(out, "  {}", paint.alarm(&format!("LOST {}", count(lost))))?;
    write!(out, "    ")?;
    if let Some(span) = edge.lost_span {
        write!(
            out,
            "last seen {} to {}, ",
            long(span.from, zone),
            long(span.to, zone)
        )?;
    }
    let how = if edge.learnt {
        "learnt"
    } else {
        "configured or default"
    };
    writeln!(out, "allowance {} ({how})", duration(edge.allowance_ms))
}

fn findings(out: &mut dyn Write, material: &Material<'_>) -> io::Result<()> {
    if material.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nFindings")?;
    for (index, finding) in material.findings.iter().enumerate() {
        let kind = finding.kind.word().replace('_', " ");
        writeln!(out, "  {}. {kind}: {}", index + 1, safe(&finding.title))?;
    }
    Ok(())
}

fn messages(
    out: &mut dyn Write,
    material: &Material<'_>,
    verdict: Verdict,
    options: TextOptions,
) -> io::Result<()> {
    let total = totals(material.overview).of(verdict);
    if total == 0 {
        return Ok(());
    }
    let shown = (options.limit as u64).min(total);
    let what = verdict.word().replace('_', "-");
    if shown < total {
        writeln!(
            out,
            "\nMessages {what}: the first {} of {}",
            count(shown),
            count(total)
        )?;
    } else {
        writeln!(out, "\nMessages {what}: {}", count(total))?;
    }
    for row in material.first(verdict, options.limit) {
        message(out, &row, options.zone)?;
    }
    if shown < total {
        writeln!(
            out,
            "  ... and {} more; --json lists all",
            count(total - shown)
        )?;
    }
    Ok(())
}

fn message(out: &mut dyn Write, row: &MessageRow, zone: Tz) -> io::Result<()> {
    let stage = if row.last_stage.is_empty() {
        "(no stage)"
    } else {
        &row.last_stage
    };
    writeln!(out, "  {}", safe(&row.id))?;
    writeln!(
        out,
        "    {} / {}, last seen at {} {} in {}",
        safe(&row.pipeline),
        safe(&row.env),
        safe(stage),
        long(row.last_seen, zone),
        safe(&row.last_source)
    )
}
