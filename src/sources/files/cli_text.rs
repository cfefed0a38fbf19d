//! Log events as the AWS CLI prints them with `--output text`: columns between tabs, a message with
//! its line ends and tabs as they are, and the time behind it.

use crate::domain::time::Timestamp;

const MARK: &[u8] = b"EVENTS\t";

/// Where a log event's parts are, in its own bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parts {
    /// When it happened.
    pub time: Timestamp,
    /// Where the message begins and ends.
    pub message: (usize, usize),
    /// Where the name of the log stream begins and ends.
    pub stream: (usize, usize),
}

/// Whether these are the first lines of such output: the tokens of a page may come before.
pub fn is_export(lines: &[&[u8]]) -> bool {
    lines.iter().take(2).any(|line| {
        let digit = line.get(MARK.len()).is_some_and(u8::is_ascii_digit);
        begins(line) && digit && memchr::memchr_iter(b'\t', line).count() > 2
    })
}

/// Whether a record begins at a line.
pub fn begins(line: &[u8]) -> bool {
    line.starts_with(MARK) || line.starts_with(b"SEARCHEDLOGSTREAMS\t")
}

/// The parts of a whole record; `None` if it is none.
pub fn parts(record: &[u8]) -> Option<Parts> {
    let rest = record.strip_prefix(MARK)?;
    let last = memchr::memrchr(b'\t', record).filter(|last| *last > MARK.len())?;
    let digits = record[last + 1..].trim_ascii();
    if digits.len() != 13 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let millis = digits
        .iter()
        .fold(0_i64, |n, b| n * 10 + i64::from(b - b'0'));
    let tabs: Vec<usize> = memchr::memchr_iter(b'\t', rest)
        .take(3)
        .map(|tab| tab + MARK.len())
        .collect();
    // An event's ID, where there is one, is longer than any time.
    let (stream, begin) = match (tabs.first()?, tabs.get(1), tabs.get(2)) {
        (first, Some(second), Some(third)) if first - MARK.len() > 19 => {
            ((second + 1, *third), third + 1)
        }
        (first, ..) => ((0, 0), first + 1),
    };
    (begin <= last).then_some(Parts {
        time: Timestamp(millis),
        message: (begin, last),
        stream,
    })
}
