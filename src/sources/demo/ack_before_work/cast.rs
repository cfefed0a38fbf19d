//! Where `ack-before-work` happens: names, machines, busy times and rates.
//!
//! As in its description, or drawn by the seed.

use super::super::crew::{Crew, Habit, Post};
use super::super::names::{ACME, IdStyle, company};
use super::super::random::Random;
use super::super::script::Terms;
use super::super::traffic::{Rhythm, Traffic};
use super::super::variant::Variant;
use super::super::world::World;
use crate::domain::time::{Span, Timestamp};

/// The stages, in order; each logs to a log group of its own.
pub(super) const STAGES: [&str; 4] = ["gateway", "broker", "consumer", "worker"];

pub(super) const GATEWAY: usize = 0;
pub(super) const BROKER: usize = 1;
pub(super) const CONSUMER: usize = 2;
pub(super) const WORKER: usize = 3;

pub(super) const PROD: usize = 0;

/// How often the pool is full while traffic is at its peak.
pub(super) const FULL_AT_PEAK: f64 = 0.55;

const PURPOSE_CREW: u64 = 2;

pub(super) struct Cast {
    pub(super) company: &'static str,
    pub(super) ids: IdStyle,
    envs: [&'static str; 2],
    regions: [&'static str; 2],
    hosts: usize,
    version: &'static str,
    next: &'static str,
    /// How many threads the pool has.
    pub(super) pool: i64,
    /// When traffic is at its peak, in prod.
    peaks: Vec<Span>,
    /// One message in so many vanishes.
    one_in: f64,
    size: f64,
}

impl Cast {
    pub(super) fn new(terms: &Terms) -> Self {
        let mut random = terms.random();
        let mut cast = Self {
            company: ACME,
            ids: IdStyle::Ulid,
            envs: ["prod", "staging"],
            regions: ["us-east-1", "us-west-2"],
            hosts: 5,
            version: "4.11.0",
            next: "4.12.0",
            pool: 64,
            peaks: Vec::new(),
            one_in: 3_000.0,
            size: 1.0,
        };
        if terms.vary {
            cast.company = company(&mut random);
            cast.ids = IdStyle::any(&mut random);
            cast.envs = random.one_of(&[["prod", "staging"], ["live", "uat"], ["prd", "stg"]]);
            cast.regions = random.one_of(&[
                ["us-east-1", "us-west-2"],
                ["eu-west-1", "eu-north-1"],
                ["ap-south-1", "ap-southeast-1"],
            ]);
            cast.hosts = random.between(3, 8) as usize;
            [cast.version, cast.next] = random.one_of(&[
                ["4.11.0", "4.12.0"],
                ["0.98.3", "0.99.0"],
                ["r1207", "r1208"],
            ]);
            cast.pool = random.one_of(&[32, 48, 64, 96, 128]);
            cast.one_in = 1_800.0 + 1_600.0 * random.unit();
            cast.size = 0.8 + 0.7 * random.unit();
        }
        if terms.variant != Variant::Healthy {
            cast.peaks = (0..9)
                .map(|number| {
                    let start = terms
                        .minute(20 + 33 * number)
                        .plus(random.between(0, 1_500_000));
                    Span::new(start, start.plus(random.between(180_000, 360_000)))
                })
                .collect();
        }
        cast
    }

    /// Whether the pool can be full.
    pub(super) fn at_peak(&self, place: usize, time: Timestamp) -> bool {
        place == PROD && self.peaks.iter().any(|peak| peak.contains(time))
    }

    /// How often a message vanishes that finds the pool full.
    pub(super) fn share(&self, traffic: &Traffic) -> f64 {
        // Every other stretch is a peak.
        let at_peak = traffic.part(|stretch| stretch % 2 == 1);
        1.0 / (self.one_in * at_peak * FULL_AT_PEAK)
    }

    /// By environment.
    pub(super) fn traffic(&self, terms: &Terms) -> Vec<Traffic> {
        let length = terms.span.to.since(terms.span.from);
        if terms.variant == Variant::Healthy {
            let night = vec![(length / 3, 0.08), (length / 3, 1.0), (length / 3, 0.6)];
            return vec![Traffic::new(Rhythm::Poisson, night); 2];
        }
        let mut stretches = Vec::new();
        let mut reached = terms.span.from;
        for peak in &self.peaks {
            stretches.push((peak.from.since(reached), 1.0));
            stretches.push((peak.to.since(peak.from), 3.0));
            reached = peak.to;
        }
        stretches.push((terms.span.to.since(reached), 1.0));
        vec![
            Traffic::new(Rhythm::Poisson, stretches),
            Traffic::new(Rhythm::Poisson, vec![(length, 1.0)]),
        ]
    }

    /// The machines, and by environment the log groups: stage by stage for one region after the other.
    pub(super) fn world(&self, terms: &Terms) -> (World, Vec<Vec<usize>>) {
        let mut world = World::new(&STAGES);
        let mut crew = Crew::new(&mut world, Random::new(terms.seed, PURPOSE_CREW, 0));
        let mut groups = Vec::new();
        for (index, env) in self.envs.into_iter().enumerate() {
            let (account, share) = [("210987654321", 1.0), ("210987650000", 0.05)][index];
            let place = crew.world.place(env, account, share * self.size);
            let mut of_env = Vec::new();
            for region in &self.regions[..2 - index] {
                for stage in 0..STAGES.len() {
                    of_env.push(self.settle(&mut crew, terms, place, region, stage));
                }
            }
            groups.push(of_env);
        }
        (world, groups)
    }

    fn settle(
        &self,
        crew: &mut Crew<'_>,
        terms: &Terms,
        place: usize,
        region: &'static str,
        stage: usize,
    ) -> usize {
        let (env, company) = (self.envs[place], self.company);
        let short = [
            "shipping-gateway",
            "broker",
            "shipping-consumer",
            "shipping-worker",
        ][stage];
        let cloudwatch = if stage == GATEWAY {
            format!("/ecs/{company}-{env}-{short}")
        } else {
            format!("/{company}/{env}/{short}")
        };
        let post = Post {
            group: crew.world.group(place, region, short, &cloudwatch),
            stage,
            habit: [
                Habit::Task("gateway"),
                Habit::Host,
                Habit::Host,
                Habit::Pod("shipping-worker"),
            ][stage],
            version: self.version,
            tag: 0,
            skew_ms: [200, 60, 1_800, 1_800][stage],
        };
        crew.hire(&post, [2, 1, self.hosts, 3][stage]);
        if terms.variant == Variant::Healthy && stage >= CONSUMER {
            crew.deploy(&post, terms.minute(200 + 15 * stage as i64), self.next);
            crew.grow(&post, 2, terms.minutes(140, 230));
        }
        post.group
    }

    pub(super) fn config(&self) -> String {
        include_str!("config.toml")
            .replace("@CO@", self.company)
            .replace("@ID@", self.ids.pattern())
    }
}
