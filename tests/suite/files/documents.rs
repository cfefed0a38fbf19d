//! Documents that other programs write: queries, tracers, the AWS CLI.

use lastseen::domain::time::Timestamp;

use super::support::{Folder, Outcome, assert_readable, decode, decode_in, framing, read};

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
        // Elasticsearch: a search, and a dump.
        (
            r#"{"took":1,"hits":{"total":{"value":1},"max_score":null,"hits":[{"_id":"a","_source":{"@timestamp":"2024-05-16T09:26:05Z","message":"up"},"sort":[1]}]},"x":{}}"#,
            &[
                r#"{"_id":"a","_source":{"@timestamp":"2024-05-16T09:26:05Z","message":"up"},"sort":[1]}"#,
            ],
        ),
        (
            r#"{"_id":"a","_source":{"@timestamp":"2024-05-16T09:26:05Z","message":"up"}}"#,
            &[r#"{"_id":"a","_source":{"@timestamp":"2024-05-16T09:26:05Z","message":"up"}}"#],
        ),
        // Loki.
        (
            r#"{"status":"success","data":{"resultType":"streams","result":[{"stream":{"app":"a"},"values":[["1715851565000000000","say \"hi\""],["1715851565001000000","",{"id":"b"}]]}],"stats":{}}}"#,
            &[r#"say "hi""#, ""],
        ),
        // Datadog.
        (
            r#"{"data":[{"id":"a","type":"log","attributes":{"timestamp":"2024-05-16T09:26:05Z","message":"up"}}],"meta":{}}"#,
            &[
                r#"{"id":"a","type":"log","attributes":{"timestamp":"2024-05-16T09:26:05Z","message":"up"}}"#,
            ],
        ),
        // Amazon SES: what tells of two times was written at the later.
        (
            r#"{"eventType":"Delivery","mail":{"timestamp":"2024-05-16T09:26:01Z"},"delivery":{"timestamp":"2024-05-16T09:26:05Z"}}"#,
            &[
                r#"{"eventType":"Delivery","mail":{"timestamp":"2024-05-16T09:26:01Z"},"delivery":{"timestamp":"2024-05-16T09:26:05Z"}}"#,
            ],
        ),
        // Tempo.
        (
            r#"{"batches":[{"resource":{},"scopeSpans":[{"spans":[{"spanId":"b","startTimeUnixNano":"1715851565000000000"}]}]}]}"#,
            &[r#"{"spanId":"b","startTimeUnixNano":"1715851565000000000"}"#],
        ),
        // X-Ray, as the AWS CLI prints it.
        (
            "{\n \"Traces\": [\n  {\n   \"Id\": \"1\",\n   \"Segments\": [\n    {\"Id\": \"b\", \"Document\": \"{\\\"id\\\":\\\"b\\\",\\\"end_time\\\":1715851566,\\\"start_time\\\":1715851565.0}\"}\n   ]\n  }\n ]\n}",
            &[r#"{"id":"b","end_time":1715851566,"start_time":1715851565.0}"#],
        ),
        // OpenTelemetry: keys and values are fields.
        (
            r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1715851565000000000","body":{"kvlistValue":{"values":[{"key":"orderId","value":{"stringValue":"o\"1"}},{"value":{"intValue":"7"},"key":"n"},{"key":"in","value":{"kvlistValue":{"values":[{"key":"ok","value":{"boolValue":true}}]}}},{"key":"all","value":{"arrayValue":{"values":[{"doubleValue":1.5},{}]}}},{"key":"none","value":{"kvlistValue":{}}}]}},"traceId":""}]}]}]}"#,
            &[
                r#"{"timeUnixNano":"1715851565000000000","body":{"orderId":"o\"1","n":"7","in":{"ok":true},"all":[1.5,null],"none":{}},"traceId":""}"#,
            ],
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
fn the_labels_of_a_stream_name_it() {
    let page = |app: &str, values: &str| {
        format!(
            r#"{{"status":"success","data":{{"resultType":"streams","result":[{{"stream":{{"app":"{app}"}},"values":[{values}]}}]}}}}"#
        )
    };
    // Several pages behind each other, one of them over many lines, and one without a stream.
    let text = format!(
        "{}\n{}\n{}\n",
        page(
            "a",
            r#"["1715851565000000000","one"],["1715851566000000000","two"]"#
        ),
        r#"{"status":"success","data":{"resultType":"streams","result":[]}}"#,
        page("b", r#"["1715851567000000000","three"]"#).replace(',', ",\n "),
    );
    let outcome = read_document(&text);
    let streams: Vec<_> = outcome.events.iter().map(|e| e.stream.as_str()).collect();
    assert_eq!(outcome.texts(), ["one", "two", "three"]);
    assert_eq!(
        streams,
        [r#"{"app":"a"}"#, r#"{"app":"a"}"#, r#"{"app":"b"}"#]
    );
    assert_eq!(outcome.rejected(), 0);
}

#[test]
fn a_time_further_down_is_only_of_what_has_no_other() {
    // A payload behind a line of text stays with it, and one beside a text tells nothing of that.
    let text = "2024-05-16T09:26:05Z paid\n{\"order\":{\"time\":\"2030-01-01T00:00:00Z\"}}\n";
    let outcome = decode(text);
    assert_eq!((outcome.events.len(), outcome.continued), (1, 1));
    let alone = [
        r#"{"level":"info","message":"paid","order":{"time":"2024-05-16T09:26:05Z"}}"#,
        r#"{"order":{"created_at":"2024-05-16T09:26:05Z"}}"#,
        r#"{"order":{"in":{"time":"2024-05-16T09:26:05Z"}}}"#,
        r#"{"orders":[{"time":"2024-05-16T09:26:05Z"}]}"#,
        r#"{"orders":[{"id":1}],"page":{"time":"2024-05-16T09:26:05Z"}}"#,
        r#"{"Id":"a","Document":"{\"start_time\":1715851565"}"#,
        r#"{"Id":"a","Document":"{\"start_time\":1715851565}\x"}"#,
        r#"{"data":[{"id":1,"attributes":{"name":"x"}}]}"#,
        r#"{"data":{"result":[{"metric":{},"values":[[1715851565,"1"]]}]}}"#,
        r#"{"hits":[{"_source":{"time":"2024-05-16T09:26:05Z"}}]}"#,
    ];
    for line in alone {
        let outcome = decode(line);
        assert_eq!(outcome.events.len(), 0, "{line}");
        assert_eq!(outcome.rejected(), 1, "{line}");
    }
}

#[test]
fn a_body_that_is_no_list_of_keys_stays_as_it_is() {
    let deep = format!(
        "{}{{}}{}",
        r#"{"kvlistValue":{"values":[{"key":"a","value":"#.repeat(10_000),
        "}]}}".repeat(10_000)
    );
    let bodies = [
        r#"{"stringValue":"up"}"#,
        r#"{"kvlistValue":{"values":{"key":"a"}}}"#,
        r#"{"kvlistValue":{"values":[{"key":1,"value":{"stringValue":"x"}}]}}"#,
        r#"{"kvlistValue":{"values":[{"key":"a","value":{"newValue":"x"}}]}}"#,
        r#"{"kvlistValue":{"values":[{"key":"a"}]},"stringValue":"up"}"#,
        deep.as_str(),
    ];
    for body in bodies {
        let line = format!(r#"{{"timeUnixNano":"1715851565000000000","body":{body}}}"#);
        let outcome = decode(&line);
        assert_eq!(outcome.texts(), [line.as_str()]);
    }
}

#[test]
fn pages_within_objects_may_break_off_anywhere() {
    let hit = r#"{"_id":"a","_source":{"@timestamp":"2024-05-16T09:26:05Z"}}"#;
    let entry = r#"["1715851565000000000","up"]"#;
    let table = [
        (hit, r#"{"hits":{"max_score":null,"hits":["#, "]}}"),
        (
            entry,
            r#"{"data":{"resultType":"streams","result":[{"stream":{"app":"a"},"values":["#,
            "]}]}}",
        ),
    ];
    for (element, before, behind) in table {
        let whole = format!("{before}\n{element},\n{element}\n{behind}\n");
        assert_eq!(decode(&whole).events.len(), 2, "{whole}");
        for cut in 0..whole.len() {
            assert!(decode(&whole[..cut]).events.len() <= 2, "{whole}");
        }
        // Far more of them than are looked at first, cut into small pieces: each is still one event.
        let many = format!("{before}{}{behind}", vec![element; 5_000].join(",\n"));
        for target in [1 << 10, 1 << 20] {
            let outcome = decode_in(many.as_bytes(), &framing(None), target);
            assert_eq!((outcome.events.len(), outcome.rejected()), (5_000, 0));
        }
    }
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
fn messages_alone_as_the_aws_cli_prints_them() {
    // A tab stands between two messages, each with a line end of its own.
    let messages = [
        "INIT_START Runtime Version: nodejs:18\n",
        "2024-05-16T09:26:05.000Z\ta\tINFO\tone\n\tat x.js:1\n",
        "END RequestId: a\n",
        "2024-05-16T09:26:06.000Z\tb\tINFO\ttwo\n",
        "{\"time\":\"2024-05-16T09:26:07Z\",\"id\":1}\n",
        "{\"time\":\"2024-05-16T09:26:08Z\",\"id\":2}\n",
    ];
    let outcome = read_document(&(messages.join("\t") + "\n"));
    assert_eq!(
        outcome.texts(),
        [
            "2024-05-16T09:26:05.000Z\ta\tINFO\tone\n\tat x.js:1\n\tEND RequestId: a",
            "2024-05-16T09:26:06.000Z\tb\tINFO\ttwo",
            "{\"time\":\"2024-05-16T09:26:07Z\",\"id\":1}",
            "{\"time\":\"2024-05-16T09:26:08Z\",\"id\":2}",
        ]
    );
    // What is set off below a line with a time belongs to it.
    let text = "2024-05-16 09:26:05 two locks\n\t2024-05-16 09:20:00 a\n\t2024-05-16 09:21:00 b\n";
    assert_eq!(read_document(text).texts(), [text.trim_end()]);
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
