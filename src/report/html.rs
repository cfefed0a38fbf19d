//! A report as one HTML file that needs nothing else: no script, no picture from elsewhere, no link.
//!
//! A policy in its head forbids the browser to run or load anything, should something ever slip
//! through the escaping.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{Block, Chart, Column, Table};
use crate::domain::flow::Flow;
use crate::domain::safe::safe;
use crate::domain::show::count;

/// Style for screen and paper, light and dark.
const STYLE: &str = include_str!("html.css");
/// Points of the chart's drawing area.
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 120.0;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, blocks: &[Block]) -> io::Result<()> {
    let title = blocks.iter().find_map(|block| match block {
        Block::Heading(1, text) => Some(text.as_str()),
        _ => None,
    });
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="viewport" content="width=device-width";
                title { (safe(title.unwrap_or("lastseen"))) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { @for block in blocks { (one(block)) } } }
        }
    };
    out.write_all(page.into_string().as_bytes())?;
    out.write_all(b"\n")
}

fn one(block: &Block) -> Markup {
    match block {
        Block::Heading(1, text) => html! { h1 { (safe(text)) } },
        Block::Heading(2, text) => html! { h2 { (safe(text)) } },
        Block::Heading(_, text) => html! { h3 { (safe(text)) } },
        Block::Paragraph(text) => html! { p { (safe(text)) } },
        Block::List(items) => html! { ul { @for item in items { li { (safe(item)) } } } },
        Block::Table(table) => rows(table),
        Block::Values(name, values) => html! {
            p { (name) ": " @for value in values { code { (safe(value)) } " " } }
        },
        Block::Lines(lines) => html! { pre { @for line in lines { (safe(line)) "\n" } } },
        Block::Chart(chart) => drawing(chart),
    }
}

fn rows(table: &Table) -> Markup {
    let class = |column: &Column| match column {
        Column::Words(_) => "words",
        Column::Figures(_) => "figures",
        Column::Values(_) => "values",
    };
    html! {
        table {
            thead { tr { @for column in &table.head { th class=(class(column)) { (column.name()) } } } }
            tbody {
                @for row in &table.rows {
                    tr { @for (cell, column) in row.iter().zip(&table.head) {
                        td class=(class(column)) { (safe(cell)) }
                    } }
                }
            }
        }
    }
}

/// Bars of what entered, and over them what was lost; a line where it began.
fn drawing(chart: &Chart) -> Markup {
    let most = chart.points.iter().map(|(_, flow)| flow.entered).max();
    let most = most.unwrap_or(0).max(1) as f64;
    let [from, to, onset] = &chart.labels;
    let lost: u64 = chart.points.iter().map(|(_, flow)| flow.lost).sum();
    let bars = |of: fn(&Flow) -> u64, class: &'static str| {
        html! {
            @for (time, flow) in &chart.points {
                @let height = of(flow) as f64 / most * HEIGHT;
                @if height > 0.0 {
                    rect class=(class) x=(at(chart, time.0)) width=(width(chart))
                        y=(format!("{:.1}", HEIGHT - height)) height=(format!("{height:.1}")) {}
                }
            }
        }
    };
    html! {
        figure {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" preserveAspectRatio="none" {
                title { (safe(&chart.words)) }
                (bars(|flow| flow.entered, "entered"))
                (bars(|flow| flow.lost, "lost"))
                @if let Some(time) = chart.onset {
                    @let x = at(chart, time.0);
                    line class="onset" x1=(x) x2=(x) y1="0" y2=(HEIGHT) {}
                }
            }
            figcaption {
                (safe(&chart.words)) ": " (from) " to " (to) ", most " (count(most as u64))
                " a bar, " (count(lost)) " lost"
                @if chart.onset.is_some() { "; onset " (onset) }
            }
        }
    }
}

fn at(chart: &Chart, time: i64) -> String {
    let whole = chart.span.to.since(chart.span.from).max(1) as f64;
    let share = (time.saturating_sub(chart.span.from.0)) as f64 / whole;
    format!("{:.1}", share.clamp(0.0, 1.0) * WIDTH)
}

fn width(chart: &Chart) -> String {
    let whole = chart.span.to.since(chart.span.from).max(1) as f64;
    format!("{:.1}", (chart.width_ms as f64 / whole * WIDTH).max(1.0))
}
