//! The hunt in the dashboard: what its keys ask for, what it shows, and the thread behind it.

use std::sync::Arc;

use lastseen::app::input::{Answer, Effect, Input, Question};
use lastseen::app::place::Place;
use lastseen::config::plan::Plan;
use lastseen::domain::hunt::Hunt;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers;
use lastseen::runtime::worker::Worker;

use crate::support::alone::folder;
use crate::support::dashboard::Dashboard;
use crate::support::emulator::now;
use crate::support::fake_answers::END;
use crate::support::fake_hunt;
use crate::support::settled::settled;

fn hunts(dashboard: &Dashboard) -> Vec<&MessageQuery> {
    let asked = dashboard
        .asked
        .iter()
        .filter_map(|question| match question {
            Question::Hunt(query) => Some(query),
            _ => None,
        });
    asked.collect()
}

fn tell(dashboard: &mut Dashboard, stage: impl Fn(&[lastseen::domain::view::MessageRow]) -> Hunt) {
    let query = (*hunts(dashboard).last().unwrap()).clone();
    let hunt = stage(&dashboard.answers.messages(&query).rows);
    dashboard.input(Input::Answer(END, Answer::Hunt(Ok(Arc::new(hunt)))));
}

#[test]
fn it_hunts_for_what_is_meant_where_the_key_is_pressed() {
    let mut gap = Dashboard::new(120, 40);
    gap.keys("xH");
    let query = hunts(&gap)[0];
    assert_eq!(
        (&query.verdicts[..], query.limit),
        (&[Verdict::Lost][..], 20)
    );
    assert!(query.env.is_some() && query.last_stage.is_some());
    assert_eq!(gap.model.place, Place::Hunt);

    let mut list = Dashboard::new(120, 40);
    list.keys("2eH");
    let query = hunts(&list)[0];
    assert_eq!(query.verdicts, [Verdict::Lost, Verdict::Blind]);
    assert_eq!(query.env.as_deref(), Some("prod"));

    let mut one = Dashboard::new(120, 40);
    one.keys("2<enter>H");
    let query = hunts(&one)[0];
    assert_eq!(query.limit, 1);
    assert_eq!(one.answers.messages(query).total, 1);
    one.shows("1 message");

    let mut source = Dashboard::new(120, 40);
    source.keys("<shift-tab>H");
    assert!(hunts(&source).is_empty());
    source.shows("choose messages to hunt for");
}

#[test]
fn it_shows_how_far_it_is_and_what_to_add() {
    let mut dashboard = Dashboard::new(100, 40);
    dashboard.keys("8").shows("no hunt was begun");
    dashboard.keys("xH").shows("… hunting").shows("8 hunt");
    dashboard
        .shows("nothing found yet")
        .shows("52 of 2,000 calls");
    tell(&mut dashboard, fake_hunt::finding);
    assert!(dashboard.selected().contains("/acme/prod/audit"));
    dashboard.keys("j");
    assert!(dashboard.selected().contains("/acme/prod/settle-7f9c2b"));
    tell(&mut dashboard, fake_hunt::ended);
    // It stays selected although it now comes first.
    assert!(dashboard.selected().contains("/acme/prod/settle-7f9c2b"));
    dashboard.keys("<enter>");
    dashboard
        .shows("likely a stage after")
        .shows("regions = [\"us-east-1\", \"eu-west-1\"]")
        .shows("from  = [\"/acme/{env}/settle*\"]")
        .shows("settling ␛[31morder=");
    dashboard
        .keys("G")
        .shows("eu-south-2 (prod): logs:DescribeLogGroups is not allowed");
    dashboard.keys("<esc><esc>");
    assert_eq!(dashboard.model.place, Place::Board);
    assert!(
        dashboard.effects.is_empty(),
        "what has ended is not cancelled"
    );
    dashboard.keys("8");
    assert_eq!(dashboard.model.place, Place::Hunt);
}

