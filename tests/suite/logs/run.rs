//! The log of a real load: every event of every source, with its text and the message it names.

use std::path::Path;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::domain::log::LogKey;
use lastseen::domain::log::view::{LogQuery, LogRow, LogScope};
use lastseen::domain::time::Timestamp;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;

const CONFIG: &str = r#"
[[files]]
path = "{env}/{group}.log"
[pipeline.orders]
id = ["id=(?<id>[a-z]+-[0-9]+)"]
[[pipeline.orders.stage]]
name = "api"
from = ["api"]
enter = "received"
[[pipeline.orders.stage]]
name = "engine"
from = ["engine"]
enter = "took"
exit = "done"
"#;

fn load(folder: &Path) -> Investigation {
    let file = File::parse("lastseen.toml", folder, CONFIG);
    let overrides = Overrides {
        folder: folder.to_owned(),
        ..Overrides::default()
    };
    let plan = resolve(&file, &overrides, &|_| false).unwrap().plan;
    let run = Investigation::start(&plan, || Timestamp(1_800_000_000_000)).unwrap();
    run.wait(Duration::from_hours(1), |_| {});
    run
}

fn write(folder: &Path) {
    for (env, start) in [("prod", 0), ("qa", 30)] {
        std::fs::create_dir_all(folder.join(env)).unwrap();
        for (group, verb) in [("api", "received"), ("engine", "took")] {
            let mut text = String::new();
            for i in 0..40 {
                let second = (start + i) % 60;
                let time = format!("2026-01-02T03:04:{second:02}Z");
                text.push_str(&[&time, " INFO ", verb, " id=", env, "-"].concat());
                text.push_str(
                    &[&i.to_string(), "\n", &time, " WARN slow heartbeat\n  of "].concat(),
                );
                text.push_str(&[group, "\n"].concat());
            }
            std::fs::write(folder.join(env).join(format!("{group}.log")), text).unwrap();
        }
    }
}

fn page(run: &Investigation, scope: LogScope) -> Vec<LogRow> {
    let query = LogQuery {
        cut: LogKey::FIRST,
        before: 0,
        after: 1_000,
        scope,
        filter: Vec::new().into(),
        context: 0,
        find: None,
        places: false,
    };
    let page = run.log(&query);
    assert_eq!((page.up, page.down), (Some(LogKey::FIRST), None));
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows
}

#[test]
fn every_event_is_there_in_order_with_its_text_and_its_message() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let run = load(folder.path());
    let rows = page(&run, LogScope::All);
    assert_eq!(rows.len() as u64, run.overview().events);
    assert_eq!(rows.len(), 2 * 2 * 80);
    assert!(rows.is_sorted_by_key(|row| row.key));
    let mut named = 0;
    for row in &rows {
        let text = String::from_utf8(row.text.clone().unwrap()).unwrap();
        assert_eq!(run.text(row.key.raw).unwrap().text, text.as_bytes());
        let Some(handle) = row.names else {
            assert!(
                text.contains("heartbeat") && text.contains("\n  of "),
                "{text}"
            );
            continue;
        };
        named += 1;
        let view = run.lifecycle(handle).unwrap();
        assert!(view.sightings.iter().any(|seen| seen.raw == row.key.raw));
        assert!(text.contains(&view.row.id), "{text} names {}", view.row.id);
    }
    assert_eq!(named, 2 * 2 * 40);
    assert_eq!(page(&run, LogScope::Env("qa".into())).len(), 160);
    let one = run.overview().sources[0].id;
    let own = page(&run, LogScope::Source(one));
    assert_eq!(own.len(), 80);
    assert!(own.iter().all(|row| row.key.source == one));
}

#[test]
fn a_file_that_was_replaced_says_so_in_its_rows_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let run = load(folder.path());
    let path = folder.path().join("qa/api.log");
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "2026-01-02T03:04:00Z INFO something else\n").unwrap();
    let rows = page(&run, LogScope::All);
    let gone: Vec<_> = rows
        .iter()
        .filter_map(|row| row.text.as_ref().err())
        .collect();
    assert_eq!(gone.len(), 80);
    assert!(gone[0].contains("since it was read"), "{}", gone[0]);
    assert_eq!(rows.len(), 320);
}
