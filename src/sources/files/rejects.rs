//! Input that did not become an event: counted by reason, with the first of each to show.

use crate::domain::feed::{Reject, RejectReason};

/// Bytes of a sample.
const SAMPLE: usize = 200;

/// The rejects of one chunk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rejects(pub Vec<Reject>);

impl Rejects {
    /// How many there are for one reason.
    pub fn count(&self, reason: RejectReason) -> u64 {
        let found = self.0.iter().find(|known| known.reason == reason);
        found.map_or(0, |known| known.count)
    }

    /// Counts one at `at` in `bytes`, of which the first line is number `line`.
    pub fn add(&mut self, reason: RejectReason, bytes: &[u8], at: usize, line: u64) {
        if let Some(known) = self.0.iter_mut().find(|known| known.reason == reason) {
            known.count += 1;
            return;
        }
        let before = memchr::memchr_iter(b'\n', &bytes[..at]).count() as u64;
        self.0.push(Reject {
            reason,
            count: 1,
            line: Some(line + before),
            sample: sample(&bytes[at..]),
        });
    }
}

/// The beginning of the line at the beginning of `bytes`.
pub fn sample(bytes: &[u8]) -> String {
    let near = &bytes[..bytes.len().min(SAMPLE)];
    let line = &near[..memchr::memchr(b'\n', near).unwrap_or(near.len())];
    let mut text = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
    while text.len() > SAMPLE {
        text.pop();
    }
    text
}
