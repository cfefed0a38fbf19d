//! Two sides, edge by edge: which they are, what differs, and what leads to the messages of one.

use lastseen::app::input::Question;
use lastseen::app::place::Place;
use lastseen::domain::show::count;
use lastseen::domain::verdict::Verdict;

use super::support::dashboard::Dashboard;
use super::support::fake_answers::FakeAnswers;

#[test]
fn two_environments_are_compared_edge_by_edge() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut dashboard = Dashboard::new(columns, rows);
        dashboard
            .keys("5")
            .shows("[prod] vs  qa")
            .shows("losses differ on 1 edge");
        dashboard.keys("gx");
        let row = dashboard.selected();
        assert!(row.contains("queue → engine") && row.contains("≠"), "{row}");
        assert!(row.contains("66") && row.contains("5.5%"), "{row}");
        dashboard.shows("queue → engine: lost 66 of");
    }
}

#[test]
fn an_edge_leads_to_the_messages_of_the_side_in_front() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys("5<enter>")
        .shows("filter: lost, orders, prod, last at queue");
    assert_eq!(dashboard.model.messages.page.total, 66);
    dashboard.keys("<esc>");
    assert_eq!(dashboard.model.place, Place::Compare);
    assert!(dashboard.selected().contains("queue → engine"));
    dashboard.keys("l<enter>").shows("filter: orders, qa");
}

#[test]
fn regions_are_counted_and_lead_to_just_their_messages() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("5/prod us-east-1 vs prod eu-central-1<enter>");
    dashboard.shows("[prod us-east-1] vs  prod eu-central-1");
    dashboard.keys("gx");
    let row = dashboard.selected();
    let lost = |row: &str| -> Vec<u64> {
        row.split_whitespace()
            .filter_map(|w| w.parse().ok())
            .collect()
    };
    // Of every three messages of one region, those of one host are lost, and none elsewhere.
    assert!(lost(&row).contains(&66) && lost(&row).contains(&0), "{row}");
    let rows = dashboard.model.compare.rows();
    let edge = rows.iter().find(|r| &*r.from == "queue").unwrap();
    let side = edge
        .both
        .iter()
        .position(|f| f.as_ref().unwrap().lost() == 66);
    dashboard.keys(if side == Some(0) { "h" } else { "l" });
    dashboard.keys("<enter>");
    assert_eq!(dashboard.model.messages.page.total, 66);
    let page = &dashboard.model.messages.page.rows;
    assert!(page.iter().all(|r| r.verdict == Verdict::Lost));
}

#[test]
fn times_are_typed_in_the_zone_shown() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("5/02:00-02:20 vs 02:20-03:00<enter>");
    dashboard.shows("[prod 02:00:00–02:19:59] vs  qa 02:20:00–02:59:59");
    dashboard.keys("t");
    dashboard.keys("/prod 03:00-03:20 vs prod 03:20-04:00<enter>");
    dashboard.shows("[prod 03:00:00–03:19:59] vs  prod 03:20:00–03:59:59");
    dashboard.keys("gx");
    assert!(dashboard.selected().contains("queue → engine"));
    let rows = dashboard.model.compare.rows();
    let edge = rows.iter().find(|r| &*r.from == "queue").unwrap();
    let [before, since] = edge.both.each_ref().map(|f| f.as_ref().unwrap());
    assert_eq!((before.lost(), since.lost()), (0, 66));
    // Every message is on one side.
    assert_eq!(before.entered + since.entered, 1_199);
}

#[test]
fn what_is_not_understood_is_said_and_can_be_mended() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard
        .keys("5/qa")
        .keys("<enter>")
        .shows("no \" vs \" in it")
        .shows("/qa█");
    dashboard
        .keys(" vs nowhere<enter>")
        .shows("nowhere is no environment, region or time");
    dashboard
        .keys("<ctrl-u>qa vs prod<enter>")
        .shows("[qa] vs  prod");
    dashboard.keys("/03:00-02:00 vs 02:00-03:00");
    dashboard.keys("<esc>").shows("[qa] vs  prod");
}

#[test]
fn other_sides_are_one_key_away_and_go_round() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("5");
    let first = dashboard.screen();
    let mut seen = 0;
    loop {
        dashboard.keys("}");
        seen += 1;
        assert!(seen < 50, "it never comes round");
        if dashboard.screen() == first {
            break;
        }
    }
    // Two environments, three regions of each, two halves of each.
    assert_eq!(seen, 12);
}

#[test]
fn a_comparison_keeps_its_place_while_more_is_read_and_the_screen_changes() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("5");
    let selected = dashboard.selected();
    dashboard.change(FakeAnswers::incident());
    assert_eq!(dashboard.selected(), selected);
    for (columns, rows) in [(40, 12), (80, 24), (200, 60)] {
        dashboard.resize(columns, rows);
        assert!(dashboard.selected().contains("queue"));
    }
}

#[test]
fn the_next_comparison_waits_for_the_answer_to_the_last() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.slow = true;
    dashboard.keys("5");
    for _ in 0..5 {
        dashboard.overview();
    }
    let asked = |d: &Dashboard| {
        let questions = d.asked.iter();
        questions
            .filter(|q| matches!(q, Question::Compare(_)))
            .count()
    };
    assert_eq!(asked(&dashboard), 1);
    dashboard.answer_all();
    assert_eq!(
        asked(&dashboard),
        2,
        "and then once for all that came since"
    );
}

#[test]
fn with_nothing_to_compare_it_says_so() {
    let mut dashboard = Dashboard::with(FakeAnswers::nothing(), 80, 24);
    dashboard.keys("5").shows("nothing to compare yet");
    dashboard.keys("hl}{/jx<enter>").shows("nothing to");
    // One environment alone: its regions.
    let mut dashboard = Dashboard::with(FakeAnswers::calm(), 120, 40);
    dashboard
        .keys("5")
        .shows("[prod ap-southeast-2] vs  prod eu-central-1");
    dashboard.shows("nothing lost on either side");
}

#[test]
fn the_rate_is_that_of_the_board_and_the_sides_stand_over_their_columns() {
    let mut dashboard = Dashboard::new(200, 60);
    dashboard.keys("5gx");
    let rows = dashboard.model.compare.rows();
    let edge = rows.iter().find(|r| &*r.from == "queue").unwrap();
    let figures = edge.both[0].as_ref().unwrap();
    let said = format!("lost 66 of {}", count(figures.entered));
    dashboard.shows(&said);
    let screen = dashboard.screen();
    let line = |wanted: &str| screen.lines().position(|l| l.contains(wanted)).unwrap();
    assert_eq!(line("[prod] ──") + 1, line("entered"));
}
