//! A case told again: the same sources, log events and reports that its last run told.
//!
//! Pages go first, on every core, in any order; what sources say of themselves follows, so that
//! nobody claims to have read what has not been told yet. No network, no credential, no guess.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::contents::{Contents, KeptSource};
use super::inputs;
use super::pages::{Block, Pages};
use super::repeats::Repeats;
use super::scan::Depth;
use super::words::{Place, Report};
use crate::domain::event::{OriginId, SourceId, SourceKind};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent};
use crate::sources::channel::{Feed, Stopped};
use crate::sources::files::chunk::{After, Chunk, Kind};
use crate::sources::files::decode::Decoder;
use crate::sources::files::discover::Opened;

/// Starts telling the case at `path`, and returns at once. `found` gives the files that are read
/// beside it, once they are known.
///
/// # Errors
/// When the operating system gives no thread.
pub fn spawn(path: &Path, feed: &Feed, found: Receiver<Vec<Opened>>) -> io::Result<()> {
    let (path, feed) = (path.to_owned(), feed.clone());
    let tell = move || {
        let told = match read(&path, &feed) {
            Ok(replay) => replay.tell(&found),
            Err(error) => unreadable(&path, &error, &feed),
        };
        // Whoever stopped the feed knows.
        let _ = told;
    };
    thread::Builder::new().name("case".to_owned()).spawn(tell)?;
    Ok(())
}

/// A case that is being told.
struct Replay {
    path: PathBuf,
    feed: Feed,
    contents: Contents,
    pages: Arc<Pages>,
    origin: OriginId,
    /// Sources of which a page could not be read just now.
    broken: Mutex<HashSet<u32>>,
    repeats: Repeats,
}

fn read(path: &Path, feed: &Feed) -> io::Result<Replay> {
    let file = File::open(path)?;
    let contents = Contents::read(&file, Depth::Whole)?;
    let blocks = contents.blocks.clone();
    let pages = Arc::new(Pages::new(file, contents.header.salt, blocks));
    let origin = feed.ids.origin();
    feed.texts.register(origin, pages.clone());
    Ok(Replay {
        path: path.to_owned(),
        feed: feed.clone(),
        repeats: Repeats::new(contents.overlapping()),
        contents,
        pages,
        origin,
        broken: Mutex::default(),
    })
}

/// A case that went away since it was chosen.
fn unreadable(path: &Path, error: &io::Error, feed: &Feed) -> Result<(), Stopped> {
    let id = feed.ids.source();
    let name = path.display().to_string();
    let place = Place {
        name: name.clone(),
        env: "local".to_owned(),
        region: String::new(),
        group: String::new(),
        account: None,
    };
    let fault = Fault {
        kind: FaultKind::Failed,
        message: format!("{name} cannot be read: {error}"),
        remedy: "Copy it again from where it came.".to_owned(),
    };
    let source = Arc::new(place.source(SourceKind::CloudWatch));
    feed.send_blocking(FeedEvent::Opened(id, source))?;
    feed.send_blocking(FeedEvent::Fault(id, fault))?;
    feed.send_blocking(FeedEvent::Ended(id, End::Nothing))
}

impl Replay {
    fn tell(&self, found: &Receiver<Vec<Opened>>) -> Result<(), Stopped> {
        // Nobody knows of files when the thread that looks for them could not be started.
        let found = found.recv().unwrap_or_default();
        if let Some(inputs) = &self.contents.inputs {
            inputs::stand_in(inputs, &found, &self.feed)?;
        }
        let mut ids = HashMap::new();
        for number in self.contents.shown() {
            let id = self.feed.ids.source();
            let place = &self.contents.sources[number as usize].place;
            let source = Arc::new(place.source(SourceKind::CloudWatch));
            self.feed.send_blocking(FeedEvent::Opened(id, source))?;
            ids.insert(number, id);
        }
        self.tell_pages(&ids)?;
        for number in self.contents.shown() {
            self.tell_reports(number, ids[&number])?;
        }
        Ok(())
    }

    fn tell_pages(&self, ids: &HashMap<u32, SourceId>) -> Result<(), Stopped> {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let work = || {
                let mut decoders = HashMap::new();
                while let Some(block) = self
                    .contents
                    .blocks
                    .get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let number = block.frame.source.unwrap_or(u32::MAX);
                    if let Some(id) = ids.get(&number) {
                        let decoder = decoders
                            .entry(number)
                            .or_insert_with(|| Decoder::new(*id, self.origin, Arc::default()));
                        self.tell_page(block, (number, *id), decoder)?;
                    }
                }
                Ok(())
            };
            let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut told = work();
            for helper in helpers {
                told = told.and(helper.join().unwrap_or(Err(Stopped)));
            }
            told
        })
    }

    fn tell_page(
        &self,
        block: &Block,
        (number, id): (u32, SourceId),
        decoder: &mut Decoder,
    ) -> Result<(), Stopped> {
        let bytes = match self.pages.load(block) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!(%error, at = block.at, "a page of the case cannot be read");
                self.broken().insert(number);
                return Ok(());
            }
        };
        let page = self.repeats.concern(number).then(|| bytes.clone());
        let told = decoder.decode(Chunk {
            bytes,
            base: block.start,
            line: 1,
            kind: Kind::Lines,
            after: After::Nothing,
            cut: false,
        });
        for mut batch in told.batches {
            if let Some(page) = &page {
                let base = (batch.base - block.start) as usize;
                let line = |raw: u32| page.get(base + raw as usize..).unwrap_or_default();
                self.repeats.remove(number, &mut batch.events, line);
            }
            self.feed.send_blocking(FeedEvent::Batch(batch))?;
        }
        for reject in told.rejects.0 {
            self.feed.send_blocking(FeedEvent::Rejected(id, reject))?;
        }
        Ok(())
    }

    fn tell_reports(&self, number: u32, id: SourceId) -> Result<(), Stopped> {
        let source = &self.contents.sources[number as usize];
        let whole = self.broken().contains(&number);
        let fault = self.fault(source, whole);
        let trusted = self.contents.can_be_trusted() && !whole;
        if let Some(fault) = fault {
            self.feed.send_blocking(FeedEvent::Fault(id, fault))?;
        }
        if trusted && !source.has_ended() {
            for span in &source.earlier {
                self.feed.send_blocking(FeedEvent::Covered(id, *span))?;
            }
        }
        for report in &source.reports {
            if let Some(event) = report.event(id)
                && (trusted || !matches!(report, Report::Covered(_)))
            {
                self.feed.send_blocking(event)?;
            }
        }
        Ok(())
    }

    /// Why the case does not prove all that its run could.
    fn fault(&self, source: &KeptSource, broken: bool) -> Option<Fault> {
        let contents = &self.contents;
        let path = self.path.display();
        let damage = contents
            .damage
            .first()
            .map_or(contents.end, |damage| damage.at);
        let (message, remedy) = if contents.unknown_lost || source.damaged || broken {
            (
                format!("{path} is damaged at byte {damage}: what stood there is lost"),
                "Copy it again from where it came, or ask again.",
            )
        } else if !contents.can_be_trusted() {
            (
                format!("{path} was cut off before it was known which files are read, too"),
                "Ask again.",
            )
        } else if let Some(reason) = contents.full.as_ref().filter(|_| !source.has_ended()) {
            (
                format!("{path} does not hold all of it: {reason}"),
                "Ask again with a higher --case-limit.",
            )
        } else {
            return None;
        };
        Some(Fault {
            kind: FaultKind::Partial,
            message,
            remedy: remedy.to_owned(),
        })
    }

    fn broken(&self) -> MutexGuard<'_, HashSet<u32>> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
