//! What is typed, what is started, what is said and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use lastseen::cli;
use lastseen::cli::complain::Complaint;
use lastseen::cli::exit::ExitStatus;
use lastseen::cli::machine::{DemoRequest, Machine, Run};
use lastseen::cli::streams::Streams;
use lastseen::cli::surroundings::{Surroundings, TerminalVariables};
use lastseen::diagnose::discover::corpus::Corpus;
use lastseen::domain::event::{Source, SourceKind};
use lastseen::domain::hunt::Hunt;
use lastseen::load::answers::Answers;
use lastseen::load::hunt::HuntRequest;
use lastseen::load::look::Looked;
use lastseen::sources::cloudwatch::reach::picture::Reach;
use lastseen::sources::cloudwatch::reach::who::{self, Ask};
use lastseen::sources::demo::incident::INCIDENTS;
use lastseen::sources::demo::variant::Variant;

use crate::fake::{Still, at, picture};

/// Remembers what it was asked to start.
#[derive(Default)]
struct Remembers {
    answers: Still,
    runs: RefCell<Vec<(&'static str, Run)>>,
    hunts: RefCell<Vec<HuntRequest>>,
    written: RefCell<Vec<String>>,
    /// What somebody types when asked.
    line: Option<&'static str>,
    /// What it sees when it looks.
    corpus: Corpus,
}

const DEMO: &str = r#"
[[files]]
path = "logs/{env}/{group}.jsonl"
[pipeline.orders]
id = ["messageId"]
[[pipeline.orders.stage]]
name = "queue"
from = ["*queue*"]
enter = 'in'
"#;

impl Machine for Remembers {
    fn look(
        &self,
        _: &lastseen::config::plan::Plan,
        _: &mut dyn FnMut(u64),
    ) -> std::io::Result<Looked> {
        Ok(Looked {
            corpus: self.corpus.clone(),
            ..Looked::default()
        })
    }

    fn spool(&self, _: &mut dyn FnMut(u64)) -> std::io::Result<tempfile::TempPath> {
        Ok(tempfile::NamedTempFile::new()?.into_temp_path())
    }

    fn load(
        &self,
        run: &Run,
        progress: &mut dyn FnMut(&dyn Answers),
    ) -> Result<Arc<dyn Answers>, Complaint> {
        self.runs.borrow_mut().push(("load", run.clone()));
        progress(&self.answers);
        Ok(Arc::new(self.answers.clone()))
    }

    fn hunt(
        &self,
        run: &Run,
        request: &HuntRequest,
        progress: &mut dyn FnMut(&Hunt),
    ) -> Result<Hunt, Complaint> {
        self.runs.borrow_mut().push(("hunt", run.clone()));
        self.hunts.borrow_mut().push(request.clone());
        let hunt = Hunt {
            targets: request.targets.clone().into(),
            done: true,
            ..Hunt::default()
        };
        progress(&hunt);
        Ok(hunt)
    }

    fn dashboard(&self, run: &Run) -> Result<ExitStatus, Complaint> {
        self.runs.borrow_mut().push(("dashboard", run.clone()));
        Ok(ExitStatus::NothingLost)
    }

    fn reach(&self, _: &Ask, _: &mut dyn FnMut(who::Progress)) -> Result<Reach, Complaint> {
        Ok(Reach::default())
    }

    fn typed(&self) -> Option<String> {
        self.line.map(str::to_owned)
    }

    fn demo_config(&self, _request: &DemoRequest) -> String {
        DEMO.to_owned()
    }

