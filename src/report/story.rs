//! What a report says, in its order: the answer, what people pinned, why, where, what could not be seen, which messages.

use chrono_tz::Tz;

use super::document::{Block, Chart, Column, Table};
use super::material::Material;
use super::times::Times;
use super::unseen as unread;
use crate::diagnose::finding::{Finding, FindingKind, Onset};
use crate::domain::show::{count, count_of, duration, percent};
use crate::domain::time::Timestamp;
use crate::domain::timeline::{Entry, Kind, Timeline};
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, EnvironmentView, Overview, SourceState, SourceView};

/// So many messages are listed; a report is read, and the complete list has formats of its own.
const LISTED: usize = 100;
/// So many findings are told with all they rest on; of the others the sentence.
const IN_FULL: usize = 12;

/// The report of a settled run.
#[must_use]
pub fn blocks(material: &Material<'_>, zone: Tz) -> Vec<Block> {
    let overview = material.overview;
    let times = Times::new(zone, overview.window);
    let mut blocks = answer(overview, times);
    pinned(material.timeline, times, &mut blocks);
    why(material, times, &mut blocks);
    for pipeline in &overview.pipelines {
        for env in &pipeline.environments {
            let name = format!("Where: {} in {}", pipeline.name, env.name);
            blocks.push(Block::Heading(2, name));
            place(env, times, &mut blocks);
        }
    }
    unseen(overview, &mut blocks);
    messages(material, times, &mut blocks);
    blocks
}

fn answer(overview: &Overview, times: Times) -> Vec<Block> {
    let totals = overview.totals();
    let of = count_of(totals.total(), "message");
    let (lost, blind) = (totals.of(Verdict::Lost), totals.of(Verdict::Blind));
    let title = match (lost, blind, totals.total()) {
        (1.., _, _) => format!("{} lost of {of}", count(lost)),
        (0, _, 0) => "No message seen".to_owned(),
        (0, 1.., _) => format!(
            "No loss seen of {of}, but {} cannot be judged",
            count(blind)
        ),
        (0, 0, _) if unread::of_stages(overview) => {
            format!("No loss seen of {of}, but not all of their logs could be read")
        }
        (0, 0, _) => format!("Nothing lost of {of}"),
    };
    let mut facts = Vec::new();
    if let Some(window) = overview.window {
        facts.push(format!("Window: {} {}", times.span(window), times.zone()));
    }
    let events = count_of(overview.events, "log event");
    let sources = count_of(overview.sources.len() as u64, "source");
    facts.push(format!("Read: {events} from {sources}"));
    for verdict in Verdict::ALL {
        let number = totals.of(verdict);
        if number > 0 {
            let word = verdict.word().replace('_', "-");
            facts.push(format!("{}: {}", word, count(number)));
        }
    }
    vec![Block::Heading(1, title), Block::List(facts)]
}

fn why(material: &Material<'_>, times: Times, blocks: &mut Vec<Block>) {
    if material.findings.is_empty() {
        return;
    }
    blocks.push(Block::Heading(2, "Why".to_owned()));
    let (full, rest) = material
        .findings
        .split_at(material.findings.len().min(IN_FULL));
    for (index, finding) in full.iter().enumerate() {
        let heading = format!("{}. {}", index + 1, finding.title);
        blocks.push(Block::Heading(3, heading));
        evidence(finding, material, times, blocks);
    }
    if !rest.is_empty() {
        blocks.push(Block::Paragraph("Further:".to_owned()));
        let titles = rest.iter().map(|finding| finding.title.to_string());
        blocks.push(Block::List(titles.collect()));
    }
}

