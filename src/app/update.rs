//! The one function that changes the model: an input in, effects out.

use super::acting;
use super::action::Action;
use super::board;
use super::browsing;
use super::chord::Chord;
use super::comparing;
use super::context::Context;
use super::copying;
use super::evidencing;
use super::hunting;
use super::input::{Answer, Effect, Input, Question};
use super::layout;
use super::learning;
use super::marking;
use super::model::{Asking, Mode, Model};
use super::mouse;
use super::mouse_event::{Mouse, Target};
use super::overlays;
use super::pending::{Next, Pending};
use super::place::Place;
use super::session;
use super::sharing;
use super::size::Size;
use super::timelining;
use super::travel;

/// Takes in what happened; returns what is to be done outside.
pub fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    let mut effects = Vec::new();
    // What a key says is said again although it says the same as the key before.
    let before = match input {
        Input::Key(_) | Input::Mouse(_) => None,
        _ => model.notice.clone(),
    };
    match input {
        // A hint that is clicked is its key.
        Input::Key(chord) | Input::Mouse(Mouse::On(Some(Target::Key(chord)))) => {
            key(model, chord, &mut effects);
        }
        Input::Paste(text) => {
            if !overlays::typed(model, text.trim()) {
                model.notice =
                    Some("pasted text is taken only where text is typed (/ or :)".into());
            }
        }
        Input::Mouse(mouse) => {
            model.looked_at();
            mouse::act(model, mouse);
        }
        Input::Resize(columns, rows) => {
            model.size = Size { columns, rows };
            model.refit();
        }
        Input::Tick(now) => model.now = now,
        Input::Rest => model.board.stay(),
        Input::Told(Ok(word)) => model.notice = Some(word),
        Input::Told(Err(why)) => model.notices.failed(&why),
        Input::Answer(now, given) => {
            model.now = now;
            answer(model, given);
            acting::open_at_last(model);
        }
    }
    if model.place == Place::Board {
        let parts = board::parts(model.board_size(), &model.overview, &model.findings);
        let (overview, findings) = (&model.overview, &model.findings);
        model.board.scroll(model.size, parts, overview, findings);
    }
    ask(model, &mut effects);
    if let Some(said) = model.notice.as_ref().filter(|_| model.notice != before) {
        model.notices.said(said);
    }
    effects
}

/// Asks for what the view in front needs and has not got.
fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    effects.extend(model.range.take().map(Effect::Again));
    timelining::ask(model, effects);
    learning::ask(model, effects);
    if !model.ready {
        return;
    }
    hunting::ask(model, effects);
    browsing::ask(model, effects);
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
            model.share.findings = findings;
            let findings = model.share.told(model.zone);
            let loading = model.loading();
            model.board.follow(&model.findings, &findings, loading);
            model.overview = overview;
            model.findings = findings;
            model.ready = true;
            model.messages.refresh();
            model.preview.refresh();
            model.logs.refresh(model.overview.live);
            model.sources.refit(model.size, &model.overview);
            evidencing::follow(model);
            comparing::follow(model);
            learning::follow(model);
            if let Some(lifecycle) = &mut model.lifecycle {
                lifecycle.refresh();
            }
            // Names are known once something was read of everything.
            if !model.overview.pipelines.is_empty()
                && let Some(kept) = model.resume.take()
            {
                session::resume(model, kept);
            }
        }
        Answer::Messages(query, page) => {
            let rows = layout::list_rows(model.size);
            if model.preview.asked(&query) {
                let _nothing_is_looked_for = model.preview.answer(&query, (*page).clone(), 1);
            }
            timelining::found(model, &query, &page);
            if let Some(evidence) = &mut model.evidence
                && evidence.messages.asked(&query)
            {
                let parts = evidence.layout(model.size, &model.overview, model.zone);
                let rows = layout::evidence_messages(&parts);
                let page = (*page).clone();
                let _nothing_is_looked_for = evidence.messages.answer(&query, page, rows);
            }
            let said = model.messages.answer(&query, *page, rows);
            if model.mode == Mode::Normal {
                model.notice = said.or(model.notice.take());
            }
        }
        Answer::Lifecycle(handle, view) => {
            if let Some(lifecycle) = &mut model.lifecycle
                && lifecycle.handle == handle
            {
                lifecycle.answer(view, model.size);
            }
        }
        Answer::Log(query, page) => browsing::answer(model, &query, *page),
        Answer::JudgedAgain(begun) => learning::judged(model, begun),
        Answer::Saved(saved) => learning::saved(model, saved),
        Answer::Hunt(given) => hunting::answer(model, given),
        Answer::Timeline(noted) => timelining::answer(model, noted),
        Answer::Measured(wanted, telling) => evidencing::answer(model, &wanted, telling),
        Answer::Compare(sides, comparison) => comparing::answer(model, &sides, comparison),
        Answer::Text(at, text) => {
            model.logs.text.answer(at, text.clone(), model.share.mask());
            if let Some(evidence) = &mut model.evidence {
                evidence.answer_text(at, &text, model.share.mask());
            }
            if let Some(lifecycle) = &mut model.lifecycle {
                lifecycle.text.answer(at, text, model.share.mask());
            }
        }
    }
}

