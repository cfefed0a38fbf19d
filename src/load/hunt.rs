//! One hunt: started, watched, cancelled. Shared by `lastseen hunt` and the dashboard.
//!
//! It runs beside a load and never touches its ledger: what it finds is for a person to judge.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_channel::{Receiver, Sender};

use crate::config::plan::Plan;
use crate::domain::hunt::{Budget, Hunt, Target};
use crate::domain::time::{Span, Timestamp};
use crate::sources::cloudwatch::hunt as cloud;
use crate::sources::cloudwatch::settings::Settings;
use crate::sources::files::hunt as files;
use crate::sources::hunt::Tally;

/// What is searched in the cloud where no time is given, in milliseconds.
const DEFAULT_MS: i64 = 24 * 3_600_000;
/// Far less patience than for a load: a hunt asks in many places that are of no interest.
const ATTEMPTS: u32 = 3;
const SILENT_ATTEMPTS: u32 = 2;
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// What a hunt is to do.
#[derive(Clone, Debug, Default)]
pub struct HuntRequest {
    /// What is hunted for.
    pub targets: Vec<Target>,
    /// The time to search; `None`: the last day in the cloud, and all that files hold.
    pub window: Option<Span>,
    /// Only these regions; empty: every one there is.
    pub regions: Vec<String>,
    /// What it may spend.
    pub budget: Budget,
    /// Count every mention instead of stopping at evidence enough.
    pub all_hits: bool,
    /// What the run has read; `None` where there is no run.
    pub loaded: Option<Vec<Loaded>>,
    /// Search that again too.
    pub again: bool,
}

/// Environment, region and log group of a source; `222233334444:/acme/x` where it is in another
/// account than the credentials.
pub type Loaded = (Arc<str>, Arc<str>, Arc<str>);

/// A hunt that runs, or has run.
pub struct Hunting {
    tally: Arc<Tally>,
    /// Closed when nothing more will come.
    done: Receiver<()>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Hunting {
    /// Starts the hunt in everything that the plan can reach, and returns at once.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub fn start(plan: &Plan, request: &HuntRequest, clock: fn() -> Timestamp) -> io::Result<Self> {
        let settings = Settings {
            attempts: ATTEMPTS,
            silent_attempts: SILENT_ATTEMPTS,
            attempt_timeout: ATTEMPT_TIMEOUT,
            ..Settings::default()
        };
        Self::start_with(plan, request, clock, settings)
    }

    /// [`Hunting::start`] with other numbers.
    ///
    /// # Errors
    /// As there.
    pub fn start_with(
        plan: &Plan,
        request: &HuntRequest,
        clock: fn() -> Timestamp,
        settings: Settings,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let asked_at = clock();
        let window = request.window.unwrap_or(Span {
            from: asked_at.plus(-DEFAULT_MS),
            to: asked_at,
        });
        let in_cloud = !plan.environments.is_empty();
        let shown = if in_cloud {
            Some(window)
        } else {
            request.window
        };
        let tally = Arc::new(Tally::new(request.targets.clone(), shown, request.budget));
        let ask = cloud::Ask {
            window,
            asked_at,
            regions: request.regions.clone(),
            loaded: request.loaded.clone().unwrap_or_default(),
            again: request.again,
            all_hits: request.all_hits,
        };
        let cloud = in_cloud
            .then(|| cloud::spawn(&plan.environments, ask, &tally, runtime.handle(), settings));
        let files = Self::files(plan, request, &tally);
        let (end, done) = async_channel::bounded(1);
        runtime.spawn(supervise(Arc::clone(&tally), cloud, files, end));
        Ok(Self {
            tally,
            done,
            runtime: Some(runtime),
        })
    }

    fn files(
        plan: &Plan,
        request: &HuntRequest,
        tally: &Arc<Tally>,
    ) -> Option<impl Future<Output = ()> + Send + 'static> {
        // What a run has read from standard input is gone, unless it was put into a file.
        let there = request.loaded.is_none() || plan.spooled.is_some();
        let stdin = plan.stdin.clone().filter(|_| there);
        if plan.files.is_empty() && stdin.is_none() {
            return None;
        }
        let ask = files::Ask {
            plans: plan.files.clone(),
            stdin,
            window: request.window,
            pipelines: plan.pipelines.clone(),
            loaded: request.loaded.is_some(),
            again: request.again,
        };
        let threads = thread::available_parallelism().map_or(2, usize::from);
        let reports = files::read(&ask, threads);
        Some(files::search(ask, reports, Arc::clone(tally)))
    }

    /// The hunt as far as it has come.
    #[must_use]
    pub fn snapshot(&self) -> Hunt {
        self.tally.snapshot()
    }

    /// Changes whenever a snapshot would.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.tally.version()
    }

    /// Ends it; what was found stays, and is told to be a part.
    pub fn cancel(&self) {
        self.tally.cancel();
    }

    /// Waits until nothing more will come.
    pub fn wait(&self) {
        while self.done.recv_blocking().is_ok() {}
    }

    /// The same for a task.
    pub async fn finished(&self) {
        while self.done.recv().await.is_ok() {}
    }
}

impl Drop for Hunting {
    fn drop(&mut self) {
        self.tally.cancel();
        if let Some(runtime) = self.runtime.take() {
            // A request that hangs must not keep the program from ending.
            runtime.shutdown_background();
        }
    }
}

/// Closes the books when both searches have ended, or one was cancelled.
async fn supervise(
    tally: Arc<Tally>,
    cloud: Option<tokio::task::JoinHandle<()>>,
    files: Option<impl Future<Output = ()>>,
    end: Sender<()>,
) {
    let files = async {
        if let Some(files) = files {
            tokio::select! {
                () = files => {}
                () = tally.cancelled() => {}
            }
        }
    };
    let cloud = async {
        if let Some(cloud) = cloud {
            // A panic there leaves its places in the books as not searched.
            let _ = cloud.await;
        }
    };
    tokio::join!(files, cloud);
    tally.finish();
    end.close();
}
