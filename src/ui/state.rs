//! What a verdict and a source's state look like: role, sign and word, always together.

use unicode_width::UnicodeWidthStr;

use super::format;
use crate::domain::verdict::{Counts, Verdict};
use crate::domain::view::SourceState;
use crate::theme::Theme;
use crate::theme::role::{Glyph, Role};

/// Role and sign of a verdict.
#[must_use]
pub const fn verdict(verdict: Verdict) -> (Role, Glyph) {
    match verdict {
        Verdict::Lost => (Role::Lost, Glyph::Lost),
        Verdict::Blind => (Role::Blind, Glyph::Blind),
        Verdict::Failed => (Role::Failed, Glyph::Failed),
        Verdict::DeadLettered => (Role::DeadLettered, Glyph::DeadLettered),
        Verdict::Pending => (Role::Pending, Glyph::Pending),
        Verdict::Unentered => (Role::Unentered, Glyph::Unentered),
        Verdict::Completed => (Role::Completed, Glyph::Completed),
    }
}

/// Role and sign of a source's state.
#[must_use]
pub const fn source(state: SourceState) -> (Role, Glyph) {
    match state {
        SourceState::Loading => (Role::Pending, Glyph::Pending),
        SourceState::Live | SourceState::Complete => (Role::Completed, Glyph::Completed),
        SourceState::Partial => (Role::Blind, Glyph::Blind),
        SourceState::Absent => (Role::Unentered, Glyph::Unentered),
        SourceState::Denied | SourceState::Failed => (Role::Failed, Glyph::Failed),
    }
}

/// The word as the screen writes it: what needs someone is in capitals.
#[must_use]
pub fn word(verdict: Verdict) -> String {
    let word = verdict.word().replace('_', " ");
    match verdict {
        Verdict::Completed => word,
        _ => word.to_uppercase(),
    }
}

/// `∅ LOST`.
#[must_use]
pub fn label(theme: &Theme, of: Verdict) -> String {
    format!("{} {}", theme.glyph(verdict(of).1), word(of))
}

/// `∅ LOST 312`, for every verdict that some have, the most alarming first, completed last.
pub fn chips<'a>(
    theme: &'a Theme,
    counts: &'a Counts,
) -> impl Iterator<Item = (Role, String)> + 'a {
    Verdict::ALL
        .into_iter()
        .filter(|v| counts.of(*v) > 0)
        .map(|v| {
            let number = format::count(counts.of(v));
            (verdict(v).0, format!("{} {number}", label(theme, v)))
        })
}

/// The same in at most so many columns: where not all words fit, the first keeps its own, and of the others
/// those for which there is room; the rest are sign and number.
pub fn chips_in(theme: &Theme, counts: &Counts, columns: usize) -> Vec<(Role, String)> {
    let whole: Vec<_> = chips(theme, counts).collect();
    let shown = Verdict::ALL.into_iter().filter(|v| counts.of(*v) > 0);
    let short: Vec<String> = shown
        .map(|v| {
            let (_, glyph) = verdict(v);
            format!("{} {}", theme.glyph(glyph), format::count(counts.of(v)))
        })
        .collect();
    let mut used: usize = short.iter().map(|text| text.width() + 2).sum();
    let mut chips = Vec::new();
    for (i, ((role, words), sign)) in whole.into_iter().zip(short).enumerate() {
        let longer = used + words.width() - sign.width();
        if i == 0 || longer <= columns + 2 {
            used = longer;
            chips.push((role, words));
        } else {
            chips.push((role, sign));
        }
    }
    chips
}
