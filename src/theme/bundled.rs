//! The themes that are always there, and which of them belong together.

/// A theme and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Bundled {
    /// Its name.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
    /// What it is for, in a few words.
    pub note: &'static str,
}

macro_rules! bundled {
    ($($name:literal: $note:literal,)*) => {
        /// Every theme that is always there, the defaults first.
        pub const ALL: &[Bundled] = &[$(Bundled {
            name: $name,
            text: include_str!(concat!("../../themes/", $name, ".toml")),
            note: $note,
        }),*];
    };
}

bundled! {
    "dusk": "dark, the default",
    "paper": "light, the default",
    "beacon": "light, for a projector",
    "beacon-dark": "dark, for a projector",
    "ito": "dark, for every colour vision",
    "ito-light": "light, for every colour vision",
    "ansi": "the terminal's own sixteen colours",
    "mono": "no colour",
    "catppuccin": "dark (Mocha)",
    "catppuccin-latte": "light",
    "gruvbox": "dark",
    "gruvbox-light": "light",
    "solarized": "dark",
    "solarized-light": "light",
}

/// Two themes of which the terminal's background chooses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    /// On a dark background, and where it is not known.
    pub dark: String,
    /// On a light background.
    pub light: String,
}

impl Pair {
    /// Where nothing is asked for.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            dark: "dusk".into(),
            light: "paper".into(),
        }
    }

    /// For a screen that many look at.
    #[must_use]
    pub fn projector() -> Self {
        Self {
            dark: "beacon-dark".into(),
            light: "beacon".into(),
        }
    }

    /// The one for this background.
    #[must_use]
    pub fn on(&self, light: bool) -> &str {
        if light { &self.light } else { &self.dark }
    }
}

/// The names of these themes.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|theme| theme.name)
}
