//! Finds the files that plans ask for and opens a source for each, before anything is read.
//!
//! What is missing becomes a source too, with a fault that says where was looked.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::missing::{open_fault, whereabouts};
use super::pattern::{self, Captured, PathPattern};
use super::tree::Walk;
use crate::config::plan::FilesPlan;
use crate::domain::event::{Source, SourceId, SourceKind};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent};
use crate::sources::channel::{Feed, Stopped};

/// One input to read.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its source.
    pub id: SourceId,
    /// What that is.
    pub source: Arc<Source>,
    /// Where it is; `None` is standard input.
    pub path: Option<PathBuf>,
    /// Can be read only once, and may have to be waited for.
    pub stream: bool,
    /// The plan that asked for it.
    pub plan: Arc<FilesPlan>,
}

/// A source that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What it is.
    pub source: Arc<Source>,
    /// Its file, where there is one to read.
    pub path: Option<PathBuf>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// What is to be read.
    pub tasks: Vec<Task>,
    /// Every source that exists, also where it cannot be read.
    pub opened: Vec<Opened>,
}

/// Opens a source for every file of the plans. A file that several plans or links lead to is taken
/// once, for the first of them.
///
/// # Errors
/// When nobody reads the feed.
pub fn discover(plans: &[FilesPlan], feed: &Feed) -> Result<Found, Stopped> {
    Known::default().look(plans, feed, &|_| false)
}

/// The files that have been found.
#[derive(Default)]
pub struct Known {
    /// Where they are, whatever led there.
    files: HashSet<PathBuf>,
    names: HashSet<String>,
    /// It was looked before: what is missing has been told.
    told: bool,
}

impl Known {
    /// Opens a source for every file of the plans that was not known before, but for those to `skip`.
    ///
    /// # Errors
    /// When nobody reads the feed.
    pub fn look(
        &mut self,
        plans: &[FilesPlan],
        feed: &Feed,
        skip: &dyn Fn(&Path) -> bool,
    ) -> Result<Found, Stopped> {
        let mut search = Search {
            feed,
            known: self,
            skip,
            found: Found::default(),
        };
        for plan in plans {
            search.plan(&Arc::new(plan.clone()))?;
        }
        let found = search.found;
        self.told = true;
        Ok(found)
    }
}

/// Opens the source of standard input: of itself, or of the file that it was put into.
///
/// # Errors
/// When nobody reads the feed.
pub fn stdin(plan: &FilesPlan, feed: &Feed) -> Result<(Task, Opened), Stopped> {
    let source = Source {
        name: "stdin".into(),
        env: plan.env.clone(),
        region: "".into(),
        group: "".into(),
        kind: SourceKind::Stdin,
    };
    let id = feed.ids.source();
    let source = Arc::new(source);
    feed.send_blocking(FeedEvent::Opened(id, Arc::clone(&source)))?;
    let spooled = (plan.path != "-").then(|| PathBuf::from(&plan.path));
    let task = Task {
        id,
        source: Arc::clone(&source),
        stream: spooled.is_none(),
        path: spooled,
        plan: Arc::new(plan.clone()),
    };
    Ok((task, Opened { source, path: None }))
}

struct Search<'a> {
    feed: &'a Feed,
    known: &'a mut Known,
    skip: &'a dyn Fn(&Path) -> bool,
    found: Found,
}

