//! What is on the screen: every view at every size, hostile text, and no panic at any size.

use std::fmt::Write as _;
use std::sync::Arc;

use lastseen::domain::mask::Mask;
use lastseen::domain::safe::is_safe;
use lastseen::domain::time::Timestamp;
use lastseen::runtime::look::Look;
use lastseen::runtime::{self, Options};
use lastseen::theme::Theme;
use lastseen::theme::ascii::Signs;
use lastseen::theme::bundled::{self, Pair};
use lastseen::theme::depth::Depth;
use lastseen::theme::role::Role;
use ratatui::buffer::{Buffer, Cell};

use super::support::dashboard::{Dashboard, text};
use super::support::fake_answers::{END, FakeAnswers};

/// Not a test: shows the dashboard on the made-up incident, to be looked at.
/// `cargo test --test suite play -- --ignored --nocapture`; `PLAY=loading,paper` picks data and theme.
#[test]
#[ignore = "needs a terminal and somebody to look at it"]
fn play() {
    let wanted = std::env::var("PLAY").unwrap_or_default();
    let has = |word: &str| wanted.split(',').any(|w| w == word);
    let answers = if has("loading") {
        Arc::new(FakeAnswers::loading())
    } else if has("calm") {
        Arc::new(FakeAnswers::calm())
    } else if has("nothing") {
        Arc::new(FakeAnswers::nothing())
    } else {
        FakeAnswers::incident()
    };
    let theme = bundled::names().find(|name| has(name));
    let depth = if has("256") {
        Depth::Ansi256
    } else {
        Depth::True
    };
    let options = Options {
        learnt: None,
        notice: None,
        config: None,
        title: "acme orders".into(),
        look: Look {
            themes: theme.map(|name| Pair {
                dark: name.into(),
                light: name.into(),
            }),
            by_flag: true,
            depth: if has("plain") { Depth::Mono } else { depth },
            signs: if has("ascii") {
                Signs::Ascii
            } else {
                Signs::Unicode
            },
            background: String::new(),
            folder: None,
        },
        share: (
            Arc::new(Mask::new([7; 32], Vec::new()).unwrap()),
            has("share"),
        ),
        zones: vec![chrono_tz::Europe::Berlin],
        keys: Arc::default(),
        session: None,
        resume: false,
        profiles: Vec::new(),
        clock: || Timestamp(END.0 + 12_000),
    };
    runtime::run(answers, &options).unwrap();
}

/// Every view and overlay, and the keys that lead there.
pub(crate) const VIEWS: [(&str, &str); 25] = [
    ("board", ""),
    ("board_gap", "x"),
    ("evidence", "<enter>"),
    ("evidence_messages", "<enter><tab>j"),
    ("evidence_line", "<enter><tab><tab>j<enter>"),
    ("compare", "5"),
    ("compare_regions", "5}}l}}}}}jj"),
    ("messages", "2"),
    ("lifecycle", "x<enter><enter>"),
    ("log", "x<enter><enter><enter>"),
    ("logs", "4"),
    ("logs_kept", "4&7c6ef372<enter>++"),
    ("logs_text", "4jj<tab>j"),
    ("sources", "7jj"),
    ("hunt", "xH"),
    ("timeline", "pxp<enter>p<enter>p6a deployed 2.9.0<enter>g"),
    ("note", "6ais this <ctrl-u>restarted the engine<tab>"),
    ("copy", "2y"),
    ("help", "2?"),
    ("palette", "2:filter"),
    ("filter", "2&eng-3"),
    ("filter_wrong", "2&verdict:lost hots=eng-3"),
    ("search", "2/eng-3"),
    ("pending", "2majjmb'"),
    ("marks", "2majjmb\""),
];

