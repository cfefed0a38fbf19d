//! The report of what is on the screen, with its timeline, written into a file that was not there.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use tempfile::NamedTempFile;

use super::asking::Asked;
use crate::domain::mask::Mask;
use crate::domain::time::Timestamp;
use crate::domain::timeline::Timeline;
use crate::load::answers::Answers;
use crate::report::document::Block;
use crate::report::material::Material;
use crate::report::veil::Veil;
use crate::report::{markdown, story};

/// So many reports may be of one minute.
const NAMESAKES: u32 = 100;

/// Writes it into the first of these folders that takes it; a word about it, or why none did.
///
/// # Errors
/// When no folder takes it.
pub fn write(
    answers: &dyn Answers,
    timeline: &Timeline,
    (zone, now, mask): (Tz, Timestamp, Option<&Mask>),
    folders: &[PathBuf],
) -> Result<String, String> {
    let overview = answers.overview();
    let findings = answers.findings();
    let material = Material {
        overview: &overview,
        findings: &findings,
        timeline,
        ask: &Asked(answers, mask),
    };
    let blocks = story::blocks(&material, zone);
    let minute = now.to_utc().unwrap_or_default().with_timezone(&zone);
    let name = format!("post-mortem-{}", minute.format("%Y-%m-%d-%H%M"));
    let mut failed = "there is no folder for it".to_owned();
    for folder in folders {
        match into(folder, &name, &mut |out| written(out, &blocks, mask)) {
            Ok(path) => return Ok(format!("the post-mortem is in {}", path.display())),
            Err(error) => failed = format!("{}: {error}", folder.display()),
        }
    }
    Err(format!("the post-mortem could not be written: {failed}"))
}

/// Masked where others look on.
fn written(out: &mut dyn Write, blocks: &[Block], mask: Option<&Mask>) -> io::Result<()> {
    let Some(mask) = mask else {
        return markdown::write(out, blocks);
    };
    let mut veil = Veil::new(out, mask);
    markdown::write(&mut veil, blocks)?;
    veil.flush()
}

/// Wholly or not at all, for its owner only, and over nothing that is there.
fn into(
    folder: &Path,
    name: &str,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let mut out = BufWriter::new(NamedTempFile::new_in(folder)?);
    write(&mut out)?;
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    for number in 1..=NAMESAKES {
        let end = if number > 1 {
            format!("-{number}")
        } else {
            String::new()
        };
        let path = folder.join(format!("{name}{end}.md"));
        file = match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => taken.file,
            Err(failed) => return Err(failed.error),
        };
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
