//! The place an incident happens in: environments, regions, log groups, and the machines that log.
//!
//! Fixed by the seed before the first message enters. Nothing here knows what goes wrong.

use std::ops::Range;
use std::sync::Arc;

use super::random::Random;

/// The stages of the demo's pipeline, in order; each logs to a log group of its own.
pub(super) const STAGES: [&str; 6] = ["intake", "topic", "lambda", "queue", "engine", "processor"];

pub(super) const INTAKE: usize = 0;
pub(super) const TOPIC: usize = 1;
pub(super) const LAMBDA: usize = 2;
pub(super) const QUEUE: usize = 3;
pub(super) const ENGINE: usize = 4;
pub(super) const PROCESSOR: usize = 5;

/// The file-safe name of each stage's log group.
const GROUPS: [&str; 6] = [
    "acme-api",
    "acme-topic",
    "acme-lambda",
    "acme-queue",
    "acme-engine",
    "acme-processor",
];

/// How many processors there are in an environment, one a swimlane.
pub(super) const LANES: usize = 4;

const PURPOSE_WORLD: u64 = 1;

/// One environment as it is laid out.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) regions: &'static [&'static str],
    /// How much of the traffic enters in each region.
    pub(super) traffic: &'static [u64],
    /// The region (as an index) of each swimlane's processor.
    pub(super) lanes: [usize; LANES],
    /// The first three numbers of its machines' addresses.
    network: &'static str,
    account: &'static str,
}

pub(super) const PLACES: [Place; 2] = [
    Place {
        name: "dev",
        regions: &["us-east-1", "eu-central-1"],
        traffic: &[50, 50],
        lanes: [0, 0, 1, 1],
        network: "10-1-4",
        account: "111122223333",
    },
    Place {
        name: "qa",
        regions: &["us-east-1", "eu-central-1", "ap-southeast-2"],
        traffic: &[50, 30, 20],
        lanes: [0, 0, 1, 2],
        network: "10-3-7",
        account: "444455556666",
    },
];

/// One log group in one region of one environment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogGroup {
    /// The environment.
    pub env: &'static str,
    /// The region.
    pub region: &'static str,
    /// Its name as part of a file name: `acme-engine`.
    pub name: &'static str,
}

impl LogGroup {
    /// Its name in CloudWatch: `/acme/qa/engine`.
    #[must_use]
    pub fn cloudwatch_name(&self) -> String {
        let short = self.name.strip_prefix("acme-").unwrap_or(self.name);
        format!("/acme/{}/{short}", self.env)
    }
}

/// Something that writes log lines under one name and with one clock.
#[derive(Debug)]
pub(super) struct Node {
    /// Index into [`World::groups`].
    pub(super) group: usize,
    /// Index into [`PLACES`].
    pub(super) place: usize,
    /// Index into [`STAGES`].
    pub(super) stage: usize,
    pub(super) name: String,
    pub(super) stream: Arc<str>,
    pub(super) version: &'static str,
    /// The swimlane it serves, from 1; 0 where it serves all.
    pub(super) swimlane: usize,
    /// How far its clock is ahead.
    pub(super) skew_ms: i64,
}

/// Everything that logs.
#[derive(Debug)]
pub(super) struct World {
    pub(super) groups: Vec<LogGroup>,
    pub(super) nodes: Vec<Node>,
    /// The nodes of each log group, as indices.
    fleets: Vec<Range<usize>>,
    /// The first log group of each environment.
    first_group: [usize; PLACES.len()],
}

