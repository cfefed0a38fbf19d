//! What makes messages blind although every source was read: a stage that no source covers.

use crate::domain::show::count;
use crate::domain::verdict::Verdict;
use crate::domain::view::Overview;

/// Why reading every source is not enough, in a few words; `None` where it is.
#[must_use]
pub fn short(overview: &Overview) -> Option<String> {
    let blind = overview.totals().of(Verdict::Blind);
    let mut names: Vec<&str> = Vec::new();
    let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
    for stage in environments.flat_map(|env| &env.stages) {
        if stage.sources.is_empty() && !names.contains(&&*stage.name) {
            names.push(&stage.name);
        }
    }
    match (names.as_slice(), blind) {
        // Where nobody is missed, nothing was overlooked.
        (_, 0) => None,
        ([], blind) => Some(format!("{} blind", count(blind))),
        ([one], _) => Some(format!("none covers {one}")),
        (many, _) => Some(format!("none covers {} stages", many.len())),
    }
}
