//! A program on a pseudo terminal: its screen, the bytes it wrote, its end.

#![expect(clippy::panic, reason = "a helper of tests fails the test it helps")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{
    ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use tempfile::TempDir;
use vt100::{Cell, Parser, Screen};

pub(crate) const TERM: &str = "xterm-256color";
/// Only a program that hangs takes so long.
const HANGS: Duration = Duration::from_mins(1);
/// Longer than any period of a program that writes something from time to time.
const SILENCE: Duration = Duration::from_millis(1_100);

/// What came out of the terminal so far.
struct Got {
    parser: Parser,
    raw: Vec<u8>,
    ended: bool,
    /// The reader lets go of the terminal with the next bytes.
    leave: bool,
}

type Shared = Arc<(Mutex<Got>, Condvar)>;

pub(crate) struct Pty {
    got: Shared,
    master: Option<Box<dyn MasterPty + Send>>,
    /// Kept open so that the terminal's modes can be looked at when the program has ended.
    slave: Option<Box<dyn SlavePty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    reader: Option<JoinHandle<()>>,
    process: u32,
    killer: Box<dyn ChildKiller + Send + Sync>,
    ended: Receiver<ExitStatus>,
    modes_before: String,
    _state: TempDir,
}

impl Pty {
    pub(crate) fn start(args: &[&str], columns: u16, rows: u16, vars: &[(&str, &str)]) -> Self {
        Self::start_in(Path::new("/"), args, columns, rows, vars)
    }

    pub(crate) fn start_in(
        folder: &Path,
        args: &[&str],
        columns: u16,
        rows: u16,
        vars: &[(&str, &str)],
    ) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_lastseen"));
        Self::start_program(program, folder, args, (columns, rows), vars)
    }

    /// Another program than ours.
    pub(crate) fn start_program(
        program: &Path,
        folder: &Path,
        args: &[&str],
        (columns, rows): (u16, u16),
        vars: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(folder);
        command.env_clear();
        command.env("TERM", TERM);
        // Sessions are kept: none may begin where another test ended.
        let state = tempfile::tempdir().unwrap();
        if vars.iter().all(|(name, _)| *name != "HOME") {
            command.env("XDG_STATE_HOME", state.path());
        }
        for (name, value) in vars {
            command.env(name, value);
        }
        let modes_before = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let process = child.process_id().unwrap();
        let killer = child.clone_killer();
        let (end, ended) = channel();
        std::thread::spawn(move || {
            // Nobody may be left who wants to know.
            let _wanted = end.send(child.wait().unwrap());
        });
        let mut source = pair.master.try_clone_reader().unwrap();
        let got = Got {
            parser: Parser::new(cells(rows), cells(columns), 0),
            raw: Vec::new(),
            ended: false,
            leave: false,
        };
        let got: Shared = Arc::new((Mutex::new(got), Condvar::new()));
        let shared = Arc::clone(&got);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            loop {
                // The end of a terminal is an error on some systems.
                let count = source.read(&mut buffer).unwrap_or(0);
                let mut got = shared.0.lock().unwrap();
                got.raw.extend_from_slice(&buffer[..count]);
                got.parser.process(&buffer[..count]);
                let over = count == 0 || got.leave;
                if over {
                    got.ended = true;
                    drop(source);
                    shared.1.notify_all();
                    return;
                }
                shared.1.notify_all();
            }
        });
        Self {
            got,
            writer: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            slave: Some(pair.slave),
            reader: Some(reader),
            process,
            killer,
            ended,
            modes_before,
            _state: state,
        }
    }

    fn got(&self) -> MutexGuard<'_, Got> {
        self.got.0.lock().unwrap()
    }

    /// Types.
    pub(crate) fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let mut got = self.got();
        got.parser
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        let master = self.master.as_ref().unwrap();
        master.resize(size(columns, rows)).unwrap();
    }

    /// The screen as text.
    pub(crate) fn text(&self) -> String {
        self.got().parser.screen().contents()
    }

    /// All that was written.
    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.got().raw).into_owned()
    }

    /// Looks at every cell of the screen.
    pub(crate) fn cells(&self, mut look: impl FnMut(u16, u16, &Cell)) {
        let got = self.got();
        let screen = got.parser.screen();
        let (rows, columns) = screen.size();
        let (rows, columns) = (rows.get(), columns.get());
        for (y, x) in (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x))) {
            look(y, x, screen.cell(y, x).unwrap());
        }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn wait(&self, text: &str) {
        self.wait_for(text, |screen| screen.contains(text));
    }

    /// Waits until a text is not on the screen.
    #[track_caller]
    pub(crate) fn gone(&self, text: &str) {
        self.wait_for(&format!("no {text}"), |screen| !screen.contains(text));
    }

    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, holds: impl Fn(&str) -> bool) {
        self.wait_on(what, |screen| holds(&screen.contents()));
    }

    /// Waits until something holds of the screen.
    #[track_caller]
    pub(crate) fn wait_on(&self, what: &str, holds: impl Fn(&Screen) -> bool) {
        let end = Instant::now() + HANGS;
        let mut got = self.got();
        while !holds(got.parser.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            let screen = got.parser.screen().contents();
            assert!(!left.is_zero(), "never {what:?} on:\n{screen}");
            assert!(!got.ended, "ended before {what:?}:\n{screen}");
            got = self.got.1.wait_timeout(got, left).unwrap().0;
        }
    }

    /// Waits for a stretch of time in which not a byte is written.
    #[track_caller]
    pub(crate) fn silence(&self) {
        let end = Instant::now() + HANGS;
        let mut got = self.got();
        loop {
            let before = got.raw.len();
            let quiet = |got: &mut Got| got.raw.len() == before;
            let (next, waited) = self.got.1.wait_timeout_while(got, SILENCE, quiet).unwrap();
            got = next;
            if waited.timed_out() {
                return;
            }
            assert!(Instant::now() < end, "never falls silent");
        }
    }

    /// Closes the terminal, as when its window is closed.
    pub(crate) fn close(&mut self) {
        drop(self.slave.take());
        self.got().leave = true;
        // Something to answer, so that the reader wakes up and lets go.
        self.send("?");
        let reader = self.reader.take().unwrap();
        reader.join().unwrap();
        drop(self.writer.take());
        drop(self.master.take());
    }

    #[track_caller]
    pub(crate) fn child_ends(&self) -> ExitStatus {
        let status = self.ended.recv_timeout(HANGS);
        status.unwrap_or_else(|_| panic!("does not end:\n{}", self.text()))
    }

    /// Waits for the end of the program, and for its last words.
    #[track_caller]
    pub(crate) fn end(&mut self) -> ExitStatus {
        let status = self.child_ends();
        let master = self.master.as_ref().unwrap();
        assert_eq!(modes(&**master), self.modes_before, "modes of the terminal");
        drop(self.slave.take());
        self.reader.take().unwrap().join().unwrap();
        status
    }

    /// The terminal is as it was before.
    #[track_caller]
    pub(crate) fn assert_given_back(&self) {
        let got = self.got();
        let screen = got.parser.screen();
        assert!(!screen.alternate_screen(), "on the alternate screen");
        assert!(!screen.hide_cursor(), "without a cursor");
        assert!(!screen.bracketed_paste(), "with bracketed paste");
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None, "with the mouse");
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Where a test has failed before the end.
        let _ended_already = self.killer.kill();
    }
}

/// Raw mode and all others, as text to compare.
fn modes(master: &dyn MasterPty) -> String {
    let modes = master.get_termios();
    format!("{:?}", modes.unwrap_or_else(|| panic!("no modes")))
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}
