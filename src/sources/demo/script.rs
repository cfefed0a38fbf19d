//! What an incident is made of: how each message travels, and when which machine falls silent.
//!
//! An incident writes a script; merging, cutting at the end, late delivery and the truth are the
//! same for all and live elsewhere.

use super::lines::{Line, Message};
use super::random::Random;
use super::world::World;
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Mark;

/// The course of one incident.
pub(super) trait Script: Send + Sync {
    /// One of [`super::INCIDENTS`].
    fn name(&self) -> &'static str;
    /// The configuration that reads its logs.
    fn config(&self) -> &'static str;
    /// Where it happens.
    fn world(&self) -> &World;
    /// What goes wrong; a trip names its cause by its place in this list.
    fn causes(&self) -> &'static [Cause];
    /// The way of one message that enters at `entered`, by true time and without regard to the end.
    fn travel(&self, place: usize, entered: Timestamp, random: Random) -> Trip;
    /// Whether a machine still writes anything at that time.
    fn speaks(&self, node: usize, time: Timestamp) -> bool;
}

/// One thing that goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cause {
    /// A short name: `kms-decrypt`.
    pub name: &'static str,
    /// The environment it happens in.
    pub env: &'static str,
    /// One sentence for people.
    pub title: &'static str,
}

/// One log line on the way of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// When it really happened, whatever the node's clock says.
    pub(super) at: Timestamp,
    pub(super) node: usize,
    /// What the line says of the message; `None` where it does not name it.
    pub(super) mark: Option<Mark>,
    pub(super) line: Line,
}

/// The way of one message.
#[derive(Debug)]
pub(super) struct Trip {
    pub(super) message: Message,
    pub(super) steps: Vec<Step>,
    /// What stopped it, as an index into [`Script::causes`].
    pub(super) cause: Option<usize>,
    /// Now, at the point of the way reached so far.
    pub(super) now: Timestamp,
    pub(super) random: Random,
}

impl Trip {
    /// Time passes: a latency about `median_ms`.
    pub(super) fn wait(&mut self, median_ms: f64, sigma: f64) -> i64 {
        let millis = self.random.latency(median_ms, sigma);
        self.now = self.now.plus(millis);
        millis
    }

    /// Time passes: evenly between two bounds.
    pub(super) fn wait_between(&mut self, low_ms: i64, high_ms: i64) -> i64 {
        let millis = self.random.between(low_ms, high_ms);
        self.now = self.now.plus(millis);
        millis
    }

    /// A line that names the message.
    pub(super) fn sight(&mut self, node: usize, mark: Mark, line: Line) {
        self.steps.push(Step {
            at: self.now,
            node,
            mark: Some(mark),
            line,
        });
    }

    /// A line that does not.
    pub(super) fn mutter(&mut self, node: usize, line: Line) {
        self.steps.push(Step {
            at: self.now,
            node,
            mark: None,
            line,
        });
    }
}

/// The span from `from` to `to` minutes after `start`.
pub(super) fn minutes(start: Timestamp, from: i64, to: i64) -> Span {
    Span::new(start.plus(from * 60_000), start.plus(to * 60_000))
}
