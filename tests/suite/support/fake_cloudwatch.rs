//! A CloudWatch Logs of our own that fails on command: what no emulator does.
//!
//! Real HTTP, AWS JSON 1.1 and the query protocol of STS; accounts by access key, regions by
//! signature, pages that end by events or bytes. A closure sees every call and may name a
//! [`Trouble`]; `fake_cloudwatch::schedule` has one drawn from a seed. Nothing depends on chance,
//! on the clock, or on which of two calls came first: what a test scripts is what happens.
//!
//! ```text
//! Request -> call (who asks what) -> script (what goes wrong) -> answers, sts (what is right)
//!                                                  estate (what there is) <-'
//!         -> trouble (spoils it) -> Response -> log (what was asked and delivered)
//! ```

pub(crate) mod answers;
pub(crate) mod call;
pub(crate) mod estate;
pub(crate) mod log;
pub(crate) mod pattern;
pub(crate) mod quota;
pub(crate) mod schedule;
pub(crate) mod sts;
pub(crate) mod trouble;

use std::collections::HashMap;
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

pub(crate) use self::call::Call;
pub(crate) use self::estate::{Event, Group};
pub(crate) use self::log::Entry;
pub(crate) use self::trouble::{Gate, Trouble};

use self::answers::Pages;
use self::estate::Estate;
use self::log::Calls;
use self::quota::Quotas;
use super::http::{Request, Response};

type Script = Box<dyn FnMut(&Call) -> Option<Trouble> + Send>;

struct State {
    estate: Estate,
    pages: Pages,
    quotas: Quotas,
    asked: HashMap<u64, usize>,
    log: Vec<Entry>,
    script: Script,
    /// What the service takes for now; says nothing about it where `None`.
    clock: Option<i64>,
}

/// The server. Ends when dropped.
pub(crate) struct FakeCloudWatch {
    url: String,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
}

impl FakeCloudWatch {
    /// Starts one with pages of at most `page` events.
    pub(crate) fn start(page: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let fake = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::new(Mutex::new(State {
                estate: Estate::default(),
                pages: Pages::of(page),
                quotas: Quotas::default(),
                asked: HashMap::new(),
                log: Vec::new(),
                script: Box::new(|_| None),
                clock: None,
            })),
            ended: Arc::default(),
        };
        let (state, ended) = (Arc::clone(&fake.state), Arc::clone(&fake.ended));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let state = Arc::clone(&state);
                thread::spawn(move || serve(connection, &state));
            }
        });
        fake
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Adds a log group of the usual account.
    pub(crate) fn group(&self, region: &str, name: &str, events: Vec<Event>) {
        self.add(Group::new(region, name).events(events));
    }

    /// Adds a log group with a retention in days.
    pub(crate) fn group_kept_for(
        &self,
        region: &str,
        name: &str,
        events: Vec<Event>,
        retention: Option<i32>,
    ) {
        self.add(Group::new(region, name).events(events).kept_for(retention));
    }

    /// Adds a log group, or takes the place of one of this account, region and name.
    pub(crate) fn add(&self, group: Group) {
        self.with(|state| state.estate.add(group));
    }

    /// More events of a group of the usual account, from now on.
    pub(crate) fn append(&self, region: &str, name: &str, events: Vec<Event>) {
        self.with(|state| state.estate.append(estate::ACCOUNT, region, name, events));
    }

    /// From now on, `monitoring` sees the log groups of `linked`.
    pub(crate) fn link(&self, monitoring: &str, linked: &str) {
        self.with(|state| state.estate.link(monitoring, linked));
    }

    /// A page also ends before it has more than so many bytes, and after so many events were looked
    /// at, whether the filter pattern kept any of them or not.
    pub(crate) fn page_ends_at(&self, bytes: usize, scanned: usize) {
        self.with(|state| (state.pages.bytes, state.pages.scanned) = (bytes, scanned));
    }

    /// Log groups or streams in a page of a listing.
    pub(crate) fn list_in_pages_of(&self, listed: usize) {
        self.with(|state| state.pages.listed = listed);
    }

    /// So many calls a second for an operation, per account and region. The only thing here that
    /// goes by the clock.
    pub(crate) fn quota(&self, operation: &str, per_second: f64) {
        self.with(|state| state.quotas.set(operation, per_second));
    }

    /// What the `Date` of every answer says from now on, in milliseconds.
    pub(crate) fn clock_at(&self, now: i64) {
        self.with(|state| state.clock = Some(now));
    }

    /// Decides about every call from now on.
    pub(crate) fn script(&self, script: impl FnMut(&Call) -> Option<Trouble> + Send + 'static) {
        self.with(|state| state.script = Box::new(script));
    }

    /// The calls so far, of one operation.
    pub(crate) fn calls(&self, operation: &str) -> Vec<Call> {
        let log = self.log();
        let calls = log.into_iter().map(|entry| entry.call);
        calls.filter(|c| c.operation == operation).collect()
    }

    /// Every call so far, and what became of it.
    pub(crate) fn log(&self) -> Vec<Entry> {
        self.with(|state| state.log.clone())
    }

    /// How many calls so far, by operation, and how many of them were in vain.
    pub(crate) fn summary(&self) -> Calls {
        self.with(|state| Calls::of(&state.log))
    }

    /// Begins the log and the count of askings anew.
    pub(crate) fn forget_calls(&self) {
        self.with(|state| {
            state.log.clear();
            state.asked.clear();
        });
    }

    fn with<T>(&self, job: impl FnOnce(&mut State) -> T) -> T {
        job(&mut self.state.lock().unwrap())
    }
}

impl Drop for FakeCloudWatch {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees the flag.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

fn serve(connection: TcpStream, state: &Mutex<State>) {
    let Ok(mut out) = connection.try_clone() else {
        return;
    };
    let _ = out.set_nodelay(true);
    let mut reader = BufReader::new(connection);
    while let Ok(Some(request)) = Request::read(&mut reader) {
        let (number, trouble, response) = state.lock().unwrap().answer(&request);
        if let Some(trouble) = trouble {
            trouble.delay();
        }
        // Noted before the last byte goes out: who has it may ask at once what was delivered.
        delivered(state, number, true);
        if !response.write(&mut out).unwrap_or(false) {
            delivered(state, number, false);
            return;
        }
    }
}

fn delivered(state: &Mutex<State>, number: usize, whether: bool) {
    if let Some(entry) = state.lock().unwrap().log.get_mut(number) {
        entry.delivered = whether;
    }
}

impl State {
    /// The answer to a request, its place in the log, and what is wrong with it.
    fn answer(&mut self, request: &Request) -> (usize, Option<Trouble>, Response) {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        let mut call = Call::of(request, &body, &self.pages);
        call.number = self.log.len();
        let asked = self.asked.entry(call.question()).or_default();
        call.attempt = *asked;
        *asked += 1;
        let trouble = match (self.script)(&call) {
            None if self.quotas.exceeded(&call) => Some(Trouble::Throttle),
            trouble => trouble,
        };
        let mut entry = Entry::new(call);
        let mut answer = trouble::answer(trouble.as_ref(), &mut entry, |entry, how| {
            answers::answer(entry, &body, &mut self.estate, &mut self.pages, how)
        });
        entry.trouble.clone_from(&trouble);
        answer.date = self.clock;
        self.log.push(entry);
        (self.log.len() - 1, trouble, answer)
    }
}