impl World {
    /// The same for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        let mut world = Self {
            groups: Vec::new(),
            nodes: Vec::new(),
            fleets: Vec::new(),
            first_group: [0; PLACES.len()],
        };
        let mut random = Random::new(seed, PURPOSE_WORLD, 0);
        for (place_index, place) in PLACES.iter().enumerate() {
            world.first_group[place_index] = world.groups.len();
            for (region_index, region) in place.regions.iter().enumerate() {
                for (stage, name) in GROUPS.into_iter().enumerate() {
                    world.groups.push(LogGroup {
                        env: place.name,
                        region,
                        name,
                    });
                    world.settle(place_index, region_index, stage, &mut random);
                }
            }
        }
        world
    }

    /// Puts the machines of one log group into place.
    fn settle(&mut self, place: usize, region: usize, stage: usize, random: &mut Random) {
        let first = self.nodes.len();
        let lanes = PLACES[place].lanes;
        let count = match stage {
            INTAKE => 2,
            TOPIC | QUEUE => 1,
            LAMBDA => 3,
            ENGINE => 4,
            _ => lanes.iter().filter(|home| **home == region).count(),
        };
        for number in 0..count {
            let swimlane = if stage == PROCESSOR {
                let mut homes = lanes
                    .iter()
                    .enumerate()
                    .filter(|(_, home)| **home == region);
                homes.nth(number).map_or(0, |(lane, _)| lane + 1)
            } else {
                0
            };
            let node = Node {
                group: self.groups.len() - 1,
                place,
                stage,
                name: String::new(),
                stream: Arc::from(""),
                version: if stage == ENGINE && number == 3 {
                    "2.14.0"
                } else {
                    "2.14.1"
                },
                swimlane,
                skew_ms: match stage {
                    ENGINE | PROCESSOR => random.between(-2_500, 2_500),
                    INTAKE | QUEUE => random.between(-150, 150),
                    _ => 0,
                },
            };
            let block = if stage == PROCESSOR { 139 } else { 11 };
            let serial = block + 40 * region as u64 + 9 * number as u64 + random.below(9);
            self.nodes.push(named(node, serial, random));
        }
        self.fleets.push(first..self.nodes.len());
    }

    /// Adds a machine that is in nobody's inventory.
    pub(super) fn intrude(&mut self, group: usize, host: &str, version: &'static str) -> usize {
        let (place, stage) = self.fleets[group]
            .clone()
            .next()
            .map_or((0, 0), |n| (self.nodes[n].place, self.nodes[n].stage));
        self.nodes.push(Node {
            group,
            place,
            stage,
            name: host.to_owned(),
            stream: Arc::from(host),
            version,
            swimlane: 0,
            skew_ms: 1_900,
        });
        self.nodes.len() - 1
    }

    /// The log group of a stage.
    pub(super) const fn group(&self, place: usize, region: usize, stage: usize) -> usize {
        self.first_group[place] + region * STAGES.len() + stage
    }

    /// One of the machines of a stage.
    pub(super) fn any(
        &self,
        place: usize,
        region: usize,
        stage: usize,
        random: &mut Random,
    ) -> usize {
        let fleet = &self.fleets[self.group(place, region, stage)];
        fleet.start + random.below(fleet.len() as u64) as usize
    }

    /// The processor of a swimlane (from 1).
    pub(super) fn processor(&self, place: usize, swimlane: usize) -> usize {
        let group = self.group(place, PLACES[place].lanes[swimlane - 1], PROCESSOR);
        let mut fleet = self.fleets[group].clone();
        let first = fleet.start;
        fleet
            .find(|node| self.nodes[*node].swimlane == swimlane)
            .unwrap_or(first)
    }

    /// The account number of a node's environment.
    pub(super) fn account(&self, node: usize) -> &'static str {
        PLACES[self.nodes[node].place].account
    }

    /// The region of a node.
    pub(super) fn region(&self, node: usize) -> &'static str {
        self.groups[self.nodes[node].group].region
    }
}

/// The node with its name and log stream, as its kind of service has them.
fn named(mut node: Node, serial: u64, random: &mut Random) -> Node {
    let host = format!("ip-{}-{serial}", PLACES[node.place].network);
    let (name, stream) = match node.stage {
        INTAKE => {
            let task = random.hex(32);
            (
                format!("api-{}", &task[..10]),
                format!("api/orders-api/{task}"),
            )
        }
        TOPIC => ("sns".to_owned(), random.uuid()),
        LAMBDA => {
            let instance = random.hex(32);
            (instance.clone(), format!("$LATEST/{instance}"))
        }
        QUEUE => (host, "queue/orders-jobs".to_owned()),
        ENGINE => (host.clone(), host),
        _ => {
            let stream = format!("processor/swimlane-{}/{host}", node.swimlane);
            (host, stream)
        }
    };
    node.name = name;
    node.stream = stream.into();
    node
}
