//! The flags as typed, with everything of the surroundings that can change what they mean.
//!
//! Plain data: the clock, the zone and the variables are arguments, so that resolving is a function.

use std::path::PathBuf;

use chrono_tz::Tz;

use crate::domain::time::Timestamp;

/// What was typed, and where and when.
#[derive(Clone, Debug)]
pub struct Overrides {
    /// The sources, as typed.
    pub sources: Vec<String>,
    /// `--env`.
    pub env: Option<String>,
    /// `--region`, which may be repeated.
    pub regions: Vec<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--since`.
    pub since: Option<String>,
    /// `--from`.
    pub from: Option<String>,
    /// `--to`.
    pub to: Option<String>,
    /// `--tz`: the zone in which times are read and shown.
    pub tz: Option<String>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// `--follow`.
    pub follow: bool,
    /// The time it is.
    pub now: Timestamp,
    /// The zone of the machine.
    pub local: Tz,
    /// The folder it was typed in.
    pub folder: PathBuf,
    /// AWS_REGION or AWS_DEFAULT_REGION.
    pub aws_region: Option<String>,
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            sources: Vec::new(),
            env: None,
            regions: Vec::new(),
            profile: None,
            since: None,
            from: None,
            to: None,
            tz: None,
            endpoint_url: None,
            follow: false,
            now: Timestamp::default(),
            local: Tz::UTC,
            folder: PathBuf::new(),
            aws_region: None,
        }
    }
}
