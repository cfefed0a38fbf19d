//! `--log-file`: what the program does, for whoever has to explain it. Never log text, never a secret.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::complain::Complaint;

/// Only our own words: what libraries log may quote requests.
const FILTER: &str = "off,lastseen=debug";

/// Begins to write to `path`, behind what it holds already.
///
/// # Errors
/// When the file cannot be opened.
pub fn open(path: &Path) -> Result<(), Complaint> {
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path);
    let file = file.map_err(|error| refused(path, &error))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(FILTER))
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .finish();
    // A second run in one process (a test) goes on with the first one's.
    let _ = tracing::subscriber::set_global_default(subscriber);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(())
}

fn refused(path: &Path, error: &io::Error) -> Complaint {
    let path = path.display();
    Complaint::new(
        format!("the log file {path} cannot be written: {error}"),
        "name another with --log-file",
    )
}
