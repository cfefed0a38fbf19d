//! A probe's straight program and the regular expression it stands for find the same.

use lastseen::domain::pattern::Pattern;
use lastseen::domain::probe::Probe;
use proptest::prelude::*;

/// Patterns as people write them for logs: some run straight, some do not.
const PATTERNS: &[&str] = &[
    r"job=(?<id>[0-9a-f-]{36})",
    r"job=(?<id>[0-9a-f-]+)",
    r"job=(?<id>\S+)",
    r"job=(?<id>\w+) host",
    r"picked up (?<id>[a-z0-9]+) by",
    r"(?<id>\d+): ok",
    r"id: (?<id>[^,]*), b",
    r#"id="(?<id>[^"]+)""#,
    r"a(?<id>[a-c]{2,4})d",
    r"x(?<id>[a-c]*)c",
    r"done|failed (?<id>\d+)",
    r"^job (?<id>\d+)$",
    r"(?i)job=(?<id>\d+)",
    r"é=(?<id>[é-ü]+)",
    r"a.b(?<id>.)",
];

/// Texts made of the pieces that those patterns are about.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        Just(&b"job="[..]),
        Just(&b"JOB="[..]),
        Just(&b"job "[..]),
        Just(&b"picked up "[..]),
        Just(&b" by"[..]),
        Just(&b" host"[..]),
        Just(&b"id: "[..]),
        Just(&b"id=\""[..]),
        Just(&b"\""[..]),
        Just(&b", b"[..]),
        Just(&b": ok"[..]),
        Just(&b"xabc"[..]),
        Just(&b"aabcd"[..]),
        Just("é=éü".as_bytes()),
        Just("٣".as_bytes()),
        Just(&b"\xff"[..]),
        Just(&b"0123-abcdef"[..]),
        Just(&b"9b2f7c1e-3d54-4a86-8f10-2c6be8a1d773"[..]),
        Just(&b"done"[..]),
        Just(&b"failed 7"[..]),
        Just(&b" "[..]),
        Just(&b"\n"[..]),
    ];
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_probe_finds_what_its_pattern_finds(text in text(), which in 0..PATTERNS.len(), from in 0usize..8) {
        let pattern = Pattern::new(PATTERNS[which]).unwrap();
        let probe = Probe::new(&pattern, &["id"]);
        let from = from.min(text.len());
        let found = probe.find(&text, from, &mut probe.room());
        let mut wanted = pattern.regex().capture_locations();
        let whole = pattern.regex().captures_read_at(&mut wanted, &text, from);
        let group = pattern.regex().capture_names().position(|n| n == Some("id")).unwrap();
        prop_assert_eq!(found.map(|hit| hit.end), whole.map(|m| m.end()));
        prop_assert_eq!(found.and_then(|hit| hit.groups[0]), whole.and_then(|_| wanted.get(group)));
    }
}
