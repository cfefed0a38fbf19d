//! The themes to choose from. What they look like is not known here, only their names.

/// A theme by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// What it is for, in a few words.
    pub note: String,
}

/// The themes there are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Themes {
    /// All that can be chosen; none where there is no colour.
    pub names: Vec<Named>,
    /// The one that was chosen last.
    pub current: String,
    /// Somebody chose it here, and it is kept for the next session.
    pub chosen: bool,
    /// The one for a screen that many look at.
    pub projector: String,
}
