//! The data of the benchmark: made fast, kept by its parameters, with the truth beside it.
//!
//! Two environments, four stages, six log events a message: three JSON, three plain text. A file is
//! in the order messages entered, so its timestamps run back and forth by seconds; 2 % of its lines
//! stand there twice. The same events lie beside it as flat JSON lines of the same size, for tools
//! that read no envelope.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::bytes::{Random, clock, number};

/// Raise it whenever other bytes are made.
const VERSION: u32 = 2;

pub(crate) const ENVIRONMENTS: [&str; 2] = ["dev", "qa"];
pub(crate) const STAGES: [&str; 4] = ["intake", "queue", "engine", "processor"];

/// Every message may take so long from one log event to the next before it counts as lost.
pub(crate) const ALLOWANCE_MS: i64 = 60_000;

/// 2026-03-14T00:00:00Z.
const MIDNIGHT_MS: i64 = 1_773_446_400_000;
const LENGTH_MS: i64 = 3_600_000;
pub(crate) const END_MS: i64 = MIDNIGHT_MS + LENGTH_MS;

/// The log events of a message that comes through: stage, what the JSON or the text says, and the
/// bounds of the time since the one before.
const STEPS: [(usize, &str, Form, i64, i64); 6] = [
    (0, "accepted", Form::Json, 0, 1),
    (1, "queued", Form::Text, 20, 900),
    (1, "leased", Form::Text, 100, 9_000),
    (2, "picked up", Form::Text, 2, 60),
    (2, "handed_over", Form::Json, 300, 8_000),
    (3, "done", Form::Json, 500, 15_000),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Text,
}

/// So many of 10,000 messages vanish, each after one of the first five log events.
const LOST: u64 = 36;
/// So many of 100 log events stand in their file twice.
const REPEATED: u64 = 2;

/// A set of generated files.
pub(crate) struct Data {
    /// `lastseen.toml` and `<env>/<group>.jsonl`, shaped as CloudWatch exports.
    pub(crate) dir: PathBuf,
    /// `<env>-<group>.jsonl`: the same events as flat JSON lines.
    pub(crate) flat: PathBuf,
    pub(crate) messages: u64,
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    /// The lost ones as `id,last stage`, sorted.
    pub(crate) lost: Vec<String>,
    /// How long it took to make; `None` where it was there already.
    pub(crate) took: Option<Duration>,
}

/// About `events` log events below `root`, made now or found from an earlier run.
pub(crate) fn data(root: &Path, events: u64) -> io::Result<Data> {
    let base = root.join(format!("v{VERSION}-{events}"));
    let mut data = Data {
        dir: base.join("cloudwatch"),
        flat: base.join("flat"),
        messages: messages_for(events) * 2,
        events: 0,
        bytes: 0,
        lost: Vec::new(),
        took: None,
    };
    if !base.join("lost.csv").exists() {
        let began = Instant::now();
        make(&base, &data, messages_for(events))?;
        data.took = Some(began.elapsed());
    }
    for part in fs::read_to_string(base.join("counts.csv"))?.lines() {
        let (lines, bytes) = part.split_once(',').unwrap_or_default();
        data.events += lines.parse::<u64>().map_err(io::Error::other)?;
        data.bytes += bytes.parse::<u64>().map_err(io::Error::other)?;
    }
    data.lost = fs::read_to_string(base.join("lost.csv"))?
        .lines()
        .map(str::to_owned)
        .collect();
    Ok(data)
}

/// The same layout without a single log event: what a run costs before it reads anything.
pub(crate) fn empty(root: &Path) -> io::Result<PathBuf> {
    let dir = root.join("empty");
    for env in ENVIRONMENTS {
        fs::create_dir_all(dir.join(env))?;
        for stage in STAGES {
            File::create(dir.join(env).join(format!("acme-{stage}.jsonl")))?;
        }
    }
    fs::write(dir.join("lastseen.toml"), CONFIG)?;
    Ok(dir)
}

/// How many messages an environment needs: six log events each, and the repeated ones.
const fn messages_for(events: u64) -> u64 {
    events * 100 / (2 * 6 * (100 + REPEATED))
}

