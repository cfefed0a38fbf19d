//! What others may see: whether secrets are masked, and which keys were pressed last.

use std::sync::Arc;

use super::chord::Chord;
use super::zone::Zone;
use crate::diagnose::finding::Finding;
use crate::domain::mask::Mask;

/// So many keys are shown.
const KEYS: usize = 6;

/// What stands in a pattern of log lines for what varies; the ellipsis stands for it in a sentence.
const VARIABLE: &str = "<*>";

/// The state of sharing.
#[derive(Clone, Debug, Default)]
pub struct Share {
    /// What masks; nothing: there is nothing to mask with.
    pub with: Option<Arc<Mask>>,
    /// Whether others look on.
    pub on: bool,
    /// The keys pressed last, the newest at the end.
    pub keys: Vec<String>,
    /// The findings as they are.
    pub findings: Arc<Vec<Finding>>,
}

impl Share {
    /// What masks now.
    #[must_use]
    pub fn mask(&self) -> Option<&Mask> {
        self.with.as_deref().filter(|_| self.on)
    }

    /// The findings as they may be seen, their times in this zone: their sentences are broken into lines before they are drawn.
    #[must_use]
    pub fn told(&self, zone: Zone) -> Arc<Vec<Finding>> {
        let told = self.findings.iter().map(|finding| {
            let words = |text: &str| self.shown(text).replace(VARIABLE, "…");
            let mut told = finding.written(words, |time, form| zone.format(time, form));
            for attribute in &mut told.attributes {
                attribute.value = self.shown(&attribute.value);
            }
            told
        });
        Arc::new(told.collect())
    }

    /// A text as it may be seen.
    #[must_use]
    pub fn shown(&self, text: &str) -> String {
        self.mask()
            .map_or_else(|| text.to_owned(), |mask| mask.mask(text).into_owned())
    }

    /// Remembers a key to be shown. What is typed as text is not: it stands where it is typed, masked.
    pub fn pressed(&mut self, chord: Chord, typing: bool) {
        if !self.on || (typing && chord.typed().is_some()) {
            return;
        }
        self.keys.push(chord.to_string());
        let old = self.keys.len().saturating_sub(KEYS);
        self.keys.drain(..old);
    }
}
