//! The one loop: keys first, then signals, then answers; draws only what changed.
//!
//! Everything that waits has been taken in before a picture is made, there are at most sixty pictures
//! a second, and a picture like the last one writes nothing. `tokio` on this one thread waits for
//! keys, signals and answers at once; asking the run happens on a thread of its own.

pub mod asked;
pub mod asking;
pub mod bridge;
pub mod brush;
pub mod clerk;
pub mod clipboard;
pub mod copier;
pub mod keys;
pub mod look;
pub mod post_mortem;
pub mod save;
pub mod session;
pub mod shift;
pub mod terminal;
pub mod worker;

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_channel::Receiver;
use chrono_tz::Tz;
use crossterm::event::EventStream;
use futures_util::StreamExt;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use self::asked::Asked;
use self::clipboard::Routed;
use self::copier::Copier;
use self::keys::Late;
use self::look::{Look, Wardrobe};
use self::session::SessionFile;
use self::terminal::Screen;
use crate::app::bound::Keymap;
use crate::app::input::{Copied, Effect, Input};
use crate::app::learnt::{Basis, LearntView};
use crate::app::model::Model;
use crate::app::mouse_event::Mouse;
use crate::app::session::of as session_of;
use crate::app::update::update;
use crate::app::widening;
use crate::domain::mask::Mask;
use crate::domain::time::{Span, Timestamp};
use crate::load::answers::Answers;
use crate::theme::Theme;
use crate::theme::depth::Depth;
use crate::ui;

/// Between two pictures.
const FRAME: Duration = Duration::from_millis(16);
/// So long after the last key one has stayed where one is.
const REST: Duration = Duration::from_millis(150);
/// How soon it is noticed that the terminal is gone without a signal.
const WATCH: Duration = Duration::from_millis(500);
/// The signal that continues a stopped process.
#[cfg(any(target_os = "linux", target_os = "android"))]
const SIGCONT: i32 = 18;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SIGCONT: i32 = 19;

/// What the dashboard is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is being looked at, in a few words.
    pub title: String,
    /// The configuration that the run goes by.
    pub config: Option<String>,
    /// What the user should know first.
    pub notice: Option<String>,
    /// How it shall look.
    pub look: Look,
    /// What masks, and whether others look on from the beginning.
    pub share: (Arc<Mask>, bool),
    /// The zones that `t` changes to, beside UTC.
    pub zones: Vec<Tz>,
    /// The keys.
    pub keys: Arc<Keymap>,
    /// Where the session is kept.
    pub session: Option<SessionFile>,
    /// Begin where the last one ended.
    pub resume: bool,
    /// What was learnt, where no configuration says it.
    pub learnt: Option<Basis>,
    /// The profile of each environment that has one.
    pub profiles: Vec<(Arc<str>, String)>,
    /// The time.
    pub clock: fn() -> Timestamp,
}

/// Runs the dashboard until it is left. The terminal is given back however it ends.
///
/// # Errors
/// When the theme is wrong, there is no terminal, or the terminal fails.
pub fn run(answers: Arc<dyn Answers>, options: &Options) -> anyhow::Result<()> {
    // Before anybody else reads what the terminal says: it is asked for its background.
    let (wardrobe, mut theme, late) = Wardrobe::open(&options.look)?;
    if theme.depth == Depth::Mono {
        // The terminal library's own NO_COLOR writes a reset for each colour, which also wipes bold
        // and reverse. The colours are taken out of the finished picture instead.
        crossterm::style::force_color_output(true);
    }
    let mut screen = Screen::open()?;
    let now = (options.clock)();
    let mut model = Model::new(
        &options.title,
        now,
        options.zones.iter().copied(),
        screen.size(),
    );
    model.notice.clone_from(&options.notice);
    model.profiles.clone_from(&options.profiles);
    model.config.clone_from(&options.config);
    model.learnt = options.learnt.clone().map(LearntView::new).map(Box::new);
    model.themes = wardrobe.themes();
    model.share.with = Some(Arc::clone(&options.share.0));
    model.keys = Arc::clone(&options.keys);
    // Whether it can be read over another time does not depend on which.
    model.fixed = answers.wider(Span::new(now, now)).err();
    match options
        .session
        .as_ref()
        .filter(|_| options.resume)
        .map(SessionFile::read)
    {
        Some(Ok(kept)) => {
            let name = kept.as_ref().and_then(|kept| kept.theme.clone());
            if let Some((name, kept)) = name.as_ref().zip(wardrobe.kept(name.as_deref())) {
                theme = kept;
                model.themes.current.clone_from(name);
                model.themes.chosen = true;
            }
            model.resume = kept;
        }
        Some(Err(why)) => model.notice = Some(why),
        None => {}
    }
    if options.share.1 {
        model.share.on = true;
        theme = wardrobe.theme(&model.themes.projector)?;
    }
    // The first picture, before anything is asked.
    screen.show(|area, buf| picture(&model, &theme, area, buf))?;
    let (copier, routed) = Copier::new();
    let asked = Asked::start(answers, options.clock)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(
        Loop {
            model,
            theme,
            wardrobe,
            late,
            screen,
            asked,
            copier,
            dirty: true,
            quit: false,
            session: options.session.clone(),
        }
        .run(routed),
    )
}

fn picture(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let cursor = ui::render(model, theme, area, buf);
    theme.finish(buf);
    cursor
}

/// The signals that end us, and the one that continues us.
struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
    resume: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            resume: signal(SignalKind::from_raw(SIGCONT))?,
        })
    }
}

struct Loop {
    model: Model,
    theme: Theme,
    wardrobe: Wardrobe,
    late: Late,
    screen: Screen,
    asked: Asked,
    copier: Copier,
    dirty: bool,
    quit: bool,
    session: Option<SessionFile>,
}

