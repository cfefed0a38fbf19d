//! Where a text goes that is copied: to tmux, to the system, to the terminal by OSC 52, or to a file.
//!
//! It says which it was, and "copied" only where somebody confirmed it: a terminal confirms nothing.
//! Programs are asked off the drawing loop, and not for long.

use std::env;
use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;

use crate::domain::show::bytes;

/// Terminals take no more by OSC 52, and some drop all of what is longer.
const LIMIT: usize = 100_000;
/// A program that takes longer to take a text has hung.
const HANGS: Duration = Duration::from_secs(2);
/// Between two looks at whether it has ended.
const LOOK: Duration = Duration::from_millis(5);
/// GNU screen takes no longer string than this at once.
const CHUNK: usize = 512;

/// What became of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Routed {
    /// A word about it, or why it went nowhere.
    pub told: Result<String, String>,
    /// What the terminal is to be sent, if it went there.
    pub send: Option<Vec<u8>>,
}

impl Routed {
    const fn told(told: String) -> Self {
        Self {
            told: Ok(told),
            send: None,
        }
    }
}

/// What the environment says about where we are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one variable")]
pub struct Around {
    /// Inside tmux.
    pub tmux: bool,
    /// Inside GNU screen.
    pub screen: bool,
    /// Over SSH: the system here is not the one in front of the user.
    pub ssh: bool,
    /// A Wayland display is there.
    pub wayland: bool,
    /// An X display is there.
    pub x11: bool,
    /// The terminal knows no such sequence.
    pub dumb: bool,
}

impl Around {
    /// As the environment has it.
    #[must_use]
    pub fn here() -> Self {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let term = env::var("TERM").unwrap_or_default();
        Self {
            tmux: set("TMUX"),
            screen: set("STY"),
            ssh: set("SSH_CONNECTION") || set("SSH_TTY"),
            wayland: set("WAYLAND_DISPLAY"),
            x11: set("DISPLAY"),
            dumb: ["dumb", "linux", ""].contains(&&*term),
        }
    }

    /// The programs that know the system's clipboard.
    fn programs(&self) -> Vec<&'static [&'static str]> {
        let mut programs: Vec<&'static [&'static str]> = Vec::new();
        if !self.ssh {
            if cfg!(target_os = "macos") {
                programs.push(&["pbcopy"]);
            }
            if self.wayland {
                programs.push(&["wl-copy"]);
            }
            if self.x11 {
                programs.push(&["xclip", "-selection", "clipboard"]);
                programs.push(&["xsel", "--clipboard", "--input"]);
            }
        }
        programs
    }
}

/// Finds a way for a text that is called `what`.
#[must_use]
pub fn copy(what: &str, text: &str, around: &Around) -> Routed {
    for program in around.programs() {
        if fed(program, text).is_ok_and(|status| status.success()) {
            return Routed::told(format!("copied {what} by {}", program[0]));
        }
    }
    if text.len() > LIMIT {
        let size = bytes(text.len() as u64);
        let limit = bytes(LIMIT as u64);
        return to_file(
            what,
            text,
            &format!("{size} are more than the {limit} a terminal takes: "),
        );
    }
    if around.tmux
        && let Some(told) = by_tmux(what, text)
    {
        return Routed::told(told);
    }
    if around.dumb {
        return to_file(what, text, "this terminal has no clipboard: ");
    }
    let by = match (around.tmux, around.screen) {
        (true, _) => "OSC 52 through tmux, which may swallow it (set -g set-clipboard on)",
        (false, true) => "OSC 52 through screen",
        (false, false) => "OSC 52",
    };
    Routed {
        told: Ok(format!(
            "sent {what} to the terminal by {by}; if nothing arrives: y f writes a file"
        )),
        send: Some(sequence(text, around)),
    }
}

/// A file in the folder for what is passing, for its owner only.
#[must_use]
pub fn to_file(what: &str, text: &str, why: &str) -> Routed {
    let written = tempfile::Builder::new()
        .prefix("lastseen-copied-")
        .suffix(".txt")
        .tempfile()
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.keep().map_err(|error| error.error)
        });
    let told = match written {
        Ok((_, path)) => Ok(format!("{why}{what} is in {}", path.display())),
        Err(error) => Err(format!(
            "{why}{what} could not be written to a file: {error}"
        )),
    };
    Routed { told, send: None }
}

/// Into tmux's own buffer, and on to its terminal as far as tmux does that.
fn by_tmux(what: &str, text: &str) -> Option<String> {
    let setting = shown(&["tmux", "show", "-gv", "set-clipboard"])?;
    let taken = |program: &[&str]| fed(program, text).is_ok_and(|status| status.success());
    // Before tmux 3.2 there was no -w.
    let asked = taken(&["tmux", "load-buffer", "-w", "-"]);
    if !asked && !taken(&["tmux", "load-buffer", "-"]) {
        return None;
    }
    let pastes = format!("{what} is in tmux's buffer (prefix ] pastes it)");
    Some(match setting.trim() {
        "off" => format!("{pastes}; tmux passes nothing on: set-clipboard is off"),
        _ if asked => format!("{pastes}; it was asked to pass it on to the terminal, too"),
        _ => format!("{pastes}; this tmux is too old to pass it on"),
    })
}

/// The bytes for the terminal.
#[must_use]
pub fn sequence(text: &str, around: &Around) -> Vec<u8> {
    let mut plain = Vec::new();
    if queue!(plain, CopyToClipboard::to_clipboard_from(text)).is_err() {
        // Writing into memory does not fail.
        plain.clear();
    }
    if around.tmux {
        let mut out = b"\x1bPtmux;".to_vec();
        for byte in plain {
            if byte == 0x1b {
                out.push(byte);
            }
            out.push(byte);
        }
        out.extend(b"\x1b\\");
        return out;
    }
    if around.screen {
        // The end of our sequence must not end screen's: a bell ends the one, and not the other.
        let body = plain.strip_suffix(b"\x1b\\").unwrap_or(&plain);
        let whole = [body, b"\x07"].concat();
        let wrapped = whole
            .chunks(CHUNK)
            .map(|chunk| [b"\x1bP", chunk, b"\x1b\\"].concat());
        return wrapped.collect::<Vec<_>>().concat();
    }
    plain
}

/// Runs a program that takes a text, and waits for its end.
fn fed(program: &[&str], text: &str) -> io::Result<ExitStatus> {
    let (name, args) = program.split_first().ok_or(io::ErrorKind::NotFound)?;
    let mut child = Command::new(name)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        let text = text.to_owned();
        // Whoever does not read is killed below, which ends this, too.
        thread::spawn(move || stdin.write_all(text.as_bytes()));
    }
    ended(&mut child)
}

/// What a program says.
fn shown(program: &[&str]) -> Option<String> {
    let (name, args) = program.split_first()?;
    let mut child = Command::new(name)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let status = ended(&mut child).ok()?;
    let said = io::read_to_string(child.stdout.take()?).ok()?;
    status.success().then_some(said)
}

fn ended(child: &mut Child) -> io::Result<ExitStatus> {
    let end = Instant::now() + HANGS;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= end {
            child.kill()?;
            return child.wait();
        }
        thread::sleep(LOOK);
    }
}