    fn write_demo(&self, request: &DemoRequest, folder: &Path) -> Result<u64, Complaint> {
        let line = format!("{} {}", request.incident, folder.display());
        self.written.borrow_mut().push(line);
        Ok(request.messages.unwrap_or(6_000) / 3_000)
    }
}

struct Said {
    status: ExitStatus,
    out: String,
    err: String,
}

fn around(folder: &Path) -> Surroundings {
    Surroundings {
        now: at(0),
        local: Tz::UTC,
        folder: folder.to_owned(),
        aws_region: None,
        no_color: false,
        terminal: TerminalVariables::default(),
        stdin_terminal: false,
        stdout_terminal: false,
        stderr_terminal: false,
    }
}

fn typed(line: &str, around: &Surroundings, machine: &Remembers) -> Said {
    let args = std::iter::once("lastseen")
        .chain(line.split_whitespace())
        .map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        out: &mut out,
        err: &mut err,
    };
    let status = cli::run(args, around, machine, &mut streams);
    Said {
        status,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

fn on_a_terminal(folder: &Path) -> Surroundings {
    Surroundings {
        stdout_terminal: true,
        ..around(folder)
    }
}

/// A folder with a configuration and a file to read.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lastseen.toml"), DEMO).unwrap();
    fs::write(folder.path().join("app.log"), "x").unwrap();
    folder
}

#[test]
fn without_a_command_the_dashboard_opens() {
    let (folder, machine) = (folder(), Remembers::default());
    let said = typed(
        "app.log --theme paper --env qa --tz Europe/Berlin",
        &on_a_terminal(folder.path()),
        &machine,
    );
    assert_eq!(
        (said.status, said.err.as_str()),
        (ExitStatus::NothingLost, "")
    );
    let runs = machine.runs.borrow();
    let (what, run) = &runs[0];
    assert_eq!((*what, run.zone), ("dashboard", Tz::Europe__Berlin));
    let themes = run.look.as_ref().unwrap().themes.clone().unwrap();
    assert_eq!((&*themes.dark, &*themes.light), ("paper", "paper"));
    assert_eq!(
        (run.plan.files[0].path.as_str(), &*run.plan.files[0].env),
        ("app.log", "qa")
    );
    assert_eq!(run.plan.pipelines.len(), 1);
}

#[test]
fn where_nobody_sees_a_screen_the_dashboard_is_a_check() {
    let folder = folder();
    let machine = Remembers {
        answers: picture(2, 0),
        ..Remembers::default()
    };
    let piped = typed("app.log", &around(folder.path()), &machine);
    let checked = typed("check --plain app.log", &around(folder.path()), &machine);
    assert_eq!(piped.status, ExitStatus::Lost);
    assert_eq!(piped.out, checked.out);
    let demo = typed("demo", &around(folder.path()), &machine);
    assert_eq!((demo.status, demo.out), (checked.status, checked.out));
    let kinds: Vec<&str> = machine
        .runs
        .borrow()
        .iter()
        .map(|(what, _)| *what)
        .collect();
    assert_eq!(kinds, ["load", "load", "load"]);
}

#[test]
fn check_loads_and_ends_with_the_verdict() {
    let folder = folder();
    for (lost, blind, status) in [
        (0, 0, ExitStatus::NothingLost),
        (2, 0, ExitStatus::Lost),
        (0, 2, ExitStatus::CannotTell),
    ] {
        let machine = Remembers {
            answers: picture(lost, blind),
            ..Remembers::default()
        };
        let said = typed("check", &around(folder.path()), &machine);
        assert_eq!(
            (said.status, said.err.as_str()),
            (status, ""),
            "{}",
            said.out
        );
        assert_eq!(machine.runs.borrow()[0].0, "load");
    }
    let machine = Remembers {
        answers: picture(1, 1),
        ..Remembers::default()
    };
    let said = typed(
        "--since 2h check --json --verdict blind",
        &around(folder.path()),
        &machine,
    );
    let value: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(value["blind"].as_array().unwrap().len(), 1);
    let window = machine.runs.borrow()[0].1.plan.window.unwrap();
    assert_eq!((window.from, window.to), (at(-7_200_000), at(0)));
}

#[test]
fn progress_shows_on_a_terminal_only_and_goes_away() {
    let folder = folder();
    let machine = Remembers {
        answers: picture(0, 0),
        ..Remembers::default()
    };
    let mut around = around(folder.path());
    around.stderr_terminal = true;
    let said = typed("check", &around, &machine);
    assert_eq!(
        said.err,
        "\r\u{1b}[Kreading: 20,480 log events, 2 of 2 sources done\r\u{1b}[K"
    );
}

#[test]
fn colour_needs_a_terminal_and_no_objection() {
    let folder = folder();
    let machine = Remembers {
        answers: picture(1, 0),
        ..Remembers::default()
    };
    let mut around = around(folder.path());
    let coloured =
        |line: &str, around: &Surroundings| typed(line, around, &machine).out.contains('\u{1b}');
    assert!(!coloured("check", &around));
    around.stdout_terminal = true;
    assert!(coloured("check", &around));
    assert!(!coloured("check --no-color", &around));
    around.no_color = true;
    assert!(!coloured("check", &around));
}

#[test]
fn what_is_wrong_ends_with_2_and_says_what_to_do() {
    let folder = folder();
    let rows = [
        ("check --jsn", "--json"),
        ("check --verdict gone", "possible values"),
        (
            "check --config gone.toml",
            "error: --config: gone.toml does not exist",
        ),
        ("check --from 01:30 --to 01:00", "help: swap them"),
        ("check --tz CET", "help: write a zone by place"),
        ("check --follow", "help: leave it out"),
        ("check logs/{evn}.log", "help: did you mean `env`?"),
        ("app.log check", "help: write the sources after it"),
        ("check /aws/lambda/orders", "help: give --region"),
        (
            "demo two-enviroments",
            "help: did you mean `two-environments`?",
        ),
        ("demo --messages 0", "--messages"),
    ];
    for (line, remedy) in rows {
        let machine = Remembers::default();
        let said = typed(line, &around(folder.path()), &machine);
        assert_eq!(
            (said.status, said.out.as_str()),
            (ExitStatus::Error, ""),
            "{line}: {}",
            said.err
        );
        assert!(
            said.err.starts_with("error: ") && said.err.contains(remedy),
            "{line}: {}",
            said.err
        );
        assert!(machine.runs.borrow().is_empty(), "{line}");
    }
}

#[test]
fn all_errors_of_a_file_are_told_at_once() {
    let folder = folder();
    let text = format!("{DEMO}exti = 'x'\nwithin = 3\n");
    fs::write(folder.path().join("lastseen.toml"), text).unwrap();
    let said = typed("check", &around(folder.path()), &Remembers::default());
    assert_eq!(said.status, ExitStatus::Error);
    let errors: Vec<&str> = said
        .err
        .lines()
        .filter(|l| l.starts_with("error: "))
        .collect();
    assert_eq!(
        errors,
        [
            "error: lastseen.toml:10:1: pipeline.orders.stage[1].exti: unknown key `exti`",
            "error: lastseen.toml:11:10: pipeline.orders.stage[1].within: found a bare number, expected a duration",
        ]
    );
}

#[test]
fn a_check_without_a_pipeline_shows_a_configuration_that_works() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("app.log"), "x").unwrap();
    fs::write(folder.path().join("lastseen.toml"), "").unwrap();
    let said = typed(
        "check app.log",
        &around(folder.path()),
        &Remembers::default(),
    );
    assert_eq!(said.status, ExitStatus::Error);
    assert!(
        said.err.starts_with("error: no pipeline is configured"),
        "{}",
        said.err
    );
    let lines = said.err.lines().filter_map(|line| line.strip_prefix("  "));
    let example = lines.collect::<Vec<&str>>().join("\n");
    fs::write(folder.path().join("lastseen.toml"), &example).unwrap();
    let machine = Remembers {
        answers: picture(0, 0),
        ..Remembers::default()
    };
    let said = typed("check app.log", &around(folder.path()), &machine);
    assert_eq!(
        (said.status, said.err.as_str()),
        (ExitStatus::NothingLost, "")
    );
}

