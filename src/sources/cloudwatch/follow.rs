//! Follows one log group by asking for its newest events again and again.
//!
//! Each round is a chain of pages over an overlap that reaches back as far as events may still
//! arrive (`tail` says which); what was passed on before is dropped by its id. Every call waits for
//! its turn in its region like any other, so that many groups share the rate. A round that fails is
//! made again for as long as the run goes on: what it would have covered stays uncovered meanwhile.

use std::sync::Arc;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use tokio::time::{sleep, timeout};

use super::fault::{Class, Failure};
use super::fetch::Fetch;
use super::following::{Following, Phase};
use super::group::Group;
use super::keep::{After, Piece};
use super::latest_listing::LatestListing;
use super::page::At;
use super::remedy::Attempt;
use super::sorted::{Sorted, sort};
use super::tail::Round;
use super::walk::{Step, Walk};
use crate::domain::feed::{End, FeedEvent, Pulse};
use crate::domain::time::Timestamp;
use crate::sources::channel::Stopped;

/// One group and all that following it needs.
pub struct Follower {
    /// How to call.
    pub fetch: Arc<Fetch>,
    /// The group.
    pub group: Arc<Group>,
    /// When its environment's groups were listed.
    pub latest: Arc<LatestListing>,
}

/// What came of a round.
#[derive(Default)]
struct Read {
    pages: u32,
    fresh: usize,
    piece: Option<Piece>,
}

impl Follower {
    /// Follows until the end that was asked for, or until the feed stops.
    ///
    /// # Errors
    /// When the feed stopped.
    pub async fn run(self) -> Result<(), Stopped> {
        let Some(following) = &self.group.following else {
            return Ok(());
        };
        if !following.begins().await {
            return Ok(());
        }
        let mut said = None;
        loop {
            let now = self.fetch.skew.corrected(following.settings.clock.now());
            let round = following.tail().next(now);
            if let Some(round) = round {
                self.patiently(following, round, &mut said).await?;
            }
            let back = (following.phase() == Phase::Whole)
                .then(|| following.tail().look_back(now))
                .flatten();
            if let Some(round) = back {
                self.patiently(following, round, &mut said).await?;
            }
            if self.tell(following, &mut said).await? {
                let ended = FeedEvent::Ended(self.group.source, End::AsCovered);
                return self.fetch.out.tell(ended).await;
            }
            let wait = following
                .tail()
                .interval(following.settings.tempo, self.group.entry);
            let _rung = timeout(wait, following.bell.notified()).await;
        }
    }

    /// One round; says so when it takes unusually long.
    async fn patiently(
        &self,
        following: &Following,
        round: Round,
        said: &mut Option<Pulse>,
    ) -> Result<(), Stopped> {
        let mut making = std::pin::pin!(self.round(following, round));
        let made = loop {
            tokio::select! {
                made = &mut making => break made?,
                () = sleep(following.settings.patience) => {
                    let why = "CloudWatch has not answered".to_owned();
                    following.tail().failed(round.asked, why);
                    self.say(following, said).await?;
                }
            }
        };
        match made {
            Ok(read) => {
                let mut tail = following.tail();
                tail.read(round, read.pages, read.fresh);
                if let Some(piece) = read.piece {
                    tail.kept(piece.span.to);
                }
            }
            Err(failure) => {
                let attempt = Attempt {
                    permission: "logs:FilterLogEvents",
                    region: &self.fetch.region,
                    group: &self.group.name,
                };
                let fault = self.fetch.caller.fault(&failure, attempt, true);
                let why = format!("{} ({})", fault.message, fault.remedy);
                following.tail().failed(round.asked, why);
            }
        }
        Ok(())
    }

