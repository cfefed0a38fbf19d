//! The last row: what is typed, what may follow a key, one line about the last key, or what can be done.

use unicode_width::UnicodeWidthStr;

use super::format;
use super::hints;
use super::logs;
use super::text::Row;
use crate::app::action::Action;
use crate::app::model::{Mode, Model};
use crate::app::mouse_event::Target;
use crate::app::pending::{Pending, repeats};
use crate::app::prompt::Prompt;
use crate::app::typing::{Purpose, Typing};
use crate::domain::seek::Sought;
use crate::theme::role::Role;

/// How the keys are shown from where text is typed.
const HELP: &str = "esc, then ? help ";

/// Draws it.
pub fn draw(model: &Model, mut row: Row<'_, '_>) {
    row.skip(1);
    let context = model.context();
    if let Some(help) = model.keys.key_of(model.place.context(), Action::Help) {
        match &model.mode {
            // What it means comes first.
            Mode::Typing(typing) if !fits(typing, row.rest()) => &mut row,
            Mode::Typing(_)
            | Mode::Palette(_)
            | Mode::Help(_)
            | Mode::LogText(_)
            | Mode::Sides(_) => row.end(Role::Muted, HELP),
            _ => {
                let right = row.end_x();
                row.end(Role::Key, &format!("{help} help "));
                let left = row.end_x();
                row.target(left..right, Target::Key(help));
                &mut row
            }
        };
    }
    if let Mode::Typing(typing) = &model.mode {
        line(model, typing, &mut row);
    }
    if let Mode::Sides(prompt) = &model.mode {
        prompted(&mut row, "/", prompt);
        row.skip(1);
    }
    if let Mode::LogText(typing) = &model.mode {
        prompted(&mut row, typing.what.sign(), &typing.prompt);
        match &typing.wrong {
            Some(wrong) => row.put(Role::Failed, &format!("✗ not a pattern: {wrong}")),
            None => row.put(Role::Muted, &logs::typed(model, typing)),
        };
        row.skip(2);
    }
    if let Some(pending) = model.pending {
        waiting(model, pending, &mut row);
        return;
    }
    if let Some(notice) = &model.notice {
        row.put(Role::Notice, notice);
        return;
    }
    for (action, label) in hints::wanted(context) {
        let Some(chord) = model.keys.key_of(context, *action) else {
            continue;
        };
        let key = chord.to_string();
        if key.width() + label.width() + 1 > row.rest() {
            break;
        }
        let from = row.x();
        row.put(Role::Key, &key).skip(1).put(Role::Muted, label);
        let to = row.x();
        row.target(from..to, Target::Key(chord));
        row.skip(2);
    }
}

/// Whether all of a line being typed and its meaning has room beside the way to the help.
fn fits(typing: &Typing, columns: usize) -> bool {
    let meaning = typing.echo.as_ref().map_or(0, |words| words.width());
    let typed = typing.sign().width() + typing.prompt.text().width();
    typed + 2 + meaning + 2 + HELP.width() < columns
}

fn prompted(row: &mut Row<'_, '_>, sign: &str, prompt: &Prompt) {
    row.put(Role::Key, sign).put(Role::Title, prompt.text());
    row.cursor_here();
    row.put(Role::Accent, "█").skip(1);
}

/// The line that is typed, what is wrong with it, and what it means.
fn line(model: &Model, typing: &Typing, row: &mut Row<'_, '_>) {
    row.put(Role::Key, typing.sign());
    let text = typing.prompt.text();
    let wrong_at = typing.echo.as_ref().err().and_then(|wrong| wrong.at);
    let from = wrong_at.and_then(|at| text.char_indices().nth(at));
    // Of a long pattern the end is in sight, where the cursor is.
    let end = match typing.purpose {
        Purpose::Guess(_) => row.fit_end(text, row.rest().saturating_sub(20)),
        _ => text.to_owned(),
    };
    let text = end.as_str();
    let (good, bad) = text.split_at(from.map_or(text.len(), |(at, _)| at));
    row.put(Role::Title, good).put(Role::Failed, bad);
    row.cursor_here();
    row.put(Role::Accent, "█").skip(1);
    match &typing.echo {
        Err(wrong) => {
            // What is wrong stands on the row above, where there is room for it.
            let place = wrong
                .at
                .map_or(String::new(), |at| format!(" at {}", at + 1));
            row.put(Role::Failed, &format!("✗{place}"));
        }
        Ok(words) => {
            let listed = matches!(typing.purpose, Purpose::Filter(_) | Purpose::Search(..));
            if listed || words.is_empty() {
                row.put(Role::Muted, &matches(model, typing));
            }
            if listed && !words.is_empty() {
                row.put(Role::Muted, " · ");
            }
            row.put(Role::Muted, words);
        }
    }
    row.skip(2);
}

/// How many messages a filter or a search has.
fn matches(model: &Model, typing: &Typing) -> String {
    let list = &model.messages;
    match (&typing.purpose, list.search.sought) {
        _ if list.waiting() => "… searching".into(),
        (Purpose::Search(..), Some(sought)) => found(sought),
        (Purpose::Search(..), None) => {
            "text, host=eng-3, verdict:lost, /regex/, 01:46..01:50".into()
        }
        _ if typing.prompt.text().is_empty() => {
            "text, host=eng-3, verdict:lost, !host=a, 01:46..01:50".into()
        }
        _ => format!("{} match", format::count(list.page.total as u64)),
    }
}

/// `match 3 of 12`.
#[must_use]
pub fn found(sought: Sought) -> String {
    let [number, all] = [sought.number, sought.matches].map(|n| format::count(n as u64));
    match sought.matches {
        0 => "no match".into(),
        // The selected row is none of them.
        _ if sought.number == 0 => format!("{all} match"),
        _ => format!("match {number} of {all}"),
    }
}

/// What may follow a key that waits for another.
fn waiting(model: &Model, pending: Pending, row: &mut Row<'_, '_>) {
    let context = model.place.context();
    match pending {
        Pending::Count(number) => {
            let typed = match number {
                0 => "count: type a number".to_owned(),
                _ => format!("{number} times"),
            };
            row.put(Role::Title, &typed).skip(2);
            row.put(Role::Muted, "then ");
            for bound in model.keys.bindings(context).filter(|b| repeats(b.action)) {
                let Some(key) = bound.keys.first().map(ToString::to_string) else {
                    continue;
                };
                if key.width() > row.rest() {
                    break;
                }
                row.put(Role::Key, &key).skip(1);
            }
        }
        Pending::Mark => {
            row.put(Role::Title, "mark it with a letter").skip(2);
            row.put(Role::Muted, "in use: ");
            letters(model, row);
        }
        Pending::JumpToMark => {
            row.put(Role::Title, "to the letter").skip(2);
            letters(model, row);
        }
    }
}

fn letters(model: &Model, row: &mut Row<'_, '_>) {
    if model.marks.list().next().is_none() {
        row.put(Role::Muted, "none; m and a letter mark something");
    }
    for (letter, what) in model.marks.list() {
        row.put(Role::Key, &letter.to_string()).skip(1);
        let what = row.fit_middle(what, 14);
        row.put(Role::Muted, &what).skip(2);
    }
}
