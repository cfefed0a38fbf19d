//! What is kept of a session, to begin there the next time: place, filter, marks, zone.
//!
//! By names, never by numbers of the run: another run of the same sources numbers its messages anew.

use std::sync::Arc;

use chrono_tz::Tz;

use super::filter::Filter;
use super::filtering;
use super::kept::{KeptDecision, KeptFilter, KeptMark, SCHEMA, Session};
use super::learning;
use super::log_session;
use super::marks::{Marked, MarkedMessage};
use super::model::Model;
use super::place::Place;
use super::sharing;
use crate::config::zone;
use crate::domain::correction::Ruling;
use crate::domain::seek::{Seek, Step};
use crate::domain::terms::Terms;
use crate::domain::verdict::Verdict;
use crate::domain::view::Sort;

/// What is to be kept; nothing where nothing was ever shown.
#[must_use]
pub fn of(model: &Model, about: &str) -> Option<Session> {
    if !model.ready {
        return None;
    }
    let list = &model.messages;
    let filter = &list.filter;
    let marks = model
        .marks
        .0
        .iter()
        .filter_map(|(letter, marked)| match marked {
            Marked::Message(MarkedMessage { id, env, .. }) => Some((
                *letter,
                KeptMark {
                    id: id.clone(),
                    env: env.to_string(),
                },
            )),
            Marked::Place(_) | Marked::Line(_) => None,
        });
    Some(Session {
        schema: SCHEMA,
        about: about.to_owned(),
        view: model.place.context().title().to_owned(),
        zone: model.zone.name().to_owned(),
        filter: KeptFilter {
            verdicts: filter
                .verdicts
                .iter()
                .map(|v| v.word().to_owned())
                .collect(),
            pipeline: filter.pipeline.as_ref().map(ToString::to_string),
            env: filter.env.as_ref().map(ToString::to_string),
            last_stage: filter.last_stage.as_ref().map(ToString::to_string),
            text: filter.text.clone(),
        },
        sort: list.sort as usize,
        descending: list.descending,
        selected: list.selected().map(|row| row.id.clone()),
        marks: marks.collect(),
        decided: decided(model),
        theme: model.themes.chosen.then(|| model.themes.current.clone()),
        log: log_session::of(model),
        lines: log_session::marks(model),
    })
}

fn decided(model: &Model) -> Vec<KeptDecision> {
    let decided = model.learnt.iter().flat_map(|view| view.decided());
    let kept = |(guess, ruling): (String, Ruling)| KeptDecision {
        guess,
        ruling: ruling.word().to_owned(),
        text: match ruling {
            Ruling::Changed(text) => text,
            Ruling::Accepted | Ruling::Rejected => String::new(),
        },
    };
    decided.map(kept).collect()
}

fn ruling(kept: KeptDecision) -> (String, Ruling) {
    let ruling = match kept.ruling.as_str() {
        "accepted" => Ruling::Accepted,
        "rejected" => Ruling::Rejected,
        _ => Ruling::Changed(kept.text),
    };
    (kept.guess, ruling)
}

/// Goes on there, as far as it still can be; what cannot is told.
pub fn resume(model: &mut Model, kept: Session) {
    let tz: Result<Tz, _> = zone::parse(&kept.zone);
    if let Ok(tz) = tz {
        model.zone.set(tz);
        sharing::retell(model);
    }
    learning::resume(model, kept.decided.into_iter().map(ruling).collect());
    for (letter, KeptMark { id, env }) in kept.marks {
        let message = MarkedMessage {
            handle: None,
            id,
            env: env.into(),
        };
        model.marks.0.insert(letter, Marked::Message(message));
    }
    log_session::resume(model, kept.log, kept.lines);
    let filter = filter(model, kept.filter);
    let sorts = [
        Sort::Verdict,
        Sort::LastSeen,
        Sort::FirstSeen,
        Sort::Id,
        Sort::LastStage,
    ];
    model.messages.sort = sorts
        .into_iter()
        .find(|s| *s as usize == kept.sort)
        .unwrap_or_default();
    model.messages.descending = kept.descending;
    model.messages.try_out(filter);
    if let Some(id) = kept.selected {
        model.messages.look_for(Seek::Match {
            terms: Terms::id(&id),
            from: 0,
            step: Step::Here,
        });
    }
    // A message is opened again by Enter: which one, the list shows.
    match Place::ALL
        .into_iter()
        .chain(model.learnt.as_ref().map(|_| Place::Learnt))
        .find(|place| place.context().title() == kept.view)
    {
        Some(Place::Lifecycle) => model.go(Place::Messages),
        Some(place) => model.go(place),
        None => {}
    }
}

fn filter(model: &mut Model, kept: KeptFilter) -> Filter {
    let text = kept.text;
    let (text, terms) = match filtering::read(model, &text) {
        Ok(terms) => (text, terms),
        Err(error) => {
            model.notice = Some(format!(
                "the filter of the last session is left out: {}",
                error.message
            ));
            (String::new(), Terms::default())
        }
    };
    Filter {
        verdicts: kept
            .verdicts
            .iter()
            .filter_map(|word| Verdict::from_word(word))
            .collect(),
        pipeline: kept.pipeline.map(Arc::from),
        env: kept.env.map(Arc::from),
        last_stage: kept.last_stage.map(Arc::from),
        among: None,
        text,
        terms,
    }
}
