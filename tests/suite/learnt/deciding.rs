//! Every decision: what the verdicts make of it, and that it is undone.

use std::fmt::Write as _;
use std::fs;

use lastseen::app::model::Mode;
use lastseen::app::place::Place;
use lastseen::domain::correction::{Part, Ruling};
use lastseen::domain::time::Timestamp;

use super::desk::Desk;
use crate::support::alone::folder;

fn link(part: Part, _: &str) -> bool {
    matches!(part, Part::Link(..))
}

fn refused_trip(part: Part, text: &str) -> bool {
    matches!(part, Part::Refused(_)) && text.starts_with("orderId with tripId")
}

fn worker(part: Part, text: &str) -> bool {
    matches!(part, Part::Stage(..)) && text.starts_with("worker")
}

fn exit(part: Part, text: &str) -> bool {
    matches!(part, Part::Rule(..)) && text == "event = finished"
}

#[test]
fn a_vetoed_link_splits_the_messages_and_the_lost_follow() {
    let mut desk = Desk::new("veto", 120, 40).told();
    assert_eq!((desk.messages(), desk.lost()), (90, 2));
    desk.to(link).keys("d");
    assert_eq!(desk.judged, 1);
    assert_eq!(desk.messages(), 180, "orders and jobs are two each");
    // No order is ever seen at the worker now.
    assert!(desk.lost() > 50, "{}", desk.lost());
    desk.shows("rejected   ").shows("judged again:");
    assert!(desk.config().contains("unlink = ["), "{}", desk.config());
    desk.keys("u");
    assert_eq!((desk.messages(), desk.lost()), (90, 2));
    assert!(!desk.config().contains("unlink"), "{}", desk.config());
    desk.keys("U");
    assert_eq!(desk.messages(), 180);
    // Accepting it takes it back, too.
    desk.keys("a");
    assert_eq!((desk.messages(), desk.lost()), (90, 2));
    desk.shows("accepted");
}

#[test]
fn a_refused_link_is_forced() {
    let mut desk = Desk::new("force", 120, 40).told();
    desk.to(refused_trip).keys("a");
    assert_eq!(desk.messages(), 30, "three orders share a trip");
    desk.shows("accepted");
    let config = desk.config();
    assert!(
        config.contains("\"tripId\"") && config.contains("forced by you"),
        "{config}"
    );
    desk.keys("u");
    assert_eq!(desk.messages(), 90);
}

#[test]
fn a_changed_pattern_decides_what_comes_out() {
    let mut desk = Desk::new("pattern", 120, 40).told();
    desk.to(exit).keys("e");
    assert!(matches!(desk.model.mode, Mode::Typing(_)));
    desk.shows("= event = finished");
    desk.types("event = neverSaid").keys("<enter>");
    assert_eq!(desk.judged, 1);
    assert!(desk.lost() > 50, "nothing comes out: {}", desk.lost());
    desk.shows("changed").shows("it was event = finished");
    assert!(
        desk.config().contains("exit: changed by you"),
        "{}",
        desk.config()
    );
    desk.keys("u");
    assert_eq!(desk.lost(), 2);
}

#[test]
fn a_correction_after_which_nothing_is_seen_says_so() {
    let mut desk = Desk::new("unseen", 120, 40).told();
    for name in ["jobId", "orderId"] {
        let id = |part: Part, text: &str| matches!(part, Part::Family(..)) && text == name;
        desk.to(id)
            .keys("e")
            .types("nobodySaysThis")
            .keys("<enter>");
    }
    assert_eq!(desk.messages(), 0);
    desk.shows("NO MESSAGE IS SEEN ANY MORE");
    desk.keys("uu");
    assert_eq!((desk.messages(), desk.lost()), (90, 2));
}

#[test]
fn what_is_wrong_is_told_at_the_prompt_and_nothing_changes() {
    let mut desk = Desk::new("wrong", 120, 40).told();
    let first = |part: Part, _: &str| matches!(part, Part::Family(..));
    desk.to(first).keys("e").types("job=(?<id>[").shows("✗");
    desk.keys("<enter>");
    assert!(matches!(desk.model.mode, Mode::Typing(_)), "still typing");
    desk.keys("<esc>");
    assert_eq!((desk.judged, desk.model.mode.clone()), (0, Mode::Normal));
    // A circle of stages.
    let gateway = |part: Part, text: &str| matches!(part, Part::Stage(..)) && text == "gateway";
    desk.to(gateway).keys("e").types("gateway after worker");
    desk.shows("go in a circle").keys("<enter><esc>");
    desk.to(gateway).keys("e").types("gateway after nowhere");
    desk.shows("no stage `nowhere`; there are gateway, dispatcher, worker")
        .keys("<esc>");
    desk.to(gateway)
        .keys("e")
        .types("gateway within soon")
        .shows("✗");
    desk.keys("<enter><esc>");
    assert_eq!(desk.judged, 0);
    assert!(desk.model.learnt.as_ref().unwrap().rulings.is_empty());
}

