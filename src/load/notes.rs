//! Where the timeline of a run is kept: in its case; beside it, while another program writes that; in
//! a file of the user's for what has no case.
//!
//! Nothing that somebody wrote is dropped for a disk that is full: it is told, kept in memory, and
//! tried again.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use super::lock::lock;
use super::notebook::{Notebook, Noted};
use crate::case::book::Book;
use crate::case::kept::CaseFile;
use crate::config::plan::{CasePlan, Plan};
use crate::domain::timeline::{Change, Kept, Timeline};

const THE_CASE: &str = "the case";
const NO_FOLDER: &str = "there is no folder for it: set HOME";

/// Where a run's timeline belongs.
enum Home {
    /// In the case that the run writes.
    Run,
    /// In a case that is only looked at.
    Case(Book),
    /// In a file of its own.
    Own,
    /// Nowhere: the user wants nothing kept.
    Nowhere,
}

/// The notebook of a real run.
pub(super) struct Notes {
    state: Mutex<State>,
    /// The case that the run writes.
    case: OnceLock<Arc<CaseFile>>,
    writer: u32,
}

struct State {
    home: Home,
    /// The file beside the home, or of its own.
    beside: Option<Book>,
    /// What the home holds; what it and the file beside it hold; and with what could not be written.
    at_home: Timeline,
    written: Timeline,
    known: Timeline,
    number: u64,
    kept: Kept,
    told: bool,
    /// How often somebody asked for news.
    asked: u32,
}

/// Every so many times that news are asked for the files are looked at: others write seldom, and a
/// case that a run writes changes all the time.
const LOOK: u32 = 8;

impl Notes {
    /// The notebook of what `plan` reads; `demo` names the built-in incident that is read instead.
    pub(super) fn new(plan: &Plan, demo: Option<&str>) -> Self {
        let home = match &plan.case {
            CasePlan::Write(_) => Home::Run,
            CasePlan::Reopen(path) => Home::Case(Book::of_case(path)),
            CasePlan::None if demo.is_none() && !plan.environments.is_empty() => Home::Nowhere,
            CasePlan::None => Home::Own,
        };
        let beside = match home {
            Home::Case(_) | Home::Own => Book::own(&about(plan, demo)),
            Home::Run | Home::Nowhere => None,
        };
        let kept = usual(&home, beside.as_ref());
        Self {
            state: Mutex::new(State {
                home,
                beside,
                at_home: Timeline::default(),
                written: Timeline::default(),
                known: Timeline::default(),
                number: 0,
                kept,
                told: false,
                asked: 0,
            }),
            case: OnceLock::new(),
            writer: RandomState::new().hash_one(demo) as u32,
        }
    }

    /// The run writes this case.
    pub(super) fn belongs_to(&self, case: &Arc<CaseFile>) {
        let mut state = lock(&self.state);
        for change in case.notes() {
            state.at_home.apply(change.clone());
        }
        // A run has one case.
        let _ = self.case.set(Arc::clone(case));
    }

    /// The run writes no case after all.
    pub(super) fn has_no_case(&self, plan: &Plan) {
        let mut state = lock(&self.state);
        state.home = Home::Own;
        state.beside = Book::own(&about(plan, None));
        state.kept = usual(&state.home, state.beside.as_ref());
    }
}

/// Where it is kept as long as nothing goes wrong.
fn usual(home: &Home, beside: Option<&Book>) -> Kept {
    match (home, beside) {
        (Home::Nowhere, _) => Kept::Nowhere("--no-case: it ends with the program".to_owned()),
        (Home::Run | Home::Case(_), _) => Kept::In(THE_CASE.to_owned()),
        (Home::Own, Some(book)) => Kept::In(book.path().display().to_string()),
        (Home::Own, None) => Kept::Nowhere(NO_FOLDER.to_owned()),
    }
}

