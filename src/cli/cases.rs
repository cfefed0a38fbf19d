//! `lastseen case`: what runs have kept, and how to be rid of it.
//!
//! Nothing is removed but case files, and none without a word where somebody can answer.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;

use super::case_flags::{CaseCommand, RemoveFlags};
use super::complain::Complaint;
use super::exit::{ExitStatus, written};
use super::machine::Machine;
use super::streams::Streams;
use super::surroundings::Surroundings;
use crate::case::contents::Contents;
use crate::case::folder::{self, Entry};
use crate::config::question::Question;
use crate::config::{duration, period};
use crate::domain::safe::safe;
use crate::domain::show::{bytes, count, count_of};
use crate::domain::time::Timestamp;
use crate::domain::timeline::Timeline;

/// Does what `command` says.
///
/// # Errors
/// When a case cannot be found, read or removed.
pub fn run(
    command: &CaseCommand,
    zone: Tz,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    let done = match command {
        CaseCommand::List => list(zone, streams.out)?,
        CaseCommand::Show { name } => show(name, zone, around, streams.out)?,
        CaseCommand::Remove(flags) => remove(flags, around, machine, streams)?,
    };
    Ok(written(done))
}

/// The user's folder, with what lies there.
fn cases() -> Result<(PathBuf, Vec<Entry>), Complaint> {
    let folder = folder::user_folder()
        .ok_or_else(|| Complaint::new("there is no folder for cases", "set HOME"))?;
    let entries = folder::list(&folder).map_err(|error| {
        let shown = folder.display();
        Complaint::new(format!("{shown} cannot be read: {error}"), "")
    })?;
    Ok((folder, entries))
}

/// The case of this name, or at this path.
///
/// # Errors
/// When there is none.
pub fn find(name: &str, around: &Surroundings) -> Result<PathBuf, Complaint> {
    let path = around.folder.join(name);
    if folder::is_case(&path) {
        return Ok(path);
    }
    let (folder, entries) = cases()?;
    let stem = name.strip_suffix(".case").unwrap_or(name);
    if let Some(entry) = entries.iter().find(|entry| entry.name == stem) {
        return Ok(entry.path.clone());
    }
    let message = if path.exists() {
        format!("{name} is no case file")
    } else {
        format!("there is no case {name} in {}", folder.display())
    };
    Err(Complaint::new(message, "list them: lastseen case list"))
}

fn list(zone: Tz, out: &mut dyn Write) -> Result<io::Result<()>, Complaint> {
    let (folder, entries) = cases()?;
    if entries.is_empty() {
        return Ok(writeln!(
            out,
            "no cases in {}",
            safe(&folder.to_string_lossy())
        ));
    }
    let mut rows =
        vec![["CASE", "ASKED", "WINDOW", "SIZE", "PAGES", "LOST", "STATE"].map(str::to_owned)];
    for entry in &entries {
        rows.push(row(entry, zone));
    }
    let all = entries.iter().map(|entry| entry.size).sum();
    Ok(table(&rows, out).and_then(|()| {
        let cases = count_of(entries.len() as u64, "case");
        writeln!(
            out,
            "{cases}, {} in {}",
            bytes(all),
            safe(&folder.to_string_lossy())
        )
    }))
}

fn row(entry: &Entry, zone: Tz) -> [String; 7] {
    let size = bytes(entry.size);
    let contents = match entry.skim() {
        Ok(contents) => contents,
        Err(error) => {
            let none = || "-".to_owned();
            let written = period::show(entry.written, zone);
            return [
                entry.name.clone(),
                written,
                none(),
                size,
                none(),
                none(),
                error.to_string(),
            ];
        }
    };
    let asked = contents
        .question
        .as_ref()
        .map(|question| Timestamp(question.asked_at));
    let lost = contents
        .totals
        .map_or_else(|| "-".to_owned(), |totals| count(totals.lost));
    [
        entry.name.clone(),
        period::show(asked.unwrap_or(contents.header.created), zone),
        window(&contents, zone),
        size,
        count(contents.pages),
        lost,
        state(&entry.path, &contents).to_owned(),
    ]
}

fn window(contents: &Contents, zone: Tz) -> String {
    let window = contents.question.as_ref().and_then(Question::window);
    let short = |time: Timestamp| {
        let time = time.to_utc().map(|utc| utc.with_timezone(&zone));
        time.map_or_else(
            || "…".to_owned(),
            |time| time.format("%m-%d %H:%M").to_string(),
        )
    };
    window.map_or_else(
        || "-".to_owned(),
        |span| format!("{} – {}", short(span.from), short(span.to)),
    )
}

