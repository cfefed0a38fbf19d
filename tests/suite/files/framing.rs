//! Where events begin and end, wherever the input is cut.

use lastseen::domain::feed::RejectReason;
use lastseen::sources::files::chunk::{LINE_LIMIT, TEXT_LIMIT};
use proptest::prelude::*;

use super::support::{chunks, decode, decode_in, framing, seen};

const T: i64 = 1_763_800_000_000;

#[test]
fn lines_without_a_time_belong_to_the_event_before() {
    let outcome = decode(
        "2025-11-22T08:26:40Z\tboom\njava.lang.Exception: x\n\tat A.run(A.java:1)\n\n  more\n\n\
         2025-11-22T08:26:41Z\tnext\n{\"dump\": 1}\n{\n  \"a\": 1\n}\n",
    );
    assert_eq!(
        outcome.events,
        vec![
            seen(
                T,
                "2025-11-22T08:26:40Z\tboom\njava.lang.Exception: x\n\tat A.run(A.java:1)\n\n  more",
                ""
            ),
            seen(
                T + 1000,
                "2025-11-22T08:26:41Z\tnext\n{\"dump\": 1}\n{\n  \"a\": 1\n}",
                ""
            ),
        ]
    );
    assert_eq!((outcome.rejected(), outcome.continued), (0, 9));
}

#[test]
fn a_file_that_begins_without_a_time_says_so() {
    let outcome = decode("left over\n  from before\n\n2025-11-22T08:26:40Z\tfirst\n");
    assert_eq!(outcome.texts(), ["2025-11-22T08:26:40Z\tfirst"]);
    assert_eq!(outcome.rejects[&RejectReason::NoTimestamp], (2, 1));
    assert_eq!(outcome.continued, 1);
}

#[test]
fn json_is_never_joined() {
    let outcome = decode("{\"timestamp\":1763800000000,\"message\":\"a\"}\nstray\n");
    assert_eq!(outcome.texts(), ["a"]);
    assert_eq!(outcome.rejects[&RejectReason::NoTimestamp], (1, 2));
}

#[test]
fn a_start_pattern_decides_alone() {
    let text = "=== 1\n2025-11-22T08:26:40Z a\n2025-11-22T08:26:41Z b\n=== 2025-11-22T08:26:42Z\n\
                {\"timestamp\":1763800000000,\"message\":\"json\"}\n=== no time\n";
    let outcome = decode_in(text.as_bytes(), &framing(Some("^===")), 1 << 20);
    assert_eq!(
        outcome.events,
        vec![
            seen(
                T,
                "=== 1\n2025-11-22T08:26:40Z a\n2025-11-22T08:26:41Z b",
                ""
            ),
            seen(T + 2000, "=== 2025-11-22T08:26:42Z", ""),
            seen(T, "json", ""),
        ]
    );
    assert_eq!(outcome.rejects[&RejectReason::NoTimestamp], (1, 6));
}

#[test]
fn line_ends_and_odd_bytes() {
    let outcome = decode(b"2025-11-22T08:26:40Z\ta\r\n  b\r\n\r\n{\"timestamp\":1763800000000,\"message\":\"c\"}\r\n2025-11-22T08:26:40Z\td\xFF\xFE\0e");
    assert_eq!(outcome.events.len(), 3);
    assert_eq!(outcome.texts()[0], "2025-11-22T08:26:40Z\ta\r\n  b");
    assert_eq!(outcome.texts()[1], "c");
    assert_eq!(
        outcome.texts()[2],
        "2025-11-22T08:26:40Z\td\u{FFFD}\u{FFFD}\0e"
    );
    assert_eq!(outcome.rejected(), 0);
}

#[test]
fn events_beyond_the_limit_keep_their_beginning() {
    let long = "x".repeat(TEXT_LIMIT + TEXT_LIMIT / 2);
    let endless = "y".repeat(LINE_LIMIT + LINE_LIMIT / 2);
    let plain = "2025-11-22T08:26:40Z\t";
    let good = "{\"timestamp\":1763800000000,\"message\":\"good\"}\n";
    let traces = format!(
        "{plain}trace\n{}",
        "  at somewhere\n".repeat(LINE_LIMIT / 10)
    );
    for (text, cut) in [
        (
            format!("{{\"timestamp\":1763800000000,\"message\":\"{long}\"}}\n"),
            1,
        ),
        (
            format!("{{\"timestamp\":1763800000000,\"message\":\"{endless}\"}}\n"),
            1,
        ),
        (format!("{plain}{long}\n"), 1),
        (format!("{plain}{endless}\n"), 1),
        (traces, 1),
        (format!("{{\"a\":\"{endless}\"}}\n"), 0),
    ] {
        for target in [64 << 10, 1 << 20] {
            let outcome = decode_in(
                format!("{good}{text}{good}").as_bytes(),
                &framing(None),
                target,
            );
            assert_eq!(outcome.events.len(), 2 + cut, "{}", &text[..40]);
            assert!(outcome.events.iter().all(|e| e.text.len() <= TEXT_LIMIT));
            assert_eq!(outcome.events.last().unwrap().text, "good");
            assert_eq!(
                outcome.rejects[&RejectReason::TooLong].0,
                1,
                "{}",
                &text[..40]
            );
        }
    }
    // A gigantic line without anything in it is one reject, in pieces of bounded size.
    let pieces = chunks(endless.as_bytes(), &framing(None), 1 << 20);
    assert!(pieces.iter().all(|chunk| chunk.bytes.len() <= LINE_LIMIT));
    assert_eq!(decode(endless).rejected(), 1);
}

