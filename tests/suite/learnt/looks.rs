//! How it looks: on three screens, on the board, and where nothing was learnt.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use lastseen::app::guesses;
use lastseen::domain::correction::{Part, Rulings};
use lastseen::domain::time::Timestamp;

use super::desk::{Desk, found, kept};
use crate::support::alone::folder;
use crate::support::dashboard::Dashboard;

#[test]
fn the_view_on_three_screens() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = Desk::new(&format!("looks-{columns}"), columns, rows).told();
        let exit = |part: Part, text: &str| {
            matches!(part, Part::Rule(..)) && text.starts_with("event = finished")
        };
        desk.keys("9ja")
            .to(exit)
            .keys("e<space>and<space>more<enter>");
        let refused = |part: Part, _: &str| matches!(part, Part::Refused(_));
        desk.to(refused).keys("d");
        kept(&format!("learnt_{columns}x{rows}"), &desk.screen());
        desk.to(exit).keys("<enter>");
        kept(&format!("learnt_detail_{columns}x{rows}"), &desk.screen());
    }
}

#[test]
fn the_board_says_that_it_was_learnt_and_which_key_corrects_it() {
    let mut desk = Desk::new("board", 80, 24).told();
    desk.shows("learnt jobs · least sure: ")
        .shows("9 corrects it");
    desk.shows("✓ every source was read completely");
    desk.keys("9");
    desk.shows("9 learnt");
}

#[test]
fn where_nothing_was_learnt_there_is_no_such_view() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.shows_not("learnt");
    dashboard.keys("9");
    dashboard.shows("nothing was learnt here: the configuration says what everything is");
}

/// What makes one log event of several lines is said of each kind of source, with how many have several.
#[test]
fn how_many_log_events_have_several_lines_is_said() {
    let folder = folder("learnt-several-lines");
    fs::create_dir_all(folder.join("logs")).unwrap();
    let (mut text, mut json) = (String::new(), String::new());
    for n in 0..90_u64 {
        let time = Timestamp(1_767_600_000_000 + n as i64 * 10_000).to_rfc3339();
        let id = format!("{:016x}", (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let trace = if n % 9 == 0 {
            "\n  at Store.put\n  at Main"
        } else {
            ""
        };
        writeln!(text, "{time} INFO packed order={id}{trace}").unwrap();
        writeln!(
            json,
            "{{\"timestamp\": \"{time}\", \"event\": \"taken\", \"order\": \"{id}\"}}"
        )
        .unwrap();
    }
    fs::write(folder.join("logs/store.log"), text).unwrap();
    fs::write(folder.join("logs/gate.jsonl"), json).unwrap();
    let found = found(&folder);
    let said = found
        .places
        .iter()
        .map(|place| (&*place.name, place.lines()));
    let said: BTreeMap<&str, String> = said.collect();
    assert_eq!(said["gate"], "each log event is one line");
    assert!(
        said["store"].starts_with("10 of 90 log events have several: "),
        "{said:?}"
    );
    assert!(
        said["store"].contains("begins at each line that bears a time"),
        "{said:?}"
    );
    for guess in guesses::rows(&found, &Rulings::default()) {
        let facts = guesses::facts(&found, &guess);
        let told = facts.iter().any(|fact| fact.label == "lines");
        assert_eq!(told, matches!(guess.part, Part::Place(_)), "{}", guess.text);
    }
}
