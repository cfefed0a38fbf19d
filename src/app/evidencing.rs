//! Opens, shows and follows what a finding rests on: what the keys of the dashboard mean for it.

use std::sync::Arc;

use super::action::Action;
use super::evidence::{Evidence, Pane};
use super::input::{Effect, Question};
use super::layout;
use super::model::Model;
use super::opened;
use super::opening;
use super::place::Place;
use crate::diagnose::telling::{Telling, Wanted};

/// Opens the finding of this rank at its top; else it is as it was left, where it was looked at before.
pub fn open(model: &mut Model, rank: usize) {
    let Some(finding) = model.findings.get(rank) else {
        return;
    };
    let again = model
        .evidence
        .as_ref()
        .is_some_and(|e| e.rank == Some(rank));
    if again {
        if let Some(evidence) = &mut model.evidence {
            evidence.show_top();
        }
    } else {
        let filter = opened::messages_of(finding);
        model.evidence = Some(Evidence::new(finding, rank, filter));
    }
    model.board.select_finding(rank);
    model.go(Place::Evidence);
}

/// Carries out an action of the view; false where it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    let Some(evidence) = &mut model.evidence else {
        return false;
    };
    match (action, evidence.pane) {
        (Action::NextGap | Action::PreviousGap, _) => step(model, action == Action::NextGap),
        (Action::Open, Pane::About(_)) => {
            let opened = opened::of_finding(&evidence.finding, &model.overview);
            opening::open(model, opened);
            true
        }
        (Action::FindingMessages, _) => {
            let filter = evidence.messages.filter.clone();
            opening::open(model, opened::Opened::Messages(filter));
            true
        }
        (Action::Open, Pane::Messages) => {
            let filter = evidence.messages.filter.clone();
            match evidence.messages.selected().map(|row| row.handle) {
                Some(handle) => {
                    // The list goes along, so that n and N lead through the finding's messages.
                    model.messages.show_at(filter, handle);
                    opening::message(model, handle);
                }
                None => model.notice = Some("no message to open".into()),
            }
            true
        }
        (Action::ToggleRaw, _) => {
            evidence.toggle_raw();
            let form = if evidence.raw { "raw" } else { "readable" };
            model.notice = Some(format!("an open log line is {form} from now on"));
            true
        }
        _ => evidence.act(action, model.size, &model.overview, model.zone),
    }
}

/// To the next finding, or the one before.
fn step(model: &mut Model, forward: bool) -> bool {
    let last = model.findings.len().checked_sub(1);
    let rank = model.evidence.as_ref().and_then(|e| e.rank);
    let next = match (rank, forward) {
        (None, _) => last.map(|_| 0),
        (Some(rank), true) => Some(rank + 1).filter(|next| Some(*next) <= last),
        (Some(rank), false) => rank.checked_sub(1),
    };
    match next {
        Some(next) => open(model, next),
        None if forward => model.notice = Some("this is the last finding".into()),
        None => model.notice = Some("this is the first finding".into()),
    }
    true
}

/// More has been read.
pub fn follow(model: &mut Model) {
    if let Some(evidence) = &mut model.evidence {
        evidence.follow(&model.findings, opened::messages_of);
    }
}

/// Asks for what is shown and not here yet.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.place != Place::Evidence {
        return;
    }
    let Some(evidence) = &mut model.evidence else {
        return;
    };
    let parts = evidence.layout(model.size, &model.overview, model.zone);
    let rows = layout::evidence_messages(&parts);
    let messages = evidence.messages.question(rows).map(Question::Messages);
    let text = evidence.text_question().map(Question::Text);
    let measured = evidence.question(&model.overview).map(Question::Measured);
    let questions = [messages, text, measured];
    effects.extend(questions.into_iter().flatten().map(Effect::Ask));
}

/// What was measured.
pub fn answer(model: &mut Model, wanted: &Wanted, telling: Arc<Telling>) {
    if let Some(evidence) = &mut model.evidence {
        evidence.answer(wanted, telling);
    }
}
