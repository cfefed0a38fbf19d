//! A pipeline over five regions and two environments, drawn from a seed, with a known answer.
//!
//! Orders come in at `intake`, wait in `queue`, are worked on by `engine` and leave by `delivery`;
//! each goes through regions of its own. Some are really lost, some are late, some are still on
//! their way, and of some the last log events cannot be read yet. The text of some is hostile.

use std::collections::{BTreeMap, BTreeSet};

use super::fake_cloudwatch::call::Hash;
use super::fake_cloudwatch::{Event, FakeCloudWatch, Group};

/// The environments, each with its account.
pub(crate) const ENVIRONMENTS: [(&str, &str); 2] =
    [("qa", "111111111111"), ("prod", "222222222222")];
pub(crate) const REGIONS: [&str; 5] = [
    "eu-central-1",
    "us-east-1",
    "eu-west-1",
    "ap-southeast-2",
    "us-west-2",
];
/// The stages, with the regions each runs in.
pub(crate) const STAGES: [(&str, &[usize]); 4] = [
    ("intake", &[0, 2]),
    ("queue", &[1]),
    ("engine", &[0, 3]),
    ("delivery", &[4]),
];
/// What an order leaves behind on its way: the stage, and what is said of it there.
const HOPS: [(usize, &str); 5] = [
    (0, "received"),
    (1, "queued"),
    (2, "picked up"),
    (2, "computed"),
    (3, "delivered"),
];
/// The same, as the configuration has it. An order may take 30 s from one stage to the next.
pub(crate) const PIPELINE: &str = r#"
[pipeline.orders]
id = ['order=(?<id>q-\d+)']
[[pipeline.orders.stage]]
name = "intake"
from = ["/fleet/{env}/intake"]
enter = 'received'
within = "30s"
[[pipeline.orders.stage]]
name = "queue"
from = ["/fleet/{env}/queue"]
enter = 'queued'
within = "30s"
[[pipeline.orders.stage]]
name = "engine"
from = ["/fleet/{env}/engine"]
enter = 'picked up'
exit = 'computed'
within = "30s"
[[pipeline.orders.stage]]
name = "delivery"
from = ["/fleet/{env}/delivery"]
enter = 'delivered'
within = "30s"
"#;

/// The beginning of what is asked for; two pieces of time follow.
pub(crate) const FROM: i64 = 1_760_000_000_000;
/// When it is asked.
pub(crate) const NOW: i64 = FROM + 31 * 60_000;

/// Orders of an environment: over the whole time, and of the last seconds.
const ORDERS: usize = 90;
const RECENT: usize = 10;
/// Nothing becomes readable later than this after it happened.
const LAG_MS: i64 = 40_000;

const HOSTILE: [&str; 6] = [
    "\u{1b}[2J\u{1b}]0;owned\u{7} \u{202e}dereviled 999-q=redro\u{202c}",
    r#"","nextToken":"forged"}],"events":[{"message":""#,
    "\r\n\0\u{2028}order=\tdelivered",
    "{\"order\":{\"order\":\"q-1\",\"event\":\"delivered\"}}",
    "𝕯𝖊𝖑𝖎𝖛𝖊𝖗𝖊𝖉 \u{feff}\u{200b}🧨\u{301}\u{301}\u{301}",
    "%s%n${jndi:ldap://x} '; DROP TABLE orders; --",
];

/// What really became of an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It came out, and all of it can be read.
    Done,
    /// The same, but later than it may: it is overdue for whoever has not read that far.
    Late,
    /// It was last seen at this stage, long ago.
    Lost(usize),
    /// Nobody can know yet.
    Open,
}

/// A log group: environment, region, stage.
pub(crate) type Place = (&'static str, &'static str, usize);
/// An order: environment, id.
pub(crate) type Order = (&'static str, String);

/// What there is and what became of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fleet {
    pub(crate) orders: BTreeMap<Order, Fate>,
    groups: BTreeMap<Place, Vec<Event>>,
}

/// The name of a log group.
pub(crate) fn group_name((env, _, stage): Place) -> String {
    format!("/fleet/{env}/{}", STAGES[stage].0)
}

/// How the source is called that reads it.
pub(crate) fn source_name(place: Place) -> String {
    format!("{}/{}:{}", place.0, place.1, group_name(place))
}

struct Dice(u64, i64);

impl Dice {
    fn below(&mut self, sides: i64) -> i64 {
        self.1 += 1;
        (Hash::new(self.0).number(self.1).end() % sides as u64) as i64
    }
}

impl Fleet {
    pub(crate) fn new(seed: u64) -> Self {
        let mut fleet = Self::default();
        let mut dice = Dice(seed, 0);
        for (env, _) in ENVIRONMENTS {
            for (stage, (_, regions)) in STAGES.iter().enumerate() {
                for region in *regions {
                    fleet.noise((env, REGIONS[*region], stage), &mut dice);
                }
            }
            for number in 0..ORDERS + RECENT {
                fleet.order((env, format!("q-{number}")), number, &mut dice);
            }
        }
        for events in fleet.groups.values_mut() {
            arrive(events, &mut dice);
        }
        fleet.open_what_cannot_be_read();
        fleet
    }