fn state(path: &Path, contents: &Contents) -> &'static str {
    if folder::is_being_written(path) {
        "being written"
    } else if !contents.damage.is_empty() {
        "damaged"
    } else if contents.full.is_some() {
        "full"
    } else if contents.is_finished() {
        "finished"
    } else {
        "interrupted"
    }
}

fn table<const N: usize>(rows: &[[String; N]], out: &mut dyn Write) -> io::Result<()> {
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let widths = rows.iter().map(|row| row[column].chars().count());
            let room = widths.max().unwrap_or(0) - cell.chars().count();
            line.push_str(&safe(cell));
            line.extend(std::iter::repeat_n(' ', room + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn show(
    name: &str,
    zone: Tz,
    around: &Surroundings,
    out: &mut dyn Write,
) -> Result<io::Result<()>, Complaint> {
    let path = find(name, around)?;
    let contents = folder::skim(&path).map_err(|error| {
        let shown = path.display();
        Complaint::new(format!("{shown} cannot be read: {error}"), "")
    })?;
    let question = contents.question.clone().unwrap_or_default();
    let mut rows = vec![
        ["file".to_owned(), path.display().to_string()],
        ["state".to_owned(), state(&path, &contents).to_owned()],
        [
            "asked".to_owned(),
            period::show(Timestamp(question.asked_at), zone),
        ],
        ["window".to_owned(), window(&contents, zone)],
        ["pages".to_owned(), count(contents.pages)],
        ["runs".to_owned(), count(u64::from(contents.runs))],
    ];
    if let Some(config) = &question.config {
        rows.push(["configuration".to_owned(), config.name.clone()]);
    }
    for source in &question.typed.sources {
        rows.push(["asked for".to_owned(), source.clone()]);
    }
    for reach in &question.reach {
        let regions = reach.regions.join(", ");
        rows.push([
            "environment".to_owned(),
            format!("{}: {regions}", reach.env),
        ]);
    }
    let mut timeline = Timeline::default();
    for change in contents.notes.iter().cloned() {
        timeline.apply(change);
    }
    if !timeline.is_empty() {
        let entries = count(timeline.len() as u64);
        rows.push(["on the timeline".to_owned(), entries]);
    }
    for number in contents.shown() {
        let source = &contents.sources[number as usize];
        let pages = contents
            .blocks
            .iter()
            .filter(|block| block.frame.source == Some(number));
        let pages = count_of(pages.count() as u64, "page");
        rows.push([
            "source".to_owned(),
            format!("{}, {pages}", source.place.name),
        ]);
    }
    for input in contents.inputs.iter().flat_map(|inputs| &inputs.0) {
        rows.push(["file beside it".to_owned(), input.place.name.clone()]);
    }
    Ok(table(&rows, out))
}

fn remove(
    flags: &RemoveFlags,
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<io::Result<()>, Complaint> {
    let paths: Vec<PathBuf> = if let Some(age) = &flags.older_than {
        let age = duration::parse(age)
            .map_err(|problem| Complaint::new(format!("--older-than: {problem}"), ""))?;
        let entries = cases()?.1.into_iter();
        let old = |entry: &Entry| entry.written < around.now.plus(-age);
        entries.filter(old).map(|entry| entry.path).collect()
    } else {
        let found = flags.names.iter().map(|name| find(name, around));
        found.collect::<Result<_, _>>()?
    };
    if paths.is_empty() {
        return Ok(writeln!(streams.out, "nothing to remove"));
    }
    if let Some(busy) = paths.iter().find(|path| folder::is_being_written(path)) {
        let message = format!("{} is being written by another lastseen", busy.display());
        return Err(Complaint::new(
            message,
            "end that run first, or leave it out",
        ));
    }
    if !flags.yes && !agreed(&paths, around, machine, streams)? {
        return Ok(writeln!(streams.out, "nothing was removed"));
    }
    for path in &paths {
        let shown = path.display();
        fs::remove_file(path)
            .map_err(|error| Complaint::new(format!("{shown} cannot be removed: {error}"), ""))?;
        if let Err(error) = writeln!(streams.out, "removed {}", safe(&shown.to_string())) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Asks on a terminal; elsewhere nobody can answer, and nobody's silence is a yes.
fn agreed(
    paths: &[PathBuf],
    around: &Surroundings,
    machine: &dyn Machine,
    streams: &mut Streams<'_>,
) -> Result<bool, Complaint> {
    if !around.stdin_terminal {
        let message = "remove: nobody is there to be asked";
        return Err(Complaint::new(message, "say so with --yes"));
    }
    let name = |path: &Path| {
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let names: Vec<String> = paths.iter().map(|path| name(path)).collect();
    let _gone = write!(streams.err, "remove {}? [y/N] ", safe(&names.join(", ")));
    let _gone = streams.err.flush();
    let answer = machine.typed().unwrap_or_default();
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
