//! Every intent, by name: the same word in the help, the palette, the key table and the tests.

/// What a key or the palette can ask for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// One row down.
    Down,
    /// One row up.
    Up,
    /// Half a page down.
    HalfPageDown,
    /// Half a page up.
    HalfPageUp,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// To the environment on the left.
    Left,
    /// To the environment on the right.
    Right,
    /// Into what is selected.
    Open,
    /// One level back.
    Back,
    /// One level back; at the root, asks whether to quit.
    Leave,
    /// Quits at once.
    Quit,
    /// To the next gap.
    NextGap,
    /// To the previous gap.
    PreviousGap,
    /// To the next pane.
    NextPane,
    /// To the previous pane.
    PreviousPane,
    /// The board.
    ViewBoard,
    /// The list of messages.
    ViewMessages,
    /// The lifecycle of the selected message.
    ViewLifecycle,
    /// The sources.
    ViewSources,
    /// The hunt.
    ViewHunt,
    /// Two sides, edge by edge.
    ViewCompare,
    /// All messages that a finding is about.
    FindingMessages,
    /// Another side to compare with.
    NextSide,
    /// The one before.
    PreviousSide,
    /// Type what to compare.
    CompareText,
    /// Hunts for the lost messages that are meant here.
    Hunt,
    /// The incident's timeline.
    ViewTimeline,
    /// Puts what is selected on the timeline.
    Pin,
    /// Writes a note, at the present.
    Note,
    /// Writes a note, at the time of what is selected.
    NoteHere,
    /// Changes text or time of an entry.
    EditEntry,
    /// Removes an entry.
    RemoveEntry,
    /// Undoes the newest change of the timeline.
    UndoTimeline,
    /// Does it again.
    RedoTimeline,
    /// Writes the report with the timeline into a file.
    PostMortem,
    /// Shows what can be copied.
    Copy,
    /// Copies the log line.
    CopyLine,
    /// Copies the log line with whatever it holds.
    CopyRaw,
    /// Copies the ID.
    CopyId,
    /// Copies what is known of the message.
    CopyMessage,
    /// Copies what is on the screen.
    CopyView,
    /// Copies the address in the AWS console.
    CopyLink,
    /// Copies the command that shows the same.
    CopyCommand,
    /// Writes what was copied last into a file.
    CopyToFile,
    /// Another column to sort by.
    SortNext,
    /// The other way round.
    SortReverse,
    /// Type what to keep.
    Filter,
    /// Keep the selected value.
    FilterIn,
    /// Leave the selected value out.
    FilterOut,
    /// The filter before.
    UndoFilter,
    /// The filter that was undone.
    RedoFilter,
    /// Type what to look for.
    Search,
    /// The next match of what is looked for.
    NextMatch,
    /// The match before.
    PreviousMatch,
    /// Type a time to go to.
    JumpToTime,
    /// Type a zone to show times in.
    ChooseZone,
    /// Marks what is selected with a letter.
    Mark,
    /// To what a letter marks.
    JumpToMark,
    /// Every mark.
    ListMarks,
    /// Begins a count.
    Count,
    /// Back in the history.
    HistoryBack,
    /// Forward in the history.
    HistoryForward,
    /// To the view that was in front before.
    LastView,
    /// Another verdict to filter by.
    FilterVerdict,
    /// Another environment to filter by.
    FilterEnvironment,
    /// Another last stage to filter by.
    FilterStage,
    /// All messages again.
    ClearFilters,
    /// The next message of the list.
    NextMessage,
    /// The previous message of the list.
    PreviousMessage,
    /// The log line as its origin has it, or readable.
    ToggleRaw,
    /// The mouse is the dashboard's, or the terminal's own.
    ToggleMouse,
    /// Stays with the newest.
    Follow,
    /// Another time zone.
    ToggleZone,
    /// Cancels the load.
    StopLoad,
    /// The keys of this view.
    Help,
    /// Every action of this view, to type and run.
    Palette,
    /// Paints the whole screen again.
    Redraw,
    /// Back to the shell until `fg`.
    Suspend,
    /// Yes to what was asked.
    Confirm,
    /// Deletes the character to the left.
    DeleteBack,
    /// Deletes the word to the left.
    DeleteWord,
    /// Deletes what was typed.
    DeleteAll,
}

