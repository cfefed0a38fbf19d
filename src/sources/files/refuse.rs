//! Inputs that nothing comes of: nothing in them could be a log event, or nothing was.

use super::discover::Task;
use super::frame::{Begins, Framing};
use super::input::{self, Input};
use super::rejects;
use super::sink::Sink;
use super::stamp::Stamps;
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent, Reject, RejectReason};
use crate::sources::channel::{Feed, Stopped};

/// Why nothing comes of an input.
pub struct Refusal {
    why: Why,
    /// The beginning of what is no text.
    sample: Option<String>,
}

enum Why {
    Fault(Fault),
    /// It was not asked for by name, and need not be a log.
    Note(String),
}

impl Refusal {
    /// Tells it; nothing more comes of this input.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn send(self, task: &Task, feed: &Feed) -> Result<(), Stopped> {
        if let Some(sample) = self.sample {
            let reject = Reject {
                reason: RejectReason::Binary,
                count: 1,
                line: Some(1),
                sample,
            };
            feed.send_blocking(FeedEvent::Rejected(task.id, reject))?;
        }
        // Absence rests on neither.
        let (said, end) = match self.why {
            Why::Fault(fault) => (FeedEvent::Fault(task.id, fault), End::Nothing),
            Why::Note(note) => (FeedEvent::Note(task.id, note), End::UpTo(None)),
        };
        feed.send_blocking(said)?;
        feed.send_blocking(FeedEvent::Ended(task.id, end))
    }
}

/// What to say of an input that was read to its end without a log event, where this was the first
/// thing that was none.
pub fn nothing_in(task: &Task, first: &Reject) -> Refusal {
    let message = format!("no log event in {}", first.words(&task.source.name));
    let why = if is_named(task) {
        Why::Fault(Fault {
            kind: FaultKind::Failed,
            message,
            remedy: first.reason.remedy().to_owned(),
        })
    } else {
        Why::Note(message)
    };
    Refusal { why, sample: None }
}

/// Whether to refuse an input: it is no text at all, or it is empty although it was named itself. An
/// empty file among others is a log without events; one that was picked out is more likely a copy
/// that failed, and absence must not rest on it.
pub fn refusal(task: &Task, input: &Input, framing: &Framing, growing: bool) -> Option<Refusal> {
    let name = &task.source.name;
    let refused = |message, remedy: &str| {
        Some(Refusal {
            why: Why::Fault(Fault {
                kind: FaultKind::Failed,
                message,
                remedy: remedy.to_owned(),
            }),
            sample: (!input.head.is_empty()).then(|| rejects::sample(&input.head)),
        })
    };
    // A packed one may be empty because it breaks off at once, which is told elsewhere.
    let empty = input.head.is_empty() && input.packing.is_empty();
    if empty && (task.stream || !growing) && is_named(task) {
        return refused(
            format!("{name} is empty"),
            "Copy it again if it should not be; leave it out if nothing was logged.",
        );
    }
    if let Some(packing) = input::refused(&input.head) {
        let message = format!("{name} is {packing} data, which is not read");
        return refused(message, "Unpack it first, or pack it with gzip or zstd.");
    }
    memchr::memchr(0, &input.head)?;
    let mut stamps = Stamps::new(framing.assumed.clone());
    let mut sink = Sink::default();
    let event = input
        .head
        .split(|byte| *byte == b'\n')
        .any(|line| framing.begins(line, &mut stamps, &mut sink) != Begins::Nothing);
    if event {
        return None;
    }
    refused(
        format!("{name} is binary data"),
        "Leave it out, or convert it to text; UTF-16 is read when it has a byte order mark.",
    )
}

/// Whether the user named this very file (or standard input), rather than a folder or a pattern that holds it.
fn is_named(task: &Task) -> bool {
    let Some(path) = &task.path else {
        return true;
    };
    let whole = task.plan.base.join(&task.plan.path);
    task.plan.explicit && std::path::absolute(whole).is_ok_and(|whole| whole == *path)
}
