//! The view: typed keys, and the screens they lead to.

use lastseen::app::input::{Input, Question};
use lastseen::app::place::Place;
use lastseen::domain::event::SourceId;
use lastseen::domain::log::LogKey;

use super::pages::{event, key};
use crate::support::dashboard::Dashboard;
use crate::support::fake_answers::{END, FakeAnswers};

fn rows(dashboard: &Dashboard) -> String {
    let screen = dashboard.screen();
    screen
        .lines()
        .skip(2)
        .take(25)
        .collect::<Vec<_>>()
        .join("\n")
}

fn searches(dashboard: &Dashboard) -> usize {
    let search =
        |q: &&Question| matches!(q, Question::Log(query) if query.find.is_some() && !query.places);
    dashboard.asked.iter().filter(search).count()
}

/// New lines of the first source, from a time on.
fn grow(dashboard: &Dashboard, from: i64, count: u64) {
    let mut log = dashboard.answers.log.lock().unwrap();
    for i in 0..count {
        let at = LogKey {
            time: END.plus(from + i as i64),
            ..key(0, 0, 1 << 40 | (from as u64) << 20 | i)
        };
        log.push(
            at,
            "late",
            Some(event(&format!("INFO new line {from} {i}"))),
            None,
        );
    }
}

#[test]
fn a_search_goes_from_match_to_match_and_says_where_there_is_none() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("4/9AA66D2C<enter>");
    let first = dashboard.selected();
    assert!(first.contains("9aa66d2c"), "{first}");
    dashboard.keys("n");
    assert_ne!(dashboard.selected(), first);
    dashboard.keys("N");
    assert_eq!(dashboard.selected(), first);
    dashboard.keys("N").shows("no \"9AA66D2C\" above this line");
    assert_eq!(dashboard.selected(), first);
    dashboard
        .keys("G/9aa66d2c<enter>")
        .shows("no \"9aa66d2c\" below");
    dashboard.keys("//(/<enter>").shows("not a pattern");
    dashboard.keys("<esc>").shows_not("not a pattern");
}

#[test]
fn a_long_search_goes_part_by_part_and_yields_to_the_next_key() {
    let mut dashboard = Dashboard::new(120, 40);
    let nowhere = || Input::Paste("nowhere to be found".into());
    dashboard.keys("4/");
    dashboard.input(nowhere());
    assert_eq!(searches(&dashboard), 2, "14,175 lines in parts of 8,192");
    dashboard.shows("no match");
    dashboard.keys("<enter>/");
    dashboard.slow = true;
    dashboard.input(nowhere());
    dashboard.keys("<enter>");
    dashboard.shows("searching \"nowhere to be found\"; esc ends it");
    dashboard.answer_one();
    dashboard.shows("searching \"nowhere to be found\": 58 %, 8,256 of 14,175 read; esc ends it");
    dashboard.keys("/9aa66d2c<enter>");
    dashboard.slow = false;
    dashboard.answer_all();
    assert!(
        dashboard.selected().contains("9aa66d2c"),
        "the newest search wins"
    );
    dashboard.slow = true;
    dashboard.keys("n<esc>").shows_not("searching");
    assert_eq!(
        dashboard.model.place,
        Place::Logs,
        "esc ended the search alone"
    );
    dashboard.slow = false;
    dashboard.answer_all();
}

#[test]
fn filters_keep_and_leave_out_with_lines_around_and_the_place_stays() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("4&9aa66d2c<enter>");
    dashboard
        .shows("with \"9aa66d2c\"")
        .shows("filter: with \"9aa66d2c\"");
    let kept = dashboard.model.logs.window.rows.len();
    dashboard.shows(&format!("{kept} of 14,175 lines kept"));
    assert!(
        dashboard
            .model
            .logs
            .window
            .rows
            .iter()
            .all(|row| row.text(true).contains("9aa66d2c"))
    );
    let at = dashboard.selected();
    dashboard.keys("+").shows("1 lines around");
    assert_eq!(dashboard.selected(), at);
    let context = dashboard
        .model
        .logs
        .window
        .rows
        .iter()
        .filter(|row| row.context)
        .count();
    assert!(context > 0 && dashboard.model.logs.window.rows.len() == kept + context);
    dashboard
        .keys("_!store<enter>!exit<enter>")
        .shows("without \"store\"");
    assert!(dashboard.model.logs.window.rows.len() < kept);
    dashboard
        .keys("&no such text<enter>")
        .shows("no line is kept; esc or u takes the filter back, c shows all lines");
    dashboard
        .keys("c")
        .shows("u filters again")
        .shows("no filter");
    assert_eq!(dashboard.selected(), at, "the line stays where it was");
    dashboard
        .keys("uuuuu")
        .shows_not("no such text")
        .shows("1 lines around");
    dashboard
        .keys("<ctrl-r><ctrl-r>")
        .shows("without \"store\"");
}

