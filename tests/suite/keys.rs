//! What keys do: every action of the table, and that nothing is lost by a wrong one.

use std::collections::HashSet;

use lastseen::app::action::Action;
use lastseen::app::bound::Keymap;
use lastseen::app::chord::Chord;
use lastseen::app::context::Context;
use lastseen::app::input::{Copied, Effect, Input, Question};
use lastseen::app::keymap::BINDINGS;
use lastseen::app::model::Mode;
use lastseen::app::place::Place;
use lastseen::domain::terms::{Term, Terms, Test, Value};
use lastseen::domain::verdict::Verdict;

use super::support::dashboard::Dashboard;
use super::support::fake_answers::FakeAnswers;

/// Setup keys, the action's key, and what must then be true of the dashboard before and after.
type Case = (
    Action,
    &'static str,
    &'static str,
    fn(&Dashboard, &Dashboard) -> bool,
);

/// The text that was copied.
fn copied(d: &Dashboard) -> String {
    match &d.effects[..] {
        [Effect::Copy(_, Copied::Text(text))] => text.clone(),
        other => panic!("not one copy: {other:?}"),
    }
}

fn cursor(d: &Dashboard) -> usize {
    d.model.messages.cursor
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    (Action::Down, "2", "j", |b, a| cursor(a) == cursor(b) + 1),
    (Action::Down, "2", "<down>", |b, a| cursor(a) == cursor(b) + 1),
    (Action::Down, ":", "<down>", |_, a| a.selected().contains("back")),
    (Action::Up, "2jj", "k", |b, a| cursor(a) + 1 == cursor(b)),
    (Action::Up, ":<down><down>", "<up>", |_, a| a.selected().contains("back")),
    (Action::HalfPageDown, "2", "<ctrl-d>", |_, a| cursor(a) == 15),
    (Action::HalfPageUp, "2G", "<ctrl-u>", |b, a| cursor(a) + 15 == cursor(b)),
    (Action::PageDown, "2", "<space>", |_, a| cursor(a) == 31),
    (Action::PageUp, "2G", "b", |b, a| cursor(a) + 31 == cursor(b)),
    (Action::Top, "2G", "g", |_, a| cursor(a) == 0),
    (Action::Bottom, "2", "G", |_, a| cursor(a) == 1499),
    (Action::Right, "<tab>", "l", |b, a| b.selected().contains("api       1,199") && a.selected() != b.selected()),
    (Action::Left, "<tab>l", "h", |_, a| a.selected().contains("api       1,199")),
    (Action::Open, "", "<enter>", |_, a| a.model.place == Place::Evidence && a.screen().contains("finding 1 of 6")),
    (Action::Open, "<enter>", "<enter>", |_, a| a.model.place == Place::Messages && a.model.messages.page.total == 44),
    (Action::Open, "<enter><tab>", "<enter>", |_, a| a.model.place == Place::Lifecycle),
    (Action::Open, "<enter><tab><tab>", "<enter>", |_, a| a.screen().contains("log line readable")),
    (Action::Open, "5jjl", "<enter>", |_, a| a.model.place == Place::Messages && a.screen().contains("filter: lost, orders, qa, last at processor")),
    (Action::Open, "5/qa vs prod", "<enter>", |_, a| a.screen().contains("[qa] vs  prod")),
    (Action::Open, "2", "<enter>", |_, a| a.model.place == Place::Lifecycle),
    (Action::Open, "2&job-01077", "<enter>", |_, a| a.model.mode == Mode::Normal && a.model.messages.page.total == 2),
    (Action::Open, ":view_so", "<enter>", |_, a| a.model.place == Place::Sources),
    (Action::Back, "2<enter>", "<esc>", |_, a| a.model.place == Place::Messages),
    (Action::Back, "?", "<esc>", |_, a| a.model.mode == Mode::Normal),
    (Action::Back, "2&zzz", "<esc>", |_, a| a.model.messages.filter.text.is_empty()),
    (Action::Back, "q", "<esc>", |_, a| a.model.mode == Mode::Normal && a.effects.is_empty()),
    (Action::Leave, "2", "q", |_, a| a.model.place == Place::Board),
    (Action::Leave, "", "q", |_, a| matches!(a.model.mode, Mode::Question(_)) && a.effects.is_empty()),
    (Action::Confirm, "q", "y", |_, a| a.effects == [Effect::Quit]),
    (Action::Quit, "2&ab", "<ctrl-c>", |_, a| a.effects == [Effect::Quit]),
    (Action::NextGap, "", "x", |_, a| a.selected().contains("LOST 66")),
    (Action::NextGap, "2g", "x", |_, a| cursor(a) == 1),
    (Action::NextGap, "2<enter>", "x", |_, a| a.selected().contains("store never seen")),
    (Action::NextGap, "<enter>", "x", |_, a| a.screen().contains("finding 2 of 6")),
    (Action::NextGap, "5g", "x", |_, a| a.selected().contains("≠")),
    (Action::NextGap, "7", "x", |_, a| a.selected().contains("absent")),
    (Action::PreviousGap, "xx", "X", |_, a| a.selected().contains("LOST 66")),
    (Action::PreviousGap, "2jj", "X", |_, a| cursor(a) == 1),
    (Action::PreviousGap, "2<enter>", "X", |_, a| a.selected().contains("store never seen")),
    (Action::PreviousGap, "<enter>xx", "X", |_, a| a.screen().contains("finding 2 of 6")),
    (Action::PreviousGap, "5G", "X", |_, a| a.selected().contains("≠")),
    (Action::PreviousGap, "7G", "X", |_, a| a.selected().contains("partial")),
    (Action::NextPane, "", "<tab>", |_, a| a.selected().contains("api")),
    (Action::NextPane, "2<enter>", "<tab>", |b, a| a.screen() != b.screen()),
    (Action::PreviousPane, "", "<shift-tab>", |_, a| a.selected().contains("denied")),
    (Action::ViewBoard, "2", "1", |_, a| a.model.place == Place::Board),
    (Action::ViewMessages, "", "2", |_, a| a.model.place == Place::Messages),
    (Action::ViewLifecycle, "2j", "3", |_, a| a.model.place == Place::Lifecycle),
    (Action::ViewLogs, "", "4", |_, a| a.model.place == Place::Logs),
    (Action::ViewSources, "", "7", |_, a| a.model.place == Place::Sources),
    (Action::ViewCompare, "", "5", |_, a| a.model.place == Place::Compare),
    (Action::FindingMessages, "<enter>", "a", |_, a| a.model.place == Place::Messages && a.model.messages.page.total == 44),
    (Action::Right, "5", "l", |_, a| a.screen().contains("prod  vs [qa]")),
    (Action::Left, "5l", "h", |_, a| a.screen().contains("[prod] vs  qa")),
    (Action::NextSide, "5", "}", |_, a| a.screen().contains("[qa] vs  qa")),
    (Action::PreviousSide, "5}", "{", |_, a| a.screen().contains("[prod] vs  qa")),
    (Action::CompareText, "5", "/", |_, a| a.model.context() == Context::Sides),
    (Action::Back, "5/qa vs", "<esc>", |_, a| a.model.mode == Mode::Normal),
    (Action::DeleteBack, "5/ab", "<backspace>", |_, a| a.screen().contains("/a█")),
    (Action::DeleteAll, "5/ab", "<ctrl-u>", |_, a| a.screen().contains("/█")),
    (Action::NextPane, "<enter>", "<tab>", |_, a| a.selected().contains("LOST")),
    (Action::PreviousPane, "<enter>", "<shift-tab>", |_, a| a.selected().contains("INFO received")),
    (Action::ToggleRaw, "<enter><tab><tab><enter>", "r", |_, a| a.screen().contains("logStreamName")),
    (Action::ViewHunt, "xH1", "8", |_, a| a.model.place == Place::Hunt),
    (Action::Hunt, "x", "H", |_, a| a.model.place == Place::Hunt && a.screen().contains("hunting")),
    (Action::NextGap, "4", "x", |_, a| a.selected().contains("ERROR")),
    (Action::PreviousGap, "4G", "X", |_, a| a.selected().contains("ERROR")),
    (Action::LogsHere, "2<enter>", "L", |_, a| a.model.place == Place::Logs && a.selected().contains("2a99b4b1")),
    (Action::LogsHere, "2", "L", |_, a| a.model.place == Place::Logs),
    (Action::LogsHere, "7", "L", |_, a| a.screen().contains("logs qa/eu-central-1//acme/qa/engine")),
    (Action::LogSearch, "4", "/", |_, a| a.model.context() == Context::Typing),
    (Action::NextMatch, "4/7c6ef372<enter>g", "n", |_, a| a.selected().contains("7c6ef372")),
    (Action::PreviousMatch, "4/7c6ef372<enter>G", "N", |_, a| a.selected().contains("7c6ef372")),
    (Action::LogKeep, "4", "&", |_, a| a.model.context() == Context::Typing),
    (Action::LogDrop, "4", "!", |_, a| a.model.context() == Context::Typing),
    (Action::ContextMore, "4&7c6ef372<enter>", "+", |_, a| a.screen().contains("1 lines around")),
    (Action::ContextLess, "4&7c6ef372<enter>++", "_", |_, a| a.screen().contains("1 lines around")),
    (Action::LogSource, "4", "s", |_, a| a.screen().contains("logs prod/us-east-1//acme/prod/api")),
    (Action::ToggleWrap, "4", "w", |_, a| a.model.logs.form.wrap),
    (Action::Follow, "4", "F", |_, a| a.model.logs.window.down.is_none()),
    (Action::Right, "4", "l", |_, a| a.model.logs.skipped == 20),
    (Action::Left, "4ll", "h", |_, a| a.model.logs.skipped == 20),
    (Action::ClearFilters, "4&zzz<enter>", "c", |_, a| a.model.logs.filter.is_empty()),
    (Action::FilterEnvironment, "4", "e", |_, a| a.screen().contains("logs prod ")),
    (Action::ToggleRaw, "4", "r", |_, a| a.model.logs.form.raw),
    (Action::ViewTimeline, "p", "6", |_, a| a.model.place == Place::Timeline && a.selected().contains("finding")),
    (Action::Pin, "2", "p", |_, a| a.screen().contains("message pinned") && a.notes.len() == 1),
    (Action::Note, "6", "a", |_, a| a.model.context() == Context::Note && a.screen().contains("a note")),
    (Action::NoteHere, "2p6", "A", |_, a| a.screen().contains("2026-11-22 02:") && a.model.context() == Context::Note),
    (Action::EditEntry, "p6", "e", |_, a| a.screen().contains("change the finding")),
    (Action::RemoveEntry, "p6", "d", |_, a| a.screen().contains("Nothing is on the timeline yet") && a.screen().contains("u brings it back")),
    (Action::UndoTimeline, "p6d", "u", |_, a| a.selected().contains("finding")),
    (Action::RedoTimeline, "p6du", "<ctrl-r>", |_, a| a.screen().contains("Nothing is on the timeline yet")),
    (Action::PostMortem, "p6", "w", |_, a| matches!(&a.effects[..], [Effect::PostMortem(timeline, _)] if timeline.len() == 1)),
    (Action::NextPane, "6a", "<tab>", |_, a| matches!(&a.model.mode, Mode::Note(noting) if noting.on_time)),
    (Action::Copy, "", "y", |_, a| a.screen().contains("copy from: board")),
    (Action::CopyLine, "2<enter>y", "l", |_, a| copied(a).contains("messageId")),
    (Action::CopyRaw, "2<enter>y", "r", |_, a| copied(a).contains("messageId")),
    (Action::CopyId, "2y", "i", |_, a| copied(a) == a.model.messages.selected().unwrap().id),
    (Action::CopyMessage, "2<enter>y", "m", |_, a| copied(a).contains("never seen at")),
    (Action::CopyView, "2y", "v", |_, a| a.effects == [Effect::Copy("the view", Copied::Screen)]),
    (Action::CopyCommand, "2y", "a", |_, a| copied(a).starts_with("aws logs filter-log-events --region ")),
    (Action::CopyLink, "2y", "c", |_, a| copied(a).starts_with("https://")),
    (Action::CopyToFile, "2yiy", "f", |_, a| matches!(a.effects[..], [_, Effect::CopyToFile("the ID", _)])),
    (Action::SortNext, "2", "s", |_, a| a.screen().contains("by last seen")),
    (Action::SortReverse, "2", "S", |_, a| a.screen().contains("reversed") && a.selected().contains("completed")),
    (Action::Filter, "2", "&", |_, a| a.model.context() == Context::Typing),
    (Action::FilterIn, "2", "=", |_, a| a.screen().contains("filter: verdict=lost") && a.screen().contains("1 of 86")),
    (Action::FilterOut, "2", "!", |_, a| a.screen().contains("filter: verdict!=lost") && a.screen().contains("1 of 1,414")),
    (Action::Left, "2", "h", |_, a| a.screen().contains("= keeps id=")),
    (Action::Right, "2", "l", |_, a| a.screen().contains("= keeps stage=")),
    (Action::UndoFilter, "2=", "u", |_, a| a.screen().contains("1 of 1,500")),
    (Action::RedoFilter, "2=u", "<ctrl-r>", |_, a| a.screen().contains("1 of 86")),
    (Action::RedoFilter, "2=u", "U", |_, a| a.screen().contains("1 of 86")),
    (Action::Search, "2", "/", |_, a| a.screen().contains("/█")),
    (Action::NextMatch, "2/host=eng-3<enter>", "n", |b, a| cursor(a) > cursor(b) && a.screen().contains("match 2 of")),
    (Action::PreviousMatch, "2/host=eng-3<enter>nn", "N", |_, a| a.screen().contains("match 2 of")),
    (Action::JumpToTime, "2", "T", |_, a| a.screen().contains("to █ 02:10")),
    (Action::Range, "", "W", |_, a| a.screen().contains("read █")),
    (Action::LogsHere, "<enter>", "L", |_, a| a.model.place == Place::Logs),
    (Action::UndoFilter, "4&7c6ef372<enter>", "u", |_, a| a.model.logs.filter.is_empty()),
    (Action::RedoFilter, "4&7c6ef372<enter>u", "U", |_, a| a.model.logs.filter.len() == 1),
    (Action::ChooseZone, "", "Z", |_, a| a.screen().contains("zone █ UTC")),
    (Action::Mark, "2", "m", |_, a| a.screen().contains("mark it with a letter")),
    (Action::JumpToMark, "2ma", "'", |_, a| a.screen().contains("to the letter  a ")),
    (Action::ListMarks, "2ma1mb", "\"", |_, a| a.screen().contains("─ marks ─")),
    (Action::Open, "2ma1\"", "<enter>", |_, a| a.model.place == Place::Lifecycle),
    (Action::Back, "2ma1\"", "<esc>", |_, a| a.model.mode == Mode::Normal && a.model.place == Place::Board),
    (Action::Down, "2majmb\"", "j", |_, a| a.model.mode == Mode::Marks(1)),
    (Action::Up, "2majmb\"j", "k", |_, a| a.model.mode == Mode::Marks(0)),
    (Action::Count, "2", "0", |_, a| a.screen().contains("type a number  then")),
    (Action::HistoryBack, "x<enter>j<enter>", "[", |_, a| a.model.place == Place::Messages && cursor(a) == 1),
    (Action::HistoryForward, "x<enter>j<enter>[", "]", |_, a| a.model.place == Place::Lifecycle),
    (Action::LastView, "2<enter>n", "-", |_, a| a.model.place == Place::Messages),
    (Action::DeleteWord, "2&one two", "<ctrl-w>", |_, a| a.model.messages.filter.text == "one"),
    (Action::FilterVerdict, "2", "v", |_, a| a.screen().contains("filter: lost") && a.screen().contains("1 of 86")),
    (Action::FilterEnvironment, "2", "e", |_, a| a.screen().contains("filter: prod") && a.screen().contains("1 of 1,200")),
    (Action::FilterStage, "2a", "a", |_, a| a.screen().contains("filter: last at engine") && a.screen().contains("only last stage engine; a takes the next, u takes it back")),
    (Action::ClearFilters, "2vea", "c", |_, a| a.screen().contains("no filter") && a.screen().contains("of 1,500")),
    (Action::NextMessage, "2<enter>", "n", |_, a| cursor(a) == 1 && a.screen().contains("954cda58")),
    (Action::PreviousMessage, "2j<enter>", "N", |_, a| cursor(a) == 0 && a.screen().contains("2a99b4b1")),
    (Action::ToggleRaw, "2<enter>", "r", |_, a| a.screen().contains("logStreamName")),
    (Action::ToggleZone, "", "t", |_, a| a.screen().contains("Europe/Berlin │ 2026-11-22 03:00–04:00")),
    (Action::ToggleMouse, "", "*", |_, a| a.effects == [Effect::Mouse(true)]),
    (Action::Follow, "2", "F", |_, a| a.screen().contains("· following")),
    (Action::StopLoad, "", ".", |_, a| a.screen().contains("nothing is being loaded")),
    (Action::Help, "", "?", |_, a| a.screen().contains("keys: board")),
    (Action::Palette, "", ":", |_, a| a.screen().contains("actions: board")),
    (Action::Share, "", "M", |_, a| a.model.notice.is_some()),
    (Action::Share, "", "M", |_, a| a.model.notice.is_some()),
    (Action::Theme, "", "C", |_, a| a.model.notice.is_some()),
    (Action::Redraw, "", "<ctrl-l>", |_, a| a.effects == [Effect::Redraw]),
    (Action::Suspend, "", "<ctrl-z>", |_, a| a.effects == [Effect::Suspend]),
    (Action::DeleteBack, "2&job-010777", "<backspace>", |_, a| a.model.messages.filter.text == "job-01077"),
    (Action::DeleteAll, "2&abc", "<ctrl-u>", |_, a| a.model.messages.filter.text.is_empty()),
];

