//! Amazon in a process: moto's server, and ministack's for Live Tail and a second opinion; set up once
//! under `target/`, started once per test run.
//!
//! Tests share it, so each uses log groups (or regions, or accounts) of its own. It starts empty,
//! listens before its port is known, and ends with the test process however that ends.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_cloudwatchlogs::types::InputLogEvent;

use lastseen::domain::time::Timestamp;

/// What is installed, where, and what serves it. A change makes a new environment.
struct Kind {
    folder: &'static str,
    package: &'static str,
    script: &'static str,
}

const MOTO: Kind = Kind {
    folder: "emulator",
    package: "moto[server]==5.2.5",
    script: include_str!("emulator.py"),
};
const MINISTACK: Kind = Kind {
    folder: "ministack",
    package: "ministack==1.5.33",
    script: include_str!("ministack.py"),
};

/// A role in another account: assume it to get there.
pub(crate) const OTHER_ROLE: &str = "arn:aws:iam::222233334444:role/ReadLogs";
/// The account of that role.
pub(crate) const OTHER_ACCOUNT: &str = "222233334444";
/// A secret that must never be shown.
pub(crate) const SECRET: &str = "sEcReT-never-to-be-shown-0123456789";

/// The running server.
pub(crate) struct Emulator {
    url: String,
    _child: Child,
    /// Its end is what ends the server.
    _stdin: ChildStdin,
}

/// The server of this test run; started by the first who asks.
pub(crate) fn emulator() -> &'static Emulator {
    static SERVER: OnceLock<Emulator> = OnceLock::new();
    SERVER.get_or_init(|| Emulator::start(&MOTO))
}

/// The server of this test run that has Live Tail; started by the first who asks.
pub(crate) fn ministack() -> &'static Emulator {
    static SERVER: OnceLock<Emulator> = OnceLock::new();
    SERVER.get_or_init(|| Emulator::start(&MINISTACK))
}

/// The real time: the emulator accepts nothing older than 14 days.
#[expect(
    clippy::disallowed_methods,
    reason = "the emulator has a clock of its own"
)]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(since.as_millis() as i64)
}

impl Emulator {
    fn start(kind: &Kind) -> Self {
        let python = environment(kind);
        let mut child = Command::new(&python)
            .args(["-c", kind.script])
            .env("TEST_SERVER_MODE", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port: u16 = line.trim().parse().unwrap_or_else(|_| {
            panic!(
                "{} did not start; remove {}",
                kind.package,
                python.display()
            )
        });
        Self {
            url: format!("http://127.0.0.1:{port}"),
            _stdin: child.stdin.take().unwrap(),
            _child: child,
        }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client for one region of the account of every plain key.
    pub(crate) fn client(&self, region: &str) -> Client {
        self.client_with(
            region,
            Credentials::new("AKIATEST", SECRET, None, None, "test"),
        )
    }

    /// A client for one region of [`OTHER_ACCOUNT`].
    pub(crate) async fn other_client(&self, region: &str) -> Client {
        let conf = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.url)
            .credentials_provider(Credentials::new("AKIATEST", SECRET, None, None, "test"))
            .build();
        let role = aws_sdk_sts::Client::from_conf(conf)
            .assume_role()
            .role_arn(OTHER_ROLE)
            .role_session_name("seed")
            .send()
            .await
            .unwrap();
        let keys = role.credentials().unwrap();
        let credentials = Credentials::new(
            keys.access_key_id(),
            keys.secret_access_key(),
            Some(keys.session_token().to_owned()),
            None,
            "test",
        );
        self.client_with(region, credentials)
    }

    fn client_with(&self, region: &str, credentials: Credentials) -> Client {
        let conf = aws_sdk_cloudwatchlogs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(&self.url)
            .credentials_provider(credentials)
            .build();
        Client::from_conf(conf)
    }
}

/// Creates a log group with one stream per name and puts `(stream, time, message)` into it, in the
/// order given (each stream's own batches in ascending time, as the service demands).
pub(crate) async fn seed(client: &Client, group: &str, events: &[(&str, Timestamp, String)]) {
    client
        .create_log_group()
        .log_group_name(group)
        .send()
        .await
        .unwrap();
    let mut streams: Vec<&str> = events.iter().map(|(stream, _, _)| *stream).collect();
    streams.sort_unstable();
    streams.dedup();
    for stream in streams {
        client
            .create_log_stream()
            .log_group_name(group)
            .log_stream_name(stream)
            .send()
            .await
            .unwrap();
        let mut of_stream: Vec<_> = events.iter().filter(|(s, _, _)| *s == stream).collect();
        of_stream.sort_by_key(|(_, time, _)| *time);
        for batch in of_stream.chunks(1000) {
            let batch = batch.iter().map(|(_, time, message)| {
                InputLogEvent::builder()
                    .timestamp(time.0)
                    .message(message)
                    .build()
                    .unwrap()
            });
            client
                .put_log_events()
                .log_group_name(group)
                .log_stream_name(stream)
                .set_log_events(Some(batch.collect()))
                .send()
                .await
                .unwrap();
        }
    }
}

/// The Python that has it; made on first use, once, even by several processes at a time.
fn environment(kind: &Kind) -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join(kind.folder);
    fs::create_dir_all(&base).unwrap();
    let lock = File::create(base.join("lock")).unwrap();
    lock.lock().unwrap();
    let python = base.join("venv/bin/python");
    let marker = base.join("installed");
    if fs::read_to_string(&marker).is_ok_and(|text| text == kind.package) && python.exists() {
        return python;
    }
    let _ = fs::remove_dir_all(base.join("venv"));
    run(Command::new("python3")
        .args(["-m", "venv"])
        .arg(base.join("venv")));
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", kind.package]));
    fs::write(&marker, kind.package).unwrap();
    python
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error} (the tests need python3 with venv)"));
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