fn evidence(finding: &Finding, material: &Material<'_>, times: Times, blocks: &mut Vec<Block>) {
    let mut facts = Vec::new();
    facts.extend(finding.onset.map(|onset| since(onset, times)));
    let said = finding.evidence.iter().filter(|said| !said.is_statistic());
    facts.extend(said.map(ToString::to_string));
    if !facts.is_empty() {
        blocks.push(Block::List(facts));
    }
    if !finding.attributes.is_empty() {
        blocks.push(Block::Table(sides(finding)));
    }
    if finding.kind != FindingKind::BlindSpot {
        blocks.extend(chart(finding, material.overview, times).map(Block::Chart));
    }
    if !finding.messages.is_empty() {
        blocks.push(Block::Values("For example", finding.messages.clone()));
    }
    if !finding.lines.is_empty() {
        let lines = finding.lines.iter().map(|line| {
            let time = times.exact(line.time);
            format!("{time} {} {}", line.source, material.line(line.raw))
        });
        blocks.push(Block::Lines(lines.collect()));
    }
    let statistics = finding.evidence.iter().filter(|said| said.is_statistic());
    let statistics: Vec<&str> = statistics.map(|said| &**said).collect();
    if !statistics.is_empty() {
        let statistics = statistics.join("; ");
        blocks.push(Block::Paragraph(format!("How sure: {statistics}.")));
    }
}

/// What people pinned and noted, as it happened.
fn pinned(timeline: &Timeline, times: Times, blocks: &mut Vec<Block>) {
    let entries = timeline.entries();
    if entries.is_empty() {
        return;
    }
    let before = std::iter::once(None).chain(entries.iter().map(|entry| Some(entry.time)));
    let row = |(entry, before): (&&Entry, Option<Timestamp>)| {
        let reference = &entry.reference;
        vec![
            times.exact(entry.time),
            before.map_or_else(String::new, |t| {
                format!("+{}", duration(entry.time.since(t)))
            }),
            entry.kind.word().to_owned(),
            entry.env.clone(),
            entry.text.clone(),
            reference.ids.first().cloned().unwrap_or_default(),
            reference.source.clone(),
        ]
    };
    blocks.push(Block::Heading(2, "Timeline".to_owned()));
    blocks.push(Block::Paragraph(format!("Times in {}.", times.zone())));
    blocks.push(Block::Table(Table {
        head: vec![
            Column::Words("time"),
            Column::Figures("after"),
            Column::Words("what"),
            Column::Words("environment"),
            Column::Words("text"),
            Column::Values("message"),
            Column::Values("source"),
        ],
        rows: entries.iter().zip(before).map(row).collect(),
    }));
    // A line that was cut for the table stands here whole.
    let whole = entries.iter().filter(|entry| {
        entry.kind == Kind::Line
            && entry.reference.line.chars().count() > entry.text.chars().count()
    });
    let lines: Vec<String> = whole
        .map(|entry| format!("{} {}", times.exact(entry.time), entry.reference.line))
        .collect();
    if !lines.is_empty() {
        blocks.push(Block::Lines(lines));
    }
}

fn since(onset: Onset, times: Times) -> String {
    let between = times.span(crate::domain::time::Span::new(onset.low, onset.high));
    let until = onset
        .until
        .map_or_else(String::new, |end| format!(", until {}", times.exact(end)));
    format!("Since {} (between {between}){until}", times.exact(onset.at))
}

/// How each property stands on both sides.
fn sides(finding: &Finding) -> Table {
    let figure = |with: u64, all: u64| format!("{} ({})", count(with), percent(with, all));
    let row = |a: &crate::diagnose::finding::AttributeEvidence| {
        vec![
            a.text(),
            figure(a.lost_with, a.lost),
            count(a.lost.saturating_sub(a.lost_with)),
            figure(a.kept_with, a.kept),
            count(a.kept.saturating_sub(a.kept_with)),
        ]
    };
    let meanwhile = finding.attributes.iter().all(|a| a.meanwhile);
    let (kept_with, kept_without) = if meanwhile {
        ("kept meanwhile with", "kept meanwhile without")
    } else {
        ("kept with", "kept without")
    };
    Table {
        head: vec![
            Column::Values("property"),
            Column::Figures("lost with"),
            Column::Figures("lost without"),
            Column::Figures(kept_with),
            Column::Figures(kept_without),
        ],
        rows: finding.attributes.iter().map(row).collect(),
    }
}

