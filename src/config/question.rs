//! What was asked, as a case keeps it: all that is needed to ask the same again, and no credential.
//!
//! The configuration as text and the command line as typed, so that the same rules are read from it
//! that were read then. How it is made of a plan is told in `asked`.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::file::File;
use super::overrides::Overrides;
use super::zone;
use crate::domain::time::{Span, Timestamp};

/// What was asked.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The version of the program that asked.
    pub program: String,
    /// When, in milliseconds since 1970.
    pub asked_at: i64,
    /// Whether there was a configuration.
    pub configured: bool,
    /// The configuration, where there was one and it can be kept.
    pub config: Option<Text>,
    /// The command line.
    pub typed: Typed,
    /// The sources of the command line that existed as paths.
    pub existing: Vec<String>,
    /// The window as it was resolved, in milliseconds since 1970.
    pub window: Option<(i64, i64)>,
    /// The zone of all times, by name.
    pub zone: String,
    /// What is read from the cloud.
    pub reach: Vec<Reach>,
    /// Whether anything else is read, too.
    pub inputs: bool,
}

/// A configuration file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Text {
    /// Its name, as errors name it.
    pub name: String,
    /// What relative paths in it are relative to.
    pub base: String,
    /// All of it.
    pub text: String,
}

/// The command line as typed, with the variables that change what it means.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// The sources.
    pub sources: Vec<String>,
    /// `--env`.
    pub env: Option<String>,
    /// `--region`.
    pub regions: Vec<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--since`.
    pub since: Option<String>,
    /// `--from`.
    pub from: Option<String>,
    /// `--to`.
    pub to: Option<String>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// The current folder.
    pub folder: String,
    /// AWS_REGION or AWS_DEFAULT_REGION.
    pub aws_region: Option<String>,
}

/// What is read of one environment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reach {
    /// Its name.
    pub env: String,
    /// The name of the profile.
    pub profile: Option<String>,
    /// The role.
    pub role_arn: Option<String>,
    /// The account all this must lead to.
    pub account: Option<String>,
    /// Whose log groups are read: nobody else's, those of these accounts, or of `linked` ones.
    pub accounts: Vec<String>,
    /// The regions.
    pub regions: Vec<String>,
    /// Another endpoint than Amazon's.
    pub endpoint_url: Option<String>,
    /// Globs on log group names.
    pub groups: Vec<String>,
    /// Only lines were fetched from which the rules could read something.
    pub narrow: bool,
}

impl Question {
    /// The window as it was resolved.
    #[must_use]
    pub fn window(&self) -> Option<Span> {
        let (from, to) = self.window?;
        Some(Span::new(Timestamp(from), Timestamp(to)))
    }

    /// Whether pages fetched for one serve the other: the same places, over time that overlaps.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let overlap = match (self.window(), other.window()) {
            (Some(a), Some(b)) => a.from <= b.to && b.from <= a.to,
            _ => true,
        };
        let rules = !self.is_narrow() || self.config.is_some() && self.config == other.config;
        self.reach == other.reach && rules && overlap
    }

    /// Whether other rules could miss lines that were never fetched.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.reach.iter().any(|reach| reach.narrow)
    }

    /// Whether what was read in `env` as one account may serve whoever reads it as another. Where one
    /// of them is not known, the credentials must at least have been chosen here, and not by
    /// variables that nobody wrote down.
    #[must_use]
    pub fn is_same_reader(&self, env: &str, one: Option<&str>, other: Option<&str>) -> bool {
        if let (Some(one), Some(other)) = (one, other) {
            return one == other;
        }
        let chosen = |reach: &Reach| reach.profile.is_some() || reach.role_arn.is_some();
        self.reach.iter().any(|r| r.env == env && chosen(r))
    }

    /// The flags that ask this again. Its times are not among them: the window is known.
    #[must_use]
    pub fn flags(&self) -> Overrides {
        let typed = self.typed.clone();
        Overrides {
            sources: typed.sources,
            env: typed.env,
            regions: typed.regions,
            profile: typed.profile,
            endpoint_url: typed.endpoint_url,
            now: Timestamp(self.asked_at),
            local: zone::parse(&self.zone).unwrap_or(Tz::UTC),
            folder: PathBuf::from(typed.folder),
            aws_region: typed.aws_region,
            ..Overrides::default()
        }
    }

    /// The configuration again.
    #[must_use]
    pub fn file(&self) -> File {
        match &self.config {
            Some(config) => File::parse(&config.name, Path::new(&config.base), &config.text),
            None => File::empty(Path::new(&self.typed.folder)),
        }
    }
}

/// A URL without a user name or password in it.
#[must_use]
pub fn without_user(url: &str) -> String {
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}{}", &rest[host..])
}
