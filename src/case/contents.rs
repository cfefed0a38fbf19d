//! What a case file holds, put together from its records, and what of it can be trusted.
//!
//! Coverage is evidence of absence, so it must not outlive the pages it rests on: behind a page that
//! is lost its source claims nothing more, and where it cannot be told what was lost, nobody claims
//! anything.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::ops::ControlFlow;

use serde::de::DeserializeOwned;

use super::format::{Frame, Header};
use super::note::Note;
use super::pages::Block;
use super::scan::{Damage, Depth, Item, scan};
use super::secret::Secret;
use super::words::{self, Cut, Full, Inputs, Page, Piece, Place, Report, Totals};
use crate::config::question::Question;
use crate::domain::mask::Key;
use crate::domain::time::{Span, Timestamp};
use crate::domain::timeline::Change;
use crate::sources::cloudwatch::keep::{Kept, PageRef};

/// What a case file holds.
#[derive(Debug)]
pub struct Contents {
    /// The header of the file.
    pub header: Header,
    /// Where its last sound record ends.
    pub end: u64,
    /// Bytes behind it that a killed run left.
    pub torn: u64,
    /// What was asked, last.
    pub question: Option<Question>,
    /// How often it was asked.
    pub runs: u32,
    /// By their number.
    pub sources: Vec<KeptSource>,
    /// Every page that is not empty, in order.
    pub blocks: Vec<Block>,
    /// How many pages there are, with the empty ones.
    pub pages: u64,
    /// What the last run read beside the cloud, once that was known.
    pub inputs: Option<Inputs>,
    /// Why the last run did not keep everything.
    pub full: Option<String>,
    /// What the last run came to, if it came to an end.
    pub totals: Option<Totals>,
    /// What people wrote, in order.
    pub notes: Vec<Change>,
    /// The secret behind the pseudonyms of what is masked.
    pub secret: Option<Key>,
    /// What is damaged.
    pub damage: Vec<Damage>,
    /// Something was lost, and it is not known what.
    pub unknown_lost: bool,
}

/// What a case file holds of one source.
#[derive(Debug)]
pub struct KeptSource {
    /// What it is.
    pub place: Place,
    /// The last run that read it, from 1.
    pub run: u32,
    /// Its pieces, with their pages.
    pub pieces: Vec<Kept>,
    /// What was told of it since it was opened last; without coverage that rests on a lost page.
    pub reports: Vec<Report>,
    /// What earlier runs had read completely.
    pub earlier: Vec<Span>,
    /// A page of it is lost.
    pub damaged: bool,
}

