//! What is copied, and how it is said where it went: no success that nobody confirmed.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use lastseen::app::awscli::{Wanted, quoted};
use lastseen::app::input::{Copied, Effect};
use lastseen::app::model::{Asking, Mode};
use lastseen::domain::event::{Source, SourceKind};
use lastseen::domain::safe::is_safe;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::runtime::clipboard::{self, Around};

use super::support::dashboard::Dashboard;
use super::support::fake_answers::FakeAnswers;
use super::support::pty::Pty;

/// Names that would do something if a shell read them.
const HOSTILE: [&str; 14] = [
    "'; touch /tmp/owned; '",
    "$(touch owned)",
    "`touch owned`",
    "a b\"c",
    "--endpoint-url=http://evil",
    "-x",
    "~root",
    "=ls",
    "!!",
    "*?[a]{b,c}",
    "#comment",
    "a\\",
    "注文 \u{e9}",
    "",
];

/// What `sh` takes a line for, word by word.
fn words(line: &str) -> Vec<String> {
    let parsed = Command::new("sh")
        .args(["-n", "-c", &format!("printf {line}")])
        .stderr(Stdio::null())
        .status();
    assert!(parsed.unwrap().success(), "sh -n refuses {line:?}");
    let script = format!("printf '%s\\0' {line}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

fn group(name: &str) -> Source {
    Source {
        name: "qa/x".into(),
        env: "qa".into(),
        region: "eu-central-1".into(),
        group: name.into(),
        kind: SourceKind::CloudWatch,
    }
}

#[test]
fn no_name_leaves_its_quotes() {
    for name in HOSTILE {
        assert_eq!(words(&quoted(name)), [name]);
    }
    for name in HOSTILE.into_iter().filter(|name| !name.is_empty()) {
        let source = group(name);
        let wanted = Wanted {
            source: &source,
            profile: Some(name),
            span: Some(Span::new(Timestamp(10_000), Timestamp(20_000))),
            text: Some(name),
        };
        let words = words(&wanted.command().unwrap());
        assert_eq!(words[..3], ["aws", "logs", "filter-log-events"]);
        // Whoever parses options finds each value behind its own option, and nowhere another option.
        let mut found = Vec::new();
        let mut rest = words[3..].iter();
        while let Some(word) = rest.next() {
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option, value.to_owned()),
                None => (word.as_str(), rest.next().unwrap().clone()),
            };
            found.push((option.to_owned(), value));
        }
        let value = |option: &str| &found.iter().find(|(name, _)| name == option).unwrap().1;
        assert_eq!(value("--profile"), name);
        assert_eq!(value("--log-group-name"), name);
        assert_eq!(value("--region"), "eu-central-1");
        assert_eq!(
            (value("--start-time").as_str(), value("--end-time").as_str()),
            ("9000", "21000")
        );
        let pattern = value("--filter-pattern")
            .strip_prefix('"')
            .unwrap()
            .strip_suffix('"')
            .unwrap();
        assert_eq!(pattern.replace("\\\"", "\"").replace("\\\\", "\\"), name);
        assert_eq!(found.len(), 6, "{found:?}");
        let link = wanted.link().unwrap();
        assert!(link.starts_with(
            "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#"
        ));
        assert!(
            link.is_ascii() && !link.contains(['\'', '"', '`', ' ', '<', '>', '\\']),
            "{link}"
        );
    }
    for name in ["a\u{1b}[2J", "a\nrm", "a\u{202e}b", "\u{0}"] {
        let source = group(name);
        let wanted = Wanted {
            source: &source,
            profile: None,
            span: None,
            text: None,
        };
        assert!(
            wanted.command().unwrap_err().contains("control"),
            "{name:?}"
        );
        assert!(wanted.link().is_err());
    }
}

#[test]
fn what_is_no_log_group_has_no_command() {
    let demo = Source {
        kind: SourceKind::Demo,
        ..group("/acme/qa/engine")
    };
    let file = Source {
        region: "".into(),
        kind: SourceKind::File,
        ..group("")
    };
    for source in [demo, file] {
        let wanted = Wanted {
            source: &source,
            profile: None,
            span: None,
            text: None,
        };
        assert!(wanted.command().is_err() && wanted.link().is_err());
    }
    let whole = group("/acme/qa/engine");
    let wanted = Wanted {
        source: &whole,
        profile: None,
        span: None,
        text: Some("ab-1"),
    };
    assert_eq!(
        wanted.command().unwrap(),
        "aws logs filter-log-events --region eu-central-1 --log-group-name /acme/qa/engine --filter-pattern '\"ab-1\"'"
    );
    assert_eq!(
        wanted.link().unwrap(),
        "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups/log-group/$252Facme$252Fqa$252Fengine/log-events$3FfilterPattern$3D$2522ab-1$2522"
    );
}

fn texts(dashboard: &Dashboard) -> Vec<&str> {
    let text = |effect| match effect {
        &Effect::Copy(_, Copied::Text(ref text)) => Some(text.as_str()),
        _ => None,
    };
    dashboard.effects.iter().filter_map(text).collect()
}