#[test]
fn every_action_does_what_it_says() {
    for (action, setup, key, holds) in CASES {
        let mut before = Dashboard::new(120, 40);
        before.keys(setup);
        let mut after = Dashboard::new(120, 40);
        after.keys(setup).keys(key);
        assert!(
            holds(&before, &after),
            "{} after {setup:?} {key:?}:\n{}",
            action.name(),
            after.screen()
        );
        let chord = Chord::parse(key.trim_matches(['<', '>'])).unwrap();
        let keys = &before.model.keys;
        assert_eq!(keys.action(before.model.context(), chord), Some(*action));
    }
}

#[test]
fn every_action_has_a_case() {
    let guesses = super::learnt::keys::CASES.iter().map(|case| case.0);
    let tested: HashSet<_> = CASES.iter().map(|case| case.0).chain(guesses).collect();
    // What has no key anywhere is chosen by its name.
    let keyed = BINDINGS.iter().filter(|binding| !binding.keys.is_empty());
    let missing: Vec<_> = keyed
        .map(|binding| binding.action)
        .filter(|action| !tested.contains(action))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn no_key_means_two_things() {
    let keys = Keymap::default();
    for context in Context::ALL {
        let mut seen = HashSet::new();
        for chord in keys.bindings(context).flat_map(|bound| &bound.keys) {
            assert!(seen.insert(chord), "{chord} twice in {}", context.title());
        }
    }
}

#[test]
fn the_palette_finds_every_action_of_its_view() {
    for place in Place::ALL {
        let mut dashboard = Dashboard::new(120, 90);
        dashboard.keys("2<enter>").keys(match place {
            Place::Board => "1",
            Place::Messages => "2",
            Place::Lifecycle => "3",
            Place::Logs => "4",
            Place::Timeline => "6",
            Place::Sources => "7",
            Place::Hunt => "8",
            Place::Compare => "5",
            Place::Evidence => "1<enter>",
            Place::Learnt => "9",
        });
        for binding in Keymap::default().bindings(place.context()) {
            let name = binding.action.name();
            dashboard.keys(":").keys(name);
            assert!(dashboard.selected().contains(name));
            dashboard.shows(binding.help);
            dashboard.keys("<esc>");
        }
        dashboard.keys("?");
        for binding in Keymap::default().keyed(place.context()) {
            dashboard.shows(binding.help);
        }
    }
}

#[test]
fn the_palette_runs_what_is_typed() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys(":quit");
    assert!(dashboard.selected().contains("quit at once"));
    dashboard.keys("<enter>");
    assert_eq!(dashboard.effects, [Effect::Quit]);
    // `:q` and Enter quits as well: names that begin with what was typed come first.
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys(":q<enter>");
    assert_eq!(dashboard.effects, [Effect::Quit]);
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("2:clear filt<enter>").shows("no filter");
    dashboard
        .keys(":nonsense")
        .shows("no action of this view matches");
    dashboard.keys("<enter>").shows("no such action");
}

