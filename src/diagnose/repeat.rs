//! Detector 10: messages that went through twice, in a stretch of time or of one kind.
//!
//! A few repeats are how queues work (at least once) and are not told; repeats that come together
//! are: somebody ran something again.

use super::access::Access;
use super::finding::{Finding, FindingKind, Onset};
use super::onset::{Step, stretch};
use super::sample;
use super::sentence::Sentence;
use super::statistics::share;
use crate::domain::sheet::{Case, Sheet};
use crate::domain::show::{count, count_of};
use crate::domain::time::Span;
use crate::domain::verdict::{Flags, Verdict};

/// Fewer repeats than this are nothing.
const FEWEST: u64 = 5;
/// Repeats all through the window are told only where they are so large a share.
const MANY: f64 = 0.05;

/// The finding of one environment.
#[must_use]
pub fn find(sheet: &Sheet, access: Access<'_>) -> Option<Finding> {
    let twice = |case: &Case| case.flags.has(Flags::DUPLICATE);
    let mut steps: Vec<Step> = Vec::new();
    for case in &sheet.cases {
        let weight = match case.verdict {
            Verdict::Lost => sheet.lost_weight,
            _ => sheet.kept_weight,
        };
        steps.push((case.first, twice(case), weight));
    }
    steps.sort_by_key(|(time, repeated, _)| (*time, *repeated));
    let stretch = stretch(&steps);
    let repeated: Vec<u32> = (0..sheet.cases.len() as u32)
        .filter(|index| twice(&sheet.cases[*index as usize]))
        .collect();
    let of = steps.iter().map(|s| s.2).sum::<f64>().round() as u64;
    let weight = steps.iter().filter(|s| s.1).map(|s| s.2).sum::<f64>();
    let number = weight.round() as u64;
    if number < FEWEST || (stretch.is_none() && share(number, of) < MANY) {
        return None;
    }
    let times = repeated
        .iter()
        .map(|index| sheet.cases[*index as usize].first);
    let span = Span::new(times.clone().min()?, times.max()?);
    let (messages, lines) = sample::of(sheet, &repeated, access);
    let how = stretch.map_or_else(String::new, |s| {
        format!(
            ", {:.1} % of those that came in one stretch of time and {:.2} % of the others",
            s.inside * 100.0,
            s.outside * 100.0
        )
    });
    Some(Finding {
        kind: FindingKind::Repeat,
        title: Sentence::from(format!(
            "{}: {} went through twice, of {}{how}",
            sheet.env,
            count_of(number, "message"),
            count(of)
        )),
        env: Some(sheet.env.clone()),
        pipeline: Some(sheet.pipeline.clone()),
        edge: None,
        lost: 0,
        of: number,
        span: Some(span),
        onset: stretch.and_then(Onset::of),
        attributes: Vec::new(),
        evidence: vec![
            "done twice: a run again by hand, a redelivery after a restart, or a retry without a check".into(),
        ],
        concerned: Some(sample::chosen(sheet, "went through twice", &repeated)),
        messages,
        lines,
    })
}
