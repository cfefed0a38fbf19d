//! What a fault does to the answer: it makes messages blind or pending and never lost, and the exit
//! code says so.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use serde_json::Value;

use lastseen::cli;
use lastseen::cli::complain::Complaint;
use lastseen::cli::exit::ExitStatus;
use lastseen::cli::machine::{DemoRequest, Machine, Run};
use lastseen::cli::streams::Streams;
use lastseen::cli::surroundings::{Surroundings, TerminalVariables};
use lastseen::clock;
use lastseen::domain::hunt::Hunt;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::SourceState;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers;
use lastseen::load::hunt::HuntRequest;
use lastseen::load::look::Looked;
use lastseen::sources::cloudwatch::reach::picture::Reach;
use lastseen::sources::cloudwatch::reach::who::{self, Ask};

use crate::support::alone::{child, folder};
use crate::support::binary::{KEYS, Ran, check};
use crate::support::emulator::now;
use crate::support::fake_cloudwatch::{Call, Event, FakeCloudWatch, Group, Trouble};
use crate::support::shop::{self, ENGINE, LOST, ORDERS, QUEUE};

/// The answer of the real program while `script` decides about the calls for the engine's pages.
fn faulty(name: &str, mut script: impl FnMut(&Call) -> Option<Trouble> + Send + 'static) -> Ran {
    let fake = shop::fake();
    fake.script(move |call| {
        let pages = call.operation == "FilterLogEvents" && call.group == ENGINE;
        pages.then(|| script(call)).flatten()
    });
    answer(name, &fake)
}

fn answer(name: &str, fake: &FakeCloudWatch) -> Ran {
    let folder = folder(name);
    shop::configure(&folder, fake.url(), "");
    let window = shop::window();
    check(&folder, &KEYS, &window.each_ref().map(String::as_str))
}

/// The counts of all verdicts that occur.
fn counts(ran: &Ran) -> Vec<(&str, u64)> {
    let env = ran.environment("qa");
    assert_eq!(env["entered"], ORDERS);
    let count = |v: &Verdict| (v.word(), env[v.word()].as_u64().unwrap());
    let mut counts: Vec<_> = Verdict::ALL.iter().map(count).collect();
    counts.retain(|(_, count)| *count > 0);
    counts.sort_unstable();
    counts
}

#[test]
fn without_a_fault_the_two_lost_orders_are_found() {
    let ran = faulty("consequences-none", |_| None);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(counts(&ran), [("completed", 38), ("lost", 2)]);
    assert_eq!(ran.lost(), LOST);
}

#[test]
fn a_denied_group_makes_blind() {
    let ran = faulty("consequences-denied", |_| {
        Some(Trouble::Error(
            400,
            "AccessDeniedException",
            "not authorized",
        ))
    });
    assert_eq!(ran.code, 3);
    assert_eq!(counts(&ran), [("blind", 40)]);
    assert_eq!(ran.lost(), [""; 0]);
    assert_eq!(ran.state("qa/us-east-1:/shop/engine"), "denied");
    let remedy = "help: allow logs:FilterLogEvents on arn:aws:logs:us-east-1:123456789012:log-group:/shop/engine:*";
    assert!(ran.err.contains(remedy), "{}", ran.err);
}

#[test]
fn a_group_whose_class_cannot_be_listed_makes_blind() {
    let fake = shop::fake();
    fake.add(Group::new("us-east-1", ENGINE).class("INFREQUENT_ACCESS"));
    let ran = answer("consequences-class", &fake);
    assert_eq!(ran.code, 3);
    assert_eq!(counts(&ran), [("blind", 40)]);
    assert_eq!(ran.lost(), [""; 0]);
    assert_eq!(ran.state("qa/us-east-1:/shop/engine"), "denied");
    assert!(
        ran.err.contains("is of class INFREQUENT_ACCESS"),
        "{}",
        ran.err
    );
    let asked = fake.calls("FilterLogEvents");
    assert!(asked.iter().all(|call| call.group == QUEUE));
}

#[test]
fn a_group_that_is_not_there_makes_blind() {
    let fake = FakeCloudWatch::start(10);
    fake.group(
        "us-east-1",
        QUEUE,
        vec![Event::new(shop::FROM, "1", "order=o-00 received")],
    );
    let ran = answer("consequences-absent", &fake);
    assert_eq!(
        (ran.code, ran.environment("qa")["blind"].as_u64()),
        (3, Some(1))
    );
    assert_eq!(ran.lost(), [""; 0]);
    assert!(ran.err.contains("matches *engine"), "{}", ran.err);
}

