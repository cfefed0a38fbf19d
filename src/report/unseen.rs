//! What could not be seen or read, each with its remedy: the limits of the answer.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::domain::event::Source;
use crate::domain::feed::{Reject, RejectReason};
use crate::domain::safe::safe;
use crate::domain::show::{count, count_of};
use crate::domain::view::{Overview, SourceState, SourceView};

/// So many sources are named right below the answer.
const NAMED: usize = 2;

/// Writes in a line each, right below the answer, what it does not rest on; `write` tells it in full.
///
/// # Errors
/// Those of the writer.
pub fn brief(out: &mut dyn Write, overview: &Overview, learnt: bool) -> io::Result<()> {
    let sources = || overview.sources.iter();
    let open: Vec<&SourceView> = sources().filter(|s| !is_read(s)).collect();
    if !open.is_empty() {
        let names = open.iter().take(NAMED);
        let names: Vec<_> = names.map(|s| safe(&s.source.name)).collect();
        let (names, more) = (names.join(", "), open.len().saturating_sub(NAMED));
        let what = count_of(open.len() as u64, "source");
        write!(out, "NOT READ {what} not completely: {names}")?;
        if more > 0 {
            write!(out, " and {more} more")?;
        }
        writeln!(out)?;
    }
    let mut aside: BTreeMap<&str, u64> = BTreeMap::new();
    for reject in sources().flat_map(|s| &s.rejects).filter(|r| is_loss(r)) {
        *aside.entry(reject.reason.text()).or_default() += reject.count;
    }
    if !aside.is_empty() {
        let each = aside
            .iter()
            .map(|(why, n)| format!("{} x {why}", count(*n)));
        writeln!(out, "NOT READ {}", each.collect::<Vec<_>>().join(", "))?;
    }
    let unknown = sources().filter(|s| s.stages.is_empty() && s.events > 0);
    let unknown = unknown.count() as u64;
    if learnt && unknown > 0 {
        let what = count_of(unknown, "source");
        writeln!(
            out,
            "UNKNOWN  {what} read, but not understood: what is lost there is not seen"
        )?;
    }
    Ok(())
}

/// Whether anything is unread of a source that a stage logs to: what it said there, nobody knows.
#[must_use]
pub fn of_stages(overview: &Overview) -> bool {
    let mut own = overview.sources.iter().filter(|s| !s.stages.is_empty());
    own.any(|s| !is_read(s) || s.rejects.iter().any(is_loss))
}

const fn is_read(source: &SourceView) -> bool {
    matches!(source.state, SourceState::Complete | SourceState::Live)
}

/// Whether what was set aside could have said something new.
fn is_loss(reject: &Reject) -> bool {
    reject.reason != RejectReason::Repeated
}

/// Writes both blocks, where there is something to say.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, overview: &Overview, learnt: bool) -> io::Result<()> {
    let sources = &overview.sources;
    let incomplete = |s: &&SourceView| s.state != SourceState::Complete;
    block(
        out,
        "Not read completely",
        sources.iter().filter(incomplete),
        state,
    )?;
    let set_aside = |s: &&SourceView| !s.rejects.is_empty();
    block(out, "Set aside", sources.iter().filter(set_aside), rejects)?;
    // Only worth a word where the answer would otherwise stand on less than it seems.
    let unused = |s: &&SourceView| s.stages.is_empty() && s.events > 0;
    let unused: Vec<&SourceView> = sources.iter().filter(unused).collect();
    unmatched(out, &unused, learnt)
}

fn block<'a>(
    out: &mut dyn Write,
    title: &str,
    sources: impl Iterator<Item = &'a SourceView>,
    each: fn(&mut dyn Write, &SourceView) -> io::Result<()>,
) -> io::Result<()> {
    for (index, source) in sources.enumerate() {
        if index == 0 {
            writeln!(out, "\n{title}")?;
        }
        each(out, source)?;
    }
    Ok(())
}

fn state(out: &mut dyn Write, view: &SourceView) -> io::Result<()> {
    write!(out, "  {}  {}", view.state.word(), safe(&view.source.name))?;
    if !view.stages.is_empty() {
        write!(out, "  (serves {})", safe(&view.stages.join(", ")))?;
    }
    writeln!(out)?;
    for fault in &view.faults {
        writeln!(out, "    {}", safe(&fault.message))?;
        if !fault.remedy.is_empty() {
            writeln!(out, "    help: {}", safe(&fault.remedy))?;
        }
    }
    Ok(())
}

fn rejects(out: &mut dyn Write, view: &SourceView) -> io::Result<()> {
    let name = safe(&view.source.name);
    for reject in &view.rejects {
        write!(
            out,
            "  {name}: {} x {}",
            count(reject.count),
            reject.reason.text()
        )?;
        if let Some(line) = reject.line {
            write!(out, ", first in line {line}")?;
        }
        writeln!(out, "{}", sample(reject))?;
    }
    Ok(())
}

/// The first rejected input, cut to a line's width.
fn sample(reject: &Reject) -> String {
    const WIDTH: usize = 60;
    if reject.sample.is_empty() || reject.reason == RejectReason::Binary {
        return String::new();
    }
    let safe = safe(&reject.sample);
    let cut: String = safe.chars().take(WIDTH).collect();
    let dots = if cut.len() < safe.len() { "..." } else { "" };
    format!("\n    {cut}{dots}")
}

/// Sources that no stage reads: the first few, and what to do.
fn unmatched(out: &mut dyn Write, unused: &[&SourceView], learnt: bool) -> io::Result<()> {
    const FEW: usize = 3;
    if unused.is_empty() {
        return Ok(());
    }
    let title = if learnt {
        "Read, but not understood: what is lost in these is not seen"
    } else {
        "Read, but named by no stage's `from`"
    };
    writeln!(out, "\n{title}")?;
    for view in unused.iter().take(FEW) {
        let Source { name, group, .. } = &*view.source;
        write!(out, "  {}", safe(name))?;
        if !group.is_empty() && group != name {
            write!(out, "  (group {})", safe(group))?;
        }
        writeln!(out, "  {}", count_of(view.events, "log event"))?;
    }
    if unused.len() > FEW {
        writeln!(out, "  ... and {} more", count((unused.len() - FEW) as u64))?;
    }
    let help = if learnt {
        "where they carry messages, say by which ID and stage: --save-config writes a configuration to go on with"
    } else {
        "a glob in `from` has to match the group, else the whole name"
    };
    writeln!(out, "  help: {help}")
}
