//! The one table of keys: (view, chord) to action. The help, the palette and the hints read it too.

use super::action::Action;
use super::chord::{Chord, Key};

/// Where a key is pressed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Context {
    /// The board.
    Board,
    /// The list of messages.
    Messages,
    /// One message.
    Lifecycle,
    /// The sources.
    Sources,
    /// The hunt.
    Hunt,
    /// The help is open.
    Help,
    /// The palette is open.
    Palette,
    /// A filter is being typed.
    Filter,
    /// A question is open.
    Question,
    /// The list of themes is open.
    Themes,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 10] = [
        Self::Board,
        Self::Messages,
        Self::Lifecycle,
        Self::Sources,
        Self::Hunt,
        Self::Help,
        Self::Palette,
        Self::Filter,
        Self::Question,
        Self::Themes,
    ];

    /// Its name, as a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Messages => "messages",
            Self::Lifecycle => "lifecycle",
            Self::Sources => "sources",
            Self::Hunt => "hunt",
            Self::Help => "help",
            Self::Palette => "palette",
            Self::Filter => "filter",
            Self::Question => "question",
            Self::Themes => "themes",
        }
    }
}

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

use Context::{Board, Filter, Help, Hunt, Lifecycle, Messages, Palette, Question, Sources, Themes};

const VIEWS: &[Context] = &[Board, Messages, Lifecycle, Sources, Hunt];
const MOVING: &[Context] = &[Board, Messages, Lifecycle, Sources, Hunt, Help, Themes];
const PANES: &[Context] = &[Board, Lifecycle, Sources, Hunt];
const OF_MESSAGES: &[Context] = &[Board, Messages, Lifecycle];
const LISTS: &[Context] = &[Palette, Filter];
const EVERYWHERE: &[Context] = &Context::ALL;
const B: &[Context] = &[Board];
const M: &[Context] = &[Messages];
const L: &[Context] = &[Lifecycle];

/// Every binding, in the order the help shows them.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    on(VIEWS, Action::Open, &[k(Key::Enter)], "open what is selected"),
    on(VIEWS, Action::Back, &[k(Key::Esc)], "one level back"),
    on(VIEWS, Action::NextGap, &[c('x')], "next gap"),
    on(VIEWS, Action::PreviousGap, &[c('X')], "previous gap"),
    on(M, Action::FilterText, &[c('/')], "keep what contains a text"),
    on(M, Action::FilterVerdict, &[c('v')], "keep one verdict (again: the next)"),
    on(M, Action::FilterEnvironment, &[c('e')], "keep one environment"),
    on(M, Action::FilterStage, &[c('a')], "keep one last stage"),
    on(M, Action::ClearFilters, &[c('c')], "show all messages again"),
    on(M, Action::SortNext, &[c('s')], "sort by the next column"),
    on(M, Action::SortReverse, &[c('S')], "sort the other way round"),
    on(L, Action::NextMessage, &[c('n')], "next message of the list"),
    on(L, Action::PreviousMessage, &[c('N')], "previous message of the list"),
    on(L, Action::ToggleRaw, &[c('r')], "log line raw or readable"),
    on(B, Action::Left, &[c('h'), k(Key::Left)], "environment on the left"),
    on(B, Action::Right, &[c('l'), k(Key::Right)], "environment on the right"),
    on(OF_MESSAGES, Action::Hunt, &[c('H')], "hunt: where else are they mentioned"),
    on(PANES, Action::NextPane, &[k(Key::Tab)], "next pane"),
    on(PANES, Action::PreviousPane, &[k(Key::BackTab)], "previous pane"),
    on(VIEWS, Action::ViewBoard, &[c('1')], "board"),
    on(VIEWS, Action::ViewMessages, &[c('2')], "messages"),
    on(VIEWS, Action::ViewLifecycle, &[c('3')], "lifecycle of the selected message"),
    on(VIEWS, Action::ViewSources, &[c('4')], "sources"),
    on(VIEWS, Action::ViewHunt, &[c('5')], "the hunt, once one was begun (H)"),
    on(MOVING, Action::Down, &[c('j'), k(Key::Down)], "down"),
    on(MOVING, Action::Up, &[c('k'), k(Key::Up)], "up"),
    on(MOVING, Action::HalfPageDown, &[Chord::ctrl('d')], "half a page down"),
    on(MOVING, Action::HalfPageUp, &[Chord::ctrl('u')], "half a page up"),
    on(MOVING, Action::PageDown, &[c(' '), k(Key::PageDown)], "a page down"),
    on(MOVING, Action::PageUp, &[c('b'), k(Key::PageUp)], "a page up"),
    on(MOVING, Action::Top, &[c('g'), k(Key::Home)], "first"),
    on(MOVING, Action::Bottom, &[c('G'), k(Key::End)], "last"),
    on(VIEWS, Action::ToggleZone, &[c('t')], "time zone: UTC or local"),
    on(VIEWS, Action::Share, &[c('M')], "share: mask secrets, show keys"),
    on(VIEWS, Action::Theme, &[c('T')], "choose a theme"),
    on(VIEWS, Action::StopLoad, &[c('.')], "stop loading, keep what was read"),
    on(VIEWS, Action::Palette, &[c(':')], "every action, by name"),
    on(VIEWS, Action::Help, &[c('?')], "keys of this view"),
    on(EVERYWHERE, Action::Redraw, &[Chord::ctrl('l')], "paint the screen again"),
    on(EVERYWHERE, Action::Suspend, &[Chord::ctrl('z')], "to the shell (fg comes back)"),
    on(VIEWS, Action::Leave, &[c('q')], "back; at the board: quit"),
    on(EVERYWHERE, Action::Quit, &[Chord::ctrl('c')], "quit at once"),
    on(&[Help], Action::Back, &[k(Key::Esc), c('?'), c('q'), k(Key::Enter)], "close the help"),
    on(&[Themes], Action::Open, &[k(Key::Enter)], "keep this theme"),
    on(&[Themes], Action::Back, &[k(Key::Esc), c('q')], "the theme before"),
    on(LISTS, Action::Open, &[k(Key::Enter)], "accept"),
    on(LISTS, Action::Back, &[k(Key::Esc)], "cancel"),
    on(LISTS, Action::Down, &[k(Key::Down), k(Key::Tab)], "down"),
    on(LISTS, Action::Up, &[k(Key::Up), k(Key::BackTab)], "up"),
    on(LISTS, Action::DeleteBack, &[k(Key::Backspace)], "delete a character"),
    on(LISTS, Action::DeleteAll, &[Chord::ctrl('u')], "delete what was typed"),
    on(&[Question], Action::Confirm, &[c('y'), c('q'), k(Key::Enter)], "yes"),
    on(&[Question], Action::Back, &[k(Key::Esc), c('n')], "no"),
];

/// What a chord means in a context.
#[must_use]
pub fn action(context: Context, chord: Chord) -> Option<Action> {
    bindings(context)
        .find(|binding| binding.keys.contains(&chord))
        .map(|binding| binding.action)
}

/// The bindings of a context, in the order of the table.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    BINDINGS
        .iter()
        .filter(move |binding| binding.contexts.contains(&context))
}

/// The key to show for an action.
#[must_use]
pub fn key_of(context: Context, action: Action) -> Option<Chord> {
    bindings(context)
        .find(|binding| binding.action == action)
        .and_then(|binding| binding.keys.first().copied())
}