#[test]
fn at_the_root_one_wrong_key_ends_nothing() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("<esc>").shows("q quits");
    dashboard.keys("qj").shows_not("quit?");
    assert!(dashboard.effects.is_empty());
    dashboard.keys("q").shows("quit?");
    dashboard.keys("q");
    assert_eq!(dashboard.effects, [Effect::Quit]);
}

#[test]
fn an_unknown_key_says_so_and_changes_nothing() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard
        .keys("K")
        .shows("K does nothing here; ? shows the keys");
    dashboard.keys("j").shows_not("does nothing");
}

#[test]
fn pasted_text_is_never_taken_for_keys() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.input(Input::Paste("qqq\n".into()));
    assert!(dashboard.effects.is_empty());
    dashboard.shows("pasted text is taken only where text is typed");
    dashboard.keys("2&");
    dashboard.input(Input::Paste(" job-01077\u{1b}[2J\n".into()));
    assert_eq!(dashboard.model.messages.filter.text, "job-01077[2J");
}

#[test]
fn esc_comes_back_to_the_very_place() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("xx");
    let board = dashboard.screen();
    dashboard.keys("<enter>jjj");
    let list = dashboard.screen();
    dashboard.keys("<enter>");
    let message = dashboard.screen();
    dashboard.keys("<enter>jj<esc>");
    assert_eq!(dashboard.screen(), message);
    dashboard.keys("<esc>");
    assert_eq!(dashboard.screen(), list);
    dashboard.keys("<esc>");
    // The status line goes on telling what the list is filtered by.
    let filter = |screen: &str| {
        screen
            .lines()
            .rev()
            .skip(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(filter(&dashboard.screen()), filter(&board));
}

#[test]
fn the_walk_from_the_board_to_the_log_line() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("xx").keys("<enter>");
    dashboard.shows("filter: lost, orders, prod, last at processor");
    assert_eq!(dashboard.model.messages.page.total, 12);
    dashboard
        .keys("j<enter>")
        .shows("never seen here")
        .shows("◆ last seen");
    dashboard.keys("<enter>").shows("\"messageId\":");
    dashboard.keys("r").shows("\"ingestionTime\":");
}

