//! What to say of a file that is not there or cannot be opened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::lookup::nearest_file;
use crate::config::plan::FilesPlan;
use crate::domain::feed::{Fault, FaultKind};

/// What to say of a path that leads nowhere: the name most like it, else the folder it should be in.
pub fn whereabouts(plan: &FilesPlan, whole: &Path) -> String {
    if let Ok(target) = fs::read_link(whole) {
        return format!("It is a link to {}, which is not there.", target.display());
    }
    let Some(folder) = whole.ancestors().skip(1).find(|path| path.is_dir()) else {
        return String::new();
    };
    let mut missing = whole.strip_prefix(folder).unwrap_or(whole).components();
    let first = missing.next();
    let near = first.and_then(|name| nearest_file(&folder.join(name)));
    let Some(near) = near.map(PathBuf::from) else {
        return format!(
            "Looked for {}; the nearest folder that exists is {}. Check the path.",
            whole.display(),
            folder.display()
        );
    };
    let whole = near.join(missing.as_path());
    let guess = if whole.exists() { whole } else { near };
    let base = std::path::absolute(&plan.base).unwrap_or_else(|_| plan.base.clone());
    let shown = guess.strip_prefix(&base).unwrap_or(&guess);
    format!("Did you mean {}?", shown.display())
}

/// What to say of a file that cannot be opened.
pub fn open_fault(name: &str, explicit: bool, error: &io::Error) -> Fault {
    let (kind, remedy) = match error.kind() {
        io::ErrorKind::PermissionDenied => (
            FaultKind::Denied,
            "Ask for the right to read it, or leave it out.",
        ),
        io::ErrorKind::NotFound => (FaultKind::Absent, "It was there a moment ago: load again."),
        _ => (FaultKind::Failed, "Check that it is a readable file."),
    };
    Fault {
        kind: if explicit { FaultKind::Failed } else { kind },
        message: format!("cannot read {name}: {error}"),
        remedy: remedy.to_owned(),
    }
}
