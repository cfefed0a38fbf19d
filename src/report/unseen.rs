//! What could not be seen or read, each with its remedy: the limits of the answer.

use std::io::{self, Write};

use crate::domain::event::Source;
use crate::domain::feed::{Reject, RejectReason};
use crate::domain::safe::safe;
use crate::domain::show::{count, count_of};
use crate::domain::view::{Overview, SourceState, SourceView};

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
