//! What is on the screen.

use std::sync::Arc;

use lastseen::domain::time::Timestamp;
use lastseen::runtime::{self, Options};

use super::support::fake_answers::{END, FakeAnswers};

/// Not a test: shows the dashboard on the made-up incident, to be looked at.
/// `cargo test --test suite play -- --ignored --nocapture`; `PLAY=loading,paper` picks data and theme.
#[test]
#[ignore = "needs a terminal and somebody to look at it"]
fn play() {
    let wanted = std::env::var("PLAY").unwrap_or_default();
    let has = |word: &str| wanted.split(',').any(|w| w == word);
    let answers = if has("loading") {
        FakeAnswers::loading()
    } else if has("calm") {
        FakeAnswers::calm()
    } else if has("nothing") {
        FakeAnswers::nothing()
    } else {
        FakeAnswers::incident()
    };
    let theme = ["dusk", "paper", "mono"].into_iter().find(|name| has(name));
    let options = Options {
        title: "acme orders".into(),
        theme: theme.map(Into::into),
        no_color: has("plain"),
        tz: Some(chrono_tz::Europe::Berlin),
        clock: || Timestamp(END.0 + 12_000),
    };
    runtime::run(Arc::new(answers), &options).unwrap();
}
