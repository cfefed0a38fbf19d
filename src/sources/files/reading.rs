//! One input being read: who cuts it, how much is being decoded, what is told when it ends.
//!
//! Several threads may work on one input: they take turns at cutting and decode side by side.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::broken;
use super::chunk::Chunk;
use super::claim::Claim;
use super::cut::{Cutter, Next};
use super::decode::Decoder;
use super::discover::Task;
use super::frame::Framing;
use super::newest::Newest;
use super::open;
use super::order::Order;
use super::origin::FileOrigin;
use super::refuse::nothing_in;
use super::series::File;
use super::sieve::Sieve;
use crate::domain::event::OriginId;
use crate::domain::feed::{End, Fault, FeedEvent, Reject};
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::{Feed, Stopped};
use crate::sources::spool::Spool;

/// One input, opened.
pub struct Reading {
    /// What it was opened for.
    pub task: Task,
    /// Reading it again; `None` for what can be read only once.
    pub origin: Option<Arc<FileOrigin>>,
    feed: Feed,
    /// In following.
    newest: Option<Arc<Newest>>,
    /// For a look at a part of it.
    pub(super) sieve: Option<Arc<Sieve>>,
    framing: Arc<Framing>,
    origin_id: OriginId,
    spool: Option<Arc<Spool>>,
    packing: &'static str,
    cutter: Mutex<Cutter>,
    progress: Mutex<Progress>,
}

/// How far it has come.
#[derive(Default)]
struct Progress {
    /// Chunks that were cut and are not sent yet.
    decoding: usize,
    /// Chunks that were cut.
    chunks: u64,
    /// The chunk, counted from 1, that broke off in its last line.
    torn: Option<u64>,
    /// Nothing more will be cut.
    cut: bool,
    /// Nothing more has been told to come.
    told: bool,
    /// What went wrong while reading.
    fault: Option<Fault>,
    span: Option<Span>,
    /// The first input that was no log event.
    refused: Option<Reject>,
    order: Order,
    /// It was said that it has been read.
    caught_up: bool,
    claim: Claim,
}

/// Why reading paused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pause {
    /// Nothing new for now.
    Idle,
    /// The end.
    End,
}