#[test]
fn a_filter_and_a_search_hold_while_they_are_typed_and_esc_takes_them_back() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("4jjj");
    let at = dashboard.selected();
    dashboard.keys("&9aa66d2c").shows("with \"9aa66d2c\"");
    let kept = dashboard.model.logs.window.rows.len();
    dashboard.shows(&format!("█ {kept} of 14,175 lines kept"));
    dashboard.keys("<esc>").shows("no filter");
    assert_eq!(dashboard.selected(), at);
    dashboard
        .keys("/9aa66d2c")
        .shows(&format!("match 1 of {kept}"));
    assert_ne!(dashboard.selected(), at);
    dashboard.keys("<esc>").shows_not("match 1");
    assert_eq!(dashboard.selected(), at);
    dashboard
        .keys("/9aa66d2c<enter>n")
        .shows(&format!("match 2 of {kept}"));
    let status = dashboard.keys("&store<enter>").screen();
    assert!(status.contains("filter: with \"store\""), "{status}");
    dashboard.keys("u").shows(&format!("of {kept}"));
}

#[test]
fn a_slow_filter_says_how_far_it_is_and_esc_first_stops_it() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("4").slow = true;
    dashboard.keys("&");
    dashboard.input(Input::Paste("nowhere to be found".into()));
    dashboard
        .keys("<enter>")
        .shows("searching for lines to keep");
    dashboard.answer_one();
    dashboard
        .shows("58 % searched: 0+ of 14,175")
        .shows("searching: 58 %, 8,256 of 14,175 read; esc takes the filter back");
    dashboard.keys("<esc>").shows("no filter");
    assert_eq!(
        dashboard.model.place,
        Place::Logs,
        "esc took back the filter alone"
    );
    dashboard.slow = false;
    dashboard.keys("&");
    dashboard.input(Input::Paste("nowhere to be found".into()));
    dashboard.keys("<enter>").shows("no line is kept");
    dashboard
        .keys("<esc>")
        .shows("of 14,175")
        .shows("no filter");
    dashboard.keys("<esc>");
    assert_eq!(dashboard.model.place, Place::Board);
}

#[test]
fn a_search_under_way_is_ended_by_esc_by_leaving_and_by_what_is_asked_next() {
    let nowhere = || Input::Paste("nowhere to be found".into());
    let ways = ["<esc>", "1", "&store<enter>", "/store<enter>"];
    for way in ways {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.keys("4/").slow = true;
        dashboard.input(nowhere());
        dashboard.keys("<enter>n").shows("still searching");
        dashboard.answer_one();
        dashboard.answer_one();
        // The search is over, and what it looked for is being counted.
        dashboard.answer_one();
        dashboard.shows("counting, 0+ so far, 58 % searched");
        let before = dashboard.asked.len();
        dashboard.keys(way);
        dashboard.slow = false;
        dashboard.answer_all();
        dashboard.keys("4").shows_not("counting");
        let old = |question: &Question| match question {
            Question::Log(query) => {
                let find = query.find.as_ref();
                find.is_some_and(|needle| needle.text() == "nowhere to be found")
            }
            _ => false,
        };
        assert!(!dashboard.asked[before..].iter().any(old), "{way}");
    }
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("4/");
    dashboard.input(nowhere());
    dashboard.keys("<enter>n").shows("no match for");
}

#[test]
fn lines_are_marked_and_history_stands_where_it_stood() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("4&9aa66d2c<enter>jjma");
    let at = dashboard.selected();
    assert!(at.contains("a❯"), "{at}");
    dashboard.keys("cgg'a").shows("with \"9aa66d2c\"");
    assert_eq!(dashboard.selected(), at);
    dashboard.keys("1").keys("4ckk[[");
    assert_eq!(dashboard.model.place, Place::Logs);
    assert_eq!(dashboard.selected(), at);
    dashboard.keys("\"").shows("marks").shows("9aa66d2c");
}

