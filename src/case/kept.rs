//! A case file that is being written: where the pages of a run stay, and are read again.
//!
//! What cannot be kept, because there is no room, goes into an unnamed file that ends with the run;
//! then the case ends before it, and claims nothing beyond its pages.

mod reading;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::Serialize;

use super::append::{self, Room, Syncer, Tail};
use super::contents::Contents;
use super::format::{self, Frame, Header, Packed};
use super::note;
use super::pages::{Block, Pages};
use super::secret::{self, Secret};
use super::words::{self, Cut, Full, Input, Inputs, Place, Report, Totals};
use crate::config::question::Question;
use crate::domain::event::{OriginId, Source, SourceId};
use crate::domain::feed::FeedEvent;
use crate::domain::mask::Key;
use crate::domain::time::Timestamp;
use crate::domain::timeline::Change;
use crate::sources::channel::Feed;
use crate::sources::cloudwatch::keep::{Keep, Kept, Page, PageRef, Piece};
use crate::sources::files::frame::Bytes as _;

/// Told when a case cannot take more: the source at hand, and a sentence.
pub type OnFull = Box<dyn Fn(SourceId, &str) + Send + Sync>;

/// A case file that is being written.
pub struct CaseFile {
    id: OriginId,
    salt: u32,
    pages: Pages,
    state: Mutex<State>,
    syncer: Syncer,
    /// What people had written before this run.
    notes: Vec<Change>,
    secret: Option<Key>,
    on_full: OnceLock<OnFull>,
}

struct State {
    tail: Tail,
    /// The offset behind the last page.
    pages_end: u64,
    /// The unnamed file, and its length.
    spill: Option<(File, u64)>,
    /// Whether this run is written down at all.
    begun: bool,
    /// Why nothing more is kept.
    full: Option<String>,
    question: Question,
    /// The numbers of the sources in the case.
    numbers: HashMap<SourceId, u32>,
    /// The sources by number; those that this run has opened; and their numbers by place.
    places: Vec<Place>,
    opened: HashSet<u32>,
    by_place: HashMap<Place, Vec<u32>>,
    /// What earlier runs kept, by number.
    earlier: HashMap<u32, Vec<Kept>>,
}

