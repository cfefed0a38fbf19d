//! Puts machines into log groups: named and with streams as their kind of service has them, replaced
//! by deploys, joined by others in busy hours.

use super::random::Random;
use super::world::{ALWAYS, Node, World};
use crate::domain::time::{Span, Timestamp};

/// What kind of service a machine runs; decides how it and its log stream are called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Habit {
    /// A host of its own: `ip-10-1-4-17`.
    Host,
    /// A container task of this service.
    Task(&'static str),
    /// A pod of this deployment.
    Pod(&'static str),
    /// An instance of a function.
    Function,
    /// Nobody's machine: a managed service of this name.
    Managed(&'static str),
}

/// What machines are hired for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post {
    pub(super) group: usize,
    pub(super) stage: usize,
    pub(super) habit: Habit,
    pub(super) version: &'static str,
    /// See [`Node::tag`].
    pub(super) tag: usize,
    /// A clock may be off by so much.
    pub(super) skew_ms: i64,
}

/// Hires machines.
pub(super) struct Crew<'a> {
    pub(super) world: &'a mut World,
    random: Random,
    /// The first three numbers of the machines' addresses.
    network: String,
    serial: i64,
}

impl<'a> Crew<'a> {
    pub(super) fn new(world: &'a mut World, mut random: Random) -> Self {
        let network = format!("10-{}-{}", random.between(16, 90), random.between(1, 60));
        Self {
            world,
            random,
            network,
            serial: 10,
        }
    }

    /// So many machines that are always there.
    pub(super) fn hire(&mut self, post: &Post, count: usize) {
        for _ in 0..count {
            self.one(post, ALWAYS);
        }
    }

    /// So many more for a while, one after the other.
    pub(super) fn grow(&mut self, post: &Post, count: i64, busy: Span) {
        for number in 0..count {
            let alive = Span::new(busy.from.plus(number * 150_000), busy.to);
            self.one(post, alive);
        }
    }

    /// Replaces all machines of a log group, one after the other.
    pub(super) fn deploy(&mut self, post: &Post, at: Timestamp, version: &'static str) {
        let leaving: Vec<usize> = self.world.fleet(post.group).to_vec();
        let leaving = leaving
            .into_iter()
            .filter(|node| self.world.nodes[*node].alive.contains(at));
        for (number, node) in leaving.collect::<Vec<_>>().into_iter().enumerate() {
            let change = at.plus(number as i64 * 45_000);
            let Span { to, .. } = self.world.nodes[node].alive;
            if change < to {
                self.world.nodes[node].alive.to = change;
                let new = Post { version, ..*post };
                self.one(&new, Span::new(change.plus(1), to));
            }
        }
    }

    fn one(&mut self, post: &Post, alive: Span) {
        let (name, stream) = self.names(post);
        let skew_ms = self.random.between(-post.skew_ms, post.skew_ms);
        self.world.hire(Node {
            group: post.group,
            place: self.world.place_of(post.group),
            stage: post.stage,
            name,
            stream: stream.into(),
            version: post.version,
            tag: post.tag,
            skew_ms,
            alive,
        });
    }

    fn names(&mut self, post: &Post) -> (String, String) {
        let random = &mut self.random;
        match post.habit {
            Habit::Host => {
                self.serial += random.between(1, 7);
                let (network, serial) = (&self.network, self.serial);
                let host = format!("ip-{network}-{serial}");
                (host.clone(), host)
            }
            Habit::Task(service) => {
                let task = random.hex(32);
                (
                    format!("{service}-{}", &task[..10]),
                    format!("{service}/{service}/{task}"),
                )
            }
            Habit::Pod(deployment) => {
                let pod = format!("{deployment}-{}-{}", random.hex(9), random.hex(5));
                (pod.clone(), pod)
            }
            Habit::Function => {
                let instance = random.hex(32);
                (instance.clone(), format!("2026/03/14/[$LATEST]{instance}"))
            }
            Habit::Managed(name) => (name.to_owned(), random.uuid()),
        }
    }
}
