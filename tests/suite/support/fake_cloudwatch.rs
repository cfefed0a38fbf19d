//! A CloudWatch Logs of our own that fails on command: what no emulator does.
//!
//! Log groups per region, FilterLogEvents and DescribeLogGroups in pages, GetCallerIdentity. A
//! closure sees every call and may name a [`Trouble`]. Nothing is random and nothing waits: what a
//! test scripts is what happens.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::http::{Request, Response};

/// A log event as the service has it.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) time: i64,
    pub(crate) ingestion: i64,
    pub(crate) stream: String,
    pub(crate) id: String,
    pub(crate) message: String,
    /// Only calls from this number on see it: a late arrival.
    pub(crate) visible_from: usize,
}

impl Event {
    /// An event that was ingested 100 ms after it happened; `id` must be unique.
    pub(crate) fn new(time: i64, id: &str, message: &str) -> Self {
        Self {
            time,
            ingestion: time + 100,
            stream: "stream-1".to_owned(),
            id: id.to_owned(),
            message: message.to_owned(),
            visible_from: 0,
        }
    }
}

/// One call, as the script sees it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// From 0, over all calls.
    pub(crate) number: usize,
    /// `FilterLogEvents`, `DescribeLogGroups`, `GetCallerIdentity`.
    pub(crate) operation: String,
    pub(crate) region: String,
    /// The access key it was signed with.
    pub(crate) key: String,
    /// The log group, or the prefix that is listed.
    pub(crate) group: String,
    /// How many events of the asked span the token is past; `None` for a first page.
    pub(crate) position: Option<usize>,
    /// The asked span.
    pub(crate) span: (i64, i64),
}

/// What can go wrong.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// `ThrottlingException`.
    Throttle,
    /// This HTTP status without a body that says more.
    Status(u16),
    /// The connection breaks in the middle of the body.
    CutBody,
    /// No answer at all.
    Hang,
    /// No events, but a token that goes on.
    EmptyPage,
    /// The page before, once more, with a token that goes on.
    PageAgain,
    /// The right page, with the token it was asked for with.
    TokenAgain,
    /// The token is refused.
    TokenExpired,
    /// This HTTP status and XML: how STS fails.
    Xml(u16, &'static str),
    /// An error of this HTTP status, code and message.
    Error(u16, &'static str, &'static str),
}

type Script = Box<dyn FnMut(&Call) -> Option<Trouble> + Send>;

struct State {
    groups: BTreeMap<(String, String), Group>,
    page: usize,
    calls: Vec<Call>,
    script: Script,
}

#[derive(Default)]
struct Group {
    events: Vec<Event>,
    retention: Option<i32>,
    traits: Traits,
}

