//! The two streams of a run, as writers, so that tests can read what was said.

use std::io::Write;

/// Where a run writes to.
pub struct Streams<'a> {
    /// Standard output: data.
    pub out: &'a mut dyn Write,
    /// Standard error: progress, warnings and errors.
    pub err: &'a mut dyn Write,
}
