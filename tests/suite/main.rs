//! The one test binary: linking the AWS SDK is slow, so there is only one to link.

mod keys;
mod screens;
mod support;
mod themes;
mod worker;