impl CaseFile {
    /// A new case at `path`, where nothing may be yet.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(
        path: &Path,
        question: &Question,
        room: Room,
        feed: &Feed,
    ) -> io::Result<Arc<Self>> {
        append::folder_of(path)?;
        let header = Header {
            salt: chance(path),
            created: Timestamp(question.asked_at),
        };
        let file = append::create(path, header)?;
        let contents = Contents::read(&file, super::scan::Depth::Skim)?;
        Self::go_on(file, contents, question, room, feed)
    }

    /// Goes on with a case that `append::open` has opened and that holds `contents`: cuts what a
    /// killed run left, and begins another run.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn go_on(
        file: File,
        contents: Contents,
        question: &Question,
        room: Room,
        feed: &Feed,
    ) -> io::Result<Arc<Self>> {
        let salt = contents.header.salt;
        let secret_is_kept = contents.secret.is_some();
        let pages_end = contents.pages_end();
        let (mut places, mut earlier) = (Vec::new(), HashMap::new());
        let mut by_place: HashMap<_, Vec<_>> = HashMap::new();
        for (number, source) in (0..).zip(contents.sources) {
            let numbers = by_place.entry(source.place.of_anybody());
            numbers.or_default().push(number);
            places.push(source.place);
            earlier.insert(number, source.pieces);
        }
        let case = Arc::new(Self {
            id: feed.ids.origin(),
            salt,
            notes: contents.notes,
            secret: contents.secret.or_else(secret::fresh),
            pages: Pages::new(file.try_clone()?, salt, contents.blocks),
            syncer: Syncer::new(file.try_clone()?),
            state: Mutex::new(State {
                tail: Tail::new(file, contents.end, room)?,
                pages_end,
                spill: None,
                begun: false,
                full: None,
                question: question.clone(),
                numbers: HashMap::new(),
                places,
                opened: HashSet::new(),
                by_place,
                earlier,
            }),
            on_full: OnceLock::new(),
        });
        case.lock().begin(salt, question);
        if let (false, Some(key)) = (secret_is_kept, &case.secret) {
            // Where there is no room for it, the pseudonyms are those of this run.
            let _full = case
                .lock()
                .write(salt, words::SECRET, None, &Secret::from(key));
        }
        feed.texts.register(case.id, case.clone());
        Ok(case)
    }

    /// The secret behind the pseudonyms of what is masked.
    #[must_use]
    pub const fn secret(&self) -> Option<Key> {
        self.secret
    }

    /// Who is told when the case cannot take more.
    pub fn on_full(&self, tell: OnFull) {
        let _ = self.on_full.set(tell);
    }

    /// Why not everything is kept, if so.
    #[must_use]
    pub fn full(&self) -> Option<String> {
        self.lock().full.clone()
    }

    /// What this run reads beside the cloud.
    pub fn inputs(&self, inputs: Vec<Input>) {
        self.lock()
            .write(self.salt, words::INPUTS, None, &Inputs(inputs));
    }

    /// What people had written before this run.
    #[must_use]
    pub fn notes(&self) -> &[Change] {
        &self.notes
    }

    /// Writes down what people write, also where there is room for nothing else.
    ///
    /// # Errors
    /// A sentence that says why it cannot be written.
    pub fn note(&self, change: &Change) -> Result<(), String> {
        let record = note::record(self.salt, change).map_err(|error| error.to_string())?;
        self.lock().tail.append_last(&record)?;
        self.syncer.at_the_end();
        Ok(())
    }

    /// The run ends.
    pub fn finish(&self, mut totals: Totals) {
        let mut state = self.lock();
        totals.finished &= state.full.is_none();
        if state.begun
            && let Ok(record) = bare(self.salt, words::END, None, &totals)
        {
            // A reader takes a case without its end for one that was interrupted.
            let _ = state.tail.append_last(&record);
        }
        drop(state);
        self.syncer.at_the_end();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes something small about a source that was opened.
    fn write(&self, source: SourceId, kind: u16, facts: &impl Serialize) {
        let mut state = self.lock();
        let Some(number) = state.numbers.get(&source).copied() else {
            return;
        };
        let fits = state.write(self.salt, kind, Some(number), facts);
        drop(state);
        self.tell(source, fits);
    }

    fn tell(&self, source: SourceId, became_full: Option<String>) {
        if let (Some(why), Some(tell)) = (became_full, self.on_full.get()) {
            tell(source, &why);
        }
    }
}

impl State {
    /// Another run begins. It is written down also where there is room for nothing else.
    fn begin(&mut self, salt: u32, question: &Question) {
        let record = bare(salt, words::QUESTION, None, question).map_err(|e| e.to_string());
        let written = record.and_then(|record| self.tail.append_last(&record));
        self.begun = written.is_ok();
        self.full = written.err();
    }

    /// The number of a source that is opened: a new one where nothing of this reader is kept. So it
    /// is too for a place that is opened twice in a run (not there at first, and then it was): each
    /// tells its own, as it did to those who watched.
    fn number(&mut self, source: &Source, account: Option<&str>) -> u32 {
        let place = Place::of(source);
        let (question, places, opened) = (&self.question, &self.places, &self.opened);
        let is_same = |number: &&u32| {
            let then = places[**number as usize].account.as_deref();
            !opened.contains(*number) && question.is_same_reader(&place.env, then, account)
        };
        let known = self.by_place.entry(place.clone()).or_default();
        let number = known.iter().rev().find(is_same).copied();
        let number = number.unwrap_or_else(|| {
            let next = places.len() as u32;
            known.push(next);
            next
        });
        if number as usize == self.places.len() {
            self.places.push(place);
        }
        if let Some(account) = account {
            self.places[number as usize].account = Some(account.to_owned());
        }
        self.opened.insert(number);
        number
    }

    /// Writes something small, unless the case is full; says why where it has just become so.
    fn write(
        &mut self,
        salt: u32,
        kind: u16,
        source: Option<u32>,
        facts: &impl Serialize,
    ) -> Option<String> {
        if self.full.is_some() {
            return None;
        }
        match bare(salt, kind, source, facts) {
            Ok(record) => match self.tail.append(&record) {
                Ok(_) => None,
                Err(why) => Some(self.seal(salt, why)),
            },
            Err(error) => Some(self.seal(salt, error.to_string())),
        }
    }