impl Loop {
    /// However it ends, the session is kept.
    async fn run(mut self, routed: Receiver<Routed>) -> anyhow::Result<()> {
        let ended = self.go_on(routed).await;
        if let Some(file) = &self.session
            && let Some(session) = session_of(&self.model, file.about())
            && let Err(error) = file.write(&session)
        {
            tracing::warn!(%error, "the session is not kept");
        }
        ended
    }

    async fn go_on(&mut self, routed: Receiver<Routed>) -> anyhow::Result<()> {
        let mut events = EventStream::new();
        let mut signals = Signals::new()?;
        let mut watch = interval(WATCH);
        watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next_frame = Instant::now();
        let mut rest = Instant::now();
        while !self.quit {
            if self.dirty && Instant::now() >= next_frame {
                let (model, theme) = (&self.model, &self.theme);
                self.screen
                    .show(|area, buf| picture(model, theme, area, buf))?;
                self.dirty = false;
                next_frame = Instant::now() + FRAME;
            }
            let inputs = self.asked.inputs();
            let begun = self.asked.begun();
            tokio::select! {
                biased;
                event = events.next() => match event {
                    Some(Ok(event)) => {
                        self.take_event(event)?;
                        rest = Instant::now() + REST;
                    }
                    Some(Err(error)) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Some(Err(_)) | None => return Ok(()),
                },
                _ = signals.terminate.recv() => return Ok(()),
                _ = signals.hangup.recv() => return Ok(()),
                _ = signals.interrupt.recv() => return Ok(()),
                _ = signals.resume.recv() => {
                    self.screen.resume()?;
                    self.dirty = true;
                }
                () = sleep_until(next_frame), if self.dirty => {}
                () = sleep_until(rest), if self.model.board.moving() => self.take(Input::Rest)?,
                input = inputs.recv() => {
                    let Ok(input) = input else {
                        anyhow::bail!("the thread that answers has ended; this is a bug");
                    };
                    self.take(input)?;
                }
                Ok(run) = begun.recv() => {
                    self.asked.go_on(run?)?;
                    widening::anew(&mut self.model);
                    self.dirty = true;
                }
                Ok(copy) = routed.recv() => {
                    if let Some(bytes) = &copy.send {
                        self.screen.send(bytes)?;
                    }
                    self.take(Input::Told(copy.told))?;
                }
                _ = watch.tick() => if !self.screen.alive() {
                    return Ok(());
                },
            }
            // Whatever else has arrived by now belongs into the same picture.
            // (Polled with this task's own waker: the stream keeps the last one it was given.)
            while !self.quit {
                match poll_fn(|cx| Poll::Ready(events.poll_next_unpin(cx))).await {
                    Poll::Ready(Some(Ok(event))) => self.take_event(event)?,
                    Poll::Ready(Some(Err(_)) | None) => return Ok(()),
                    Poll::Pending => break,
                }
            }
            while let (false, Ok(input)) = (self.quit, self.asked.inputs().try_recv()) {
                self.take(input)?;
            }
        }
        Ok(())
    }

    fn take_event(&mut self, event: crossterm::event::Event) -> anyhow::Result<()> {
        if self.late.is_part(&event) {
            return Ok(());
        }
        for input in keys::inputs(event) {
            self.take(input)?;
        }
        Ok(())
    }

    /// Another theme from now on; one that cannot be loaded changes nothing and says why.
    fn change(&mut self, name: &str) {
        match self.wardrobe.theme(name) {
            Ok(theme) => self.theme = theme,
            Err(error) => self.model.notices.failed(&error.to_string()),
        }
    }

    /// What is copied, as text.
    fn text(&self, copied: Copied) -> String {
        match copied {
            Copied::Text(text) => text,
            Copied::Screen => copier::text(&self.model, &self.theme),
        }
    }

    fn take(&mut self, input: Input) -> anyhow::Result<()> {
        self.dirty = true;
        // Also where the size is the same again: smaller for a moment, the terminal has forgotten
        // what it could not show.
        if matches!(input, Input::Resize(..)) {
            self.screen.repaint()?;
        }
        let input = match input {
            Input::Mouse(Mouse::Click(column, row)) => {
                let target = ui::target(&self.model, &self.theme, (column, row));
                Input::Mouse(Mouse::On(target))
            }
            input => input,
        };
        for effect in update(&mut self.model, input) {
            match effect {
                Effect::Ask(question) => self.asked.ask(question),
                Effect::StopLoad => self.asked.stop_load(),
                Effect::Again(span) => {
                    if let Err(why) = self.asked.again(span) {
                        self.model.notices.failed(&why);
                    }
                }
                Effect::StopHunt => self.asked.stop_hunt(),
                Effect::Note(number, change) => self.asked.note(number, *change),
                Effect::Copy(what, copied) => {
                    let text = self.text(copied);
                    self.copier.copy(what, text);
                }
                Effect::CopyToFile(what, copied) => {
                    let text = self.text(copied);
                    self.copier.to_file(what, text);
                }
                Effect::PostMortem(timeline, zone) => {
                    let mask = self.model.share.mask().cloned();
                    self.asked.report((timeline, zone, mask));
                }
                Effect::Judge(text) => self.asked.judge(text),
                Effect::SaveConfiguration {
                    path,
                    text,
                    replace,
                } => self.asked.save((path, text, replace)),
                Effect::Mouse(ours) => self.screen.mouse(ours)?,
                Effect::Redraw => self.screen.repaint()?,
                Effect::Theme(name) => self.change(&name),
                Effect::Suspend => self.screen.suspend()?,
                Effect::Quit => self.quit = true,
            }
        }
        Ok(())
    }
}
