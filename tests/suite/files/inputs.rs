//! Compression, encodings, and input that breaks off.

use std::io::Write;

use lastseen::domain::feed::{End, FaultKind, RejectReason};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::files::order::Order;

use super::support::{Folder, assert_readable, read, seen};

const T: i64 = 1_763_800_000_000;

fn lines(count: i64) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for i in 0..count {
        let _ = match i % 3 {
            0 => writeln!(
                text,
                r#"{{"timestamp":{},"logStreamName":"s{}","message":"{{\"n\":{i}}}"}}"#,
                T + i,
                i % 5
            ),
            1 => writeln!(
                text,
                r#"{{"timestamp":{},"logStreamName":"s{}","message":"plain {i}"}}"#,
                T + i,
                i % 5
            ),
            _ => writeln!(text, "{} text {i}\n  at a stack\n", T + i),
        };
    }
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn packed_and_encoded_files_give_the_same_events() {
    let folder = Folder::new();
    let text = lines(3_000);
    let (first, second) = text.split_at(text.len() / 2);
    let wide = |big: bool| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units
            .flat_map(|unit: u16| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    folder.write("plain.log", &text);
    folder.write("a.gz", gzip(text.as_bytes()));
    folder.write(
        "members.gz",
        [gzip(first.as_bytes()), gzip(second.as_bytes())].concat(),
    );
    folder.write("a.zst", zstd::encode_all(text.as_bytes(), 1).unwrap());
    folder.write("marked.log", [b"\xEF\xBB\xBF", text.as_bytes()].concat());
    folder.write("little.log", wide(false));
    folder.write("big.log", wide(true));
    folder.write("no-end.log", text.trim_end());
    folder.write("windows.log", text.replace('\n', "\r\n"));
    let (report, feed) = read(&[folder.plan(".")]);
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let plain = report.of("plain.log");
    assert_eq!((plain.events.len(), plain.rejected()), (3_000, 0));
    for (_, source) in &report.sources {
        assert_eq!(report.end(&source.name), End::WholeInput, "{}", source.name);
        let mut outcome = report.of(&source.name);
        for event in &mut outcome.events {
            event.text = event.text.replace("\r\n", "\n");
        }
        assert!(outcome.events == plain.events, "{} differs", source.name);
        assert_eq!(outcome.rejected(), 0);
    }
    assert_readable(&report, &feed);
}

#[test]
fn a_truncated_archive_keeps_what_came_before() {
    let folder = Folder::new();
    let text = lines(9_000);
    let whole = gzip(text.as_bytes());
    folder.write("cut.gz", &whole[..whole.len() / 2]);
    let packed = zstd::encode_all(text.as_bytes(), 1).unwrap();
    folder.write("cut.zst", &packed[..packed.len() / 2]);
    let mut corrupt = whole.clone();
    let middle = corrupt.len() / 2;
    corrupt[middle..middle + 64].fill(0xA5);
    folder.write("corrupt.gz", corrupt);
    let (report, _) = read(&[folder.plan(".")]);
    for name in ["cut.gz", "cut.zst", "corrupt.gz"] {
        let events = report.of(name).events;
        assert!(
            events.len() > 1_000 && events.len() < 9_000,
            "{name}: {}",
            events.len()
        );
        let last = events.iter().map(|event| event.time).max().unwrap();
        // What was unpacked of the corrupt one holds a time that is wrong: it tells nothing.
        let claimed = (name != "corrupt.gz").then_some(Timestamp(last - 1));
        assert_eq!(report.end(name), End::UpTo(claimed), "{name}");
        let (kind, message, remedy) = report.fault(name);
        assert_eq!(kind, FaultKind::Partial);
        assert!(
            message.contains("breaks off") && !remedy.is_empty(),
            "{message}"
        );
    }
}

#[test]
fn a_broken_file_claims_a_time_only_if_its_events_are_in_order() {
    let folder = Folder::new();
    let line = |time: i64| format!("{{\"timestamp\":{time},\"message\":\"a\"}}\n");
    let cut = "{\"timestamp\":";
    let ordered: String = [T, T + 5, T + 5].map(line).concat();
    folder.write("ordered.log", format!("{ordered}{cut}"));
    folder.write("mixed.log", format!("{ordered}{}{cut}", line(T + 4)));
    folder.write("nothing.log", cut);
    let (report, _) = read(&[folder.plan(".")]);
    let claimed = End::UpTo(Some(Timestamp(T + 4)));
    assert_eq!(report.end("ordered.log"), claimed);
    assert_eq!(report.end("mixed.log"), End::UpTo(None));
    assert_eq!(report.end("nothing.log"), End::UpTo(None));
}

#[test]
fn chunks_are_put_in_order_before_their_times_are_compared() {
    let span = |from, to| Some(Span::new(Timestamp(from), Timestamp(to)));
    let table = [
        (vec![(1, span(1, 5)), (2, None), (3, span(5, 9))], Some(8)),
        (vec![(3, span(5, 9)), (1, span(1, 5)), (2, None)], Some(8)),
        (vec![(2, span(1, 5)), (1, span(5, 9))], None),
        (vec![(1, None)], None),
    ];
    for (chunks, expected) in table {
        let mut order = Order::default();
        for (number, span) in chunks {
            order.add(number, span, true);
        }
        assert_eq!(order.complete_to(), expected.map(Timestamp));
        order.add(4, None, false);
        assert_eq!(order.complete_to(), None);
    }
}

#[test]
fn a_truncated_page_is_not_whole() {
    let folder = Folder::new();
    folder.write(
        "page.json",
        "{\n \"events\": [\n {\"timestamp\":1763800000000,\"message\":\"a\"},\n {\"timestamp\":17",
    );
    let (report, _) = read(&[folder.plan("page.json")]);
    assert_eq!(report.of("page.json").texts(), ["a"]);
    assert_eq!(report.of("page.json").rejects[&RejectReason::BadJson].0, 1);
    assert_eq!(report.end("page.json"), End::UpTo(Some(Timestamp(T - 1))));
    assert_eq!(report.fault("page.json").0, FaultKind::Partial);
}

#[test]
fn a_file_cut_in_its_last_line_is_not_whole() {
    let folder = Folder::new();
    let line = "{\"timestamp\":1763800000000,\"message\":\"a\"}";
    folder.write("cut.log", format!("{line}\n{}", &line[..30]));
    folder.write("behind.log", format!("{line} {}", &line[..30]));
    folder.write("complete.log", format!("{line}\n{line}"));
    folder.write("bad.log", format!("{line}\n{}\n", &line[..30]));
    let (report, _) = read(&[folder.plan(".")]);
    for name in ["cut.log", "behind.log"] {
        assert_eq!(report.of(name).texts(), ["a"], "{name}");
        assert_eq!(report.of(name).rejects[&RejectReason::BadJson].0, 1);
        assert!(matches!(report.end(name), End::UpTo(_)), "{name}");
        let (kind, message, remedy) = report.fault(name);
        assert_eq!(kind, FaultKind::Partial);
        assert_eq!(message, format!("{name} breaks off in its last line"));
        assert!(remedy.contains("again"));
    }
    assert_eq!(report.end("complete.log"), End::WholeInput);
    assert_eq!(report.end("bad.log"), End::WholeInput);
    assert_eq!(report.faults.len(), 2);
}

#[test]
fn an_array_that_is_no_json_from_some_place_on_is_not_whole() {
    let folder = Folder::new();
    let good = r#"{"timestamp":1763800000000,"message":"a"}"#;
    folder.write("page.json", format!("{{\"events\":[{good} : {good}]}}"));
    let (report, _) = read(&[folder.plan(".")]);
    assert_eq!(report.of("page.json").texts(), ["a"]);
    assert_eq!(report.of("page.json").rejects[&RejectReason::BadJson].0, 1);
    assert_eq!(report.end("page.json"), End::UpTo(None));
    assert_eq!(report.fault("page.json").0, FaultKind::Partial);
}

#[test]
fn files_that_are_not_logs() {
    let folder = Folder::new();
    folder.write("empty.log", "");
    folder.write("program", b"\x7FELF\0\0\0\0\x01\0\n\0\0");
    folder.write("packed.xz", b"\xFD7zXZ\0\0\x04");
    folder.write("nul.log", b"2025-11-22T08:26:40Z\ta\0b\n");
    let (report, _) = read(&[folder.plan(".")]);
    assert_eq!(report.end("empty.log"), End::WholeInput);
    assert_eq!(
        report.of("nul.log").events,
        vec![seen(T, "2025-11-22T08:26:40Z\ta\0b", "")]
    );
    for (name, word) in [("program", "binary data"), ("packed.xz", "xz")] {
        let (kind, message, remedy) = report.fault(name);
        assert_eq!(kind, FaultKind::Failed);
        assert!(message.contains(word) && !remedy.is_empty());
        assert_eq!(report.end(name), End::Nothing);
        assert_eq!(report.of(name).rejects[&RejectReason::Binary].0, 1);
    }
    assert_eq!(report.faults.len(), 2);
}

#[test]
fn a_changed_file_is_noticed() {
    let folder = Folder::new();
    let text = lines(300);
    for name in [
        "shrunk.log",
        "rewritten.log",
        "replaced.log",
        "gone.log",
        "grown.log",
    ] {
        folder.write(name, &text);
    }
    let (report, feed) = read(&[folder.plan(".")]);
    folder.write("shrunk.log", &text[..1000]);
    folder.write("rewritten.log", text.replace("s0", "t0"));
    folder.append("grown.log", "more\n");
    std::fs::remove_file(folder.path().join("gone.log")).unwrap();
    folder.write("other", &text);
    std::fs::rename(
        folder.path().join("other"),
        folder.path().join("replaced.log"),
    )
    .unwrap();
    for (name, word) in [
        ("shrunk.log", "shrunk"),
        ("rewritten.log", "rewritten"),
        ("replaced.log", "replaced"),
        ("gone.log", "No such file"),
        ("grown.log", ""),
    ] {
        let id = report.id(name);
        let position = report.sources.iter().position(|(i, _)| *i == id).unwrap();
        let wanted = &report.outcome[&report.sources[position].0].events[0];
        // Origins are numbered in the order files were begun, which is not fixed.
        let mut errors = 0;
        for (reference, seen) in &report.references {
            if seen != wanted {
                continue;
            }
            if let Err(error) = feed.texts.read(*reference) {
                errors += usize::from(error.to_string().contains(word));
            }
        }
        assert_eq!(
            errors > 0,
            !word.is_empty() || name == "grown.log",
            "{name}"
        );
    }
}
