//! The flags as typed: only their form, not what they mean together.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use super::case_flags::{CaseFlags, Keeping};
use super::format::Format;
use super::surroundings::Surroundings;
use super::words::{NAMES, VARIANTS};
use crate::config::overrides::Overrides;
use crate::domain::verdict::Verdict;
use crate::report::hunt_json::SHAPE;
use crate::theme::depth::Depth;

/// Finds every message that went into a system and never came out, and says where it was last seen.
#[derive(Debug, Parser)]
#[command(name = "lastseen", version, about, disable_help_subcommand = true)]
#[command(subcommand_precedence_over_arg = true)]
#[command(after_help = "See it at work without any setup: lastseen demo")]
pub struct Flags {
    /// What to read: a file, a folder, a glob, `-`, a log group pattern, or a case. Replaces what is configured
    #[arg(value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    pub sources: Vec<String>,
    /// With --follow, let CloudWatch tell when there is something new; AWS charges for it by the minute
    #[arg(long)]
    pub live_tail: bool,
    /// Agree to what --live-tail costs
    #[arg(long, requires = "live_tail")]
    pub yes: bool,
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
    /// Write the answer down: for a ticket, a spreadsheet, or to send the lost messages again
    Export(ExportFlags),
    /// Say where IDs are mentioned: in every region and log group in reach, or in files.
    /// Exit code: 0 found, 1 nowhere, 2 error, 3 not found, but not everything could be searched
    Hunt(HuntFlags),
    /// Open a built-in incident; needs no AWS, no configuration and no network
    Demo(DemoFlags),
    /// List, show or remove what runs have kept
    Case(CaseFlags),
    /// Write lastseen.toml: learn it from files, or show which log groups are in reach and let choose
    Init(InitFlags),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// Flags of every command.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Common options")]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag")]
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
    /// No dashboard: the answer as lines of text, with all it rests on; for screen readers and pipes
    #[arg(long, global = true)]
    pub plain: bool,
    /// For a shared screen: mask secrets and personal data in everything that is shown or written
    #[arg(long, global = true)]
    pub share: bool,
    /// How many colours to use; the variable LASTSEEN_COLOR does the same
    #[arg(long, global = true, value_name = "WHEN", value_parser = Depth::WORDS)]
    pub color: Option<String>,
    /// No colour; the variable NO_COLOR does the same
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Where nothing is configured: write what was learnt from the logs to this file
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save_config: Option<PathBuf>,
    /// Write what the program does to this file
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log_file: Option<PathBuf>,
    /// Where what is fetched is kept.
    #[command(flatten)]
    pub keeping: Keeping,
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

/// Flags of `export`.
#[derive(Args, Debug)]
pub struct ExportFlags {
    /// What to read; replaces what is configured
    #[arg(value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    pub sources: Vec<String>,
    /// As what
    #[arg(long, value_name = "FORMAT")]
    pub format: Format,
    /// Write into this file, for its owner only [default: standard output]
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Replace a file that is there already
    #[arg(long, requires = "output")]
    pub force: bool,
    /// The messages of this verdict [default: lost]
    #[arg(long, value_name = "VERDICT", value_parser = verdicts(), conflicts_with = "finding")]
    pub verdict: Option<String>,
    /// The messages of the finding with this rank
    #[arg(long, value_name = "RANK")]
    pub finding: Option<usize>,
    /// With redrive: the JSON field of the first log event that bears what was sent [default: its whole text]
    #[arg(long, value_name = "FIELD")]
    pub payload: Option<String>,
    /// With redrive: the attribute within which the order matters
    #[arg(long, value_name = "ATTRIBUTE")]
    pub group_by: Option<String>,
}

/// Flags of `hunt`.
#[derive(Args, Debug)]
#[command(after_help = SHAPE)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct HuntFlags {
    /// What to look for [default: the lost messages of a run]
    #[arg(value_name = "ID", conflicts_with = "lost")]
    pub ids: Vec<String>,
    /// Load first, then hunt for the messages that are lost
    #[arg(long)]
    pub lost: bool,
    /// With --lost: at most so many messages, spread over all gaps
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = at_least_one())]
    pub most: usize,
    /// Files to search instead of what is configured: a file, a folder, a glob, or `-`
    #[arg(long = "in", value_name = "SOURCE", value_hint = ValueHint::AnyPath)]
    pub sources: Vec<String>,
    /// With --lost: search also what the run has read
    #[arg(long)]
    pub all: bool,
    /// Count every mention; else three of an ID in one log group are enough
    #[arg(long)]
    pub all_hits: bool,
    /// Make at most so many calls to AWS [default: 2000]
    #[arg(long, value_name = "N")]
    pub max_calls: Option<u64>,
    /// Let AWS answer at most so much log text: 500MB, 2GB [default: 1GB]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_bytes: Option<u64>,
    /// One JSON object, schema 1
    #[arg(long)]
    pub json: bool,
}

fn at_least_one() -> impl TypedValueParser<Value = usize> {
    clap::value_parser!(u64)
        .range(1..=1000)
        .map(|number| number as usize)
}

/// `500MB`, `2GB`, `1000`: in powers of ten.
fn size(text: &str) -> Result<u64, String> {
    let units = [
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("b", 1),
        ("", 1),
    ];
    let lower = text.trim().to_ascii_lowercase();
    let parsed = units.iter().find_map(|(unit, factor)| {
        let number: u64 = lower.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(*factor)
    });
    parsed.ok_or_else(|| "write a whole number with its unit: 500MB, 2GB".to_owned())
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

/// Flags of `init`.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct InitFlags {
    /// Files to learn the configuration from instead: a file, a folder or a glob
    #[arg(value_name = "SOURCE", value_hint = ValueHint::AnyPath, conflicts_with_all = ["groups", "yes", "policy"])]
    pub sources: Vec<String>,
    /// Take the log groups that these globs mean, without asking
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    pub groups: Vec<String>,
    /// Take every log group that is found, without asking
    #[arg(long, short)]
    pub yes: bool,
    /// Replace a file that is there already
    #[arg(long)]
    pub force: bool,
    /// Print the configuration instead of writing it
    #[arg(long)]
    pub print: bool,
    /// Print the IAM policy that reading needs, and do nothing else
    #[arg(long, conflicts_with_all = ["yes", "force", "print"])]
    pub policy: bool,
    /// Allow Live Tail in the policy, for which AWS charges
    #[arg(long, requires = "policy")]
    pub live_tail: bool,
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

/// Whether a time is asked for at all.
#[must_use]
pub const fn names_a_time(common: &Common) -> bool {
    common.since.is_some() || common.from.is_some() || common.to.is_some()
}
