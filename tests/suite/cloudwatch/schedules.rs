//! Two hundred runs over five regions and two environments, each with other faults: what is lost is
//! found, nothing else is ever called lost, no event counts twice, and no run asks for much more
//! than it has to.

mod story;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Mutex;
use std::thread;

use tokio::runtime::{Builder, Runtime};

use lastseen::domain::verdict::Verdict;

use crate::support::fake_cloudwatch::FakeCloudWatch;
use crate::support::fleet::{Fate, Fleet, NOW, Order, STAGES, source_name};
use crate::support::fleet_run::{Judged, judge, others_ended, request, settings};

use story::{Lasting, Story};

/// How many runs.
const RUNS: u64 = 200;
/// How many fleets they read.
const FLEETS: u64 = 8;
/// Runs at once: most of each is waiting.
const AT_ONCE: usize = 4;

fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// A service with this fleet in it.
fn service(number: u64, fleet: &Fleet) -> FakeCloudWatch {
    let fake = FakeCloudWatch::start(32);
    if number % 2 == 1 {
        fake.page_ends_at(3_000, usize::MAX);
    }
    fleet.move_into(&fake);
    fake
}

/// What is wrong with a run.
#[derive(Debug, Default)]
struct Complaints(String);

impl Complaints {
    fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            writeln!(self.0, "  {}", what()).unwrap();
        }
    }

    fn none(&mut self, what: &str, orders: &BTreeSet<Order>) {
        self.unless(orders.is_empty(), || format!("{what}: {orders:?}"));
    }
}

/// One run, with how many calls there are without any fault: what is wrong with it, and how many
/// calls it made.
fn run(
    runtime: &Runtime,
    seed: u64,
    fleet: &Fleet,
    story: Option<(&Story, usize)>,
) -> (Complaints, usize) {
    let fake = service(seed % FLEETS, fleet);
    let (story, least) = story.unzip();
    let mut settings = settings();
    if let Some(story) = story {
        settings.attempt_timeout = story.patience();
        let story = story.clone();
        fake.script(move |call| story.trouble(call));
    }
    let judged = judge(runtime, &fake, request(0), settings, |overview| match story
        .map(|story| &story.lasting)
    {
        Some(Lasting::Slow(region, gate)) if others_ended(fleet, overview, region) => {
            gate.open();
            false
        }
        Some(Lasting::Endless(region, _)) => others_ended(fleet, overview, region),
        _ => false,
    });
    let mut wrong = Complaints::default();
    check_verdicts(&mut wrong, fleet, story, &judged);
    check_events(&mut wrong, fleet, story, &judged);
    let made = fake.summary().all();
    if let Some(least) = least {
        let most = least + least / 2 + made.faults;
        wrong.unless(made.calls <= most, || {
            let (calls, faults) = (made.calls, made.faults);
            format!("{calls} calls with {faults} faults, and {least} without any")
        });
    }
    (wrong, made.calls)
}

