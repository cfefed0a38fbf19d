//! What others see: no row of any view bears a secret, however it is wrapped, cut or coloured.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use lastseen::app::input::Effect;
use lastseen::app::themes::{Named, Themes};

use super::super::screens::VIEWS;
use super::super::support::dashboard::Dashboard;
use super::super::support::fake_answers::FakeAnswers;
use super::{SECRETS, mask};

fn shared(answers: impl Into<Arc<FakeAnswers>>, columns: u16, rows: u16) -> Dashboard {
    let mut dashboard = Dashboard::with(answers, columns, rows);
    dashboard.model.share.with = Some(Arc::new(mask()));
    dashboard.keys("M");
    dashboard
}

/// The secret, and what would be left of it if it had been cut before it was masked.
fn parts(secret: &str) -> Vec<String> {
    let all: Vec<char> = secret.chars().collect();
    let mut parts = vec![secret.to_owned()];
    if all.len() >= 12 {
        let (front, back) = all.split_at(all.len() / 2);
        parts.extend([front.iter().collect(), back.iter().collect()]);
    }
    parts
}

#[test]
fn no_view_shows_a_secret() {
    for (i, (_, text, secret)) in SECRETS.into_iter().enumerate() {
        let answers = Arc::new(FakeAnswers::hostile(text));
        let (columns, rows) = [(80, 24), (120, 40)][i % 2];
        for (view, keys) in VIEWS {
            let mut dashboard = shared(Arc::clone(&answers), columns, rows);
            dashboard.keys(keys);
            let screen = dashboard.screen();
            let joined: String = screen.lines().map(str::trim).collect();
            for part in parts(secret) {
                assert!(
                    !screen.contains(&part) && !joined.contains(&part),
                    "{view} {columns}x{rows} shows {part:?} of {text:?}:\n{screen}"
                );
            }
        }
    }
}

/// Both forms of the log line, and at a width that breaks the secret in the middle.
#[test]
fn no_log_line_shows_a_secret_at_any_width() {
    for (kind, text, secret) in SECRETS {
        let mut dashboard = shared(FakeAnswers::hostile(text), 60, 24);
        dashboard.keys("2<enter><enter>");
        for columns in 60..76 {
            dashboard.resize(columns, 24);
            for keys in ["r", "r"] {
                dashboard.keys(keys);
                let screen = dashboard.screen();
                let joined: String = screen.lines().map(str::trim).collect();
                assert!(
                    !joined.contains(secret),
                    "{columns}: {secret:?} of {text:?}:\n{screen}"
                );
                assert!(joined.contains(&format!("[{kind}-")), "{text}:\n{screen}");
            }
        }
    }
}

#[test]
fn without_share_mode_everything_is_shown() {
    let mut dashboard = Dashboard::with(FakeAnswers::hostile("to jane@acme.com"), 120, 40);
    dashboard.keys("2").shows("jane@acme.com");
    dashboard.keys("M").shows("nothing is there to mask with");
}

#[test]
fn one_key_shares_and_showing_again_asks() {
    let mut dashboard = Dashboard::with(FakeAnswers::hostile("to jane@acme.com"), 120, 40);
    dashboard.model.share.with = Some(Arc::new(mask()));
    dashboard.model.themes = Themes {
        names: ["dusk", "beacon-dark"]
            .map(|name| Named {
                name: name.into(),
                note: String::new(),
            })
            .into(),
        current: "dusk".into(),
        chosen: false,
        projector: "beacon-dark".into(),
    };
    let before = dashboard.buffer().content[0].bg;
    dashboard.keys("2<enter><enter>").shows("jane@acme.com");
    dashboard
        .keys("M")
        .shows("[email-")
        .shows_not("jane@acme.com");
    assert_ne!(dashboard.buffer().content[0].bg, before, "projector theme");
    // No key but yes shows anything again, and those that lead out elsewhere do not.
    for keys in ["M", "q", "M<esc>", "Mn", "Mj", "MM"] {
        dashboard.keys(keys).shows_not("jane@acme.com");
        dashboard.keys("<esc>").shows_not("jane@acme.com");
        dashboard.keys("2<enter><enter>");
    }
    // The themes begin at the one that is shown, and leaving them changes nothing.
    assert!(dashboard.keys("C").selected().contains("beacon-dark"));
    dashboard.keys("<esc>");
    assert_ne!(dashboard.buffer().content[0].bg, before);
    dashboard.keys("M").shows("show everything again?");
    dashboard.keys("y").shows("jane@acme.com");
    assert_eq!(dashboard.buffer().content[0].bg, before);
    assert!(!dashboard.effects.contains(&Effect::Quit));
}

#[test]
fn keys_are_shown_but_not_what_is_typed() {
    let mut dashboard = shared(FakeAnswers::incident(), 120, 40);
    dashboard.keys("2jj<ctrl-d>").shows(" 2 j j ctrl-d");
    dashboard.keys("/sesame<enter>");
    dashboard.shows_not("s e s a m e").shows(" / enter");
    let mut alone = Dashboard::new(120, 40);
    alone.keys("2jj").shows_not(" 2 j j");
}

/// Nothing else writes into the picture, and nothing else cuts: both happen behind the mask. (What the
/// charts cut is masked before they are given it.)
#[test]
fn every_text_goes_through_the_mask() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        for way in ["cut::", "set_string", "set_symbol", "set_span", "set_line"] {
            let charts = ["chart.rs", "story.rs", "evidence.rs"].contains(&&*name);
            let allowed = name == "text.rs" || (charts && way == "cut::");
            assert!(
                allowed || !text.contains(way),
                "{name} uses {way}: it belongs into text.rs"
            );
        }
    }
}
