//! The keys of the dashboard: those of the user's own configuration, then those of the file in use.

use std::sync::Arc;

use super::complain::{self, Complaint};
use super::streams::Streams;
use crate::app::bound::Keymap;
use crate::app::remap;
use crate::config::file::File;
use crate::config::lookup;

/// The keys that hold in a run with this configuration.
///
/// # Errors
/// What is wrong with `[keys]`, and a user's configuration that cannot be read.
pub fn of(file: &File, streams: &mut Streams<'_>) -> Result<Arc<Keymap>, Complaint> {
    let own = lookup::user()?;
    let same = |own: &File| own.text().map(|(name, _)| name) == file.text().map(|(name, _)| name);
    let mut files: Vec<&File> = own.iter().filter(|own| !same(own)).collect();
    files.push(file);
    let (keymap, warnings) = remap::keymap(&files)?;
    for warning in &warnings {
        complain::warning(warning, streams.err);
    }
    Ok(Arc::new(keymap))
}
