//! What can happen to the dashboard, and what it asks of the outside. Closed sets, both.

use std::path::PathBuf;
use std::sync::Arc;

use chrono_tz::Tz;

use super::chord::Chord;
use super::mouse_event::Mouse;
use crate::diagnose::compare::{Comparison, Sides};
use crate::diagnose::finding::Finding;
use crate::diagnose::telling::{Telling, Wanted};
use crate::domain::event::TextRef;
use crate::domain::hunt::Hunt;
use crate::domain::log::view::{LogPage, LogQuery};
use crate::domain::time::{Span, Timestamp};
use crate::domain::timeline::{Change, Timeline};
use crate::domain::view::{LifecycleView, MessageHandle, MessagePage, MessageQuery, Overview};
use crate::load::notebook::Noted;
use crate::sources::texts::RawEvent;

/// What can happen.
#[derive(Clone, Debug)]
pub enum Input {
    /// A key.
    Key(Chord),
    /// Text pasted from outside: typed where text is typed, else ignored.
    Paste(String),
    /// The mouse did something; only where it was asked for.
    Mouse(Mouse),
    /// The screen has this many columns and rows.
    Resize(u16, u16),
    /// Time passes while something loads.
    Tick(Timestamp),
    /// No key was pressed for a moment.
    Rest,
    /// An answer arrived, at this time.
    Answer(Timestamp, Answer),
    /// A word about what was done outside, or why it was not.
    Told(Result<String, String>),
}

/// What is copied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Copied {
    /// This.
    Text(String),
    /// What is on the screen.
    Screen,
}

/// What is asked of the outside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Ask; a newer question of the same kind replaces an older one that waits.
    Ask(Question),
    /// Cancel the load.
    StopLoad,
    /// Read the same over this time instead.
    Again(Span),
    /// Cancel the hunt.
    StopHunt,
    /// Write a change of the timeline down. None is ever left out, and their order is kept.
    Note(u64, Box<Change>),
    /// Copy what is called so.
    Copy(&'static str, Copied),
    /// Write it into a file instead.
    CopyToFile(&'static str, Copied),
    /// Write the report with this timeline into a file, times in this zone.
    PostMortem(Timeline, Tz),
    /// Judge everything again by this configuration; a newer one replaces one that waits.
    Judge(String),
    /// Save the configuration; where a file is there already only if it may be replaced.
    SaveConfiguration {
        /// Where.
        path: PathBuf,
        /// The configuration.
        text: String,
        /// In the place of the file that is there.
        replace: bool,
    },
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Paint the whole screen again.
    Redraw,
    /// Show everything in this theme.
    Theme(String),
    /// Stop until the shell continues us.
    Suspend,
    /// End.
    Quit,
}

/// A question for the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// Some messages.
    Messages(MessageQuery),
    /// One message.
    Lifecycle(MessageHandle),
    /// A log event's text.
    Text(TextRef),
    /// Some lines of the log.
    Log(LogQuery),
    /// Hunt for these messages; ends the hunt before.
    Hunt(MessageQuery),
    /// What was measured around a finding.
    Measured(Wanted),
    /// Two sides, edge by edge.
    Compare(Sides),
}

/// What became of saving a configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Saved {
    /// It stands in this file: path, text.
    Written(String, String),
    /// This file is there already, and is as it was.
    Exists(String),
    /// Why it could not be.
    Failed(String),
}

/// What came back.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The whole picture changed. Sent unasked.
    Overview(Arc<Overview>, Arc<Vec<Finding>>),
    /// To [`Question::Messages`].
    Messages(MessageQuery, Box<MessagePage>),
    /// To [`Question::Lifecycle`].
    Lifecycle(MessageHandle, Option<Box<LifecycleView>>),
    /// To [`Question::Text`]: the event, or why it cannot be read.
    Text(TextRef, Result<RawEvent, String>),
    /// To [`Question::Log`].
    Log(LogQuery, Box<LogPage>),
    /// The timeline as it is known by now. Sent unasked.
    Timeline(Noted),
    /// To [`Question::Measured`].
    Measured(Wanted, Arc<Telling>),
    /// To [`Question::Compare`].
    Compare(Sides, Arc<Comparison>),
    /// To [`Effect::Judge`]: from here on everything is of the new run; or why there is none.
    JudgedAgain(Result<(), String>),
    /// To [`Effect::SaveConfiguration`].
    Saved(Saved),
    /// A hunt as far as it has come, or why there can be none. Sent again whenever it has come further.
    Hunt(Result<Arc<Hunt>, String>),
}
