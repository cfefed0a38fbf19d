//! What a colour means. A theme gives each meaning a style; nothing else names a colour.

/// A meaning on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Behind everything.
    Bg,
    /// Behind panels that lie over or beside the rest.
    Surface,
    /// Behind the selected row.
    Selection,
    /// Text.
    Fg,
    /// Text that may be overlooked.
    Muted,
    /// Lines.
    Border,
    /// Headings.
    Title,
    /// The view in front, the pane that has the keys.
    Accent,
    /// A key to press.
    Key,
    /// What a filter found.
    Match,
    /// A word about the last key.
    Notice,
    /// Where a message was last seen.
    LastSeen,
    /// The empty part of a bar.
    Bar,
    /// It came out; read completely.
    Completed,
    /// It did not come out.
    Lost,
    /// It cannot be told.
    Blind,
    /// It failed.
    Failed,
    /// It was put aside.
    DeadLettered,
    /// It is not over.
    Pending,
    /// It has no beginning.
    Unentered,
    /// A key of a JSON object.
    JsonKey,
    /// A JSON string.
    JsonString,
    /// A JSON number.
    JsonNumber,
    /// `true`, `false`, `null`.
    JsonLiteral,
    /// The first stage, and every sixth after it.
    Stage1,
    /// The second stage.
    Stage2,
    /// The third stage.
    Stage3,
    /// The fourth stage.
    Stage4,
    /// The fifth stage.
    Stage5,
    /// The sixth stage.
    Stage6,
}

impl Role {
    /// Every role with its name in a theme file; the index of each is its discriminant.
    pub const ALL: [(Self, &'static str); 30] = [
        (Self::Bg, "bg"),
        (Self::Surface, "surface"),
        (Self::Selection, "selection"),
        (Self::Fg, "fg"),
        (Self::Muted, "muted"),
        (Self::Border, "border"),
        (Self::Title, "title"),
        (Self::Accent, "accent"),
        (Self::Key, "key"),
        (Self::Match, "match"),
        (Self::Notice, "notice"),
        (Self::LastSeen, "lastseen"),
        (Self::Bar, "bar"),
        (Self::Completed, "state.completed"),
        (Self::Lost, "state.lost"),
        (Self::Blind, "state.blind"),
        (Self::Failed, "state.failed"),
        (Self::DeadLettered, "state.dead_lettered"),
        (Self::Pending, "state.pending"),
        (Self::Unentered, "state.unentered"),
        (Self::JsonKey, "json.key"),
        (Self::JsonString, "json.string"),
        (Self::JsonNumber, "json.number"),
        (Self::JsonLiteral, "json.literal"),
        (Self::Stage1, "stage.1"),
        (Self::Stage2, "stage.2"),
        (Self::Stage3, "stage.3"),
        (Self::Stage4, "stage.4"),
        (Self::Stage5, "stage.5"),
        (Self::Stage6, "stage.6"),
    ];

    /// Those of the verdicts.
    pub const STATES: [Self; 7] = [
        Self::Completed,
        Self::Lost,
        Self::Blind,
        Self::Failed,
        Self::DeadLettered,
        Self::Pending,
        Self::Unentered,
    ];

    /// Those of stages. More than six colours could not be told apart by everybody, so they repeat.
    pub const STAGES: [Self; 6] = [
        Self::Stage1,
        Self::Stage2,
        Self::Stage3,
        Self::Stage4,
        Self::Stage5,
        Self::Stage6,
    ];

    /// That of the stage at this place of a pipeline.
    #[must_use]
    pub const fn stage(index: usize) -> Self {
        Self::STAGES[index % Self::STAGES.len()]
    }

    /// Whether a bare colour for it means the background.
    #[must_use]
    pub const fn is_background(self) -> bool {
        matches!(self, Self::Bg | Self::Surface | Self::Selection)
    }

    /// The role with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|(role, _)| role)
    }
}

/// A sign for a meaning, one cell wide. Never the only sign: a word stands beside it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Glyph {
    /// It came out; read completely.
    Completed,
    /// It did not come out.
    Lost,
    /// It cannot be told.
    Blind,
    /// It failed; it could not be read.
    Failed,
    /// It was put aside.
    DeadLettered,
    /// It is not over; still being read.
    Pending,
    /// It has no beginning.
    Unentered,
    /// A stage.
    Stage,
    /// Where a message was last seen.
    LastSeen,
    /// A bar.
    Bar,
    /// The part of a bar that should be there.
    Track,
    /// A line across something missing, or a time that is not sure.
    Gap,
    /// Heights of a chart, the least first.
    Level1,
    /// Two eighths.
    Level2,
    /// Three eighths.
    Level3,
    /// Four eighths.
    Level4,
    /// Five eighths.
    Level5,
    /// Six eighths.
    Level6,
    /// Seven eighths.
    Level7,
    /// The whole height.
    Level8,
    /// When something began.
    Onset,
    /// When it ended.
    End,
    /// A process started.
    Start,
}

impl Glyph {
    /// Every glyph with its name in a theme file, its sign, and its sign where there is only ASCII.
    pub const ALL: [(Self, &'static str, &'static str, &'static str); 23] = [
        (Self::Completed, "completed", "✓", "+"),
        (Self::Lost, "lost", "∅", "!"),
        (Self::Blind, "blind", "◌", "?"),
        (Self::Failed, "failed", "✗", "x"),
        (Self::DeadLettered, "dead_lettered", "▼", "v"),
        (Self::Pending, "pending", "…", "~"),
        (Self::Unentered, "unentered", "◇", "^"),
        (Self::Stage, "stage", "●", "o"),
        (Self::LastSeen, "lastseen", "◆", "*"),
        (Self::Bar, "bar", "━", "="),
        (Self::Track, "track", "╌", "."),
        (Self::Gap, "gap", "╌", "-"),
        (Self::Level1, "level1", "▁", "."),
        (Self::Level2, "level2", "▂", "."),
        (Self::Level3, "level3", "▃", ":"),
        (Self::Level4, "level4", "▄", ":"),
        (Self::Level5, "level5", "▅", "i"),
        (Self::Level6, "level6", "▆", "i"),
        (Self::Level7, "level7", "▇", "#"),
        (Self::Level8, "level8", "█", "#"),
        (Self::Onset, "onset", "▲", "^"),
        (Self::End, "end", "△", "|"),
        (Self::Start, "start", "↺", ">"),
    ];

    /// The glyph with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, known, _, _)| *known == name)
            .map(|(glyph, ..)| glyph)
    }
}