#[test]
fn a_batch_reaches_no_further_than_its_references() {
    let big = format!(
        "{{\"timestamp\":1763800000000,\"message\":\"{}\"}}\n",
        "z".repeat(900_000)
    );
    let outcome = decode_in(big.repeat(12).as_bytes(), &framing(None), 12 << 20);
    assert_eq!(outcome.events.len(), 12);
    let page = format!(
        "{{\"events\":[\n{}]}}\n",
        big.repeat(12).replace("}\n", "},\n")
    );
    let outcome = decode_in(page.as_bytes(), &framing(None), 12 << 20);
    assert_eq!(outcome.events.len(), 12);
}

#[test]
fn a_compact_page_of_any_size_is_read_in_pieces() {
    let event = r#"{"timestamp":1763800000000,"message":"one of many","logStreamName":"s"}"#;
    let many = vec![event; 100_000].join(",");
    let text = format!("{{\"events\":[{many}],\"nextToken\":\"x\"}}");
    assert!(text.len() > LINE_LIMIT);
    let outcome = decode(&text);
    assert_eq!((outcome.events.len(), outcome.rejected()), (100_000, 0));
    assert!(chunks(text.as_bytes(), &framing(None), 1 << 16).len() > 10);
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z \\\\\"é]{0,40}".prop_map(|m| {
            format!("{{\"timestamp\":1763800000000,\"logStreamName\":\"s\",\"message\":{}}}", serde_json::Value::String(m))
        }),
        3 => "[a-zA-Z {}\"]{0,40}".prop_map(|m| format!("2025-11-22 08:26:40,123 {m}")),
        1 => "[a-z]{0,9}".prop_map(|m| format!("2025-11-22T08:26:40.123Z {m}")),
        2 => "[a-z {}]{0,20}".prop_map(|m| format!("  at {m}")),
        1 => Just(String::new()),
        1 => Just("{".to_owned()),
        1 => Just("}".to_owned()),
        1 => Just("{\"a\": 1}".to_owned()),
        1 => Just("{\"timestamp\":1763800000000,\"mess".to_owned()),
        1 => Just("{\"time\":\"2025-11-22T08:26:40Z\",\"d\":{\"e\":[1,2]}}".to_owned()),
        1 => Just("{\"events\":[{\"timestamp\":1763800000000,\"message\":\"in a page\"}]}".to_owned()),
        1 => Just("{\n \"logStream\":\"p\",\n \"logEvents\": [\n {\n \"timestamp\":1763800000000,\n \"message\":\"in a tall page\"\n},\n{\"timestamp\":1763800000001,\"message\":\"x\"}\n]\n}".to_owned()),
        1 => "[\u{0}-\u{7f}]{0,30}".prop_map(|m| m),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn where_the_input_is_cut_changes_nothing(
        lines in proptest::collection::vec(line(), 0..40),
        end in prop_oneof![Just("\n"), Just("\r\n")],
        last in any::<bool>(),
        target in prop_oneof![Just(64_usize), Just(100), Just(257), Just(1024), Just(4096)],
        pattern in prop_oneof![3 => Just(None), 1 => Just(Some("^2025"))],
    ) {
        let mut text = lines.join(end);
        if last {
            text.push_str(end);
        }
        let framing = framing(pattern);
        let whole = decode_in(text.as_bytes(), &framing, 4 << 20);
        let parts = decode_in(text.as_bytes(), &framing, target);
        prop_assert_eq!(&whole.events, &parts.events);
        prop_assert_eq!(&whole.rejects, &parts.rejects);
        prop_assert_eq!(whole.continued, parts.continued);
    }

    #[test]
    fn every_line_is_accounted_for(
        lines in proptest::collection::vec("[a-z{\" ]{0,3}(2025-11-22 08:26:40|\\{\"timestamp\":1763800000000,\"message\":\"m\"\\}|\\{\\}| at)?[a-z ]{0,5}", 0..60),
    ) {
        let outcome = decode(lines.join("\n"));
        let count = lines.join("\n").lines().count() as u64;
        prop_assert_eq!(outcome.events.len() as u64 + outcome.rejected() + outcome.continued, count);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..2000), target in 64_usize..512) {
        decode_in(&bytes, &framing(None), target);
    }
}
