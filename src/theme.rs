//! Roles to styles: what each meaning looks like, from an embedded file or one of the user's.
//!
//! Nothing outside this layer names a colour. A theme is complete when it is loaded: a missing role,
//! an unknown name or a bad colour is an error with file and line, never a silent default.

pub mod depth;
pub mod file;
pub mod role;

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};

use self::depth::Depth;
use self::file::{ThemeError, ThemeFile, Written};
use self::role::{Glyph, Role};

/// The themes that are always there.
const EMBEDDED: [(&str, &str); 3] = [
    ("dusk", include_str!("../themes/dusk.toml")),
    ("paper", include_str!("../themes/paper.toml")),
    ("mono", include_str!("../themes/mono.toml")),
];

/// Used where nothing is asked for.
pub const DEFAULT: &str = "dusk";

/// A theme may build on another so many times over.
const MAX_PARENTS: usize = 8;

/// A style for every role, a sign for every glyph.
#[derive(Clone, Debug)]
pub struct Theme {
    styles: Vec<Style>,
    glyphs: Vec<String>,
    /// How many colours it was made for.
    pub depth: Depth,
}

impl Theme {
    /// Loads a theme by name: from `folder` first, else the embedded one.
    ///
    /// Without colour it is always `mono`, whatever was asked for.
    ///
    /// # Errors
    /// When there is no such theme, or its file is wrong.
    pub fn load(name: &str, folder: Option<&Path>, depth: Depth) -> Result<Self, ThemeError> {
        let name = if depth == Depth::Mono { "mono" } else { name };
        let folder = folder.filter(|_| depth != Depth::Mono);
        let mut chain = Vec::new();
        let mut next = Some(name.to_owned());
        while let Some(name) = next.take() {
            let (file, text) = find(&name, folder)?;
            if chain.len() > MAX_PARENTS {
                let message = "the chain of `inherits` does not end".into();
                return Err(ThemeError {
                    file,
                    line: 0,
                    message,
                });
            }
            let theme = file::parse(&file, &text)?;
            next.clone_from(&theme.inherits);
            chain.push((file, theme));
        }
        resolve(&chain, depth)
    }

    /// What a role looks like.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// Takes the last colours out of a finished picture where there are to be none.
    pub fn finish(&self, picture: &mut Buffer) {
        if self.depth == Depth::Mono {
            for cell in &mut picture.content {
                cell.fg = Color::Reset;
                cell.bg = Color::Reset;
            }
        }
    }

    /// The sign for a meaning.
    #[must_use]
    pub fn glyph(&self, glyph: Glyph) -> &str {
        &self.glyphs[glyph as usize]
    }
}

/// The names of the embedded themes.
pub fn names() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().map(|(name, _)| *name)
}

/// Where the user keeps themes of their own: `themes` in the configuration folder of `lastseen`.
#[must_use]
pub fn user_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("lastseen").join("themes"))
}

fn find(name: &str, folder: Option<&Path>) -> Result<(String, String), ThemeError> {
    // A name is a name, never a way out of the folder.
    let plain = !name.contains(['/', '\\', '.']);
    if let Some(path) = folder
        .filter(|_| plain)
        .map(|f| f.join(format!("{name}.toml")))
        && path.is_file()
    {
        let file = path.display().to_string();
        return match std::fs::read_to_string(&path) {
            Ok(text) => Ok((file, text)),
            Err(error) => Err(ThemeError {
                file,
                line: 0,
                message: format!("cannot be read: {error}"),
            }),
        };
    }
    let embedded = EMBEDDED.iter().find(|(known, _)| *known == name);
    embedded
        .map(|(name, text)| (format!("{name}.toml"), (*text).to_owned()))
        .ok_or_else(|| ThemeError {
            file: name.to_owned(),
            line: 0,
            message: file::unknown("theme", name, &names().collect::<Vec<_>>()),
        })
}

/// Puts a theme together; the first of the chain is the most particular.
fn resolve(chain: &[(String, ThemeFile)], depth: Depth) -> Result<Theme, ThemeError> {
    let mut styles = Vec::with_capacity(Role::ALL.len());
    for (role, name) in Role::ALL {
        let found = chain.iter().find_map(|(file, theme)| {
            let written = theme.roles.iter().rfind(|(r, _)| *r == role)?;
            Some((file, &written.1))
        });
        let Some((file, written)) = found else {
            return Err(ThemeError {
                file: chain[0].0.clone(),
                line: 0,
                message: format!(
                    "gives no style for the role `{name}`; add it, or `inherits = \"dusk\"`"
                ),
            });
        };
        styles.push(style(chain, file, written, depth)?);
    }
    let glyph = |wanted: Glyph, default: &str| {
        let mut own = chain.iter().flat_map(|(_, theme)| &theme.glyphs);
        own.find(|(glyph, _)| *glyph == wanted)
            .map_or_else(|| default.to_owned(), |(_, sign)| sign.clone())
    };
    Ok(Theme {
        styles,
        glyphs: Glyph::ALL
            .iter()
            .map(|(g, _, default)| glyph(*g, default))
            .collect(),
        depth,
    })
}

fn style(
    chain: &[(String, ThemeFile)],
    file: &str,
    written: &Written,
    depth: Depth,
) -> Result<Style, ThemeError> {
    let color = |text: &str| -> Result<Color, ThemeError> {
        let mut palettes = chain.iter().flat_map(|(_, theme)| &theme.palette);
        let named = palettes.find(|(name, _)| name == text).map(|(_, c)| *c);
        let color = named.or_else(|| file::color(text)).ok_or_else(|| {
            let known: Vec<_> = chain
                .iter()
                .flat_map(|(_, theme)| &theme.palette)
                .map(|(name, _)| name.as_str())
                .collect();
            ThemeError {
                file: file.to_owned(),
                line: written.line,
                message: file::unknown("colour", text, &known),
            }
        })?;
        Ok(depth.nearest(color))
    };
    let mut style = Style::new().add_modifier(written.modifiers);
    if let Some(fg) = &written.fg {
        style = style.fg(color(fg)?);
    }
    if let Some(bg) = &written.bg {
        style = style.bg(color(bg)?);
    }
    Ok(style)
}
