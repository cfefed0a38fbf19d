//! A service whose answers were made before it was asked: a page is a piece of one long text.
//!
//! It reads the generated exports, gives every log event an id, and writes down what it is asked.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::{Value, json};

use super::REGIONS;
use crate::generate::{ENVIRONMENTS, STAGES};

/// What ends a page, as in the real service; an event counts for its text and so much more.
const PAGE_EVENTS: usize = 10_000;
const PAGE_BYTES: u64 = 1 << 20;
const EVENT_BYTES: u64 = 26;

/// The log events of one group, in order of time.
#[derive(Default)]
struct Group {
    /// `{...},{...},`
    text: Vec<u8>,
    times: Vec<i64>,
    /// Where each begins in the text, and where the last one ends.
    starts: Vec<usize>,
    /// What all before each count for, in bytes.
    sizes: Vec<u64>,
}

struct Served {
    /// By region and name.
    groups: HashMap<(&'static str, String), Group>,
    /// One JSON object a line.
    asked: Mutex<String>,
}

/// Prints its address and how many log events it has, and serves until its standard input ends.
///
/// # Errors
/// Says what went wrong.
pub(super) fn run(dir: &Path) -> Result<(), String> {
    let told = |error: io::Error| error.to_string();
    let mut groups = HashMap::new();
    for (env, region) in ENVIRONMENTS.iter().zip(REGIONS) {
        for stage in STAGES {
            let name = format!("acme-{stage}");
            let path = dir.join(env).join(format!("{name}.jsonl"));
            let lines = fs::read(path).map_err(told)?;
            groups.insert((region, name), Group::new(&lines));
        }
    }
    let events: usize = groups
        .values()
        .map(|group| group.times.len() - group.repeats())
        .sum();
    let served = Arc::new(Served {
        groups,
        asked: Mutex::default(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").map_err(told)?;
    let address = listener.local_addr().map_err(told)?;
    writeln!(io::stdout().lock(), "http://{address} {events}").map_err(told)?;
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let served = Arc::clone(&served);
            thread::spawn(move || served.serve(&connection));
        }
    });
    io::copy(&mut io::stdin().lock(), &mut io::sink()).map_err(told)?;
    Ok(())
}

/// What the server at `url` was asked since this was last called.
pub(super) fn get(url: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://"))?;
    stream.write_all(b"GET / HTTP/1.1\r\nX-Amz-Target: Bench.Asked\r\n\r\n")?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned());
    body.ok_or_else(|| io::Error::other("the server said nothing"))
}

impl Group {
    /// From lines `{"timestamp":<13 digits>,...}`; lines that stand there twice are one event twice.
    fn new(lines: &[u8]) -> Self {
        let mut all: Vec<&[u8]> = lines
            .split(|b| *b == b'\n')
            .filter(|l| !l.is_empty())
            .collect();
        all.sort();
        let mut group = Self::default();
        let (mut bytes, mut id, mut before) = (0, 0_u64, &b""[..]);
        for line in all {
            id += u64::from(line != before);
            before = line;
            let time = std::str::from_utf8(&line[13..26])
                .ok()
                .and_then(|t| t.parse().ok());
            let text = line
                .windows(11)
                .position(|w| w == b"\"message\":\"")
                .unwrap_or(0);
            group.times.push(time.unwrap_or_default());
            group.starts.push(group.text.len());
            group.sizes.push(bytes);
            bytes += (line.len() - text - 13) as u64 + EVENT_BYTES;
            // 56 digits, like those of the service.
            let _ = write!(group.text, "{{\"eventId\":\"39{id:054}\",");
            group.text.extend_from_slice(&line[1..]);
            group.text.push(b',');
        }
        group.starts.push(group.text.len());
        group.sizes.push(bytes);
        group
    }

    /// How many of its events are there a second time.
    fn repeats(&self) -> usize {
        let event = |index: usize| &self.text[self.starts[index]..self.starts[index + 1]];
        (1..self.times.len())
            .filter(|index| event(*index) == event(index - 1))
            .count()
    }

