//! What was decided, kept: as the file that a person would have written, and in the session.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use lastseen::app::model::{Asking, Mode};
use lastseen::app::session;
use lastseen::config::learnt;
use lastseen::domain::correction::Part;
use lastseen::domain::mask::Mask;

use super::desk::{Desk, counts, found, kept};

fn link(part: Part, _: &str) -> bool {
    matches!(part, Part::Link(..))
}

#[test]
fn the_saved_file_gives_the_same_result() {
    let mut desk = Desk::new("saved", 120, 40).told();
    desk.to(link).keys("d");
    let exit = |part: Part, text: &str| matches!(part, Part::Rule(..)) && text.contains("started");
    let trip = |part: Part, _: &str| matches!(part, Part::Attribute(..));
    let whole = |part: Part, _: &str| matches!(part, Part::Pipeline(_));
    desk.to(trip).keys("d").to(whole).keys("a");
    desk.to(exit).keys("a").keys("w").shows("saved in");
    desk.keys("w").shows("says all of it already");
    desk.keys("1").shows("· saved in ");
    desk.keys("9");
    let path = desk.folder.join("lastseen.toml");
    let text = fs::read_to_string(&path).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o600, 0o600);
    assert_eq!(mode & 0o111, 0);
    for part in [
        "confidence)",
        "enter: confirmed by you; ",
        "you said that they are two messages",
        "# Taken out by you:",
        "#   attribute jobs tripId",
        "#   pipeline jobs",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    let totals = desk.model.overview.totals();
    let said = counts(&desk.folder, &text);
    for (verdict, count) in &said {
        assert_eq!(totals.of(*verdict), *count, "{verdict:?}");
    }
    assert!(said.iter().map(|(_, n)| n).sum::<u64>() == 180, "{said:?}");
    kept("learnt_saved", &text);
}

#[test]
fn no_file_is_replaced_unasked() {
    let mut desk = Desk::new("asked", 120, 40).told();
    let path = desk.folder.join("lastseen.toml");
    fs::write(&path, "# mine\n").unwrap();
    desk.to(link).keys("w");
    assert!(matches!(
        &desk.model.mode,
        Mode::Question(Asking::Replace(_))
    ));
    desk.shows("replace the configuration?");
    for no in ["<enter>", "<esc>", "q", "n"] {
        desk.keys(no);
        assert_eq!(desk.model.mode, Mode::Normal);
        assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\n");
        desk.keys("w");
    }
    assert!(!desk.quit);
    desk.keys("y").shows("saved in");
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("[pipeline.jobs]")
    );
    let names: Vec<_> = fs::read_dir(&desk.folder)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "the logs and the file: {names:?}");
    desk.keys("a").shows("changed since it was saved");
}

#[test]
fn decisions_survive_the_session() {
    let mut before = Desk::new("session", 120, 40).told();
    before.to(link).keys("d");
    let worker =
        |part: Part, text: &str| matches!(part, Part::Stage(..)) && text.starts_with("worker");
    before.to(worker).keys("e<space>within<space>7m<enter>");
    let kept = session::of(&before.model, "logs").unwrap();
    let json = serde_json::to_string(&kept).unwrap();

    let mut after = Desk::over(before.folder.clone(), 120, 40);
    after.model.resume = Some(serde_json::from_str(&json).unwrap());
    let mut after = after.told();
    assert_eq!(after.judged, 1, "once, for all decisions together");
    assert_eq!(after.messages(), before.messages());
    assert_eq!(after.config(), before.config());
    after.keys("9").shows("rejected").shows("changed");
    // Logs in which nothing of it is found have none of it.
    let mut other = Desk::over(before.folder.clone(), 120, 40);
    let other_kept = json.replace("link jobs", "link trains");
    other.model.resume = Some(serde_json::from_str(&other_kept).unwrap());
    let mut other = other.told();
    other.shows("1 of 2 decisions of the last session fit nothing here");
    assert_eq!(other.model.learnt.as_ref().unwrap().rulings.len(), 1);
}

#[test]
fn where_nothing_tells_what_is_done_whatever_comes_is() {
    let desk = Desk::new("ends", 120, 40);
    let mut found = found(&desk.folder);
    for pipeline in &mut found.pipelines {
        pipeline.stages.last_mut().unwrap().rules.clear();
    }
    let text = learnt::text(&found);
    let ends = text.matches("\nenter = \".\"\n").count();
    assert_eq!(ends, found.pipelines.len(), "{text}");
    let all: u64 = counts(&desk.folder, &text).iter().map(|(_, n)| n).sum();
    assert!(all > 0, "{text}");
}

#[test]
fn what_is_not_masked_is_not_written_unasked_while_others_look_on() {
    let mut desk = Desk::new("shared", 120, 40).told();
    desk.model.share.with = Some(Arc::new(Mask::new([7; 32], Vec::new()).unwrap()));
    let path = desk.folder.join("lastseen.toml");
    desk.keys("9")
        .shows("not saved (w: ")
        .shows("lastseen.toml)");
    for no in ["<enter>", "<esc>", "q", "n"] {
        desk.keys("Mw").shows("write the configuration?");
        desk.shows("every rule learnt here");
        desk.keys(no);
        assert!(!path.exists(), "{no}");
        desk.keys("My");
    }
    desk.keys("Mwy").shows("saved in ").shows("lastseen.toml");
    assert!(path.exists());
}