#[test]
fn with_nothing_to_read_the_demo_is_offered() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lastseen.toml"), "").unwrap();
    let said = typed("", &around(folder.path()), &Remembers::default());
    assert_eq!(said.status, ExitStatus::Error);
    assert!(
        said.err.contains("nothing to read") && said.err.contains("lastseen demo"),
        "{}",
        said.err
    );
}

#[test]
fn warnings_do_not_stop_a_run() {
    let folder = folder();
    let text = DEMO.replace("'in'", "'\"event\":\"in\"'");
    fs::write(folder.path().join("lastseen.toml"), text).unwrap();
    let machine = Remembers {
        answers: picture(0, 0),
        ..Remembers::default()
    };
    let said = typed("check", &around(folder.path()), &machine);
    assert_eq!(said.status, ExitStatus::NothingLost);
    assert!(
        said.err.starts_with("warning: lastseen.toml:9:9: "),
        "{}",
        said.err
    );
}

#[test]
fn the_demo_opens_is_checked_or_is_written() {
    // Not even the configuration of the folder is asked.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lastseen.toml"), "not toml").unwrap();
    let around = around(folder.path());
    let machine = Remembers {
        answers: picture(2, 0),
        ..Remembers::default()
    };
    assert_eq!(
        typed("demo", &on_a_terminal(folder.path()), &machine).status,
        ExitStatus::NothingLost
    );
    let said = typed(
        "demo silent-skip --check --seed 9 --messages 50",
        &around,
        &machine,
    );
    assert_eq!(said.status, ExitStatus::Lost);
    let said = typed("demo --json", &around, &machine);
    assert!(said.out.starts_with("{\n\"schema\": 1,\n"), "{}", said.out);
    let said = typed("demo --write out", &around, &machine);
    assert!(
        said.out
            .contains("lastseen check --config out/lastseen.toml"),
        "{}",
        said.out
    );
    assert_eq!(said.err, "");
    let said = typed(
        "demo ack-before-work --write out --messages 50",
        &around,
        &machine,
    );
    assert_eq!(said.status, ExitStatus::NothingLost);
    assert_eq!(
        said.err,
        "warning: none of 50 messages is lost: too few for `ack-before-work`\nhelp: its usual number is 120,000: --messages 120000\n"
    );
    let runs = machine.runs.borrow();
    let kinds: Vec<&str> = runs.iter().map(|(what, _)| *what).collect();
    assert_eq!(kinds, ["dashboard", "load", "load"]);
    assert!(
        runs.iter()
            .all(|(_, run)| run.plan.files.is_empty() && run.plan.pipelines.len() == 1)
    );
    let request = runs[1].1.incident.as_ref().unwrap();
    assert_eq!(
        (request.incident.as_str(), request.seed, request.messages),
        ("silent-skip", Some(9), Some(50))
    );
    assert_eq!(
        machine.written.borrow()[0],
        format!("two-environments {}/out", folder.path().display())
    );
}