#[test]
fn the_evidence_of_a_finding_leads_to_its_lines() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("<enter><shift-tab>L");
    assert_eq!(dashboard.model.place, Place::Logs);
    let selected = dashboard.model.logs.selected().unwrap().key;
    let finding = &dashboard.model.evidence.as_ref().unwrap().finding;
    assert_eq!(selected.time, finding.lines[0].time);
    dashboard.keys("<esc>");
    assert_eq!(dashboard.model.place, Place::Evidence);
}

#[test]
fn a_line_leads_to_its_message_and_a_sighting_to_its_neighbours() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("x<enter><enter>");
    assert_eq!(dashboard.model.place, Place::Lifecycle);
    let raw = dashboard
        .model
        .lifecycle
        .as_ref()
        .unwrap()
        .shown_sighting()
        .unwrap()
        .raw;
    dashboard.keys("4&nothing like it<enter>3L");
    let line = dashboard.model.logs.selected().unwrap();
    assert_eq!(line.key.raw, raw);
    assert!(
        dashboard.model.logs.filter.is_empty(),
        "the neighbours are shown"
    );
    let near = &dashboard.model.logs;
    assert!(near.cursor > near.top, "lines before it are in sight");
    let handle = dashboard.model.lifecycle.as_ref().unwrap().handle;
    dashboard.keys("<enter>");
    assert_eq!(dashboard.model.place, Place::Lifecycle);
    assert_eq!(dashboard.model.lifecycle.as_ref().unwrap().handle, handle);
}

#[test]
fn a_line_without_a_message_opens_its_text() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(false), 80, 24);
    grow(&dashboard, 0, 1);
    dashboard.keys("4G").shows("new line 0 0");
    dashboard
        .keys("<enter>")
        .shows("log line")
        .shows("INFO new line 0 0");
    assert_eq!(dashboard.model.place, Place::Logs);
    dashboard.keys("<esc>").shows_not("log line");
}

#[test]
fn a_scrolled_view_never_moves_while_the_log_grows() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(false), 120, 40);
    dashboard.keys("4").shows("following");
    let end = rows(&dashboard);
    dashboard.keys("kkk").shows_not("following");
    let before = rows(&dashboard);
    grow(&dashboard, 1_000, 7);
    // Late ones belong before what is shown.
    grow(&dashboard, -3_000_000, 5);
    dashboard.overview();
    let after = rows(&dashboard);
    dashboard.shows("12 new, F shows them");
    let lines = |text: &str| text.lines().take(20).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        lines(&before),
        lines(&after),
        "what is looked at stays where it is"
    );
    dashboard
        .keys("F")
        .shows("new line 1000 6")
        .shows("following");
    assert_ne!(rows(&dashboard), end);
    grow(&dashboard, 2_000, 3);
    dashboard.overview();
    assert!(dashboard.selected().contains("new line 2000 2"));
    dashboard.keys("g").shows("1 of 14,").shows_not("following");
}

#[test]
fn one_source_or_one_environment_and_back() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("4jjjj");
    let line = dashboard.model.logs.selected().unwrap().key;
    dashboard
        .keys("s")
        .shows("logs prod/us-east-1//acme/prod/queue");
    assert!(
        dashboard
            .model
            .logs
            .window
            .rows
            .iter()
            .all(|row| row.key.source == line.source)
    );
    assert_eq!(dashboard.model.logs.selected().unwrap().key, line);
    dashboard.keys("s").shows("logs all sources");
    assert_eq!(dashboard.model.logs.selected().unwrap().key, line);
    dashboard.keys("e").shows("logs prod");
    dashboard.keys("e").shows("logs qa");
    dashboard.keys("e");
    dashboard.shows("logs all sources");
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("7GL");
    assert_eq!(dashboard.model.place, Place::Logs);
    dashboard.keys("<esc>");
    assert_eq!(dashboard.model.place, Place::Sources);
}

#[test]
fn far_lines_are_read_when_they_are_wanted_and_forgotten_again() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("4");
    for _ in 0..150 {
        dashboard.keys("<space>");
    }
    let logs = &dashboard.model.logs;
    assert!(
        logs.window.rows.len() <= 2_100,
        "{}",
        logs.window.rows.len()
    );
    let at = logs.window.position + logs.cursor as u64;
    dashboard.shows(&format!(
        "{},{:03} of 14,175",
        (at + 1) / 1000,
        (at + 1) % 1000
    ));
    let key = logs.selected().unwrap().key;
    for _ in 0..150 {
        dashboard.keys("b");
    }
    assert_eq!(dashboard.model.logs.cursor, 0);
    dashboard.shows("1 of 14,175");
    for _ in 0..150 {
        dashboard.keys("<space>");
    }
    assert_eq!(dashboard.model.logs.selected().unwrap().key, key);
    dashboard.keys("G").shows("14,175 of 14,175");
    dashboard.keys("g").shows("1 of 14,175");
}