impl Search<'_> {
    fn plan(&mut self, plan: &Arc<FilesPlan>) -> Result<(), Stopped> {
        let whole = absolute(plan);
        let literal = fs::metadata(&whole);
        match literal {
            Ok(metadata) if metadata.is_dir() => self.folder(plan, &whole),
            Ok(metadata) => self.file(plan, &whole, &Captured::default(), !metadata.is_file()),
            Err(error) if pattern::is_pattern(&plan.path) => self.pattern(plan, &whole, &error),
            Err(error) => self.missing(plan, &whole, &error),
        }
    }

    fn folder(&mut self, plan: &Arc<FilesPlan>, folder: &Path) -> Result<(), Stopped> {
        let before = self.found.tasks.len();
        let mut walk = Walk::default();
        walk.folder(folder, usize::MAX);
        for file in &walk.files {
            self.file(plan, file, &Captured::default(), false)?;
        }
        self.unreadable(plan, &walk)?;
        if self.found.tasks.len() == before && walk.files.is_empty() && walk.denied.is_empty() {
            let message = format!("{} holds no files", folder.display());
            let remedy = "Name a folder with log files in it; hidden files are passed over.";
            self.nothing(plan, FaultKind::Absent, message, remedy.to_owned())?;
        }
        Ok(())
    }

    fn pattern(
        &mut self,
        plan: &Arc<FilesPlan>,
        whole: &Path,
        error: &io::Error,
    ) -> Result<(), Stopped> {
        let (text, root) = rooted(plan);
        let compiled = match PathPattern::new(&text) {
            Ok(compiled) => compiled,
            Err(what) => {
                let message = format!("`{}` is not a path pattern: {what}", plan.path);
                let remedy = "Correct the pattern; a literal `[` is written `[[]`.".to_owned();
                return self.nothing(plan, FaultKind::Failed, message, remedy);
            }
        };
        let depth = if plan.path.contains("**") {
            usize::MAX
        } else {
            plan.path.matches('/').count() + 1
        };
        let mut walk = Walk::default();
        if root.is_dir() {
            walk.folder(&root, depth);
        }
        let mut found = false;
        for file in &walk.files {
            if let Some(captured) = compiled.captures(&file.to_string_lossy()) {
                found = true;
                self.file(plan, file, &captured, false)?;
            }
        }
        self.unreadable(plan, &walk)?;
        if found {
            Ok(())
        } else {
            self.missing(plan, whole, error)
        }
    }

    fn file(
        &mut self,
        plan: &Arc<FilesPlan>,
        path: &Path,
        captured: &Captured,
        stream: bool,
    ) -> Result<(), Stopped> {
        let canonical = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if self.known.files.contains(&canonical) || (self.skip)(path) {
            return Ok(());
        }
        self.known.files.insert(canonical);
        let configured = configured(plan, path);
        let (plan, captured) = match &configured {
            Some((plan, like)) if *captured == Captured::default() => (plan, like),
            _ => (plan, captured),
        };
        let (id, source) = self.open(plan, &self.name(plan, path), captured)?;
        if let Some(opened) = self.found.opened.last_mut() {
            opened.path = Some(path.to_owned());
        }
        self.found.tasks.push(Task {
            id,
            source,
            path: Some(path.to_owned()),
            stream,
            plan: plan.clone(),
        });
        Ok(())
    }

    /// As the user wrote it, relative to the same place; the whole path where that is taken.
    fn name(&self, plan: &FilesPlan, path: &Path) -> String {
        let short = if Path::new(&plan.path).is_absolute() {
            path
        } else {
            path.strip_prefix(&plan.base).unwrap_or(path)
        };
        let short = short.to_string_lossy();
        if self.known.names.contains(short.as_ref()) {
            return path.to_string_lossy().into_owned();
        }
        short.into_owned()
    }

    fn open(
        &mut self,
        plan: &FilesPlan,
        name: &str,
        captured: &Captured,
    ) -> Result<(SourceId, Arc<Source>), Stopped> {
        self.known.names.insert(name.to_owned());
        let text = |captured: &Option<String>| captured.as_deref().unwrap_or_default().into();
        let source = Source {
            name: name.into(),
            env: captured
                .env
                .as_deref()
                .map_or_else(|| plan.env.clone(), Into::into),
            region: text(&captured.region),
            group: text(&captured.group),
            kind: SourceKind::File,
        };
        let id = self.feed.ids.source();
        let source = Arc::new(source);
        self.feed
            .send_blocking(FeedEvent::Opened(id, Arc::clone(&source)))?;
        self.found.opened.push(Opened {
            source: Arc::clone(&source),
            path: None,
        });
        Ok((id, source))
    }

    fn unreadable(&mut self, plan: &Arc<FilesPlan>, walk: &Walk) -> Result<(), Stopped> {
        let denied = walk.denied.iter().filter(|_| !self.known.told);
        for (folder, error) in denied.collect::<Vec<_>>() {
            let (id, source) = self.open(plan, &self.name(plan, folder), &Captured::default())?;
            let fault = open_fault(&source.name, plan.explicit, error);
            self.end(id, fault)?;
        }
        Ok(())
    }

    fn missing(
        &mut self,
        plan: &Arc<FilesPlan>,
        whole: &Path,
        error: &io::Error,
    ) -> Result<(), Stopped> {
        if self.known.told {
            return Ok(());
        }
        if error.kind() != io::ErrorKind::NotFound {
            let fault = open_fault(&plan.path, plan.explicit, error);
            let (id, _) = self.open(plan, &plan.path, &Captured::default())?;
            return self.end(id, fault);
        }
        let kind = if plan.explicit {
            FaultKind::Failed
        } else {
            FaultKind::Absent
        };
        let what = if pattern::is_pattern(&plan.path) {
            "no file matches"
        } else {
            "there is no file"
        };
        let remedy = whereabouts(plan, whole);
        self.nothing(plan, kind, format!("{what} `{}`", plan.path), remedy)
    }

    fn nothing(
        &mut self,
        plan: &Arc<FilesPlan>,
        kind: FaultKind,
        message: String,
        remedy: String,
    ) -> Result<(), Stopped> {
        if self.known.told {
            return Ok(());
        }
        let (id, _) = self.open(plan, &plan.path, &Captured::default())?;
        if kind == FaultKind::Absent {
            self.found.opened.pop();
        }
        let fault = Fault {
            kind,
            message,
            remedy,
        };
        self.end(id, fault)
    }

    fn end(&self, id: SourceId, fault: Fault) -> Result<(), Stopped> {
        self.feed.send_blocking(FeedEvent::Fault(id, fault))?;
        self.feed.send_blocking(FeedEvent::Ended(id, End::Nothing))
    }
}

/// How the configuration would read a file that was given by hand, if one of its paths leads there.
fn configured(plan: &FilesPlan, path: &Path) -> Option<(Arc<FilesPlan>, Captured)> {
    plan.like.iter().find_map(|like| {
        let pattern = PathPattern::new(&rooted(like).0).ok()?;
        let captured = pattern.captures(&path.to_string_lossy())?;
        let plan = FilesPlan {
            path: plan.path.clone(),
            base: plan.base.clone(),
            explicit: plan.explicit,
            ..like.clone()
        };
        Some((Arc::new(plan), captured))
    })
}

/// The path of a plan, from the root.
fn absolute(plan: &FilesPlan) -> PathBuf {
    let path = plan.base.join(&plan.path);
    std::path::absolute(&path).unwrap_or(path)
}

/// The pattern of a plan from the root, and the folder to look below. The folder it is relative to
/// is taken as it is, whatever its name.
fn rooted(plan: &FilesPlan) -> (String, PathBuf) {
    let base = std::path::absolute(&plan.base).unwrap_or_else(|_| plan.base.clone());
    let path = plan.path.strip_prefix("./").unwrap_or(&plan.path);
    let root = base.join(pattern::fixed_part(path));
    if Path::new(path).is_absolute() {
        return (path.to_owned(), root);
    }
    let escaped = globset::escape(&base.to_string_lossy());
    (format!("{}/{path}", escaped.trim_end_matches('/')), root)
}
