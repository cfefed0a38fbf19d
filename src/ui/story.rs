//! What happened over time, as lines: an edge, what was measured meanwhile, when it began.

use super::chart::{self, Frame, Lane, Line, Mark, moment};
use super::format;
use crate::app::about::Chart;
use crate::app::model::Model;
use crate::diagnose::finding::Onset;
use crate::diagnose::telling::{Telling, Told};
use crate::domain::flow::Flow;
use crate::domain::signals::view::Amount;
use crate::domain::time::{Span, Timestamp};
use crate::domain::view::EdgeView;
use crate::theme::Theme;
use crate::theme::role::{Glyph, Role};

/// What is drawn.
pub struct Story<'a> {
    /// Which lanes, how high.
    pub chart: Chart,
    /// The edge.
    pub edge: Option<&'a EdgeView>,
    /// What was measured.
    pub telling: Option<&'a Telling>,
    /// When it began.
    pub onset: Option<Onset>,
}

/// A lane of the edge: its name, what it means, what it counts.
type Counted = (&'static str, Role, fn(&Flow) -> u64);

const LANES: [Counted; 4] = [
    ("entered", Role::Muted, |flow| flow.entered),
    ("passed", Role::Completed, |flow| flow.passed),
    ("lost", Role::Lost, |flow| flow.lost),
    ("blind", Role::Blind, |flow| flow.blind),
];

/// Its lines: just as many as the chart has rows.
#[must_use]
pub fn lines(model: &Model, theme: &Theme, story: &Story<'_>, columns: usize) -> Vec<Line> {
    let Some(window) = model.overview.window else {
        return vec![Line::new(); story.chart.rows()];
    };
    let frame = Frame::new(columns, window);
    let mut lines = vec![head(story, &frame)];
    if let Some(edge) = story.edge {
        lines.extend(edge_lanes(theme, &frame, edge, &story.chart));
    }
    let told = story.telling.map_or(&[][..], |t| &t.series);
    for told in told.iter().take(story.chart.series) {
        let lane = measured(model, &frame, told, story.chart.tall);
        lines.extend(chart::lane(theme, &frame, &lane, story.chart.tall));
    }
    if let Some(onset) = story.onset.filter(|_| story.chart.onset) {
        lines.push(onset_row(model, theme, &frame, onset));
    }
    if let Some(telling) = story.telling.filter(|_| story.chart.starts) {
        let mark = |time: &Timestamp| Mark {
            span: moment(*time),
            glyph: Glyph::Start,
        };
        let marks: Vec<Mark> = telling.starts.iter().map(mark).collect();
        let note = match telling.starts.len() {
            1 => "1 start".to_owned(),
            n => format!("{n} starts"),
        };
        let names = ("process started", note.as_str());
        lines.push(chart::marks(theme, &frame, names, Role::Notice, &marks));
    }
    lines.push(chart::times(&frame, model.zone));
    lines
}

fn head(story: &Story<'_>, frame: &Frame) -> Line {
    let each = frame.axis.to.since(frame.axis.from) / frame.axis.columns.max(1) as i64;
    let each = format::duration(each.max(1));
    let text = match story.edge {
        Some(edge) => {
            let to = if &*edge.to == crate::domain::overview::DONE {
                "out"
            } else {
                &edge.to
            };
            // Not when it was seen last, of which the sentences speak.
            let when = format!("by the time of reaching {}", edge.from);
            format!("{} → {to}, {when}, {each} a column", edge.from)
        }
        None => format!("over time, {each} a column"),
    };
    vec![(Role::Title, text)]
}

fn edge_lanes(theme: &Theme, frame: &Frame, edge: &EdgeView, shape: &Chart) -> Vec<Line> {
    let all = LANES.map(|(_, _, of)| chart::counts(&edge.series, frame.axis, of));
    // What entered and what passed can be compared; losses would be too low to be seen.
    let most = chart::top(&all[0]);
    let lanes = LANES.iter().zip(all).take(shape.edge).enumerate();
    lanes
        .flat_map(|(i, ((name, role, _), values))| {
            let highest = chart::top(&values);
            let note = if highest > 0.0 {
                format!("at most {}", format::count(highest as u64))
            } else {
                "none".to_owned()
            };
            let lane = Lane {
                label: vec![(*name).to_owned()],
                role: *role,
                top: if i < 2 { most } else { highest },
                values,
                limit: false,
                measured: false,
                note: vec![note],
            };
            chart::lane(theme, frame, &lane, shape.tall)
        })
        .collect()
}

fn measured(model: &Model, frame: &Frame, told: &Told, rows: usize) -> Lane {
    let values = chart::greatest(&told.over_time, frame.axis);
    let highest = chart::top(&values);
    let limit = told.limit.map(Amount::value);
    let place = told.stream.as_ref().unwrap_or(&told.source);
    let note = limit.map_or_else(
        || format!("at most {}", number(highest)),
        |limit| format!("{} of {}", number(highest), number(limit)),
    );
    // Masked before it is cut.
    let place = model.share.shown(place);
    let tail = super::cut::fit_end(&place, frame.label.saturating_sub(1)).into_owned();
    Lane {
        label: vec![model.share.shown(&told.key), tail]
            .into_iter()
            .take(rows)
            .collect(),
        role: Role::Accent,
        top: limit.map_or(highest, |limit| limit.max(highest)),
        values,
        limit: limit.is_some(),
        measured: true,
        note: vec![note, told.region.to_string()],
    }
}

fn onset_row(model: &Model, theme: &Theme, frame: &Frame, onset: Onset) -> Line {
    let mut marks = vec![
        Mark {
            span: Span::new(onset.low, onset.high),
            glyph: Glyph::Gap,
        },
        Mark {
            span: moment(onset.at),
            glyph: Glyph::Onset,
        },
    ];
    marks.extend(onset.until.map(|until| Mark {
        span: moment(until),
        glyph: Glyph::End,
    }));
    let note = format!("since {}", format::clock(model.zone, onset.at));
    let label = if onset.until.is_some() {
        "onset, end"
    } else {
        "onset"
    };
    chart::marks(theme, frame, (label, &note), Role::LastSeen, &marks)
}

/// `41`, `0.3`: enough to read a height by.
fn number(value: f64) -> String {
    if value >= 10.0 {
        format::count(value.round() as u64)
    } else {
        let text = format!("{value:.1}");
        text.strip_suffix(".0").unwrap_or(&text).to_owned()
    }
}
