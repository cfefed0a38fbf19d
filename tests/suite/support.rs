//! What the tests share.

pub(crate) mod emulator;
pub(crate) mod fake_cloudwatch;
pub(crate) mod http;
pub(crate) mod reading;
