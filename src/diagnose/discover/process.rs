//! The names that logs for process mining have for their columns: the standard for event streams (XES,
//! IEEE 1849) and what people call the same in tables.
//!
//! Where a column is called so, its values name the messages, whatever they look like: `173688`, `Case 12`.

/// What the column of the case is called, in lower case and without what stands between the words.
const CASES: [&str; 10] = [
    "case",
    "caseid",
    "caseno",
    "casenr",
    "casenumber",
    "casekey",
    "caseref",
    "casename",
    "caseconceptname",
    "caseidentifier",
];
/// The longest of them, with signs between the words.
const LONGEST: usize = 20;

/// Whether a field is called like the case that an event belongs to.
pub(super) fn is_case(path: &str) -> bool {
    if path.len() > LONGEST || !path.starts_with(['c', 'C']) {
        return false;
    }
    let plain = path.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = plain.map(|c| c.to_ascii_lowercase()).collect();
    CASES.contains(&plain.as_str())
}
