//! `lastseen export`: the settled answer written down, for a ticket, a spreadsheet, or to send again.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono_tz::Tz;
use tempfile::NamedTempFile;

use super::check::{complain_of_sources, status};
use super::complain::{Complaint, say};
use super::exit::ExitStatus;
use super::flags::ExportFlags;
use super::format::Format;
use super::machine::Run;
use super::streams::Streams;
use crate::config::error::suggest;
use crate::diagnose::finding::Finding;
use crate::domain::show::{count, count_of};
use crate::domain::verdict::Verdict;
use crate::domain::view::{MessageQuery, Overview, Sort};
use crate::load::answers::Answers;
use crate::load::notebook::Notebook;
use crate::report::material::Material;
use crate::report::redrive::Wanted;
use crate::report::veil::Veil;
use crate::report::{html, json, markdown, redrive, rows, story};
use crate::runtime::asking::Asked;

/// Whether these flags go together.
///
/// # Errors
/// When a flag would have no effect.
pub fn possible(flags: &ExportFlags, share: bool) -> Result<(), Complaint> {
    if share && flags.format == Format::Redrive {
        let message = "--share masks what would be sent again";
        return Err(Complaint::new(
            message,
            "leave it out: redrive is for a queue, not for readers",
        ));
    }
    let only = |flag: &str, formats: &str| {
        let message = format!("{flag} has no effect on this format");
        Err(Complaint::new(
            message,
            format!("it is for --format {formats}"),
        ))
    };
    if flags.finding.is_some() && !flags.format.lists() {
        return only("--finding", "ndjson, csv and redrive");
    }
    if flags.format != Format::Redrive {
        if flags.payload.is_some() {
            return only("--payload", "redrive");
        }
        if flags.group_by.is_some() {
            return only("--group-by", "redrive");
        }
    }
    Ok(())
}

/// Writes the answer of a settled load.
///
/// # Errors
/// When there is no such finding, or the file is there already or cannot be written.
pub fn export(
    answers: &dyn Answers,
    flags: &ExportFlags,
    (run, folder): (&Run, &Path),
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Complaint> {
    let overview = answers.overview();
    let findings = answers.findings();
    complain_of_sources(&overview, true, streams.err);
    let query = asked(flags, &findings)?;
    if let Some(name) = &flags.group_by {
        known_attribute(name, &overview)?;
    }
    let timeline = answers.notebook().map(Notebook::timeline);
    let timeline = timeline.unwrap_or_default();
    let material = Material {
        overview: &overview,
        findings: &findings,
        timeline: &timeline,
        ask: &Asked(answers, run.masked().map(|mask| &**mask)),
    };
    let mut write = |out: &mut dyn Write| write(out, &material, flags, &query, run.zone);
    let said = match (&flags.output, run.masked()) {
        (None, _) => into_stream(streams.out, &mut write)?,
        (Some(path), None) => into_file(&folder.join(path), flags.force, &mut write)?,
        // A file is no stream that is masked already.
        (Some(path), Some(mask)) => into_file(&folder.join(path), flags.force, &mut |out| {
            let mut veil = Veil::new(out, mask);
            let said = write(&mut veil)?;
            veil.flush().map(|()| said)
        })?,
    };
    if let Some(said) = said {
        say("note", &said, "", streams.err);
    }
    // Done is done, unless the answer lacks an input.
    Ok(match status(&overview) {
        ExitStatus::Error => ExitStatus::Error,
        _ => ExitStatus::NothingLost,
    })
}

/// Whether any pipeline has an attribute of this name.
fn known_attribute(name: &str, overview: &Overview) -> Result<(), Complaint> {
    let all = overview.pipelines.iter().flat_map(|p| &p.attributes);
    let mut known: Vec<&str> = all.map(|attribute| &**attribute).collect();
    known.sort_unstable();
    known.dedup();
    if known.contains(&name) {
        return Ok(());
    }
    let message = format!("--group-by: there is no attribute `{name}`");
    Err(Complaint::new(message, suggest(name, &known)))
}

/// Which messages a list is to have.
fn asked(flags: &ExportFlags, findings: &[Finding]) -> Result<MessageQuery, Complaint> {
    let verdict = flags.verdict.as_deref().and_then(Verdict::from_word);
    let Some(number) = flags.finding else {
        return Ok(MessageQuery {
            verdicts: vec![verdict.unwrap_or(Verdict::Lost)],
            sort: Sort::LastSeen,
            ..MessageQuery::default()
        });
    };
    let finding = number.checked_sub(1).and_then(|index| findings.get(index));
    let finding = finding.ok_or_else(|| {
        let message = format!("there is no finding {number}: there are {}", findings.len());
        Complaint::new(message, "check --json numbers them (rank)")
    })?;
    Ok(MessageQuery {
        sort: Sort::LastSeen,
        ..finding.query()
    })
}

/// Writes, and returns what the reader should know.
type Writing<'a> = dyn FnMut(&mut dyn Write) -> io::Result<Option<String>> + 'a;

fn write(
    out: &mut dyn Write,
    material: &Material<'_>,
    flags: &ExportFlags,
    query: &MessageQuery,
    zone: Tz,
) -> io::Result<Option<String>> {
    let messages = |number| Some(count_of(number, "message"));
    match flags.format {
        Format::Json => {
            let verdict = flags.verdict.as_deref().and_then(Verdict::from_word);
            json::write(out, material, verdict).map(|()| None)
        }
        Format::Markdown => markdown::write(out, &story::blocks(material, zone)).map(|()| None),
        Format::Html => html::write(out, &story::blocks(material, zone)).map(|()| None),
        Format::Ndjson => rows::ndjson(out, material, query).map(messages),
        Format::Csv => rows::csv(out, material, query).map(messages),
        Format::Redrive => {
            let wanted = Wanted {
                payload: flags.payload.clone(),
                group_by: flags.group_by.clone(),
            };
            let packed = redrive::write(out, material, query, &wanted)?;
            let mut said = vec![count_of(packed.messages, "message")];
            for (number, what) in [
                (packed.without_payload, "whole payload"),
                (packed.without_group, "group"),
            ] {
                if number > 0 {
                    said.push(format!("{} without {what}", count(number)));
                }
            }
            Ok(Some(said.join(", ")))
        }
    }
}

fn into_stream(out: &mut dyn Write, write: &mut Writing<'_>) -> Result<Option<String>, Complaint> {
    let said = write(out).and_then(|said| out.flush().map(|()| said));
    match said {
        // A reader that went away has had what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
        Err(error) => {
            let message = format!("the answer could not be written: {error}");
            Err(Complaint::new(message, ""))
        }
        Ok(said) => Ok(said),
    }
}

/// Writes a file wholly or not at all, for its owner only: it holds log text.
fn into_file(
    path: &Path,
    force: bool,
    write: &mut Writing<'_>,
) -> Result<Option<String>, Complaint> {
    let failed = |error: io::Error| {
        let message = format!("{}: {error}", path.display());
        Complaint::new(message, "name another file with --output")
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut out = BufWriter::new(NamedTempFile::new_in(folder).map_err(failed)?);
    let said = write(&mut out).map_err(failed)?;
    let file = out.into_inner().map_err(|e| failed(e.into_error()))?;
    let kept = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match kept {
        Ok(_) => Ok(said),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(Complaint::new(
            format!("{} is there already", path.display()),
            "name another file, or replace it with --force",
        )),
        Err(error) => Err(failed(error.error)),
    }
}
