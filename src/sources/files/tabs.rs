//! Whether an input is what the AWS CLI prints of messages alone (`--query 'events[].message' --output
//! text`): the tab between two stands before the first line of the second, since each ends in a line
//! end of its own.
//!
//! It only looks; [`super::frame`] leaves the tabs out.

use super::calendar::Assumed;
use super::frame::{Begins, Framing};
use super::sink::Sink;
use super::stamp::Stamps;

/// Whether a tab stands before nearly every line with a time. Below other such lines it only sets off what
/// belongs to them.
pub fn are_between(lines: &[&[u8]], assumed: &Assumed) -> bool {
    let framing = Framing {
        assumed: assumed.clone(),
        ..Framing::default()
    };
    let mut stamps = Stamps::new(assumed.clone());
    let mut sink = Sink::default();
    let mut begins = |line: &[u8]| framing.begins(line, &mut stamps, &mut sink) != Begins::Nothing;
    let (mut behind_tabs, mut others) = (0, 0);
    for line in lines {
        match line.strip_prefix(b"\t") {
            Some(rest) => behind_tabs += usize::from(begins(rest)),
            None => others += usize::from(begins(line)),
        }
    }
    behind_tabs >= 2 && others * 10 <= behind_tabs
}
