//! What the keys of the dashboard mean for the timeline: pin, write, change, remove, undo, open.

use std::sync::Arc;

use super::action::Action;
use super::evidencing;
use super::filter::Filter;
use super::input::{Effect, Question};
use super::layout;
use super::model::{Mode, Model};
use super::note::{Noting, Whence};
use super::opening;
use super::pinning;
use super::place::Place;
use super::timeline::Sought;
use crate::domain::terms::Terms;
use crate::domain::timeline::{Entry, EntryId, Kept, Kind, Reference};
use crate::domain::verdict::Verdict;
use crate::domain::view::{MessagePage, MessageQuery};
use crate::load::notebook::Noted;

/// What ended this long ago is not going on any more.
const JUST_NOW: i64 = 15 * 60_000;

/// Pins what is selected in the view in front.
pub fn pin(model: &mut Model) {
    if model.place == Place::Timeline {
        model.notice = Some("this is the timeline; p pins what is selected in another view".into());
        return;
    }
    let mut entry = match pinning::of(model) {
        Ok(entry) => entry,
        Err(why) => {
            model.notice = Some(why);
            return;
        }
    };
    let rows = layout::list_rows(model.size);
    if let Some(id) = model.timeline.same_thing(&entry) {
        model.timeline.select(id, rows);
        model.notice = Some("it is on the timeline already; 6 shows it".into());
        return;
    }
    entry.id = model.timeline.new_id(model.now);
    let time = model.zone.format(entry.time, "%H:%M:%S");
    let word = entry.kind.word();
    model.timeline.put(entry, model.now, rows);
    model.notice = Some(format!(
        "{word} pinned at {time}; 6 shows the timeline{}",
        told(model)
    ));
}

/// What must be known of where it is kept.
fn told(model: &Model) -> String {
    match &model.timeline.kept {
        Some(Kept::Nowhere(why)) => format!("; NOT SAVED: {why}"),
        _ => String::new(),
    }
}

/// Begins a note: at the time of what is selected, or now. What was left unfinished comes back first.
pub fn note(model: &mut Model, here: bool) {
    if let Some(draft) = model.timeline.drafts.pop() {
        model.notice = Some("goes on with what was left; esc leaves it again".into());
        model.mode = Mode::Note(Box::new(draft));
        return;
    }
    let (selected, env) = pinning::here(model);
    let over = model.overview.window.filter(|_| !model.overview.live);
    let over = over.filter(|window| model.now.since(window.to) > JUST_NOW);
    // Whoever looks at an incident of yesterday writes about yesterday.
    let (time, whence) = match (selected, over) {
        (Some(time), _) if here => (time, Whence::Selected),
        (Some(time), Some(_)) => (time, Whence::Selected),
        (None, Some(window)) => (window.to, Whence::End),
        _ => (model.now, Whence::Now),
    };
    let entry = Entry {
        id: EntryId::default(),
        time,
        kind: Kind::Note,
        env: if whence == Whence::Selected {
            env
        } else {
            String::new()
        },
        text: String::new(),
        reference: Reference::default(),
    };
    let noting = Noting::new(entry, true, model.zone).at(whence);
    model.mode = Mode::Note(Box::new(noting));
}

/// Carries out an action of the view; false where it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    let rows = layout::list_rows(model.size);
    match action {
        Action::EditEntry => match model.timeline.entry() {
            Some(entry) => {
                let noting = Noting::new(entry.clone(), false, model.zone);
                model.mode = Mode::Note(Box::new(noting));
            }
            None => model.notice = Some("nothing is on the timeline yet".into()),
        },
        Action::RemoveEntry => {
            let removed = model.timeline.remove(model.now, rows);
            model.notice = Some(match removed {
                Some(entry) => format!("{} removed; u brings it back", entry.kind.word()),
                None => "nothing is on the timeline yet".into(),
            });
        }
        Action::Open => open(model),
        _ => return model.timeline.act(action, rows),
    }
    true
}

/// Undoes the newest change, or does it again.
pub fn go_back(model: &mut Model, again: bool) {
    let rows = layout::list_rows(model.size);
    let done = model.timeline.go_back(again, model.now, rows);
    model.notice = Some(match done {
        Ok(done) if again => done,
        Ok(done) => format!("{done}; ctrl-r takes that back"),
        Err(why) => why,
    });
}