/// The session ends after three pages of the newest piece: fifteen orders after the twelve of the
/// piece before it, read to the last one's end.
#[test]
fn a_session_that_expires_on_the_way_leaves_the_rest_blind() {
    let ran = faulty("consequences-expired", |call| {
        let late = call.position.is_some_and(|read| read >= 30);
        late.then_some(Trouble::Error(400, "ExpiredTokenException", "expired"))
    });
    assert_eq!(ran.code, 3);
    assert_eq!(counts(&ran), [("blind", 13), ("completed", 27)]);
    assert_eq!(ran.lost(), [""; 0]);
    assert_eq!(ran.state("qa/us-east-1:/shop/engine"), "partial");
    assert!(ran.err.contains("have expired"), "{}", ran.err);
}

/// Nothing of the group could be read: that is an error, and still no loss.
#[test]
fn a_session_that_expires_before_the_first_page_is_an_error() {
    let ran = faulty("consequences-expired-first", |_| {
        Some(Trouble::Error(400, "ExpiredTokenException", "expired"))
    });
    assert_eq!(ran.code, 2);
    assert_eq!(counts(&ran), [("blind", 40)]);
    assert_eq!(ran.lost(), [""; 0]);
    assert_eq!(ran.state("qa/us-east-1:/shop/engine"), "failed");
}

/// Of what serves the engine only a part is asked for: what is not there may be in the rest.
#[test]
fn what_is_configured_and_not_asked_for_makes_blind() {
    let fake = shop::fake();
    let folder = folder("consequences-unasked");
    let window = shop::window();
    let ask = |more: &[&str]| {
        let args = window.iter().map(String::as_str);
        check(
            &folder,
            &KEYS,
            &args.chain(more.iter().copied()).collect::<Vec<_>>(),
        )
    };
    let expect = |ran: &Ran, source: &str, why: &str| {
        assert_eq!(ran.code, 3, "{ran:?}");
        assert_eq!(counts(ran), [("blind", 2), ("completed", 38)]);
        assert_eq!(ran.lost(), [""; 0]);
        assert_eq!(ran.state(source), "partial");
        assert!(ran.err.contains(why), "{}", ran.err);
    };
    shop::configure(&folder, fake.url(), "");
    let globs = ["*queue", ENGINE];
    expect(
        &ask(&globs),
        "qa/us-east-1:*engine",
        "command line leave out *engine",
    );
    // The groups that serve each stage, all of them.
    let ran = ask(&["*queue", "*engine", "--case", "whole.case"]);
    assert_eq!((ran.code, ran.lost()), (1, LOST.to_vec()));
    shop::configure(&folder, fake.url(), "groups = [\"*queue\", \"/shop/*\"]");
    expect(
        &ask(&[]),
        "qa/us-east-1:*engine",
        "`groups` of environment qa",
    );
    shop::configure(&folder, fake.url(), "");
    let path = folder.join("lastseen.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let two = text.replace("[\"us-east-1\"]", "[\"us-east-1\", \"eu-central-1\"]");
    std::fs::write(&path, two).unwrap();
    let (source, why) = ("qa/eu-central-1:*engine", "--region us-east-1 leaves out");
    let narrowed = ask(&["--region", "us-east-1", "--case", "one.case"]);
    expect(&narrowed, source, why);
    // Its case says the same.
    let again = check(&folder, &[], &["one.case"]);
    expect(&again, source, why);
    assert_eq!(again.answer, narrowed.answer);
    // A case that was made with one region says nothing of two.
    let again = check(&folder, &[], &["whole.case"]);
    assert_eq!((again.code, again.lost()), (1, LOST.to_vec()));
    let again = check(&folder, &[], &["whole.case", "--config", "lastseen.toml"]);
    expect(&again, source, "made without eu-central-1");
}

#[test]
fn throttling_that_ends_changes_nothing() {
    let mut left = 2;
    let ran = faulty("consequences-throttled", move |call| {
        let now = left > 0 && call.position == Some(20);
        left -= i32::from(now);
        now.then_some(Trouble::Throttle)
    });
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(counts(&ran), [("completed", 38), ("lost", 2)]);
    assert_eq!(ran.lost(), LOST);
}

/// What came in a moment ago may have gone on without its log event being there yet.
#[test]
fn what_has_just_come_in_is_pending() {
    let fake = FakeCloudWatch::start(10);
    let (now, minute) = (now().0, 60_000);
    let queue = [(20, "o-1"), (15, "o-2"), (0, "o-3")].map(|(minutes, id)| {
        Event::new(now - minutes * minute, id, &format!("order={id} received"))
    });
    fake.group("us-east-1", QUEUE, queue.to_vec());
    let done = Event::new(now - 20 * minute, "done", "order=o-1 done");
    fake.group("us-east-1", ENGINE, vec![done]);
    let folder = folder("consequences-pending");
    shop::configure(&folder, fake.url(), "");
    let ran = check(&folder, &KEYS, &["--since", "1h"]);
    assert_eq!((ran.code, ran.lost()), (1, vec!["o-2"]));
    assert_eq!(ran.environment("qa")["pending"], 1);
    assert_eq!(ran.environment("qa")["completed"], 1);
}

/// Loads until the engine's group has been throttled for a while and all else has been read, looks
/// at every picture on the way, and then has enough.
struct Impatient<'a> {
    fake: &'a FakeCloudWatch,
}

