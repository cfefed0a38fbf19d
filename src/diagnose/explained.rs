//! When the losses of an edge began that causes explain: as those did.
//!
//! A count of losses knows no beginning of its own. Where what causes them is told with one, the count must
//! not read as if there were none.

use super::finding::{Finding, FindingKind, Onset};
use super::gone_quiet::explains;
use super::sentence::Sentence;

/// So large a part of the losses is explained by causes whose beginning is known.
const MOSTLY: f64 = 0.98;

/// Gives what only counts losses the onset of the causes that explain them.
pub(super) fn since(findings: &mut [Finding]) {
    for index in 0..findings.len() {
        let counted = &findings[index];
        let counts = matches!(
            counted.kind,
            FindingKind::Gap | FindingKind::EnvironmentDifference
        );
        if !counts || counted.edge.is_none() {
            continue;
        }
        let causes = findings.iter().filter(|cause| {
            let place = (&cause.env, &cause.pipeline, &cause.edge);
            place == (&counted.env, &counted.pipeline, &counted.edge) && says_since(cause.kind)
        });
        let causes: Vec<(u64, Onset)> = causes
            .filter_map(|cause| Some((cause.lost, cause.onset?)))
            .collect();
        let explained: u64 = causes.iter().map(|(lost, _)| lost).sum();
        if (explained as f64) < MOSTLY * counted.lost as f64 {
            continue;
        }
        let ends = causes.iter().map(|(_, onset)| onset.until);
        let until = ends.collect::<Option<Vec<_>>>();
        let Some((_, first)) = causes.iter().min_by_key(|(_, onset)| onset.at) else {
            continue;
        };
        let onset = Onset {
            until: until.and_then(|ends| ends.into_iter().max()),
            ..*first
        };
        let told = match causes.len() {
            1 => "it began as its cause did, which is told above",
            _ => "it began as the first of its causes did, which are told above",
        };
        findings[index].onset = Some(onset);
        findings[index].evidence.push(Sentence::from(told));
    }
}

/// Whether its onset is that of the losses themselves.
const fn says_since(kind: FindingKind) -> bool {
    explains(kind) || matches!(kind, FindingKind::Onset)
}