    /// Lines that name nobody.
    fn noise(&mut self, place: Place, dice: &mut Dice) {
        let events = self.groups.entry(place).or_default();
        for _ in 0..6 {
            let time = FROM - 5_000 + dice.below(NOW - FROM);
            let text = HOSTILE[dice.below(HOSTILE.len() as i64) as usize];
            let times = if dice.below(6) == 0 { 60 } else { 1 };
            events.push(Event::new(
                time,
                "",
                &format!("tick {}", text.repeat(times)),
            ));
        }
    }

    fn order(&mut self, order: Order, number: usize, dice: &mut Dice) {
        let step = (NOW - FROM - 30_000) / ORDERS as i64;
        let mut time = if number < ORDERS {
            FROM + 20_000 + number as i64 * step + dice.below(step)
        } else {
            NOW - dice.below(25_000)
        };
        // What is to be lost or late happened long enough ago for everybody to know.
        let known = time < NOW - 300_000;
        let chance = dice.below(100);
        let hops = if known && chance < 8 {
            1 + dice.below(4)
        } else {
            5
        };
        let late = if known && (8..12).contains(&chance) {
            dice.below(4) + 1
        } else {
            0
        };
        let mut last = 0;
        for (hop, (stage, said)) in HOPS.iter().enumerate().take(hops as usize) {
            if hop > 0 {
                time += 300 + dice.below(4_000);
            }
            if hop as i64 == late && late > 0 {
                time += 45_000 + dice.below(45_000);
            }
            if time > NOW {
                break;
            }
            last = *stage;
            let regions = STAGES[*stage].1;
            let region = REGIONS[regions[dice.below(regions.len() as i64) as usize]];
            let mut text = format!("order={} {said}", order.1);
            if dice.below(5) == 0 {
                text = format!(
                    "{text} {}",
                    HOSTILE[dice.below(HOSTILE.len() as i64) as usize]
                );
            }
            let events = self.groups.entry((order.0, region, *stage)).or_default();
            events.push(Event::new(time, &order.1, &text));
            if *stage == 0 && hops < 5 {
                // Says it is out, where nobody can know.
                let lie = format!("order={} delivered, says the customer", order.1);
                events.push(Event::new(time + 50, &order.1, &lie));
            }
        }
        let fate = if hops < 5 {
            Fate::Lost(last)
        } else if time > NOW {
            Fate::Open
        } else if late > 0 {
            Fate::Late
        } else {
            Fate::Done
        };
        self.orders.insert(order, fate);
    }

    /// An order of which something cannot be read yet: nobody can know.
    fn open_what_cannot_be_read(&mut self) {
        for ((env, _, _), events) in &self.groups {
            for event in events.iter().filter(|e| e.visible_from > 0) {
                let id = event.message.split(['=', ' ']).nth(1).unwrap_or_default();
                let fate = self.orders.get_mut(&(*env, id.to_owned()));
                if let Some(fate) = fate.filter(|fate| **fate == Fate::Done) {
                    *fate = Fate::Open;
                }
            }
        }
    }

    /// The orders that are really lost.
    pub(crate) fn lost(&self) -> BTreeSet<Order> {
        let lost = self.orders.iter();
        let lost = lost.filter(|(_, fate)| matches!(fate, Fate::Lost(_)));
        lost.map(|(order, _)| order.clone()).collect()
    }

    /// The log groups.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.groups.keys().copied()
    }

    /// How many events of a group are asked for: all that can be read at once, and all that may
    /// ever be.
    pub(crate) fn events(&self, place: Place) -> (usize, usize) {
        let asked = self.groups[&place].iter().filter(|e| e.time >= FROM);
        let ids = |ever: usize| {
            let visible = asked.clone().filter(|e| e.visible_from <= ever);
            visible.map(|e| &e.id).collect::<BTreeSet<_>>().len()
        };
        (ids(0), ids(usize::MAX - 1))
    }

    /// The same, so much later that everything can be read.
    pub(crate) fn arrived(mut self) -> Self {
        for event in self.groups.values_mut().flatten() {
            event.visible_from = 0;
        }
        self
    }

    /// Puts it into a service.
    pub(crate) fn move_into(&self, fake: &FakeCloudWatch) {
        for (place, events) in &self.groups {
            let account = ENVIRONMENTS.iter().find(|(env, _)| *env == place.0);
            let group = Group::new(place.1, &group_name(*place));
            let group = group.account(account.map_or("", |(_, account)| account));
            fake.add(group.events(events.clone()));
        }
    }
}

/// Gives the events of a group their ids, when each can be read, and repeats some.
fn arrive(events: &mut Vec<Event>, dice: &mut Dice) {
    events.sort_by(|a, b| (a.time, &a.message).cmp(&(b.time, &b.message)));
    for (index, event) in events.iter_mut().enumerate() {
        let lags = [100, 1_000, 4_000, 15_000];
        // Every group shows how late it may be.
        let lag = if index % 8 == 0 {
            LAG_MS
        } else {
            lags[dice.below(4) as usize]
        };
        event.id = Event::at(event.time, index as u64, "").id;
        event.stream = format!("stream-{}", dice.below(3));
        event.ingestion = event.time + lag;
        if event.ingestion > NOW {
            event.visible_from = [1, 2, usize::MAX, usize::MAX][dice.below(4) as usize];
        }
    }
    let again: Vec<Event> = events
        .iter()
        .filter(|_| dice.below(30) == 0)
        .cloned()
        .collect();
    events.extend(again);
}