impl Action {
    /// Its name.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::HalfPageDown => "half_page_down",
            Self::HalfPageUp => "half_page_up",
            Self::PageDown => "page_down",
            Self::PageUp => "page_up",
            Self::Top => "top",
            Self::Bottom => "bottom",
            Self::Left => "left",
            Self::Right => "right",
            Self::Open => "open",
            Self::Back => "back",
            Self::Leave => "leave",
            Self::Quit => "quit",
            Self::NextGap => "next_gap",
            Self::PreviousGap => "previous_gap",
            Self::NextPane => "next_pane",
            Self::PreviousPane => "previous_pane",
            Self::ViewBoard => "view_board",
            Self::ViewMessages => "view_messages",
            Self::ViewLifecycle => "view_lifecycle",
            Self::ViewSources => "view_sources",
            Self::ViewHunt => "view_hunt",
            Self::ViewCompare => "view_compare",
            Self::FindingMessages => "finding_messages",
            Self::NextSide => "next_side",
            Self::PreviousSide => "previous_side",
            Self::CompareText => "compare_text",
            Self::Hunt => "hunt",
            Self::ViewTimeline => "view_timeline",
            Self::Pin => "pin",
            Self::Note => "note",
            Self::NoteHere => "note_here",
            Self::EditEntry => "edit_entry",
            Self::RemoveEntry => "remove_entry",
            Self::UndoTimeline => "undo_timeline",
            Self::RedoTimeline => "redo_timeline",
            Self::PostMortem => "write_post_mortem",
            Self::Copy => "copy",
            Self::CopyLine => "copy_line",
            Self::CopyRaw => "copy_raw_line",
            Self::CopyId => "copy_id",
            Self::CopyMessage => "copy_message",
            Self::CopyView => "copy_view",
            Self::CopyLink => "copy_console_link",
            Self::CopyCommand => "copy_aws_command",
            Self::CopyToFile => "copy_to_file",
            Self::SortNext => "sort_next",
            Self::SortReverse => "sort_reverse",
            Self::Filter => "filter",
            Self::FilterIn => "filter_in",
            Self::FilterOut => "filter_out",
            Self::UndoFilter => "undo_filter",
            Self::RedoFilter => "redo_filter",
            Self::Search => "search",
            Self::NextMatch => "next_match",
            Self::PreviousMatch => "previous_match",
            Self::JumpToTime => "jump",
            Self::ChooseZone => "zone",
            Self::Mark => "mark",
            Self::JumpToMark => "jump_to_mark",
            Self::ListMarks => "marks",
            Self::Count => "count",
            Self::HistoryBack => "history_back",
            Self::HistoryForward => "history_forward",
            Self::LastView => "last_view",
            Self::FilterVerdict => "filter_verdict",
            Self::FilterEnvironment => "filter_environment",
            Self::FilterStage => "filter_stage",
            Self::ClearFilters => "clear_filters",
            Self::NextMessage => "next_message",
            Self::PreviousMessage => "previous_message",
            Self::ToggleRaw => "toggle_raw",
            Self::ToggleMouse => "mouse",
            Self::Follow => "follow",
            Self::ToggleZone => "toggle_zone",
            Self::StopLoad => "stop_load",
            Self::Help => "help",
            Self::Palette => "palette",
            Self::Redraw => "redraw",
            Self::Suspend => "suspend",
            Self::Confirm => "confirm",
            Self::DeleteBack => "delete_back",
            Self::DeleteWord => "delete_word",
            Self::DeleteAll => "delete_all",
        }
    }
}