/// The edge that a finding is about, over time.
fn chart(finding: &Finding, overview: &Overview, times: Times) -> Option<Chart> {
    let ((from, to), env) = (finding.edge.as_ref()?, finding.env.as_ref()?);
    let pipeline = overview.pipelines.iter();
    let pipeline =
        pipeline.filter(|p| finding.pipeline.as_ref().is_none_or(|name| *name == p.name));
    let edge: &EdgeView = pipeline
        .flat_map(|p| &p.environments)
        .filter(|e| e.name == *env)
        .flat_map(|e| &e.edges)
        .find(|edge| edge.from == *from && edge.to == *to)?;
    let points: Vec<_> = edge
        .series
        .iter()
        .map(|(time, flow)| (time, *flow))
        .collect();
    let span = overview.window?;
    let onset = finding.onset.map(|onset| onset.at);
    Some(Chart {
        words: format!("{from} to {to} in {env} over time"),
        span,
        width_ms: edge.series.width_ms(),
        points,
        onset,
        labels: [Some(span.from), Some(span.to), onset]
            .map(|time| time.map_or_else(String::new, |time| times.exact(time))),
    })
    .filter(|chart| !chart.points.is_empty())
}

fn place(env: &EnvironmentView, times: Times, blocks: &mut Vec<Block>) {
    let row = |edge: &EdgeView| {
        let lost = edge.stuck.of(Verdict::Lost);
        vec![
            format!("{} -> {}", edge.from, edge.to),
            count(edge.entered),
            count(edge.passed),
            count(lost),
            percent(lost, edge.entered),
            count(edge.stuck.of(Verdict::Blind)),
            edge.lost_span
                .map_or_else(String::new, |span| times.short_span(span)),
            format!("{} {}", duration(edge.allowance_ms), edge.basis.word()),
        ]
    };
    blocks.push(Block::Table(Table {
        head: vec![
            Column::Words("edge"),
            Column::Figures("entered"),
            Column::Figures("passed"),
            Column::Figures("lost"),
            Column::Figures("share"),
            Column::Figures("blind"),
            Column::Words("last seen"),
            Column::Words("allowance"),
        ],
        rows: env.edges.iter().map(row).collect(),
    }));
}

fn unseen(overview: &Overview, blocks: &mut Vec<Block>) {
    let whole = |s: &&SourceView| s.state == SourceState::Complete;
    let missing: Vec<&SourceView> = overview.sources.iter().filter(|s| !whole(s)).collect();
    blocks.push(Block::Heading(2, "What could not be seen".to_owned()));
    if missing.is_empty() {
        let all = count_of(overview.sources.len() as u64, "source");
        let text = format!("Nothing: every source was read completely ({all}).");
        blocks.push(Block::Paragraph(text));
        return;
    }
    let row = |view: &&SourceView| {
        let fault = view.faults.last();
        vec![
            view.source.name.to_string(),
            view.state.word().to_owned(),
            fault.map_or_else(|| view.note.clone(), |fault| fault.message.clone()),
            fault.map_or_else(String::new, |fault| fault.remedy.clone()),
        ]
    };
    blocks.push(Block::Table(Table {
        head: vec![
            Column::Values("source"),
            Column::Words("state"),
            Column::Words("why"),
            Column::Words("remedy"),
        ],
        rows: missing.iter().map(row).collect(),
    }));
}

fn messages(material: &Material<'_>, times: Times, blocks: &mut Vec<Block>) {
    let total = material.overview.totals().of(Verdict::Lost);
    if total == 0 {
        return;
    }
    blocks.push(Block::Heading(2, "Lost messages".to_owned()));
    let rows: Vec<_> = material
        .first(Verdict::Lost, LISTED)
        .into_iter()
        .map(|row| {
            vec![
                row.id,
                row.env.to_string(),
                row.last_stage.to_string(),
                times.exact(row.last_seen),
                row.last_source.to_string(),
            ]
        })
        .collect();
    let shown = rows.len() as u64;
    blocks.push(Block::Table(Table {
        head: vec![
            Column::Values("id"),
            Column::Words("environment"),
            Column::Words("last stage"),
            Column::Words("last seen"),
            Column::Values("last source"),
        ],
        rows,
    }));
    if shown < total {
        blocks.push(Block::Paragraph(format!(
            "The first {} of {}; export --format csv lists all.",
            count(shown),
            count(total)
        )));
    }
}
