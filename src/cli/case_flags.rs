//! The flags that concern case files, as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

/// Where a run keeps what it fetches.
#[derive(Args, Clone, Debug, Default)]
pub struct Keeping {
    /// Keep what is fetched in this file, and go on with it where it is there [default: one in the
    /// user's state folder]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub case: Option<PathBuf>,
    /// Keep nothing of what is fetched
    #[arg(long, global = true, conflicts_with_all = ["case", "case_limit"])]
    pub no_case: bool,
    /// Fetch everything again, also where a run was interrupted
    #[arg(long, global = true)]
    pub fresh: bool,
    /// The most a case may take: 500MB, 10GB [default: 4GB]
    #[arg(long, global = true, value_name = "SIZE", value_parser = size)]
    pub case_limit: Option<u64>,
}

/// Flags of `case`.
#[derive(Args, Debug)]
pub struct CaseFlags {
    /// What to do.
    #[command(subcommand)]
    pub command: CaseCommand,
}

/// What to do with cases.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// List the cases that runs have kept, the newest first
    List,
    /// Show what a case was asked and what it holds
    Show {
        /// Its name, or a path
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Remove cases
    Remove(RemoveFlags),
}

/// Flags of `case remove`.
#[derive(Args, Debug)]
pub struct RemoveFlags {
    /// Their names, or paths
    #[arg(value_name = "NAME", required_unless_present = "older_than")]
    pub names: Vec<String>,
    /// Those that were written last so long ago: 30d
    #[arg(long, value_name = "DURATION", conflicts_with = "names")]
    pub older_than: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// `500MB`, `2GB`, `1000`: in powers of ten.
fn size(text: &str) -> Result<u64, String> {
    let units = [
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("tb", 1_000_000_000_000),
        ("b", 1),
        ("", 1),
    ];
    let lower = text.trim().to_ascii_lowercase();
    let parsed = units.iter().find_map(|(unit, factor)| {
        let number: u64 = lower.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(*factor)
    });
    parsed.ok_or_else(|| "write a whole number with its unit: 500MB, 10GB".to_owned())
}