impl Contents {
    /// Reads a case file.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub fn read(file: &File, depth: Depth) -> io::Result<Self> {
        let mut contents = Self {
            header: Header {
                salt: 0,
                created: Timestamp(0),
            },
            end: 0,
            torn: 0,
            question: None,
            runs: 0,
            sources: Vec::new(),
            blocks: Vec::new(),
            pages: 0,
            inputs: None,
            full: None,
            totals: None,
            notes: Vec::new(),
            secret: None,
            damage: Vec::new(),
            unknown_lost: false,
        };
        let scanned = scan(file, depth, |item| {
            contents.take(item);
            ControlFlow::Continue(())
        })?;
        contents.header = scanned.header;
        contents.end = scanned.end;
        contents.torn = scanned.torn;
        Ok(contents)
    }

    /// The offset behind the last page.
    #[must_use]
    pub fn pages_end(&self) -> u64 {
        self.blocks.last().map_or(0, Block::end)
    }

    /// Whether the last run read all that it wanted.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.totals.is_some_and(|totals| totals.finished)
    }

    /// Whether what sources say to have read completely is evidence. Not where something unknown
    /// was lost, and not where the run was killed before it knew which files it reads, too.
    #[must_use]
    pub fn can_be_trusted(&self) -> bool {
        let inputs_known =
            self.inputs.is_some() || self.question.as_ref().is_some_and(|q| !q.inputs);
        inputs_known && !self.unknown_lost
    }

    /// The numbers of the sources to be shown. What only an earlier run read was not there any more
    /// for the last one, if that came far enough to say so; and what was read as another account than
    /// its environment was last is not of the same places.
    #[must_use]
    pub fn shown(&self) -> Vec<u32> {
        let through = self.totals.is_some_and(|totals| !totals.stopped);
        let last_only = through && self.full.is_none();
        let (mut by_env, mut by_place) = (HashMap::new(), HashMap::new());
        for source in &self.sources {
            let env = by_env.entry(&*source.place.env).or_insert(0);
            *env = source.run.max(*env);
            let place = by_place.entry(source.place.of_anybody()).or_insert(0);
            *place = source.run.max(*place);
        }
        let last = |source: &&KeptSource| source.run == by_env[&*source.place.env];
        let mut readers: HashMap<&str, HashSet<Option<&str>>> = HashMap::new();
        for source in self.sources.iter().filter(last) {
            let accounts = readers.entry(&source.place.env).or_default();
            accounts.insert(source.place.account.as_deref());
        }
        let is_shown = |source: &KeptSource| {
            let (place, question) = (&source.place, self.question.as_ref());
            let same = |now: Option<&str>| {
                let then = place.account.as_deref();
                question.is_some_and(|q| q.is_same_reader(&place.env, then, now))
            };
            source.run == self.runs
                || !last_only
                    && source.run == by_place[&place.of_anybody()]
                    && (last(&source) || readers[&*place.env].iter().copied().any(same))
        };
        let numbered = (0..).zip(&self.sources);
        numbered
            .filter(|(_, source)| is_shown(source))
            .map(|(number, _)| number)
            .collect()
    }

    /// The sources of which pieces overlap, so that an event may be there twice.
    #[must_use]
    pub fn overlapping(&self) -> HashSet<u32> {
        let overlaps = |source: &KeptSource| {
            let mut spans: Vec<Span> = source.pieces.iter().map(|kept| kept.piece.span).collect();
            spans.sort_by_key(|span| span.from);
            spans.windows(2).any(|two| two[1].from <= two[0].to)
        };
        let numbered = (0..).zip(&self.sources);
        numbered
            .filter(|(_, source)| overlaps(source))
            .map(|(number, _)| number)
            .collect()
    }

    fn take(&mut self, item: Item<'_>) {
        match item {
            Item::Record {
                at, frame, meta, ..
            } => {
                if self.record(at, frame, meta).is_none() {
                    // Sound, and yet not what this program would write there.
                    self.lost(Some(frame));
                }
            }
            Item::Damage(damage) => {
                self.damage.push(damage);
                self.lost(damage.frame);
            }
        }
    }

    /// A record is lost: so is the evidence that rests on it.
    fn lost(&mut self, frame: Option<Frame>) {
        match frame {
            Some(frame) if frame.kind == words::PAGE => match self.source(frame) {
                Some(source) => source.damaged = true,
                None => self.unknown_lost = true,
            },
            // Each of these only says or proves less when it is missing.
            Some(frame) if ![words::QUESTION, words::SOURCE].contains(&frame.kind) => {}
            _ => self.unknown_lost = true,
        }
    }

    fn source(&mut self, frame: Frame) -> Option<&mut KeptSource> {
        self.sources.get_mut(frame.source? as usize)
    }

    /// `None` where the record makes no sense.
    fn record(&mut self, at: u64, frame: Frame, meta: &[u8]) -> Option<()> {
        match frame.kind {
            words::QUESTION => {
                self.question = Some(read(meta)?);
                self.runs += 1;
                self.inputs = None;
                self.full = None;
                self.totals = None;
            }
            words::SOURCE => self.opened(frame.source?, read(meta)?)?,
            words::PIECE => {
                let piece: Piece = read(meta)?;
                self.source(frame)?.pieces.push(Kept {
                    piece: piece.into(),
                    after: None,
                    pages: Vec::new(),
                });
            }
            words::CUT => {
                let cut: Cut = read(meta)?;
                let piece = self.source(frame)?.piece(cut.piece)?;
                piece.piece.span.to = Timestamp(cut.to).max(piece.piece.span.from);
            }
            words::PAGE => self.page(at, frame, &read(meta)?)?,
            words::REPORT => {
                let report: Report = read(meta)?;
                let source = self.source(frame)?;
                if !(source.damaged && matches!(report, Report::Covered(_))) {
                    source.reports.push(report);
                }
            }
            words::INPUTS => self.inputs = Some(read(meta)?),
            words::FULL => self.full = Some(read::<Full>(meta)?.reason),
            words::END => self.totals = Some(read(meta)?),
            // The first one: what was written down with it bears its pseudonyms.
            words::SECRET if self.secret.is_none() => {
                self.secret = read::<Secret>(meta)?.key();
            }
            words::NOTE => self.notes.extend(read::<Note>(meta)?.change()),
            _ => {}
        }
        Some(())
    }

    fn opened(&mut self, number: u32, place: Place) -> Option<()> {
        let run = self.runs;
        if number as usize == self.sources.len() {
            self.sources.push(KeptSource {
                place,
                run,
                pieces: Vec::new(),
                reports: Vec::new(),
                earlier: Vec::new(),
                damaged: false,
            });
            return Some(());
        }
        let source = self.sources.get_mut(number as usize)?;
        if source.place.of_anybody() != place.of_anybody() {
            return None;
        }
        source.place = place;
        if source.run == run {
            return Some(());
        }
        source.run = run;
        for report in source.reports.drain(..) {
            if let Report::Covered(span) = report {
                source.earlier.push(span.into());
            }
        }
        Some(())
    }

    fn page(&mut self, at: u64, frame: Frame, page: &Page) -> Option<()> {
        let start = page.base;
        if start < self.pages_end() || start.checked_add(frame.full as u64).is_none() {
            return None;
        }
        let source = self.source(frame)?;
        if let Some(kept) = source.piece(page.piece) {
            kept.after = Some(page.after());
            if frame.full > 0 {
                kept.pages.push(PageRef {
                    base: start,
                    len: frame.full,
                });
            }
        }
        self.pages += 1;
        if frame.full > 0 {
            self.blocks.push(Block {
                start,
                piece: page.piece,
                at,
                frame,
                spilt: false,
            });
        }
        Some(())
    }
}

impl KeptSource {
    fn piece(&mut self, number: u32) -> Option<&mut Kept> {
        let mut pieces = self.pieces.iter_mut().rev();
        pieces.find(|kept| kept.piece.number == number)
    }

    /// Whether it was read to its end since it was opened last.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        let ended = |report: &Report| matches!(report, Report::Ended { .. });
        self.reports.iter().any(ended)
    }
}

fn read<T: DeserializeOwned>(meta: &[u8]) -> Option<T> {
    serde_json::from_slice(meta).ok()
}
