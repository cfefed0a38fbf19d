//! The real binary on a real (pseudo) terminal: what is on the screen, and what is left behind.
//!
//! Nothing here waits for time: it waits for text on the screen, for the end of the process, for the
//! end of what the terminal got.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use lastseen::runtime::terminal::Screen;
use ratatui::style::Style;

use super::support::pty::{Pty, TERM};

/// So few messages load at once also where nothing is optimised; some are lost all the same.
const DEMO: [&str; 3] = ["demo", "--messages", "200"];
const LOADED: &str = "all 30";

fn demo(columns: u16, rows: u16) -> Pty {
    let pty = Pty::start(&DEMO, columns, rows, &[]);
    pty.wait(LOADED);
    pty
}

/// The row with the cursor mark.
fn selected(pty: &Pty) -> String {
    // The picture is whole once the cursor is shown.
    wait_for_cursor(pty);
    let text = pty.text();
    let row = text.lines().find(|line| line.contains('❯'));
    // Whether the blanks at its end were written or erased is not seen.
    row.unwrap_or_else(|| panic!("nothing is selected on:\n{text}"))
        .trim_end()
        .to_owned()
}

/// The terminal's own cursor is where the mark is: a screen reader reads that row.
#[track_caller]
fn wait_for_cursor(pty: &Pty) {
    pty.wait_on("the cursor on the mark", |screen| {
        let (row, column) = screen.cursor_position();
        let under = screen.cell(row, column);
        !screen.hide_cursor() && under.is_some_and(|cell| cell.contents() == "❯")
    });
}

#[test]
fn from_the_board_to_the_log_line_and_back() {
    let mut pty = demo(100, 30);
    pty.wait("findings");
    let finding = selected(&pty);
    assert!(finding.contains("qa"), "{finding}");
    wait_for_cursor(&pty);
    pty.send("\r");
    pty.wait("finding 1 of");
    pty.send("a");
    pty.wait("selected 1 of");
    pty.wait("∅ LOST");
    pty.send("j");
    pty.wait("selected 2 of");
    let message = selected(&pty);
    wait_for_cursor(&pty);
    pty.send("\r");
    pty.wait("◆ last seen");
    pty.wait("never seen");
    pty.wait("log line readable");
    pty.wait("INFO");
    pty.send("\r");
    pty.gone("stages ");
    pty.send("r");
    pty.wait("log line raw");
    pty.wait("\"timestamp\"");
    // One level a key, and each where it was left.
    pty.send("\x1b");
    pty.wait("stages ");
    pty.send("\x1b");
    pty.wait("selected 2 of");
    assert_eq!(selected(&pty), message);
    pty.send("\x1b");
    pty.wait("finding 1 of");
    pty.send("\x1b");
    pty.wait("findings");
    assert_eq!(selected(&pty), finding);
    pty.send("q");
    pty.wait("quit?");
    pty.send("y");
    assert_eq!(pty.end().exit_code(), 0);
    pty.assert_given_back();
}

#[test]
fn the_terminal_is_given_back_however_it_ends() {
    for end in ["ctrl-c", "TERM", "HUP", "INT"] {
        // Also in the middle of a load.
        let mut pty = Pty::start(&DEMO, 80, 24, &[]);
        pty.wait("? help");
        // With something open over the view.
        pty.send("?");
        pty.wait("keys: board");
        match end {
            "ctrl-c" => pty.send("\x03"),
            signal => pty.signal(signal),
        }
        assert_eq!(pty.end().exit_code(), 0, "{end}");
        pty.assert_given_back();
    }
}

/// The variable that makes the next test the program of the one behind it.
const DIES: &str = "LASTSEEN_TEST_DIES";