fn key(model: &mut Model, chord: Chord, effects: &mut Vec<Effect>) {
    model.notice = None;
    model.opens = None;
    model.looked_at();
    let typing = model.context().is_typed();
    model.share.pressed(chord, typing);
    let action = model.keys.action(model.context(), chord);
    // What has failed is put away first: that leads nowhere, so that it is seen.
    if model.mode == Mode::Normal
        && model.pending.is_none()
        && action == Some(Action::Back)
        && model.notices.put_away()
    {
        return;
    }
    let Some(pending) = model.pending.take() else {
        return press(model, chord, effects);
    };
    match pending.next(chord, action) {
        Next::Wait(pending) => model.pending = Some(pending),
        Next::Cancel => {}
        Next::Letter(letter) if pending == Pending::Mark => marking::set(model, letter),
        Next::Letter(letter) => {
            travel::recorded(model, |model| marking::jump(model, letter));
        }
        Next::Times(times, action) => acting::act(model, action, Some(times)),
        Next::Other => {
            press(model, chord, effects);
            model
                .notice
                .get_or_insert_with(|| pending.refusal(chord, action));
        }
    }
}

fn press(model: &mut Model, chord: Chord, effects: &mut Vec<Effect>) {
    let context = model.context();
    match (model.keys.action(context, chord), chord.typed()) {
        // Nothing is shown to all, and no file replaced, because of a key that elsewhere opens or leads
        // out.
        (Some(_), typed)
            if matches!(
                model.mode,
                Mode::Question(Asking::Reveal | Asking::Save(_) | Asking::Replace(_))
            ) && typed != Some('y') =>
        {
            model.mode = Mode::Normal;
        }
        (Some(action), _) => act(model, action, effects),
        (None, Some(c)) if context.is_typed() => {
            overlays::typed(model, c.encode_utf8(&mut [0; 4]));
        }
        (None, Some(c)) if context == Context::Marks && c.is_alphabetic() => {
            model.mode = Mode::Normal;
            travel::recorded(model, |model| marking::jump(model, c));
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
        Action::ToggleMouse => {
            model.mouse = !model.mouse;
            effects.push(Effect::Mouse(model.mouse));
            model.mode = Mode::Normal;
            model.notice = Some(acting::mouse_notice(model));
        }
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
                Some(Action::Share) if normal => sharing::toggle(model, effects),
                Some(action) if normal && copying::act(model, action, effects) => {}
                Some(action) if normal => acting::act(model, action, None),
                // Chosen from the palette: as if its key had been pressed.
                Some(action) => act(model, action, effects),
                None => {}
            }
        }
    }
}
