//! The look at log groups: their newest pages, until enough is seen.
//!
//! Pages go where the run would have put them, so that it goes on from there and fetches none again.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use super::looker::Looker;
use crate::config::plan::Plan;
use crate::domain::event::{Source, SourceId};
use crate::domain::feed::FeedEvent;
use crate::load::keeping::Keeping;
use crate::load::{Clock, tasks};
use crate::sources::channel::Feed;
use crate::sources::cloudwatch;
use crate::sources::cloudwatch::settings::Settings;

/// Reports that fit between the sources and the look.
const CHANNEL: usize = 4;
/// So many log events of each log group are enough, where every other has told as many or has no more.
const ENOUGH: u64 = 20_000;
/// So many of all together are enough in any case.
const ENOUGH_OF_ALL: u64 = 400_000;

/// Looks at the log groups of a plan.
pub(super) fn look(
    plan: &Plan,
    clock: Clock,
    looker: &mut Looker,
    progress: &mut dyn FnMut(u64),
) -> io::Result<()> {
    let Some(runtime) = tasks::runtime(plan)? else {
        return Ok(());
    };
    let (feed, receiver) = Feed::new(CHANNEL);
    let keep = Keeping::default().place(&plan.case, &feed, Box::new(|_, _| {}))?;
    let (request, settings) = (tasks::request(plan, clock()), Settings::default());
    let tasks = cloudwatch::spawn(
        &plan.environments,
        request,
        &feed,
        keep,
        runtime.handle(),
        settings,
    );
    let stopper = feed.stopper();
    drop(feed);
    let mut known: HashMap<SourceId, (Arc<Source>, u64)> = HashMap::new();
    let mut ended: HashSet<SourceId> = HashSet::new();
    while let Ok(event) = receiver.recv_blocking() {
        match event {
            FeedEvent::Opened(id, source) => {
                looker.source(&source);
                known.insert(id, (source, 0));
            }
            FeedEvent::Batch(batch) => {
                if let Some((source, events)) = known.get_mut(&batch.source) {
                    *events += batch.events.len() as u64;
                    looker.batch(source, &batch);
                    progress(looker.passed);
                }
            }
            FeedEvent::Fault(_, fault) => looker.faults.push(fault),
            FeedEvent::Ended(id, _) => {
                ended.insert(id);
            }
            _ => {}
        }
        let seen =
            |(id, (_, events)): (&SourceId, &(_, u64))| *events >= ENOUGH || ended.contains(id);
        let each = looker.passed >= ENOUGH && known.iter().all(seen);
        if looker.passed >= ENOUGH_OF_ALL || each {
            stopper.stop();
        }
    }
    runtime.block_on(async {
        for task in tasks {
            // What panics there has told so, and the case is free for the run only behind its end.
            let _told = task.await;
        }
    });
    Ok(())
}