#[test]
#[ignore = "is the program that another test runs on a terminal of its own"]
fn dies_while_it_draws() {
    if std::env::var_os(DIES).is_none() {
        return;
    }
    let mut screen = Screen::open().unwrap();
    screen.mouse(true).unwrap();
    let drawn = screen.show(|_, buffer| {
        buffer.set_string(0, 0, "drawn", Style::new());
        None
    });
    drawn.unwrap();
    let _dead = screen.show(|_, _| panic!("index out of luck"));
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_told_on_the_normal_screen() {
    let program = std::env::current_exe().unwrap();
    let dies = "terminal::dies_while_it_draws";
    let args = ["--ignored", "--exact", "--nocapture", dies];
    let vars = [(DIES, "1")];
    let mut pty = Pty::start_program(&program, Path::new("/"), &args, (120, 40), &vars);
    assert!(!pty.end().success());
    pty.assert_given_back();
    let (screen, raw) = (pty.text(), pty.raw());
    assert!(
        screen.contains("index out of luck"),
        "not told on:\n{screen}"
    );
    assert!(!screen.contains("drawn"), "still drawn on:\n{screen}");
    let [drawn, left, told] = ["drawn", "\x1b[?1049l", "index out of luck"].map(|text| {
        raw.find(text)
            .unwrap_or_else(|| panic!("no {text:?} in {raw:?}"))
    });
    assert!(
        drawn < left && left < told,
        "told while it was ours: {raw:?}"
    );
}

#[test]
fn a_closed_terminal_ends_the_process() {
    let mut pty = Pty::start(&DEMO, 80, 24, &[]);
    pty.wait("? help");
    pty.close();
    // The test would not come to its end if the process did not.
    pty.child_ends();
}

#[test]
fn resizing_to_almost_nothing_and_back_keeps_the_place_and_the_next_key() {
    let mut pty = demo(100, 30);
    pty.wait("findings");
    pty.send("j");
    pty.wait_for("another finding", |screen| {
        screen.lines().skip(3).any(|row| row.contains('❯'))
    });
    let finding = selected(&pty);
    pty.resize(20, 3);
    pty.wait("20x3 is too small");
    for row in pty.text().lines() {
        assert!(row.chars().count() <= 20, "{row:?}");
    }
    pty.resize(100, 30);
    pty.wait("? help");
    assert_eq!(selected(&pty), finding);
    // A key right behind a change of size is taken at once, not with the next key.
    for _ in 0..5 {
        pty.resize(90, 30);
        pty.resize(100, 30);
        pty.send("7");
        pty.wait("details  1 of 30");
        pty.wait("? help");
        pty.send("\x1b");
        pty.wait("findings");
    }
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn no_key_waits_for_another() {
    let mut pty = demo(100, 30);
    for _ in 0..5 {
        pty.send("?");
        pty.wait("keys: board");
        // Escape alone is the beginning of many keys; it must not wait for the rest.
        pty.send("\x1b");
        pty.gone("keys: board");
    }
    // Many at once are all taken, in their order, also Escape and what follows it.
    pty.send("2");
    pty.wait("selected 1 of 400");
    pty.send("Ggjjjj");
    pty.wait("selected 5 of 400");
    pty.send("\x1b7");
    pty.wait("details  1 of 30");
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn without_colour_there_is_none_and_the_selection_still_shows() {
    let mut pty = Pty::start(
        &DEMO,
        100,
        30,
        &[("NO_COLOR", "1"), ("COLORTERM", "truecolor")],
    );
    pty.wait("∅ LOST");
    pty.cells(|y, x, cell| {
        assert_eq!(
            (cell.fgcolor(), cell.bgcolor()),
            (vt100::Color::Default, vt100::Color::Default),
            "{:?} at {x},{y}",
            cell.contents()
        );
    });
    let mut shows = false;
    pty.cells(|_, _, cell| shows |= cell.contents() == "❯" && cell.inverse());
    assert!(shows, "the selected row is not set apart:\n{}", pty.text());
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);
}

/// Its background, once, and only where the theme depends on it. A mute terminal holds nothing up.
#[test]
fn it_asks_the_terminal_for_its_background_only_where_it_matters() {
    let asked = |args: &[&str], vars: &[(&str, &str)]| {
        let mut pty = Pty::start(args, 100, 30, vars);
        pty.wait(LOADED);
        pty.send("\x03");
        assert_eq!(pty.end().exit_code(), 0);
        pty.raw().matches("\x1b]11;?").count()
    };
    let demo = ["demo", "--messages", "200"];
    assert_eq!(asked(&demo, &[]), 1);
    let named = ["demo", "--messages", "200", "--theme", "paper"];
    assert_eq!(asked(&named, &[]), 0);
    assert_eq!(asked(&demo, &[("NO_COLOR", "1")]), 0);
}

#[test]
fn it_asks_the_terminal_nothing_else_and_is_silent_when_idle() {
    let mut pty = demo(100, 30);
    pty.silence();
    pty.send("2j\r\r\x1b\x1b7?\x1b:zzz\x1b");
    pty.resize(60, 20);
    pty.wait("details");
    pty.silence();
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);
    let raw = pty.raw();
    for (what, code) in [
        ("the cursor's position", "\x1b[6n"),
        ("a status report", "\x1b[5n"),
        ("keyboard flags", "\x1b[?u"),
        ("a colour", "\x1b]10;?"),
        ("the version", "\x1b[>q"),
        ("a mode", "$p"),
        ("clicks", "\x1b[?1000h"),
        ("drags", "\x1b[?1002h"),
        ("the mouse", "\x1b[?1003h"),
        ("mouse reports", "\x1b[?1006h"),
    ] {
        assert!(!raw.contains(code), "asks for {what}");
    }
    assert!(raw.contains("\x1b[?2026h"), "pictures are shown whole");
}

#[test]
fn a_folder_of_files_opens_like_any_other_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let written = run(&["demo", "--messages", "100", "--write", path]);
    assert_eq!(written.status.code(), Some(0), "{written:?}");
    let config = format!("{path}/lastseen.toml");
    let checked = run(&["check", "--json", "--config", &config]);
    let answer: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    let lost = answer["lost"].as_array().unwrap();
    let wanted = lost.last().unwrap()["id"].as_str().unwrap();

    let mut pty = Pty::start(&["--config", &config], 120, 40, &[]);
    pty.wait("complete: all");
    pty.wait(&format!("∅ LOST {}", lost.len()));
    pty.send(&format!("2v&{wanted}\r"));
    pty.wait("selected 1 of 1 ");
    pty.send("\r\r");
    pty.wait("log line readable");
    pty.wait(wanted);
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn a_pipe_gets_the_answer_as_text_and_no_control_codes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    run(&["demo", "--messages", "100", "--write", path]);
    let config = format!("{path}/lastseen.toml");
    let checked = run(&["check", "--plain", "--config", &config]);
    let piped = run(&["--config", &config]);
    assert_eq!(piped.status.code(), checked.status.code());
    assert_eq!(
        String::from_utf8(piped.stdout).unwrap(),
        String::from_utf8(checked.stdout).unwrap()
    );
    let demo = run(&DEMO);
    assert_eq!(demo.status.code(), Some(1));
    let text = String::from_utf8(demo.stdout).unwrap();
    assert!(text.contains("LOST") && !text.contains('\x1b'), "{text}");
}