impl Reading {
    /// Opens an input, to be followed together with others or not. What cannot be opened is told,
    /// and gives `None`.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn open(
        task: &Task,
        follow: Option<&Arc<Newest>>,
        feed: &Feed,
    ) -> Result<Option<Self>, Stopped> {
        let opened = open::open(task, follow.is_some(), feed)?;
        Ok(opened.map(|opened| Self {
            task: task.clone(),
            origin: opened.origin,
            feed: feed.clone(),
            newest: follow.cloned(),
            sieve: None,
            framing: opened.framing,
            origin_id: opened.origin_id,
            spool: opened.spool,
            packing: opened.packing,
            cutter: Mutex::new(opened.cutter),
            progress: Mutex::default(),
        }))
    }

    /// Opens what has taken the name of a file that was read to its end.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn open_again(&self) -> Result<Option<Self>, Stopped> {
        Self::open(&self.task, self.newest.as_ref(), &self.feed)
    }

    /// Opens what stands where a file was truncated. Its last lines may never have been read: the
    /// time between what was covered and what comes now is not.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn reopen(&self) -> Result<Option<Self>, Stopped> {
        let next = self.open_again()?;
        if let Some(next) = &next {
            let behind = lock(&self.progress).claim.behind();
            lock(&next.progress).claim = behind;
        }
        Ok(next)
    }

    /// Reads until there is nothing new. Several threads may do so at once.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn go_on(&self) -> Result<Pause, Stopped> {
        let mut decoder = Decoder::new(self.task.id, self.origin_id, self.framing.clone());
        let sieve = self.sieve.as_ref();
        let mut strainer = sieve.map(|sieve| sieve.strainer(&self.task, &self.framing));
        let mut spare = Vec::new();
        loop {
            if self.feed.is_stopped() {
                return Err(Stopped);
            }
            // What others gave before this look was written before it.
            let newest = self.newest.as_ref().map(|newest| newest.get());
            let (number, next) = self.cut(std::mem::take(&mut spare))?;
            match next {
                Next::Chunk(mut chunk) => {
                    if let Some(strainer) = &mut strainer {
                        chunk = strainer.strain(chunk);
                    }
                    let sent = self.send(&mut decoder, (number, chunk), &mut spare);
                    lock(&self.progress).decoding -= 1;
                    sent?;
                    self.settle()?;
                }
                Next::Idle if self.task.stream => {
                    self.cover(newest)?;
                    open::look_at_time(&self.task, &self.framing);
                    lock(&self.cutter).look_again();
                }
                Next::Idle => {
                    self.cover(newest)?;
                    return Ok(Pause::Idle);
                }
                Next::End => {
                    self.settle()?;
                    return Ok(Pause::End);
                }
            }
        }
    }

    /// Takes a turn at cutting; gives the number of the last chunk, too.
    fn cut(&self, spare: Vec<u8>) -> Result<(u64, Next), Stopped> {
        let mut cutter = lock(&self.cutter);
        cutter.reuse(spare);
        let number = {
            let progress = lock(&self.progress);
            if progress.cut {
                return Ok((progress.chunks, Next::End));
            }
            progress.chunks
        };
        let next = match cutter.next_chunk() {
            Ok(next) => next,
            Err(error) => {
                lock(&self.progress).fault = Some(broken::broken_off(
                    &self.task.source.name,
                    self.packing,
                    &error,
                ));
                cutter.rest().map_or(Next::End, Next::Chunk)
            }
        };
        if let Some(origin) = &self.origin
            && self.packing.is_empty()
        {
            origin.read_to(cutter.file_position());
        }
        match next {
            Next::Chunk(mut chunk) => {
                {
                    let mut progress = lock(&self.progress);
                    progress.decoding += 1;
                    progress.chunks += 1;
                }
                if let Some(spool) = &self.spool {
                    self.keep(spool, &mut chunk)?;
                }
                Ok((number + 1, Next::Chunk(chunk)))
            }
            Next::Idle => Ok((number, Next::Idle)),
            Next::End => {
                let mut progress = lock(&self.progress);
                progress.cut = true;
                if cutter.broken() && progress.fault.is_none() {
                    progress.fault = Some(broken::cut_document(&self.task.source.name));
                }
                Ok((number, Next::End))
            }
        }
    }

    fn keep(&self, spool: &Spool, chunk: &mut Chunk) -> Result<(), Stopped> {
        match spool.append(&chunk.bytes) {
            Ok(offset) => chunk.base = offset,
            Err(error) => {
                let note = format!("raw text cannot be shown again: {error}");
                self.feed
                    .send_blocking(FeedEvent::Note(self.task.id, note))?;
            }
        }
        Ok(())
    }

    fn send(
        &self,
        decoder: &mut Decoder,
        (number, chunk): (u64, Chunk),
        spare: &mut Vec<u8>,
    ) -> Result<(), Stopped> {
        let result = decoder.decode(chunk);
        *spare = result.spare;
        for batch in result.batches {
            self.feed.send_blocking(FeedEvent::Batch(batch))?;
        }
        if let (Some(newest), Some(span)) = (&self.newest, result.span) {
            newest.passed_on(span.to);
        }
        let refused = result.rejects.0.first().cloned();
        for reject in result.rejects.0 {
            self.feed
                .send_blocking(FeedEvent::Rejected(self.task.id, reject))?;
        }
        let mut progress = lock(&self.progress);
        let earlier = |known: &Reject, new: &Reject| known.line <= new.line;
        match (&progress.refused, refused) {
            (Some(known), Some(new)) if earlier(known, &new) => {}
            (_, Some(new)) => progress.refused = Some(new),
            (_, None) => {}
        }
        progress.claim.goes_on();
        if result.broken && !self.grows() && progress.fault.is_none() {
            progress.fault = Some(broken::broken_array(&self.task.source.name));
        }
        if result.torn {
            progress.torn = Some(number);
        }
        progress
            .order
            .add(number, result.span, !result.unordered && !result.broken);
        if let Some(new) = result.span {
            progress.span = Some(progress.span.map_or(new, |span| span.union(new)));
        }
        Ok(())
    }

    /// Tells the end, once everything is sent.
    fn settle(&self) -> Result<(), Stopped> {
        let (fault, complete_to, nothing) = {
            let mut progress = lock(&self.progress);
            if !progress.cut || progress.decoding > 0 || progress.told {
                return Ok(());
            }
            progress.told = true;
            // A line that still grows is only not complete yet.
            let last = progress.torn == Some(progress.chunks) && !self.grows();
            let torn = last.then(|| broken::torn(&self.task.source.name));
            let fault = progress.fault.take().or(torn);
            let nothing = progress.refused.take().filter(|_| progress.span.is_none());
            (fault, progress.order.complete_to(), nothing)
        };
        if let (None, Some(reject), false) = (&fault, &nothing, self.grows()) {
            return nothing_in(&self.task, reject).send(&self.task, &self.feed);
        }
        let whole = fault.is_none();
        if let Some(fault) = fault {
            self.feed
                .send_blocking(FeedEvent::Fault(self.task.id, fault))?;
        } else if self.grows() {
            return self.cover(None);
        }
        let end = if whole {
            End::WholeInput
        } else {
            End::UpTo(complete_to)
        };
        self.feed.send_blocking(FeedEvent::Ended(self.task.id, end))
    }

    /// In following, tells how far everything has been read, where `newest` was the newest event of
    /// all inputs when this one was looked at.
    fn cover(&self, newest: Option<Timestamp>) -> Result<(), Stopped> {
        let holds = self.newest.is_some() && lock(&self.cutter).holds();
        let span = {
            let mut progress = lock(&self.progress);
            if self.newest.is_none() || progress.decoding > 0 {
                return Ok(());
            }
            let (span, known) = (progress.span, progress.caught_up);
            progress.caught_up = true;
            match progress.claim.advance(span, newest, holds) {
                Some(span) => span,
                None if known => return Ok(()),
                None => return self.feed.send_blocking(FeedEvent::CaughtUp(self.task.id)),
            }
        };
        self.feed
            .send_blocking(FeedEvent::Covered(self.task.id, span))
    }

    /// Nothing will be appended any more: what is left is read.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn finish(&self) -> Result<(), Stopped> {
        {
            let mut cutter = lock(&self.cutter);
            cutter.finish();
            cutter.look_again();
        }
        self.go_on().map(|_| ())
    }

    /// Looks whether something was appended, and reads it.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn look_again(&self) -> Result<Pause, Stopped> {
        open::look_at_time(&self.task, &self.framing);
        lock(&self.cutter).look_again();
        self.go_on()
    }

    /// What has been read so far.
    pub fn read(&self) -> File {
        File {
            source: Arc::clone(&self.task.source),
            span: lock(&self.progress).span,
        }
    }

    /// How far the file has been read, in bytes of the file.
    pub fn position(&self) -> u64 {
        lock(&self.cutter).file_position()
    }

    /// Whether it has no end.
    const fn grows(&self) -> bool {
        self.newest.is_some() && !self.task.stream
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
