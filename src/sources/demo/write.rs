//! An incident as files: CloudWatch-shaped NDJSON, its configuration, and the truth.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use super::delivery::DemoEvent;
use super::incident::Incident;

/// One line of a file as `aws logs` tools export it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exported<'a> {
    timestamp: i64,
    ingestion_time: i64,
    log_stream_name: &'a str,
    message: &'a str,
}

/// Appends one event as a line of NDJSON.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn write_line(out: &mut impl Write, event: &DemoEvent) -> io::Result<()> {
    let line = Exported {
        timestamp: event.timestamp.0,
        ingestion_time: event.ingestion.0,
        log_stream_name: &event.stream,
        message: &event.message,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

impl Incident {
    /// Writes `logs/<env>/<region>/<group>.jsonl`, `lastseen.toml` and `truth.json` below `dir`,
    /// making folders as needed and replacing what has those names; says how many messages are lost.
    ///
    /// # Errors
    /// When a folder or file cannot be made or written; the error names it.
    pub fn write(&self, dir: &Path) -> io::Result<u64> {
        let mut files = Vec::new();
        for group in self.groups() {
            let folder = dir.join("logs").join(group.env).join(group.region);
            fs::create_dir_all(&folder).map_err(|error| named(&folder, &error))?;
            files.push(create(&folder.join(format!("{}.jsonl", group.name)))?);
        }
        for (group, event) in self.all_events() {
            write_line(&mut files[group], &event)?;
        }
        for mut file in files {
            file.flush()?;
        }
        let mut config = create(&dir.join("lastseen.toml"))?;
        config.write_all(self.config().as_bytes())?;
        config.flush()?;
        let mut truth = create(&dir.join("truth.json"))?;
        let told = self.truth_in_passing();
        serde_json::to_writer(&mut truth, &told)?;
        truth.flush()?;
        Ok(told.causes.iter().map(|cause| cause.lost).sum())
    }
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    File::create(path)
        .map(BufWriter::new)
        .map_err(|error| named(path, &error))
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
