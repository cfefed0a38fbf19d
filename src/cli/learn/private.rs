//! Names that were learnt from what others must not see: a stage called after a person's address would
//! tell it, for a mask knows addresses and not what is left of one in a name.

use std::collections::BTreeSet;

use crate::domain::discovery::{Discovery, FoundCondition, FoundPipeline};
use crate::domain::mask::Mask;

/// A shorter word tells nothing.
const SHORT: usize = 3;

/// Gives pipelines and stages plain names where theirs tell of something that is masked.
pub(super) fn rename(found: &mut Discovery, mask: &Mask) {
    let doubtful = found.doubtful.iter_mut().map(|d| &mut d.pipeline);
    for (number, pipeline) in found.pipelines.iter_mut().chain(doubtful).enumerate() {
        let hidden = hidden(pipeline, mask);
        if tells(&pipeline.name, &hidden) {
            pipeline.name = format!("pipeline-{}", number + 1);
        }
        for (number, stage) in pipeline.stages.iter_mut().enumerate() {
            if tells(&stage.name, &hidden) {
                stage.name = format!("stage-{}", number + 1);
            }
        }
    }
}

/// The words of all that is masked in what the pipeline was learnt from.
fn hidden(pipeline: &FoundPipeline, mask: &Mask) -> BTreeSet<String> {
    let rules = pipeline.stages.iter().flat_map(|stage| &stage.rules);
    let rules = rules.flat_map(|rule| [said(&rule.condition), rule.example.clone()]);
    let stages = pipeline.stages.iter().map(|stage| stage.name.clone());
    let selectors = pipeline.families.iter().flat_map(|f| &f.selectors);
    let examples = selectors.map(|selector| selector.example.clone());
    let mut hidden = BTreeSet::new();
    for text in rules.chain(stages).chain(examples) {
        let shown: BTreeSet<String> = words(&mask.mask(&text)).collect();
        hidden.extend(words(&text).filter(|word| !shown.contains(word)));
    }
    hidden
}

/// A condition as the log line has it.
fn said(condition: &FoundCondition) -> String {
    match condition {
        FoundCondition::Pattern(pattern) | FoundCondition::Matches { pattern, .. } => {
            pattern.replace('\\', "")
        }
        FoundCondition::Equals { value, .. } => value.clone(),
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.chars().count() >= SHORT)
        .map(str::to_lowercase)
}

fn tells(name: &str, hidden: &BTreeSet<String>) -> bool {
    words(name).any(|word| hidden.contains(&word))
}