fn check_verdicts(wrong: &mut Complaints, fleet: &Fleet, story: Option<&Story>, judged: &Judged) {
    let (truth, lost) = (fleet.lost(), judged.with(Verdict::Lost));
    let with = |fate: Fate| -> BTreeSet<Order> {
        let orders = fleet.orders.iter().filter(|(_, f)| **f == fate);
        orders.map(|(order, _)| order.clone()).collect()
    };
    let hidden = |env: &str, stage: usize| {
        let mut places = fleet.places().filter(|p| p.0 == env && p.2 == stage);
        places.any(|place| story.is_some_and(|s| s.hides(place)))
    };
    wrong.none("false lost", &(&lost - &truth));
    // Who is late looks lost for as long as nobody has read on.
    let overdue = &truth | &with(Fate::Late);
    wrong.none("lost for a while", &(&judged.ever_lost - &overdue));
    let excused = |(env, id): &Order| match fleet.orders[&(*env, id.clone())] {
        Fate::Lost(stage) => hidden(env, stage) || hidden(env, stage + 1),
        _ => (0..STAGES.len()).any(|stage| hidden(env, stage)),
    };
    let visible = |orders: BTreeSet<Order>| -> BTreeSet<Order> {
        orders.into_iter().filter(|order| !excused(order)).collect()
    };
    wrong.none("missed", &visible(&truth - &lost));
    let completed = judged.with(Verdict::Completed);
    let done = &with(Fate::Done) | &with(Fate::Late);
    wrong.none("not completed", &visible(&done - &completed));
    wrong.none("blind without cause", &visible(judged.with(Verdict::Blind)));
    if let Some(Lasting::Denied(place)) = story.map(|s| &s.lasting) {
        let waiting = |order: &&Order| {
            order.0 == place.0 && fleet.orders[*order] == Fate::Lost(place.2.wrapping_sub(1))
        };
        let waiting: BTreeSet<Order> = truth.iter().filter(waiting).cloned().collect();
        wrong.none("not blind", &(&waiting - &judged.with(Verdict::Blind)));
    }
}

fn check_events(wrong: &mut Complaints, fleet: &Fleet, story: Option<&Story>, judged: &Judged) {
    for place in fleet.places() {
        let name = source_name(place);
        let (least, most) = fleet.events(place);
        let (read, faults) = judged.events(&name);
        let hides = story.is_some_and(|s| s.hides(place));
        let least = if hides { 0 } else { least };
        wrong.unless((least..=most).contains(&read), || {
            format!("{name}: {read} events, not {least} to {most}: {faults:?}")
        });
        wrong.unless(hides || faults.is_empty(), || format!("{name}: {faults:?}"));
    }
}

/// Every run, a few at once: what is wrong with any.
fn all_runs(seeds: Range<u64>) -> String {
    let fleets: Vec<(Fleet, usize)> = (0..FLEETS)
        .map(|number| {
            let fleet = Fleet::new(number);
            let (wrong, calls) = run(&runtime(), number, &fleet, None);
            assert_eq!(wrong.0, "", "without any fault");
            (fleet, calls)
        })
        .collect();
    let seeds = Mutex::new(seeds);
    let wrong = Mutex::new(String::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let runtime = runtime();
                let next = || seeds.lock().unwrap().next();
                while let Some(seed) = next() {
                    let (fleet, least) = &fleets[(seed % FLEETS) as usize];
                    let story = Story::new(seed, fleet);
                    let told = Some((&story, *least));
                    let (complaints, _) = run(&runtime, seed, fleet, told);
                    if !complaints.0.is_empty() {
                        let mut wrong = wrong.lock().unwrap();
                        writeln!(wrong, "seed {seed}: {story:?}\n{}", complaints.0).unwrap();
                    }
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}

#[test]
fn two_hundred_schedules_of_faults_change_no_verdict() {
    let wrong = all_runs(0..RUNS);
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whoever asks takes it to be ten minutes later than it is.
#[test]
fn a_clock_that_is_fast_loses_nothing() {
    let runtime = runtime();
    for seed in 0..3 {
        let fleet = Fleet::new(seed);
        let fake = service(seed, &fleet);
        fake.clock_at(NOW);
        let judged = judge(&runtime, &fake, request(600_000), settings(), |_| false);
        assert_eq!(judged.with(Verdict::Lost), fleet.lost());
    }
}

/// The service's own clock is an hour fast.
#[test]
fn a_service_whose_clock_is_wrong_changes_no_verdict() {
    let runtime = runtime();
    let fleet = Fleet::new(0);
    let fake = service(0, &fleet);
    fake.clock_at(NOW + 3_600_000);
    let judged = judge(&runtime, &fake, request(0), settings(), |_| false);
    let mut wrong = Complaints::default();
    check_verdicts(&mut wrong, &fleet, None, &judged);
    assert_eq!(wrong.0, "");
}