/// What else a listing says of a group.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traits {
    /// `logGroupClass`.
    pub(crate) class: Option<&'static str>,
    /// `dataProtectionStatus` is ACTIVATED.
    pub(crate) masked: bool,
    /// `storedBytes`.
    pub(crate) bytes: Option<i64>,
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
                groups: BTreeMap::new(),
                page,
                calls: Vec::new(),
                script: Box::new(|_| None),
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

    /// Adds a log group.
    pub(crate) fn group(&self, region: &str, name: &str, events: Vec<Event>) {
        self.group_kept_for(region, name, events, None);
    }

    /// Adds a log group with a retention in days.
    pub(crate) fn group_kept_for(
        &self,
        region: &str,
        name: &str,
        mut events: Vec<Event>,
        retention: Option<i32>,
    ) {
        events.sort_by(|a, b| (a.time, a.ingestion, &a.id).cmp(&(b.time, b.ingestion, &b.id)));
        let key = (region.to_owned(), name.to_owned());
        let group = Group {
            events,
            retention,
            traits: Traits::default(),
        };
        self.state.lock().unwrap().groups.insert(key, group);
    }

    /// Adds a log group of another account, linked to this one.
    pub(crate) fn linked_group(&self, region: &str, account: &str, name: &str, events: Vec<Event>) {
        self.group(region, &arn(region, account, name), events);
    }

    /// Gives a group other traits.
    pub(crate) fn traits(&self, region: &str, name: &str, traits: Traits) {
        let key = (region.to_owned(), name.to_owned());
        let mut state = self.state.lock().unwrap();
        state.groups.get_mut(&key).unwrap().traits = traits;
    }

    /// Decides about every call from now on.
    pub(crate) fn script(&self, script: impl FnMut(&Call) -> Option<Trouble> + Send + 'static) {
        self.state.lock().unwrap().script = Box::new(script);
    }

    /// The calls so far, of one operation.
    pub(crate) fn calls(&self, operation: &str) -> Vec<Call> {
        let state = self.state.lock().unwrap();
        let calls = state.calls.iter().filter(|c| c.operation == operation);
        calls.cloned().collect()
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
    let mut reader = BufReader::new(connection);
    while let Ok(Some(request)) = Request::read(&mut reader) {
        let response = state.lock().unwrap().answer(&request);
        if !response.write(&mut out).unwrap_or(false) {
            return;
        }
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Response {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        let call = self.call(request, &body);
        self.calls.push(call.clone());
        let trouble = (self.script)(&call);
        let whole = |value: Value| match value {
            Value::String(xml) => Response::Whole(200, xml),
            json => Response::Whole(200, json.to_string()),
        };
        match trouble {
            Some(Trouble::Throttle) => error(400, "ThrottlingException", "Rate exceeded"),
            Some(Trouble::Status(status)) => Response::Whole(status, String::new()),
            Some(Trouble::CutBody) => Response::Half(200, self.result(&call, &body).to_string()),
            Some(Trouble::Hang) => Response::Nothing,
            Some(Trouble::EmptyPage) => {
                let token = self.token(call.position.unwrap_or(0));
                whole(json!({"events": [], "nextToken": token}))
            }
            Some(Trouble::PageAgain) => {
                let position = call.position.unwrap_or(0);
                let before = position.saturating_sub(self.page);
                let events = self.events(&call, before, position);
                whole(json!({"events": events, "nextToken": self.token(position)}))
            }
            Some(Trouble::TokenAgain) => {
                let mut result = self.result(&call, &body);
                if !body["nextToken"].is_null() {
                    result["nextToken"] = body["nextToken"].clone();
                }
                whole(result)
            }
            Some(Trouble::TokenExpired) if call.position.is_some() => error(
                400,
                "InvalidParameterException",
                "The specified nextToken is invalid.",
            ),
            None | Some(Trouble::TokenExpired) => whole(self.result(&call, &body)),
            Some(Trouble::Xml(status, xml)) => Response::Whole(status, xml.to_owned()),
            Some(Trouble::Error(status, code, message)) => error(status, code, message),
        }
    }

    fn call(&self, request: &Request, body: &Value) -> Call {
        let target = request.header("x-amz-target");
        let operation = target.rsplit('.').next().filter(|o| !o.is_empty());
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        // ... Credential=<key>/<day>/<region>/<service>/aws4_request, ...
        let mut signed = request.header("authorization").split('/');
        let key = signed.next().and_then(|k| k.rsplit('=').next());
        let region = signed.nth(1);
        let token = text("nextToken");
        Call {
            number: self.calls.len(),
            operation: operation.unwrap_or("GetCallerIdentity").to_owned(),
            region: region.unwrap_or_default().to_owned(),
            key: key.unwrap_or_default().to_owned(),
            group: text("logGroupName") + &text("logGroupNamePrefix") + &text("logGroupIdentifier"),
            position: token.split('-').next().and_then(|p| p.parse().ok()),
            span: (
                body["startTime"].as_i64().unwrap_or(0),
                body["endTime"].as_i64().unwrap_or(i64::MAX),
            ),
        }
    }

    /// The right answer.
    fn result(&self, call: &Call, body: &Value) -> Value {
        let from = call.position.unwrap_or(0);
        match call.operation.as_str() {
            "FilterLogEvents" => {
                let asked = body["limit"].as_u64().map_or(usize::MAX, |l| l as usize);
                let to = from + self.page.min(asked);
                let mut result = json!({"events": self.events(call, from, to)});
                if !self.events(call, to, to + 1).is_empty() {
                    result["nextToken"] = json!(self.token(to));
                }
                result
            }
            "DescribeLogGroups" => {
                let mut names: Vec<Value> = Vec::new();
                let own = account_of(&call.key);
                let linked = body["includeLinkedAccounts"] == true;
                let asked = body["accountIdentifiers"].as_array();
                for ((region, key), group) in &self.groups {
                    let parts: Vec<&str> = key.splitn(7, ':').collect();
                    let (account, name) = match parts[..] {
                        [_, _, _, _, account, _, name] => (account, name),
                        _ => (&*own, &**key),
                    };
                    let mine = if linked {
                        asked.is_none_or(|asked| asked.iter().any(|a| a == account))
                    } else {
                        account == own
                    };
                    if *region == call.region && mine && name.starts_with(&call.group) {
                        names.push(listed(&arn(region, account, name), name, group));
                    }
                }
                // Three to a page, so that a listing has pages.
                let mut result =
                    json!({"logGroups": names.iter().skip(from).take(3).collect::<Vec<_>>()});
                if names.len() > from + 3 {
                    result["nextToken"] = json!(self.token(from + 3));
                }
                result
            }
            "DescribeLogStreams" => {
                let last = self.find(call).and_then(|group| group.events.last());
                let stream =
                    |e: &Event| json!({"logStreamName": e.stream, "lastEventTimestamp": e.time});
                json!({"logStreams": last.map(stream).into_iter().collect::<Vec<_>>()})
            }
            _ => Value::String(IDENTITY.replace("123456789012", &account_of(&call.key))),
        }
    }

    /// The group that is asked for, by name or by ARN.
    fn find(&self, call: &Call) -> Option<&Group> {
        let get = |name: String| self.groups.get(&(call.region.clone(), name));
        let own = arn(&call.region, &account_of(&call.key), &call.group);
        get(call.group.clone()).or_else(|| get(own))
    }

    /// Events `from..to` of the asked span, as this call may see them.
    fn events(&self, call: &Call, from: usize, to: usize) -> Vec<Value> {
        let events = self.find(call).map_or(&[][..], |g| &g.events);
        let visible = events.iter().filter(|e| {
            (call.span.0..=call.span.1).contains(&e.time) && e.visible_from <= call.number
        });
        visible
            .skip(from)
            .take(to.saturating_sub(from))
            .map(|e| {
                json!({"timestamp": e.time, "ingestionTime": e.ingestion, "eventId": e.id,
                       "logStreamName": e.stream, "message": e.message})
            })
            .collect()
    }

    /// A token never given before, for this position.
    fn token(&self, position: usize) -> String {
        format!("{position}-{}", self.calls.len())
    }
}

const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/oncall</Arn><UserId>AIDATEST</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/// A key that ends in an account's number is a key of that account.
fn account_of(key: &str) -> String {
    let digits = key.get(key.len().saturating_sub(12)..).unwrap_or_default();
    let is_account = digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit());
    if is_account { digits } else { "123456789012" }.to_owned()
}

fn arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:logs:{region}:{account}:log-group:{name}")
}

fn listed(arn: &str, name: &str, group: &Group) -> Value {
    let mut value = json!({"logGroupName": name, "arn": format!("{arn}:*")});
    if let Some(days) = group.retention {
        value["retentionInDays"] = json!(days);
    }
    if let Some(class) = group.traits.class {
        value["logGroupClass"] = json!(class);
    }
    if group.traits.masked {
        value["dataProtectionStatus"] = json!("ACTIVATED");
    }
    if let Some(bytes) = group.traits.bytes {
        value["storedBytes"] = json!(bytes);
    }
    value
}

fn error(status: u16, code: &str, message: &str) -> Response {
    let body = json!({"__type": code, "message": message});
    Response::Whole(status, body.to_string())
}
