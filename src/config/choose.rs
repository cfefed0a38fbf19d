//! What a SOURCE on the command line is: standard input, a path, or a pattern for log groups.
//!
//! Decides by its form and by what is on the disk, which is asked through a function.

use std::path::Path;

/// What a source as typed means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// `-`
    Stdin,
    /// A file, a folder, or a glob with or without captures.
    Path(String),
    /// A glob on log group names.
    Groups(String),
}

/// Decides what `source` means. `exists` answers for paths relative to the current folder.
#[must_use]
pub fn choose(source: &str, environments: bool, exists: &dyn Fn(&Path) -> bool) -> Choice {
    if source == "-" {
        return Choice::Stdin;
    }
    if exists(Path::new(source)) {
        return Choice::Path(source.to_owned());
    }
    let groups = if source.starts_with('/') {
        source.starts_with("/aws/") || !folder_exists(source, environments, exists)
    } else {
        // A log group may have a bare name; a path has a separator, a dot or a drive.
        environments && !source.contains(['/', '\\', '.', ':'])
    };
    if groups {
        Choice::Groups(source.to_owned())
    } else {
        Choice::Path(source.to_owned())
    }
}

/// Whether the folder before the first wildcard is there. `/` always is, and therefore says nothing
/// where log groups can be meant.
fn folder_exists(source: &str, environments: bool, exists: &dyn Fn(&Path) -> bool) -> bool {
    let fixed = source.find(['*', '?', '[', '{']).unwrap_or(source.len());
    match source[..fixed].rfind('/') {
        Some(0) | None => !environments,
        Some(end) => exists(Path::new(&source[..end])),
    }
}
