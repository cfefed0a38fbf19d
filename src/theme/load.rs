//! From a name to a theme: the user's folder first, then what is always there; parents followed.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use ratatui::style::{Color, Style};

use super::Theme;
use super::ascii::Signs;
use super::bundled;
use super::depth::Depth;
use super::file::{self, Appearance, ThemeError, ThemeFile, Written};
use super::role::{Glyph, Role};

/// A theme may build on another so many times over.
const MAX_PARENTS: usize = 8;

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
}

/// Where the user keeps themes of their own: `themes` in the configuration folder of `lastseen`.
#[must_use]
pub fn user_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("lastseen").join("themes"))
}

/// The names of the user's own themes, in order.
#[must_use]
pub fn own_names(folder: Option<&Path>) -> Vec<String> {
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
    let mut names: Vec<String> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let name = name.strip_suffix(".toml")?;
            is_name(name).then(|| name.to_owned())
        })
        .collect();
    names.sort();
    names
}

/// A name is a name, never a way out of the folder.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', '.'])
}

fn find(name: &str, folder: Option<&Path>) -> Result<(String, String), ThemeError> {
    if let Some(path) = folder
        .filter(|_| is_name(name))
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
    let embedded = bundled::ALL.iter().find(|theme| theme.name == name);
    embedded
        .map(|theme| (format!("{name}.toml"), theme.text.to_owned()))
        .ok_or_else(|| {
            let own = own_names(folder);
            let mut known: Vec<&str> = bundled::names().collect();
            known.extend(own.iter().map(String::as_str));
            ThemeError {
                file: name.to_owned(),
                line: 0,
                message: file::unknown("theme", name, &known),
            }
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
            .map(|(g, _, default, _)| glyph(*g, default))
            .collect(),
        signs: Signs::default(),
        appearance: chain
            .iter()
            .find_map(|(_, theme)| theme.appearance)
            .unwrap_or(Appearance::Any),
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
