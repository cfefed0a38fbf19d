//! What several test files share.

pub(crate) mod dashboard;
pub(crate) mod fake_answers;
