//! The threads that read: first every file gets one, then those without help the others.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::discover::{self, Found, Known, Opened, Task};
use super::follow::Follower;
use super::holes;
use super::newest::Newest;
use super::reading::{Pause, Reading};
use super::series::File;
use super::sieve::Sieve;
use crate::config::plan::FilesPlan;
use crate::domain::event::SourceId;
use crate::sources::channel::{Feed, Stopped};

/// What is to be read.
struct Input {
    plans: Vec<FilesPlan>,
    stdin: Option<FilesPlan>,
}

/// The work that threads share.
struct Pool {
    feed: Feed,
    /// In following.
    newest: Option<Arc<Newest>>,
    /// For a look at a part of it.
    sieve: Option<Arc<Sieve>>,
    work: Mutex<Work>,
    changed: Condvar,
}

#[derive(Default)]
struct Work {
    /// Every source is opened: reading may begin.
    ready: bool,
    waiting: VecDeque<Task>,
    /// Files being opened.
    opening: usize,
    /// Threads that read.
    reading: usize,
    /// What was read of each file, by source.
    files: BTreeMap<SourceId, File>,
    active: Vec<Arc<Reading>>,
    /// Read to their present end.
    idle: Vec<Arc<Reading>>,
}

/// Starts reading on `threads` threads (at least one), which end with the input.
pub fn spawn(
    plans: &[FilesPlan],
    stdin: Option<&FilesPlan>,
    follow: bool,
    threads: usize,
    feed: &Feed,
) -> Vec<JoinHandle<()>> {
    spawn_telling(plans, stdin, follow, threads, feed, |_| {})
}

/// The same; `found` is told every source, before the first is read.
pub fn spawn_telling(
    plans: &[FilesPlan],
    stdin: Option<&FilesPlan>,
    follow: bool,
    threads: usize,
    feed: &Feed,
    found: impl FnOnce(Vec<Opened>) + Send + 'static,
) -> Vec<JoinHandle<()>> {
    let input = Input {
        plans: plans.to_vec(),
        stdin: stdin.cloned(),
    };
    let pool = Pool {
        feed: feed.clone(),
        newest: follow.then(Arc::default),
        sieve: None,
        work: Mutex::default(),
        changed: Condvar::new(),
    };
    run(pool, input, threads, found)
}

/// Reads files for somebody who only looks around: what `sieve` leaves out is not decoded.
pub fn spawn_sieved(
    plans: &[FilesPlan],
    stdin: Option<&FilesPlan>,
    sieve: &Arc<Sieve>,
    threads: usize,
    feed: &Feed,
) -> Vec<JoinHandle<()>> {
    let input = Input {
        plans: plans.to_vec(),
        stdin: stdin.cloned(),
    };
    let pool = Pool {
        feed: feed.clone(),
        newest: None,
        sieve: Some(sieve.clone()),
        work: Mutex::default(),
        changed: Condvar::new(),
    };
    run(pool, input, threads, |_| {})
}

fn run(
    pool: Pool,
    input: Input,
    threads: usize,
    found: impl FnOnce(Vec<Opened>) + Send + 'static,
) -> Vec<JoinHandle<()>> {
    let pool = Arc::new(pool);
    let lead = {
        let pool = pool.clone();
        start("files", move || ended(pool.lead(&input, found)))
    };
    let others = (1..threads).filter_map(|_| {
        let pool = pool.clone();
        start("files", move || ended(pool.work()))
    });
    lead.into_iter().chain(others).collect()
}

fn start(name: &str, run: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(run).ok()
}

/// A thread may end early: whoever stopped the feed knows.
const fn ended(_: Result<(), Stopped>) {}

/// A file being opened. Also when that panics, or the others would wait for it for ever.
struct Opening<'a>(&'a Pool);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.lock().opening -= 1;
        self.0.changed.notify_all();
    }
}

/// A thread that reads, until it is done or panics.
struct Reads<'a>(&'a Pool);

impl Drop for Reads<'_> {
    fn drop(&mut self) {
        self.0.lock().reading -= 1;
        self.0.changed.notify_all();
    }
}

