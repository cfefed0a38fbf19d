//! What several test files share.

pub mod dashboard;
pub mod fake_answers;
