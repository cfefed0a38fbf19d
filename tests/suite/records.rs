//! Where the records of a list stand within a text, whoever wrote it.

use lastseen::domain::fields::Place;
use lastseen::domain::records::Records;

/// The record of each digit of a text.
fn records(text: &str) -> Vec<Option<usize>> {
    let mut records = Records::default();
    records.find(text.as_bytes(), Place::Original, 0);
    let digits = text.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit());
    let found = digits.map(|(at, _)| records.at(Place::Original, at));
    found.collect()
}

#[test]
fn each_object_of_a_list_is_a_record() {
    let two = [None, Some(0), Some(0), Some(1), None];
    let text = r#"x 1 {"Records": [{"a": 2, "b": {"c": [3]}}, {"a": 4}], "d": 5}"#;
    assert_eq!(records(text), two);
    let text = r"x 1 {'Records': [{'a': 'it is [2', 'b': 3}, {'a': '}4'}], 'd': 5}";
    assert_eq!(records(text), two);
    let text = r#"{"m": "1 [\n  {\"a\": 2, \"b\": 3},\n {\"a\": 4}] 5"}"#;
    assert_eq!(records(text), two);
    let text = r"1 {Records=[{messageId: 2,3}, {messageId: 4}]} 5";
    assert_eq!(records(text), two);
}

#[test]
fn the_outermost_list_of_several_counts() {
    let text = r#"[{"items": [{"a": 1}, {"a": 2}]}]"#;
    assert_eq!(records(text), [Some(0), Some(1)]);
    let text = r#"[{"items": [{"a": 1}, {"a": 2}]}, {"items": [{"a": 3}]}]"#;
    assert_eq!(records(text), [Some(0), Some(0), Some(1)]);
}

#[test]
fn what_is_cut_ends_with_the_text() {
    let text = r#"[{"a": 1}, {"a": 2, "b": "3"#;
    assert_eq!(records(text), [Some(0), Some(1), Some(1)]);
}

#[test]
fn other_lists_hold_no_records() {
    assert_eq!(records(r#"[{"a": 1}]"#), [None]);
    assert_eq!(records("[{1}, 2, {3}]"), [None, None, None]);
    assert_eq!(records("[1], [{2} {3})"), [None, None, None]);
    assert_eq!(records(&"[{1".repeat(500)), vec![None; 500]);
}
