//! The whole line: an incident is loaded, and what its lines tell can be asked for.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::domain::signals::view::{LeftOut, Severity};
use lastseen::domain::time::Timestamp;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Options, incident};

fn an_hour_later() -> Timestamp {
    Options::default().end.plus(3_600_000)
}

#[test]
fn a_loaded_incident_tells_its_troubles_and_resources() {
    let options = Options {
        messages: 2_000,
        ..Options::default()
    };
    let incident = incident("two-environments", &options).unwrap();
    let mut file = File::parse("lastseen.toml", Path::new("."), incident.config());
    file.files.clear();
    let plan = resolve(&file, &Overrides::default(), &|_| false)
        .unwrap()
        .plan;
    let run = Investigation::start_demo(&plan, incident, an_hour_later).unwrap();
    run.wait(Duration::from_hours(1), |_| {});
    let overview = run.overview();
    let signals = run.signals();
    assert!(Arc::ptr_eq(&signals, &run.signals()), "nothing has changed");
    assert_eq!(signals.left_out, LeftOut::default());
    for view in &overview.sources {
        let activity = signals.sources.iter().find(|a| a.source == view.id);
        assert_eq!(activity.map_or(0, |a| a.events), view.events);
        if let (Some(activity), Some(seen)) = (activity, view.seen) {
            assert_eq!((activity.first, activity.last), (seen.from, seen.to));
        }
    }
    let denied = signals
        .templates
        .iter()
        .find(|t| t.text.contains("kms:Decrypt"));
    let denied = denied.unwrap();
    assert_eq!(denied.severity, Severity::Error);
    let example = denied.earliest().unwrap().example;
    let text = String::from_utf8(run.text(example).unwrap().text).unwrap();
    assert!(text.contains("AccessDeniedException"), "{text}");
    let memory = signals
        .series
        .iter()
        .find(|s| &*s.key == "max_memory_used_mb");
    assert!(memory.unwrap().limit.is_some_and(|l| l.value() >= 128.0));
}
