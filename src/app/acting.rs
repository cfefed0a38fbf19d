//! What an action does: what every view can do, then what the one in front can.

use super::action::Action;
use super::board::Cursor;
use super::browsing;
use super::comparing;
use super::evidencing;
use super::filtering;
use super::hunting;
use super::layout;
use super::learning;
use super::model::{Asking, Mode, Model};
use super::opened;
use super::opening;
use super::palette::Palette;
use super::pending::Pending;
use super::place::Place;
use super::sharing;
use super::theming;
use super::timelining;
use super::travel;
use super::typed;
use crate::domain::seek::{Round, Step};

/// Beyond the list of messages, nothing is so long that more would mean more.
const MOST: usize = 1000;

/// What every view can do, then what the one in front can; with a number, so many times, or at that row.
pub fn act(model: &mut Model, action: Action, times: Option<usize>) {
    match action {
        Action::HistoryBack | Action::HistoryForward => {
            let forward = action == Action::HistoryForward;
            return (0..times.unwrap_or(1).min(MOST)).for_each(|_| travel::step(model, forward));
        }
        Action::LastView => return travel::last_view(model),
        _ => {}
    }
    travel::recorded(model, |model| match (times, action) {
        (None, _) => once(model, action, 1),
        (Some(row), Action::Top | Action::Bottom) if model.place == Place::Messages => {
            once(model, Action::Top, row);
        }
        (Some(times), _) if model.place == Place::Messages => once(model, action, times),
        (Some(row), Action::Top | Action::Bottom) => {
            once(model, Action::Top, 1);
            (1..row.min(MOST)).for_each(|_| once(model, Action::Down, 1));
        }
        (Some(times), _) => (0..times.min(MOST)).for_each(|_| once(model, action, 1)),
    });
}

fn once(model: &mut Model, action: Action, times: usize) {
    match action {
        Action::Help => model.mode = Mode::Help(Palette::new(model.place.context())),
        Action::Palette => model.mode = Mode::Palette(Palette::new(model.place.context())),
        Action::ToggleZone => toggle_zone(model),
        Action::Range if model.fixed.is_some() => model.notice.clone_from(&model.fixed),
        Action::ChooseZone | Action::JumpToTime | Action::Range => typed::begin(model, action),
        Action::Count => model.pending = Some(Pending::Count(0)),
        Action::Mark => model.pending = Some(Pending::Mark),
        Action::JumpToMark => model.pending = Some(Pending::JumpToMark),
        Action::ListMarks if model.marks.list().next().is_none() => {
            model.notice = Some("nothing is marked: m and a letter mark something".into());
        }
        Action::ListMarks => model.mode = Mode::Marks(0),
        Action::Notices if model.notices.list().is_empty() => {
            model.notice = Some("nothing was said yet".into());
        }
        Action::Notices => {
            model.notices.read();
            model.mode = Mode::Notices(0);
        }
        Action::Theme => theming::open(model),
        Action::StopLoad if model.running() && !model.stopped => {
            model.mode = Mode::Question(Asking::StopLoad);
        }
        Action::StopLoad => model.notice = Some("nothing is being loaded".into()),
        _ if model.place.action() == Some(action) => {
            let title = model.place.context().title();
            model.notice = Some(format!("{title} is in front already"));
        }
        // Where nothing is listed to filter, the messages are what is meant.
        Action::Filter | Action::Search if model.place != Place::Messages => {
            model.go(Place::Messages);
            typed::begin(model, action);
        }
        Action::ViewBoard => model.go(Place::Board),
        Action::ViewMessages => model.go(Place::Messages),
        Action::ViewLogs => browsing::view(model),
        Action::LogsHere => browsing::here(model),
        Action::ViewSources => model.go(Place::Sources),
        Action::ViewLifecycle => view_lifecycle(model),
        Action::ViewTimeline => model.go(Place::Timeline),
        Action::Pin => timelining::pin(model),
        Action::Note => timelining::note(model, false),
        Action::NoteHere => timelining::note(model, true),
        Action::UndoTimeline => timelining::go_back(model, false),
        Action::RedoTimeline => timelining::go_back(model, true),
        Action::ViewHunt => hunting::view(model),
        Action::ViewLearnt => learning::view(model),
        Action::ViewCompare => model.go(Place::Compare),
        Action::Hunt => hunting::begin(model),
        _ => {
            let done = match model.place {
                Place::Board => on_board(model, action),
                Place::Messages => on_messages(model, action, times),
                Place::Lifecycle => on_lifecycle(model, action),
                Place::Logs => browsing::act(model, action),
                Place::Sources => model.sources.act(action, model.size, &model.overview),
                Place::Hunt => hunting::act(model, action),
                Place::Timeline => timelining::act(model, action),
                Place::Evidence => evidencing::act(model, action),
                Place::Compare => comparing::act(model, action),
                Place::Learnt => learning::act(model, action),
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
            // Where there is nothing to go back from, it ends what is going on.
            None if model.loading() && !model.stopped => {
                model.mode = Mode::Question(Asking::StopLoad);
            }
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
                    Place::Logs => "no line of the log here",
                    Place::Sources => "no further source that could not be read",
                    Place::Hunt | Place::Timeline => "no gap here",
                    Place::Evidence => "no further finding",
                    Place::Compare => "no edge on which the sides differ",
                    Place::Learnt => "no guess of low confidence is left to look at",
                }
                .into(),
            );
        }
        Action::Open => model.notice = Some("there is nothing more to open here".into()),
        _ => {}
    }
}

