//! Whether a region answers at all: when it does not, one call at a time finds out, and the others
//! wait for what that one learns.
//!
//! Without it a region that is down costs every piece of every log group its own patience. An
//! answer of any kind, also a refusal, means that the region answers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::fault::Failure;
use crate::domain::event::SourceId;

/// What is known of a region: a state machine, time is an argument.
#[derive(Debug, Default)]
pub struct Line {
    /// It has answered before: an interruption is likelier than an address that is wrong.
    known: bool,
    /// Calls in a row without an answer.
    silent: u32,
    /// On whose behalf the last of them was made.
    who: Option<SourceId>,
    /// They were made for several.
    several: bool,
    open_to: OpenTo,
    /// It was given up: why, and until when.
    down: Option<(Failure, Instant)>,
}

/// Who may call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum OpenTo {
    /// Anybody.
    #[default]
    All,
    /// One, who is not there yet.
    One,
    /// Nobody else: somebody finds out.
    None,
}

/// Whether a call may be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pass {
    /// Yes.
    Go,
    /// Yes, alone.
    Probe,
    /// Somebody else finds out.
    Wait,
    /// No: this is why.
    Down(Failure),
}

impl Line {
    /// Asks to make a call.
    pub fn ask(&mut self, now: Instant) -> Pass {
        if let Some((failure, until)) = &self.down {
            if now < *until {
                return Pass::Down(failure.clone());
            }
            self.down = None;
        }
        match self.open_to {
            OpenTo::All => Pass::Go,
            OpenTo::One => {
                self.open_to = OpenTo::None;
                Pass::Probe
            }
            OpenTo::None => Pass::Wait,
        }
    }

    /// There was an answer.
    pub fn answered(&mut self) {
        *self = Self {
            known: true,
            ..Self::default()
        };
    }

    /// Whether there ever was one.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.known
    }

    /// There was none to a call on behalf of `who`.
    pub fn silent(&mut self, who: Option<SourceId>, in_a_row: u32) {
        self.several |= self.silent > 0 && self.who != who;
        self.silent += 1;
        self.who = who;
        if self.silent >= in_a_row && self.open_to == OpenTo::All {
            self.open_to = OpenTo::One;
        }
    }

    /// Whoever found out stops doing so.
    pub fn leave(&mut self) {
        if self.open_to == OpenTo::None {
            self.open_to = OpenTo::One;
        }
    }

    /// A call was tried often enough. The region is down, unless only calls for one log group found
    /// nobody to answer although a connection was made.
    pub fn spent(&mut self, failure: &Failure, until: Instant) {
        let alone = self.open_to != OpenTo::All;
        if alone && (self.several || failure.is_unreachable()) {
            self.down = Some((failure.clone(), until));
        } else {
            self.open_to = OpenTo::All;
        }
    }
}

/// The line of one region, shared by all that call there.
#[derive(Debug, Default)]
pub struct Circuit {
    line: Mutex<Line>,
    changed: Notify,
}

impl Circuit {
    /// One call's dealings with it.
    #[must_use]
    pub const fn visit(&self, who: Option<SourceId>) -> Visit<'_> {
        Visit {
            circuit: self,
            who,
            probes: false,
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Circuit::visit`]. Leaves when dropped.
#[derive(Debug)]
pub struct Visit<'a> {
    circuit: &'a Circuit,
    who: Option<SourceId>,
    /// It is the one that finds out.
    probes: bool,
}

impl Visit<'_> {
    /// Waits until the call may be made.
    ///
    /// # Errors
    /// The failure of another call, which this one would share.
    pub async fn enter(&mut self) -> Result<(), Failure> {
        if self.probes {
            return Ok(());
        }
        loop {
            let mut changed = std::pin::pin!(self.circuit.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            match self.circuit.line().ask(Instant::now()) {
                Pass::Go => return Ok(()),
                Pass::Probe => {
                    self.probes = true;
                    return Ok(());
                }
                Pass::Down(failure) => return Err(failure),
                Pass::Wait => {}
            }
            changed.await;
        }
    }

    /// The call was answered.
    pub fn answered(&mut self) {
        self.probes = false;
        self.circuit.line().answered();
        self.circuit.changed.notify_waiters();
    }

    /// It was not. Returns whether another one ever was.
    pub fn silent(&mut self, in_a_row: u32) -> bool {
        let mut line = self.circuit.line();
        line.silent(self.who, in_a_row);
        line.is_known()
    }

    /// It will not be made again.
    pub fn spent(&mut self, failure: &Failure, rest: Duration) {
        self.circuit.line().spent(failure, Instant::now() + rest);
        self.circuit.changed.notify_waiters();
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        if self.probes {
            self.circuit.line().leave();
            self.circuit.changed.notify_waiters();
        }
    }
}
