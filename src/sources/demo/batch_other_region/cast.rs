//! Where `batch-other-region` happens: names, machines in two regions, batches, and the runs of the
//! second service.
//!
//! As in its description, or drawn by the seed.

use chrono_tz::Tz;

use super::super::crew::{Crew, Habit, Post};
use super::super::names::{ACME, IdStyle, company};
use super::super::random::Random;
use super::super::script::Terms;
use super::super::traffic::{Rhythm, Traffic};
use super::super::variant::Variant;
use super::super::world::World;
use crate::domain::time::{Span, Timestamp};

/// The stages, in order; each logs to a log group of its own.
pub(super) const STAGES: [&str; 4] = ["scheduler", "importer", "enricher", "archive"];

pub(super) const SCHEDULER: usize = 0;
pub(super) const IMPORTER: usize = 1;
pub(super) const ENRICHER: usize = 2;
pub(super) const ARCHIVE: usize = 3;

pub(super) const PROD: usize = 0;

/// A usual batch takes so many minutes to come in, the big one five times as many.
const BATCH_MINUTES: i64 = 15;
/// What the second service needs of memory when it starts, in parts of its limit.
const HEAP_AT_START: f64 = 0.3;

const PURPOSE_CREW: u64 = 2;

pub(super) struct Cast {
    company: &'static str,
    pub(super) ids: IdStyle,
    envs: [&'static str; 2],
    home: &'static str,
    away: &'static str,
    /// What the clocks on the wall show where the second service is.
    pub(super) zone: Tz,
    importers: usize,
    version: &'static str,
    next: &'static str,
    /// The memory of the second service, in MB.
    pub(super) limit: i64,
    /// The batches; in prod the last one is the big one.
    pub(super) batches: Vec<Span>,
    /// When the second service is up while the big batch lasts; each run but the last ends because
    /// the memory does.
    pub(super) runs: Vec<Span>,
    size: f64,
}

impl Cast {
    pub(super) fn new(terms: &Terms) -> Self {
        let mut random = terms.random();
        let mut cast = Self {
            company: ACME,
            ids: IdStyle::Uuid,
            envs: ["prod", "staging"],
            home: "us-east-1",
            away: "eu-central-1",
            zone: Tz::Europe__Berlin,
            importers: 4,
            version: "3.2.0",
            next: "3.3.0",
            limit: 2_048,
            batches: Vec::new(),
            runs: Vec::new(),
            size: 1.0,
        };
        let mut big = 480;
        if terms.vary {
            cast.company = company(&mut random);
            cast.ids = IdStyle::any(&mut random);
            cast.envs = random.one_of(&[["prod", "staging"], ["live", "uat"], ["prd", "stg"]]);
            cast.home = random.one_of(&["us-east-1", "us-west-2", "ca-central-1"]);
            (cast.away, cast.zone) = random.one_of(&[
                ("eu-central-1", Tz::Europe__Berlin),
                ("ap-northeast-1", Tz::Asia__Tokyo),
                ("ap-south-1", Tz::Asia__Kolkata),
            ]);
            cast.importers = random.between(2, 7) as usize;
            [cast.version, cast.next] =
                random.one_of(&[["3.2.0", "3.3.0"], ["18.4", "18.5"], ["0.9.12", "0.10.0"]]);
            cast.limit = random.one_of(&[1_024, 1_536, 2_048, 4_096]);
            big = random.between(430, 540);
            cast.size = 0.7 + 0.6 * random.unit();
        }
        let starts = [60, 200, 340].map(|minute| minute + random.between(0, 20));
        for start in starts {
            cast.batches
                .push(terms.minutes(start, start + BATCH_MINUTES));
        }
        cast.batches
            .push(terms.minutes(big, big + 5 * BATCH_MINUTES));
        cast.runs = runs(cast.batches[3], terms.variant, &mut random);
        cast
    }

    /// By environment: nothing but batches. In staging the last one is as usual.
    pub(super) fn traffic(&self, terms: &Terms) -> Vec<Traffic> {
        let of = |big: i64| {
            let mut stretches = Vec::new();
            let mut reached = terms.span.from;
            for (number, batch) in self.batches.iter().enumerate() {
                let minutes = if number == 3 { big } else { BATCH_MINUTES };
                stretches.push((batch.from.since(reached), 0.0));
                stretches.push((minutes * 60_000, 1.0));
                reached = batch.from.plus(minutes * 60_000);
            }
            Traffic::new(Rhythm::Poisson, stretches)
        };
        vec![of(5 * BATCH_MINUTES), of(BATCH_MINUTES)]
    }

    /// How many items of prod come in a millisecond while a batch lasts, and of a batch in all.
    pub(super) fn rate(&self, messages: f64) -> f64 {
        messages * self.size / (8 * BATCH_MINUTES * 60_000) as f64
    }

    /// The batch that is coming in, or came in last, at that time.
    pub(super) fn batch(&self, time: Timestamp) -> usize {
        let begun = self.batches.iter().take_while(|batch| batch.from <= time);
        begun.count().saturating_sub(1)
    }

