//! Messages that end before the last stage, as a property of theirs says: told by their attributes.
//!
//! It only looks at what is open; what went on or failed is not judged by how it might have ended.

use super::ledger::Ledger;
use super::lifecycle::{Course, Fact, Outcome};
use super::pipeline::{EarlyEnd, Pipeline};
use super::scope::Scope;

impl Ledger {
    /// Settles a message that is last seen where its kind ends.
    pub(super) fn end_early(&self, scope: &Scope, facts: &[Fact], outcome: &mut Outcome) {
        if outcome.course != Course::Open {
            return;
        }
        let Some(end) = self.early_end(scope, facts, usize::from(outcome.last_stage)) else {
            return;
        };
        if end.sure {
            outcome.course = Course::Completed;
        } else {
            outcome.may_end = true;
        }
    }

    /// The reason for which these facts may be the last at a stage.
    pub(super) fn early_end(
        &self,
        scope: &Scope,
        facts: &[Fact],
        stage: usize,
    ) -> Option<&EarlyEnd> {
        let pipeline = &self.pipelines[scope.pipeline];
        let ends = &pipeline.stages.get(stage)?.ends;
        let meant = |end: &&EarlyEnd| facts.iter().any(|fact| self.has(pipeline, fact, end));
        // Known to be done says more than perhaps.
        let sure = ends.iter().filter(|end| end.sure).find(meant);
        sure.or_else(|| ends.iter().find(meant))
    }

    fn has(&self, pipeline: &Pipeline, fact: &Fact, end: &EarlyEnd) -> bool {
        let mut values = self.sets.values(fact.set);
        values.any(|(attribute, value)| {
            pipeline.attributes[attribute].name == end.attribute && value == end.value.as_bytes()
        })
    }
}