#[test]
fn what_cannot_open_says_so_on_the_normal_screen() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("app.log"), "one\n").unwrap();
    std::fs::write(folder.path().join("bad.toml"), "[pipelin.orders]\n").unwrap();
    let cases: [(&[&str], &str); 4] = [
        (&["demo", "--theme", "duks"], "did you mean `dusk`"),
        (&["--config", "bad.toml"], "bad.toml:1"),
        (&["app.log"], "no pipeline is configured"),
        (&[], "lastseen demo"),
    ];
    for (args, wanted) in cases {
        let mut pty = Pty::start_in(folder.path(), args, 100, 30, &[]);
        assert_eq!(pty.end().exit_code(), 2, "{args:?}");
        let text = pty.text();
        assert!(text.contains(wanted), "{args:?} says:\n{text}");
        assert!(
            !text.lines().any(|line| line.trim() == "help:"),
            "no empty remedy:\n{text}"
        );
        assert!(!pty.raw().contains("\x1b[?1049h"), "{args:?}");
        pty.assert_given_back();
    }
}

fn run(args: &[&str]) -> std::process::Output {
    let _flushed = std::io::stdout().flush();
    Command::new(env!("CARGO_BIN_EXE_lastseen"))
        .args(args)
        .current_dir(Path::new("/"))
        .env_clear()
        .env("TERM", TERM)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}
