//! Roles to styles: what each meaning looks like, from an embedded file or one of the user's.
//!
//! Nothing outside this layer names a colour. A theme is complete when it is loaded: a missing role,
//! an unknown name or a bad colour is an error with file and line, never a silent default.

pub mod ascii;
pub mod bundled;
pub mod depth;
pub mod file;
pub mod load;
pub mod role;
pub mod sgr;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};

use self::ascii::Signs;
use self::depth::Depth;
use self::file::Appearance;
use self::role::{Glyph, Role};

/// A style for every role, a sign for every glyph.
#[derive(Clone, Debug)]
pub struct Theme {
    styles: Vec<Style>,
    glyphs: Vec<String>,
    signs: Signs,
    /// Which background it is made for.
    pub appearance: Appearance,
    /// How many colours it was made for.
    pub depth: Depth,
}

impl Theme {
    /// The same with other signs.
    #[must_use]
    pub fn with(mut self, signs: Signs) -> Self {
        self.signs = signs;
        self
    }

    /// What a role looks like.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The sign for a meaning.
    #[must_use]
    pub fn glyph(&self, glyph: Glyph) -> &str {
        match self.signs {
            Signs::Unicode => &self.glyphs[glyph as usize],
            Signs::Ascii => Glyph::ALL[glyph as usize].3,
        }
    }

    /// The last touch to a finished picture: no colour where there is to be none, ASCII where there is
    /// nothing else.
    pub fn finish(&self, picture: &mut Buffer) {
        if self.depth == Depth::Mono {
            for cell in &mut picture.content {
                cell.fg = Color::Reset;
                cell.bg = Color::Reset;
            }
        }
        if self.signs == Signs::Ascii {
            ascii::reduce(picture);
        }
    }
}