/// More pictures than this are not waited for.
const MOST: usize = 100_000;

impl Machine for Impatient<'_> {
    fn look(
        &self,
        _: &lastseen::config::plan::Plan,
        _: &mut dyn FnMut(u64),
    ) -> std::io::Result<Looked> {
        Ok(Looked::default())
    }

    fn spool(&self, _: &mut dyn FnMut(u64)) -> std::io::Result<tempfile::TempPath> {
        Ok(tempfile::NamedTempFile::new()?.into_temp_path())
    }

    fn load(
        &self,
        run: &Run,
        _: &mut dyn FnMut(&dyn Answers),
    ) -> Result<Arc<dyn Answers>, Complaint> {
        let investigation = Investigation::start(&run.plan, clock::now).unwrap();
        let mut pictures = 0;
        investigation.wait(Duration::from_millis(2), |overview| {
            pictures += 1;
            let asked = self.fake.calls("FilterLogEvents");
            let refused = asked.iter().filter(|call| call.group == ENGINE).count();
            let others_read = overview.sources.iter().all(|source| {
                source.state == SourceState::Complete || &*source.source.group == ENGINE
            });
            for env in overview.pipelines.iter().flat_map(|p| &p.environments) {
                assert_eq!(env.counts.of(Verdict::Lost), 0);
            }
            if (refused >= 3 && others_read) || pictures == MOST {
                let env = &overview.pipelines[0].environments[0];
                assert_eq!(env.counts.of(Verdict::Pending), ORDERS as u64);
                investigation.stop();
            }
        });
        assert!(pictures < MOST);
        Ok(Arc::new(investigation))
    }

    fn hunt(&self, _: &Run, _: &HuntRequest, _: &mut dyn FnMut(&Hunt)) -> Result<Hunt, Complaint> {
        Err(Complaint::new("no hunt here", ""))
    }

    fn dashboard(&self, _: &Run) -> Result<ExitStatus, Complaint> {
        Err(Complaint::new("no dashboard here", ""))
    }

    fn reach(&self, _: &Ask, _: &mut dyn FnMut(who::Progress)) -> Result<Reach, Complaint> {
        Err(Complaint::new("no looking around here", ""))
    }

    fn typed(&self) -> Option<String> {
        None
    }

    fn demo_config(&self, _: &DemoRequest) -> String {
        String::new()
    }

    fn write_demo(&self, _: &DemoRequest, _: &Path) -> Result<u64, Complaint> {
        Err(Complaint::new("no demo here", ""))
    }
}

#[test]
fn throttling_without_end_keeps_all_pending_and_then_blind() {
    let test = "cloudwatch::consequences::throttling_without_end_keeps_all_pending_and_then_blind";
    let Some(folder) = child(test, &KEYS) else {
        return;
    };
    let fake = shop::fake();
    fake.script(|call| {
        (call.group == ENGINE && call.operation == "FilterLogEvents").then_some(Trouble::Throttle)
    });
    shop::configure(&folder, fake.url(), "");
    let around = Surroundings {
        now: clock::now(),
        local: Tz::UTC,
        folder,
        aws_region: None,
        no_color: true,
        terminal: TerminalVariables::default(),
        stdin_terminal: false,
        stdout_terminal: false,
        stderr_terminal: false,
    };
    let args = ["lastseen", "check", "--json"]
        .map(str::to_owned)
        .into_iter()
        .chain(shop::window());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        out: &mut out,
        err: &mut err,
    };
    let machine = Impatient { fake: &fake };
    let status = cli::run(args.map(OsString::from), &around, &machine, &mut streams);
    let err = String::from_utf8(err).unwrap();
    let answer: Value = serde_json::from_slice(&out).unwrap_or_else(|e| panic!("{e} {err}"));
    let ran = Ran {
        code: status as i32,
        answer,
        err,
    };
    assert_eq!(ran.code, ExitStatus::CannotTell as i32);
    assert_eq!(counts(&ran), [("blind", 40)]);
    assert_eq!(ran.lost(), [""; 0]);
    assert_eq!(ran.state("qa/us-east-1:/shop/engine"), "partial");
    assert!(ran.err.contains("stopped before the end"), "{}", ran.err);
}