#[test]
fn incidents_are_listed_chosen_and_go_other_ways() {
    let folder = tempfile::tempdir().unwrap();
    let around = around(folder.path());
    let machine = Remembers::default();
    let said = typed("demo --list", &around, &machine);
    assert_eq!(said.status, ExitStatus::NothingLost);
    let listed: Vec<&str> = said.out.lines().collect();
    assert_eq!(listed.len(), INCIDENTS.len());
    for (line, name) in listed.iter().zip(INCIDENTS) {
        assert!(line.starts_with(name) && line.contains("healthy"), "{line}");
    }
    for name in INCIDENTS {
        let said = typed(
            &format!("demo {name} --variant healthy --json"),
            &around,
            &machine,
        );
        assert_eq!(said.err, "", "{name}");
    }
    let runs = machine.runs.borrow();
    let healthy = |run: &Run| run.incident.as_ref().unwrap().variant == Variant::Healthy;
    assert!(runs.len() == INCIDENTS.len() && runs.iter().all(|(_, run)| healthy(run)));
    let rows = [
        (
            "demo silent-skip --variant mute",
            "help: allowed: usual, healthy",
        ),
        ("demo --variant helthy", "help: did you mean `healthy`?"),
        ("demo silent-skip --list", "--list"),
    ];
    for (line, wanted) in rows {
        let said = typed(line, &around, &machine);
        assert_eq!(said.status, ExitStatus::Error);
        assert!(said.err.contains(wanted), "{}", said.err);
    }
    for shell in ["bash", "zsh", "fish"] {
        let said = typed(&format!("completions {shell}"), &around, &machine);
        // For fish, nothing is generated for what bears no flag.
        let names = INCIDENTS.iter().filter(|_| shell != "fish");
        let words = names.chain(&["right-order", "unlisted"]);
        let mut missing = words.filter(|word| !said.out.contains(**word));
        assert_eq!(missing.next(), None, "{shell}");
    }
}

