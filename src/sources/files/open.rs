//! Opens what a task names, ready to be cut and to be read again, or tells why it cannot be read.
//!
//! It reads no further than it takes to know what an input is.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::calendar::Assumed;
use super::cli_text;
use super::cut::Cutter;
use super::discover::Task;
use super::frame::Framing;
use super::input::{self, Input};
use super::learn::{self, Learnt};
use super::learn_table;
use super::live::Live;
use super::missing::open_fault;
use super::origin::FileOrigin;
use super::refuse::refusal;
use super::sample::Sample;
use super::tabs;
use crate::domain::event::OriginId;
use crate::domain::feed::{End, FeedEvent};
use crate::domain::time::Timestamp;
use crate::sources::channel::{Feed, Stopped};
use crate::sources::spool::Spool;

/// An input, opened.
pub struct Opened {
    /// How its events are told apart.
    pub framing: Arc<Framing>,
    /// Cuts it.
    pub cutter: Cutter,
    /// How it is packed; empty where it is not.
    pub packing: &'static str,
    /// Where its text can be read again.
    pub origin_id: OriginId,
    /// Reading it again; `None` for what can be read only once.
    pub origin: Option<Arc<FileOrigin>>,
    /// What can be read only once is kept here.
    pub spool: Option<Arc<Spool>>,
}

/// Opens an input. What cannot be opened is told, and gives `None`.
///
/// # Errors
/// When nobody reads the feed.
pub fn open(task: &Task, follow: bool, feed: &Feed) -> Result<Option<Opened>, Stopped> {
    let source = match source(task, follow, feed) {
        Ok(source) => source,
        Err(error) => {
            let fault = open_fault(&task.source.name, task.plan.explicit, &error);
            feed.send_blocking(FeedEvent::Fault(task.id, fault))?;
            feed.send_blocking(FeedEvent::Ended(task.id, End::Nothing))?;
            return Ok(None);
        }
    };
    let framing = source.framing;
    if let Some(refusal) = refusal(task, &source.input, &framing, source.growing) {
        return refusal.send(task, feed).map(|()| None);
    }
    if let Some(note) = source.note {
        feed.send_blocking(FeedEvent::Note(task.id, note))?;
    }
    let origin_id = match &source.spool {
        Some(spool) => spool.id(),
        None => feed.ids.origin(),
    };
    if let Some(origin) = &source.origin {
        feed.texts.register(origin_id, origin.clone());
    }
    let input = source.input;
    let mut cutter = Cutter::new(input.reader, framing.clone(), input.base);
    if source.growing {
        cutter = cutter.growing();
    }
    Ok(Some(Opened {
        framing,
        cutter,
        packing: input.packing,
        origin_id,
        origin: source.origin,
        spool: source.spool,
    }))
}

/// Where bytes come from, and where they can be read again.
struct Source {
    input: Input,
    framing: Arc<Framing>,
    /// What is not certain about the framing.
    note: Option<String>,
    origin: Option<Arc<FileOrigin>>,
    spool: Option<Arc<Spool>>,
    /// Its end is not the last word.
    growing: bool,
}

fn source(task: &Task, follow: bool, feed: &Feed) -> io::Result<Source> {
    if task.stream {
        let input = open_stream(task, feed)?;
        let (framing, note) = framing(task, &Sample::of_head(&input.head), true);
        let spool = Spool::framed(feed, (*framing).clone())?;
        return Ok(Source {
            input,
            framing,
            note,
            origin: None,
            spool: Some(spool),
            growing: false,
        });
    }
    let path = task.path.clone().unwrap_or_default();
    let mut file = File::open(&path)?;
    let mut sample = Sample::of_file(&mut file)?;
    let origin = FileOrigin::new(path, &mut file)?;
    let input = input::open(Box::new(file), input::HEAD)?;
    if !input.seekable {
        sample = Sample::of_head(&input.head);
    }
    let growing = follow && input.seekable;
    sample.to_end &= !growing;
    let (framing, note) = framing(task, &sample, growing);
    let origin = origin.framed(framing.clone());
    let origin = match (input.seekable, growing) {
        (false, _) => origin.packed(),
        (true, true) => origin.keep()?,
        (true, false) => origin,
    };
    Ok(Source {
        input,
        framing,
        note,
        origin: Some(Arc::new(origin)),
        spool: None,
        growing,
    })
}

/// Opens what can be read only once.
fn open_stream(task: &Task, feed: &Feed) -> io::Result<Input> {
    let live = match task.path.clone() {
        Some(path) => Live::new(feed, move || File::open(path))?,
        None => Live::new(feed, || Ok(io::stdin()))?,
    };
    // A stream shows its first bytes when they come, and says so when it has to be waited for.
    input::open(Box::new(live), input::HEAD)
}

/// How the events of an input are told apart, with its own time where the plan names no year, and
/// what is not certain about it.
pub(super) fn framing(task: &Task, sample: &Sample, grows: bool) -> (Arc<Framing>, Option<String>) {
    let written = written(task);
    let mut assumed = Assumed {
        timezone: task.plan.timezone,
        year: task.plan.year,
        dates: task.plan.dates,
        written,
        grown: grows.then(Arc::default),
        last: None,
    };
    let (head, whole) = sample.head();
    if task.plan.multiline.is_none()
        && let Some((table, note)) =
            learn_table::learn(head, whole, &sample.lines_behind(), &assumed)
    {
        let framing = Framing {
            assumed,
            table: Some(Arc::new(table)),
            ..Framing::default()
        };
        return (Arc::new(framing), note);
    }
    let mut lines = sample.lines();
    let of_program = task.plan.multiline.is_none();
    let cli_text = of_program && cli_text::is_export(&lines);
    let tabs = of_program && !cli_text && tabs::are_between(&lines, &assumed);
    if tabs {
        for line in &mut lines {
            *line = line.strip_prefix(b"\t").unwrap_or(line);
        }
    }
    let learnt = if cli_text {
        Learnt::default()
    } else {
        learn::learn(&lines, &assumed)
    };
    assumed.last = learnt.last.filter(|_| sample.to_end);
    let framing = Framing {
        multiline: task.plan.multiline.clone(),
        assumed,
        layout: learnt.layout,
        table: None,
        cli_text,
        tabs,
    };
    (Arc::new(framing), learnt.note)
}

/// When an input was last written.
fn written(task: &Task) -> Option<Timestamp> {
    let path = task.path.as_deref();
    let metadata = std::fs::metadata(path.unwrap_or_else(|| "/dev/stdin".as_ref()));
    metadata
        .and_then(|metadata| metadata.modified())
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map(|since| Timestamp(since.as_millis() as i64))
}

/// Looks how far the time has come in an input that grows, for those of its lines that name no year.
pub fn look_at_time(task: &Task, framing: &Framing) {
    if let Some(grown) = &framing.assumed.grown
        && let Some(written) = written(task)
    {
        grown.store(written.0, Ordering::Relaxed);
    }
}
