//! The one test binary: linking the AWS SDK is slow, so there is only one to link.

mod architecture;
mod check_output;
mod cloudwatch;
mod command_line;
mod config;
mod demo;
mod fake;
mod findings;
mod patterns;
mod support;
mod when;
