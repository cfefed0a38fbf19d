//! What is written from one picture to the next leads to exactly that picture.

use lastseen::runtime::bridge::changes;

use crate::support::dashboard::Dashboard;
use crate::support::fake_answers::FakeAnswers;

#[test]
fn the_changes_lead_from_each_picture_to_the_next() {
    let wide = FakeAnswers::hostile("注文番号 e\u{301} 👩 wide");
    for answers in [FakeAnswers::incident(), wide.into()] {
        let mut dashboard = Dashboard::with(answers, 120, 40);
        let mut before = dashboard.buffer();
        for keys in [
            "x", "2", "j", "<space>", "<enter>", "4", "<space>", "l", "w", "7", "1", "?",
        ] {
            let after = dashboard.keys(keys).buffer();
            let plain = before.diff(&after).len();
            let cells = changes(&before, &after);
            assert!(cells.len() >= plain);
            for (x, y, cell) in cells {
                before[(x, y)] = cell.clone();
            }
            assert!(before.diff(&after).is_empty(), "after {keys}");
            before = after;
        }
    }
}