#[test]
fn a_finding_about_what_is_blind_leads_to_its_source() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("jjjjj<enter>").shows("blind spot");
    dashboard.keys("<enter>");
    assert!(dashboard.selected().contains("denied"));
    dashboard.shows("Allow logs:FilterLogEvents");
}

#[test]
fn the_selection_is_a_message_and_survives_sorting_and_refreshing() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2jjjjj");
    let id = dashboard.model.messages.selected().unwrap().id.clone();
    for keys in ["s", "s", "S", "s", "s", "s", "S"] {
        dashboard.keys(keys);
        assert_eq!(dashboard.model.messages.selected().unwrap().id, id);
        assert!(dashboard.selected().contains(&id));
    }
    dashboard.overview();
    assert_eq!(dashboard.model.messages.selected().unwrap().id, id);
}

#[test]
fn new_messages_do_not_move_a_selection_but_the_top_stays_the_top() {
    let mut dashboard = Dashboard::with(FakeAnswers::loading(), 120, 40);
    dashboard.keys("2ss");
    dashboard.change(FakeAnswers::incident());
    assert_eq!(dashboard.model.messages.cursor, 0);
    dashboard.change(FakeAnswers::loading());
    dashboard.keys("jjj");
    let chosen = dashboard.model.messages.selected().unwrap().handle;
    dashboard.change(FakeAnswers::incident());
    assert!(dashboard.model.messages.cursor > 3);
    assert_eq!(dashboard.model.messages.selected().unwrap().handle, chosen);
}