#[test]
fn help_completions_and_the_manual_are_data() {
    let folder = folder();
    let around = around(folder.path());
    let machine = Remembers::default();
    let help = typed("--help", &around, &machine);
    assert_eq!(
        (help.status, help.err.as_str()),
        (ExitStatus::NothingLost, "")
    );
    for word in [
        "check",
        "export",
        "hunt",
        "demo",
        "init",
        "completions",
        "man",
        "export",
        "--share",
        "--config",
        "--since",
        "SOURCE",
    ] {
        assert!(help.out.contains(word), "{word} is not in\n{}", help.out);
    }
    assert!(
        typed("--version", &around, &machine)
            .out
            .starts_with("lastseen 0.")
    );
    for shell in ["bash", "zsh", "fish"] {
        let said = typed(&format!("completions {shell}"), &around, &machine);
        assert!(said.out.contains("endpoint-url"), "{shell}");
    }
    let page = typed("man", &around, &machine);
    assert!(
        page.out.starts_with(".ie") && page.out.contains("lastseen"),
        "{}",
        page.out
    );
    assert!(machine.runs.borrow().is_empty());
}

#[test]
fn an_argument_cannot_command_the_terminal() {
    let folder = folder();
    for line in [
        "check --from \u{1b}]0;x\u{7}",
        "check --\u{1b}[2J",
        "demo \u{202e}x",
        "check --config \u{9b}x",
    ] {
        let said = typed(line, &around(folder.path()), &Remembers::default());
        assert_eq!(said.status, ExitStatus::Error, "{line:?}");
        let raw = said
            .err
            .chars()
            .find(|c| *c != '\n' && !lastseen::domain::safe::is_safe(*c));
        assert_eq!(raw, None, "{:?}", said.err);
    }
}

#[test]
fn init_where_nothing_is_in_reach_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (around, machine) = (around(folder.path()), Remembers::default());
    let said = typed("init", &around, &machine);
    assert_eq!((said.status, said.out.as_str()), (ExitStatus::Error, ""));
    assert!(said.err.contains("no account is in reach"), "{}", said.err);
    assert!(said.err.contains("help: log in"), "{}", said.err);
    for line in ["init --policy --yes", "init --live-tail", "init --groups"] {
        assert_eq!(
            typed(line, &around, &machine).status,
            ExitStatus::Error,
            "{line}"
        );
    }
}

#[test]
fn a_hunt_is_for_what_is_typed_or_for_what_is_lost() {
    let (folder, machine) = (folder(), Remembers::default());
    let around = around(folder.path());
    let said = typed("hunt o-1 o-2 --max-bytes 5MB --all-hits", &around, &machine);
    assert_eq!((said.status, said.err.as_str()), (ExitStatus::Lost, ""));
    assert!(said.out.starts_with("NOT FOUND: 2 IDs\n"), "{}", said.out);
    let hunts = machine.hunts.take();
    assert_eq!(hunts[0].targets[1].ids, ["o-2"]);
    assert_eq!(
        (hunts[0].budget.calls, hunts[0].budget.bytes),
        (2_000, 5_000_000)
    );
    assert!(hunts[0].all_hits && hunts[0].loaded.is_none());

    let nothing = typed("hunt --lost", &around, &machine);
    assert_eq!(nothing.status, ExitStatus::Lost);
    assert!(
        nothing.err.contains("nothing to hunt for"),
        "{}",
        nothing.err
    );
    assert!(machine.hunts.take().is_empty());

    let lost = Remembers {
        answers: picture(1, 0),
        ..Remembers::default()
    };
    typed("hunt --most 1", &around, &lost);
    let hunts = lost.hunts.take();
    assert_eq!(hunts[0].targets.len(), 1);
    assert!(hunts[0].targets[0].last.is_some() && hunts[0].loaded.is_some());
}