    /// The events of a page that begins at `begin`, and where the next one does.
    fn page(&self, begin: usize, end: usize) -> (&[u8], Option<usize>) {
        let full = self.sizes[begin] + PAGE_BYTES;
        let most = self.sizes.partition_point(|size| *size <= full) - 1;
        let next = most.max(begin + 1).min(begin + PAGE_EVENTS).min(end);
        let text = &self.text[self.starts[begin]..self.starts[next.max(begin)]];
        (
            text.strip_suffix(b",").unwrap_or(text),
            (next < end).then_some(next),
        )
    }
}

impl Served {
    fn serve(&self, connection: &TcpStream) {
        let _ = connection.set_nodelay(true);
        let mut reader = BufReader::new(connection);
        while let Ok(Some(request)) = Request::read(&mut reader) {
            if self.answer(&request, connection).is_err() {
                return;
            }
        }
    }

    fn answer(&self, request: &Request, out: &TcpStream) -> io::Result<()> {
        match request.operation.as_str() {
            "FilterLogEvents" => self.filter(request, out),
            "DescribeLogGroups" => {
                let prefix = request.body["logGroupNamePrefix"]
                    .as_str()
                    .unwrap_or_default();
                let groups = self.groups.keys();
                let mut names: Vec<&str> = groups
                    .filter(|(region, name)| *region == request.region && name.starts_with(prefix))
                    .map(|(_, name)| name.as_str())
                    .collect();
                names.sort_unstable();
                let names = names.iter().map(|name| json!({"logGroupName": name}));
                let body = json!({"logGroups": names.collect::<Vec<_>>()}).to_string();
                respond(out, &[body.as_bytes()])
            }
            "Asked" => {
                let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
                respond(out, &[std::mem::take(&mut *asked).as_bytes()])
            }
            _ => respond(out, &[IDENTITY]),
        }
    }

    fn filter(&self, request: &Request, out: &TcpStream) -> io::Result<()> {
        let (body, region) = (&request.body, request.region.as_str());
        let name = body["logGroupName"].as_str().unwrap_or_default();
        let found = self
            .groups
            .iter()
            .find(|((r, n), _)| r == &region && n == name);
        let Some((_, group)) = found else {
            return respond(out, &[br#"{"events":[]}"#]);
        };
        let (from, to) = (body["startTime"].as_i64(), body["endTime"].as_i64());
        let begin = group.times.partition_point(|t| *t < from.unwrap_or(0));
        let end = group
            .times
            .partition_point(|t| *t <= to.unwrap_or(i64::MAX));
        let token = body["nextToken"].as_str().and_then(|t| t.parse().ok());
        let (events, next) = group.page(token.unwrap_or(begin), end);
        let asked = json!({"region": region, "group": name, "from": from, "to": to, "token": body["nextToken"]});
        {
            let mut list = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(list, "{asked}");
        }
        let tail = match next {
            Some(next) => format!("],\"searchedLogStreams\":[],\"nextToken\":\"{next:020}\"}}"),
            None => "],\"searchedLogStreams\":[]}".to_owned(),
        };
        respond(out, &[b"{\"events\":[", events, tail.as_bytes()])
    }
}

const IDENTITY: &[u8] = b"<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/bench</Arn><UserId>BENCH</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

fn respond(mut out: &TcpStream, body: &[&[u8]]) -> io::Result<()> {
    let kind = if body[0].starts_with(b"<") {
        "text/xml"
    } else {
        "application/x-amz-json-1.1"
    };
    let length: usize = body.iter().map(|part| part.len()).sum();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
    out.write_all(head.as_bytes())?;
    body.iter().try_for_each(|part| out.write_all(part))
}

struct Request {
    operation: String,
    region: String,
    body: Value,
}

impl Request {
    /// The next of a connection; `None` at its end.
    fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut request = Self {
            operation: String::new(),
            region: String::new(),
            body: Value::Null,
        };
        let (mut line, mut length) = (String::new(), 0);
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "x-amz-target" => value
                    .rsplit('.')
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut request.operation),
                // ... Credential=<key>/<day>/<region>/<service>/aws4_request, ...
                "authorization" => value
                    .split('/')
                    .nth(2)
                    .unwrap_or_default()
                    .clone_into(&mut request.region),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        request.body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Ok(Some(request))
    }
}
