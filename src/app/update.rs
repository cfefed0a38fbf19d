//! The one function that changes the model: an input in, effects out.

use std::sync::Arc;

use super::action::Action;
use super::chord::Chord;
use super::hunting;
use super::input::{Answer, Effect, Input, Question};
use super::keymap::{self, Context};
use super::layout::{self, Size};
use super::lifecycle::Lifecycle;
use super::messages::Filter;
use super::model::{Asking, Mode, Model, Place};
use super::moves;
use super::opened::{self, Opened};
use super::palette::Palette;
use super::prompt::Prompt;
use crate::domain::view::MessageHandle;

/// Takes in what happened; returns what is to be done outside.
pub fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    let mut effects = Vec::new();
    match input {
        Input::Key(chord) => key(model, chord, &mut effects),
        Input::Paste(text) => paste(model, &text),
        Input::Resize(columns, rows) => resize(model, Size { columns, rows }),
        Input::Tick(now) => model.now = now,
        Input::Answer(now, given) => {
            model.now = now;
            answer(model, given);
        }
    }
    ask(model, &mut effects);
    effects
}

/// Asks for what the view in front needs and has not got.
fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.ready {
        return;
    }
    hunting::ask(model, effects);
    if model.place == Place::Board
        && let Some(query) = model.preview_question()
    {
        effects.push(Effect::Ask(Question::Messages(query)));
    }
    let rows = list_rows(model);
    if matches!(model.place, Place::Messages | Place::Lifecycle)
        && let Some(query) = model.messages.question(rows)
    {
        effects.push(Effect::Ask(Question::Messages(query)));
    }
    if model.place == Place::Lifecycle
        && let Some(lifecycle) = &mut model.lifecycle
    {
        if lifecycle.ask() {
            effects.push(Effect::Ask(Question::Lifecycle(lifecycle.handle)));
        }
        if let Some(text) = lifecycle.question() {
            effects.push(Effect::Ask(Question::Text(text)));
        }
    }
}

fn answer(model: &mut Model, answer: Answer) {
    match answer {
        Answer::Overview(overview, findings) => {
            model.board.follow(&model.findings, &findings);
            model.overview = overview;
            model.findings = findings;
            model.ready = true;
            model.messages.refresh();
            model.preview.refresh();
            model.sources.refit(model.size, &model.overview);
            if let Some(lifecycle) = &mut model.lifecycle {
                lifecycle.refresh();
            }
        }
        Answer::Messages(query, page) => {
            let rows = list_rows(model);
            if model.preview.asked(&query) {
                model.preview.answer(&query, page.clone(), 1);
            }
            model.messages.answer(&query, page, rows);
        }
        Answer::Lifecycle(handle, view) => {
            if let Some(lifecycle) = &mut model.lifecycle
                && lifecycle.handle == handle
            {
                lifecycle.answer(view, model.size);
            }
        }
        Answer::Hunt(given) => hunting::answer(model, given),
        Answer::Text(at, text) => {
            if let Some(lifecycle) = &mut model.lifecycle {
                lifecycle.answer_text(at, text);
            }
        }
    }
}

fn resize(model: &mut Model, size: Size) {
    model.size = size;
    let rows = list_rows(model);
    let list = &mut model.messages;
    list.top = layout::keep_in_sight(list.top, list.cursor, rows, list.page.total);
    model.sources.refit(size, &model.overview);
    if let Some(hunt) = &mut model.hunt {
        hunt.refit(size);
    }
    if let Some(lifecycle) = &mut model.lifecycle {
        lifecycle.resize(size);
    }
}

fn paste(model: &mut Model, text: &str) {
    match &mut model.mode {
        Mode::Filter(prompt, _) => {
            prompt.push(text.trim());
            let typed = prompt.text().to_owned();
            model.messages.set_text(&typed);
        }
        Mode::Palette(palette) => {
            palette.prompt.push(text.trim());
            palette.cursor = 0;
        }
        _ => model.notice = Some("pasted text is taken only where text is typed (/ or :)".into()),
    }
}

