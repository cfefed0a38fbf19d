//! A hunt in files: every format, what could not be read, and the file that no stage reads.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;

use lastseen::config::plan::{FilesPlan, Plan};
use lastseen::diagnose::suggest::suggestions;
use lastseen::domain::hunt::{Cause, Hunt, Standing, Target};
use lastseen::domain::pipeline::{Glob, Pipeline, Stage};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::load::hunt::{HuntRequest, Hunting};

use crate::support::alone::folder;
use crate::support::emulator::now;

fn files(folder: &Path, path: &str) -> Plan {
    let plan = FilesPlan {
        path: path.to_owned(),
        base: folder.to_owned(),
        env: "local".into(),
        timezone: None,
        year: None,
        dates: None,
        multiline: None,
        explicit: false,
        like: Vec::new(),
    };
    Plan {
        files: vec![plan],
        ..Plan::default()
    }
}

fn request(ids: &[&str]) -> HuntRequest {
    HuntRequest {
        targets: ids.iter().map(|id| Target::of_id(id)).collect(),
        ..HuntRequest::default()
    }
}

fn hunt(plan: &Plan, request: &HuntRequest) -> Hunt {
    let hunting = Hunting::start(plan, request, now).unwrap();
    hunting.wait();
    hunting.snapshot()
}

#[test]
fn every_format_is_searched() {
    let folder = folder("hunt-formats");
    fs::create_dir_all(folder.join("logs/qa/eu-west-1")).unwrap();
    let at = |name: &str| folder.join("logs/qa/eu-west-1").join(name);
    let time = "2026-03-14T02:00:00Z";
    fs::write(
        at("plain.log"),
        format!("{time} order=o-1 in\n{time} order=o-10 in\n"),
    )
    .unwrap();
    let line = r#"{"timestamp":1773453600000,"message":"order o-1 \"done\"","logStreamName":"s"}"#;
    fs::write(at("events.jsonl"), format!("{line}\n{line}\n")).unwrap();
    let mut packed = GzEncoder::new(File::create(at("old.log.gz")).unwrap(), Compression::fast());
    writeln!(packed, "{time} order=o-2 settled").unwrap();
    packed.finish().unwrap();
    let plan = files(&folder, "logs/{env}/{region}/{group}.*");
    let hunt = hunt(&plan, &request(&["o-1", "o-2", "o-3"]));
    assert!(hunt.complete(), "{:?}", hunt.unsearched);
    let places: Vec<(&str, &str, &str, Vec<usize>)> = hunt
        .places
        .iter()
        .map(|p| (&*p.env, &*p.region, &*p.group, p.targets()))
        .collect();
    assert_eq!(
        places,
        [
            ("qa", "eu-west-1", "events", vec![0]),
            ("qa", "eu-west-1", "old", vec![1]),
            ("qa", "eu-west-1", "plain", vec![0]),
        ]
    );
    assert_eq!(hunt.places[0].finds[0].hits, 2);
    assert_eq!(hunt.places[0].finds[0].samples[0].stream, "s");
    assert_eq!((hunt.calls, hunt.searched, hunt.window), (0, 3, None));
}

#[test]
fn what_could_not_be_read_leaves_a_doubt() {
    let folder = folder("hunt-doubt");
    fs::write(
        folder.join("a.jsonl"),
        "{\"timestamp\":1773453600000,\"message\":\"x\"}\n{broken\n",
    )
    .unwrap();
    let mut plan = files(&folder, "a.jsonl");
    let mut missing = plan.files[0].clone();
    missing.path = "nowhere.log".to_owned();
    missing.explicit = true;
    plan.files.push(missing);
    let hunt = hunt(&plan, &request(&["o-1"]));
    assert!(!hunt.complete() && !hunt.found());
    let causes: Vec<Cause> = hunt.unsearched.iter().map(|u| u.cause).collect();
    assert_eq!(causes, [Cause::Failed, Cause::SetAside]);
    assert!(hunt.unsearched[0].why.contains("nowhere.log"));
    assert_eq!(hunt.unsearched[1].why, "1 x not valid JSON");
}

#[test]
fn only_the_time_that_is_asked_for_is_searched() {
    let folder = folder("hunt-window");
    let text = "2026-03-14T02:00:00Z o-1\n2026-03-14T03:00:00Z o-1\n2026-03-14T04:00:00Z o-1\n";
    fs::write(folder.join("a.log"), text).unwrap();
    let mut request = request(&["o-1"]);
    let three = Timestamp(1_773_457_200_000);
    request.window = Some(Span::new(three.plus(-1), three.plus(1)));
    let hunt = hunt(&files(&folder, "a.log"), &request);
    let find = &hunt.places[0].finds[0];
    assert_eq!((find.hits, find.first), (1, three));
    assert_eq!(hunt.window, request.window);
}

fn pipeline() -> Arc<Pipeline> {
    let stage = Stage {
        name: "queue".into(),
        after: Vec::new(),
        from: vec![Glob("queue*".to_owned())],
        rules: Vec::new(),
        within_ms: None,
        environments: None,
        optional: false,
        dead_letter: false,
        ends: Vec::new(),
    };
    Arc::new(Pipeline {
        name: "orders".into(),
        ids: Vec::new(),
        links: Vec::new(),
        apart: Vec::new(),
        attributes: Vec::new(),
        stages: vec![stage],
        reuse_after_ms: Pipeline::DEFAULT_REUSE_AFTER_MS,
        max_links: Pipeline::DEFAULT_MAX_LINKS,
    })
}

/// The run has read every file, but no stage reads what the settler says.
#[test]
fn a_file_that_no_stage_reads_is_news() {
    let folder = folder("hunt-unserved");
    for name in ["queue", "settle"] {
        fs::write(
            folder.join(format!("{name}.log")),
            "2026-03-14T02:00:00Z o-1\n",
        )
        .unwrap();
    }
    let mut plan = files(&folder, "{group}.log");
    plan.pipelines = vec![pipeline()];
    let mut request = request(&["o-1"]);
    request.loaded = Some(Vec::new());
    let new = hunt(&plan, &request);
    let places: Vec<(&str, Standing)> =
        new.places.iter().map(|p| (&*p.group, p.standing)).collect();
    assert_eq!(places, [("settle", Standing::New)]);
    assert_eq!(
        suggestions(&new)[0].lines,
        [
            "[[pipeline.NAME.stage]]",
            "name  = \"settle\"",
            "from  = [\"settle\"]"
        ]
    );
    request.again = true;
    let all = hunt(&plan, &request);
    let places: Vec<(&str, Standing)> =
        all.places.iter().map(|p| (&*p.group, p.standing)).collect();
    assert_eq!(
        places,
        [("settle", Standing::New), ("queue", Standing::Loaded)]
    );
}

#[test]
fn cancelling_ends_it() {
    let folder = folder("hunt-cancel");
    fs::write(
        folder.join("a.log"),
        "2026-03-14T02:00:00Z o-1\n".repeat(200_000),
    )
    .unwrap();
    let hunting = Hunting::start(&files(&folder, "a.log"), &request(&["o-2"]), now).unwrap();
    hunting.cancel();
    hunting.wait();
    let hunt = hunting.snapshot();
    assert!(hunt.done && hunt.cancelled && !hunt.complete());
}
