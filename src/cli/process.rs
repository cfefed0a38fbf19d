//! The real machine: what the command line starts when it is a program and not a test.

use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::{NamedTempFile, TempPath};
use tokio::signal::unix::{SignalKind, signal};

use super::complain::Complaint;
use super::exit::ExitStatus;
use super::log_file;
use super::machine::{DemoRequest, Machine, Run};
use crate::case::place::NoPlace;
use crate::clock;
use crate::config::plan::{CasePlan, Plan};
use crate::domain::hunt::Hunt;
use crate::load::Investigation;
use crate::load::again::Again;
use crate::load::answers::Answers;
use crate::load::hunt::{HuntRequest, Hunting};
use crate::load::look::{self, Looked};
use crate::runtime;
use crate::runtime::session::SessionFile;
use crate::sources::cloudwatch::reach;
use crate::sources::cloudwatch::reach::picture::Reach;
use crate::sources::cloudwatch::reach::who::{self, Ask};
use crate::sources::cloudwatch::settings::Settings;
use crate::sources::demo::incident::{Incident, Options, incident};
use crate::sources::demo::variant::Variant;

/// How often the progress of a load is shown.
const PROGRESS: Duration = Duration::from_millis(200);
/// So many bytes of standard input are put away at a time.
const SPOOLED: u64 = 1 << 20;

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct Process;

impl Process {
    fn start(run: &Run) -> Result<Investigation, Complaint> {
        if let Some(path) = &run.log_file {
            log_file::open(path)?;
        }
        let started = match &run.incident {
            Some(request) => Investigation::start_demo(&run.plan, made(request)?, clock::now),
            None => Investigation::start(&run.plan, clock::now),
        };
        let started = started.map_err(|error| {
            let none = error.get_ref().and_then(|e| e.downcast_ref());
            none.map_or_else(
                || no_threads(&error),
                |NoPlace { message, remedy }| Complaint::new(message, remedy),
            )
        })?;
        if let Some(key) = started.secret() {
            run.share.0.belongs_to_case(key);
        }
        Ok(started)
    }
}

impl Machine for Process {
    fn load(
        &self,
        run: &Run,
        progress: &mut dyn FnMut(&dyn Answers),
    ) -> Result<Arc<dyn Answers>, Complaint> {
        let investigation = Self::start(run)?;
        progress(&investigation);
        investigation.wait(PROGRESS, |_| progress(&investigation));
        Ok(Arc::new(investigation))
    }

    fn look(&self, plan: &Plan, progress: &mut dyn FnMut(u64)) -> io::Result<Looked> {
        look::look(plan, clock::now, progress)
    }

    fn spool(&self, progress: &mut dyn FnMut(u64)) -> io::Result<TempPath> {
        let mut file = NamedTempFile::with_prefix("lastseen-")?;
        let mut input = io::stdin().lock();
        let mut whole = 0;
        loop {
            let read = io::copy(&mut input.by_ref().take(SPOOLED), &mut file)?;
            if read == 0 {
                return Ok(file.into_temp_path());
            }
            whole += read;
            progress(whole);
        }
    }

