//! Every intent, by name: the same word in the help, the palette, the key table and the tests.

/// An action and its name stand side by side, so that neither is ever without the other.
macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident => $name:literal,)*) => {
        /// What a key or the palette can ask for.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        impl Action {
            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }
        }
    };
}

actions! {
    /// One row down.
    Down => "down",
    /// One row up.
    Up => "up",
    /// Half a page down.
    HalfPageDown => "half_page_down",
    /// Half a page up.
    HalfPageUp => "half_page_up",
    /// A page down.
    PageDown => "page_down",
    /// A page up.
    PageUp => "page_up",
    /// To the first row.
    Top => "top",
    /// To the last row.
    Bottom => "bottom",
    /// To the environment on the left.
    Left => "left",
    /// To the environment on the right.
    Right => "right",
    /// Into what is selected.
    Open => "open",
    /// One level back.
    Back => "back",
    /// One level back; at the root, asks whether to quit.
    Leave => "leave",
    /// Quits at once.
    Quit => "quit",
    /// To the next gap.
    NextGap => "next_gap",
    /// To the previous gap.
    PreviousGap => "previous_gap",
    /// To the next pane.
    NextPane => "next_pane",
    /// To the previous pane.
    PreviousPane => "previous_pane",
    /// The board.
    ViewBoard => "view_board",
    /// The list of messages.
    ViewMessages => "view_messages",
    /// The lifecycle of the selected message.
    ViewLifecycle => "view_lifecycle",
    /// The log.
    ViewLogs => "view_logs",
    /// The log at what is selected, with its neighbours.
    LogsHere => "logs_here",
    /// The sources.
    ViewSources => "view_sources",
    /// The hunt.
    ViewHunt => "view_hunt",
    /// What was learnt without a configuration.
    ViewLearnt => "view_learnt",
    /// The guess is right; what was refused is wanted.
    AcceptGuess => "accept_guess",
    /// The guess is wrong.
    RejectGuess => "reject_guess",
    /// Type what it is instead.
    ChangeGuess => "change_guess",
    /// Undoes the newest decision about a guess.
    UndoDecision => "undo_decision",
    /// Decides it again.
    RedoDecision => "redo_decision",
    /// Saves the configuration with every decision.
    SaveConfiguration => "save_configuration",
    /// Two sides, edge by edge.
    ViewCompare => "view_compare",
    /// All messages that a finding is about.
    FindingMessages => "finding_messages",
    /// Another side to compare with.
    NextSide => "next_side",
    /// The one before.
    PreviousSide => "previous_side",
    /// Type what to compare.
    CompareText => "compare_text",
    /// Hunts for the lost messages that are meant here.
    Hunt => "hunt",
    /// The incident's timeline.
    ViewTimeline => "view_timeline",
    /// Puts what is selected on the timeline.
    Pin => "pin",
    /// Writes a note, at the present.
    Note => "note",
    /// Writes a note, at the time of what is selected.
    NoteHere => "note_here",
    /// Changes text or time of an entry.
    EditEntry => "edit_entry",
    /// Removes an entry.
    RemoveEntry => "remove_entry",
    /// Undoes the newest change of the timeline.
    UndoTimeline => "undo_timeline",
    /// Does it again.
    RedoTimeline => "redo_timeline",
    /// Writes the report with the timeline into a file.
    PostMortem => "write_post_mortem",
    /// Shows what can be copied.
    Copy => "copy",
    /// Copies the log line.
    CopyLine => "copy_line",
    /// Copies the log line with whatever it holds.
    CopyRaw => "copy_raw_line",
    /// Copies the ID.
    CopyId => "copy_id",
    /// Copies what is known of the message.
    CopyMessage => "copy_message",
    /// Copies what is on the screen.
    CopyView => "copy_view",
    /// Copies the address in the AWS console.
    CopyLink => "copy_console_link",
    /// Copies the command that shows the same.
    CopyCommand => "copy_aws_command",
    /// Writes what was copied last into a file.
    CopyToFile => "copy_to_file",
    /// Another column to sort by.
    SortNext => "sort_next",
    /// The other way round.
    SortReverse => "sort_reverse",
    /// Type what to keep.
    Filter => "filter",
    /// Keep the selected value.
    FilterIn => "filter_in",
    /// Leave the selected value out.
    FilterOut => "filter_out",
    /// The filter before.
    UndoFilter => "undo_filter",
    /// The filter that was undone.
    RedoFilter => "redo_filter",
    /// Type what to look for.
    Search => "search",
    /// The next match of what is looked for.
    NextMatch => "next_match",
    /// The match before.
    PreviousMatch => "previous_match",
    /// Type a time to go to.
    JumpToTime => "jump",
    /// Type another range of time to read.
    Range => "range",
    /// Type a zone to show times in.
    ChooseZone => "zone",
    /// Marks what is selected with a letter.
    Mark => "mark",
    /// To what a letter marks.
    JumpToMark => "jump_to_mark",
    /// Every mark.
    ListMarks => "marks",
    /// What was said before.
    Notices => "notices",
    /// Begins a count.
    Count => "count",
    /// Back in the history.
    HistoryBack => "history_back",
    /// Forward in the history.
    HistoryForward => "history_forward",
    /// To the view that was in front before.
    LastView => "last_view",
    /// Another verdict to filter by.
    FilterVerdict => "filter_verdict",
    /// Another environment to filter by.
    FilterEnvironment => "filter_environment",
    /// Another last stage to filter by.
    FilterStage => "filter_stage",
    /// All messages again.
    ClearFilters => "clear_filters",
    /// The next message of the list.
    NextMessage => "next_message",
    /// The previous message of the list.
    PreviousMessage => "previous_message",
    /// Searches the log.
    LogSearch => "log_search",
    /// Keeps the lines with a text.
    LogKeep => "log_keep",
    /// Leaves out the lines with a text.
    LogDrop => "log_drop",
    /// The lines of one source only.
    LogSource => "log_source",
    /// More lines around a match.
    ContextMore => "context_more",
    /// Fewer lines around a match.
    ContextLess => "context_less",
    /// Long lines go on in the next row.
    ToggleWrap => "toggle_wrap",
    /// To the end of the log, and on with it.
    Follow => "follow",
    /// The log line as its origin has it, or readable.
    ToggleRaw => "toggle_raw",
    /// The mouse is the dashboard's, or the terminal's own.
    ToggleMouse => "mouse",
    /// Another time zone.
    ToggleZone => "toggle_zone",
    /// Masks what others must not see, or shows it again.
    Share => "share",
    /// The themes, to choose one.
    Theme => "theme",
    /// Cancels the load.
    StopLoad => "stop_load",
    /// The keys of this view.
    Help => "help",
    /// Every action of this view, to type and run.
    Palette => "palette",
    /// Paints the whole screen again.
    Redraw => "redraw",
    /// Back to the shell until `fg`.
    Suspend => "suspend",
    /// Yes to what was asked.
    Confirm => "confirm",
    /// Deletes the character to the left.
    DeleteBack => "delete_back",
    /// Deletes the word to the left.
    DeleteWord => "delete_word",
    /// Deletes what was typed.
    DeleteAll => "delete_all",
}
