//! What a finding rests on: from the board to its evidence, to a message, to the line, and back; and
//! that it stays the one that was opened while more is read.

use lastseen::app::evidence::Pane;
use lastseen::app::input::Question;
use lastseen::app::place::Place;
use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::diagnose::sentence::Sentence;
use lastseen::domain::time::Span;
use lastseen::theme::Theme;
use lastseen::theme::depth::Depth;
use lastseen::theme::role::Role;
use lastseen::ui::chart::{self, Frame, Lane};

use super::support::dashboard::Dashboard;
use super::support::fake_answers::{END, FakeAnswers, START};

fn rows_above_status(screen: &str) -> Vec<String> {
    let lines: Vec<_> = screen.lines().map(str::to_owned).collect();
    lines[1..lines.len() - 2].to_vec()
}

#[test]
fn one_key_opens_the_evidence_and_esc_comes_back_to_the_same_board() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut dashboard = Dashboard::new(columns, rows);
        dashboard.keys("j");
        let board = dashboard.screen();
        dashboard.keys("<enter>");
        assert_eq!(dashboard.model.place, Place::Evidence);
        dashboard
            .shows("finding 2 of 6 common cause")
            .shows("version=2.9.0")
            .shows("since 02:20:19 (between 02:20:02 and 02:20:22), to the end of what was read");
        dashboard.keys("<esc>");
        assert_eq!(dashboard.screen(), board);
    }
}

#[test]
fn the_evidence_shows_both_sides_the_chart_the_measurements_and_the_statistic() {
    let mut dashboard = Dashboard::new(120, 60);
    dashboard
        .keys("<enter>")
        .shows("queue → engine, by the time of reaching queue")
        .shows("entered")
        .shows("passed")
        .shows("onset, end")
        .shows("inflight")
        .shows("64 of 64")
        .shows("2 starts")
        .shows("with it   without")
        .shows("Bonferroni")
        .shows("(inferred)");
    let screen = dashboard.screen();
    // The edge's own measurement, which changed with the onset, before one that did not.
    assert!(
        screen.find("inflight") < screen.find("memory_mb"),
        "{screen}"
    );
    // The headings end where their figures do.
    let ends = |row: &str, text: &str| {
        row.find(text)
            .map(|at| row[..at].chars().count() + text.len())
    };
    let rows: Vec<&str> = screen.lines().collect();
    let head = rows.iter().position(|row| row.contains("with it")).unwrap();
    assert_eq!(ends(rows[head], "with it"), ends(rows[head + 1], " 44"));
    assert_eq!(ends(rows[head], "without"), ends(rows[head + 2], " 933"));
    let of = |word: &str| {
        let row = screen.lines().find(|l| l.trim_start().starts_with(word));
        row.map(|l| l.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    };
    let sides = |word: &str| of(word).map(|row| row[row.len() - 4..row.len() - 2].to_vec());
    assert!(
        of("went on").unwrap().contains(&"933".to_owned()),
        "{screen}"
    );
    assert!(sides("lost ").is_some());
}

#[test]
fn from_a_finding_to_a_message_to_its_line_and_back_step_by_step() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("<enter><tab>jj");
    let evidence = dashboard.screen();
    let chosen = dashboard.model.evidence.as_ref().unwrap();
    let id = chosen.messages.selected().unwrap().id.clone();
    dashboard.keys("<enter>");
    assert_eq!(dashboard.model.place, Place::Lifecycle);
    dashboard.shows(&id).shows("never seen here");
    // The list went along: the next message is the finding's next.
    dashboard.keys("n");
    assert_eq!(dashboard.model.messages.cursor, 3);
    assert_eq!(dashboard.model.messages.page.total, 44);
    dashboard.keys("<enter>").shows("log line readable");
    dashboard.keys("<esc><esc>");
    assert_eq!(
        rows_above_status(&dashboard.screen()),
        rows_above_status(&evidence)
    );
    dashboard.keys("<esc>");
    assert_eq!(dashboard.model.place, Place::Board);
}

#[test]
fn a_log_line_is_read_where_it_stands_and_closes_with_esc() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut dashboard = Dashboard::new(columns, rows);
        dashboard.keys("<enter><tab><tab>j");
        assert!(dashboard.selected().contains("INFO received"));
        let lines = dashboard.screen();
        dashboard.keys("<enter>").shows("log line readable");
        dashboard
            .keys("r")
            .shows("log line raw")
            .shows("logStreamName");
        dashboard.keys("r<esc>");
        assert_eq!(dashboard.screen(), lines);
    }
}

#[test]
fn all_messages_of_a_finding_are_listed() {
    for keys in ["<enter>a", "<enter><enter>"] {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.keys(keys);
        assert_eq!(dashboard.model.place, Place::Messages);
        assert_eq!(dashboard.model.messages.page.total, 44);
        dashboard.shows("version=2.8.1");
        dashboard.keys("<esc>");
        assert_eq!(dashboard.model.place, Place::Evidence);
    }
}

