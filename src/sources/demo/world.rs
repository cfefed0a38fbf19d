//! The place an incident happens in: environments, regions, log groups, and the machines that log.
//!
//! Laid out before the first message enters. Nothing here knows what goes wrong.

use std::sync::Arc;

use super::names::lasting;
use super::random::Random;
use crate::domain::time::{Span, Timestamp};

/// The stage of what was put aside, where there is one: the last.
pub(super) const DEAD_LETTERS: &str = "dead-letters";

/// One environment.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) account: &'static str,
    /// How many messages enter beside the number asked for.
    pub(super) share: f64,
}

/// One log group in one region of one environment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogGroup {
    /// The environment.
    pub env: &'static str,
    /// The region.
    pub region: &'static str,
    /// Its name as part of a file name: `acme-engine`.
    pub name: &'static str,
    /// Whether the configuration reads its region.
    pub listed: bool,
    cloudwatch: &'static str,
}

impl LogGroup {
    /// Its name in CloudWatch: `/acme/qa/engine`.
    #[must_use]
    pub fn cloudwatch_name(&self) -> String {
        self.cloudwatch.to_owned()
    }
}

/// Something that writes log lines under one name and with one clock.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Index into [`World::groups`].
    pub(super) group: usize,
    /// Index into [`World::places`].
    pub(super) place: usize,
    /// Index into [`World::stages`].
    pub(super) stage: usize,
    pub(super) name: String,
    pub(super) stream: Arc<str>,
    pub(super) version: &'static str,
    /// What else tells it from others: a swimlane, a topic.
    pub(super) tag: usize,
    /// How far its clock is ahead.
    pub(super) skew_ms: i64,
    /// When it takes on work.
    pub(super) alive: Span,
}

/// Everything that logs.
pub(super) struct World {
    pub(super) stages: &'static [&'static str],
    pub(super) places: Vec<Place>,
    pub(super) groups: Vec<LogGroup>,
    pub(super) nodes: Vec<Node>,
    /// The nodes of each log group among which work is shared out.
    fleets: Vec<Vec<usize>>,
}

/// As long as anything lasts.
pub(super) const ALWAYS: Span = Span {
    from: Timestamp::MIN,
    to: Timestamp::MAX,
};

impl World {
    /// Nothing but the stages, in the order in which messages pass them.
    pub(super) const fn new(stages: &'static [&'static str]) -> Self {
        Self {
            stages,
            places: Vec::new(),
            groups: Vec::new(),
            nodes: Vec::new(),
            fleets: Vec::new(),
        }
    }

    /// Adds an environment.
    pub(super) fn place(&mut self, name: &'static str, account: &'static str, share: f64) -> usize {
        self.places.push(Place {
            name,
            account,
            share,
        });
        self.places.len() - 1
    }

    /// Adds a log group: its name in files and in CloudWatch.
    pub(super) fn group(
        &mut self,
        place: usize,
        region: &'static str,
        name: &str,
        cloudwatch: &str,
    ) -> usize {
        self.groups.push(LogGroup {
            env: self.places[place].name,
            region,
            name: lasting(name),
            listed: true,
            cloudwatch: lasting(cloudwatch),
        });
        self.fleets.push(Vec::new());
        self.groups.len() - 1
    }

    /// Adds a machine to the fleet of its log group.
    pub(super) fn hire(&mut self, node: Node) -> usize {
        let group = node.group;
        let index = self.intrude(node);
        self.fleets[group].push(index);
        index
    }

    /// Adds a machine that is in nobody's inventory.
    pub(super) fn intrude(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The environment of a log group, as an index.
    pub(super) fn place_of(&self, group: usize) -> usize {
        let env = self.groups[group].env;
        let mut places = self.places.iter();
        places.position(|place| place.name == env).unwrap_or(0)
    }

    /// The machines of a log group.
    pub(super) fn fleet(&self, group: usize) -> &[usize] {
        &self.fleets[group]
    }

    /// One of the machines of a log group that take on work now.
    pub(super) fn any(&self, group: usize, now: Timestamp, random: &mut Random) -> usize {
        let fleet = &self.fleets[group];
        let alive = || {
            let nodes = fleet.iter().copied();
            nodes.filter(|node| self.nodes[*node].alive.contains(now))
        };
        let count = alive().count().max(1) as u64;
        let chosen = random.below(count) as usize;
        alive().nth(chosen).unwrap_or(fleet[0])
    }

    /// Whether messages end well at this stage: the last one before the dead letters.
    pub(super) fn terminal(&self, stage: usize) -> bool {
        let last = self.stages.iter().rposition(|name| *name != DEAD_LETTERS);
        last == Some(stage)
    }

    /// The account number of a node's environment.
    pub(super) fn account(&self, node: &Node) -> &'static str {
        self.places[node.place].account
    }

    /// The region of a node.
    pub(super) fn region(&self, node: &Node) -> &'static str {
        self.groups[node.group].region
    }
}
