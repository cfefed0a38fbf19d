//! How the dashboard shall look, as the configuration says it: theme, signs, what is masked.
//!
//! Which themes there are is not known here; a name is kept with its place, for who can check it.

use super::error::ConfigError;
use super::read::{Item, Table};
use super::rule;
use super::tree::{Document, Written};
use crate::domain::pattern::Pattern;

/// What the file says about looks.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The theme.
    pub theme: Option<Themes>,
    /// ASCII only, or the theme's own signs.
    pub ascii: Option<bool>,
    /// What is masked beside what always is.
    pub mask: Vec<Pattern>,
}

/// A theme for each background.
#[derive(Clone, Debug)]
pub struct Themes {
    /// On a dark one.
    pub dark: Named,
    /// On a light one.
    pub light: Named,
}

/// A name, and the error to complete where it names nothing.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub at: ConfigError,
}

const THEME: &str = "the name of a theme, or { dark = \"dusk\", light = \"paper\" }";
const GLYPHS: [&str; 2] = ["unicode", "ascii"];

/// Reads the keys that are about looks.
#[must_use]
pub fn read(root: &Table<'_>) -> Look {
    let ascii = root.get("glyphs").and_then(|item| {
        let help = format!("write {}", GLYPHS.map(|g| format!("{g:?}")).join(" or "));
        match item.text("a text")?.text.as_str() {
            "unicode" => Some(false),
            "ascii" => Some(true),
            other => {
                item.fail(format!("there are no glyphs {other:?}"), help);
                None
            }
        }
    });
    Look {
        theme: root.get("theme").and_then(|item| themes(&item)),
        ascii,
        mask: root
            .get("share")
            .map(|item| masks(&item))
            .unwrap_or_default(),
    }
}

fn masks(item: &Item<'_>) -> Vec<Pattern> {
    let Some(table) = item.table("a table: [share]") else {
        return Vec::new();
    };
    let written = table.get("mask").map(|item| item.texts("a pattern"));
    let patterns = written.unwrap_or_default();
    let patterns = patterns
        .iter()
        .filter_map(|written| rule::pattern(table.document(), written))
        .collect();
    table.finish();
    patterns
}

fn themes(item: &Item<'_>) -> Option<Themes> {
    if !item.is_table() {
        let one = named(item.document(), item.text(THEME)?);
        return Some(Themes {
            dark: one.clone(),
            light: one,
        });
    }
    let table = item.table(THEME)?;
    let each = |key, example| {
        let written = table.required(key, example)?;
        Some(named(table.document(), written))
    };
    let (dark, light) = (each("dark", "dusk"), each("light", "paper"));
    table.finish();
    Some(Themes {
        dark: dark?,
        light: light?,
    })
}

fn named(document: &Document, written: Written) -> Named {
    Named {
        at: document.error(written.offset, &written.key, ""),
        name: written.text,
    }
}