#[test]
fn the_next_finding_is_one_key_away_and_the_board_goes_along() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("<enter>x").shows("finding 2 of 6");
    dashboard.keys("xxxx").shows("finding 6 of 6");
    dashboard.keys("x").shows("this is the last finding");
    dashboard.keys("XXXXX").shows("finding 1 of 6");
    dashboard.keys("X").shows("this is the first finding");
    dashboard.keys("x<esc>");
    assert!(dashboard.selected().contains("version=2.9.0"));
}

#[test]
fn a_finding_stays_the_same_one_wherever_it_is_ranked() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("<enter><tab>j");
    let selected = dashboard.selected();
    dashboard.change(FakeAnswers::finding(|findings| {
        // Two causes of one edge change places, and their figures.
        findings.swap(0, 1);
        findings[1].lost += 1;
        findings[1].title = findings[1].title.replace("44", "45").into();
        findings[1].kind = FindingKind::DeadEdge;
    }));
    dashboard
        .shows("finding 2 of 6 dead edge")
        .shows("45 of 66 lost after queue have version=2.8.1");
    assert_eq!(dashboard.selected(), selected);
    dashboard.keys("<esc>");
    assert!(dashboard.selected().contains("version=2.8.1"));
}

#[test]
fn the_boards_cursor_follows_one_of_two_causes_of_the_same_edge() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("j");
    assert!(dashboard.selected().contains("version=2.9.0"));
    dashboard.change(FakeAnswers::finding(|findings| findings.swap(0, 1)));
    assert!(dashboard.selected().contains("version=2.9.0"));
}

#[test]
fn a_finding_that_is_gone_stays_on_the_screen_and_says_so() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("<enter>");
    dashboard.change(FakeAnswers::finding(|findings| {
        findings.remove(0);
    }));
    dashboard
        .shows("not among the findings any more")
        .shows("version=2.8.1");
    dashboard.keys("x").shows("finding 1 of 5");
    dashboard.change(FakeAnswers::nothing());
    dashboard.keys("xX<tab><tab><enter><esc>m<esc><esc>");
    dashboard.shows("no message was seen");
}

#[test]
fn the_same_statement_is_found_again() {
    let findings = |change: &dyn Fn(&mut Vec<Finding>)| {
        use lastseen::load::answers::Answers as _;
        FakeAnswers::finding(|list| change(list)).findings()
    };
    let now = findings(&|_| {});
    for (rank, finding) in now.iter().enumerate() {
        assert_eq!(finding.again(&now), Some(rank), "{}", finding.title);
    }
    let moved = findings(&|list| {
        list.rotate_left(2);
        for finding in list.iter_mut() {
            finding.lost += 7;
        }
    });
    let back = now.iter().map(|f| f.again(&moved));
    let places: Vec<_> = back.map(Option::unwrap).collect();
    assert_eq!(places, [4, 5, 0, 1, 2, 3]);
    // A cause is not found again in the gap that it explains, nor in another cause.
    let without = findings(&|list| {
        list.remove(0);
    });
    assert_eq!(now[0].again(&without), None);
    // A threshold moves while more is read, and stays the same cause.
    let bound =
        |value: &'static str| findings(&move |list| list[0].attributes[0].value = value.to_owned());
    assert_eq!(bound(">= 60")[0].again(&bound(">= 61")), Some(0));
}

#[test]
fn the_screen_may_change_its_size_while_evidence_is_open() {
    for keys in ["<enter>", "<enter><tab>jj", "<enter><tab><tab>j<enter>"] {
        let mut dashboard = Dashboard::new(200, 60);
        dashboard.keys(keys);
        for (columns, rows) in [
            (40, 12),
            (80, 24),
            (159, 30),
            (160, 30),
            (120, 40),
            (200, 60),
        ] {
            dashboard.resize(columns, rows);
            let screen = dashboard.screen();
            assert_eq!(screen.lines().count(), usize::from(rows));
            if rows > 12 {
                assert!(screen.contains("finding 1 of 6"), "{screen}");
                // Whatever has the keys is in sight.
                let marked =
                    screen.contains('❯') || keys == "<enter>" || screen.contains("log line ");
                assert!(marked, "{keys} at {columns}x{rows}:\n{screen}");
            }
        }
    }
}

#[test]
fn what_is_said_can_be_scrolled_to_its_end_and_no_further() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("<enter>").shows("more rows");
    dashboard
        .keys("G")
        .shows("(inferred)")
        .shows_not("more rows");
    let Pane::About(end) = dashboard.model.evidence.as_ref().unwrap().pane else {
        panic!("the sentences have the keys");
    };
    dashboard.keys("k").shows("more row");
    assert!(end > 0);
    dashboard.keys("g").shows("44 of 66 lost after queue");
}