    /// What the second service uses of its memory, in MB.
    pub(super) fn heap(&self, place: usize, time: Timestamp) -> i64 {
        let grown = if place == PROD { self.grown(time) } else { 0.1 };
        (self.limit as f64 * (HEAP_AT_START + (1.0 - HEAP_AT_START) * grown)) as i64
    }

    /// From 0, after a start, to 1, at the limit.
    fn grown(&self, time: Timestamp) -> f64 {
        let part = |span: Span| time.since(span.from) as f64 / span.to.since(span.from) as f64;
        if let Some(number) = self.runs.iter().position(|run| run.contains(time)) {
            let last = number + 1 == self.runs.len();
            return part(self.runs[number]) * if last { 0.5 } else { 1.0 };
        }
        let batch = self.batches.iter().find(|batch| batch.contains(time));
        batch.map_or(0.05, |batch| 0.4 * part(*batch))
    }

    /// When the second service is up again, if it is down at that time; in prod.
    pub(super) fn down_until(&self, time: Timestamp) -> Option<Timestamp> {
        let between = self.runs.windows(2).map(|pair| (pair[0].to, pair[1].from));
        let mut between = between.filter(|(stopped, started)| *stopped < time && time < *started);
        between.next().map(|(_, started)| started)
    }

    /// When the run ends that the second service is in, if it ends by its memory; in prod.
    pub(super) fn stops(&self, time: Timestamp) -> Option<Timestamp> {
        let (_, ended) = self.runs.split_last()?;
        let run = ended.iter().find(|run| run.contains(time))?;
        Some(run.to)
    }

    /// The machines, and by environment the log group of each stage.
    pub(super) fn world(&self, terms: &Terms) -> (World, Vec<Vec<usize>>) {
        let mut world = World::new(&STAGES);
        let mut crew = Crew::new(&mut world, Random::new(terms.seed, PURPOSE_CREW, 0));
        let mut groups = Vec::new();
        for (index, env) in self.envs.into_iter().enumerate() {
            let (account, share) = [("510987654321", 1.0), ("510987650000", 0.1)][index];
            let place = crew.world.place(env, account, share * self.size);
            let stages = 0..STAGES.len();
            let of_env = stages.map(|stage| self.settle(&mut crew, terms, place, stage));
            groups.push(of_env.collect());
        }
        (world, groups)
    }

    fn settle(&self, crew: &mut Crew<'_>, terms: &Terms, place: usize, stage: usize) -> usize {
        let (env, company) = (self.envs[place], self.company);
        let short = [
            "settlement-scheduler",
            "settlement-importer",
            "enricher",
            "archive",
        ][stage];
        let cloudwatch = match stage {
            SCHEDULER => format!("/aws/lambda/{company}-{env}-{short}"),
            ARCHIVE => format!("/ecs/{company}-{env}-{short}"),
            _ => format!("/{company}/{env}/{short}"),
        };
        let region = if stage == ENRICHER {
            self.away
        } else {
            self.home
        };
        let group = crew.world.group(place, region, short, &cloudwatch);
        crew.world.groups[group].listed = stage != ENRICHER || terms.variant != Variant::Unlisted;
        let post = Post {
            group,
            stage,
            habit: [
                Habit::Function,
                Habit::Pod("settlement-importer"),
                Habit::Host,
                Habit::Task("archive"),
            ][stage],
            version: self.version,
            tag: 0,
            skew_ms: [0, 700, 2_400, 150][stage],
        };
        crew.hire(&post, [3, self.importers, 1, 2][stage]);
        if terms.variant == Variant::Healthy && stage == IMPORTER {
            crew.deploy(&post, terms.minute(300), self.next);
            crew.grow(&post, 3, self.batches[3]);
        }
        post.group
    }

    pub(super) fn config(&self, variant: Variant) -> String {
        let (home, away) = (self.home, self.away);
        let (regions, folder) = if variant == Variant::Unlisted {
            (format!("\"{home}\""), home)
        } else {
            (format!("\"{home}\", \"{away}\""), "{region}")
        };
        include_str!("config.toml")
            .replace("@CO@", self.company)
            .replace("@ID@", self.ids.pattern())
            .replace("@REGIONS@", &regions)
            .replace("@WHERE@", folder)
    }
}

/// One run that lasts while all is well; else four that end at the memory's limit, each started again
/// by hand some minutes later and sooner full for what has piled up, and a last one.
fn runs(big: Span, variant: Variant, random: &mut Random) -> Vec<Span> {
    let over = big.to.plus(40 * 60_000);
    if variant == Variant::Healthy {
        return Vec::new();
    }
    let mut runs = Vec::new();
    let mut from = big.from;
    for number in 0..4 {
        let lasts = if number == 0 { 20 } else { 11 };
        let to = from.plus(lasts * 60_000 + random.between(0, 180_000));
        runs.push(Span::new(from, to));
        from = to.plus(random.between(90_000, 240_000));
    }
    runs.push(Span::new(from, over));
    runs
}
