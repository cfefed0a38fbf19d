//! Reads a fleet from the scripted service and judges it, looking at the answers all the while.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use lastseen::config::plan::EnvironmentPlan;
use lastseen::domain::feed::{Fault, FeedEvent};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::{Overview, SourceState};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::settings::Settings;
use lastseen::sources::cloudwatch::{Request, spawn};
use lastseen::sources::spool::Spool;

use super::emulator::SECRET;
use super::engine::{Engine, pipelines};
use super::fake_cloudwatch::FakeCloudWatch;
use super::fleet::{ENVIRONMENTS, FROM, Fleet, NOW, Order, PIPELINE, REGIONS};
use super::reading::environment;

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Judged {
    /// The last verdict on every order that was seen.
    pub(crate) verdicts: BTreeMap<Order, Verdict>,
    /// Every order that was lost in any picture on the way.
    pub(crate) ever_lost: BTreeSet<Order>,
    /// The last picture.
    pub(crate) overview: Arc<Overview>,
}

impl Judged {
    /// The orders with this verdict.
    pub(crate) fn with(&self, verdict: Verdict) -> BTreeSet<Order> {
        let all = self.verdicts.iter().filter(|(_, v)| **v == verdict);
        all.map(|(order, _)| order.clone()).collect()
    }

    /// How many events were read from a source, and what went wrong with it.
    pub(crate) fn events(&self, source: &str) -> (usize, &[Fault]) {
        let mut all = self.overview.sources.iter();
        all.find(|s| &*s.source.name == source)
            .map_or((0, &[]), |s| (s.events as usize, &s.faults))
    }
}

/// Quick settings, with a profile for each environment.
pub(crate) fn settings() -> Settings {
    Settings {
        backoff: Duration::from_micros(200),
        longest_backoff: Duration::from_millis(2),
        throttle_pause: Duration::from_micros(500),
        slowest: 5_000.0,
        silence: Duration::from_millis(5),
        profiles: Some(profiles()),
        ..Settings::default()
    }
}

/// A configuration file with a profile for each environment.
pub(crate) fn profiles() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("aws-config-of-the-fleet");
    let mut text = String::new();
    for (env, account) in ENVIRONMENTS {
        write!(
            text,
            "[profile fleet-{env}]\naws_access_key_id = AKIA{account}\naws_secret_access_key = {SECRET}\n"
        )
        .unwrap();
    }
    // Written whole and then moved, because tests run side by side.
    let unique = format!("aws-config-fleet-{:?}", std::thread::current().id());
    let draft = path.with_file_name(unique);
    std::fs::write(&draft, text).unwrap();
    std::fs::rename(&draft, &path).unwrap();
    path
}

/// Both environments behind `url`.
pub(crate) fn environments(url: &str) -> Vec<EnvironmentPlan> {
    let plan = |(env, _)| EnvironmentPlan {
        profile: Some(format!("fleet-{env}")),
        ..environment(env, url, &REGIONS, &["/fleet/{env}/*"])
    };
    ENVIRONMENTS.into_iter().map(plan).collect()
}

/// What is asked for; `ahead` is how much too late whoever asks takes it to be.
pub(crate) fn request(ahead: i64) -> Request {
    Request {
        window: Span::new(Timestamp(FROM), Timestamp(NOW + ahead)),
        margin_ms: 0,
        asked_at: Timestamp(NOW + ahead),
    }
}

/// Reads both environments to the end. After every report, `look` sees the picture and may say that
/// it has seen enough.
pub(crate) fn judge(
    runtime: &Runtime,
    fake: &FakeCloudWatch,
    request: Request,
    settings: Settings,
    mut look: impl FnMut(&Overview) -> bool,
) -> Judged {
    let mut engine = Engine::new(pipelines(PIPELINE).unwrap(), Some(request.window));
    let (feed, reports) = Feed::new(4);
    let stopper = feed.stopper();
    let tasks = spawn(
        &environments(fake.url()),
        request,
        &feed,
        Spool::new(&feed).unwrap(),
        runtime.handle(),
        settings,
    );
    drop(feed);
    let (mut ever_lost, mut before, mut pages) = (BTreeSet::new(), 0, 0);
    while let Ok(report) = reports.recv_blocking() {
        // Nothing else changes a verdict; of the pages every other one will do.
        let telling = match report {
            FeedEvent::Batch(_) => {
                pages += 1;
                pages % 2 == 0
            }
            FeedEvent::Covered(..) | FeedEvent::Ended(..) => true,
            _ => false,
        };
        engine.take(report);
        if !telling {
            continue;
        }
        engine.refresh();
        let overview = engine.overview();
        let lost = lost(&overview);
        if lost != before {
            ever_lost.extend(verdicts(&engine, &[Verdict::Lost]).into_keys());
            before = lost;
        }
        if look(&overview) {
            stopper.stop();
        }
    }
    for task in tasks {
        runtime.block_on(task).unwrap();
    }
    engine.close();
    engine.refresh();
    ever_lost.extend(verdicts(&engine, &[Verdict::Lost]).into_keys());
    Judged {
        verdicts: verdicts(&engine, &[]),
        ever_lost,
        overview: engine.overview(),
    }
}

fn lost(overview: &Overview) -> u64 {
    let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
    environments.map(|env| env.counts.of(Verdict::Lost)).sum()
}

/// The orders with any of these verdicts; all of them, if none is named.
fn verdicts(engine: &Engine, any: &[Verdict]) -> BTreeMap<Order, Verdict> {
    let mut verdicts = BTreeMap::new();
    for row in engine.messages_with(any) {
        let env = ENVIRONMENTS.iter().find(|(env, _)| **env == *row.env);
        let order = (env.map_or("", |(env, _)| *env), row.id);
        assert!(verdicts.insert(order, row.verdict).is_none(), "an id twice");
    }
    verdicts
}

/// Whether every source outside this region has been read, or will not be.
pub(crate) fn others_ended(fleet: &Fleet, overview: &Overview, region: &str) -> bool {
    let ended = overview
        .sources
        .iter()
        .filter(|s| s.state != SourceState::Loading);
    let ended = ended.filter(|s| &*s.source.region != region).count();
    ended == fleet.places().filter(|place| place.1 != region).count()
}
