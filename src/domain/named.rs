//! Which message a log event names, asked the other way round: from the event to the message.

use super::event::TextRef;
use super::extract::Extracted;
use super::ledger::Ledger;
use super::lifecycle::uses;
use super::view::MessageHandle;

impl Ledger {
    /// The message that an event names, as its extractor read it and as it was applied before.
    #[must_use]
    pub fn named(&self, extracted: &Extracted, event: TextRef) -> Option<MessageHandle> {
        let seen = extracted.sightings.first()?;
        let arena = &extracted.arena;
        let id = self
            .identities
            .find(seen.hash, seen.scope, &seen.key, arena)?;
        let node = self.identities.root(id);
        let (mut facts, mut bounds) = (Vec::new(), Vec::new());
        self.facts(node, &mut facts);
        let scope = self.scope_of(node);
        let reuse_after_ms = self.pipelines[scope.pipeline].reuse_after_ms;
        uses(&scope.graph, &mut facts, reuse_after_ms, &mut bounds);
        let generation = bounds.iter().position(|(from, to)| {
            let used = &facts[*from..*to];
            used.iter().any(|f| self.rows.text(f.row) == Some(event))
        })?;
        Some(MessageHandle {
            node,
            generation: generation as u32,
        })
    }
}
