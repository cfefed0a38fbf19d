//! The flags as typed: only their form, not what they mean together.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use super::surroundings::Surroundings;
use super::words::{NAMES, VARIANTS};
use crate::config::overrides::Overrides;
use crate::domain::verdict::Verdict;

/// Finds every message that went into a system and never came out, and says where it was last seen.
#[derive(Debug, Parser)]
#[command(name = "lastseen", version, about, disable_help_subcommand = true)]
#[command(subcommand_precedence_over_arg = true)]
#[command(after_help = "See it at work without any setup: lastseen demo")]
pub struct Flags {
    /// What to read: a file, a folder, a glob, `-`, or a log group pattern. Replaces what is configured
    #[arg(value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    pub sources: Vec<String>,
    /// Flags of every command.
    #[command(flatten)]
    pub common: Common,
    /// What to do instead of opening the dashboard.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do instead of opening the dashboard.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what was lost, without a screen. Exit code: 0 nothing, 1 lost, 2 error, 3 cannot tell
    Check(CheckFlags),
    /// Open a built-in incident; needs no AWS, no configuration and no network
    Demo(DemoFlags),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// Flags of every command.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// Configuration file [default: ./lastseen.toml, then the user's]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Only this environment; also the name of files whose path tells none
    #[arg(long, global = true, value_name = "NAME")]
    pub env: Option<String>,
    /// Only these regions
    #[arg(long, global = true, value_name = "REGION", value_delimiter = ',')]
    pub region: Vec<String>,
    /// Profile to take credentials from
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Window from so long ago until now: 2h, 90m, 1h30m
    #[arg(
        long,
        global = true,
        value_name = "DURATION",
        allow_hyphen_values = true
    )]
    pub since: Option<String>,
    /// Beginning of the window: RFC 3339, 02:10, "yesterday 22:00", 2h
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// End of the window [default: now]
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Zone in which times are read and shown [default: the machine's]
    #[arg(long, global = true, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Another endpoint than Amazon's
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub endpoint_url: Option<String>,
    /// Go on reading what is appended
    #[arg(long, global = true)]
    pub follow: bool,
    /// Theme of the dashboard
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// No colour; the variable NO_COLOR does the same
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Write what the program does to this file
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log_file: Option<PathBuf>,
}

/// Flags of `check`.
#[derive(Args, Debug)]
pub struct CheckFlags {
    /// What to read; replaces what is configured
    #[arg(value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    pub sources: Vec<String>,
    /// One JSON object, schema 1
    #[arg(long)]
    pub json: bool,
    /// List the messages of this verdict too
    #[arg(long, value_name = "VERDICT", value_parser = verdicts())]
    pub verdict: Option<String>,
}

fn verdicts() -> PossibleValuesParser {
    PossibleValuesParser::new(Verdict::ALL.map(Verdict::word))
}

/// Flags of `demo`.
#[derive(Args, Debug)]
pub struct DemoFlags {
    /// The incident [default: two-environments]
    #[arg(value_name = "INCIDENT", value_parser = NAMES)]
    pub incident: Option<String>,
    /// Say which incidents there are
    #[arg(long, conflicts_with_all = ["incident", "check", "json", "write"])]
    pub list: bool,
    /// Let it go another way, most of them without loss
    #[arg(long, value_name = "WORD", value_parser = VARIANTS)]
    pub variant: Option<String>,
    /// Say what was lost in it, without a screen
    #[arg(long)]
    pub check: bool,
    /// The same as JSON
    #[arg(long)]
    pub json: bool,
    /// Other messages, the same causes
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// So many messages in each environment, or in the busiest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub messages: Option<u64>,
    /// Write its logs, lastseen.toml and truth.json into this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub write: Option<PathBuf>,
}

/// The flags with the surroundings that can change what they mean.
#[must_use]
pub fn overrides(common: &Common, sources: &[String], around: &Surroundings) -> Overrides {
    Overrides {
        sources: sources.to_vec(),
        env: common.env.clone(),
        regions: common.region.clone(),
        profile: common.profile.clone(),
        since: common.since.clone(),
        from: common.from.clone(),
        to: common.to.clone(),
        tz: common.tz.clone(),
        endpoint_url: common.endpoint_url.clone(),
        follow: common.follow,
        now: around.now,
        local: around.local,
        folder: around.folder.clone(),
        aws_region: around.aws_region.clone(),
    }
}
