//! Where `forgotten-subscription` happens: topics, machines, the deploy and the late repair.
//!
//! As in its description, or drawn by the seed.

use super::super::crew::{Crew, Habit, Post};
use super::super::names::{ACME, IdStyle, company};
use super::super::random::Random;
use super::super::script::Terms;
use super::super::traffic::{Rhythm, Traffic};
use super::super::variant::Variant;
use super::super::world::{DEAD_LETTERS, World};
use crate::domain::time::{Span, Timestamp};

/// The stages, in order.
pub(super) const STAGES: [&str; 5] = ["publisher", "topic", "queue", "applier", DEAD_LETTERS];

pub(super) const PUBLISHER: usize = 0;
pub(super) const TOPIC: usize = 1;
pub(super) const QUEUE: usize = 2;
pub(super) const APPLIER: usize = 3;
pub(super) const ASIDE: usize = 4;

pub(super) const PROD: usize = 0;

/// The topics with how much of the traffic goes over each.
const TOPICS: [(&str, u64); 6] = [
    ("prices", 40),
    ("stock", 18),
    ("products", 12),
    ("returns", 10),
    ("customers", 12),
    ("promotions", 8),
];

/// How many message groups a FIFO topic has.
pub(super) const MESSAGE_GROUPS: u64 = 400;

const PURPOSE_CREW: u64 = 2;

/// The log groups of one environment.
pub(super) struct Groups {
    pub(super) publisher: usize,
    /// By topic: before it became FIFO, and after.
    pub(super) topics: Vec<[usize; 2]>,
    pub(super) queue: usize,
    pub(super) applier: usize,
    pub(super) aside: usize,
}

pub(super) struct Cast {
    company: &'static str,
    pub(super) ids: IdStyle,
    envs: [&'static str; 2],
    region: &'static str,
    pub(super) topics: [&'static str; 6],
    pub(super) weights: [u64; 6],
    pollers: usize,
    version: &'static str,
    next: &'static str,
    /// When the topics became FIFO.
    pub(super) deployed: Timestamp,
    /// From the deploy until somebody noticed.
    pub(super) missing: Span,
    /// The topic whose subscription was forgotten, as an index.
    pub(super) forgotten: usize,
    size: f64,
}

impl Cast {
    pub(super) fn new(terms: &Terms) -> Self {
        let mut random = terms.random();
        let mut cast = Self {
            company: ACME,
            ids: IdStyle::Ulid,
            envs: ["prod", "staging"],
            region: "us-east-1",
            topics: TOPICS.map(|(name, _)| name),
            weights: TOPICS.map(|(_, weight)| weight),
            pollers: 3,
            version: "7.2.0",
            next: "7.3.0",
            deployed: terms.minute(180),
            missing: terms.minutes(180, 780),
            forgotten: 0,
            size: 1.0,
        };
        if terms.vary {
            cast.company = company(&mut random);
            cast.ids = IdStyle::any(&mut random);
            cast.envs = random.one_of(&[["prod", "staging"], ["live", "uat"], ["prd", "stg"]]);
            cast.region = random.one_of(&["us-east-1", "eu-central-1", "ap-southeast-2"]);
            cast.pollers = random.between(2, 6) as usize;
            [cast.version, cast.next] = random.one_of(&[
                ["7.2.0", "7.3.0"],
                ["1.0.9", "1.1.0"],
                ["2026.3.1", "2026.3.2"],
            ]);
            let at = random.between(120, 300);
            cast.deployed = terms.minute(at);
            cast.missing = terms.minutes(at, at + random.between(240, 540));
            cast.forgotten = random.below(TOPICS.len() as u64) as usize;
            let first = random.below(TOPICS.len() as u64) as usize;
            cast.weights.rotate_left(first);
            cast.size = 0.6 + 0.9 * random.unit();
        }
        cast
    }

    /// By environment: as it comes, with a night.
    pub(super) fn traffic(terms: &Terms) -> Vec<Traffic> {
        let length = terms.span.to.since(terms.span.from);
        let stretches = if terms.variant == Variant::Healthy {
            vec![(length / 4, 0.05), (length / 4, 0.6), (length / 2, 1.0)]
        } else {
            vec![(length, 1.0)]
        };
        vec![Traffic::new(Rhythm::Poisson, stretches); 2]
    }

    /// The machines, and by environment the log groups.
    pub(super) fn world(&self, terms: &Terms) -> (World, Vec<Groups>) {
        let mut world = World::new(&STAGES);
        let mut crew = Crew::new(&mut world, Random::new(terms.seed, PURPOSE_CREW, 0));
        let mut groups = Vec::new();
        for (index, env) in self.envs.into_iter().enumerate() {
            let (account, share) = [("410987654321", 1.0), ("410987650000", 0.03)][index];
            let place = crew.world.place(env, account, share * self.size);
            let mut simple = |stage| self.settle(&mut crew, terms, place, stage);
            let (publisher, queue) = (simple(PUBLISHER), simple(QUEUE));
            let (applier, aside) = (simple(APPLIER), simple(ASIDE));
            let topics = self.topics.iter().map(|topic| {
                ["", ".fifo"].map(|kind| self.topic(&mut crew, place, &format!("{topic}{kind}")))
            });
            let topics = topics.collect();
            groups.push(Groups {
                publisher,
                topics,
                queue,
                applier,
                aside,
            });
        }
        (world, groups)
    }

    fn topic(&self, crew: &mut Crew<'_>, place: usize, topic: &str) -> usize {
        let (region, account) = (self.region, crew.world.places[place].account);
        let cloudwatch = format!("sns/{region}/{account}/{topic}");
        let name = format!("sns-{topic}");
        let group = crew.world.group(place, region, &name, &cloudwatch);
        let post = Post {
            group,
            stage: TOPIC,
            habit: Habit::Managed("sns"),
            version: "",
            tag: 0,
            skew_ms: 0,
        };
        crew.hire(&post, 1);
        group
    }

    fn settle(&self, crew: &mut Crew<'_>, terms: &Terms, place: usize, stage: usize) -> usize {
        let (env, company) = (self.envs[place], self.company);
        let (short, habit, count, skew_ms) = match stage {
            PUBLISHER => ("catalog-publisher", Habit::Function, 5, 0),
            QUEUE => (
                "catalog-poller",
                Habit::Pod("catalog-poller"),
                self.pollers,
                400,
            ),
            APPLIER => ("catalog-applier", Habit::Host, 4, 2_300),
            _ => ("dead-letters", Habit::Function, 1, 0),
        };
        let cloudwatch = if habit == Habit::Function {
            format!("/aws/lambda/{company}-{env}-{short}")
        } else {
            format!("/{company}/{env}/{short}")
        };
        let post = Post {
            group: crew.world.group(place, self.region, short, &cloudwatch),
            stage,
            habit,
            version: self.version,
            tag: 0,
            skew_ms,
        };
        crew.hire(&post, count);
        if matches!(stage, PUBLISHER | QUEUE | APPLIER) {
            crew.deploy(&post, self.deployed, self.next);
        }
        if stage == APPLIER && terms.variant == Variant::Healthy {
            crew.grow(&post, 3, terms.minutes(420, 700));
        }
        post.group
    }

    pub(super) fn config(&self) -> String {
        include_str!("config.toml").replace("@CO@", self.company)
    }
}
