//! On the smallest screen what matters most remains: how many were lost, which, and when they were last seen.

use super::support::dashboard::Dashboard;

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
