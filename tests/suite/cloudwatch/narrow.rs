//! The filter pattern against the rules themselves: no line that says something is left behind.

use std::path::Path;
use std::sync::Arc;

use lastseen::config::file::File;
use lastseen::domain::event::{Batch, EventRef, OriginId, Source, SourceId, SourceKind};
use lastseen::domain::feed::FeedEvent;
use lastseen::domain::ledger::Ledger;
use lastseen::domain::pipeline::Pipeline;
use lastseen::domain::time::Timestamp;
use lastseen::sources::cloudwatch::narrow;
use proptest::prelude::*;
use regex::Regex;

/// One pipeline with these lines, whose stage `engine` logs to `/a` and `queue` to `/b`.
fn pipelines(top: &str, engine: &str) -> Vec<Arc<Pipeline>> {
    let text = format!(
        "[pipeline.p]\n{top}\n[[pipeline.p.stage]]\nname = \"engine\"\nfrom = [\"/a\"]\n{engine}\n\
         [[pipeline.p.stage]]\nname = \"queue\"\nfrom = [\"/b\"]\nenter = 'other (?<id>\\S+)'\n"
    );
    let file = File::parse("x", Path::new("/"), &text);
    assert!(file.errors.is_empty(), "{:?}", file.errors);
    file.pipelines
}

fn source() -> Source {
    Source {
        name: "qa/r:/a".into(),
        env: "qa".into(),
        region: "r".into(),
        group: "/a".into(),
        kind: SourceKind::CloudWatch,
    }
}

fn filter(pipelines: &[Arc<Pipeline>]) -> Option<String> {
    narrow::filter(pipelines.iter().map(|p| &**p), &source())
}

#[test]
fn a_filter_names_what_each_way_to_an_id_needs() {
    let cases = [
        // An ID in a field, by the longest key of its path.
        (
            "id = [\"detail.messageId\"]",
            "enter = 'x'",
            Some("%u00|messageId%"),
        ),
        // A rule with an ID of its own; one without says something only of what is named otherwise.
        (
            "id = ['order=(?<id>\\d+)']",
            "enter = 'picked up job (?<id>\\S+)'\nfail = 'ERROR'",
            Some("%u00|order=|picked%"),
        ),
        (
            "id = ['(?<id>[0-9]{9}) (?:came|went) in']",
            "",
            Some("%u00|came|went%"),
        ),
        // Nothing certain stands in what these match.
        ("id = ['(?<id>[0-9a-f-]{36})']", "", None),
        ("id = ['(?i)order=(?<id>\\d+)']", "", None),
        ("id = ['(?:order=)?(?<id>\\d+)']", "", None),
        ("id = ['id=(?<id>\\d+)', \"n\"]", "", None),
        // A link that only another group says does not matter.
        (
            "id = ['order=(?<id>\\d+)']\nlink = [{ from = [\"/b\"], pattern = '(?<a>\\S+)=(?<b>\\S+)' }]",
            "",
            Some("%u00|order=%"),
        ),
        (
            "id = ['order=(?<id>\\d+)']\nlink = ['message (?<a>\\S+) as job (?<b>\\S+)']",
            "",
            Some("%u00|order=|message%"),
        ),
        // What stands in another text adds nothing.
        (
            "id = ['order=(?<id>\\d+)', 'my-order=(?<id>\\d+)']",
            "",
            Some("%u00|order=%"),
        ),
    ];
    for (top, engine, expected) in cases {
        let engine = if engine.is_empty() {
            "enter = 'x'"
        } else {
            engine
        };
        assert_eq!(
            filter(&pipelines(top, engine)).as_deref(),
            expected,
            "{top} {engine}"
        );
    }
    let elsewhere = Source {
        group: "/c".into(),
        ..source()
    };
    let any = pipelines("id = ['order=(?<id>\\d+)']", "enter = 'x'");
    assert_eq!(narrow::filter(any.iter().map(|p| &**p), &elsewhere), None);
}

const CONFIGURATIONS: [(&str, &str); 4] = [
    (
        "id = [\"messageId\", \"detail.orderId\"]",
        "enter = 'got it'",
    ),
    (
        "id = ['order=(?<id>o-\\d+)', \"messageId\"]",
        "enter = 'picked up job (?<id>\\S+)'\nexit = { field = \"state\", equals = \"done\" }",
    ),
    (
        "id = ['order=(?<id>o-\\d+)']\nlink = ['message (?<a>\\S+) as (?<b>\\S+)', { fields = [\"messageId\", \"detail.orderId\"] }]",
        "enter = { field = \"job.name\", matches = '(?<id>j-\\d+)' }",
    ),
    (
        "id = ['\"order\":\"(?<id>[^\"]+)\"', 'order=(?<id>\\d+)']",
        "enter = 'x'",
    ),
];

/// Texts that say something, hidden in every way there is, and texts that do not.
const PARTS: [&str; 24] = [
    "order=o-1",
    "order=7",
    "picked up job j-1",
    "message m-1 as o-2",
    "got it",
    "noise",
    "{\"messageId\":\"m-1\"}",
    "{\"\\u006dessageId\":\"m-1\"}",
    "{\"message\\u0049d\":\"m-1\"}",
    "{\"text\":\"order=o-3\"}",
    "{\"text\":\"\\u006frder=o-3\"}",
    "{\"text\":\"order\\u003do-3\"}",
    "{\"detail\":{\"orderId\":\"o-4\"}}",
    "{\"detail\":{\"\\u006frderId\":\"o-4\"},\"messageId\":\"m\"}",
    "{\"detail\":\"{\\\"orderId\\\":\\\"o-5\\\"}\",\"messageId\":\"m\"}",
    "messageId=m-9 state=done",
    "{\"job\":{\"name\":\"j-7\"}}",
    "{\"order\":\"abc\"}",
    "{\"a\":\"picked up job j-2\"}",
    "{\"a\":\"message m as o\"}",
    "{\"state\":\"done\",\"messageId\":7}",
    "2026-01-01T00:00:00Z\tabc\tINFO\t",
    "\\",
    "{\"x\":1}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_line_that_says_something_is_left_behind(
        configuration in 0..CONFIGURATIONS.len(),
        parts in prop::collection::vec(0..PARTS.len(), 1..4),
        apart in "[ \t,]?",
    ) {
        let (top, engine) = CONFIGURATIONS[configuration];
        let pipelines = pipelines(top, engine);
        let text = parts.iter().map(|p| PARTS[*p]).collect::<Vec<_>>().join(&apart);
        let mut ledger = Ledger::new(pipelines.clone(), None);
        ledger.report(FeedEvent::Opened(SourceId(0), Arc::new(source())));
        let batch = Batch {
            source: SourceId(0),
            origin: OriginId(0),
            base: 0,
            text: text.clone().into_bytes(),
            events: vec![EventRef { time: Timestamp(0), start: 0, len: text.len() as u32, raw: 0, stream: 0 }],
            streams: vec!["".into()],
        };
        let extracted = ledger.extractor(SourceId(0)).extract(&batch);
        let says = !extracted.sightings.is_empty() || !extracted.links.is_empty();
        if let Some(filter) = filter(&pipelines) {
            let kept = Regex::new(filter.trim_matches('%')).unwrap().is_match(&text);
            prop_assert!(kept || !says, "{} leaves {} behind", filter, text);
        }
    }
}
