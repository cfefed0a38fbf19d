//! Where `two-environments` happens: its log groups, its machines and their clocks.
//!
//! Knows nothing of what goes wrong, but for the one machine that is in nobody's inventory.

use super::super::random::Random;
use super::super::script::Terms;
use super::super::variant::Variant;
use super::super::world::{ALWAYS, Node, World};
use super::cast::{Cast, LANES};
use crate::domain::time::Span;

/// The environments, as indices.
pub(super) const DEV: usize = 0;
pub(super) const QA: usize = 1;

/// The stages of its pipeline, in order; each logs to a log group of its own.
pub(super) const STAGES: [&str; 6] = ["intake", "topic", "lambda", "queue", "engine", "processor"];

pub(super) const INTAKE: usize = 0;
pub(super) const TOPIC: usize = 1;
pub(super) const LAMBDA: usize = 2;
pub(super) const QUEUE: usize = 3;
pub(super) const ENGINE: usize = 4;
pub(super) const PROCESSOR: usize = 5;

/// The short name of each stage's log group.
const GROUPS: [&str; 6] = ["api", "topic", "lambda", "queue", "engine", "processor"];

const PURPOSE_WORLD: u64 = 1;

/// The first log group of each environment.
pub(super) type FirstGroups = [usize; 2];

/// The log group of a stage.
pub(super) const fn group(first: &FirstGroups, place: usize, region: usize, stage: usize) -> usize {
    first[place] + region * STAGES.len() + stage
}

pub(super) fn world(cast: &Cast, terms: &Terms) -> (World, FirstGroups) {
    let mut world = World::new(&STAGES);
    let mut first = [0; 2];
    let mut random = Random::new(terms.seed, PURPOSE_WORLD, 0);
    for (index, layout) in cast.layouts.iter().enumerate() {
        let place = world.place(layout.name, layout.account, cast.size);
        first[index] = world.groups.len();
        for (region_index, region) in layout.regions.iter().enumerate() {
            for (stage, short) in GROUPS.into_iter().enumerate() {
                let company = cast.company;
                let cloudwatch = format!("/{company}/{}/{short}", layout.name);
                let group = world.group(place, region, &format!("{company}-{short}"), &cloudwatch);
                let home = Home {
                    group,
                    place,
                    region: region_index,
                    stage,
                };
                settle(&mut world, cast, &home, &mut random);
                if terms.variant == Variant::Healthy && stage == ENGINE {
                    grow(&mut world, cast, terms, &home, &mut random);
                }
            }
        }
    }
    (world, first)
}

/// Where machines are put.
struct Home {
    group: usize,
    place: usize,
    region: usize,
    stage: usize,
}

/// Puts the machines of one log group into place.
fn settle(world: &mut World, cast: &Cast, home: &Home, random: &mut Random) {
    let lanes = cast.layouts[home.place].lanes.iter().enumerate();
    let served: Vec<usize> = lanes
        .filter(|(_, region)| **region == home.region)
        .map(|(lane, _)| lane + 1)
        .collect();
    let count = match home.stage {
        INTAKE => 2,
        TOPIC | QUEUE => 1,
        LAMBDA => 3,
        ENGINE => cast.engines,
        _ => served.len(),
    };
    for number in 0..count {
        let last_engine = home.stage == ENGINE && number + 1 == count;
        let node = Node {
            group: home.group,
            place: home.place,
            stage: home.stage,
            name: String::new(),
            stream: "".into(),
            version: if last_engine {
                cast.behind
            } else {
                cast.version
            },
            tag: served
                .get(number)
                .copied()
                .filter(|_| home.stage == PROCESSOR)
                .unwrap_or(0),
            skew_ms: match home.stage {
                ENGINE | PROCESSOR => random.between(-2_500, 2_500),
                INTAKE | QUEUE => random.between(-150, 150),
                _ => 0,
            },
            alive: ALWAYS,
        };
        let block = if home.stage == PROCESSOR { 139 } else { 11 };
        let serial = block + 40 * home.region as u64 + 9 * number as u64 + random.below(9);
        world.hire(named(node, cast, serial, random));
    }
}

/// A good day: the engines are replaced one after the other by a new version, and for the busy hours
/// there are two more.
fn grow(world: &mut World, cast: &Cast, terms: &Terms, home: &Home, random: &mut Random) {
    let fleet = world.fleet(home.group).to_vec();
    let busy = terms.minutes(70, 135);
    for (number, old) in fleet.iter().enumerate() {
        let change = terms.minute(96 + 2 * number as i64);
        let mut new = world.nodes[*old].clone();
        world.nodes[*old].alive.to = change;
        new.alive.from = change.plus(1);
        new.version = cast.next;
        new.skew_ms = random.between(-2_500, 2_500);
        let serial = 170 + 10 * number as u64 + random.below(9);
        world.hire(named(new, cast, serial, random));
    }
    for number in 0..2 {
        let mut more = world.nodes[fleet[0]].clone();
        more.alive = Span::new(busy.from.plus(number * 240_000), busy.to);
        more.version = cast.version;
        more.skew_ms = random.between(-2_500, 2_500);
        let serial = 230 + 10 * number as u64 + random.below(9);
        world.hire(named(more, cast, serial, random));
    }
}

/// The machine that is in nobody's inventory.
pub(super) fn old_engine(world: &mut World, cast: &Cast, group: usize) -> usize {
    let of_fleet = &world.nodes[world.fleet(group)[0]];
    let node = Node {
        name: cast.old_host.clone(),
        stream: cast.old_host.as_str().into(),
        version: cast.old_version,
        skew_ms: 1_900,
        ..of_fleet.clone()
    };
    world.intrude(node)
}

/// The processor of a swimlane (from 1).
pub(super) fn processor(
    world: &World,
    cast: &Cast,
    first: &FirstGroups,
    place: usize,
    swimlane: usize,
) -> usize {
    let region = cast.layouts[place].lanes[(swimlane - 1) % LANES];
    let fleet = world.fleet(group(first, place, region, PROCESSOR));
    let mut nodes = fleet.iter().copied();
    nodes
        .find(|node| world.nodes[*node].tag == swimlane)
        .unwrap_or(fleet[0])
}

/// The node with its name and log stream, as its kind of service has them.
fn named(mut node: Node, cast: &Cast, serial: u64, random: &mut Random) -> Node {
    let host = format!("ip-{}-{serial}", cast.layouts[node.place].network);
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
            let stream = format!("processor/swimlane-{}/{host}", node.tag);
            (host, stream)
        }
    };
    node.name = name;
    node.stream = stream.into();
    node
}
