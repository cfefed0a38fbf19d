//! Begins, changes and shows a comparison: what the keys of the dashboard mean for it.

use std::sync::Arc;

use super::action::Action;
use super::compare;
use super::filter::Filter;
use super::input::{Effect, Question};
use super::layout;
use super::model::{Mode, Model};
use super::moves;
use super::opened::Opened;
use super::opening;
use super::place::Place;
use super::prompt::Prompt;
use crate::diagnose::compare::{Comparison, Sides};
use crate::domain::verdict::Verdict;

/// Carries out an action of the view; false where it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    let size = model.size;
    let view = &mut model.compare;
    match action {
        Action::Left => view.focus = 0,
        Action::Right => view.focus = 1,
        Action::NextSide | Action::PreviousSide => turn(model, action == Action::NextSide),
        Action::CompareText if view.sides.is_some() => {
            model.mode = Mode::Sides(Prompt::default());
        }
        Action::Open => open(model),
        Action::NextGap | Action::PreviousGap => {
            let differs = |i: &usize| view.rows()[*i].differs;
            let found = if action == Action::NextGap {
                (view.cursor + 1..view.rows().len()).find(differs)
            } else {
                (0..view.cursor).rev().find(differs)
            };
            let Some(row) = found else { return false };
            view.cursor = row;
            view.refit(size);
        }
        _ => {
            let len = view.rows().len();
            let page = usize::from(layout::compare(size, len).list);
            let Some(row) = moves::target(action, view.cursor, len, page) else {
                return false;
            };
            view.cursor = row;
            view.refit(size);
        }
    }
    true
}

/// Another side in the place of the one that has the keys.
fn turn(model: &mut Model, forward: bool) {
    let Some(mut sides) = model.compare.sides.clone() else {
        return;
    };
    let overview = &model.overview;
    let Some(pipeline) = overview.pipelines.iter().find(|p| p.name == sides.pipeline) else {
        return;
    };
    let choices = compare::choices(pipeline, overview, &model.findings);
    let side = &mut sides.both[model.compare.focus];
    let len = choices.len().max(1);
    let next = match (choices.iter().position(|c| c == side), forward) {
        (None, _) => 0,
        (Some(at), true) => (at + 1) % len,
        (Some(at), false) => (at + len - 1) % len,
    };
    if let Some(choice) = choices.into_iter().nth(next) {
        *side = choice;
        model.compare.set(sides);
    }
}

/// The messages of one edge on the side that has the keys: the lost, where there are any.
fn open(model: &mut Model) {
    let view = &model.compare;
    let row = view.row().filter(|_| view.is_current());
    let (Some(sides), Some(row)) = (&view.sides, row) else {
        model.notice = Some("nothing to open yet".into());
        return;
    };
    let Some(figures) = &row.both[view.focus] else {
        model.notice = Some("this edge does not exist on that side".into());
        return;
    };
    let lost = figures.lost() > 0;
    let filter = Filter {
        verdicts: lost.then_some(Verdict::Lost).into_iter().collect(),
        pipeline: Some(Arc::clone(&sides.pipeline)),
        env: Some(Arc::clone(&sides.both[view.focus].env)),
        last_stage: lost.then(|| Arc::clone(&row.from)),
        among: figures.messages.clone(),
        ..Filter::default()
    };
    opening::open(model, Opened::Messages(filter));
}

/// Takes what was typed; false where it was not understood.
pub fn accept(model: &mut Model, text: &str) -> bool {
    let Some(sides) = &model.compare.sides else {
        return true;
    };
    match compare::parse(text, sides, &model.overview, model.zone) {
        Ok(sides) => model.compare.set(sides),
        Err(why) => {
            model.notice = Some(why);
            return false;
        }
    }
    true
}

/// More has been read.
pub fn follow(model: &mut Model) {
    model.compare.refresh();
}

/// Asks for what is to be compared.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.place == Place::Compare {
        model.compare.begin(&model.overview, &model.findings);
        let question = model.compare.question();
        effects.extend(question.map(|sides| Effect::Ask(Question::Compare(sides))));
    }
}

/// What came of it.
pub fn answer(model: &mut Model, sides: &Sides, comparison: Arc<Comparison>) {
    model.compare.answer(sides, comparison, model.size);
}
