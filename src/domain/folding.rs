//! Folds the touched messages again, on every core: each fold reads rows and nothing else.
//!
//! Only what was touched since the last time is folded; what the folds come to is stored by one
//! thread, in rounds, so that little is held twice.

use std::panic::resume_unwind;
use std::thread;

use super::ledger::Ledger;
use super::lifecycle::{Fold, Outcome, Use, uses};

/// Messages that are folded before what they come to is stored.
const ROUND: usize = 1 << 16;
/// Fewer messages are not worth a thread.
const SHARE: usize = 1 << 12;

/// What some messages came to.
#[derive(Default)]
struct Folded {
    outcomes: Vec<Outcome>,
    /// The ledger's stride for each.
    passes: Vec<u16>,
    /// Earlier uses of an ID, with its place among the outcomes.
    earlier: Vec<(usize, Vec<Use>)>,
}

impl Ledger {
    /// Folds every message that was touched.
    pub(super) fn fold_touched(&mut self) {
        let roots = self.take_touched();
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for round in roots.chunks(ROUND) {
            let share = round.len().div_ceil(threads).max(SHARE);
            let ledger = &*self;
            let folded: Vec<Folded> = thread::scope(|scope| {
                let mut shares = round.chunks(share);
                let own = shares.next().unwrap_or_default();
                let others: Vec<_> = shares
                    .map(|roots| scope.spawn(|| fold(ledger, roots)))
                    .collect();
                let mut folded = vec![fold(ledger, own)];
                for other in others {
                    folded.push(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
                }
                folded
            });
            for (roots, folded) in round.chunks(share).zip(folded) {
                self.store(roots, folded);
            }
        }
    }

    fn store(&mut self, roots: &[u32], folded: Folded) {
        for ((root, outcome), passes) in roots
            .iter()
            .zip(folded.outcomes)
            .zip(folded.passes.chunks(self.stride))
        {
            self.outcomes[*root] = outcome;
            let first = root * self.stride as u32;
            for (index, pass) in passes.iter().enumerate() {
                self.passes[first + index as u32] = *pass;
            }
            if !self.earlier.is_empty() {
                self.earlier.remove(root);
            }
        }
        for (place, earlier) in folded.earlier {
            self.earlier.insert(roots[place], earlier);
        }
    }
}

fn fold(ledger: &Ledger, roots: &[u32]) -> Folded {
    let mut folded = Folded::default();
    let (mut fold, mut facts, mut bounds) = (Fold::default(), Vec::new(), Vec::new());
    let mut passes = vec![0; ledger.stride];
    for root in roots {
        let scope = ledger.scope_of(*root);
        passes.fill(0);
        let mut outcome = Outcome::NONE;
        if !ledger.identities.is_refused(*root) {
            ledger.facts(*root, &mut facts);
            let pipeline = &ledger.pipelines[scope.pipeline];
            uses(
                &scope.graph,
                &mut facts,
                pipeline.reuse_after_ms,
                &mut bounds,
            );
            let used = &mut passes[..=scope.graph.nodes.len()];
            let mut earlier = Vec::new();
            for (from, to) in &bounds {
                if *from > 0 {
                    earlier.push(Use {
                        outcome,
                        passes: used.to_vec(),
                    });
                }
                fold.run(&scope.graph, &facts[*from..*to]);
                outcome = fold.outcome(&scope.graph, used);
                ledger.end_early(scope, &facts[*from..*to], &mut outcome);
            }
            if !earlier.is_empty() {
                folded.earlier.push((folded.outcomes.len(), earlier));
            }
        }
        folded.outcomes.push(outcome);
        folded.passes.extend_from_slice(&passes);
    }
    folded
}
