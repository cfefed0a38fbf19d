//! The built-in incidents: log groups that never were, with the truth about every message.
//!
//! Serves the demo without AWS, and the tests: seeded, the same bytes for the same options, and as
//! large as wanted. What an incident logs is made while it is read, in the order it arrives, and
//! only what is in flight is kept. It writes logs and knows the truth; it never judges them.

mod ack_before_work;
mod batch_other_region;
mod crew;
pub mod delivery;
mod forgotten_subscription;
mod format;
pub mod incident;
mod names;
mod random;
pub mod script;
mod silent_skip;
pub mod stream;
mod traffic;
mod trip;
pub mod truth;
mod two_environments;
pub mod variant;
pub mod world;
mod write;
