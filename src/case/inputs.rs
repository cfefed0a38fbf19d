//! The files and streams that a run read beside the cloud, and how they are known again.
//!
//! A case does not hold them. When it is reopened they are read where they are; one that is gone or
//! not the same any more is opened all the same and read by nobody, so that the stages it served
//! are blind and no message looks lost for it.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::words::{Input, Inputs, Mark, Place};
use crate::domain::event::SourceKind;
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent};
use crate::sources::channel::{Feed, Stopped};
use crate::sources::files::discover::Opened;

/// So much of a file's beginning tells it from others.
const HEAD: u64 = 4096;

/// What is kept of the inputs that were found.
#[must_use]
pub fn marked(found: &[Opened]) -> Vec<Input> {
    let input = |opened: &Opened| Input {
        place: Place::of(&opened.source),
        mark: opened.path.as_deref().and_then(|path| mark(path, HEAD)),
    };
    found.iter().map(input).collect()
}

/// Opens those that were read and are not among `found`.
///
/// # Errors
/// When nobody reads the feed.
pub fn stand_in(inputs: &Inputs, found: &[Opened], feed: &Feed) -> Result<(), Stopped> {
    for input in &inputs.0 {
        let same = |opened: &&Opened| Place::of(&opened.source) == input.place;
        let what = match found.iter().find(same) {
            Some(opened) if is_same(input, opened) => continue,
            Some(_) => "is not the file any more that this case was made with",
            None => "was read when this case was made, and is not here",
        };
        let kind = match input.mark {
            Some(_) => SourceKind::File,
            None => SourceKind::Stdin,
        };
        let id = feed.ids.source();
        let source = Arc::new(input.place.source(kind));
        feed.send_blocking(FeedEvent::Opened(id, source))?;
        let fault = Fault {
            kind: FaultKind::Partial,
            message: format!("{} {what}", input.place.name),
            remedy: "A case holds what came from CloudWatch; bring the files to their places, too."
                .to_owned(),
        };
        feed.send_blocking(FeedEvent::Fault(id, fault))?;
        feed.send_blocking(FeedEvent::Ended(id, End::UpTo(None)))?;
    }
    Ok(())
}

/// Whether it can have grown, and nothing else.
fn is_same(input: &Input, opened: &Opened) -> bool {
    let (Some(then), Some(path)) = (input.mark, &opened.path) else {
        // What could not be read then is no worse now.
        return input.mark.is_none() && opened.path.is_none();
    };
    let now = mark(path, then.len.min(HEAD));
    now.is_some_and(|now| now.head == then.head && now.len >= then.len)
}

/// `None` for what can be read only once, or not at all.
fn mark(path: &Path, head: u64) -> Option<Mark> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut begin = Vec::new();
    let mut file = File::open(path).ok()?.take(head);
    file.read_to_end(&mut begin).ok()?;
    Some(Mark {
        len: metadata.len(),
        head: crc32fast::hash(&begin),
    })
}