#[test]
fn a_rejected_stage_is_none_and_the_last_of_a_kind_stays() {
    let mut desk = Desk::new("stage", 120, 40).told();
    let dispatcher =
        |part: Part, text: &str| matches!(part, Part::Stage(..)) && text.starts_with("dispatcher");
    desk.to(dispatcher).keys("d");
    let env = &desk.model.overview.pipelines[0].environments[0];
    let names: Vec<&str> = env.stages.iter().map(|stage| &*stage.name).collect();
    assert_eq!(names, ["gateway", "worker"]);
    assert!(
        desk.config().contains("after = [\"gateway\"]"),
        "{}",
        desk.config()
    );
    // Without an ID, or a pipeline, nothing can be followed.
    desk.keys("u");
    let pipeline = |part: Part, _: &str| matches!(part, Part::Pipeline(_));
    desk.to(pipeline)
        .keys("d")
        .shows("nothing would be followed");
    let jobs = |part: Part, text: &str| matches!(part, Part::Family(..)) && text == "jobId";
    let orders = |part: Part, text: &str| matches!(part, Part::Family(..)) && text == "orderId";
    desk.to(jobs).keys("d");
    assert!(!desk.config().contains("\"jobId\""), "{}", desk.config());
    desk.to(orders).keys("d").shows("needs an ID");
}

#[test]
fn a_stage_gets_a_name_an_order_and_an_allowance_on_one_line() {
    let mut desk = Desk::new("words", 120, 40).told();
    desk.to(worker).keys("e").shows("= worker after dispatcher");
    desk.types("shipping after gateway within 7m optional")
        .keys("<enter>");
    let config = desk.config();
    for line in [
        "name  = \"shipping\"",
        "after = [\"gateway\"]",
        "within = \"7m\"",
        "optional = true",
    ] {
        assert!(config.contains(line), "no {line} in\n{config}");
    }
    desk.shows("shipping after gateway within 7m optional");
}

#[test]
fn confirming_changes_no_verdict_and_reads_nothing_again() {
    let mut desk = Desk::new("confirm", 120, 40).told();
    desk.to(worker)
        .keys("a")
        .shows("accepted: worker after dispatcher; u undoes");
    assert_eq!(desk.judged, 0);
    assert!(
        desk.config().contains("confirmed by you"),
        "{}",
        desk.config()
    );
    desk.keys("a").shows("accepted already");
    desk.keys("uu").shows("nothing to undo");
}

#[test]
fn the_place_on_the_screen_is_kept_while_everything_is_judged_again() {
    let mut desk = Desk::new("place", 120, 40).told();
    // A lost message is open, a filter holds, a letter marks it.
    desk.keys("x<enter>ma<enter>");
    assert_eq!(desk.model.place, Place::Lifecycle);
    let filter = desk.model.messages.filter.clone();
    let chosen = desk.model.messages.selected().unwrap().id.clone();
    desk.to(exit).keys("d");
    assert_eq!(desk.judged, 1);
    assert_eq!(desk.model.place, Place::Learnt);
    assert!(exit(
        desk.model.learnt.as_ref().unwrap().selected().unwrap().part,
        "event = finished"
    ));
    assert_eq!(desk.model.messages.filter.verdicts, filter.verdicts);
    desk.keys("2");
    assert_eq!(desk.model.messages.selected().unwrap().id, chosen);
    desk.keys("3");
    assert!(desk.model.lifecycle.is_some());
    desk.keys("<esc>'a");
    let rows = &desk.model.messages.page.rows;
    assert!(rows.iter().any(|row| row.id == chosen), "{rows:?}");
    let ruling = &desk.model.learnt.as_ref().unwrap().rulings;
    assert_eq!(ruling.values().collect::<Vec<_>>(), [&Ruling::Rejected]);
}

/// Orders of which every third is a gift, and no gift is ever sent.
fn gifts(name: &str) -> Desk {
    let folder = folder(&format!("corrected-{name}"));
    let mut files = [(); 2].map(|()| String::new());
    for n in 0..330_i64 {
        let kind = if n * 7 % 3 == 0 { "gift" } else { "sale" };
        let id = format!("ord-{:08x}", (n as u32 + 7).wrapping_mul(2_654_435_761));
        let mut say = |file: usize, ms: i64, event: &str| {
            let time = Timestamp(1_767_600_000_000 + n * 10_000 + ms).to_rfc3339();
            writeln!(
                files[file],
                "{{\"timestamp\": \"{time}\", \"event\": \"{event}\", \"orderId\": \"{id}\", \"kind\": \"{kind}\"}}"
            )
            .unwrap();
        };
        say(0, 0, "taken");
        if kind == "sale" {
            say(1, 300, "sent");
        }
    }
    let logs = folder.join("logs");
    fs::create_dir_all(&logs).unwrap();
    for (name, text) in ["shop", "sender"].into_iter().zip(&files) {
        fs::write(logs.join(format!("{name}.jsonl")), text).unwrap();
    }
    Desk::over(folder, 120, 40).told()
}

#[test]
fn a_kind_that_never_goes_on_is_settled_by_one_key() {
    let mut desk = gifts("gifts");
    let gift = |part: Part, _: &str| matches!(part, Part::End(..));
    assert_eq!((desk.blind(), desk.lost()), (110, 0), "{}", desk.config());
    desk.to(gift).shows("kind=gift goes no further than shop");
    desk.keys("a").shows("accepted");
    assert_eq!((desk.blind(), desk.lost()), (0, 0));
    assert!(
        desk.config().contains("\nends = [\"kind=gift\"]"),
        "{}",
        desk.config()
    );
    desk.keys("u").keys("d").shows("rejected");
    assert_eq!((desk.blind(), desk.lost()), (0, 110));
    assert!(!desk.config().contains("kind=gift\"]"), "{}", desk.config());
}
