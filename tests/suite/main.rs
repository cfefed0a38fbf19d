//! The one test binary: linking the AWS SDK is slow, so there is only one to link.

mod cloudwatch;
mod demo;
mod patterns;
mod properties;
mod scenarios;
mod support;
