//! Sets marks and goes to them.

use std::sync::Arc;

use super::filter::Filter;
use super::logline::LogLine;
use super::marks::{Marked, MarkedLine, MarkedMessage};
use super::model::Model;
use super::opening;
use super::place::Place;
use super::travel;
use crate::domain::terms::Terms;
use crate::domain::terms_text;
use crate::domain::view::MessageRow;

/// So much of a line names it.
const WORDS: usize = 80;

/// Marks what is in front: the message where there is one, else the view as it is.
pub fn set(model: &mut Model, letter: char) {
    let of = |row: &MessageRow| {
        Marked::Message(MarkedMessage {
            handle: Some(row.handle),
            id: row.id.clone(),
            env: Arc::clone(&row.env),
        })
    };
    let line = |line: &LogLine| {
        let time = model.zone.format(line.key.time, "%H:%M:%S%.3f");
        let text: String = line.text(false).chars().take(WORDS).collect();
        Marked::Line(Box::new(MarkedLine {
            key: line.key,
            kept: model.logs.kept(),
            words: format!("{time} {text}"),
        }))
    };
    let message = match model.place {
        Place::Logs => model.logs.selected().map(line),
        Place::Messages => model.messages.selected().map(of),
        Place::Lifecycle => {
            let view = model.lifecycle.as_ref().and_then(|l| l.view.as_ref());
            view.map(|view| of(&view.row))
        }
        _ => None,
    };
    let marked = message.unwrap_or_else(|| Marked::Place(Box::new(travel::here(model))));
    // The same letter again on the same message takes the mark away.
    let same = match (model.marks.0.get(&letter), &marked) {
        (Some(Marked::Line(before)), Marked::Line(now)) => before.key == now.key,
        (before, now) => before == Some(now),
    };
    let words = if same {
        model.marks.0.remove(&letter);
        format!("{letter} marks nothing any more")
    } else {
        let what = match &marked {
            Marked::Message(message) => message.id.clone(),
            Marked::Place(spot) => format!("this view of the {}", spot.place.context().title()),
            Marked::Line(line) => line.words.clone(),
        };
        let before = model.marks.0.insert(letter, marked);
        let instead = before.map_or("", |_| ", and no longer what it did");
        format!("{letter} marks {what}{instead}")
    };
    model.notice = Some(words);
}

/// To what a letter marks.
pub fn jump(model: &mut Model, letter: char) {
    match model.marks.0.get(&letter).cloned() {
        Some(Marked::Message(MarkedMessage {
            handle: Some(handle),
            ..
        })) => {
            model.messages.select(handle);
            opening::message(model, handle);
        }
        Some(Marked::Message(message)) => list_alone(model, &message),
        Some(Marked::Place(spot)) => travel::restore(model, *spot),
        Some(Marked::Line(line)) => {
            model.logs.keep(line.kept);
            model.logs.show(line.key);
            model.go(Place::Logs);
        }
        None => {
            let letters: Vec<String> = model.marks.0.keys().map(char::to_string).collect();
            model.notice = Some(if letters.is_empty() {
                format!("nothing is marked {letter}: m and a letter mark something")
            } else {
                format!("nothing is marked {letter}; marks: {}", letters.join(" "))
            });
        }
    }
}

/// A message of which only the name is known: the list shows it alone, and `u` shows the others again.
fn list_alone(model: &mut Model, message: &MarkedMessage) {
    model.messages.keep(Filter {
        env: Some(Arc::clone(&message.env)),
        text: terms_text::written(false, "id", &message.id),
        terms: Terms::id(&message.id),
        ..Filter::default()
    });
    model.go(Place::Messages);
}
