//! A theme file as written: palette, roles, glyphs. Errors name the file, the line and the key.

use std::fmt;

use ratatui::style::{Color, Modifier};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use unicode_width::UnicodeWidthStr;

use super::role::{Glyph, Role};

/// What is wrong with a theme.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ThemeError {
    /// The file, or the name of a theme that is not there.
    pub file: String,
    /// The line, from 1; 0 where it is about the whole file.
    pub line: usize,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for ThemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "theme {}: {}", self.file, self.message),
            line => write!(f, "theme {}:{line}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for ThemeError {}

/// A style as written: `"sky"`, `"#7ab7ff"`, `"ansi:4"`, `"reset"`, or a table of fg, bg, mod.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Written {
    /// A colour of the text.
    pub fg: Option<String>,
    /// A colour behind it.
    pub bg: Option<String>,
    /// Bold, underlined …
    pub modifiers: Modifier,
    /// Where it stands.
    pub line: usize,
}

/// Which background a theme is made for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Appearance {
    /// A dark one.
    Dark,
    /// A light one.
    Light,
    /// It takes what the terminal has.
    Any,
}

/// A theme file as written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ThemeFile {
    /// What it is made for.
    pub appearance: Option<Appearance>,
    /// The theme it builds on.
    pub inherits: Option<String>,
    /// Named colours.
    pub palette: Vec<(String, Color)>,
    /// Styles by role.
    pub roles: Vec<(Role, Written)>,
    /// Signs by name.
    pub glyphs: Vec<(Glyph, String)>,
}

const KEYS: [&str; 5] = ["appearance", "inherits", "palette", "roles", "glyphs"];
const APPEARANCES: [(&str, Appearance); 3] = [
    ("dark", Appearance::Dark),
    ("light", Appearance::Light),
    ("any", Appearance::Any),
];
const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
    ("crossed_out", Modifier::CROSSED_OUT),
];

type Result<T> = std::result::Result<T, ThemeError>;
type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