impl Pool {
    /// Finds the input, shares it out, and reads along.
    fn lead(
        self: &Arc<Self>,
        input: &Input,
        found: impl FnOnce(Vec<Opened>),
    ) -> Result<(), Stopped> {
        let mut known = Known::default();
        let streams = self.share(input, &mut known, found);
        let done = self.work().and_then(|()| self.tell_missing());
        if let (Ok(()), Some(newest)) = (done, &self.newest) {
            let files = std::mem::take(&mut self.lock().idle);
            Follower::new(self.feed.clone(), files, newest)
                .looking_for(input.plans.clone(), known)
                .run();
        }
        for stream in streams? {
            // A panic there was reported there.
            let _ = stream.join();
        }
        done
    }

    fn share(
        self: &Arc<Self>,
        input: &Input,
        known: &mut Known,
        tell: impl FnOnce(Vec<Opened>),
    ) -> Result<Vec<JoinHandle<()>>, Stopped> {
        let found = self.find(input, known).map(|found| {
            tell(found.opened);
            if let Some(sieve) = &self.sieve {
                sieve.survey(&found.tasks);
            }
            found.tasks
        });
        let mut streams = Vec::new();
        let mut work = self.lock();
        // Also when nothing was found: the others wait for it.
        work.ready = true;
        for task in found? {
            if task.stream {
                let pool = self.clone();
                streams.extend(start("stream", move || ended(pool.open(&task))));
            } else {
                work.waiting.push_back(task);
            }
        }
        drop(work);
        self.changed.notify_all();
        Ok(streams)
    }

    fn find(&self, input: &Input, known: &mut Known) -> Result<Found, Stopped> {
        let mut found = known.look(&input.plans, &self.feed, &|_| false)?;
        if let Some(plan) = &input.stdin {
            let (task, opened) = discover::stdin(plan, &self.feed)?;
            found.tasks.push(task);
            found.opened.push(opened);
        }
        Ok(found)
    }

    /// Reads until there is nothing left.
    fn work(&self) -> Result<(), Stopped> {
        loop {
            let mut work = self.lock();
            if self.feed.is_stopped() {
                return Err(Stopped);
            }
            if let Some(task) = work.waiting.pop_front() {
                work.opening += 1;
                drop(work);
                let _opening = Opening(self);
                self.open(&task)?;
            } else if let Some(reading) = work.active.last().cloned() {
                drop(work);
                self.read(&reading)?;
            } else if work.ready && work.opening == 0 {
                return Ok(());
            } else {
                let wait = Duration::from_millis(25);
                drop(self.changed.wait_timeout(work, wait));
            }
        }
    }

    fn open(&self, task: &Task) -> Result<(), Stopped> {
        let Some(mut reading) = Reading::open(task, self.newest.as_ref(), &self.feed)? else {
            return Ok(());
        };
        reading.sieve.clone_from(&self.sieve);
        let reading = Arc::new(reading);
        // Who helps with a stream waits with it: not when there is something else to watch.
        if !(reading.task.stream && self.newest.is_some()) {
            self.lock().active.push(reading.clone());
            self.changed.notify_all();
        }
        self.read(&reading)
    }

    fn read(&self, reading: &Arc<Reading>) -> Result<(), Stopped> {
        let pause = {
            self.lock().reading += 1;
            let _reads = Reads(self);
            reading.go_on()?
        };
        let mut work = self.lock();
        if !reading.task.stream {
            work.files.insert(reading.task.id, reading.read());
        }
        let before = work.active.len();
        work.active.retain(|other| !Arc::ptr_eq(other, reading));
        let last = work.active.len() < before;
        if last && (pause == Pause::Idle || self.newest.is_some()) && !reading.task.stream {
            work.idle.push(reading.clone());
        }
        drop(work);
        self.changed.notify_all();
        Ok(())
    }

    /// Once everything is read: the files of a log that were not among them.
    fn tell_missing(&self) -> Result<(), Stopped> {
        if self.sieve.is_some() {
            return Ok(());
        }
        let mut work = self.lock();
        while work.reading > 0 {
            work = self
                .changed
                .wait(work)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let files = std::mem::take(&mut work.files);
        drop(work);
        holes::tell(&files, &self.feed)
    }

    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
