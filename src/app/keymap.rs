//! The one table of keys: (view, chord) to action. The help, the palette and the hints read it too, as
//! the user's configuration changes it.

use super::action::Action;
use super::chord::{Chord, Key};
use super::context::Context;

/// An action, its keys and where they hold.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The keys, the one to show first.
    pub keys: &'static [Chord],
    /// Where.
    pub contexts: &'static [Context],
    /// What it does, in a few words.
    pub help: &'static str,
}

const fn c(c: char) -> Chord {
    Chord::plain(Key::Char(c))
}

const fn k(key: Key) -> Chord {
    Chord::plain(key)
}

const fn on(
    contexts: &'static [Context],
    action: Action,
    keys: &'static [Chord],
    help: &'static str,
) -> Binding {
    Binding {
        action,
        keys,
        contexts,
        help,
    }
}

use Context::{
    Board, Compare, Copying, Evidence, Help, Hunt, Learnt, Lifecycle, Logs, Marks, Messages, Note,
    Notices, Palette, Question, Sides, Sources, Themes, Timeline, Typing,
};

const VIEWS: &[Context] = &[
    Board, Messages, Lifecycle, Logs, Compare, Timeline, Sources, Hunt, Evidence, Learnt,
];
const MOVING: &[Context] = &[
    Board, Messages, Lifecycle, Logs, Compare, Timeline, Sources, Hunt, Evidence, Learnt, Themes,
    Notices,
];
const PINNED: &[Context] = &[Board, Messages, Lifecycle, Logs, Evidence];
const ELSEWHERE: &[Context] = &[
    Board, Messages, Lifecycle, Logs, Compare, Sources, Hunt, Evidence, Learnt,
];
const PANES: &[Context] = &[Board, Lifecycle, Logs, Sources, Hunt, Evidence, Learnt];
const GAPS: &[Context] = &[Board, Lifecycle];
const OF_MESSAGES: &[Context] = &[Board, Messages, Lifecycle, Evidence];
const LISTS: &[Context] = &[Palette, Help, Typing];
const LISTED: &[Context] = &[Palette, Help];
const TYPED: &[Context] = &[Palette, Help, Typing, Note, Sides];
const EVERYWHERE: &[Context] = &Context::ALL;
const B: &[Context] = &[Board];
const M: &[Context] = &[Messages];
const L: &[Context] = &[Lifecycle];
const T: &[Context] = &[Timeline];
const Y: &[Context] = &[Copying];
const LOG: &[Context] = &[Lifecycle, Logs, Evidence];
const G: &[Context] = &[Logs];
const TO_LOGS: &[Context] = &[Messages, Lifecycle, Sources, Evidence];
const TO_MESSAGES: &[Context] = &[Board, Lifecycle, Timeline, Sources, Hunt, Evidence, Learnt];
const E: &[Context] = &[Evidence];
const C: &[Context] = &[Compare];
const S: &[Context] = &[Sources];
const GUESSES: &[Context] = &[Learnt];