fn key(model: &mut Model, chord: Chord, effects: &mut Vec<Effect>) {
    model.notice = None;
    let context = model.context();
    match (keymap::action(context, chord), chord.typed()) {
        (Some(action), _) => act(model, action, effects),
        (None, Some(c)) if matches!(context, Context::Filter | Context::Palette) => {
            paste_char(model, c);
        }
        (None, _) => match context {
            // Any key but yes is no.
            Context::Question => model.mode = Mode::Normal,
            _ => model.notice = Some(format!("{chord} does nothing here; ? shows the keys")),
        },
    }
}

fn paste_char(model: &mut Model, c: char) {
    let mut buffer = [0; 4];
    let text = c.encode_utf8(&mut buffer);
    match &mut model.mode {
        Mode::Filter(prompt, _) => {
            prompt.push(text);
            let typed = prompt.text().to_owned();
            model.messages.set_text(&typed);
        }
        Mode::Palette(palette) => {
            palette.prompt.push(text);
            palette.cursor = 0;
        }
        _ => {}
    }
}

fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::Quit => effects.push(Effect::Quit),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Suspend => effects.push(Effect::Suspend),
        _ => match std::mem::replace(&mut model.mode, Mode::Normal) {
            Mode::Normal => in_view(model, action),
            Mode::Help(top) => in_help(model, action, top),
            Mode::Palette(palette) => in_palette(model, action, palette, effects),
            Mode::Filter(prompt, before) => in_filter(model, action, prompt, before),
            Mode::Question(asking) => {
                if action == Action::Confirm {
                    confirmed(model, asking, effects);
                }
            }
        },
    }
}

fn confirmed(model: &mut Model, asking: Asking, effects: &mut Vec<Effect>) {
    match asking {
        Asking::Quit => effects.push(Effect::Quit),
        Asking::StopLoad => {
            model.stopped = true;
            effects.push(Effect::StopLoad);
        }
    }
}

fn in_help(model: &mut Model, action: Action, top: usize) {
    if action != Action::Back {
        let keys = keymap::bindings(model.place.context()).count();
        let (_, len) = layout::help(model.size, keys);
        let page = usize::from(model.size.rows.saturating_sub(4));
        let top = moves::target(action, top, len.saturating_sub(page) + 1, page).unwrap_or(top);
        model.mode = Mode::Help(top);
    }
}

fn in_palette(model: &mut Model, action: Action, mut palette: Palette, effects: &mut Vec<Effect>) {
    match action {
        Action::Back => return,
        Action::Open => {
            match palette.selected() {
                Some(binding) => act(model, binding.action, effects),
                None => model.notice = Some("no such action; ? shows the keys".into()),
            }
            return;
        }
        Action::DeleteBack => palette.prompt.delete_back(),
        Action::DeleteAll => palette.prompt.clear(),
        _ => {
            let len = palette.entries().len();
            palette.cursor = moves::target(action, palette.cursor, len, 1).unwrap_or(0);
        }
    }
    if matches!(action, Action::DeleteBack | Action::DeleteAll) {
        palette.cursor = 0;
    }
    model.mode = Mode::Palette(palette);
}

fn in_filter(model: &mut Model, action: Action, mut prompt: Prompt, before: String) {
    match action {
        Action::Open => return,
        Action::Back => {
            model.messages.set_text(&before);
            return;
        }
        Action::DeleteBack => prompt.delete_back(),
        Action::DeleteAll => prompt.clear(),
        _ => {
            let rows = list_rows(model);
            model.messages.act(action, rows, &model.overview);
        }
    }
    model.messages.set_text(prompt.text());
    model.mode = Mode::Filter(prompt, before);
}

/// What every view can do, then what the one in front can.
fn in_view(model: &mut Model, action: Action) {
    match action {
        Action::Help => model.mode = Mode::Help(0),
        Action::Palette => model.mode = Mode::Palette(Palette::new(model.place.context())),
        Action::ToggleZone => toggle_zone(model),
        Action::StopLoad if model.running() && !model.stopped => {
            model.mode = Mode::Question(Asking::StopLoad);
        }
        Action::StopLoad => model.notice = Some("nothing is being loaded".into()),
        Action::ViewBoard => model.go(Place::Board),
        Action::ViewMessages => model.go(Place::Messages),
        Action::ViewSources => model.go(Place::Sources),
        Action::ViewLifecycle => view_lifecycle(model),
        Action::ViewHunt => hunting::view(model),
        Action::Hunt => hunting::begin(model),
        _ => {
            let done = match model.place {
                Place::Board => on_board(model, action),
                Place::Messages => on_messages(model, action),
                Place::Lifecycle => on_lifecycle(model, action),
                Place::Sources => model.sources.act(action, model.size, &model.overview),
                Place::Hunt => hunting::act(model, action),
            };
            if !done {
                not_done(model, action);
            }
        }
    }
}