#[test]
fn a_hostile_line_is_made_plain_and_raw_only_when_somebody_agrees() {
    let hostile = "\u{1b}]52;c;b3duZWQ=\u{7}\u{1b}[201~rm -rf /\u{202e}";
    let mut dashboard = Dashboard::with(Arc::new(FakeAnswers::hostile(hostile)), 120, 40);
    dashboard.keys("2<enter>");
    for key in ["yl", "yi", "ym"] {
        dashboard.keys(key);
    }
    let copied = texts(&dashboard);
    assert_eq!(copied.len(), 3);
    for text in copied {
        assert!(text.chars().all(|c| is_safe(c) || c == '\n'), "{text:?}");
    }
    dashboard.effects.clear();
    dashboard.keys("yr").shows("copy control characters?");
    assert!(dashboard.effects.is_empty(), "asks first");
    dashboard.keys("n");
    assert!(dashboard.effects.is_empty());
    dashboard.keys("yr");
    assert!(matches!(
        dashboard.model.mode,
        Mode::Question(Asking::CopyRaw(_))
    ));
    dashboard.keys("y");
    assert!(
        texts(&dashboard)[0].contains('\u{202e}'),
        "as it stands in the log"
    );
    // A command is not made of such a name at all, or is plain.
    dashboard.effects.clear();
    dashboard.keys("yayc");
    for text in texts(&dashboard) {
        assert!(text.chars().all(|c| is_safe(c) || c == '\n'), "{text:?}");
    }
}

#[test]
fn any_other_key_leaves_the_menu_and_copies_nothing() {
    let mut dashboard = Dashboard::new(80, 24);
    for key in ["<esc>", "q", "j", "Z"] {
        dashboard.keys("y").shows("copy from: board");
        dashboard.keys(key).shows_not("copy from");
    }
    assert!(dashboard.effects.is_empty());
    dashboard
        .keys("y")
        .keys("i")
        .shows("no message is selected");
    dashboard.keys("yf").shows("nothing was copied yet");
}

#[test]
fn a_sequence_is_wrapped_for_who_stands_between() {
    let plain = clipboard::sequence("hi", &Around::default());
    assert_eq!(plain, b"\x1b]52;c;aGk=\x1b\\");
    let tmux = Around {
        tmux: true,
        ..Around::default()
    };
    assert_eq!(
        clipboard::sequence("hi", &tmux),
        b"\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\"
    );
    let screen = Around {
        screen: true,
        ..Around::default()
    };
    assert_eq!(
        clipboard::sequence("hi", &screen),
        b"\x1bP\x1b]52;c;aGk=\x07\x1b\\"
    );
    let long = clipboard::sequence(&"x".repeat(2_000), &screen);
    let text = String::from_utf8(long).unwrap();
    let parts: Vec<&str> = text.split_inclusive("\x1b\\").collect();
    assert!(parts.len() > 4 && parts.iter().all(|part| part.len() < 600));
}

#[test]
fn what_is_too_long_or_has_no_terminal_goes_into_a_file() {
    let over_ssh = Around {
        ssh: true,
        wayland: true,
        x11: true,
        ..Around::default()
    };
    let long = "ä".repeat(60_000);
    let routed = clipboard::copy("the view", &long, &over_ssh);
    assert_eq!(routed.send, None);
    let told = routed.told.unwrap();
    let (_, path) = told.rsplit_once(" is in ").unwrap();
    assert!(
        told.contains("120.0 kB are more than the 100.0 kB"),
        "{}",
        told
    );
    assert_eq!(std::fs::read_to_string(path).unwrap(), long);
    assert_eq!(
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    std::fs::remove_file(path).unwrap();

    let sent = clipboard::copy("the ID", "x", &over_ssh);
    assert!(sent.send.is_some());
    let told = sent.told.unwrap();
    assert!(
        told.starts_with("sent the ID to the terminal by OSC 52; if nothing arrives"),
        "{}",
        told
    );
    assert!(!told.contains("copied"));

    let dumb = Around {
        dumb: true,
        ssh: true,
        ..Around::default()
    };
    let routed = clipboard::copy("the ID", "x", &dumb);
    assert_eq!(routed.send, None);
    let told = routed.told.unwrap();
    let (_, path) = told.rsplit_once(" is in ").unwrap();
    std::fs::remove_file(path).unwrap();
}

#[test]
fn the_terminal_gets_the_bytes_and_the_user_the_truth() {
    let demo = ["demo", "--messages", "200"];
    let home = tempfile::tempdir().unwrap();
    let home = home.path().to_str().unwrap();
    for (vars, prefix, word) in [
        (vec![], "\x1b]52;c;", "by OSC 52;"),
        // No tmux answers there, so nothing is claimed of one.
        (
            vec![("TMUX", "/nowhere,1,0")],
            "\x1bPtmux;\x1b\x1b]52;c;",
            "may swallow it",
        ),
        (vec![("STY", "1.pts")], "\x1bP\x1b]52;c;", "through screen"),
    ] {
        let vars = [vec![("HOME", home)], vars].concat();
        let mut pty = Pty::start(&demo, 120, 30, &vars);
        pty.wait("all 30");
        pty.send("2");
        pty.wait("selected 1 of");
        pty.send("yi");
        pty.wait("sent the ID to the terminal");
        pty.wait(word);
        assert!(!pty.text().contains("copied"), "{}", pty.text());
        assert!(pty.raw().contains(prefix), "{vars:?}");
        pty.send("yf");
        pty.wait("the ID is in ");
        let screen = pty.text();
        let path = screen
            .lines()
            .find_map(|line| line.split_once("the ID is in "))
            .unwrap()
            .1;
        let path = path.split_whitespace().next().unwrap();
        let id = std::fs::read_to_string(path).unwrap();
        assert!(screen.contains(&id), "{id}");
        std::fs::remove_file(path).unwrap();
        pty.send("\x03");
        assert_eq!(pty.end().exit_code(), 0);
        pty.assert_given_back();
    }
}
