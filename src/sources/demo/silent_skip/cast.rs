//! Where `silent-skip` happens: names, machines, the deploy and the kind of event it drops.
//!
//! As in its description, or drawn by the seed.

use super::super::crew::{Crew, Habit, Post};
use super::super::names::{ACME, IdStyle, company};
use super::super::random::Random;
use super::super::script::Terms;
use super::super::traffic::{Rhythm, Traffic};
use super::super::variant::Variant;
use super::super::world::World;
use crate::domain::time::Span;

/// The stages, in order; each logs to a log group of its own.
pub(super) const STAGES: [&str; 5] = ["billing", "bus", "validator", "renderer", "mailer"];

pub(super) const BILLING: usize = 0;
pub(super) const BUS: usize = 1;
pub(super) const VALIDATOR: usize = 2;
pub(super) const RENDERER: usize = 3;
pub(super) const MAILER: usize = 4;

pub(super) const PROD: usize = 0;

pub(super) const KINDS: [&str; 5] = [
    "invoice.created",
    "invoice.paid",
    "invoice.reminder",
    "credit-note.issued",
    "invoice.voided",
];
pub(super) const KIND_WEIGHTS: [u64; 5] = [36, 28, 18, 11, 7];

const PURPOSE_CREW: u64 = 2;

pub(super) struct Cast {
    pub(super) company: &'static str,
    pub(super) ids: IdStyle,
    envs: [&'static str; 2],
    regions: [&'static str; 2],
    renderers: usize,
    version: &'static str,
    pub(super) next: &'static str,
    /// From the deploy to the way back.
    pub(super) deployed: Span,
    /// The kind that the new version drops, as an index into [`KINDS`].
    pub(super) dropped: usize,
    size: f64,
}

impl Cast {
    pub(super) fn new(terms: &Terms) -> Self {
        let mut random = terms.random();
        let mut cast = Self {
            company: ACME,
            ids: IdStyle::Uuid,
            envs: ["prod", "staging"],
            regions: ["eu-west-1", "eu-central-1"],
            renderers: 4,
            version: "2.3.7",
            next: "2.4.0",
            deployed: terms.minutes(210, 440),
            dropped: 3,
            size: 1.0,
        };
        if terms.vary {
            cast.company = company(&mut random);
            cast.ids = IdStyle::any(&mut random);
            cast.envs = random.one_of(&[["prod", "staging"], ["live", "uat"], ["prd", "stg"]]);
            cast.regions = random.one_of(&[
                ["eu-west-1", "eu-central-1"],
                ["us-east-2", "ca-central-1"],
                ["ap-southeast-2", "ap-northeast-1"],
            ]);
            cast.renderers = random.between(2, 7) as usize;
            [cast.version, cast.next] = random.one_of(&[
                ["2.3.7", "2.4.0"],
                ["11.0.0", "11.1.0"],
                ["build-881", "build-884"],
            ]);
            let at = random.between(120, 330);
            cast.deployed = terms.minutes(at, at + random.between(60, 110));
            cast.dropped = random.below(KINDS.len() as u64) as usize;
            cast.size = 0.6 + 0.9 * random.unit();
        }
        cast
    }

    /// By environment.
    pub(super) fn traffic(terms: &Terms) -> Vec<Traffic> {
        let length = terms.span.to.since(terms.span.from);
        let stretches = if terms.variant == Variant::Healthy {
            vec![(length * 3 / 8, 0.06), (length / 2, 1.0), (length / 8, 0.5)]
        } else {
            vec![(length / 3, 0.7), (length / 3, 1.0), (length / 3, 0.85)]
        };
        vec![Traffic::new(Rhythm::Poisson, stretches); 2]
    }

    /// The machines, and by environment the log groups: stage by stage for one region after the other.
    pub(super) fn world(&self, terms: &Terms) -> (World, Vec<Vec<usize>>) {
        let mut world = World::new(&STAGES);
        let mut crew = Crew::new(&mut world, Random::new(terms.seed, PURPOSE_CREW, 0));
        let mut groups = Vec::new();
        for (index, env) in self.envs.into_iter().enumerate() {
            let (account, share) = [("310987654321", 1.0), ("310987650000", 0.15)][index];
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
        let short = ["billing", "bus", "invoice-validator", "renderer", "mailer"][stage];
        let cloudwatch = match stage {
            BILLING => format!("/ecs/{company}-{env}-{short}"),
            BUS => format!("/aws/events/{company}-{env}-invoices"),
            VALIDATOR => format!("/aws/lambda/{company}-{env}-{short}"),
            _ => format!("/{company}/{env}/{short}"),
        };
        let post = Post {
            group: crew.world.group(place, region, short, &cloudwatch),
            stage,
            habit: [
                Habit::Task("billing"),
                Habit::Managed("events"),
                Habit::Function,
                Habit::Pod("renderer"),
                Habit::Host,
            ][stage],
            version: self.version,
            tag: 0,
            skew_ms: [150, 0, 0, 900, 2_200][stage],
        };
        crew.hire(&post, [2, 1, 4, self.renderers, 2][stage]);
        if stage == VALIDATOR && place == PROD {
            crew.deploy(&post, self.deployed.from, self.next);
            crew.deploy(&post, self.deployed.to, self.version);
        }
        if stage == RENDERER && terms.variant == Variant::Healthy {
            crew.deploy(&post, terms.minute(260), self.next);
            crew.grow(&post, 3, terms.minutes(200, 380));
        }
        post.group
    }

    pub(super) fn config(&self) -> String {
        include_str!("config.toml")
            .replace("@CO@", self.company)
            .replace("@ID@", self.ids.pattern())
    }
}
