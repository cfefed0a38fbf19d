//! The terminal, borrowed and given back whole: after quitting, an error, a panic or a signal.
//!
//! One guard puts it into raw mode on the alternate screen and undoes all of it. The mouse is
//! captured only where that is asked for, so that selecting text works as everywhere. Nothing here asks the terminal questions: a
//! mute one would let us wait.

use std::env;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write as _};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail};
use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::bridge;

/// A whole frame fits, so that it leaves in very few writes.
const BUFFER: usize = 256 * 1024;

type Out = BufWriter<Stdout>;

/// Whether the terminal is ours at the moment.
static OURS: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The screen while it is ours.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Out>>,
    shown: Option<(Buffer, Option<Position>)>,
    watched: Option<File>,
    mouse: bool,
    /// It erases with the background that it writes with.
    erases: bool,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When there is none, or it cannot be put into raw mode.
    pub fn open() -> anyhow::Result<Self> {
        let watched = File::open("/dev/tty").ok().filter(File::is_terminal);
        let keys = watched.is_some() || io::stdin().is_terminal();
        if !keys || !io::stdout().is_terminal() {
            bail!("the dashboard needs a terminal; `lastseen check` needs none");
        }
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                restore();
                before(info);
            }));
        });
        let out = BufWriter::with_capacity(BUFFER, io::stdout());
        take()?;
        // From here on an early return gives the terminal back.
        let terminal = Terminal::new(CrosstermBackend::new(out)).inspect_err(|_| restore())?;
        Ok(Self {
            terminal,
            shown: None,
            watched,
            mouse: false,
            // All do but GNU screen, whose name some others bear; tmux draws it in its own way again.
            erases: env::var("TERM").is_ok_and(|name| {
                ["screen", "tmux"]
                    .iter()
                    .all(|other| !name.starts_with(other))
            }),
        })
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        self.terminal
            .size()
            .map_or((0, 0), |size| (size.width, size.height))
    }

    /// Shows a picture; writes nothing where it is the one already shown.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn show(
        &mut self,
        render: impl Fn(Rect, &mut Buffer) -> Option<Position>,
    ) -> io::Result<()> {
        self.terminal.autoresize()?;
        let area = Rect::from(((0, 0).into(), self.terminal.size()?));
        let mut next = Buffer::empty(area);
        let cursor = render(area, &mut next);
        let next = (next, cursor);
        if self.shown.as_ref() == Some(&next) {
            return Ok(());
        }
        // Whole before the first byte of it leaves: half a picture would follow a panic to the shell.
        let mut bytes = Vec::new();
        let before = self.shown.as_ref().map(|(before, _)| before);
        let before = before.filter(|before| before.area == area);
        if let Some(before) = before {
            bridge::write(&mut bytes, before, &next.0, self.erases)?;
        }
        let anew = before.is_none();
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate, Hide)?;
        if anew {
            self.paint(&next.0, cursor, render)?;
        } else {
            let backend = self.terminal.backend_mut();
            backend.write_all(&bytes)?;
            if let Some(cursor) = cursor {
                backend.set_cursor_position(cursor)?;
                backend.show_cursor()?;
            }
        }
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.shown = Some(next);
        Ok(())
    }

    /// Paints everything.
    fn paint(
        &mut self,
        next: &Buffer,
        cursor: Option<Position>,
        render: impl Fn(Rect, &mut Buffer) -> Option<Position>,
    ) -> io::Result<()> {
        self.terminal.draw(|frame| {
            let cursor = if frame.area() == next.area {
                frame.buffer_mut().clone_from(next);
                cursor
            } else {
                render(frame.area(), frame.buffer_mut())
            };
            if let Some(cursor) = cursor {
                frame.set_cursor_position(cursor);
            }
        })?;
        Ok(())
    }

    /// Sends the terminal something beside the picture.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(bytes)?;
        io::Write::flush(out)
    }

    /// Forgets what is shown, so that everything is painted again.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn repaint(&mut self) -> io::Result<()> {
        self.shown = None;
        // `Terminal::clear` asks the terminal where its cursor is; a mute one lets us wait for 2 s.
        let area = Rect::from(((0, 0).into(), self.terminal.size()?));
        self.terminal.resize(area)
    }

    /// Gives the terminal to the shell, stops, and takes it again when the shell continues us.
    ///
    /// The whole process group is stopped, as the terminal's own Ctrl-Z would; where no shell
    /// could continue it, the kernel ignores the signal and we go on at once.
    ///
    /// # Errors
    /// When the terminal cannot be taken again.
    pub fn suspend(&mut self) -> anyhow::Result<()> {
        restore();
        let _the_shell_may_be_missing = Command::new("sh")
            .args(["-c", "kill -s TSTP 0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        self.resume()
    }

    /// Takes the terminal again, whatever it looks like now.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn resume(&mut self) -> anyhow::Result<()> {
        take()?;
        if self.mouse {
            execute!(io::stdout(), EnableMouseCapture)?;
        }
        self.repaint()?;
        Ok(())
    }

    /// Takes the mouse, or leaves it to the terminal.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn mouse(&mut self, ours: bool) -> io::Result<()> {
        self.mouse = ours;
        if ours {
            execute!(io::stdout(), EnableMouseCapture)
        } else {
            execute!(io::stdout(), DisableMouseCapture)
        }
    }

    /// Whether there is still somebody to show anything to.
    #[must_use]
    pub fn alive(&self) -> bool {
        match &self.watched {
            Some(terminal) => terminal.is_terminal(),
            None => io::stdin().is_terminal(),
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Shown before the terminal library does it: on a terminal that is gone it would complain.
        let _gone_is_gone = self.terminal.show_cursor();
        restore();
    }
}

fn take() -> anyhow::Result<()> {
    let mut out = io::stdout();
    enable_raw_mode().context("the terminal cannot be put into raw mode")?;
    OURS.store(true, Ordering::SeqCst);
    let taken = execute!(out, EnterAlternateScreen, EnableBracketedPaste, Hide);
    taken.inspect_err(|_| restore())?;
    Ok(())
}

/// Gives the terminal back, once.
fn restore() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let _gone_is_gone = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        ResetColor,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _gone_is_gone = disable_raw_mode();
}
