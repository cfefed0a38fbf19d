//! How it looks: on three screens, on the board, and where nothing was learnt.

use lastseen::domain::correction::Part;

use super::desk::{Desk, kept};
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