#[test]
fn only_what_is_near_the_screen_is_asked_for() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("2jjjjjjGgG<ctrl-u>sv");
    let limits = dashboard
        .asked
        .iter()
        .filter_map(|question| match question {
            Question::Messages(query) => Some(query.limit),
            _ => None,
        });
    assert!(limits.clone().count() > 3);
    assert!(limits.max().unwrap() <= 3 * 24);
}

fn text(text: &str) -> Terms {
    Terms(vec![Term {
        not: false,
        test: Test::Any(Value::Has(text.into())),
    }])
}

#[test]
fn the_newest_question_wins() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("2");
    dashboard.slow = true;
    dashboard.keys("&job-01077");
    dashboard.answer_all();
    assert_eq!(dashboard.model.messages.page.total, 2);
    // An answer to an older question that comes last changes nothing.
    let old = dashboard.asked.iter().find_map(|question| match question {
        Question::Messages(query) if query.terms == text("job") => Some(query.clone()),
        _ => None,
    });
    let old = old.unwrap();
    let page = lastseen::load::answers::Answers::messages(&*dashboard.answers, &old);
    let answer = lastseen::app::input::Answer::Messages(old, Box::new(page));
    dashboard.input(Input::Answer(dashboard.model.now, answer));
    assert_eq!(dashboard.model.messages.page.total, 2);
}

