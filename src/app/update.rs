//! The one function that changes the model: an input in, effects out.

use super::acting;
use super::action::Action;
use super::chord::Chord;
use super::comparing;
use super::copying;
use super::evidencing;
use super::hunting;
use super::input::{Answer, Effect, Input, Question};
use super::keymap::{self, Context};
use super::layout::{self, Size};
use super::model::{Mode, Model, Place};
use super::overlays;
use super::timelining;

/// Takes in what happened; returns what is to be done outside.
pub fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    let mut effects = Vec::new();
    match input {
        Input::Key(chord) => key(model, chord, &mut effects),
        Input::Paste(text) => {
            if !overlays::typed(model, text.trim()) {
                model.notice =
                    Some("pasted text is taken only where text is typed (/ or :)".into());
            }
        }
        Input::Resize(columns, rows) => resize(model, Size { columns, rows }),
        Input::Tick(now) => model.now = now,
        Input::Told(word) => model.notice = Some(word),
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
    timelining::ask(model, effects);
    if !model.ready {
        return;
    }
    hunting::ask(model, effects);
    evidencing::ask(model, effects);
    comparing::ask(model, effects);
    if model.place == Place::Board
        && let Some(query) = model.preview_question()
    {
        effects.push(Effect::Ask(Question::Messages(query)));
    }
    let rows = layout::list_rows(model.size);
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
            evidencing::follow(model);
            comparing::follow(model);
            if let Some(lifecycle) = &mut model.lifecycle {
                lifecycle.refresh();
            }
        }
        Answer::Messages(query, page) => {
            let rows = layout::list_rows(model.size);
            if model.preview.asked(&query) {
                model.preview.answer(&query, page.clone(), 1);
            }
            timelining::found(model, &query, &page);
            if let Some(evidence) = &mut model.evidence
                && evidence.messages.asked(&query)
            {
                let parts = evidence.layout(model.size, &model.overview, model.zone);
                let rows = layout::evidence_messages(&parts);
                evidence.messages.answer(&query, page.clone(), rows);
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
        Answer::Timeline(noted) => timelining::answer(model, noted),
        Answer::Measured(wanted, telling) => evidencing::answer(model, &wanted, telling),
        Answer::Compare(sides, comparison) => comparing::answer(model, &sides, comparison),
        Answer::Text(at, text) => {
            if let Some(evidence) = &mut model.evidence {
                evidence.answer_text(at, &text);
            }
            if let Some(lifecycle) = &mut model.lifecycle {
                lifecycle.text.answer(at, text);
            }
        }
    }
}

fn resize(model: &mut Model, size: Size) {
    model.size = size;
    let rows = layout::list_rows(model.size);
    let list = &mut model.messages;
    list.top = layout::keep_in_sight(list.top, list.cursor, rows, list.page.total);
    model.sources.refit(size, &model.overview);
    model.timeline.refit(rows);
    if let Some(hunt) = &mut model.hunt {
        hunt.refit(size);
    }
    model.compare.refit(size);
    if let Some(lifecycle) = &mut model.lifecycle {
        lifecycle.resize(size);
    }
}

fn key(model: &mut Model, chord: Chord, effects: &mut Vec<Effect>) {
    model.notice = None;
    let context = model.context();
    match (keymap::action(context, chord), chord.typed()) {
        (Some(action), _) => act(model, action, effects),
        (None, Some(c))
            if matches!(
                context,
                Context::Filter | Context::Palette | Context::Note | Context::Sides
            ) =>
        {
            overlays::typed(model, c.encode_utf8(&mut [0; 4]));
        }
        (None, _) => match context {
            // Any key but yes is no.
            Context::Question | Context::Copying => model.mode = Mode::Normal,
            _ => model.notice = Some(format!("{chord} does nothing here; ? shows the keys")),
        },
    }
}

fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::Quit => effects.push(Effect::Quit),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::PostMortem if model.mode == Mode::Normal => {
            let timeline = model.timeline.timeline.clone();
            effects.push(Effect::PostMortem(timeline, model.zone.tz()));
            model.notice = Some("the post-mortem is being written ...".into());
        }
        _ => {
            let mode = std::mem::replace(&mut model.mode, Mode::Normal);
            let normal = mode == Mode::Normal;
            match overlays::act(model, action, mode, effects) {
                Some(action) if normal && copying::act(model, action, effects) => {}
                Some(action) if normal => acting::act(model, action),
                // Chosen from the palette: as if its key had been pressed.
                Some(action) => act(model, action, effects),
                None => {}
            }
        }
    }
}
