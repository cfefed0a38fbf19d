//! The way of one message as it is told: its log lines, one after the other, and what stopped it.

use super::random::Random;
use super::world::{Node, World};
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Mark;

/// A set of causes, one bit each.
pub(super) type Causes = u32;

/// The set that holds one cause.
pub(super) const fn bit(cause: usize) -> Causes {
    1 << cause
}

/// Which lines are wanted as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// None: only what they say.
    Nothing,
    /// Those of one log group.
    Group(usize),
    /// All.
    All,
}

/// One log line on the way of a message.
#[derive(Debug)]
pub(super) struct Step {
    /// When it really happened.
    pub(super) at: Timestamp,
    /// When the node says it happened.
    pub(super) time: Timestamp,
    pub(super) node: usize,
    /// What the line says of the message; `None` where it does not name it.
    pub(super) mark: Option<Mark>,
    /// By which of its IDs the line names it, one bit each.
    pub(super) ids: u8,
    /// `None` where it is not wanted, or not within the window.
    pub(super) text: Option<String>,
}

/// Who writes a line, and when by its own clock.
#[derive(Clone, Copy)]
pub(super) struct Pen<'a> {
    pub(super) world: &'a World,
    pub(super) node: &'a Node,
    pub(super) time: Timestamp,
}

/// The first of a message's IDs, for [`Trip::sight`].
pub(super) const FIRST: u8 = 1;
/// The second.
pub(super) const SECOND: u8 = 2;
/// The third.
pub(super) const THIRD: u8 = 4;

/// What is told, and how.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub(super) world: &'a World,
    /// Nothing outside is read.
    pub(super) span: Span,
    pub(super) wanted: Wanted,
    /// The causes that are at work.
    pub(super) active: Causes,
}

/// The way of one message.
pub(super) struct Trip<'a> {
    telling: Telling<'a>,
    /// Index into [`World::places`].
    pub(super) place: usize,
    /// Now, at the point of the way reached so far.
    pub(super) now: Timestamp,
    pub(super) random: Random,
    /// Every ID it may be given, the one it enters with first.
    pub(super) ids: Vec<String>,
    pub(super) steps: Vec<Step>,
    /// What stopped it.
    pub(super) cause: Option<usize>,
    /// Every cause that it met.
    pub(super) met: Causes,
}

impl<'a> Trip<'a> {
    pub(super) fn new(
        telling: Telling<'a>,
        place: usize,
        entered: Timestamp,
        random: Random,
    ) -> Self {
        Self {
            telling,
            place,
            now: entered,
            random,
            ids: Vec::new(),
            steps: Vec::with_capacity(16),
            cause: None,
            met: 0,
        }
    }

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

    /// Time passes until then, if that is still to come.
    pub(super) fn wait_until(&mut self, time: Timestamp) {
        self.now = self.now.max(time);
    }

    /// One of the machines of a log group.
    pub(super) fn any(&mut self, group: usize) -> usize {
        self.telling.world.any(group, self.now, &mut self.random)
    }

    /// Whether a cause that would do something here is at work.
    pub(super) const fn meets(&mut self, cause: usize) -> bool {
        self.met |= bit(cause);
        self.telling.active & bit(cause) != 0
    }

    /// A line that names the message by these of its IDs.
    pub(super) fn sight(
        &mut self,
        node: usize,
        mark: Mark,
        ids: u8,
        write: impl FnOnce(&Pen<'_>) -> String,
    ) {
        self.log(node, Some(mark), ids, write);
    }

    /// A line that does not.
    pub(super) fn mutter(&mut self, node: usize, write: impl FnOnce(&Pen<'_>) -> String) {
        self.log(node, None, 0, write);
    }

    fn log(
        &mut self,
        index: usize,
        mark: Option<Mark>,
        ids: u8,
        write: impl FnOnce(&Pen<'_>) -> String,
    ) {
        let Telling {
            world,
            span,
            wanted,
            ..
        } = self.telling;
        let node = &world.nodes[index];
        let time = self.now.plus(node.skew_ms);
        let asked = match wanted {
            Wanted::Nothing => false,
            Wanted::Group(group) => group == node.group,
            Wanted::All => true,
        };
        let text = (asked && span.contains(time)).then(|| write(&Pen { world, node, time }));
        self.steps.push(Step {
            at: self.now,
            time,
            node: index,
            mark,
            ids,
            text,
        });
    }
}