#[test]
fn escape_ends_it_and_keeps_what_was_found() {
    let mut dashboard = Dashboard::new(100, 40);
    dashboard.keys("xH");
    tell(&mut dashboard, fake_hunt::finding);
    dashboard.keys("<esc>");
    assert_eq!(dashboard.effects, [Effect::StopHunt]);
    assert_eq!(dashboard.model.place, Place::Hunt);
    dashboard
        .shows("the hunt is ended")
        .shows("/acme/prod/audit");
    tell(&mut dashboard, |rows| Hunt {
        cancelled: true,
        ..fake_hunt::ended(rows)
    });
    dashboard.shows("◌ cancelled");
    dashboard.keys("<esc>");
    assert_eq!(dashboard.model.place, Place::Board);
}

#[test]
fn what_cannot_be_hunted_says_why() {
    let mut dashboard = Dashboard::new(100, 40);
    dashboard.keys("xH");
    let why = "there is nowhere else to look".to_owned();
    dashboard.input(Input::Answer(END, Answer::Hunt(Err(why))));
    dashboard.shows("✗ there is nowhere else to look");
}

#[test]
fn where_there_was_nothing_to_search_nothing_is_said_to_be_all_clear() {
    let mut dashboard = Dashboard::new(100, 40);
    dashboard.keys("xH");
    tell(&mut dashboard, |rows| Hunt {
        done: true,
        total: 0,
        searched: 0,
        regions: (0, 0),
        ..fake_hunt::begun(rows)
    });
    dashboard
        .shows("◌ nothing was searched")
        .shows("nothing was searched: there is nothing in reach that this run has not read")
        .shows_not("complete")
        .shows_not("not mentioned anywhere");
}

const ORDERS: &str = r#"
[[files]]
path = "{group}.log"
[pipeline.orders]
id = ['order=(?<id>o-\d+)']
[[pipeline.orders.stage]]
name = "queue"
from = ["queue"]
enter = 'received'
[[pipeline.orders.stage]]
name = "engine"
from = ["engine"]
enter = 'picked up'
within = "5s"
"#;

/// A run of three files, of which the settler's belongs to no stage.
fn run(name: &str) -> (Plan, Arc<Investigation>) {
    let folder = folder(name);
    let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).unwrap();
    write("lastseen.toml", ORDERS);
    write("queue.log", "2026-03-14T02:00:00Z order=o-1 received\n");
    write("engine.log", "2026-03-14T02:09:00Z nothing to do\n");
    write("settle.log", "2026-03-14T02:00:03Z order=o-1 settled\n");
    let (plan, run) = settled(&folder);
    (plan, Arc::new(run))
}

/// The thread that answers begins a real hunt, tells its end unasked, and is asked for another.
#[test]
fn the_worker_begins_a_hunt_and_tells_its_end() {
    let (_, run) = run("hunt-worker");
    let (worker, inputs) = Worker::start(run, || END).unwrap();
    let lost = MessageQuery {
        verdicts: vec![Verdict::Lost],
        limit: 20,
        ..MessageQuery::default()
    };
    worker.ask(Question::Hunt(lost.clone()));
    let ended = loop {
        let input = inputs.recv_blocking().unwrap();
        if let Input::Answer(_, Answer::Hunt(told)) = input {
            let hunt = told.unwrap();
            if hunt.done {
                break hunt;
            }
        }
    };
    assert_eq!(ended.targets[0].id, "o-1");
    let found: Vec<&str> = ended.places.iter().map(|p| &*p.group).collect();
    assert_eq!(found, ["settle"]);
    worker.stop_hunt();
    worker.ask(Question::Hunt(MessageQuery {
        verdicts: vec![Verdict::Completed],
        ..lost
    }));
    let refused = loop {
        if let Input::Answer(_, Answer::Hunt(Err(why))) = inputs.recv_blocking().unwrap() {
            break why;
        }
    };
    assert_eq!(refused, "none of these messages is lost");
}

#[test]
fn a_built_in_incident_has_nowhere_else_to_look() {
    let (plan, _) = run("hunt-nowhere");
    let incident = lastseen::sources::demo::incident::incident(
        "two-environments",
        &lastseen::sources::demo::incident::Options {
            messages: 10,
            ..Default::default()
        },
    );
    let demo = Investigation::start_demo(&plan, incident.unwrap(), now).unwrap();
    let begun = demo.hunter().unwrap().begin(Vec::new(), &demo.overview());
    assert!(begun.unwrap_err().contains("nowhere else to look"));
}
