//! A report as Markdown (CommonMark with GitHub's tables), for a ticket or a post-mortem.
//!
//! Log text stays text: it cannot link, mention, format, or open HTML.

use std::io::{self, Write};

use super::document::{Block, Chart, Column, Table};
use crate::domain::flow::Flow;
use crate::domain::safe::safe;
use crate::domain::show::count;

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, blocks: &[Block]) -> io::Result<()> {
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        match block {
            Block::Heading(level, text) => {
                writeln!(out, "{} {}", "#".repeat(usize::from(*level)), prose(text))?;
            }
            Block::Paragraph(text) => writeln!(out, "{}", prose(text))?,
            Block::List(items) => {
                for item in items {
                    writeln!(out, "- {}", prose(item))?;
                }
            }
            Block::Table(table) => write_table(out, table)?,
            Block::Values(name, values) => {
                let values: Vec<String> = values.iter().map(|value| code(value)).collect();
                writeln!(out, "{name}: {}", values.join(" "))?;
            }
            Block::Lines(lines) => write_lines(out, lines)?,
            Block::Chart(chart) => writeln!(out, "{}", prose(&summary(chart)))?,
        }
    }
    Ok(())
}

/// A chart in words: Markdown has no picture of its own.
fn summary(chart: &Chart) -> String {
    let sum = |of: fn(&Flow) -> u64| count(chart.points.iter().map(|(_, flow)| of(flow)).sum());
    let [from, to, onset] = &chart.labels;
    let onset = match chart.onset {
        Some(_) => format!("; onset {onset}"),
        None => String::new(),
    };
    format!(
        "{}: {from} to {to}, {} entered, {} passed, {} lost{onset}",
        chart.words,
        sum(|flow| flow.entered),
        sum(|flow| flow.passed),
        sum(|flow| flow.lost),
    )
}

fn write_table(out: &mut dyn Write, table: &Table) -> io::Result<()> {
    let names: Vec<&str> = table.head.iter().map(|column| column.name()).collect();
    writeln!(out, "| {} |", names.join(" | "))?;
    let rules = table.head.iter().map(|column| match column {
        Column::Figures(_) => "---:",
        _ => "---",
    });
    writeln!(out, "| {} |", rules.collect::<Vec<_>>().join(" | "))?;
    for row in &table.rows {
        let cells = row
            .iter()
            .zip(&table.head)
            .map(|(cell, column)| match column {
                Column::Values(_) => code(cell),
                _ => prose(cell),
            });
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

fn write_lines(out: &mut dyn Write, lines: &[String]) -> io::Result<()> {
    // A fence is closed only by one at least as long.
    let longest = lines.iter().map(|line| runs(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "{fence}text")?;
    for line in lines {
        writeln!(out, "{}", safe(line))?;
    }
    writeln!(out, "{fence}")
}

/// The longest run of backticks.
fn runs(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

/// A value as code, in which nothing else has a meaning; `|` would still end a table's cell.
fn code(text: &str) -> String {
    let text = safe(text).replace('|', "\\|");
    if text.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(runs(&text) + 1);
    if ticks.len() > 1 || text.starts_with(' ') || text.ends_with(' ') {
        return format!("{ticks} {text} {ticks}");
    }
    format!("{ticks}{text}{ticks}")
}

/// Text in which nothing is Markdown. Addresses and mentions are found in running text without any
/// mark, so that they are taken apart.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in safe(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@<!-- -->"),
            _ => out.push(c),
        }
    }
    for (link, apart) in [("://", "&#58;//"), ("www.", "www&#46;")] {
        out = out.replace(link, apart);
    }
    match out.as_bytes().first() {
        Some(b'-' | b'+' | b'=' | b'#') => format!("\\{out}"),
        Some(b'0'..=b'9') if numbered(&out) => out.replacen('.', "\\.", 1),
        _ => out,
    }
}

/// Whether a line would begin a numbered list.
fn numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.starts_with(". ")
}
