//! The files below a folder. Follows links, and never in a circle.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The regular files below a folder, sorted, without hidden ones.
#[derive(Default)]
pub(super) struct Walk {
    /// What was found.
    pub(super) files: Vec<PathBuf>,
    /// What may not be looked into.
    pub(super) denied: Vec<(PathBuf, io::Error)>,
    /// Folders entered: a link that leads back is not followed again.
    entered: HashSet<PathBuf>,
}

impl Walk {
    /// Takes in `folder`, so many folders deep.
    pub(super) fn folder(&mut self, folder: &Path, depth: usize) {
        let canonical = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        if depth == 0 || !self.entered.insert(canonical) {
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.denied.push((folder.to_owned(), error)),
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| !is_hidden(path))
            .collect();
        paths.sort();
        for path in paths {
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => self.folder(&path, depth - 1),
                Ok(metadata) if metadata.is_file() => self.files.push(path),
                _ => {}
            }
        }
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}
