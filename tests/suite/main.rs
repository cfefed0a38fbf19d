//! The one test binary: linking the AWS SDK is slow, so there is only one to link.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows tests by their attribute, and not the functions they share"
)]

mod architecture;
mod bad_input;
mod board_keys;
mod bridge;
mod cases;
mod causes;
mod check_output;
mod clicks;
mod cloudwatch;
mod command_line;
mod compare_screen;
mod config;
mod copying;
mod coverage_screen;
mod demo;
mod demo_check;
mod demo_incidents;
mod demo_stream;
mod demo_truth;
mod detectors;
mod discovery;
mod evidence_screen;
mod export;
mod fake;
mod files;
mod filters;
mod findings;
mod hands;
mod headline;
mod hunt;
mod incident_proof;
mod init;
mod keys;
mod learnt;
mod live_screen;
mod logs;
mod notices;
mod patterns;
mod pieces;
mod properties;
mod random_keys;
mod records;
mod remapping;
mod scenarios;
mod screens;
mod sessions;
mod share;
mod signals;
mod signs;
mod silent_keys;
mod smallest;
mod spool;
mod support;
mod terminal;
mod themes;
mod timeline;
mod what_keys_mean;
mod when;
mod worker;