    fn hunt(
        &self,
        run: &Run,
        request: &HuntRequest,
        progress: &mut dyn FnMut(&Hunt),
    ) -> Result<Hunt, Complaint> {
        let cannot = |error: io::Error| {
            let message = format!("the hunt cannot begin: {error}");
            Complaint::new(message, "free some threads or memory")
        };
        if let Some(path) = &run.log_file {
            log_file::open(path)?;
        }
        let hunting = Hunting::start(&run.plan, request, clock::now).map_err(cannot)?;
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot)?
            .block_on(watched(&hunting, progress))
            .map_err(cannot)?;
        Ok(hunting.snapshot())
    }

    fn dashboard(&self, run: &Run) -> Result<ExitStatus, Complaint> {
        let investigation = Self::start(run)?;
        let notices = investigation.notices();
        let planner = run
            .learnt
            .as_ref()
            .and_then(|learnt| learnt.planner.clone());
        let answers: Arc<dyn Answers> = match planner {
            Some(planner) => Arc::new(Again::new(investigation, planner, clock::now)),
            None => Arc::new(investigation),
        };
        let options = runtime::Options {
            title: title(run),
            config: run.config.clone(),
            notice: (!notices.is_empty()).then(|| notices.join("; ")),
            look: run.look.clone()?,
            share: run.share.clone(),
            zones: vec![run.local, run.zone],
            keys: Arc::clone(&run.keys),
            session: SessionFile::of_user(&about(run)),
            resume: run.session,
            learnt: run.learnt.as_ref().map(|learnt| learnt.basis.clone()),
            profiles: profiles(run),
            clock: clock::now,
        };
        runtime::run(answers, &options)
            .map_err(|error| Complaint::new(format!("{error:#}"), ""))?;
        Ok(ExitStatus::NothingLost)
    }

    fn reach(
        &self,
        ask: &Ask,
        progress: &mut dyn FnMut(who::Progress),
    ) -> Result<Reach, Complaint> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| no_threads(&error))?;
        let found = runtime.block_on(reach::reach(ask, Settings::default(), progress));
        // A request that hangs must not keep the program from going on.
        runtime.shutdown_background();
        Ok(found)
    }

    fn typed(&self) -> Option<String> {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line).unwrap_or(0);
        (read > 0).then_some(line)
    }

    fn demo_config(&self, request: &DemoRequest) -> String {
        made(request).map_or_else(|_| String::new(), |incident| incident.config().to_owned())
    }

    fn write_demo(&self, request: &DemoRequest, folder: &Path) -> Result<u64, Complaint> {
        made(request)?.write(folder).map_err(|error| {
            let folder = folder.display();
            Complaint::new(
                format!("{folder} cannot be written: {error}"),
                "name another folder",
            )
        })
    }
}

fn no_threads(error: &io::Error) -> Complaint {
    Complaint::new(
        format!("reading cannot begin: {error}"),
        "free some threads or memory",
    )
}

/// Waits for the end of a hunt; an interrupt ends it, and what was found is kept.
async fn watched(hunting: &Hunting, progress: &mut dyn FnMut(&Hunt)) -> io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    loop {
        tokio::select! {
            () = hunting.finished() => return Ok(()),
            _ = interrupt.recv() => hunting.cancel(),
            _ = terminate.recv() => hunting.cancel(),
            () = tokio::time::sleep(PROGRESS) => progress(&hunting.snapshot()),
        }
    }
}

/// The profile of each environment, for whoever wants to ask the same of AWS by hand.
fn profiles(run: &Run) -> Vec<(Arc<str>, String)> {
    let planned = run.plan.environments.iter();
    let planned = planned.filter_map(|env| Some((Arc::clone(&env.name), env.profile.clone()?)));
    planned.chain(run.profiles.iter().cloned()).collect()
}

/// What is being looked at, to tell sessions apart: where, not when.
fn about(run: &Run) -> String {
    let plan = &run.plan;
    let environments = plan.environments.iter();
    let environments = environments.map(|e| format!("{}:{:?}:{:?}", e.name, e.profile, e.regions));
    let files = plan
        .files
        .iter()
        .map(|f| f.base.join(&f.path).display().to_string());
    let case = match &plan.case {
        CasePlan::Reopen(path) => Some(path.display().to_string()),
        _ => None,
    };
    let demo = run.incident.as_ref().map(|demo| format!("{demo:?}"));
    let parts = environments.chain(files).chain(case).chain(demo);
    parts.collect::<Vec<_>>().join("\n")
}

/// What is being looked at, in a few words.
fn title(run: &Run) -> String {
    if let Some(request) = &run.incident {
        let variant = match request.variant {
            Variant::Usual => String::new(),
            other => format!(" ({})", other.word()),
        };
        return format!("demo: {}{variant}", request.incident);
    }
    if let CasePlan::Reopen(path) = &run.plan.case {
        let name = path.file_stem().unwrap_or_default();
        return name.to_string_lossy().into_owned();
    }
    let environments = run.plan.environments.iter().map(|e| e.name.to_string());
    let files = run.plan.files.iter().map(|f| f.path.clone());
    let stdin = run.plan.stdin.iter().map(|_| "standard input".to_owned());
    let names: Vec<String> = environments.chain(files).chain(stdin).collect();
    names.join(", ")
}

fn made(request: &DemoRequest) -> Result<Incident, Complaint> {
    let usual = Options::usual(&request.incident);
    let options = Options {
        seed: request.seed.unwrap_or(usual.seed),
        messages: request.messages.unwrap_or(usual.messages),
        variant: request.variant,
        ..usual
    };
    incident(&request.incident, &options)
        .ok_or_else(|| Complaint::new(format!("there is no incident `{}`", request.incident), ""))
}
