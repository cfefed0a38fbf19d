//! One piece of one group, read page by page to its end: each page is kept, told and counted as
//! covered while the piece goes on, and a piece that turns out long is shared.
//!
//! What could not be passed on was not read.

use std::sync::Arc;

use super::fault::{Class, Failure};
use super::fetch::{Fetch, not_kept};
use super::group::Group;
use super::keep::Piece;
use super::page::At;
use super::sorted::sort;
use super::walk::{Step, Walk};
use super::work::{Job, Task, Work};
use crate::domain::feed::FeedEvent;
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::Stopped;

/// What is covered is told when it has grown by this part of the piece.
const TOLD_PARTS: i64 = 16;
/// A piece is shared if so many pages at least seem to be left of it.
const WORTH_SHARING: f64 = 2.0;

/// A piece that is being read. It can be left at any time: what it has read so far stands in it.
pub struct Chain<'a> {
    fetch: &'a Fetch,
    group: &'a Arc<Group>,
    work: &'a Work,
    piece: Piece,
    walk: Walk,
    /// Where it stood when this run took it up.
    began: Timestamp,
    pages: u32,
    /// What was read completely and told.
    passed: Option<Span>,
    /// Up to where it was told as covered.
    covered: Timestamp,
}

impl<'a> Chain<'a> {
    /// The chain of `piece`, from where `walk` stands.
    #[must_use]
    pub fn new(
        fetch: &'a Fetch,
        work: &'a Work,
        group: &'a Arc<Group>,
        piece: Piece,
        mut walk: Walk,
    ) -> Self {
        for read_elsewhere in group.seen(piece.span) {
            walk.exclude(read_elsewhere);
        }
        let passed = walk.certain();
        Self {
            fetch,
            group,
            work,
            piece,
            began: passed.map_or(piece.span.from, |span| span.to),
            walk,
            pages: 0,
            passed,
            covered: piece.span.from.plus(-1),
        }
    }

    /// Reads to the end of the piece, or to what stands in the way.
    ///
    /// # Errors
    /// When the feed stopped.
    pub async fn read(&mut self) -> Result<Option<Failure>, Stopped> {
        let mut step = if self.walk.is_over() {
            Step::Done
        } else {
            Step::More
        };
        loop {
            match step {
                Step::More => {}
                Step::Done => {
                    self.passed = Some(self.walk.window());
                    return Ok(None);
                }
                Step::Broken(why) => return Ok(Some(Failure::new(Class::Other, why))),
            }
            step = match self.fetch.ask(self.group, &self.walk).await {
                Ok(output) => {
                    let next = output.next_token.clone();
                    let sorted = sort(&mut self.walk, output);
                    let step = self.walk.turn(next);
                    let at = At {
                        source: self.group.source,
                        piece: self.piece.number,
                        after: self.walk.after(step),
                    };
                    if let Err(failure) = self.fetch.pass_on(self.group, at, sorted).await? {
                        return Ok(Some(failure));
                    }
                    step
                }
                Err(failure)
                    if failure.class == Class::TokenExpired && self.walk.token().is_some() =>
                {
                    self.walk.expired()
                }
                Err(failure) => return Ok(Some(failure)),
            };
            self.passed = self.walk.certain();
            if step == Step::More {
                self.pages += 1;
                self.tell_progress().await?;
                if let Err(failure) = self.share() {
                    return Ok(Some(failure));
                }
            }
        }
    }

    /// Writes down what was read of it, and what was not for want of `failure`; returns what of it is
    /// covered for certain.
    #[must_use]
    pub fn close(self, failure: Option<Failure>) -> Option<Span> {
        if let Some(failure) = failure {
            let window = self.walk.window();
            let from = self.passed.map_or(window.from, |span| span.to.plus(1));
            self.group.failed(Span { from, ..window }, failure);
        }
        let read = self.group.still_kept(self.passed?)?;
        self.group.read(read, self.piece.asked_at);
        self.group.certain(read, self.piece.asked_at)
    }

    /// Tells what is covered by now, from time to time.
    async fn tell_progress(&mut self) -> Result<(), Stopped> {
        let window = self.walk.window();
        let step = window.to.since(window.from) / TOLD_PARTS;
        let asked_at = self.piece.asked_at;
        let certain = self
            .passed
            .and_then(|span| self.group.still_kept(span))
            .and_then(|span| self.group.certain(span, asked_at));
        let Some(certain) = certain.filter(|span| span.to.since(self.covered) > step) else {
            return Ok(());
        };
        self.covered = certain.to;
        let covered = FeedEvent::Covered(self.group.source, certain);
        self.fetch.out.tell(covered).await
    }

    /// Gives the later half of what is left to a worker that has nothing to do, or all of it where
    /// this piece has become too much to remember.
    fn share(&mut self) -> Result<(), Failure> {
        let Some(rest) = self.walk.rest() else {
            return Ok(());
        };
        let settings = &self.fetch.calls.settings;
        let to = if self.walk.events() >= settings.piece_events {
            rest.from.plus(-1)
        } else if self.pages >= settings.pages_alone
            && self.pages_in(rest) >= WORTH_SHARING
            && self.work.has_room()
        {
            rest.from.plus(rest.to.since(rest.from) / 2)
        } else {
            return Ok(());
        };
        if to >= rest.to {
            return Ok(());
        }
        let keep = &self.fetch.out.keep;
        let cut = keep.cut(self.group.source, self.piece.number, to);
        cut.map_err(|error| not_kept(&error))?;
        self.walk.cut(to);
        self.work.add(Task {
            group: Arc::clone(self.group),
            job: Job::Read(Span {
                from: to.plus(1),
                to: rest.to,
            }),
        });
        Ok(())
    }

    /// How many pages seem to be left, going by those that were read.
    fn pages_in(&self, rest: Span) -> f64 {
        let read = rest.from.since(self.began).max(1);
        f64::from(self.pages) * rest.to.since(rest.from) as f64 / read as f64
    }
}