    /// Nothing more is kept in this run.
    fn seal(&mut self, salt: u32, why: String) -> String {
        let facts = Full {
            reason: why.clone(),
        };
        if let Ok(record) = bare(salt, words::FULL, None, &facts) {
            // Where even this cannot be written, the case looks interrupted, which is as true.
            let _ = self.tail.append_last(&record);
        }
        self.full = Some(why.clone());
        why
    }

    /// Puts the record of a page into the unnamed file; gives its place.
    fn spill(&mut self, record: &[u8], pages: &Pages) -> io::Result<u64> {
        if self.spill.is_none() {
            let file = tempfile::tempfile()?;
            pages.spill_to(file.try_clone()?);
            self.spill = Some((file, 0));
        }
        let Some((file, end)) = &mut self.spill else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if let Err(error) = file.write_all(record) {
            io::Seek::seek(file, io::SeekFrom::Start(*end))?;
            return Err(error);
        }
        let at = *end;
        *end += record.len() as u64;
        Ok(at)
    }
}

impl Keep for CaseFile {
    fn origin(&self) -> OriginId {
        self.id
    }

    fn open(&self, id: SourceId, source: &Source, account: Option<&str>) -> io::Result<Vec<Kept>> {
        let mut state = self.lock();
        let number = state.number(source, account);
        let place = state.places[number as usize].clone();
        state.numbers.insert(id, number);
        let became_full = state.write(self.salt, words::SOURCE, Some(number), &place);
        let kept = state.earlier.remove(&number).unwrap_or_default();
        drop(state);
        self.tell(id, became_full);
        Ok(kept)
    }

    fn begin(&self, source: SourceId, piece: &Piece) -> io::Result<()> {
        self.write(source, words::PIECE, &words::Piece::from(piece));
        Ok(())
    }

    fn cut(&self, source: SourceId, piece: u32, to: Timestamp) -> io::Result<()> {
        self.write(source, words::CUT, &Cut { piece, to: to.0 });
        Ok(())
    }

    fn page(&self, page: Page<'_>) -> io::Result<u64> {
        let data = format::pack(page.raw)?;
        let mut state = self.lock();
        let base = state.pages_end;
        let number = state.numbers.get(&page.source).copied();
        let meta = serde_json::to_vec(&words::Page::of(&page, base))?;
        let record = format::record(self.salt, words::PAGE, number, &meta, &data)?;
        let mut became_full = None;
        let mut place = None;
        if state.full.is_none() {
            match state.tail.append(&record) {
                Ok(at) => place = Some((at, false)),
                Err(why) => became_full = Some(state.seal(self.salt, why)),
            }
        }
        if !page.raw.is_empty() {
            let (at, spilt) = match place {
                Some(place) => place,
                None => (state.spill(&record, &self.pages)?, true),
            };
            let frame = Frame::decode(&record, self.salt);
            self.pages.push(Block {
                start: base,
                piece: page.piece,
                at,
                frame: frame.ok_or(io::ErrorKind::InvalidData)?,
                spilt,
            });
            state.pages_end += page.raw.len() as u64;
        }
        drop(state);
        self.tell(page.source, became_full);
        self.syncer.now_and_then();
        Ok(base)
    }

    fn report(&self, event: &FeedEvent) {
        if let Some((source, report)) = Report::of(event) {
            self.write(source, words::REPORT, &report);
        }
    }

    fn read(&self, page: PageRef) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; page.len];
        match self.pages.read_at(page.base, &mut bytes)? {
            read if read == page.len => Ok(bytes),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// A fresh `RandomState` is the standard library's only source of chance.
fn chance(path: &Path) -> u32 {
    RandomState::new().hash_one(path) as u32
}

/// A record without data.
fn bare(salt: u32, kind: u16, source: Option<u32>, facts: &impl Serialize) -> io::Result<Vec<u8>> {
    let meta = serde_json::to_vec(facts)?;
    format::record(salt, kind, source, &meta, &Packed::none())
}