/// Every binding, in the order the help shows them.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    on(VIEWS, Action::Open, &[k(Key::Enter)], "open what is selected"),
    on(VIEWS, Action::Back, &[k(Key::Esc)], "one level back"),
    on(GAPS, Action::NextGap, &[c('x')], "next gap"),
    on(GAPS, Action::PreviousGap, &[c('X')], "previous gap"),
    on(M, Action::NextGap, &[c('x')], "next lost message"),
    on(M, Action::PreviousGap, &[c('X')], "previous lost message"),
    on(S, Action::NextGap, &[c('x')], "next source not read"),
    on(S, Action::PreviousGap, &[c('X')], "previous source not read"),
    on(C, Action::NextGap, &[c('x')], "next difference"),
    on(C, Action::PreviousGap, &[c('X')], "previous difference"),
    on(E, Action::NextGap, &[c('x')], "next finding"),
    on(E, Action::PreviousGap, &[c('X')], "previous finding"),
    on(E, Action::FindingMessages, &[c('a')], "all its messages"),
    on(M, Action::Filter, &[c('&')], "keep only what matches (type it)"),
    on(TO_MESSAGES, Action::Filter, &[c('&')], "filter the messages (type it)"),
    on(TO_MESSAGES, Action::Search, &[c('/')], "search the messages (type it)"),
    on(M, Action::FilterIn, &[c('=')], "keep only the chosen value"),
    on(M, Action::FilterOut, &[c('!')], "leave the chosen value out"),
    on(M, Action::Left, &[c('h'), k(Key::Left)], "choose the value before"),
    on(M, Action::Right, &[c('l'), k(Key::Right)], "choose the next value"),
    on(M, Action::UndoFilter, &[c('u')], "the filter before"),
    on(M, Action::RedoFilter, &[Chord::ctrl('r'), c('U')], "the filter that was undone"),
    on(M, Action::Search, &[c('/')], "search the list (type it)"),
    on(M, Action::NextMatch, &[c('n')], "next match of the search"),
    on(M, Action::PreviousMatch, &[c('N')], "match before"),
    on(M, Action::Follow, &[c('F')], "go with the newest, or stop that"),
    on(G, Action::NextGap, &[c('x')], "next error"),
    on(G, Action::PreviousGap, &[c('X')], "previous error"),
    on(G, Action::LogSearch, &[c('/')], "search: a text, or /a pattern/"),
    on(G, Action::NextMatch, &[c('n')], "next match"),
    on(G, Action::PreviousMatch, &[c('N')], "previous match"),
    on(G, Action::LogKeep, &[c('&')], "keep lines with a text or /pattern/"),
    on(G, Action::LogDrop, &[c('!')], "leave such lines out"),
    on(G, Action::ContextMore, &[c('+')], "more lines around a kept one"),
    on(G, Action::ContextLess, &[c('_')], "fewer lines around a kept one"),
    on(G, Action::UndoFilter, &[c('u')], "the filter before"),
    on(G, Action::RedoFilter, &[Chord::ctrl('r'), c('U')], "the filter that was undone"),
    on(G, Action::ClearFilters, &[c('c')], "all lines again"),
    on(G, Action::FilterEnvironment, &[c('e')], "one environment (again: the next)"),
    on(G, Action::LogSource, &[c('s')], "only this line's source (again: all)"),
    on(G, Action::Left, &[c('h'), k(Key::Left)], "to the left"),
    on(G, Action::Right, &[c('l'), k(Key::Right)], "to the right"),
    on(G, Action::ToggleWrap, &[c('w')], "long lines wrapped or cut"),
    on(G, Action::Follow, &[c('F')], "to the end, and on with it"),
    on(TO_LOGS, Action::LogsHere, &[c('L')], "its log, with the lines around it"),
    on(M, Action::FilterVerdict, &[c('v')], "keep one verdict (again: the next)"),
    on(M, Action::FilterEnvironment, &[c('e')], "keep one environment (again: the next)"),
    on(M, Action::FilterStage, &[c('a')], "keep one last stage (again: the next)"),
    on(M, Action::ClearFilters, &[c('c')], "show all messages again"),
    on(M, Action::SortNext, &[c('s')], "sort by the next column"),
    on(M, Action::SortReverse, &[c('S')], "sort the other way round"),
    on(L, Action::NextMessage, &[c('n')], "next message of the list"),
    on(L, Action::PreviousMessage, &[c('N')], "previous message of the list"),
    on(LOG, Action::ToggleRaw, &[c('r')], "log line raw or readable"),
    on(B, Action::Left, &[c('h'), k(Key::Left)], "environment on the left"),
    on(B, Action::Right, &[c('l'), k(Key::Right)], "environment on the right"),
    on(C, Action::Left, &[c('h'), k(Key::Left)], "to the left side"),
    on(C, Action::Right, &[c('l'), k(Key::Right)], "to the right side"),
    on(C, Action::NextSide, &[k(Key::Tab), c('}')], "compare with the next one here"),
    on(C, Action::PreviousSide, &[k(Key::BackTab), c('{')], "compare with the one before"),
    on(C, Action::CompareText, &[c('/')], "type both sides: qa vs prod"),
    on(OF_MESSAGES, Action::Hunt, &[c('H')], "hunt: where else are they mentioned"),
    on(PINNED, Action::Pin, &[c('p')], "pin it to the timeline"),
    on(T, Action::Note, &[c('a')], "write a note"),
    on(T, Action::NoteHere, &[c('A')], "write a note at the entry's time"),
    on(T, Action::EditEntry, &[c('e')], "change its text or time"),
    on(T, Action::RemoveEntry, &[c('d'), k(Key::Delete)], "remove it (u brings it back)"),
    on(T, Action::UndoTimeline, &[c('u')], "undo a change of the timeline"),
    on(T, Action::RedoTimeline, &[Chord::ctrl('r'), c('U')], "redo what was undone"),
    on(T, Action::PostMortem, &[c('w')], "write the post-mortem to a file"),
    on(GUESSES, Action::AcceptGuess, &[c('a')], "right; take what was refused"),
    on(GUESSES, Action::RejectGuess, &[c('d'), k(Key::Delete)], "wrong: leave it out (u undoes)"),
    on(GUESSES, Action::ChangeGuess, &[c('e')], "change it (type it)"),
    on(GUESSES, Action::UndoDecision, &[c('u')], "undo a decision"),
    on(GUESSES, Action::RedoDecision, &[Chord::ctrl('r'), c('U')], "decide it again"),
    on(GUESSES, Action::SaveConfiguration, &[c('w')], "save the configuration: lastseen.toml"),
    on(GUESSES, Action::NextGap, &[c('x')], "next guess to look at"),
    on(GUESSES, Action::PreviousGap, &[c('X')], "previous guess to look at"),
    on(ELSEWHERE, Action::Note, &[], "write a note"),
    on(ELSEWHERE, Action::NoteHere, &[], "write a note at the time of this"),
    on(ELSEWHERE, Action::UndoTimeline, &[], "undo a change of the timeline"),
    on(ELSEWHERE, Action::RedoTimeline, &[], "redo what was undone on the timeline"),
    on(ELSEWHERE, Action::PostMortem, &[], "write the post-mortem to a file"),
    on(VIEWS, Action::Copy, &[c('y')], "copy: line, ID, message, command ..."),
    on(Y, Action::CopyLine, &[c('l'), c('y')], "the log line, or the finding"),
    on(Y, Action::CopyId, &[c('i')], "the ID"),
    on(Y, Action::CopyMessage, &[c('m')], "the message, as text"),
    on(Y, Action::CopyView, &[c('v')], "the view, as text"),
    on(Y, Action::CopyCommand, &[c('a')], "the aws command that shows it"),
    on(Y, Action::CopyLink, &[c('c')], "the address in the AWS console"),
    on(Y, Action::CopyRaw, &[c('r')], "the line with all it holds (asks)"),
    on(Y, Action::CopyToFile, &[c('f')], "what was copied last, into a file"),
    on(Y, Action::Back, &[k(Key::Esc), c('q')], "nothing"),
    on(VIEWS, Action::CopyLine, &[], "copy the log line, or the finding"),
    on(VIEWS, Action::CopyId, &[], "copy the ID"),
    on(VIEWS, Action::CopyMessage, &[], "copy the message, as text"),
    on(VIEWS, Action::CopyView, &[], "copy the view, as text"),
    on(VIEWS, Action::CopyCommand, &[], "copy the aws command that shows it"),
    on(VIEWS, Action::CopyLink, &[], "copy the address in the AWS console"),
    on(VIEWS, Action::CopyRaw, &[], "copy the line with all it holds (asks)"),
    on(VIEWS, Action::CopyToFile, &[], "what was copied last, into a file"),
    on(PANES, Action::NextPane, &[k(Key::Tab)], "next pane"),
    on(PANES, Action::PreviousPane, &[k(Key::BackTab)], "previous pane"),
    on(VIEWS, Action::ViewBoard, &[c('1')], "board"),
    on(VIEWS, Action::ViewMessages, &[c('2')], "messages"),
    on(VIEWS, Action::ViewLifecycle, &[c('3')], "lifecycle of the selected message"),
    on(VIEWS, Action::ViewLogs, &[c('4')], "logs of all sources"),
    on(VIEWS, Action::ViewCompare, &[c('5')], "compare environments, regions, times"),
    on(VIEWS, Action::ViewTimeline, &[c('6')], "timeline of the incident"),
    on(VIEWS, Action::ViewSources, &[c('7')], "sources"),
    on(VIEWS, Action::ViewHunt, &[c('8')], "the hunt, once one was begun (H)"),
    on(VIEWS, Action::ViewLearnt, &[c('9')], "what was learnt, to correct it"),
    on(MOVING, Action::Down, &[c('j'), k(Key::Down)], "down"),
    on(MOVING, Action::Up, &[c('k'), k(Key::Up)], "up"),
    on(MOVING, Action::HalfPageDown, &[Chord::ctrl('d')], "half a page down"),
    on(MOVING, Action::HalfPageUp, &[Chord::ctrl('u')], "half a page up"),
    on(MOVING, Action::PageDown, &[c(' '), k(Key::PageDown)], "a page down"),
    on(MOVING, Action::PageUp, &[c('b'), k(Key::PageUp)], "a page up"),
    on(MOVING, Action::Top, &[c('g'), k(Key::Home)], "first"),
    on(MOVING, Action::Bottom, &[c('G'), k(Key::End)], "last"),
    on(VIEWS, Action::HistoryBack, &[c('[')], "back in the history"),
    on(VIEWS, Action::HistoryForward, &[c(']')], "forward in the history"),
    on(VIEWS, Action::LastView, &[c('-')], "the view before this one"),
    on(VIEWS, Action::Mark, &[c('m')], "mark it with a letter"),
    on(VIEWS, Action::JumpToMark, &[c('\'')], "to what a letter marks"),
    on(VIEWS, Action::ListMarks, &[c('"')], "every mark"),
    on(VIEWS, Action::Notices, &[], "what was said before, and what failed"),
    on(VIEWS, Action::Count, &[c('0')], "begin a count: 012j, 05x, 010G"),
    on(VIEWS, Action::JumpToTime, &[c('T')], "go to a time (type it)"),
    on(VIEWS, Action::Range, &[c('W')], "widen: another range of time"),
    on(VIEWS, Action::ToggleZone, &[c('t')], "the next time zone"),
    on(VIEWS, Action::ChooseZone, &[c('Z')], "another time zone (type it)"),
    on(VIEWS, Action::Share, &[c('M')], "share: mask secrets, show keys"),
    on(VIEWS, Action::Theme, &[c('C')], "choose a theme"),
    on(VIEWS, Action::ToggleMouse, &[c('*')], "take the mouse, or free it"),
    on(VIEWS, Action::StopLoad, &[c('.')], "stop loading, keep what was read"),
    on(VIEWS, Action::Palette, &[c(':')], "every action, by name"),
    on(VIEWS, Action::Help, &[c('?')], "keys of this view"),
    on(EVERYWHERE, Action::Redraw, &[Chord::ctrl('l')], "paint the screen again"),
    on(EVERYWHERE, Action::Suspend, &[Chord::ctrl('z')], "to the shell (fg comes back)"),
    on(VIEWS, Action::Leave, &[c('q')], "back; at the board: quit"),
    on(EVERYWHERE, Action::Quit, &[Chord::ctrl('c')], "quit at once"),
    on(LISTED, Action::PageDown, &[k(Key::PageDown)], "a page down"),
    on(LISTED, Action::PageUp, &[k(Key::PageUp)], "a page up"),
    on(&[Themes], Action::Open, &[k(Key::Enter)], "keep this theme"),
    on(&[Themes], Action::Back, &[k(Key::Esc), c('q')], "the theme before"),
    on(TYPED, Action::Open, &[k(Key::Enter)], "accept"),
    on(TYPED, Action::Back, &[k(Key::Esc)], "cancel"),
    on(LISTS, Action::Down, &[k(Key::Down), k(Key::Tab)], "down"),
    on(LISTS, Action::Up, &[k(Key::Up), k(Key::BackTab)], "up"),
    on(&[Note], Action::NextPane, &[k(Key::Tab), k(Key::BackTab), k(Key::Down), k(Key::Up)], "text or time"),
    on(TYPED, Action::DeleteBack, &[k(Key::Backspace)], "delete a character"),
    on(TYPED, Action::DeleteWord, &[Chord::ctrl('w')], "delete a word"),
    on(TYPED, Action::DeleteAll, &[Chord::ctrl('u')], "delete what was typed"),
    on(&[Marks], Action::Open, &[k(Key::Enter)], "go there"),
    on(&[Marks], Action::Back, &[k(Key::Esc), c('q')], "close the marks"),
    on(&[Marks], Action::Down, &[k(Key::Down), c('j')], "down"),
    on(&[Marks], Action::Up, &[k(Key::Up), c('k')], "up"),
    on(&[Notices], Action::Back, &[k(Key::Esc), c('q'), k(Key::Enter)], "close the notices"),
    on(&[Question], Action::Confirm, &[c('y'), c('q'), k(Key::Enter)], "yes"),
    on(&[Question], Action::Back, &[k(Key::Esc), c('n')], "no"),
];

/// Whether a binding of the action holds there alone.
#[must_use]
pub fn only_in(context: Context, action: Action) -> bool {
    let mut all = BINDINGS.iter().filter(|binding| binding.action == action);
    all.any(|binding| binding.contexts == [context])
}

impl Context {
    /// Whether it is one of the views.
    #[must_use]
    pub fn is_view(self) -> bool {
        VIEWS.contains(&self)
    }

    /// Whether text is typed there.
    #[must_use]
    pub fn is_typed(self) -> bool {
        TYPED.contains(&self)
    }
}
