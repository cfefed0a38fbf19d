//! Documents that other programs write: queries, tracers, the AWS CLI.

use lastseen::domain::time::Timestamp;

use super::support::{Folder, Outcome, assert_readable, read};

fn read_document(text: &str) -> Outcome {
    let folder = Folder::new();
    folder.write("a.json", text);
    let (report, feed) = read(&[folder.plan("a.json")]);
    assert_readable(&report, &feed);
    report.of("a.json")
}

#[test]
fn each_event_of_a_document_is_one() {
    let table: &[(&str, &[&str])] = &[
        // CloudTrail.
        (
            r#"{"Records":[{"eventTime":"2024-05-16T09:26:05Z","id":1}]}"#,
            &[r#"{"eventTime":"2024-05-16T09:26:05Z","id":1}"#],
        ),
        // Jaeger.
        (
            r#"{"data":[{"traceID":"a","spans":[{"spanID":"b","startTime":1715851565000000}]}],"total":0}"#,
            &[r#"{"spanID":"b","startTime":1715851565000000}"#],
        ),
        // OpenTelemetry, as lines.
        (
            r#"{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[{"spanId":"b","startTimeUnixNano":"1715851565000000000"}]}]}]}"#,
            &[r#"{"spanId":"b","startTimeUnixNano":"1715851565000000000"}"#],
        ),
        (
            r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1715851565000000000"}]}]}]}"#,
            &[r#"{"timeUnixNano":"1715851565000000000"}"#],
        ),
        // Zipkin.
        (
            "[{\"id\":\"b\",\"timestamp\":1715851565000000}]",
            &[r#"{"id":"b","timestamp":1715851565000000}"#],
        ),
        (
            "[ [ {\"id\":\"b\",\"timestamp\":1715851565000000} ] ]",
            &[r#"{"id":"b","timestamp":1715851565000000}"#],
        ),
        // Logs Insights, as the AWS CLI prints it.
        (
            "{\n \"results\": [\n  [\n   {\"field\": \"@timestamp\", \"value\": \"2024-05-16 09:26:05.000\"},\n   {\"field\": \"@message\", \"value\": \"say \\\"hi\\\"\"}\n  ]\n ],\n \"status\": \"Complete\"\n}",
            &[r#"say "hi""#],
        ),
        (
            r#"{"results":[[{"field":"@timestamp","value":"2024-05-16 09:26:05.000"},{"field":"order","value":"o-1"}]]}"#,
            &[r#"{"@timestamp":"2024-05-16 09:26:05.000","order":"o-1"}"#],
        ),
        // MongoDB.
        (
            r#"{"t":{"$date":"2024-05-16T09:26:05.000+00:00"},"msg":"up"}"#,
            &[r#"{"t":{"$date":"2024-05-16T09:26:05.000+00:00"},"msg":"up"}"#],
        ),
        (
            r#"{"t":{"$date":{"$numberLong":"1715851565000"}},"msg":"up"}"#,
            &[r#"{"t":{"$date":{"$numberLong":"1715851565000"}},"msg":"up"}"#],
        ),
        // Envoy.
        (
            r#"{"start_time":"2024-05-16T09:26:05.000Z","path":"/"}"#,
            &[r#"{"start_time":"2024-05-16T09:26:05.000Z","path":"/"}"#],
        ),
    ];
    for (text, expected) in table {
        let outcome = read_document(text);
        assert_eq!(outcome.texts(), *expected, "{text}");
        let time = Timestamp(outcome.events[0].time).to_rfc3339();
        assert_eq!(time, "2024-05-16T09:26:05.000Z", "{text}");
        assert_eq!(outcome.rejected(), 0, "{text}");
    }
}

#[test]
fn other_arrays_stay_in_their_object() {
    let line = r#"{"time":"2024-05-16T09:26:05Z","data":[{"traceID":"a","spans":[{"startTime":1715851565000000}]}]}"#;
    assert_eq!(read_document(line).texts(), [line]);
}

#[test]
fn text_of_the_aws_cli() {
    let id = "3".repeat(56);
    let text = format!(
        "EVENTS\t{id}\t1715851565999\ts/a\tup\tand\n\trunning\t1715851565123\n\
         EVENTS\t{id}\t1715851566999\ts/b\tdown\t1715851566123\n"
    );
    let outcome = read_document(&text);
    assert_eq!(outcome.texts(), ["up\tand\n\trunning", "down"]);
    assert_eq!(outcome.events[0].time, 1_715_851_565_123);
    assert_eq!(outcome.events[1].stream, "s/b");
    let text = "b/1\tf/2\nEVENTS\t1715851565999\tup\t1715851565123\n";
    let outcome = read_document(text);
    assert_eq!(outcome.texts(), ["up"]);
    assert_eq!(outcome.events[0].time, 1_715_851_565_123);
}

#[test]
fn json_behind_the_name_of_the_container_tells_the_time() {
    let line = |pod: &str, id: u32| {
        let filler = "x".repeat(600);
        format!(
            r#"{pod} app {{"level":"info","message":"order {id} {filler}","n":{},"timestamp":"2024-05-16T09:26:{id:02}Z"}}"#,
            1_715_000_000 + id
        )
    };
    let lines: Vec<String> = (5..15).map(|id| line("app-7c9d-x2", id)).collect();
    let outcome = read_document(&lines.join("\n"));
    assert_eq!(outcome.texts(), lines);
    assert_eq!(outcome.events[9].time, 1_715_851_574_000);
    // Where only few lines bear such an object, it is something they speak of.
    let mut others = vec!["app-7c9d-x2 app ready".to_owned(); 10];
    others.extend(lines);
    let folder = Folder::new();
    folder.write("a.log", others.join("\n"));
    let (report, _) = read(&[folder.plan("a.log")]);
    assert_eq!(report.of("a.log").events.len(), 0);
}