/// What keys do while a note is typed.
pub fn typing(model: &mut Model, action: Action, mut noting: Box<Noting>) {
    noting.wrong = None;
    match action {
        Action::Open => match noting.finished(model.now, model.zone) {
            Ok(entry) => return finish(model, entry, noting.new),
            Err(wrong) => noting.wrong = Some(wrong),
        },
        Action::Back => {
            if noting.changed() {
                model.timeline.drafts.push(*noting);
                model.notice = Some("not saved, and not lost: a (on 6) goes on with it".into());
            }
            return;
        }
        Action::DeleteBack => noting.prompt().delete_back(),
        Action::DeleteAll => noting.prompt().clear(),
        _ => noting.on_time = !noting.on_time,
    }
    model.mode = Mode::Note(noting);
}

fn finish(model: &mut Model, mut entry: Entry, new: bool) {
    let rows = layout::list_rows(model.size);
    if new {
        entry.id = model.timeline.new_id(model.now);
    }
    let time = model.zone.format(entry.time, "%Y-%m-%d %H:%M:%S");
    model.timeline.put(entry, model.now, rows);
    model.notice = Some(format!(
        "noted at {time} {}{}",
        model.zone.name(),
        told(model)
    ));
}

/// Opens what the selected entry refers to.
fn open(model: &mut Model) {
    let Some(entry) = model.timeline.entry().cloned() else {
        model.notice = Some("nothing is on the timeline yet: p pins, a writes a note".into());
        return;
    };
    let reference = &entry.reference;
    match (entry.kind, reference.ids.first()) {
        (Kind::Note, _) => {
            act(model, Action::EditEntry);
        }
        (Kind::Finding, _) => {
            let rank = model.findings.iter().position(|finding| {
                let env = finding.env.as_deref().unwrap_or_default();
                env == entry.env && finding.title.utc() == reference.line
            });
            match rank {
                Some(rank) => evidencing::open(model, rank),
                None => {
                    model.notice = Some("this run does not find that; it stays as it was".into());
                }
            }
        }
        (_, Some(id)) => {
            let query = MessageQuery {
                env: Some(entry.env.as_str().into()),
                terms: Terms::id(id),
                limit: 1,
                ..MessageQuery::default()
            };
            model.timeline.sought = Some(Sought {
                query,
                at: reference.at.filter(|_| entry.kind == Kind::Line),
                asked: false,
            });
        }
        (_, None) => {
            let name = |text: &str| (!text.is_empty()).then(|| Arc::from(text));
            model.messages.show(Filter {
                verdicts: vec![Verdict::Lost],
                pipeline: name(&reference.pipeline),
                env: name(&entry.env),
                last_stage: reference
                    .edge
                    .as_ref()
                    .map(|(from, _)| Arc::from(from.as_str())),
                ..Filter::default()
            });
            model.go(Place::Messages);
        }
    }
}

/// Lets changes leave to be written down, and asks for what an entry refers to.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    for (number, change) in model.timeline.unsent() {
        effects.push(Effect::Note(number, Box::new(change)));
    }
    if let Some(sought) = &mut model.timeline.sought
        && model.ready
        && !std::mem::replace(&mut sought.asked, true)
    {
        effects.push(Effect::Ask(Question::Messages(sought.query.clone())));
    }
}

/// What was sought is found, or is not there any more.
pub fn found(model: &mut Model, query: &MessageQuery, page: &MessagePage) {
    let sought = model
        .timeline
        .sought
        .take_if(|sought| sought.query == *query);
    // Whoever went elsewhere meanwhile stays there.
    let Some(sought) = sought.filter(|_| model.place == Place::Timeline) else {
        return;
    };
    match page.rows.first() {
        Some(row) => {
            opening::message(model, row.handle);
            if let (Some(lifecycle), Some(at)) = (&mut model.lifecycle, sought.at) {
                lifecycle.look_at(at, model.size);
            }
        }
        None => model.notice = Some("that message is not in what was read here".into()),
    }
}

/// What is known by now of what was written down.
pub fn answer(model: &mut Model, noted: Noted) {
    let before = model.timeline.kept.clone();
    let rows = layout::list_rows(model.size);
    model.timeline.answer(noted, rows);
    if before.is_some()
        && before != model.timeline.kept
        && let Some(kept) = &model.timeline.kept
    {
        let said = match kept {
            Kept::In(place) => format!("the timeline is saved in {place}"),
            Kept::Beside(place, why) => format!("the timeline is saved in {place}: {why}"),
            Kept::Nowhere(why) => {
                let failed = format!("the timeline is NOT SAVED: {why}");
                return model.notices.failed(&failed);
            }
        };
        model.notice = Some(said);
    }
}
