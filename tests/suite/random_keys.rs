//! Whatever is typed at whatever size: nothing panics, and what the dashboard says of itself stays true.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::sync::Arc;

use lastseen::app::chord::Chord;
use lastseen::app::input::Input;
use lastseen::app::keymap::BINDINGS;
use lastseen::app::model::Model;
use lastseen::app::mouse_event::Mouse;

use crate::support::dashboard::Dashboard;
use crate::support::fake_answers::FakeAnswers;

/// Inputs in each run; 20 runs are 100,000.
const INPUTS: usize = 5_000;

/// A small generator of its own, so that a failure can be had again by its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[test]
fn at_an_incident() {
    random_keys(1..=2, &FakeAnswers::incident());
}

#[test]
fn at_a_small_one() {
    random_keys(3..=10, &Arc::new(FakeAnswers::small()));
}

#[test]
fn at_a_small_one_by_other_seeds() {
    random_keys(11..=16, &Arc::new(FakeAnswers::small()));
}

#[test]
fn while_it_is_followed() {
    random_keys(17..=18, &Arc::new(FakeAnswers::live(true)));
}

#[test]
fn where_nothing_is_lost() {
    random_keys(19..=20, &Arc::new(FakeAnswers::calm()));
}

fn random_keys(seeds: std::ops::RangeInclusive<u64>, answers: &Arc<FakeAnswers>) {
    let keys: Vec<Chord> = BINDINGS
        .iter()
        .flat_map(|binding| binding.keys)
        .copied()
        .chain(
            "ez09äΩ"
                .chars()
                .filter_map(|c| Chord::parse(&c.to_string())),
        )
        .collect();
    let nothing = Arc::new(FakeAnswers::nothing());
    for seed in seeds {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut dashboard = Dashboard::before(Arc::clone(answers), 80, 24);
        for number in 0..INPUTS {
            input(&mut dashboard, &mut random, &keys, [answers, &nothing]);
            check(&dashboard.model, (seed, number));
            if random.below(120) == 0 {
                let _drawn = dashboard.buffer();
            }
        }
    }
}

fn input(
    dashboard: &mut Dashboard,
    random: &mut Random,
    keys: &[Chord],
    [answers, nothing]: [&Arc<FakeAnswers>; 2],
) {
    match random.below(40) {
        0 => {
            // Mostly sizes that people have.
            let most = if random.below(8) == 0 {
                (500, 150)
            } else {
                (130, 50)
            };
            let (columns, rows) = (random.below(most.0) as u16, random.below(most.1) as u16);
            dashboard.resize(columns, rows);
        }
        1 => {
            let other = random.below(8) == 0;
            dashboard.change(Arc::clone(if other { nothing } else { answers }));
        }
        39 => dashboard.input(Input::Mouse(match random.below(3) {
            0 => Mouse::WheelUp,
            1 => Mouse::WheelDown,
            _ => Mouse::Click(random.below(130) as u16, random.below(60) as u16),
        })),
        2 => dashboard.input(Input::Paste("job-0\u{1b}1077\n".into())),
        3 => dashboard.slow = !dashboard.slow,
        4 => dashboard.answer_all(),
        _ => {
            let chord = keys[random.below(keys.len())];
            dashboard.input(Input::Key(chord));
        }
    }
}

/// What holds whatever was typed.
fn check(model: &Model, at: (u64, usize)) {
    let (seed, number) = at;
    let holds = |what: &str, holds: bool| {
        assert!(holds, "{what}, seed {seed}, input {number}");
    };
    let list = &model.messages;
    if list.ready && !list.waiting() {
        let rows = list.page.total.max(1);
        holds("the list's cursor is on a row", list.cursor < rows);
        holds("the list's cursor is in sight", list.top <= list.cursor);
    }
    let logs = &model.logs;
    let rows = logs.window.rows.len().max(1);
    holds("the log's cursor is on a row", logs.cursor < rows);
    holds("the log's cursor is in sight", logs.top <= logs.cursor);
    let ordered = logs.window.rows.is_sorted_by_key(|row| row.key);
    holds("the log is in order", ordered);
    for (i, place) in model.trail.iter().enumerate() {
        holds(
            "no view stands above itself",
            *place != model.place && !model.trail[..i].contains(place),
        );
    }
    holds(
        "keys are shown only to others",
        model.share.on || model.share.keys.is_empty(),
    );
    let masked = model.share.mask().is_some();
    holds("who shares masks", masked == model.share.on);
}
