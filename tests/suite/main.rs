//! The one test binary: linking the AWS SDK is slow, so there is only one to link.

mod architecture;
mod check_output;
mod command_line;
mod config;
mod fake;
mod findings;
mod when;