#[test]
fn measurements_are_asked_for_beside_the_drawing() {
    let mut dashboard = Dashboard::new(120, 60);
    dashboard.slow = true;
    dashboard
        .keys("<enter>")
        .shows("finding 1 of 6")
        .shows_not("inflight");
    dashboard.answer_all();
    dashboard.shows("inflight");
    let measured = dashboard.asked.iter();
    let measured = measured
        .filter(|q| matches!(q, Question::Measured(_)))
        .count();
    assert_eq!(measured, 1, "once for each finding and picture");
}

#[test]
fn where_nothing_is_known_over_time_there_is_no_chart() {
    let mut dashboard = Dashboard::with(FakeAnswers::blind(), 120, 40);
    dashboard
        .keys("<enter>")
        .shows("finding 1 of 1 blind spot")
        .shows("diffuse, no onset")
        .shows_not("queue → engine, by the time of reaching queue");
    dashboard.keys("<enter>");
    assert_eq!(dashboard.model.place, Place::Sources);
}

#[test]
fn the_word_that_more_stands_below_is_written_over_no_figure() {
    let figures = [
        "onset", "entered", "passed", "lost  ", "went on", "inflight", "started",
    ];
    for rows in 24..60 {
        let mut dashboard = Dashboard::new(120, rows);
        dashboard.keys("<enter>");
        for _ in 0..12 {
            let screen = dashboard.screen();
            let row = screen.lines().find(|row| row.contains("…▼"));
            assert!(
                row.is_none_or(|row| !figures.iter().any(|word| row.contains(word))),
                "{screen}"
            );
            dashboard.keys("j");
        }
    }
}

#[test]
fn where_none_came_later_it_is_said() {
    let ended = FakeAnswers::finding(|findings| {
        findings[0].onset.as_mut().unwrap().until = None;
        findings[0].span = Some(Span::new(START.plus(1_219_000), START.plus(2_000_000)));
    });
    let mut dashboard = Dashboard::with(ended, 120, 40);
    dashboard
        .keys("<enter>")
        .shows("none later than 02:33:20 in what was read")
        .shows_not("to the end of what was read");
}

/// The last row of a lane with figures in these columns.
fn drawn(values: Vec<Option<f64>>, measured: bool) -> String {
    let span = Span::new(START, START.plus(60_000));
    let frame = Frame::new(60, span);
    let lane = Lane {
        label: Vec::new(),
        role: Role::Accent,
        values,
        top: 10.0,
        limit: false,
        measured,
        note: Vec::new(),
    };
    let theme = Theme::load("dusk", None, Depth::True).unwrap();
    let lines = chart::lane(&theme, &frame, &lane, 2);
    lines.last().unwrap()[1].1.clone()
}

#[test]
fn figures_that_end_are_not_drawn_as_if_they_were_zero() {
    let until = |last: usize, step: usize| -> Vec<Option<f64>> {
        let value = |i: usize| (i <= last && i.is_multiple_of(step)).then_some(9.0);
        (0..40).map(value).collect()
    };
    assert!(drawn(until(10, 1), true).ends_with("█ no further value            "));
    assert!(drawn(until(30, 1), true).ends_with("█·········"));
    // As far apart as they were before, and to the end.
    assert!(drawn(until(35, 5), true).ends_with("█    "));
    assert!(drawn(until(39, 1), true).ends_with("██"));
    // Where nobody is counted there is nobody.
    assert!(drawn(until(10, 1), false).ends_with("█                             "));
    assert_eq!(drawn(vec![None; 4], true), "    ");
}

/// The times of a sentence are told as all times are; what a log says that only looks like one stays.
#[test]
fn the_times_of_a_sentence_are_told_in_the_zone_chosen() {
    let timed = FakeAnswers::finding(|all| {
        let quoted = Sentence::from("quoted 01:12:02 UTC, first at ");
        all[0].title = quoted.clock(START).say(" to ").clock_in_zone(END);
        all[0].evidence = vec![Sentence::from("also at ").clock_in_zone(START)];
    });
    let mut dashboard = Dashboard::with(timed, 120, 40);
    let utc = "quoted 01:12:02 UTC, first at 02:00:00 to 03:00:00 UTC";
    let berlin = "quoted 01:12:02 UTC, first at 03:00:00 to 04:00:00 CET";
    dashboard.shows(utc).shows_not("CET");
    dashboard.keys("t").shows(berlin);
    dashboard
        .keys("<enter>")
        .shows(berlin)
        .shows("also at 03:00:00 CET");
    // Whoever toggles it while it is open sees it change, and what is read meanwhile is told likewise.
    dashboard.keys("t").shows(utc).shows("also at 02:00:00 UTC");
    dashboard.keys("t").overview();
    dashboard.shows(berlin);
    // What is pinned is found again in every zone, and kept in UTC.
    dashboard.keys("<esc>p6").shows(utc);
    dashboard.keys("<enter>").shows(berlin);
}
