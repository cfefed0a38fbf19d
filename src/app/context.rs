//! Where a key is pressed: the views, and what lies over them.

/// Where a key is pressed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Context {
    /// The board.
    Board,
    /// The list of messages.
    Messages,
    /// One message.
    Lifecycle,
    /// The log.
    Logs,
    /// The sources.
    Sources,
    /// The hunt.
    Hunt,
    /// The incident's timeline.
    Timeline,
    /// What a finding rests on.
    Evidence,
    /// Two sides, edge by edge.
    Compare,
    /// What was learnt without a configuration.
    Learnt,
    /// The help is open.
    Help,
    /// The palette is open.
    Palette,
    /// A line is being typed.
    Typing,
    /// A note is being typed.
    Note,
    /// What can be copied is shown.
    Copying,
    /// What to compare is being typed.
    Sides,
    /// The marks are listed.
    Marks,
    /// What was said is listed.
    Notices,
    /// A question is open.
    Question,
    /// The list of themes is open.
    Themes,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 20] = [
        Self::Board,
        Self::Messages,
        Self::Lifecycle,
        Self::Logs,
        Self::Sources,
        Self::Hunt,
        Self::Evidence,
        Self::Compare,
        Self::Learnt,
        Self::Timeline,
        Self::Help,
        Self::Palette,
        Self::Typing,
        Self::Marks,
        Self::Notices,
        Self::Sides,
        Self::Note,
        Self::Copying,
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
            Self::Logs => "logs",
            Self::Sources => "sources",
            Self::Hunt => "hunt",
            Self::Evidence => "evidence",
            Self::Compare => "compare",
            Self::Learnt => "learnt",
            Self::Timeline => "timeline",
            Self::Help => "help",
            Self::Palette => "palette",
            Self::Typing => "typing",
            Self::Marks => "marks",
            Self::Notices => "notices",
            Self::Sides => "sides",
            Self::Note => "note",
            Self::Copying => "copy",
            Self::Question => "question",
            Self::Themes => "themes",
        }
    }
}
