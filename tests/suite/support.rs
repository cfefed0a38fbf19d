//! What the tests share.

pub(crate) mod engine;
pub(crate) mod oracle;
pub(crate) mod scenario;
pub(crate) mod world;
