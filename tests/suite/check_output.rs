//! What `check` writes, word for word, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::io::{self, Write};

use chrono_tz::Tz;
use lastseen::cli::check::{CheckOptions, check, status};
use lastseen::cli::exit::ExitStatus;
use lastseen::domain::event::SourceKind;
use lastseen::domain::feed::FaultKind;
use lastseen::domain::time::Span;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::{Overview, SourceState};
use lastseen::report::text::Guess;
use serde_json::{Value, json};

use crate::fake::{Still, at, fault, picture, reject, row};

const WORDS: CheckOptions = CheckOptions {
    guess: Guess::None,
    json: false,
    verdict: None,
    zone: Tz::UTC,
    colour: false,
    evidence: false,
    mask: None,
};

fn run(answers: &Still, options: CheckOptions) -> (ExitStatus, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = check(answers, options, &mut out, &mut err);
    (
        status,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

fn parsed(answers: &Still, verdict: Option<Verdict>) -> Value {
    let options = CheckOptions {
        json: true,
        verdict,
        ..WORDS
    };
    serde_json::from_str(&run(answers, options).1).unwrap()
}

#[test]
fn the_summary_answers_first_and_then_shows_where() {
    let mut answers = picture(2, 1);
    answers.overview.sources[1].rejects = vec![reject("{not json")];
    let (status, out, err) = run(&answers, WORDS);
    assert_eq!((status, err.as_str()), (ExitStatus::Lost, ""));
    let expected = "\
2 LOST of 10,240 messages
NOT READ 3 x not valid JSON
window   2026-11-22 02:00:00 to 04:00:00 UTC
read     20,480 log events from 2 sources

orders / qa: 2 LOST, 1 blind, 10,237 completed, 2 processed twice, 3 late
                   LOST  blind      of  last seen             allowance
  queue -> engine     2      1  10,240  02:11:04 to 03:40:12  31s learnt

Messages lost: 2
  orders / qa, furthest at queue, last seen in /acme/qa/queue
    02:11:04.123  lost-0000
    02:11:04.124  lost-0001

Set aside
  /acme/qa/engine: 3 x not valid JSON, first in line 17
    {not json
";
    assert_eq!(out, expected);
}

#[test]
fn times_are_shown_in_the_zone_asked_for() {
    let options = CheckOptions {
        zone: Tz::Europe__Berlin,
        ..WORDS
    };
    let out = run(&picture(1, 0), options).1;
    assert!(
        out.contains("window   2026-11-22 03:00:00 to 05:00:00 Europe/Berlin"),
        "{out}"
    );
    assert!(out.contains("\n    03:11:04.123  lost-0000\n"), "{out}");
}

#[test]
fn a_long_list_is_cut_and_says_so() {
    let out = run(&picture(312, 0), WORDS).1;
    assert!(out.contains("Messages lost: the first 3 of 312"), "{out}");
    assert!(
        out.contains("  ... and 309 more; --json lists all"),
        "{out}"
    );
    assert!(
        out.contains("lost-0002") && !out.contains("lost-0003"),
        "{out}"
    );
}

#[test]
fn colour_is_only_used_when_allowed() {
    assert!(!run(&picture(1, 0), WORDS).1.contains('\u{1b}'));
    let colourful = CheckOptions {
        colour: true,
        ..WORDS
    };
    assert!(
        run(&picture(1, 0), colourful)
            .1
            .contains("\u{1b}[1;31m1 LOST\u{1b}[0m")
    );
}

#[test]
fn what_could_not_be_read_is_shown_with_its_remedy() {
    let mut answers = picture(0, 4);
    let engine = &mut answers.overview.sources[1];
    engine.state = SourceState::Denied;
    engine.faults = vec![fault(
        FaultKind::Denied,
        "logs:FilterLogEvents is not allowed",
        "ask for the policy",
    )];
    let (status, out, err) = run(&answers, WORDS);
    assert_eq!((status, err.as_str()), (ExitStatus::CannotTell, ""));
    assert!(
        out.starts_with(
            "Cannot tell: no loss seen, but 4 of 10,240 messages went where nothing was read\n"
        ),
        "{out}"
    );
    let block = "\
Not read completely
  denied  /acme/qa/engine  (serves orders/engine)
    logs:FilterLogEvents is not allowed
    help: ask for the policy
";
    assert!(out.ends_with(block), "{out}");
    // A program reads the answer: the doubt goes to a person on standard error.
    let json = CheckOptions {
        json: true,
        ..WORDS
    };
    assert_eq!(
        run(&answers, json).2,
        "warning: /acme/qa/engine: logs:FilterLogEvents is not allowed\nhelp: ask for the policy\n"
    );
}

#[test]
fn the_object_has_every_key_in_its_place() {
    let mut answers = picture(1, 1);
    answers.overview.sources[0].note = "slowed down".to_owned();
    let value = parsed(&answers, None);
    let expected = json!({
        "schema": 1,
        "window": { "from": "2026-11-22T02:00:00.000Z", "to": "2026-11-22T04:00:00.000Z" },
        "sources": [
            {
                "name": "/acme/qa/queue", "env": "qa", "region": "eu-central-1", "group": "/acme/qa/queue",
                "state": "complete", "from": "2026-11-22T02:00:00.000Z", "to": "2026-11-22T03:00:00.000Z",
                "events": 1000, "bytes": 250_000, "note": "slowed down"
            },
            {
                "name": "/acme/qa/engine", "env": "qa", "region": "eu-central-1", "group": "/acme/qa/engine",
                "state": "complete", "from": "2026-11-22T02:00:00.000Z", "to": "2026-11-22T03:00:00.000Z",
                "events": 1000, "bytes": 250_000, "note": ""
            }
        ],
        "pipelines": [{ "name": "orders", "environments": [{
            "name": "qa", "entered": 10_240, "completed": 10_238, "failed": 0, "dead_lettered": 0,
            "pending": 0, "blind": 1, "lost": 1, "unentered": 0, "duplicates": 2, "late": 3,
            "edges": [
                { "from": "queue", "to": "engine", "entered": 10_240, "passed": 10_238, "lost": 1,
                  "p50_ms": 1250, "p99_ms": 8000, "allowance_ms": 31_000 },
                { "from": "engine", "to": "(done)", "entered": 10_238, "passed": 10_238, "lost": 0,
                  "p50_ms": 1250, "p99_ms": 8000, "allowance_ms": 31_000 }
            ]
        }] }],
        "findings": [{
            "rank": 1, "kind": "gap",
            "title": "qa: 1 of 10,240 messages entered queue and never reached engine, first 02:11:04, last 03:40:12 UTC (<0.1 %)",
            "env": "qa", "pipeline": "orders", "edge": { "from": "queue", "to": "engine" },
            "lost": 1, "of": 10_240, "onset": null, "onset_low": null, "onset_high": null,
            "attributes": [], "messages": ["lost-0000"], "log_events": []
        }],
        "lost": [{
            "id": "lost-0000", "ids": ["lost-0000"], "env": "qa", "pipeline": "orders",
            "last_stage": "queue", "last_seen": "2026-11-22T02:11:04.123Z", "last_source": "/acme/qa/queue",
            "attributes": { "host": "ip-10-0-0-7", "items": ["1", "3"] }
        }]
    });
    assert_eq!(value, expected);
    // The order of the keys is part of the form.
    assert_eq!(value.to_string(), expected.to_string());
}

#[test]
fn another_verdict_is_listed_under_its_name() {
    let answers = picture(1, 2);
    let value = parsed(&answers, Some(Verdict::Blind));
    assert_eq!(value["blind"].as_array().unwrap().len(), 2);
    assert_eq!(value["lost"].as_array().unwrap().len(), 1);
    let same = parsed(&answers, Some(Verdict::Lost));
    assert_eq!(same, parsed(&answers, None));
    let words = CheckOptions {
        verdict: Some(Verdict::Blind),
        ..WORDS
    };
    assert!(
        run(&answers, words)
            .1
            .contains("\nMessages blind: 2\n  orders / qa, furthest at queue, last seen in /acme/qa/queue\n    02:11:04.123  blind-0000\n")
    );
}

#[test]
fn the_list_of_lost_is_complete_and_sorted_over_pages() {
    let mut answers = picture(20_000, 0);
    // Many in the same millisecond, over the seams of pages, in the wrong order.
    for (index, row) in answers.rows.iter_mut().enumerate() {
        row.last_seen = crate::fake::at((index / 12_000) as i64);
        row.id = format!("{:05}", (index * 7_919) % 20_000);
    }
    let value = parsed(&answers, None);
    let found: Vec<(&str, &str)> = value["lost"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["last_seen"].as_str().unwrap(),
                row["id"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(found.len(), 20_000);
    assert!(found.is_sorted());
}

#[test]
fn hostile_text_never_gets_out_raw() {
    const EVIL: &str = "a\u{1b}]0;pwned\u{7}\u{9b}2J\u{202e}\u{200b}\r\n\u{7f}\"\\\u{e0041}";
    let mut answers = picture(1, 0);
    answers.rows = vec![row(EVIL, Verdict::Lost, 0)];
    answers.rows[0].attributes[0].0 = EVIL.into();
    answers.overview.sources[1].state = SourceState::Failed;
    answers.overview.sources[1].faults = vec![fault(FaultKind::Failed, EVIL, EVIL)];
    answers.overview.sources[1].rejects = vec![reject(EVIL)];
    answers.overview.pipelines[0].environments[0].name = EVIL.into();
    answers.overview.pipelines[0].environments[0].edges[0].from = EVIL.into();
    for json in [false, true] {
        let (_, out, err) = run(&answers, CheckOptions { json, ..WORDS });
        for text in [out, err] {
            let raw = text
                .chars()
                .find(|c| *c != '\n' && !lastseen::domain::safe::is_safe(*c));
            assert_eq!(raw, None, "{text:?}");
        }
    }
    // And yet nothing is changed for a program.
    let value = parsed(&answers, None);
    assert_eq!(value["lost"][0]["id"], EVIL);
    assert_eq!(value["lost"][0]["attributes"][EVIL], "ip-10-0-0-7");
}

#[test]
fn the_exit_code_says_what_a_script_needs() {
    let lost = |number, blind| picture(number, blind).overview;
    assert_eq!(status(&lost(0, 0)), ExitStatus::NothingLost);
    assert_eq!(status(&lost(1, 0)), ExitStatus::Lost);
    assert_eq!(status(&lost(1, 1)), ExitStatus::Lost);
    assert_eq!(status(&lost(0, 1)), ExitStatus::CannotTell);
    assert_eq!(status(&Overview::default()), ExitStatus::CannotTell);

    let with = |state, number| {
        let mut overview = lost(number, 0);
        overview.sources[0].state = state;
        overview
    };
    // An error before a loss.
    assert_eq!(status(&with(SourceState::Failed, 1)), ExitStatus::Error);
    assert_eq!(status(&with(SourceState::Failed, 0)), ExitStatus::Error);
    // The entry was not read completely: what is not known to have come in cannot be missed.
    assert_eq!(
        status(&with(SourceState::Denied, 0)),
        ExitStatus::CannotTell
    );
    assert_eq!(
        status(&with(SourceState::Partial, 0)),
        ExitStatus::CannotTell
    );
    assert_eq!(status(&with(SourceState::Denied, 1)), ExitStatus::Lost);
    let mut failed_once = lost(0, 0);
    failed_once.sources[1].faults = vec![fault(FaultKind::Failed, "disk error", "")];
    assert_eq!(status(&failed_once), ExitStatus::Error);
    let mut quiet = lost(0, 0);
    quiet.pipelines[0].environments[0].counts = lastseen::domain::verdict::Counts::default();
    assert_eq!(status(&quiet), ExitStatus::CannotTell);
}

#[test]
fn nothing_read_and_nothing_found_are_said_in_words() {
    let mut answers = picture(0, 0);
    assert!(
        run(&answers, WORDS)
            .1
            .starts_with("Nothing lost of 10,240 messages\n")
    );
    let mut in_part = picture(0, 0);
    in_part.overview.sources[1].state = SourceState::Partial;
    in_part.overview.sources[1].stages = vec!["engine".into()];
    let said = run(&in_part, WORDS).1;
    let open = "No loss seen of 10,240 messages, but not all of their logs could be read\nNOT READ 1 source not completely: /acme/qa/engine\n";
    assert!(said.starts_with(open), "{said}");
    answers.overview.pipelines[0].environments[0].counts =
        lastseen::domain::verdict::Counts::default();
    assert!(
        run(&answers, WORDS)
            .1
            .starts_with("No message in 20,480 log events: ")
    );
    let nothing = run(&Still::default(), WORDS);
    assert_eq!(nothing.0, ExitStatus::CannotTell);
    assert!(
        nothing
            .1
            .starts_with("Nothing could be read: no log event\n")
    );
}

/// A pipe whose reader has gone, or a disk that is full.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error_but_a_full_disk_is() {
    for json in [false, true] {
        let options = CheckOptions { json, ..WORDS };
        let mut err = Vec::new();
        let mut pipe = Broken(io::ErrorKind::BrokenPipe);
        assert_eq!(
            check(&picture(1, 0), options, &mut pipe, &mut err),
            ExitStatus::Lost
        );
        assert!(err.is_empty());
        let mut disk = Broken(io::ErrorKind::StorageFull);
        assert_eq!(
            check(&picture(1, 0), options, &mut disk, &mut err),
            ExitStatus::Error
        );
        assert!(
            String::from_utf8(err)
                .unwrap()
                .starts_with("error: the answer could not be written")
        );
    }
}

#[test]
fn a_day_is_named_where_there_is_more_than_one() {
    let mut answers = picture(1, 0);
    let env = &mut answers.overview.pipelines[0].environments[0];
    let day = 86_400_000;
    env.edges[0].lost_span = Some(Span::new(at(0), at(day)));
    answers.overview.window = Some(Span::new(at(-day), at(day)));
    let out = run(&answers, WORDS).1;
    for line in [
        "window   2026-11-21 02:00:00 to 2026-11-23 02:00:00 UTC\n",
        "  2026-11-22 02:00:00 to 2026-11-23 02:00:00  31s learnt\n",
        "    2026-11-22 02:11:04.123  lost-0000\n",
    ] {
        assert!(out.contains(line), "{line:?} is not in\n{out}");
    }
}

#[test]
fn a_window_beside_all_log_events_is_told_from_a_wrong_id() {
    let mut answers = picture(0, 0);
    answers.overview.pipelines[0].environments[0].counts =
        lastseen::domain::verdict::Counts::default();
    answers.overview.window = Some(Span::new(at(86_400_000), at(90_000_000)));
    let out = run(&answers, WORDS).1;
    let told = "\
No message in the window: it misses the 20,480 log events read
events   2026-11-22 02:00:00 to 03:00:00 UTC (see --from, --to)
window   2026-11-23 02:00:00 to 03:00:00 UTC
";
    assert!(out.starts_with(told), "{out}");
    for source in &mut answers.overview.sources {
        source.stages.clear();
    }
    answers.overview.window = None;
    let out = run(&answers, WORDS).1;
    let told = "No message in 20,480 log events: no stage's `from` names a source that was read\n";
    assert!(out.starts_with(told), "{out}");
    let help = "  help: a glob in `from` has to match the group, else the whole name\n";
    assert!(out.ends_with(help), "{out}");
}

#[test]
fn an_input_that_breaks_off_is_an_error_and_a_log_group_only_a_doubt() {
    let mut answers = picture(0, 0);
    let engine = &mut answers.overview.sources[1];
    engine.faults = vec![fault(FaultKind::Partial, "breaks off", "")];
    assert_eq!(run(&answers, WORDS).0, ExitStatus::NothingLost);
    let engine = &mut answers.overview.sources[1];
    let mut source = (*engine.source).clone();
    source.kind = SourceKind::File;
    engine.source = source.into();
    let (status, _, err) = run(&answers, WORDS);
    assert_eq!(status, ExitStatus::Error);
    assert_eq!(err, "error: /acme/qa/engine: breaks off\n");
}

#[test]
fn no_line_is_wider_than_a_small_terminal() {
    let mut answers = picture(312, 40);
    answers.overview.pipelines[0].environments[0]
        .counts
        .0
        .fill(1_234_567);
    let out = run(&answers, WORDS).1;
    for line in out.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
