//! A run whose configuration was learnt, as the dashboard gets it.

use std::fmt;

use crate::app::learnt::Basis;
use crate::load::again::Planner;

/// What the dashboard needs to have it corrected.
#[derive(Clone)]
pub struct Learning {
    /// What it begins with.
    pub basis: Basis,
    /// What another text makes of the run; `None` where it cannot be judged again in its place.
    pub planner: Option<Planner>,
}

impl fmt::Debug for Learning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.basis.fmt(f)
    }
}
