//! A case that remembers pages in memory, over several runs, and can end a run after a page.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use lastseen::domain::event::{OriginId, Source, SourceId};
use lastseen::domain::feed::FeedEvent;
use lastseen::domain::time::Timestamp;
use lastseen::sources::channel::{Feed, Stopper};
use lastseen::sources::cloudwatch::keep::{Keep, Kept, Page, PageRef, Piece};
use lastseen::sources::files::frame::{self, Bytes, Framing};
use lastseen::sources::texts::{Origin, RawEvent};

/// What is remembered.
#[derive(Clone, Default, Debug)]
pub(crate) struct Case {
    raw: Vec<u8>,
    /// With the name of their source.
    pub(crate) pieces: Vec<(String, Kept)>,
}

/// One run's hold on a case.
pub(crate) struct Memory {
    case: Arc<Mutex<Case>>,
    origin: OriginId,
    names: Mutex<HashMap<SourceId, String>>,
    /// How many pages are kept before the run ends.
    pages: Mutex<Option<usize>>,
    stopper: Stopper,
}

impl Memory {
    /// Keeps what `feed` tells in `case`; with `pages`, the run is stopped after so many.
    pub(crate) fn new(feed: &Feed, case: &Arc<Mutex<Case>>, pages: Option<usize>) -> Arc<Self> {
        let memory = Arc::new(Self {
            case: Arc::clone(case),
            origin: feed.ids.origin(),
            names: Mutex::default(),
            pages: Mutex::new(pages),
            stopper: feed.stopper(),
        });
        feed.texts.register(memory.origin, memory.clone());
        memory
    }

    fn change(&self, source: SourceId, number: u32, change: impl FnOnce(&mut Kept)) {
        let name = self.names.lock().unwrap()[&source].clone();
        let mut case = self.case.lock().unwrap();
        let found = case.pieces.iter_mut();
        let found = found.filter(|(n, kept)| *n == name && kept.piece.number == number);
        change(&mut found.last().expect("begun before").1);
    }
}

impl Keep for Memory {
    fn origin(&self) -> OriginId {
        self.origin
    }

    fn open(&self, id: SourceId, source: &Source, _: Option<&str>) -> io::Result<Vec<Kept>> {
        let name = source.name.to_string();
        let case = self.case.lock().unwrap();
        let own = case.pieces.iter().filter(|(n, _)| *n == name);
        let kept = own.map(|(_, kept)| kept.clone()).collect();
        self.names.lock().unwrap().insert(id, name);
        Ok(kept)
    }

    fn begin(&self, source: SourceId, piece: &Piece) -> io::Result<()> {
        let name = self.names.lock().unwrap()[&source].clone();
        let mut case = self.case.lock().unwrap();
        let twice = |(n, kept): &(String, Kept)| *n == name && kept.piece.number == piece.number;
        assert!(!case.pieces.iter().any(twice), "begun twice");
        let kept = Kept {
            piece: *piece,
            after: None,
            pages: Vec::new(),
        };
        case.pieces.push((name, kept));
        Ok(())
    }

    fn cut(&self, source: SourceId, piece: u32, to: Timestamp) -> io::Result<()> {
        self.change(source, piece, |kept| {
            assert!(
                to < kept.piece.span.to && to >= kept.piece.span.from,
                "cut in the middle"
            );
            kept.piece.span.to = to;
        });
        Ok(())
    }

    fn page(&self, page: Page<'_>) -> io::Result<u64> {
        let mut left = self.pages.lock().unwrap();
        if *left == Some(0) {
            return Err(io::Error::other("the process was killed"));
        }
        let base = {
            let mut case = self.case.lock().unwrap();
            case.raw.extend_from_slice(page.raw);
            (case.raw.len() - page.raw.len()) as u64
        };
        self.change(page.source, page.piece, |kept| {
            assert!(
                !kept.after.as_ref().is_some_and(|after| after.done),
                "went on after its end"
            );
            kept.after = Some(page.after.clone());
            let len = page.raw.len();
            kept.pages
                .extend((len > 0).then_some(PageRef { base, len }));
        });
        if let Some(left) = &mut *left {
            *left -= 1;
            if *left == 0 {
                self.stopper.stop();
            }
        }
        Ok(base)
    }

    fn report(&self, _: &FeedEvent) {}
}

impl Bytes for Memory {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let case = self.case.lock().unwrap();
        let rest = case.raw.get(offset as usize..).unwrap_or_default();
        let len = rest.len().min(into.len());
        into[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }
}

impl Origin for Memory {
    fn read(&self, offset: u64) -> io::Result<RawEvent> {
        frame::event_at(self, offset, &Framing::default())
    }
}
