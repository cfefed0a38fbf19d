//! The real program: what was typed is there again after a kill, and stands in what is exported.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::cases::program::lastseen;
use crate::support::pty::Pty;

/// A small incident as files, with its own home.
fn incident() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let args = ["demo", "--messages", "100", "--write", "."];
    assert_eq!(lastseen(folder.path(), &[], &args).code, 0);
    folder
}

fn open(folder: &Path) -> Pty {
    let home = folder.to_str().unwrap();
    let pty = Pty::start_in(folder, &[], 120, 40, &[("HOME", home)]);
    pty.wait("complete: all");
    pty
}

fn exported(folder: &Path, format: &str) -> String {
    let said = lastseen(folder, &[], &["export", "--format", format]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.out
}

/// The section with this heading.
fn section<'a>(report: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = report.split_once(&format!("\n## {heading}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

#[test]
fn what_was_pinned_and_noted_is_in_the_report_and_commands_nobody() {
    let folder = incident();
    assert_eq!(
        section(&exported(folder.path(), "markdown"), "Timeline"),
        None
    );
    let mut pty = open(folder.path());
    pty.send("p");
    pty.wait("finding pinned");
    pty.send("6a<script>alert(1)</script> | [x](javascript:y) @all **b** `c`\r");
    pty.wait("noted at");
    pty.wait("2 entries");
    pty.send("w");
    pty.wait("the post-mortem is in ");
    let text = pty.text();
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);

    let report = exported(folder.path(), "markdown");
    let timeline = section(&report, "Timeline").expect("a timeline");
    let rows: Vec<&str> = timeline
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    assert_eq!(rows.len(), 4, "{timeline}");
    assert!(
        timeline.contains("| finding |") && timeline.contains("| note |"),
        "{timeline}"
    );
    assert!(
        timeline.contains("alert(1)"),
        "shown, and not swallowed: {timeline}"
    );
    assert!(
        !timeline.contains("<script>") && !timeline.contains("[x](javascript"),
        "{timeline}"
    );
    assert!(!timeline.contains(" @all"), "{timeline}");
    let html = exported(folder.path(), "html");
    assert!(
        html.contains("&lt;script&gt;alert(1)") && !html.contains("<script"),
        "no script"
    );

    // The file that the dashboard wrote says the same, is for its owner only, and replaces nothing.
    let (_, path) = text.split_once("the post-mortem is in ").unwrap();
    let path = Path::new(path.split_whitespace().next().unwrap());
    assert_eq!(
        fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let written = fs::read_to_string(path).unwrap();
    assert_eq!(section(&written, "Timeline"), Some(timeline));
    let mut pty = open(folder.path());
    pty.send(":write_post\r");
    pty.wait("the post-mortem is in ");
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);
    assert_eq!(fs::read_to_string(path).unwrap(), written);
    let reports = fs::read_dir(folder.path()).unwrap();
    let reports = reports.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("post-mortem-")
    });
    assert_eq!(reports.count(), 2);
}

#[test]
fn a_kill_in_the_middle_of_writing_leaves_whole_notes_only() {
    let folder = incident();
    let mut typed = 0;
    let mut seen = 0;
    for round in 0..4 {
        let mut pty = open(folder.path());
        pty.send("6");
        if seen > 0 {
            pty.wait("saved in");
        }
        for number in 0..10 {
            pty.send(&format!("anote {typed} of many\r"));
            if number == round * 3 {
                pty.wait(&format!("note {typed} of many"));
            }
            typed += 1;
        }
        pty.signal("KILL");
        pty.child_ends();
        drop(pty);
        let report = exported(folder.path(), "markdown");
        let timeline = section(&report, "Timeline").unwrap_or_default();
        let kept: Vec<&str> = timeline
            .lines()
            .filter(|line| line.contains("| note |"))
            .collect();
        assert!(kept.len() >= seen && kept.len() <= typed, "{timeline}");
        assert!(
            kept.iter().all(|line| line.contains(" of many")),
            "{timeline}"
        );
        seen = kept.len();
    }
    // Ended in an orderly way, nothing is missing.
    let mut pty = open(folder.path());
    pty.send("6athe very last\r\x03");
    assert_eq!(pty.end().exit_code(), 0);
    let report = exported(folder.path(), "markdown");
    let timeline = section(&report, "Timeline").unwrap();
    assert!(timeline.contains("the very last"), "{timeline}");
    let kept = timeline
        .lines()
        .filter(|line| line.contains("| note |"))
        .count();
    assert_eq!(kept, seen + 1);
}

#[test]
fn plain_is_lines_of_text_with_the_causes_first() {
    let folder = incident();
    let run = |args: &[&str]| lastseen(folder.path(), &[], args);
    let (plain, piped) = (run(&["--plain"]), run(&[]));
    assert_eq!(plain, piped, "what is no terminal gets the same");
    assert_eq!(run(&["check", "--plain"]).out, plain.out);
    assert!(!plain.out.contains('\x1b') && !plain.out.contains('\r'));
    assert!(!plain.out.contains(['│', '─', '╭', '━']), "no boxes");
    let short = run(&["check"]);
    assert_eq!(short.code, plain.code);
    for out in [&short.out, &plain.out] {
        let why = out.find("\nWhy\n").expect("the causes");
        let head = out[..why].lines().count();
        assert!(head <= 4, "directly behind the headline:\n{out}");
        assert!(
            why < out.find("allowance").unwrap(),
            "before the tables:\n{out}"
        );
    }
    assert!(plain.out.lines().count() > short.out.lines().count());
    assert!(plain.out.contains("lost have it"), "{}", plain.out);

    // On a terminal, too: not one cursor movement, no alternate screen.
    let home = folder.path().to_str().unwrap();
    let mut pty = Pty::start_in(folder.path(), &["--plain"], 200, 200, &[("HOME", home)]);
    assert_eq!(pty.end().exit_code(), 1);
    assert!(!pty.raw().contains('\x1b'), "{}", pty.raw());
    assert!(pty.raw().contains("Why\r\n"));
}
