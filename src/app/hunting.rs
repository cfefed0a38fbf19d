//! Begins, shows and ends a hunt: what the keys of the dashboard mean for it.

use std::sync::Arc;

use super::action::Action;
use super::filter::Filter;
use super::hunt::HuntView;
use super::input::{Effect, Question};
use super::model::Model;
use super::opened::{self, Opened};
use super::place::Place;
use crate::domain::hunt::Hunt;
use crate::domain::terms::Terms;
use crate::domain::verdict::Verdict;
use crate::domain::view::{MessageQuery, Sort};

/// Messages that one hunt is after: their IDs fit into a few filter patterns.
const MOST: usize = 20;

/// Hunts for what is meant in the view in front: the message, those of the list, those behind the
/// selected row of the board.
pub fn begin(model: &mut Model) {
    let query = match model.place {
        Place::Lifecycle => model.lifecycle.as_ref().and_then(|l| {
            let row = &l.view.as_ref()?.row;
            Some(MessageQuery {
                env: Some(Arc::clone(&row.env)),
                terms: Terms::id(&row.id),
                limit: 1,
                ..MessageQuery::default()
            })
        }),
        Place::Messages => Some(of(&model.messages.filter)),
        Place::Evidence => model.evidence.as_ref().map(|e| of(&e.messages.filter)),
        _ => match opened::of(&model.board, &model.overview, &model.findings) {
            Some(Opened::Messages(filter)) => Some(of(&filter)),
            _ => None,
        },
    };
    match query {
        Some(query) => {
            model.hunt = Some(HuntView::new(query));
            model.go(Place::Hunt);
        }
        None => model.notice = Some("choose messages to hunt for: a gap, or the list (2)".into()),
    }
}

/// The lost ones of a list, unless it asks for others by name.
fn of(filter: &Filter) -> MessageQuery {
    let verdicts = if filter.verdicts.is_empty() {
        vec![Verdict::Lost, Verdict::Blind]
    } else {
        filter.verdicts.clone()
    };
    MessageQuery {
        verdicts,
        pipeline: filter.pipeline.clone(),
        env: filter.env.clone(),
        last_stage: filter.last_stage.clone(),
        among: filter.among.clone(),
        terms: filter.terms.clone(),
        sort: Sort::Verdict,
        limit: MOST,
        ..MessageQuery::default()
    }
}

/// To the hunt, if there is one.
pub fn view(model: &mut Model) {
    if model.hunt.is_some() {
        model.go(Place::Hunt);
    } else {
        model.notice = Some("no hunt was begun: H hunts for the lost messages chosen".into());
    }
}

/// Carries out an action of the view; false where it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    let size = model.size;
    let Some(hunt) = &mut model.hunt else {
        return false;
    };
    if hunt.act(action, size) {
        return true;
    }
    if action == Action::Back && hunt.running() && !hunt.cancelled {
        hunt.cancelled = true;
        hunt.stop = true;
        model.notice = Some("the hunt is ended; what was found stays".into());
        return true;
    }
    false
}

/// Asks for what was begun or ended.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(hunt) = &mut model.hunt {
        if let Some(query) = hunt.wanted.take() {
            effects.push(Effect::Ask(Question::Hunt(query)));
        }
        if std::mem::take(&mut hunt.stop) {
            effects.push(Effect::StopHunt);
        }
    }
}

/// Takes in how far the hunt has come.
pub fn answer(model: &mut Model, given: Result<Arc<Hunt>, String>) {
    let size = model.size;
    if let Some(hunt) = &mut model.hunt {
        hunt.answer(given, size);
    }
}