/// Opens what was to be opened before it was there.
pub fn open_at_last(model: &mut Model) {
    if model.opens == Some(model.place)
        && model.mode == Mode::Normal
        && !model.messages.is_another()
    {
        model.opens = None;
        model.notice = None;
        act(model, Action::Open, None);
    }
}

/// Whose the mouse is, and how to change that.
#[must_use]
pub fn mouse_notice(model: &Model) -> String {
    let key = model
        .keys
        .key_of(model.place.context(), Action::ToggleMouse);
    let key = key.map_or_else(|| ":mouse".to_owned(), |key| key.to_string());
    if model.mouse {
        format!(
            "the mouse is ours: the wheel scrolls, a click selects; {key} frees it to select text"
        )
    } else {
        format!("the mouse is the terminal's own again: it selects text; {key} takes it")
    }
}

fn toggle_zone(model: &mut Model) {
    model.notice = Some(if model.zone.cycle() {
        sharing::retell(model);
        format!("times are now shown in {}", model.zone.name())
    } else {
        "no other zone than UTC is known; Z names one".into()
    });
}

fn view_lifecycle(model: &mut Model) {
    let selected = model.messages.selected().map(|row| row.handle);
    match (selected, &model.lifecycle) {
        (Some(handle), _) if model.place == Place::Messages => opening::message(model, handle),
        (_, Some(_)) => model.go(Place::Lifecycle),
        (Some(handle), None) => opening::message(model, handle),
        (None, None) => model.notice = Some("choose a message first: 2 lists them".into()),
    }
}

fn on_board(model: &mut Model, action: Action) -> bool {
    if action != Action::Open {
        let size = model.board_size();
        return model
            .board
            .act(action, size, &model.overview, &model.findings);
    }
    if let Cursor::Finding(rank) = model.board.cursor(&model.overview, &model.findings) {
        evidencing::open(model, rank);
        return true;
    }
    // What stands under the cursor only until something is found was not chosen.
    if model.loading() && !model.board.is_chosen() {
        model.notice = Some("nothing was found yet; move to a stage to open it meanwhile".into());
        return true;
    }
    if let Some(stage) = opened::nobody_at(&model.board, &model.overview, &model.findings) {
        model.notice = Some(format!("no message is last seen at {stage}"));
        return true;
    }
    match opened::of(&model.board, &model.overview, &model.findings) {
        Some(to) => opening::open(model, to),
        None => model.notice = Some("nothing to open yet".into()),
    }
    true
}

fn on_messages(model: &mut Model, action: Action, times: usize) -> bool {
    match action {
        Action::Open if model.messages.is_another() => {
            model.opens = Some(Place::Messages);
            model.notice = Some("opens the first message as soon as the list is there".into());
        }
        Action::Open => match model.messages.selected().map(|row| row.handle) {
            Some(handle) => opening::message(model, handle),
            None => model.notice = Some("no message to open".into()),
        },
        Action::Filter | Action::Search => typed::begin(model, action),
        Action::NextMatch | Action::PreviousMatch if model.messages.search.terms.is_empty() => {
            model.notice = Some("nothing is searched for: / begins a search".into());
        }
        Action::Follow => {
            let rows = layout::list_rows(model.size);
            let following = model.messages.follow(rows);
            let words = if following {
                "stays with the newest; any movement stops that"
            } else {
                "stays where it is; F goes with the newest again"
            };
            model.notice = Some(words.into());
        }
        Action::NextMatch => model.messages.search(Step::Forward(times, Round::Yes)),
        Action::PreviousMatch => model.messages.search(Step::Backward(times, Round::Yes)),
        _ => {
            let rows = layout::list_rows(model.size);
            return model.messages.act(action, times, rows) || filtering::act(model, action);
        }
    }
    true
}

fn on_lifecycle(model: &mut Model, action: Action) -> bool {
    if matches!(action, Action::NextMessage | Action::PreviousMessage) {
        let rows = layout::list_rows(model.size);
        match model.messages.step(action == Action::NextMessage, rows) {
            Some(handle) => opening::message(model, handle),
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
