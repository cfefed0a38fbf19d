//! Which theme it is: what was asked for, how many colours there are, and the terminal's background.
//!
//! The terminal is asked for its background once, before anybody reads keys, and only where the answer
//! decides something. One that is silent lets us wait a moment and is taken for dark.

use std::path::PathBuf;
use std::time::Duration;

use terminal_colorsaurus::{Error, QueryOptions, background_color};

use super::keys::Late;
use crate::app::themes::{Named, Themes};
use crate::theme::Theme;
use crate::theme::ascii::Signs;
use crate::theme::bundled::{self, Pair};
use crate::theme::depth::Depth;
use crate::theme::file::{Appearance, ThemeError};
use crate::theme::load;

/// So long the terminal may take to say what its background is.
const PATIENCE: Duration = Duration::from_millis(250);

/// How the dashboard shall look.
#[derive(Clone, Debug)]
pub struct Look {
    /// The themes asked for; nothing: the usual ones.
    pub themes: Option<Pair>,
    /// By a flag, which beats what the last session kept.
    pub by_flag: bool,
    /// How many colours there are.
    pub depth: Depth,
    /// Which signs there are.
    pub signs: Signs,
    /// What COLORFGBG says, for terminals that do not answer.
    pub background: String,
    /// The folder of the user's own themes.
    pub folder: Option<PathBuf>,
}

/// Every theme there is, and the one to begin with.
#[derive(Debug)]
pub struct Wardrobe {
    look: Look,
    first: String,
    light: bool,
}

impl Wardrobe {
    /// Chooses the theme to begin with. What the terminal says too late is left to the last part.
    ///
    /// # Errors
    /// When that theme cannot be loaded.
    pub fn open(look: &Look) -> Result<(Self, Theme, Late), ThemeError> {
        let mut wardrobe = Self {
            look: look.clone(),
            first: String::new(),
            light: false,
        };
        let mut late = Late::default();
        let usual = Pair::usual();
        let pair = look.themes.as_ref().unwrap_or(&usual);
        let own = look.themes.is_none() && look.depth == Depth::Ansi16;
        let fixed = (pair.dark == pair.light).then_some(pair.dark.as_str());
        let fixed = if own { Some("ansi") } else { fixed };
        if look.depth != Depth::Mono && fixed.is_none() {
            let (light, owed) = asked();
            late = Late::new(owed);
            wardrobe.light = light.or_else(|| said(&look.background)).unwrap_or(false);
        }
        let name = match look.depth {
            Depth::Mono => "mono",
            _ => fixed.unwrap_or_else(|| pair.on(wardrobe.light)),
        };
        let theme = wardrobe.theme(name)?;
        wardrobe.light = match theme.appearance {
            Appearance::Dark => false,
            Appearance::Light => true,
            Appearance::Any => said(&look.background).unwrap_or(wardrobe.light),
        };
        name.clone_into(&mut wardrobe.first);
        Ok((wardrobe, theme, late))
    }

    /// The theme that the last session kept, if it still can be had and nothing else was asked for.
    #[must_use]
    pub fn kept(&self, name: Option<&str>) -> Option<Theme> {
        let free = !self.look.by_flag && self.look.depth != Depth::Mono;
        self.theme(name.filter(|_| free)?).ok()
    }

    /// Loads a theme.
    ///
    /// # Errors
    /// When there is none of this name, or it is wrong.
    pub fn theme(&self, name: &str) -> Result<Theme, ThemeError> {
        let theme = Theme::load(name, self.look.folder.as_deref(), self.look.depth)?;
        Ok(theme.with(self.look.signs))
    }

    /// What can be chosen from.
    #[must_use]
    pub fn themes(&self) -> Themes {
        let mut names: Vec<Named> = Vec::new();
        if self.look.depth != Depth::Mono {
            let own = load::own_names(self.look.folder.as_deref());
            let note = |name: String| Named {
                name,
                note: "your own".into(),
            };
            names.extend(own.into_iter().map(note));
            for theme in bundled::ALL {
                if names.iter().all(|own| own.name != theme.name) {
                    names.push(Named {
                        name: theme.name.into(),
                        note: theme.note.into(),
                    });
                }
            }
        }
        Themes {
            names,
            current: self.first.clone(),
            chosen: false,
            projector: Pair::projector().on(self.light).to_owned(),
        }
    }
}

/// Whether the terminal says that its background is light, and whether its answer may still come.
fn asked() -> (Option<bool>, bool) {
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match background_color(options) {
        Ok(background) => (Some(background.perceived_lightness() > 0.5), false),
        Err(Error::Timeout(_)) => (None, true),
        Err(_) => (None, false),
    }
}

/// What COLORFGBG says: `15;0` or `15;default;0`, of which the last is the background.
fn said(variable: &str) -> Option<bool> {
    let background: u8 = variable.rsplit(';').next()?.parse().ok()?;
    Some(matches!(background, 7 | 9..=15))
}