/// What is read, in words that are the same whenever it is read again.
fn about(plan: &Plan, demo: Option<&str>) -> String {
    if let Some(demo) = demo {
        return format!("demo {demo}");
    }
    if let CasePlan::Reopen(path) = &plan.case {
        let path = path.canonicalize().unwrap_or_else(|_| path.clone());
        return path.display().to_string();
    }
    let environments = plan.environments.iter();
    let environments = environments.map(|env| format!("{} {:?}", env.name, env.regions));
    let files = plan.files.iter();
    let files = files.map(|files| files.base.join(&files.path).display().to_string());
    let stdin = plan.stdin.iter().map(|_| "-".to_owned());
    let all: Vec<String> = environments.chain(files).chain(stdin).collect();
    all.join("\n")
}

impl State {
    /// Takes in what other programs wrote; true where that is news.
    fn look(&mut self) -> bool {
        let before = self.known.clone();
        let mut read = Ok(false);
        if let Home::Case(book) = &mut self.home {
            read = book.read(&mut self.at_home);
        }
        if let Some(book) = &mut self.beside {
            read = read.and(book.read(&mut self.written));
        }
        if let Err(error) = read {
            tracing::warn!(%error, "the timeline cannot be read");
        }
        self.written.merge(&self.at_home);
        self.known.merge(&self.written);
        self.known != before
    }

    /// Writes down what is not written yet; says where it all is.
    fn save(&mut self, case: Option<&Arc<CaseFile>>) -> Kept {
        let missing: Vec<Change> = self.known.beyond(&self.at_home).cloned().collect();
        let tried = match &mut self.home {
            Home::Nowhere => return self.kept.clone(),
            Home::Run => match case {
                Some(case) => into_case(case, missing, &mut self.at_home),
                None => Err("the case is not there yet".to_owned()),
            },
            Home::Case(book) => into_book(book, &missing, &mut self.at_home),
            Home::Own => Err(String::new()),
        };
        self.written.merge(&self.at_home);
        let Err(why) = tried else {
            return Kept::In(THE_CASE.to_owned());
        };
        let Some(book) = &mut self.beside else {
            let why = Some(why).filter(|why| !why.is_empty());
            return Kept::Nowhere(why.unwrap_or_else(|| NO_FOLDER.to_owned()));
        };
        let missing: Vec<Change> = self.known.beyond(&self.written).cloned().collect();
        let path = book.path().display().to_string();
        match into_book(book, &missing, &mut self.written) {
            Err(other) if why.is_empty() => Kept::Nowhere(other),
            Err(other) => Kept::Nowhere(format!("{why}; {other}")),
            Ok(()) if why.is_empty() => Kept::In(path),
            Ok(()) => Kept::Beside(path, why),
        }
    }
}

/// A case takes changes one by one: those that it has taken stay.
fn into_case(case: &CaseFile, changes: Vec<Change>, held: &mut Timeline) -> Result<(), String> {
    for change in changes {
        case.note(&change)?;
        held.apply(change);
    }
    Ok(())
}

fn into_book(book: &mut Book, changes: &[Change], held: &mut Timeline) -> Result<(), String> {
    if changes.is_empty() {
        return Ok(());
    }
    let name = book.path().file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    book.append(changes, held)
        .map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => format!("{name} is being written by another lastseen"),
            _ => format!("{name} cannot be written: {error}"),
        })
}

impl Notebook for Notes {
    fn write(&self, number: u64, change: &Change) {
        let mut state = lock(&self.state);
        state.look();
        state.known.apply(change.clone());
        state.kept = state.save(self.case.get());
        state.look();
        state.number = number;
        state.told = false;
    }

    fn news(&self) -> Option<Noted> {
        let mut state = lock(&self.state);
        let due = state.asked.is_multiple_of(LOOK);
        let mut changed = due && state.look();
        state.asked = state.asked.wrapping_add(1);
        // What could not be written is tried again; what is beside goes home with the next change.
        if due && matches!(state.kept, Kept::Nowhere(_)) && state.number > 0 {
            let kept = state.save(self.case.get());
            changed |= std::mem::replace(&mut state.kept, kept.clone()) != kept;
        }
        if std::mem::replace(&mut state.told, true) && !changed {
            return None;
        }
        Some(Noted {
            timeline: state.known.clone(),
            number: state.number,
            kept: state.kept.clone(),
            writer: self.writer,
        })
    }

    fn timeline(&self) -> Timeline {
        let mut state = lock(&self.state);
        state.look();
        state.known.clone()
    }
}
