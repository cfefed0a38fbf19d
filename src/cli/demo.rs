//! `lastseen demo`: which built-in incident, and its own configuration.

use std::io::Write;
use std::path::Path;

use super::complain::Complaint;
use super::flags::DemoFlags;
use super::machine::{DemoRequest, Machine};
use crate::config::error::suggest;
use crate::config::file::File;
use crate::domain::safe::safe;

/// The incident asked for, else the usual one.
///
/// # Errors
/// When there is none of that name.
pub fn request(flags: &DemoFlags, machine: &dyn Machine) -> Result<DemoRequest, Complaint> {
    let names = machine.incidents();
    let incident = match flags.incident.as_deref() {
        None => names.first().copied().unwrap_or_default(),
        Some(name) if names.contains(&name) => name,
        Some(name) => {
            let message = format!("there is no incident `{name}`");
            return Err(Complaint::new(message, suggest(name, names)));
        }
    };
    Ok(DemoRequest {
        incident: incident.to_owned(),
        seed: flags.seed,
        messages: flags.messages,
    })
}

/// The incident's own configuration, without the places it names: the incident itself is the source.
#[must_use]
pub fn configuration(request: &DemoRequest, machine: &dyn Machine, folder: &Path) -> File {
    let name = format!("{}.toml", request.incident);
    let mut file = File::parse(&name, folder, &machine.demo_config(request));
    file.files.clear();
    file.environments.clear();
    file
}

/// Says how to go on with the files written.
pub fn say_written(folder: &Path, out: &mut dyn Write) {
    let shown = folder.display().to_string();
    let shown = safe(&shown);
    let _gone = writeln!(
        out,
        "wrote the logs, lastseen.toml and truth.json to {shown}\ntry: lastseen check --config {shown}/lastseen.toml"
    );
}