    /// Reads one chain of pages to its end, and passes on what is new.
    async fn round(
        &self,
        following: &Following,
        round: Round,
    ) -> Result<Result<Read, Failure>, Stopped> {
        let mut walk = Walk::hashed(round.span, self.group.hasher.clone());
        let mut read = Read::default();
        loop {
            let step = match self.fetch.ask(&self.group, &walk).await {
                Ok(output) => {
                    let next = output.next_token.clone();
                    // What was read before comes again each time, and so would every complaint.
                    let mut events = sort(&mut walk, output).events;
                    events.retain(|(time, event)| !following.has(*time, event));
                    read.pages += 1;
                    let step = walk.turn(next);
                    let new = (events, step == Step::Done);
                    if let Err(failure) = self.pass_on(following, round, &mut read, new).await? {
                        return Ok(Err(self.undone(following, &read, failure)));
                    }
                    step
                }
                Err(failure) if failure.class == Class::TokenExpired && walk.token().is_some() => {
                    walk.expired()
                }
                Err(failure) => return Ok(Err(self.undone(following, &read, failure))),
            };
            match step {
                Step::More => {}
                Step::Done => return Ok(Ok(read)),
                Step::Broken(why) => {
                    let failure = Failure::new(Class::Other, why);
                    return Ok(Err(self.undone(following, &read, failure)));
                }
            }
        }
    }

    /// Keeps and tells the new events of one page. A round without any leaves no trace where pages
    /// are kept: the next piece has its time too.
    async fn pass_on(
        &self,
        following: &Following,
        round: Round,
        read: &mut Read,
        (events, done): (Vec<(Timestamp, FilteredLogEvent)>, bool),
    ) -> Result<Result<(), Failure>, Stopped> {
        if events.is_empty() && read.piece.is_none() {
            return Ok(Ok(()));
        }
        let span = following.tail().piece(round);
        let piece = match read.piece {
            Some(piece) => piece,
            None => match self.fetch.begin_at(&self.group, span, round.asked) {
                Ok(piece) => *read.piece.insert(piece),
                Err(failure) => return Ok(Err(failure)),
            },
        };
        let at = At {
            source: self.group.source,
            piece: piece.number,
            // The token is one of another span: a later run begins this piece anew.
            after: After {
                from: piece.span.from,
                token: None,
                done,
            },
        };
        read.fresh += events.len();
        let sorted = Sorted {
            events,
            rejects: Vec::new(),
        };
        self.fetch.pass_on(&self.group, at, sorted).await
    }

    /// The pieces of later rounds have the time of one that broke off, but for its beginning.
    fn undone(&self, following: &Following, read: &Read, failure: Failure) -> Failure {
        if let Some(Piece { number, span, .. }) = read.piece {
            following.tail().kept(span.from);
            if span.from < span.to {
                // A place that cannot be written any more says so by itself.
                let keep = &self.fetch.out.keep;
                let _ = keep.cut(self.group.source, number, span.from);
            }
        }
        failure
    }

    /// Tells what has become covered and how far it has been read; whether that is the end.
    async fn tell(&self, following: &Following, said: &mut Option<Pulse>) -> Result<bool, Stopped> {
        let (claim, over) = {
            let mut tail = following.tail();
            (tail.claim(self.latest.at()), tail.is_over())
        };
        if let Some(span) = claim {
            let covered = FeedEvent::Covered(self.group.source, span);
            self.fetch.out.tell(covered).await?;
        }
        self.say(following, said).await?;
        Ok(over && following.phase() == Phase::Whole)
    }

    /// Tells how it goes, once everything that was there before has been read.
    async fn say(&self, following: &Following, said: &mut Option<Pulse>) -> Result<(), Stopped> {
        if following.phase() != Phase::Whole {
            return Ok(());
        }
        let pulse = {
            let tail = following.tail();
            tail.pulse(tail.interval(following.settings.tempo, self.group.entry))
        };
        if said.as_ref() == Some(&pulse) {
            return Ok(());
        }
        let followed = FeedEvent::Followed(self.group.source, pulse.clone());
        // That it is followed is worth keeping, how it goes is not.
        match said.replace(pulse) {
            None => self.fetch.out.tell(followed).await,
            Some(_) => self.fetch.out.show(followed).await,
        }
    }
}