const CLOUD: &str = r#"
[[environment]]
name = "qa"
regions = ["us-east-1", "eu-central-1"]
[[environment]]
name = "prod"
regions = ["us-east-1"]
"#;

#[test]
fn live_tail_begins_only_when_somebody_agreed_to_its_price() {
    let folder = folder();
    fs::write(folder.path().join("lastseen.toml"), DEMO.to_owned() + CLOUD).unwrap();
    let tails = |line: &str, asked: bool, answer: Option<&'static str>| {
        let machine = Remembers {
            line: answer,
            ..Remembers::default()
        };
        let around = Surroundings {
            stdin_terminal: asked,
            ..on_a_terminal(folder.path())
        };
        let said = typed(line, &around, &machine);
        let runs = machine.runs.borrow();
        (runs.first().map(|(_, run)| run.plan.live_tail), said.err)
    };
    let (tail, err) = tails("--follow --live-tail --yes", false, None);
    assert_eq!(tail, Some(true));
    assert!(err.contains("3 to 30\nsessions"), "{err}");
    assert!(err.contains("1.80 USD to 18.00 USD an hour"), "{err}");
    assert!(err.contains("approximation"), "{err}");
    assert_eq!(tails("--follow --live-tail", true, Some("y")).0, Some(true));
    for answer in [Some(""), Some("n"), None] {
        let (tail, err) = tails("--follow --live-tail", true, answer);
        assert_eq!(tail, Some(false), "it is followed without");
        assert!(err.contains("[y/N] following without Live Tail"), "{err}");
    }
    let refused = [
        ("--follow --live-tail", "agree to it with --yes"),
        ("--live-tail --yes", "add --follow"),
        (
            "app.log --follow --live-tail --yes",
            "files are followed without it",
        ),
        ("--live-tail check", "leave the command out"),
    ];
    for (line, help) in refused {
        let (tail, err) = tails(line, false, None);
        assert_eq!(tail, None, "{line}");
        assert!(err.contains(help), "{line}: {err}");
    }
}

/// Orders that are taken and packed, in one place.
fn orders(place: &str) -> Corpus {
    let mut corpus = Corpus::default();
    let source = corpus.source(Arc::new(Source {
        name: place.into(),
        env: "local".into(),
        region: "".into(),
        group: "".into(),
        kind: SourceKind::File,
    }));
    for n in 0..200_u64 {
        let id = format!("{:016x}", (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for (ms, what) in [(0, "order taken"), (900, "order packed")] {
            let text = format!("INFO {what} order={id}");
            corpus.event(source, 0, at(n as i64 * 5000 + ms), text.as_bytes());
        }
    }
    corpus.of = corpus.events.len() as u64;
    corpus
}

#[test]
fn what_was_learnt_can_be_corrected_wherever_it_was_learnt_from() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("orders.log"), "").unwrap();
    let learnt = |line: &str| {
        let machine = Remembers {
            corpus: orders("orders.log"),
            ..Remembers::default()
        };
        let said = typed(line, &on_a_terminal(folder.path()), &machine);
        let run = machine.runs.take().pop();
        let (_, run) = run.unwrap_or_else(|| panic!("{line}: {}", said.err));
        let learning = run.learnt.clone().unwrap();
        let text = lastseen::config::learnt::after(&learning.basis.own, &learning.basis.found);
        (run, learning.planner.map(|plan| plan(&text).unwrap()), text)
    };
    let (_, again, _) = learnt("orders.log");
    assert_eq!(again.unwrap().files.len(), 1);
    // Standard input is gone; what it was put into is read again.
    let (run, again, _) = learnt("-");
    let again = again.unwrap();
    assert_ne!(again.stdin.as_ref().unwrap().path, "-");
    assert_eq!(again.stdin.unwrap().path, run.plan.stdin.unwrap().path);
    // The case of log groups is being written: what is corrected holds from the next run on.
    let (_, again, text) = learnt("/shop/* --region us-east-1");
    assert!(again.is_none());
    assert!(text.starts_with("[[environment]]"), "{text}");
}