fn make(base: &Path, data: &Data, messages: u64) -> io::Result<()> {
    if base.exists() {
        // Left over from a run that was stopped in the middle.
        fs::remove_dir_all(base)?;
    }
    fs::create_dir_all(&data.flat)?;
    let made = thread::scope(|scope| {
        let makers: Vec<_> = (0..ENVIRONMENTS.len())
            .map(|env| scope.spawn(move || Maker::new(data, env, messages)?.run()))
            .collect();
        let join = |maker: thread::ScopedJoinHandle<'_, io::Result<Made>>| {
            maker
                .join()
                .map_err(|_| io::Error::other("a generator thread failed"))?
        };
        makers
            .into_iter()
            .map(join)
            .collect::<io::Result<Vec<Made>>>()
    })?;
    let mut lost: Vec<&str> = made.iter().flat_map(|m| m.lost.lines()).collect();
    lost.sort_unstable();
    let counts: Vec<String> = made
        .iter()
        .map(|m| format!("{},{}", m.events, m.bytes))
        .collect();
    fs::write(data.dir.join("lastseen.toml"), CONFIG)?;
    fs::write(base.join("counts.csv"), counts.join("\n"))?;
    // Last, for it says that all is there.
    fs::write(base.join("lost.csv"), lost.join("\n"))
}

/// What one environment came to.
struct Made {
    events: u64,
    bytes: u64,
    lost: String,
}

/// Writes one environment.
struct Maker {
    env: usize,
    messages: u64,
    /// CloudWatch-shaped and flat, stage by stage.
    files: Vec<[BufWriter<File>; 2]>,
    random: Random,
    lines: [Vec<u8>; 2],
    text: Vec<u8>,
    made: Made,
}

/// One log event to be written.
struct Event<'a> {
    step: usize,
    time: i64,
    id: &'a [u8; 36],
    host: u64,
    swimlane: u64,
    tenant: u64,
}

impl Maker {
    fn new(data: &Data, env: usize, messages: u64) -> io::Result<Self> {
        let folder = data.dir.join(ENVIRONMENTS[env]);
        fs::create_dir_all(&folder)?;
        let mut files = Vec::new();
        for stage in STAGES {
            let flat = data
                .flat
                .join(format!("{}-{stage}.jsonl", ENVIRONMENTS[env]));
            files.push([
                create(&folder.join(format!("acme-{stage}.jsonl")))?,
                create(&flat)?,
            ]);
        }
        Ok(Self {
            env,
            messages,
            files,
            random: Random(env as u64 + 1),
            lines: [Vec::new(), Vec::new()],
            text: Vec::new(),
            made: Made {
                events: 0,
                bytes: 0,
                lost: String::new(),
            },
        })
    }

    fn run(mut self) -> io::Result<Made> {
        for index in 0..self.messages {
            self.message(index)?;
        }
        for pair in &mut self.files {
            for file in pair {
                file.flush()?;
            }
        }
        Ok(self.made)
    }

    fn message(&mut self, index: u64) -> io::Result<()> {
        let mut time = MIDNIGHT_MS + (index as i64 * LENGTH_MS) / self.messages as i64;
        let id = self.random.uuid();
        let (host, swimlane, tenant) = (
            self.random.below(6),
            self.random.below(4),
            self.random.below(500),
        );
        // Late ones come through, so that lost and pending can be told apart at the end.
        let may_vanish = END_MS - time > 10 * ALLOWANCE_MS;
        let vanishes = self.random.below(10_000) < LOST && may_vanish;
        let steps = if vanishes {
            1 + self.random.below(5) as usize
        } else {
            STEPS.len()
        };
        for (step, (_, _, _, low, high)) in STEPS.iter().enumerate().take(steps) {
            time += low + self.random.below((high - low) as u64) as i64;
            if time <= END_MS {
                self.event(&Event {
                    step,
                    time,
                    id: &id,
                    host,
                    swimlane,
                    tenant,
                })?;
            }
        }
        if vanishes {
            self.made.lost.push_str(&String::from_utf8_lossy(&id));
            self.made.lost.push(',');
            self.made.lost.push_str(STAGES[STEPS[steps - 1].0]);
            self.made.lost.push('\n');
        }
        Ok(())
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let lag = 150 + self.random.below(900) as i64;
        let times = if self.random.below(100) < REPEATED {
            2
        } else {
            1
        };
        self.cloudwatch_line(event, lag);
        self.flat_line(event, lag);
        let (cloudwatch, flat) = (&self.lines[0], &self.lines[1]);
        for _ in 0..times {
            let files = &mut self.files[STEPS[event.step].0];
            files[0].write_all(cloudwatch)?;
            files[1].write_all(flat)?;
            self.made.events += 1;
            self.made.bytes += cloudwatch.len() as u64;
        }
        Ok(())
    }

