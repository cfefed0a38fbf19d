//! The real machine: what the command line starts when it is a program and not a test.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::complain::Complaint;
use super::exit::ExitStatus;
use super::log_file;
use super::machine::{DemoRequest, Machine, Run};
use crate::clock;
use crate::domain::view::Overview;
use crate::load::Investigation;
use crate::load::answers::Answers;
use crate::runtime;
use crate::sources::demo::incident::{Incident, Options, incident};
use crate::sources::demo::variant::Variant;

/// How often the progress of a load is shown.
const PROGRESS: Duration = Duration::from_millis(200);

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
        started.map_err(|error| {
            Complaint::new(
                format!("the load cannot begin: {error}"),
                "free some threads or memory",
            )
        })
    }
}

impl Machine for Process {
    fn load(
        &self,
        run: &Run,
        progress: &mut dyn FnMut(&Overview),
    ) -> Result<Arc<dyn Answers>, Complaint> {
        let investigation = Self::start(run)?;
        investigation.wait(PROGRESS, progress);
        Ok(Arc::new(investigation))
    }

    fn dashboard(&self, run: &Run) -> Result<ExitStatus, Complaint> {
        let options = runtime::Options {
            title: title(run),
            theme: run.theme.clone(),
            no_color: !run.colour,
            tz: Some(run.zone),
            clock: clock::now,
        };
        runtime::run(Arc::new(Self::start(run)?), &options)
            .map_err(|error| Complaint::new(format!("{error:#}"), ""))?;
        Ok(ExitStatus::NothingLost)
    }

    fn demo_config(&self, request: &DemoRequest) -> String {
        made(request).map_or_else(|_| String::new(), |incident| incident.config().to_owned())
    }

    fn write_demo(&self, request: &DemoRequest, folder: &Path) -> Result<(), Complaint> {
        made(request)?.write(folder).map_err(|error| {
            let folder = folder.display();
            Complaint::new(
                format!("{folder} cannot be written: {error}"),
                "name another folder",
            )
        })
    }
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
