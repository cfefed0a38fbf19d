//! Keys of one's own: what they change everywhere, and what is told where they are wrong.

use std::path::Path;
use std::sync::Arc;

use lastseen::app::model::Mode;
use lastseen::app::place::Place;
use lastseen::app::remap;
use lastseen::config::file::File;

use super::support::dashboard::Dashboard;

fn file(text: &str) -> File {
    let file = File::parse("lastseen.toml", Path::new("."), text);
    assert!(file.errors.is_empty(), "{:?}", file.errors);
    file
}

fn dashboard(text: &str) -> (Dashboard, Vec<String>) {
    let (keymap, warnings) = remap::keymap(&[&file(text)]).unwrap();
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.model.keys = Arc::new(keymap);
    (
        dashboard,
        warnings.iter().map(ToString::to_string).collect(),
    )
}

#[test]
fn the_help_the_hints_and_the_palette_show_the_keys_one_has() {
    let (mut own, warnings) = dashboard(
        "[keys]\nnext_gap = [\"ctrl-n\", \"f\"]\nopen = [\"enter\", \"o\"]\n[keys.messages]\nfilter = \"|\"\n",
    );
    assert!(warnings.is_empty(), "{warnings:?}");
    own.shows("ctrl-n next gap");
    own.keys("f").shows_not("does nothing");
    assert!(own.selected().contains("LOST 66"));
    own.keys("x").shows("x does nothing here");
    own.keys("o");
    assert_eq!(own.model.place, Place::Messages);
    own.shows("| filter");
    own.keys("|eng-3").shows("&eng-3█");
    own.keys("<esc>?").shows("| ").shows("ctrl-n f");
    own.keys("<esc>:next_gap").shows("ctrl-n f");
}

#[test]
fn one_view_alone_may_have_other_keys() {
    let (mut own, warnings) = dashboard("[keys.messages]\ndown = \"n\"\n");
    assert_eq!(
        warnings,
        ["lastseen.toml:2:8: keys.messages.down: `n` leaves `next_match` without a key"]
    );
    own.keys("2nn");
    assert_eq!(own.model.messages.cursor, 2);
    own.keys("<enter>n");
    assert_eq!(
        own.model.messages.cursor, 3,
        "in the lifecycle n is the next message as ever"
    );
    own.keys("<esc>:next_match<enter>")
        .shows("nothing is searched for");
}

#[test]
fn an_action_may_lose_its_key_and_stays_in_the_palette() {
    let (mut own, _) = dashboard("[keys]\ntoggle_zone = []\n");
    own.keys("t").shows("t does nothing here");
    own.keys(":toggle_zone<enter>").shows("Europe/Berlin");
    assert_eq!(own.model.mode, Mode::Normal);
}

#[test]
fn what_is_wrong_is_told_with_file_and_line() {
    for (text, told) in [
        (
            "[keys]\nnext_gpa = \"f\"",
            "lastseen.toml:2:12: keys.next_gpa: no action is called `next_gpa`\nhelp: did you mean `next_gap`?",
        ),
        (
            "[keys]\nnext_gap = \"ctl-n\"",
            "lastseen.toml:2:12: keys.next_gap: `ctl-n` is no key\nhelp: keys are written j, G, ctrl-d, enter, space, pagedown",
        ),
        (
            "[keys]\nnext_gap = [\"f\", \"entr\"]",
            "lastseen.toml:2:18: keys.next_gap[2]: `entr` is no key\nhelp: did you mean `enter`?",
        ),
        (
            "[keys.mesages]\ndown = \"f\"",
            "lastseen.toml:2:8: keys.mesages.down: no view is called `mesages`\nhelp: did you mean [keys.messages]?",
        ),
        (
            "[keys.board]\nlog_keep = \"f\"",
            "lastseen.toml:2:12: keys.board.log_keep: `log_keep` is nothing that board can do\nhelp: : there lists what can be done",
        ),
        (
            "[keys]\ndown = \"f\"\nup = \"f\"",
            "lastseen.toml:3:6: keys.up: `f` is given to `down` too, in board\nhelp: take another key for one of them",
        ),
        (
            "[keys]\ndown = \"ctrl-c\"",
            "lastseen.toml:2:8: keys.down: `ctrl-c` always quits\nhelp: take another key",
        ),
        (
            "[keys]\nquit = []",
            "lastseen.toml:2:8: keys.quit: `quit` needs a key\nhelp: ctrl-c is the one it has",
        ),
        (
            "[keys.typing]\ndown = \"f\"",
            "lastseen.toml:2:8: keys.typing.down: `f` is typed there\nhelp: take a key with ctrl, or one with a name",
        ),
    ] {
        let errors = remap::keymap(&[&file(text)]).unwrap_err();
        assert_eq!(errors.to_string(), format!("error: {told}"), "{text}");
    }
    let wrong = File::parse("lastseen.toml", Path::new("."), "[keys]\ndown = 3\n");
    assert!(wrong.errors[0].to_string().contains("found the number 3"));
}

#[test]
fn later_files_come_before_earlier_ones() {
    let (own, here) = (
        file("[keys]\nnext_gap = \"f\"\n"),
        file("[keys]\nnext_gap = \"Q\"\n"),
    );
    let (keymap, _) = remap::keymap(&[&own, &here]).unwrap();
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.model.keys = Arc::new(keymap);
    dashboard.keys("f").shows("f does nothing here");
    dashboard.keys("Q");
    assert!(dashboard.selected().contains("LOST 66"));
}
