//! Pages against a list that is filtered as a whole: filters in and out, lines around, searches.

use lastseen::domain::event::{OriginId, SourceId, TextRef};
use lastseen::domain::log::LogKey;
use lastseen::domain::log::needle::{LogTerm, Needle};
use lastseen::domain::log::view::{LogQuery, LogRow, LogScope};
use lastseen::domain::signals::view::Severity;
use lastseen::domain::time::Timestamp;
use lastseen::sources::texts::RawEvent;
use proptest::prelude::*;

use crate::support::fake_log::FakeLog;

pub(super) fn key(time: i64, source: u32, offset: u64) -> LogKey {
    LogKey {
        time: Timestamp(time),
        source: SourceId(source),
        raw: TextRef {
            origin: OriginId(source),
            offset,
        },
    }
}

pub(super) fn event(text: &str) -> RawEvent {
    RawEvent {
        raw: text.as_bytes().to_vec(),
        text: text.as_bytes().to_vec(),
    }
}

fn term(out: bool, typed: &str) -> LogTerm {
    LogTerm {
        out,
        needle: Needle::parse(typed).unwrap(),
    }
}

fn query(filter: Vec<LogTerm>, context: usize) -> LogQuery {
    LogQuery {
        cut: LogKey::FIRST,
        before: 0,
        after: 10,
        scope: LogScope::All,
        filter: filter.into(),
        context,
        find: None,
        places: false,
    }
}

/// Every line, page by page.
fn walk(log: &FakeLog, query: &LogQuery, backward: bool, most: usize) -> Vec<LogRow> {
    let mut all = Vec::new();
    let mut cut = Some(query.cut);
    let mut turns = 0;
    while let Some(from) = cut {
        turns += 1;
        assert!(turns < 2_000, "the pages never end");
        let (before, after) = if backward { (most, 0) } else { (0, most) };
        let asked = LogQuery {
            cut: from,
            before,
            after,
            ..query.clone()
        };
        let page = log.page(&asked);
        // A match brings the lines before it with it.
        assert!(page.rows.len() <= most + query.context);
        if backward {
            all.splice(0..0, page.rows);
            cut = page.up;
        } else {
            all.extend(page.rows);
            cut = page.down;
        }
    }
    all
}

const WORDS: [&str; 6] = [
    "alpha",
    "beta",
    "gamma",
    "Alpha beta",
    "ERROR beta",
    "delta",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn pages_are_the_parts_of_what_the_filter_keeps(
        lines in prop::collection::vec((0_i64..40, 0_u32..3, 0_usize..6), 1..80),
        keep in prop::option::of(0_usize..3),
        drop in prop::option::of(0_usize..3),
        find in prop::option::of(0_usize..3),
        context in 0_usize..4,
        most in 1_usize..9,
        start in 0_i64..40,
    ) {
        let mut log = FakeLog::default();
        let mut all = Vec::new();
        for (number, (time, source, word)) in lines.into_iter().enumerate() {
            let key = key(time, source, number as u64 * 10);
            log.push(key, "", Some(event(WORDS[word])), None);
            all.push((key, WORDS[word]));
        }
        all.sort_unstable();
        let mut filter = Vec::new();
        filter.extend(keep.map(|word| term(false, WORDS[word])));
        filter.extend(drop.map(|word| term(true, WORDS[word])));
        let find = find.map(|word| Needle::parse(WORDS[word]).unwrap());
        let has = |text: &str, word: Option<usize>| {
            word.map(|w| text.to_lowercase().contains(WORDS[w]))
        };
        let kept: Vec<bool> = all
            .iter()
            .map(|(_, text)| has(text, keep).unwrap_or(true) && !has(text, drop).unwrap_or(false))
            .collect();
        let around = if filter.is_empty() { 0 } else { context };
        let wanted: Vec<(LogKey, bool)> = (0..all.len())
            .filter(|at| {
                let near = at.saturating_sub(around)..(at + around + 1).min(all.len());
                kept[near].contains(&true)
                    && find.as_ref().is_none_or(|f| f.takes(all[*at].1.as_bytes()))
            })
            .map(|at| (all[at].0, !kept[at]))
            .collect();
        let cut = LogKey::at(Timestamp(start));
        let split = wanted.partition_point(|(key, _)| *key < cut);
        let query = LogQuery { cut, find, ..query(filter, context) };
        let told = |rows: Vec<LogRow>| rows.iter().map(|r| (r.key, r.context)).collect::<Vec<_>>();
        prop_assert_eq!(told(walk(&log, &query, false, most)), &wanted[split..]);
        prop_assert_eq!(told(walk(&log, &query, true, most)), &wanted[..split]);
    }
}

#[test]
fn a_search_through_many_lines_answers_in_parts_and_says_where_it_is() {
    let mut log = FakeLog::default();
    for i in 0..20_000 {
        let text = if i == 19_990 { "the needle" } else { "hay" };
        log.push(key(i, 0, i as u64), "", Some(event(text)), None);
    }
    let mut asked = LogQuery {
        after: 1,
        find: Some(Needle::parse("needle").unwrap()),
        ..query(Vec::new(), 0)
    };
    let mut parts = 0;
    let found = loop {
        let page = log.page(&asked);
        parts += 1;
        if let Some(row) = page.rows.first() {
            break row.key;
        }
        let cut = page.down.expect("there is more");
        assert!(cut > asked.cut, "every part gets further");
        asked.cut = cut;
    };
    assert_eq!((found, parts), (key(19_990, 0, 19_990), 3));
}

#[test]
fn lines_that_are_gone_say_so_and_do_not_stop_the_rest() {
    let mut log = FakeLog::default();
    for i in 0..6 {
        let text = (i % 2 == 0).then(|| event(&format!("line {i}")));
        log.push(key(i, 0, i as u64), "", text, None);
    }
    log.lose(key(4, 0, 4).raw);
    let all = log.page(&query(Vec::new(), 0));
    let failed = all.rows.iter().filter(|row| row.text.is_err()).count();
    assert_eq!((all.rows.len(), failed, all.unread), (6, 4, 0));
    let kept = log.page(&query(vec![term(false, "line")], 0));
    assert_eq!((kept.rows.len(), kept.unread), (2, 4));
}

#[test]
fn patterns_levels_and_sizes() {
    let mut log = FakeLog::default();
    let huge = format!("start {} end", "x".repeat(1 << 20));
    for (i, text) in [
        "level=error a",
        r#"{"level":"WARN","m":"b 12"}"#,
        "c 345",
        &huge,
    ]
    .iter()
    .enumerate()
    {
        log.push(key(i as i64, 0, i as u64 * 7), "", Some(event(text)), None);
    }
    let rows = log.page(&query(Vec::new(), 0)).rows;
    let severities: Vec<_> = rows.iter().map(|row| row.severity).collect();
    let wanted = [Some(Severity::Error), Some(Severity::Warning), None, None];
    assert_eq!(severities, wanted);
    assert_eq!(
        rows[3].text.as_ref().unwrap().len() + rows[3].more,
        huge.len()
    );
    assert!(rows[3].text.as_ref().unwrap().len() <= 4096);
    let matching = |typed: &str| log.page(&query(vec![term(false, typed)], 0)).rows.len();
    assert_eq!(matching(r"/\d{3}/"), 1);
    assert_eq!(
        matching("END"),
        1,
        "what is not shown is searched all the same"
    );
    assert_eq!(matching("."), 0, "a text is no pattern");
    let wrong = Needle::parse("/(/").unwrap_err();
    assert!(!wrong.message.is_empty());
}