#[test]
fn long_wide_and_hostile_lines_stay_in_their_columns() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(false), 100, 30);
    {
        let mut log = dashboard.answers.log.lock().unwrap();
        let texts = [
            "wide 注文番号注文番号 and more 注文",
            "\u{1b}[31mred\u{202e}\nsecond line\ttab",
            &format!("long {}", "y".repeat(1 << 20)),
        ];
        for (i, text) in texts.iter().enumerate() {
            let at = LogKey {
                time: END.plus(i as i64),
                ..key(0, 0, 1 << 41 | i as u64)
            };
            log.push(at, "", Some(event(text)), None);
        }
    }
    dashboard.keys("4G");
    dashboard
        .shows("wide 注 文 番 号")
        .shows("␛[31mred<U+202E> ⏎ second line tab");
    let line = dashboard.model.logs.selected().unwrap();
    assert!(
        line.text(false).len() < 5_000,
        "a frame never sees the whole line"
    );
    assert!(line.text(false).ends_with("more bytes"));
    dashboard.keys("kkl");
    // Twenty columns of "wide 注文番号注文番号 and" end within a wide character or behind it.
    dashboard.shows("  and more 注 文");
    dashboard.keys("hwG").shows("yyyyyyyy");
    assert!(
        dashboard
            .screen()
            .lines()
            .all(|line| line.chars().count() <= 100)
    );
    let source = dashboard.model.logs.selected().unwrap().key.source;
    assert_eq!(source, SourceId(0));
}

#[test]
fn what_cannot_be_read_again_says_so_in_its_row() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(false), 120, 40);
    {
        let mut log = dashboard.answers.log.lock().unwrap();
        let at = LogKey {
            time: END.plus(1),
            ..key(0, 0, 1 << 41)
        };
        log.push(at, "", None, None);
    }
    dashboard
        .keys("4")
        .shows("cannot be read again: the place this was read from is gone");
    dashboard
        .keys("&info<enter>")
        .shows("1 cannot be read again");
}

#[test]
fn a_time_that_a_line_begins_with_stands_in_front_of_the_row_only() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(false), 120, 40);
    {
        let mut log = dashboard.answers.log.lock().unwrap();
        let texts = [
            "2026-11-22 03:00:00,123 DEBUG one",
            "2026-11-22T03:00:00.123+01:00 two",
            "ts=2026-11-22T03:00:00Z level=info three",
            "2026-11-22T03:00:00Z",
            "20 items four",
        ];
        for (i, text) in texts.iter().enumerate() {
            let at = LogKey {
                time: END.plus(i as i64),
                ..key(0, 0, 1 << 41 | (i as u64) << 20)
            };
            log.push(at, "", Some(event(text)), None);
        }
    }
    dashboard.keys("4");
    let screen = dashboard.screen();
    for wanted in [
        "  DEBUG one",
        "  two",
        "  level=info three",
        "  2026-11-22T03:00:00Z",
        "  20 items four",
    ] {
        assert!(
            screen.contains(&format!("use1        {wanted}")),
            "no {wanted}: {screen}"
        );
    }
    dashboard
        .keys("r")
        .shows("2026-11-22 03:00:00,123 DEBUG one");
}

#[test]
fn a_line_can_be_pinned_and_copied() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("4jjjjp").shows("pinned at 02:00:00");
    dashboard
        .keys("6")
        .shows("INFO received messageId=de3779b9");
    dashboard.keys("4yl");
    assert!(format!("{:?}", dashboard.effects).contains("INFO received messageId=de3779b9"));
}

#[test]
fn a_time_that_is_typed_leads_to_its_lines() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys("4T02:30<enter>")
        .shows("the first line at or after");
    assert_eq!(dashboard.model.place, Place::Logs);
    let selected = dashboard.selected();
    assert!(selected.contains("02:30:0"), "{selected}");
    let logs = &dashboard.model.logs;
    assert!(logs.cursor > logs.top, "lines before it are in sight");
}