    fn cloudwatch_line(&mut self, event: &Event<'_>, lag: i64) {
        let (stage, says, form, ..) = STEPS[event.step];
        let text = &mut self.text;
        text.clear();
        if form == Form::Json {
            text.extend_from_slice(br#"{\"ts\":\""#);
            clock(text, event.time);
            text.extend_from_slice(br#"\",\"level\":\"INFO\",\"event\":\""#);
            text.extend_from_slice(says.as_bytes());
            text.extend_from_slice(br#"\",\"messageId\":\""#);
            text.extend_from_slice(event.id);
            text.extend_from_slice(br#"\",\"tenant\":\"t-"#);
            number(text, event.tenant + 100);
            text.extend_from_slice(br#"\",\"swimlane\":"#);
            number(text, event.swimlane + 1);
            text.push(b'}');
        } else {
            clock(text, event.time);
            text.extend_from_slice(b" INFO  [worker-");
            number(text, event.host);
            text.extend_from_slice(b"] com.acme.");
            text.extend_from_slice(STAGES[stage].as_bytes());
            text.extend_from_slice(b".Worker ");
            text.extend_from_slice(says.as_bytes());
            text.extend_from_slice(b" job=");
            text.extend_from_slice(event.id);
            text.extend_from_slice(b" host=ip-10-3-7-4");
            number(text, event.host);
            text.extend_from_slice(b" version=2.14.1 swimlane=");
            number(text, event.swimlane + 1);
        }
        let line = &mut self.lines[0];
        line.clear();
        line.extend_from_slice(br#"{"timestamp":"#);
        number(line, event.time as u64);
        line.extend_from_slice(br#","ingestionTime":"#);
        number(line, (event.time + lag) as u64);
        line.extend_from_slice(br#","logStreamName":"ip-10-3-7-4"#);
        number(line, event.host);
        line.extend_from_slice(br#"","message":""#);
        line.extend_from_slice(text);
        line.extend_from_slice(b"\"}\n");
    }

    /// The same facts without an envelope, filled up to the same length.
    fn flat_line(&mut self, event: &Event<'_>, lag: i64) {
        let (stage, says, ..) = STEPS[event.step];
        let [cloudwatch, line] = &mut self.lines;
        line.clear();
        line.extend_from_slice(br#"{"ts":"#);
        number(line, event.time as u64);
        line.extend_from_slice(br#","ingested":"#);
        number(line, (event.time + lag) as u64);
        line.extend_from_slice(br#","env":""#);
        line.extend_from_slice(ENVIRONMENTS[self.env].as_bytes());
        line.extend_from_slice(br#"","stage":""#);
        line.extend_from_slice(STAGES[stage].as_bytes());
        line.extend_from_slice(br#"","level":"INFO","event":""#);
        line.extend_from_slice(says.as_bytes());
        line.extend_from_slice(br#"","id":""#);
        line.extend_from_slice(event.id);
        line.extend_from_slice(br#"","host":"ip-10-3-7-4"#);
        number(line, event.host);
        line.extend_from_slice(br#"","version":"2.14.1","tenant":"t-"#);
        number(line, event.tenant + 100);
        line.extend_from_slice(br#"","swimlane":"#);
        number(line, event.swimlane + 1);
        line.extend_from_slice(br#","text":""#);
        let filled = cloudwatch.len() - b"\"}\n".len();
        line.resize(filled.max(line.len()), b'x');
        line.extend_from_slice(b"\"}\n");
    }
}

fn create(path: &Path) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(1 << 18, File::create(path)?))
}

/// The configuration with other sources than the files.
pub(crate) fn config_with(sources: &str) -> String {
    let pipeline = CONFIG.find("[pipeline").unwrap_or_default();
    format!("{sources}\n{}", &CONFIG[pipeline..])
}

/// What reads the CloudWatch-shaped files.
const CONFIG: &str = r#"
[[files]]
path = "{env}/{group}.jsonl"

[pipeline.jobs]
id = ["messageId", 'job=(?<id>[0-9a-f-]{36})']

[[pipeline.jobs.stage]]
name  = "intake"
after = []
from  = ["acme-intake"]
enter = { field = "event", equals = "accepted" }

[[pipeline.jobs.stage]]
name   = "queue"
from   = ["acme-queue"]
enter  = 'queued job=(?<id>[0-9a-f-]{36})'
exit   = 'leased job=(?<id>[0-9a-f-]{36})'
within = "60s"

[[pipeline.jobs.stage]]
name   = "engine"
from   = ["acme-engine"]
enter  = 'picked up job=(?<id>[0-9a-f-]{36})'
exit   = { field = "event", equals = "handed_over" }
within = "60s"

[[pipeline.jobs.stage]]
name   = "processor"
from   = ["acme-processor"]
exit   = { field = "event", equals = "done" }
within = "60s"
"#;
