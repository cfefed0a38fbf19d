//! On the smallest screen what matters most remains: how many were lost, which, and when they were last seen.

use super::support::dashboard::Dashboard;
use super::support::fake_answers::FakeAnswers;

#[test]
fn how_many_were_lost_stays_in_sight_in_every_view() {
    let mut dashboard = Dashboard::new(40, 12);
    for view in ["", "2", "4", "5", "6", "7"] {
        let screen = dashboard.keys(view).screen();
        let header = screen.lines().next().unwrap_or_default();
        assert!(header.contains("LOST 86"), "{view}: {header:?}");
    }
}

#[test]
fn a_message_has_its_id_its_last_stage_and_its_time() {
    let mut dashboard = Dashboard::new(40, 12);
    let row = dashboard.keys("2").selected();
    let message = dashboard
        .model
        .messages
        .selected()
        .expect("one is selected");
    assert!(row.contains(&message.id[..5]), "{row}");
    assert!(row.contains(&*message.last_stage), "{row}");
    assert!(row.contains("02:"), "{row}");
}

#[test]
fn the_board_says_since_when_at_every_size() {
    // What happened over time shows the onset only where there is room for it.
    for (columns, rows) in [
        (40, 12),
        (60, 16),
        (80, 24),
        (100, 30),
        (120, 40),
        (200, 60),
    ] {
        let dashboard = Dashboard::new(columns, rows);
        let screen = dashboard.screen();
        let findings = screen.lines().take(usize::from(rows) / 3 + 1);
        let since = findings
            .filter(|line| line.contains("since 02:20:19"))
            .count();
        assert!(since > 0, "{columns}x{rows}\n{screen}");
    }
}

#[test]
fn on_a_narrow_screen_no_column_is_left_empty_before_a_finding() {
    let dashboard = Dashboard::new(40, 12);
    dashboard.shows("❯ ∅ prod 44  since 02:20:19\n  of 66 lost after queue");
    // A gap has its edge below its count.
    let mut gap = Dashboard::new(40, 12);
    gap.keys("jj")
        .shows("❯ ∅ prod 66")
        .shows("\n  orders: queue → engine  4.4% of 1,500");
}

#[test]
fn a_million_lost_at_one_edge_is_a_number_like_any_other() {
    let answers = FakeAnswers::finding(|findings| {
        for finding in findings {
            (finding.lost, finding.of) = (1_234_567, 9_876_543);
        }
    });
    let dashboard = Dashboard::with(answers, 80, 24);
    dashboard.shows("1,234,567");
}
