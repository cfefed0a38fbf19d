//! One line being typed: a filter, a search, a time, a zone. What it means shows while it is typed, and
//! nothing that is wrong is taken.

use chrono_tz::Tz;

use super::action::Action;
use super::filter::Filter;
use super::filtering;
use super::layout;
use super::learning;
use super::list_state::Search;
use super::model::{Mode, Model};
use super::moment;
use super::place::Place;
use super::prompt::Prompt;
use super::range;
use super::sharing;
use super::typed_time;
use super::typing::{Purpose, Typing, Wrong};
use super::widening;
use crate::config::zone;
use crate::domain::log::LogKey;
use crate::domain::seek::{Seek, Step};
use crate::domain::terms::Terms;
use crate::domain::time::{Span, Timestamp};

/// Begins to type.
pub fn begin(model: &mut Model, action: Action) {
    let list = &model.messages;
    let (purpose, text) = match action {
        Action::Filter => {
            let filter = list.filter.clone();
            // What is typed is one term more.
            let text = match filter.text.as_str() {
                "" => String::new(),
                text => format!("{text} "),
            };
            (Purpose::Filter(Box::new(filter)), text)
        }
        Action::Search => {
            let search = Box::new(list.search.clone());
            (Purpose::Search(search, list.cursor), String::new())
        }
        Action::JumpToTime => (Purpose::Jump, String::new()),
        Action::Range => (Purpose::Range, String::new()),
        _ => (Purpose::Zone, String::new()),
    };
    let prompt = Prompt::new(&text);
    let echo = echo(model, &purpose, &prompt).map(|(words, _)| words);
    model.mode = Mode::Typing(Typing {
        purpose,
        prompt,
        echo,
    });
}

/// What was typed changed: what it means now is shown, as far as it means anything.
pub fn changed(model: &mut Model, mut typing: Typing) {
    let text = typing.prompt.text();
    match &typing.purpose {
        // What stands before a term that is wrong holds meanwhile.
        Purpose::Filter(_) => match filtering::read(model, text) {
            Ok(terms) => try_filter(model, text.trim(), terms),
            // Where nothing stands before it, what was understood last holds: not everything.
            Err(error) if error.before.is_empty() => {}
            Err(error) => {
                let before: String = text.chars().take(error.begin).collect();
                try_filter(model, before.trim_end(), error.before);
            }
        },
        Purpose::Search(_, from) => {
            if let Ok(terms) = filtering::read(model, text) {
                try_search(model, text, terms, *from);
            }
        }
        Purpose::Jump | Purpose::Range | Purpose::Zone | Purpose::Guess(_) => {}
    }
    typing.echo = echo(model, &typing.purpose, &typing.prompt).map(|(words, _)| words);
    model.mode = Mode::Typing(typing);
}

/// Enter: takes it, unless something is wrong with it.
pub fn accept(model: &mut Model, typing: Typing) {
    let (words, meant) = match echo(model, &typing.purpose, &typing.prompt) {
        Ok(meant) => meant,
        Err(wrong) => {
            let echo = Err(wrong);
            model.mode = Mode::Typing(Typing { echo, ..typing });
            return;
        }
    };
    match (typing.purpose, meant) {
        (Purpose::Filter(before), _) => {
            model.messages.typed(*before);
            // What a time came to is told once more: the filter shows it as it was typed.
            model.notice = Some(words).filter(|words| !words.is_empty());
        }
        (Purpose::Search(..), _) => model.notice = model.messages.nothing_found(),
        (Purpose::Guess(part), _) => learning::changed(model, part, typing.prompt.text()),
        (Purpose::Jump, Meant::Time(time)) => jump(model, time),
        (Purpose::Range, Meant::Range(span)) => widening::ask(model, span),
        (Purpose::Zone, Meant::Zone(tz)) => {
            model.zone.set(tz);
            sharing::retell(model);
            model.notice = Some(format!("times are now shown in {}", model.zone.name()));
        }
        _ => {}
    }
}

/// Esc: everything is as before.
pub fn cancel(model: &mut Model, typing: Typing) {
    match typing.purpose {
        Purpose::Filter(before) => model.messages.try_out(*before),
        Purpose::Search(before, row) => {
            model.messages.search = *before;
            let rows = layout::list_rows(model.size);
            model.messages.go(row, rows, false);
        }
        Purpose::Jump | Purpose::Range | Purpose::Zone | Purpose::Guess(_) => {}
    }
}

/// What a line means.
enum Meant {
    Range(Span),
    Nothing,
    Time(Timestamp),
    Zone(Tz),
}

fn echo(model: &Model, purpose: &Purpose, prompt: &Prompt) -> Result<(String, Meant), Wrong> {
    let text = prompt.text();
    let wrong = |message: String, help: String| Wrong {
        at: None,
        message: format!("{message}; {help}"),
    };
    match purpose {
        Purpose::Filter(_) | Purpose::Search(..) => {
            let terms = filtering::read(model, text).map_err(|error| Wrong {
                at: Some(error.at),
                message: format!("{}; {}", error.message, error.help),
            })?;
            Ok((typed_time::told(model, &terms), Meant::Nothing))
        }
        Purpose::Range => {
            let span = range::parse(model, text).map_err(|e| wrong(e.message, e.help))?;
            Ok((range::show(model, span), Meant::Range(span)))
        }
        Purpose::Guess(part) => Ok((learning::echo(model, *part, text)?, Meant::Nothing)),
        _ if text.trim().is_empty() => {
            let example = match purpose {
                Purpose::Jump => "02:10, 02:10:03, yesterday 22:00, -15m, 2026-11-22T02:10Z",
                _ => "UTC, Europe/Berlin, America/New_York",
            };
            Ok((example.to_owned(), Meant::Nothing))
        }
        Purpose::Jump => {
            let time = moment::parse(model, text).map_err(|e| wrong(e.message, e.help))?;
            Ok((moment::show(model, time), Meant::Time(time)))
        }
        Purpose::Zone => {
            let tz = zone::parse(text).map_err(|(message, help)| wrong(message, help))?;
            Ok((tz.name().to_owned(), Meant::Zone(tz)))
        }
    }
}

fn try_filter(model: &mut Model, text: &str, terms: Terms) {
    let list = &mut model.messages;
    let filter = Filter {
        text: text.to_owned(),
        terms,
        ..list.filter.clone()
    };
    list.try_out(filter);
}

fn try_search(model: &mut Model, text: &str, terms: Terms, from: usize) {
    let rows = layout::list_rows(model.size);
    let list = &mut model.messages;
    list.search = Search {
        text: text.to_owned(),
        terms: terms.clone(),
        ..Search::default()
    };
    list.go(from, rows, false);
    if !terms.is_empty() {
        list.look_for(Seek::Match {
            terms,
            from,
            step: Step::Here,
        });
    }
}

/// To a time: in a message the nearest sighting, else the first message at or after it.
fn jump(model: &mut Model, time: Timestamp) {
    let at = moment::show(model, time);
    let size = model.size;
    if let (Some(lifecycle), Place::Lifecycle) = (&mut model.lifecycle, model.place) {
        lifecycle.look_at(time, size);
        model.notice = Some(format!("the sighting nearest to {at}"));
    } else if model.place == Place::Logs {
        model.logs.show(LogKey::at(time));
        model.notice = Some(format!("the first line at or after {at}"));
    } else {
        model.go(Place::Messages);
        model.messages.look_for(Seek::Time(time));
        model.notice = Some(format!("the first message at or after {at}"));
    }
}