#[test]
fn x_finds_the_next_lost_message_beyond_what_is_loaded() {
    let mut dashboard = Dashboard::new(80, 24);
    dashboard.keys("2ss").keys("x");
    let first = dashboard.model.messages.cursor;
    assert!(first > 0);
    for _ in 0..40 {
        dashboard.keys("x");
        let message = dashboard.model.messages.selected().unwrap();
        assert_eq!(message.verdict, Verdict::Lost);
    }
    dashboard.keys("vvvvvvv").shows("filter: completed");
    dashboard.keys("x");
    assert_ne!(
        dashboard.model.messages.selected().unwrap().verdict,
        Verdict::Lost
    );
}

#[test]
fn filtering_by_text_is_live_and_esc_takes_it_back() {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.keys("2&eng-3").shows("&eng-3█");
    let total = dashboard.model.messages.page.total;
    assert!(total > 0 && total < 1500);
    dashboard
        .keys("-none")
        .shows("no message matches: eng-3-none");
    dashboard.keys("<esc>").shows("of 1,500");
}

#[test]
fn stopping_the_load_asks_first() {
    let mut dashboard = Dashboard::with(FakeAnswers::loading(), 80, 24);
    let stopped = |d: &Dashboard| d.answers.stopped.load(std::sync::atomic::Ordering::Relaxed);
    dashboard.keys(".").shows("stop loading?");
    dashboard.keys("x");
    assert!(!stopped(&dashboard));
    dashboard.keys(".y").shows("stopping");
    assert!(stopped(&dashboard));
    // Where Esc leads nowhere else, it asks the same; once more, and nothing was stopped.
    let mut dashboard = Dashboard::with(FakeAnswers::loading(), 80, 24);
    dashboard.keys("2<esc><esc>").shows("stop loading?");
    dashboard.keys("<esc>").shows_not("stop loading?");
    assert!(!stopped(&dashboard));
    dashboard.keys("<esc>y").shows("stopping");
    assert!(stopped(&dashboard));
}