/// What no view has taken.
fn not_done(model: &mut Model, action: Action) {
    match action {
        Action::Back | Action::Leave => match model.trail.pop() {
            Some(place) => model.place = place,
            None if action == Action::Leave => model.mode = Mode::Question(Asking::Quit),
            None => model.notice = Some("this is the first view; q quits".into()),
        },
        Action::NextGap | Action::PreviousGap => {
            model.notice = Some(
                match model.place {
                    Place::Board => "no gap: nothing was lost in what was read",
                    Place::Messages => "no further lost message in this list",
                    Place::Lifecycle => {
                        "no further gap in this message; n goes to the next message"
                    }
                    Place::Sources => "no further source that could not be read",
                    Place::Hunt => "no gap here; enter shows what to add",
                }
                .into(),
            );
        }
        _ => {}
    }
}

fn toggle_zone(model: &mut Model) {
    model.notice = Some(if model.zone.toggle() {
        format!("times are now shown in {}", model.zone.name())
    } else {
        "no other zone than UTC is known; --tz names one".into()
    });
}

fn view_lifecycle(model: &mut Model) {
    let selected = model.messages.selected().map(|row| row.handle);
    match (selected, &model.lifecycle) {
        (Some(handle), _) if model.place == Place::Messages => open_message(model, handle),
        (_, Some(_)) => model.go(Place::Lifecycle),
        (Some(handle), None) => open_message(model, handle),
        (None, None) => model.notice = Some("choose a message first: 2 lists them".into()),
    }
}

fn open_message(model: &mut Model, handle: MessageHandle) {
    let raw = model.lifecycle.as_ref().is_some_and(|l| l.raw);
    if model.lifecycle.as_ref().is_none_or(|l| l.handle != handle) {
        model.lifecycle = Some(Lifecycle::new(handle, raw));
    }
    model.go(Place::Lifecycle);
}

fn on_board(model: &mut Model, action: Action) -> bool {
    if action != Action::Open {
        return model
            .board
            .act(action, model.size, &model.overview, &model.findings);
    }
    match opened::of(&model.board, &model.overview, &model.findings) {
        Some(Opened::Messages(filter)) => show(model, filter),
        Some(Opened::Source(id)) => {
            model.sources.select(id, model.size, &model.overview);
            model.go(Place::Sources);
        }
        None => model.notice = Some("nothing to open yet".into()),
    }
    true
}

fn show(model: &mut Model, filter: Filter) {
    model.messages.show(filter);
    model.go(Place::Messages);
}

fn on_messages(model: &mut Model, action: Action) -> bool {
    match action {
        Action::Open => match model.messages.selected().map(|row| row.handle) {
            Some(handle) => open_message(model, handle),
            None => model.notice = Some("no message to open".into()),
        },
        Action::FilterText => {
            let text = model.messages.filter.text.clone();
            model.mode = Mode::Filter(Prompt::new(&text), text);
        }
        _ => {
            let rows = list_rows(model);
            let overview = Arc::clone(&model.overview);
            return model.messages.act(action, rows, &overview);
        }
    }
    true
}

fn on_lifecycle(model: &mut Model, action: Action) -> bool {
    if matches!(action, Action::NextMessage | Action::PreviousMessage) {
        let rows = list_rows(model);
        match model.messages.step(action == Action::NextMessage, rows) {
            Some(handle) => open_message(model, handle),
            None => model.notice = Some("the list ends here".into()),
        }
        return true;
    }
    let size = model.size;
    model
        .lifecycle
        .as_mut()
        .is_some_and(|lifecycle| lifecycle.act(action, size))
}

fn list_rows(model: &Model) -> usize {
    usize::from(layout::messages(model.size).list).max(1)
}
