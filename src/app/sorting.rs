//! What the list may be sorted by, in which order one comes to it, and what it is called.

use crate::domain::view::Sort;

/// The order in which the sort key goes round.
pub const SORTS: [Sort; 5] = [
    Sort::Verdict,
    Sort::LastSeen,
    Sort::FirstSeen,
    Sort::Id,
    Sort::LastStage,
];

/// For people.
#[must_use]
pub const fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Verdict => "verdict",
        Sort::LastSeen => "last seen",
        Sort::FirstSeen => "first seen",
        Sort::Id => "id",
        Sort::LastStage => "last stage",
    }
}
