//! Tables with a header, and what cells cannot do.

use std::sync::Arc;

use lastseen::domain::feed::RejectReason;
use lastseen::domain::time::Timestamp;
use lastseen::sources::files::calendar::Assumed;
use lastseen::sources::files::frame::Framing;
use lastseen::sources::files::learn_table;

use super::support::{Folder, Outcome, assert_readable, decode_in, read};

fn read_table(text: &str) -> (Outcome, Vec<String>) {
    let folder = Folder::new();
    folder.write("a.csv", text);
    let (report, feed) = read(&[folder.plan("a.csv")]);
    if !report.references.is_empty() {
        assert_readable(&report, &feed);
    }
    (report.of("a.csv"), report.notes)
}

#[test]
fn rows_are_events_with_the_names_of_the_header() {
    let table: &[(&str, &str, &str, &str)] = &[
        (
            "case_id,activity,timestamp\no-1,receive,2024-05-16 09:26:05\n",
            "2024-05-16T09:26:05.000Z",
            r#"{"case_id":"o-1","activity":"receive","timestamp":"2024-05-16 09:26:05"}"#,
            "",
        ),
        (
            "case:concept:name,concept:name,time:timestamp\r\no-1,receive,2024-05-16T09:26:05.5+02:00\r\n",
            "2024-05-16T07:26:05.500Z",
            r#"{"case:concept:name":"o-1","concept:name":"receive","time:timestamp":"2024-05-16T09:26:05.5+02:00"}"#,
            "",
        ),
        (
            "\u{FEFF}Case ID;Activity;Complete Timestamp\no-1;\"ship; pack\";16.05.2024 09:26:05\n",
            "2024-05-16T09:26:05.000Z",
            r#"{"Case ID":"o-1","Activity":"ship; pack","Complete Timestamp":"16.05.2024 09:26:05"}"#,
            "",
        ),
        (
            "case\tactivity\tat\no-1\tship\t5/16/2024 9:26 PM\n",
            "2024-05-16T21:26:00.000Z",
            r#"{"case":"o-1","activity":"ship","at":"5/16/2024 9:26 PM"}"#,
            "",
        ),
        (
            ",order,start,end\n0,o-1,2024-05-16 09:00:00,2024-05-16 09:30:00\n",
            "2024-05-16T09:00:00.000Z",
            r#"{"row":"0","order":"o-1","start":"2024-05-16 09:00:00","end":"2024-05-16 09:30:00"}"#,
            "`start` was taken as the time, not `end`",
        ),
        (
            "id,note,ts\n7,\"say \"\"hi\"\"\n\\ and\tgo\",1715851565123\n",
            "2024-05-16T09:26:05.123Z",
            r#"{"id":"7","note":"say \"hi\"\n\\ and\tgo","ts":"1715851565123"}"#,
            "",
        ),
        (
            "id,id,ts\n7,8,1715851565\n",
            "2024-05-16T09:26:05.000Z",
            r#"{"id":"7","id_2":"8","ts":"1715851565"}"#,
            "",
        ),
        // Exports of log events: the message is the text.
        (
            "timestamp,message\n1715851565123,\"{\"\"id\"\":\"\"o-1\"\"}\n\"\n",
            "2024-05-16T09:26:05.123Z",
            "{\"id\":\"o-1\"}\n",
            "",
        ),
        (
            "@timestamp,@message,@logStream\n2024-05-16 09:26:05.123,\"o-1, shipped\",s/a\n",
            "2024-05-16T09:26:05.123Z",
            "o-1, shipped",
            "",
        ),
    ];
    for (text, time, expected, note) in table {
        let (outcome, notes) = read_table(text);
        assert_eq!(outcome.texts(), [*expected], "{text}");
        assert_eq!(Timestamp(outcome.events[0].time).to_rfc3339(), *time);
        assert_eq!(outcome.rejected(), 0, "{text}");
        assert!(notes.join("; ").contains(note), "{notes:?}");
    }
}

#[test]
fn the_stream_of_an_export_is_kept() {
    let (outcome, _) = read_table("@timestamp,@message,@logStream\n2024-05-16 09:26:05,up,s/a\n");
    assert_eq!(outcome.events[0].stream, "s/a");
}

#[test]
fn a_cell_cannot_forge_a_row() {
    let text = "timestamp,message\n\
        1715851565123,\"one\n1715851565124,forged\n{\"\"events\"\":[{\n\"\n\
        1715851565125,two\n";
    let (outcome, _) = read_table(text);
    assert_eq!(
        outcome.texts(),
        ["one\n1715851565124,forged\n{\"events\":[{\n", "two"]
    );
}

#[test]
fn rows_that_are_none_are_counted_and_take_no_others_along() {
    let row = |n| format!("o-{n},ship,2024-05-16 09:26:{n:02}\n");
    let rows: String = (0..40).map(row).collect();
    let mut text = format!("case,activity,timestamp\n{rows}");
    text += "o-40,\"never closed,2024-05-16 09:27:00\n\
        o-41,ship,2024-05-16 09:27:01\n\
        o-42,ship,soon\n\
        case,activity,timestamp\n\
        o-43,ship,2024-05-16 09:27:03,more\n\
        o-44,ship,2024-05-16 09:27:04\n";
    let (outcome, _) = read_table(&text);
    assert_eq!(outcome.events.len(), 42);
    assert_eq!(outcome.rejects[&RejectReason::NotAnEvent], (2, 42));
    assert_eq!(outcome.rejects[&RejectReason::NoTimestamp], (1, 44));
}

#[test]
fn what_only_looks_like_a_table_is_read_as_lines() {
    let table = [
        "starting, please wait\n2024-05-16 09:26:05 up, ready\n2024-05-16 09:26:06 down\n",
        "2024-05-16 09:26:05,one,two\n2024-05-16 09:26:06,one,two\n",
    ];
    for text in table {
        let (outcome, _) = read_table(text);
        assert_eq!(outcome.events.len(), 2, "{text}");
        assert!(outcome.texts()[0].starts_with("2024-05-16"), "{text}");
    }
}

#[test]
fn where_a_table_is_cut_changes_nothing() {
    let text = "id,note,ts\n\
        1,\"two\nlines, and \"\"quotes\"\"\",2024-05-16 09:26:05\n\
        \n\
        2,plain,2024-05-16 09:26:06\r\n\
        3,\"\",2024-05-16 09:26:07\n\
        4,\"open,2024-05-16 09:26:08\n\
        5,last,2024-05-16 09:26:09";
    let assumed = Assumed::default();
    let rows: String = (10..40)
        .map(|n| format!("{n},x,2024-05-16 09:26:{n}\n"))
        .collect::<Vec<_>>()
        .concat();
    let text = text.replacen("id,note,ts\n", &format!("id,note,ts\n{rows}"), 1);
    let (table, _) = learn_table::learn(text.as_bytes(), true, &[], &assumed).unwrap();
    let framing = Framing {
        table: Some(Arc::new(table)),
        ..Framing::default()
    };
    let whole = decode_in(text.as_bytes(), &framing, 1 << 20);
    assert_eq!(whole.events.len(), 34);
    assert_eq!(whole.rejects[&RejectReason::NotAnEvent].0, 1);
    for target in 1..200 {
        let cut = decode_in(text.as_bytes(), &framing, target);
        assert_eq!(cut, whole, "{target}");
    }
}
