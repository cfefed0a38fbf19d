//! What the tests share.

pub(crate) mod alone;
pub(crate) mod binary;
pub(crate) mod brute;
pub(crate) mod dashboard;
pub(crate) mod emulator;
pub(crate) mod engine;
pub(crate) mod fake_answers;
pub(crate) mod fake_cloudwatch;
pub(crate) mod fake_hunt;
pub(crate) mod fake_log;
pub(crate) mod fleet;
pub(crate) mod fleet_run;
pub(crate) mod http;
pub(crate) mod incidents;
pub(crate) mod keeping;
pub(crate) mod live;
pub(crate) mod oracle;
pub(crate) mod pty;
pub(crate) mod reading;
pub(crate) mod scenario;
pub(crate) mod settled;
pub(crate) mod sheets;
pub(crate) mod shop;
pub(crate) mod world;