#[test]
fn a_text_that_cannot_be_read_says_why() {
    let mut dashboard = Dashboard::new(120, 40);
    let other = FakeAnswers::nothing();
    dashboard.keys("2<enter>");
    dashboard.answers = std::sync::Arc::new(other);
    dashboard.keys("k");
    dashboard.shows("✗ the log line cannot be read: the place this was read from is gone");
}

#[test]
fn the_board_shows_the_first_of_what_enter_lists() {
    let mut dashboard = Dashboard::new(120, 50);
    dashboard.shows("messages lost, orders, prod, last at queue, version=2.8.1 · 44");
    dashboard.keys("xx").shows("last at processor · 12");
    let first = dashboard.model.preview.row(0).unwrap().id.clone();
    dashboard.keys("<enter>");
    assert!(dashboard.selected().contains(&first));
    // Its answers do not get into the list, nor the other way round.
    dashboard.keys("c<esc>").shows("last at processor · 12");
    dashboard.keys("2").shows("of 1,500");
}

#[test]
fn without_a_gap_the_key_to_the_next_one_says_so() {
    let mut dashboard = Dashboard::with(FakeAnswers::calm(), 80, 24);
    dashboard.keys("x").shows("no gap: nothing was lost");
    dashboard.keys("X").shows("no gap: nothing was lost");
}

#[test]
fn what_is_typed_before_the_list_has_come_is_not_lost() {
    for (keys, row) in [("2jjjj", 4), ("2G", 1499), ("2Ggj", 1)] {
        let mut dashboard = Dashboard::new(120, 40);
        dashboard.slow = true;
        dashboard.keys(keys);
        dashboard.answer_all();
        assert_eq!(cursor(&dashboard), row, "{keys}");
        assert!(dashboard.model.messages.selected().is_some(), "{keys}");
    }
}
