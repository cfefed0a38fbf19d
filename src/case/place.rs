//! Where the pages of a run go: into the case of a run that was interrupted, or into a new one.
//!
//! A case is gone on with when it was asked the same, is whole, and nobody else writes it. What was
//! read for another question is never mixed with this one's.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::append::{self, Room};
use super::contents::Contents;
use super::folder;
use super::kept::CaseFile;
use super::scan::Depth;
use crate::config::plan::WriteCase;
use crate::domain::show::{bytes, count_of};
use crate::sources::channel::Feed;

/// An interrupted run is gone on with for so long, in milliseconds.
const RESUMED_FOR: i64 = 24 * 3_600_000;
/// So many cases may have the same name.
const NAMESAKES: u32 = 100;

/// A case that is ready to be written.
pub struct Placed {
    /// The case.
    pub case: Arc<CaseFile>,
    /// What the user should know.
    pub said: Vec<String>,
    /// Where it is.
    pub path: PathBuf,
}

/// Why there is no case to write.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct NoPlace {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl NoPlace {
    fn new(message: String, remedy: &str) -> Self {
        Self {
            message,
            remedy: remedy.to_owned(),
        }
    }
}

/// Finds or makes the case for `plan`.
///
/// # Errors
/// When there is no place for it.
pub fn place(plan: &WriteCase, feed: &Feed) -> Result<Placed, NoPlace> {
    if let Some(path) = &plan.file {
        return named(plan, path, feed);
    }
    let folder = folder::user_folder().ok_or_else(|| {
        let message = "no case is written: there is no folder for it".to_owned();
        NoPlace::new(message, "set HOME, or name a file by --case FILE")
    })?;
    automatic(plan, &folder, feed).map_err(|error| {
        let message = format!("no case is written into {}: {error}", folder.display());
        NoPlace::new(
            message,
            "name a file by --case FILE, or leave it out by --no-case",
        )
    })
}

/// The file of `--case`.
fn named(plan: &WriteCase, path: &Path, feed: &Feed) -> Result<Placed, NoPlace> {
    let shown = path.display();
    let another = "name another file, or look at this one: lastseen FILE";
    let unusable = |error: io::Error| {
        NoPlace::new(
            format!("{shown} cannot be a case: {error}"),
            "name another file",
        )
    };
    if !path.exists() {
        let case = CaseFile::create(path, &plan.question, Room::of(plan.limit), feed);
        return Ok(Placed {
            case: case.map_err(unusable)?,
            said: Vec::new(),
            path: path.to_owned(),
        });
    }
    if !folder::is_case(path) {
        let message = format!("{shown} is there already, and is no case file");
        return Err(NoPlace::new(message, "name another file"));
    }
    if plan.fresh {
        let message = format!("{shown} is there already, and --fresh goes on with nothing");
        return Err(NoPlace::new(message, another));
    }
    let file = append::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => {
            let message = format!("{shown} is being written by another lastseen");
            NoPlace::new(message, another)
        }
        _ => unusable(error),
    })?;
    let contents = Contents::read(&file, Depth::Whole).map_err(unusable)?;
    if let Some(damage) = contents.damage.first() {
        let message = format!(
            "{shown} is damaged at byte {}, so nothing is added",
            damage.at
        );
        return Err(NoPlace::new(message, another));
    }
    if !contents
        .question
        .as_ref()
        .is_some_and(|q| q.is_like(&plan.question))
    {
        let message = format!("{shown} was asked something else: other places, or another time");
        return Err(NoPlace::new(message, another));
    }
    let name = shown.to_string();
    go_on(plan, (&name, path), (file, contents), feed).map_err(unusable)
}

/// A case in the user's folder.
fn automatic(plan: &WriteCase, folder: &Path, feed: &Feed) -> io::Result<Placed> {
    let entries = folder::list(folder)?;
    let mut said = Vec::new();
    let all = entries.iter().map(|entry| entry.size).sum();
    if all > folder::MUCH {
        said.push(format!(
            "all cases together take {}: lastseen case remove --older-than 30d",
            bytes(all)
        ));
    }
    if !plan.fresh
        && let Some((entry, opened)) = interrupted(plan, &entries, &mut said)
    {
        let mut placed = go_on(plan, (&entry.name, &entry.path), opened, feed)?;
        said.append(&mut placed.said);
        return Ok(Placed { said, ..placed });
    }
    let mut number = 1;
    loop {
        let name = folder::name(&plan.question, number);
        let path = folder.join(name).with_extension(folder::EXTENSION);
        append::folder_of(&path)?;
        match CaseFile::create(&path, &plan.question, Room::of(plan.limit), feed) {
            Ok(case) => return Ok(Placed { case, said, path }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < NAMESAKES => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The newest case of a run that asked the same and was interrupted.
fn interrupted<'a>(
    plan: &WriteCase,
    entries: &'a [folder::Entry],
    said: &mut Vec<String>,
) -> Option<(&'a folder::Entry, (File, Contents))> {
    let oldest = plan.question.asked_at - RESUMED_FOR;
    let fits = |contents: &Contents| {
        let question = contents.question.as_ref();
        let like = question.is_some_and(|q| q.asked_at >= oldest && q.is_like(&plan.question));
        like && !contents.is_finished()
    };
    let recent = entries.iter().filter(|entry| entry.written.0 >= oldest);
    for entry in recent {
        if !entry.skim().is_ok_and(|contents| fits(&contents)) {
            continue;
        }
        // Whoever still writes it will finish it.
        let Ok(file) = append::open(&entry.path) else {
            continue;
        };
        match Contents::read(&file, Depth::Whole) {
            Ok(contents) if !fits(&contents) => {}
            Ok(contents) => match contents.damage.first() {
                None => return Some((entry, (file, contents))),
                Some(damage) => said.push(format!(
                    "{} is damaged at byte {}, and is not resumed",
                    entry.name, damage.at
                )),
            },
            Err(error) => said.push(format!("{} is not resumed: {error}", entry.name)),
        }
    }
    None
}

fn go_on(
    plan: &WriteCase,
    (name, path): (&str, &Path),
    (file, contents): (File, Contents),
    feed: &Feed,
) -> io::Result<Placed> {
    let pages = count_of(contents.pages, "page");
    let are = if contents.pages == 1 { "is" } else { "are" };
    let mut said = vec![format!("resuming {name}: {pages} {are} there already")];
    if contents.torn > 0 {
        let torn = contents.torn;
        said.push(format!(
            "the last {} of {name} were incomplete, cut",
            count_of(torn, "byte")
        ));
    }
    let room = Room::of(plan.limit);
    let case = CaseFile::go_on(file, contents, &plan.question, room, feed)?;
    let path = path.to_owned();
    Ok(Placed { case, said, path })
}
