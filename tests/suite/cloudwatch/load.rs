//! The real load over a disturbed service, asked all the while from another thread: nothing that is
//! not lost is ever shown as lost.

use std::collections::BTreeSet;
use std::time::Duration;

use lastseen::config::plan::Plan;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers;

use crate::support::alone::child;
use crate::support::engine::pipelines;
use crate::support::fake_cloudwatch::schedule::Schedule;
use crate::support::fake_cloudwatch::{FakeCloudWatch, Trouble};
use crate::support::fleet::{ENVIRONMENTS, Fate, Fleet, NOW, Order, PIPELINE};
use crate::support::fleet_run::{environments, profiles, request};

fn now() -> Timestamp {
    Timestamp(NOW)
}

fn lost(answers: &dyn Answers) -> BTreeSet<Order> {
    let query = MessageQuery {
        verdicts: vec![Verdict::Lost],
        limit: usize::MAX,
        ..MessageQuery::default()
    };
    let rows = answers.messages(&query).rows.into_iter();
    rows.map(|row| {
        let env = ENVIRONMENTS.iter().find(|(env, _)| **env == *row.env);
        (env.map_or("", |(env, _)| *env), row.id)
    })
    .collect()
}

#[test]
fn nothing_but_what_is_lost_is_ever_shown_as_lost() {
    let test = "cloudwatch::load::nothing_but_what_is_lost_is_ever_shown_as_lost";
    let profiles = profiles();
    let vars = [("AWS_CONFIG_FILE", profiles.to_str().unwrap())];
    if child(test, &vars).is_none() {
        return;
    }
    for seed in 0..6 {
        let fleet = Fleet::new(seed);
        let fake = FakeCloudWatch::start(8);
        fleet.move_into(&fake);
        // Faults that are not waited out, for here the waits are the real ones.
        let kinds = [
            Trouble::EmptyPage,
            Trouble::PageAgain,
            Trouble::TokenExpired,
            Trouble::Slow(Duration::from_millis(3)),
        ];
        let schedule = Schedule::new(seed, 50, 2, kinds.to_vec());
        fake.script(move |call| schedule.trouble(call));
        let plan = Plan {
            window: Some(request(0).window),
            pipelines: pipelines(PIPELINE).unwrap(),
            environments: environments(fake.url()),
            ..Plan::default()
        };
        let investigation = Investigation::start(&plan, now).unwrap();
        let truth = fleet.lost();
        let late = |order: &&Order| fleet.orders[*order] == Fate::Late;
        let overdue = truth.iter().chain(fleet.orders.keys().filter(late));
        let overdue: BTreeSet<Order> = overdue.cloned().collect();
        investigation.wait(Duration::from_millis(1), |_| {
            let shown = lost(&investigation);
            assert!(shown.is_subset(&overdue), "seed {seed}: {shown:?}");
        });
        assert_eq!(lost(&investigation), truth, "seed {seed}");
    }
}
