//! What the dashboard shows of following: that it goes on, how far behind it is, and who is silent.

use lastseen::app::input::Input;

use crate::support::dashboard::Dashboard;
use crate::support::fake_answers::{END, FakeAnswers};

#[test]
fn the_status_line_says_how_far_behind_the_present_it_is() {
    for (columns, words) in [(120, "LIVE, 49s behind"), (80, "LIVE -48s")] {
        let mut dashboard = Dashboard::with(FakeAnswers::live(false), columns, 40);
        let screen = dashboard.screen();
        assert!(screen.contains(words), "{screen}");
        assert!(!screen.contains("loading"), "{screen}");
        dashboard.input(Input::Tick(END.plus(20_000)));
        assert!(
            dashboard.screen().contains("1m00s"),
            "{}",
            dashboard.screen()
        );
    }
    let settled = Dashboard::new(120, 40);
    assert!(!settled.screen().contains("LIVE"));
}

#[test]
fn a_source_says_up_to_when_it_was_read_and_how() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(false), 120, 40);
    dashboard.keys("7<enter>");
    let screen = dashboard.screen();
    assert!(screen.contains("live"), "{screen}");
    assert!(screen.contains("up to 02:59:20, 49s behind"), "{screen}");
    assert!(
        screen.contains("asked every 5s; log events arrive up to 40s late"),
        "{screen}"
    );
}

#[test]
fn a_silent_source_is_told_with_its_remedy() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(true), 120, 40);
    let screen = dashboard.screen();
    assert!(screen.contains("LIVE, 1 silent since 02:59:00"), "{screen}");
    dashboard.keys("7<enter>");
    let screen = dashboard.screen();
    assert!(
        screen.contains("silent since 02:59:00: the credentials"),
        "{screen}"
    );
    assert!(screen.contains("aws sso login"), "{screen}");
}

#[test]
fn following_is_stopped_like_a_load() {
    let mut dashboard = Dashboard::with(FakeAnswers::live(false), 120, 40);
    dashboard.keys(".");
    assert!(
        dashboard.screen().contains("stop following?"),
        "{}",
        dashboard.screen()
    );
    dashboard.keys("y");
    assert!(
        dashboard
            .answers
            .stopped
            .load(std::sync::atomic::Ordering::Relaxed)
    );
    assert!(
        dashboard.screen().contains("stopping"),
        "{}",
        dashboard.screen()
    );
}
