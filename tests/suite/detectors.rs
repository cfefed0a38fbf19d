//! Each detector says what it is for where that is so, and nothing where it is not: the negative control
//! beside the finding.

mod baseline;
mod causes;
mod incident;
mod log_spans;
mod order;
mod when;

use lastseen::diagnose::finding::{Finding, FindingKind};
use lastseen::domain::view::Overview;

use crate::support::sheets::{Message, SECOND, findings, sheet};

const STAGES: [&str; 3] = ["queue", "engine", "processor"];
const QUEUE: usize = 0;
const ENGINE: usize = 1;

/// When it begins, in messages: one comes each second.
const ONSET: i64 = 600;
/// How many there are.
const ALL: i64 = 1_200;

/// The findings over one environment, one message a second.
fn found(message: impl Fn(i64, Message) -> Message) -> Vec<Finding> {
    let messages = (0..ALL).map(|index| message(index, Message::at(index * SECOND)));
    let messages: Vec<Message> = messages.collect();
    findings(&Overview::default(), &[sheet("qa", &STAGES, &messages)])
}

fn kinds(findings: &[Finding]) -> Vec<FindingKind> {
    findings.iter().map(|f| f.kind).collect()
}

fn one_of(index: i64, values: &'static [&'static str]) -> &'static str {
    values[(index % values.len() as i64) as usize]
}