/// Reads a theme file.
///
/// # Errors
/// When it is not TOML, or a key, a colour or a name in it is not known.
pub fn parse(file: &str, text: &str) -> Result<ThemeFile> {
    let reader = Reader { file, text };
    let table = DeTable::parse(text).map_err(|error| ThemeError {
        file: file.into(),
        line: error.span().map_or(0, |span| reader.line(span.start)),
        message: error.message().to_owned(),
    })?;
    let mut theme = ThemeFile::default();
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "appearance" => theme.appearance = Some(reader.appearance(value)?),
            "inherits" => theme.inherits = Some(reader.text_of("inherits", value)?.to_owned()),
            "palette" => reader.palette(&mut theme, value)?,
            "roles" => reader.roles(&mut theme, "", value)?,
            "glyphs" => reader.glyphs(&mut theme, value)?,
            other => {
                return Err(reader.unknown(key.span().start, "key", other, &KEYS));
            }
        }
    }
    Ok(theme)
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|b| **b == b'\n').count() + 1
    }

    fn error(&self, at: usize, message: String) -> ThemeError {
        ThemeError {
            file: self.file.into(),
            line: self.line(at),
            message,
        }
    }

    fn unknown(&self, at: usize, what: &str, found: &str, known: &[&str]) -> ThemeError {
        self.error(at, unknown(what, found, known))
    }

    fn text_of<'v>(&self, key: &str, value: &'v Value<'_>) -> Result<&'v str> {
        value.get_ref().as_str().ok_or_else(|| {
            let found = value.get_ref().type_str();
            self.error(
                value.span().start,
                format!(
                    "`{key}` is {}; a text in quotes is expected",
                    article(found)
                ),
            )
        })
    }

    fn table_of<'v, 'd>(&self, key: &str, value: &'v Value<'d>) -> Result<&'v DeTable<'d>> {
        value.get_ref().as_table().ok_or_else(|| {
            let found = value.get_ref().type_str();
            self.error(
                value.span().start,
                format!("`{key}` is {}; a table is expected", article(found)),
            )
        })
    }

    fn appearance(&self, value: &Value<'_>) -> Result<Appearance> {
        let found = self.text_of("appearance", value)?;
        let known = APPEARANCES.iter().find(|(name, _)| *name == found);
        let (_, appearance) = known.ok_or_else(|| {
            let names = APPEARANCES.map(|(name, _)| name);
            self.unknown(value.span().start, "appearance", found, &names)
        })?;
        Ok(*appearance)
    }

    fn palette(&self, theme: &mut ThemeFile, value: &Value<'_>) -> Result<()> {
        for (name, value) in self.table_of("palette", value)? {
            let name = name.get_ref().as_ref();
            let text = self.text_of(name, value)?;
            let color = color(text).ok_or_else(|| {
                self.error(value.span().start, format!("`{name}` is \"{text}\"; a colour is written \"#rrggbb\", \"ansi:0\" to \"ansi:255\", or \"reset\""))
            })?;
            theme.palette.push((name.to_owned(), color));
        }
        Ok(())
    }

    fn roles(&self, theme: &mut ThemeFile, prefix: &str, value: &Value<'_>) -> Result<()> {
        for (key, value) in self.table_of("roles", value)? {
            let name = format!("{prefix}{}", key.get_ref());
            let nested = Role::ALL
                .iter()
                .any(|(_, known)| known.starts_with(&format!("{name}.")));
            if nested {
                self.roles(theme, &format!("{name}."), value)?;
                continue;
            }
            let role = Role::from_name(&name).ok_or_else(|| {
                let known = Role::ALL.map(|(_, name)| name);
                self.unknown(key.span().start, "role", &name, &known)
            })?;
            let written = self.written(role, &name, value)?;
            theme.roles.push((role, written));
        }
        Ok(())
    }

    fn written(&self, role: Role, name: &str, value: &Value<'_>) -> Result<Written> {
        let mut written = Written {
            line: self.line(value.span().start),
            ..Written::default()
        };
        if let Some(text) = value.get_ref().as_str() {
            if role.is_background() {
                written.bg = Some(text.to_owned());
            } else {
                written.fg = Some(text.to_owned());
            }
            return Ok(written);
        }
        let table = value.get_ref().as_table().ok_or_else(|| {
            let found = article(value.get_ref().type_str());
            let message = format!(
                "`{name}` is {found}; a colour in quotes, or a table of fg, bg and mod, is expected"
            );
            self.error(value.span().start, message)
        })?;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "fg" => written.fg = Some(self.text_of("fg", value)?.to_owned()),
                "bg" => written.bg = Some(self.text_of("bg", value)?.to_owned()),
                "mod" => written.modifiers = self.modifiers(value)?,
                other => {
                    let known = ["fg", "bg", "mod"];
                    return Err(self.unknown(key.span().start, "key", other, &known));
                }
            }
        }
        Ok(written)
    }

    fn modifiers(&self, value: &Value<'_>) -> Result<Modifier> {
        let Some(list) = value.get_ref().as_array() else {
            return Err(self.error(
                value.span().start,
                "`mod` is a list, such as [\"bold\"]".into(),
            ));
        };
        let mut all = Modifier::empty();
        for item in list {
            let found = self.text_of("mod", item)?;
            let known = MODIFIERS.iter().find(|(name, _)| *name == found);
            let (_, modifier) = known.ok_or_else(|| {
                let names = MODIFIERS.map(|(name, _)| name);
                self.unknown(item.span().start, "modifier", found, &names)
            })?;
            all |= *modifier;
        }
        Ok(all)
    }

    fn glyphs(&self, theme: &mut ThemeFile, value: &Value<'_>) -> Result<()> {
        for (key, value) in self.table_of("glyphs", value)? {
            let name = key.get_ref().as_ref();
            let glyph = Glyph::from_name(name).ok_or_else(|| {
                let known = Glyph::ALL.map(|(_, name, ..)| name);
                self.unknown(key.span().start, "glyph", name, &known)
            })?;
            let sign = self.text_of(name, value)?;
            if sign.width() != 1 || !sign.chars().all(crate::domain::safe::is_safe) {
                return Err(self.error(
                    value.span().start,
                    format!("the glyph `{name}` must be one visible character, one cell wide"),
                ));
            }
            theme.glyphs.push((glyph, sign.to_owned()));
        }
        Ok(())
    }
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// A colour that needs no palette: `#rrggbb`, `ansi:N`, `reset`.
#[must_use]
pub fn color(text: &str) -> Option<Color> {
    if text == "reset" {
        return Some(Color::Reset);
    }
    if let Some(index) = text.strip_prefix("ansi:") {
        return index.parse().ok().map(Color::Indexed);
    }
    let hex = text.strip_prefix('#')?;
    if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(hex, 16).ok()?;
    let [_, r, g, b] = value.to_be_bytes();
    Some(Color::Rgb(r, g, b))
}

/// "unknown X `y`; did you mean `z`?", or the names there are.
#[must_use]
pub fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(found, name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3);
    match nearest {
        Some((_, name)) => format!("unknown {what} `{found}`; did you mean `{name}`?"),
        None => format!("unknown {what} `{found}`; known are {}", known.join(", ")),
    }
}