fn snapshot(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

fn views_at(columns: u16, rows: u16) {
    for (name, keys) in VIEWS {
        let mut dashboard = Dashboard::new(columns, rows);
        dashboard.keys(keys);
        snapshot(&format!("{name}_{columns}x{rows}"), &dashboard.screen());
    }
}

#[test]
fn views_at_80x24() {
    views_at(80, 24);
}

#[test]
fn views_at_120x40() {
    views_at(120, 40);
}

#[test]
fn views_at_200x60() {
    views_at(200, 60);
}

#[test]
fn other_data() {
    for (name, answers, keys) in [
        ("loading", FakeAnswers::loading(), ""),
        ("loading_sources", FakeAnswers::loading(), "7"),
        ("calm", FakeAnswers::calm(), ""),
        ("calm_completed", FakeAnswers::calm(), "2<enter>"),
        ("nothing", FakeAnswers::nothing(), ""),
        ("nothing_messages", FakeAnswers::nothing(), "2"),
        ("nothing_compare", FakeAnswers::nothing(), "5"),
        ("evidence_blind", FakeAnswers::blind(), "<enter>"),
        ("nothing_sources", FakeAnswers::nothing(), "7"),
    ] {
        let mut dashboard = Dashboard::with(answers, 80, 24);
        dashboard.keys(keys);
        snapshot(&format!("{name}_80x24"), &dashboard.screen());
    }
    let before = Dashboard::before(FakeAnswers::nothing(), 80, 24);
    snapshot("before_the_first_answer_80x24", &before.screen());
}

/// The letter of a role: those of the stages are their numbers.
fn name(role: usize) -> char {
    let stage = Role::STAGES.iter().position(|s| *s as usize == role);
    stage.map_or(char::from(b'a' + role as u8), |i| {
        char::from(b'1' + i as u8)
    })
}

/// One letter a cell: which role its style is, so that a snapshot shows what shouts and what is quiet.
fn styles(theme: &Theme, buffer: &Buffer) -> String {
    let letter = |cell: &Cell| {
        let selected = theme.style(Role::Selection).bg == Some(cell.bg);
        let role = Role::ALL.iter().position(|(role, _)| {
            let style = theme.style(*role);
            !role.is_background()
                && style.fg == Some(cell.fg)
                && style.add_modifier == cell.modifier
        });
        let letter = role.map_or('?', name);
        match (cell.symbol(), selected) {
            (" ", false) => ' ',
            (" ", true) => '_',
            (_, true) => letter.to_ascii_uppercase(),
            (_, false) => letter,
        }
    };
    let mut out = String::from("letters: ");
    for (i, (_, name)) in Role::ALL.iter().enumerate().skip(3) {
        let letter = self::name(i);
        let _infallible = write!(out, "{letter}={name} ");
    }
    out.push_str("(capital: selected)\n");
    for y in buffer.area.top()..buffer.area.bottom() {
        let line: String = (buffer.area.left()..buffer.area.right())
            .map(|x| letter(&buffer[(x, y)]))
            .collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[test]
fn the_loss_shouts_and_the_rest_is_quiet() {
    for (name, keys) in [("board", "x"), ("messages", "2"), ("lifecycle", "2<enter>")] {
        let mut dashboard = Dashboard::new(80, 24);
        dashboard.keys(keys);
        let dump = styles(&dashboard.theme, &dashboard.buffer());
        snapshot(&format!("styles_{name}_80x24"), &dump);
    }
}

#[test]
fn the_status_line_always_tells_on_what_evidence() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        for (name, keys) in VIEWS {
            let mut dashboard = Dashboard::new(columns, rows);
            dashboard.keys(keys);
            let screen = dashboard.screen();
            let status = screen.lines().rev().nth(1).unwrap();
            for wanted in ["UTC", "2026-11-22 02:00–03:00", "3 of 31", "filter"] {
                assert!(status.contains(wanted), "{name}: no {wanted} in {status:?}");
            }
            assert!(screen.lines().last().unwrap().contains("? help"), "{name}");
        }
        let loading = Dashboard::with(FakeAnswers::loading(), columns, rows);
        let screen = loading.screen();
        let status = screen.lines().rev().nth(1).unwrap();
        assert!(status.contains("… "), "{status}");
        assert!(status.contains("no filter"), "{status}");
    }
}

#[test]
fn what_could_not_be_seen_is_on_every_board() {
    for (columns, rows) in [(60, 16), (80, 24), (120, 40), (200, 60)] {
        let dashboard = Dashboard::new(columns, rows);
        dashboard.shows("not seen").shows("✗ denied");
    }
}

#[test]
fn too_small_a_screen_says_so() {
    let mut dashboard = Dashboard::new(39, 24);
    dashboard.shows("39x24 is too small").shows("needs 40x12");
    dashboard.resize(80, 11);
    dashboard.shows("80x11 is too small");
    dashboard.resize(40, 12);
    dashboard.shows_not("too small").shows("? help");
}

/// Texts that try to command a terminal, reorder a line, hide, or break a width.
const HOSTILE: [&str; 9] = [
    "\u{1b}[2J\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{9b}31m\u{90}q\u{9c}",
    "a\u{202e}gpj.exe\u{202c}\u{2066}x\u{2069}\u{200f}",
    "z\u{200b}w\u{200d}j\u{feff}\u{ad}\u{2060}\u{e0041}\u{fe0f}",
    "tab\there\r\nline\u{b}\u{c}\u{85}\u{2028}\u{2029}end\0",
    "👩\u{200d}👩\u{200d}👧 🇩🇪 e\u{301}\u{301}\u{301}\u{301}\u{301} 注文番号注文番号",
    "\u{301}\u{302}leading",
    "\u{7f}\u{8}\u{8}\u{8}rubout",
    "ｈａｌｆ\u{1160}\u{3164}\u{ffa0}\u{115f}fill",
];

#[test]
fn no_control_or_hidden_character_reaches_a_cell() {
    for hostile in HOSTILE {
        let answers = Arc::new(FakeAnswers::hostile(hostile));
        for (columns, rows) in [(80, 24), (200, 60)] {
            for (_, keys) in VIEWS {
                let mut dashboard = Dashboard::with(Arc::clone(&answers), columns, rows);
                dashboard.model.title = hostile.into();
                dashboard.keys(keys);
                let buffer = dashboard.buffer();
                for cell in &buffer.content {
                    for c in cell.symbol().chars() {
                        assert!(is_safe(c), "{c:?} of {hostile:?} after {keys:?}");
                    }
                }
                let zoomed = text(&buffer);
                assert!(!zoomed.contains('\u{1b}') && !zoomed.contains('\u{202e}'));
            }
        }
    }
}

#[test]
fn hostile_text_is_shown_and_not_swallowed() {
    let answers = FakeAnswers::hostile("\u{1b}[31mred\u{202e}");
    let mut dashboard = Dashboard::with(answers, 120, 40);
    dashboard.keys("2").shows("␛[31mred<U+202E>");
    dashboard.keys("<enter><enter>r").shows("␛[31mred<U+202E>");
    dashboard.keys("<esc>7<enter>").shows("␛[31mred<U+202E>");
}

#[test]
fn every_size_can_be_drawn() {
    for (_, keys) in VIEWS {
        let mut dashboard = Dashboard::new(80, 24);
        dashboard.keys(keys);
        for columns in (0..50).chain([79, 100, 159, 160, 300]) {
            for rows in (0..16).chain([24, 40, 100]) {
                dashboard.resize(columns, rows);
                let _drawn = dashboard.buffer();
            }
        }
    }
}

/// What stands on the first row of the body.
fn headings(keys: &str) -> String {
    let mut dashboard = Dashboard::new(380, 100);
    dashboard.keys(keys);
    dashboard.screen().lines().nth(1).unwrap().to_owned()
}

#[test]
fn a_very_wide_screen_has_panes_side_by_side() {
    for (keys, left, right) in [
        ("", "─ findings", "─ prod orders"),
        ("2", "verdict", "─ selected"),
        ("5", "─ compare", "─ what differs"),
        ("p6", "─ timeline", "─ finding"),
        ("7", "state", "─ details"),
    ] {
        let row = headings(keys);
        assert!(row.contains(left) && row.contains(right), "{keys}: {row}");
    }
}
