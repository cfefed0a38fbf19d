//! Which actions the hint line offers, in the order of how much they are wanted.

use crate::app::action::Action;
use crate::app::context::Context;

/// What is most wanted in each view, in words as short as a hint can be.
#[must_use]
pub const fn wanted(context: Context) -> &'static [(Action, &'static str)] {
    match context {
        Context::Board => &[
            (Action::Open, "open"),
            (Action::NextGap, "next gap"),
            (Action::NextPane, "pane"),
            (Action::ViewMessages, "messages"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Leave, "quit"),
        ],
        Context::Messages => &[
            (Action::Open, "open"),
            (Action::Filter, "filter"),
            (Action::FilterIn, "only this"),
            (Action::FilterOut, "not this"),
            (Action::UndoFilter, "undo"),
            (Action::Search, "search"),
            (Action::Palette, "actions"),
            (Action::FilterVerdict, "verdict"),
            (Action::SortNext, "sort"),
            (Action::ClearFilters, "clear"),
            (Action::FilterEnvironment, "env"),
            (Action::FilterStage, "stage"),
            (Action::Back, "back"),
        ],
        Context::Lifecycle => &[
            (Action::Open, "log line"),
            (Action::NextMessage, "next message"),
            (Action::NextGap, "next gap"),
            (Action::LogsHere, "its log"),
            (Action::ToggleRaw, "raw"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Back, "back"),
        ],
        Context::Sources => &[
            (Action::Open, "details"),
            (Action::LogsHere, "its log"),
            (Action::NextGap, "next source not read"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Back, "back"),
        ],
        Context::Evidence => &[
            (Action::NextPane, "pane"),
            (Action::Open, "open"),
            (Action::FindingMessages, "messages"),
            (Action::LogsHere, "its log"),
            (Action::NextGap, "next finding"),
            (Action::Palette, "actions"),
            (Action::ToggleZone, "zone"),
            (Action::Back, "back"),
        ],
        Context::Compare => &[
            (Action::Left, "left"),
            (Action::Right, "right side"),
            (Action::NextSide, "another"),
            (Action::CompareText, "type"),
            (Action::Open, "messages"),
            (Action::NextGap, "next difference"),
            (Action::Back, "back"),
        ],
        _ => more(context),
    }
}

const fn more(context: Context) -> &'static [(Action, &'static str)] {
    match context {
        Context::Hunt => &[
            (Action::Open, "what to add"),
            (Action::Palette, "actions"),
            (Action::Back, "end, back"),
        ],
        Context::Timeline => &[
            (Action::Open, "open"),
            (Action::Note, "note"),
            (Action::EditEntry, "edit"),
            (Action::RemoveEntry, "remove"),
            (Action::UndoTimeline, "undo"),
            (Action::PostMortem, "write report"),
            (Action::Palette, "actions"),
            (Action::Back, "back"),
        ],
        Context::Learnt => &[
            (Action::AcceptGuess, "right"),
            (Action::RejectGuess, "wrong"),
            (Action::ChangeGuess, "change"),
            (Action::UndoDecision, "undo"),
            (Action::NextGap, "next to look at"),
            (Action::SaveConfiguration, "save"),
            (Action::Open, "details"),
            (Action::Palette, "actions"),
            (Action::Back, "back"),
        ],
        Context::Logs => &[
            (Action::Open, "message"),
            (Action::LogSearch, "search"),
            (Action::LogKeep, "keep"),
            (Action::LogDrop, "leave out"),
            (Action::UndoFilter, "undo"),
            (Action::NextGap, "next error"),
            (Action::LogSource, "source"),
            (Action::FilterEnvironment, "env"),
            (Action::NextPane, "text"),
            (Action::ContextMore, "context"),
            (Action::ToggleWrap, "wrap"),
            (Action::Palette, "actions"),
            (Action::Back, "back"),
        ],
        Context::Note => &[
            (Action::Open, "save"),
            (Action::NextPane, "text or time"),
            (Action::Back, "leave"),
        ],
        Context::Copying => &[(Action::Back, "nothing")],
        Context::Themes => &[(Action::Open, "keep"), (Action::Back, "the one before")],
        Context::Sides => &[(Action::Open, "compare"), (Action::Back, "cancel")],
        Context::Help => &[
            (Action::Open, "do it"),
            (Action::Back, "close"),
            (Action::PageDown, "page down"),
        ],
        Context::Palette => &[(Action::Open, "run"), (Action::Back, "cancel")],
        Context::Typing => &[(Action::Open, "accept"), (Action::Back, "cancel")],
        Context::Marks => &[(Action::Open, "go there"), (Action::Back, "close")],
        Context::Notices => &[(Action::Back, "close"), (Action::PageDown, "page down")],
        Context::Question => &[(Action::Confirm, "yes"), (Action::Back, "no")],
        _ => &[],
    }
}
