//! A reader of tables that misses nothing.
//!
//! Whoever reads a table asks for each key it knows; whatever was not asked for is reported with
//! the nearest right name.

use std::cell::RefCell;

use super::error::suggest;
use super::tree::{Document, Entry, Node, Value, Written};

/// One value to be read, with its full key.
#[derive(Clone)]
pub struct Item<'a> {
    document: &'a Document,
    /// Its key in full.
    pub key: String,
    node: &'a Node,
}

impl<'a> Item<'a> {
    /// The root of a document.
    #[must_use]
    pub const fn root(document: &'a Document, node: &'a Node) -> Self {
        let key = String::new();
        Self {
            document,
            key,
            node,
        }
    }

    /// The document it stands in.
    #[must_use]
    pub const fn document(&self) -> &'a Document {
        self.document
    }

    /// Where it begins.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.node.offset
    }

    /// Reports an error here.
    pub fn fail(&self, message: impl Into<String>, help: impl Into<String>) {
        let error = self.document.error(self.node.offset, &self.key, message);
        self.document.report(error.help(help));
    }

    fn expected(&self, what: &str) {
        let found = self.node.found();
        let message = format!("found {found}, expected {what}");
        let error = self.document.error(self.node.offset, &self.key, message);
        self.document.report(error);
    }

    /// A text; anything else is reported as not `what`.
    #[must_use]
    pub fn text(&self, what: &str) -> Option<Written> {
        if let Value::Text(text) = &self.node.value {
            return Some(Written {
                text: text.clone(),
                offset: self.node.offset,
                key: self.key.clone(),
            });
        }
        self.expected(what);
        None
    }

    /// A text, number or truth value as text.
    #[must_use]
    pub fn scalar(&self) -> Option<String> {
        match &self.node.value {
            Value::Text(text) | Value::Integer(text) | Value::Float(text) => Some(text.clone()),
            Value::Bool(b) => Some(b.to_string()),
            _ => {
                self.expected("a text, a number, true or false");
                None
            }
        }
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        let value = self.as_boolean();
        if value.is_none() {
            self.expected("true or false");
        }
        value
    }

    /// `true` or `false`, without a word if it is something else.
    #[must_use]
    pub const fn as_boolean(&self) -> Option<bool> {
        match self.node.value {
            Value::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// Whether it is a plain number.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(self.node.value, Value::Integer(_) | Value::Float(_))
    }

    /// Whether it is a table.
    #[must_use]
    pub const fn is_table(&self) -> bool {
        matches!(self.node.value, Value::Table(_))
    }

    /// A whole number within bounds.
    #[must_use]
    pub fn integer(&self, low: i64, high: i64) -> Option<i64> {
        if let Value::Integer(text) = &self.node.value
            && let Ok(number) = text.replace('_', "").parse::<i64>()
            && (low..=high).contains(&number)
        {
            return Some(number);
        }
        self.expected(&format!("a whole number from {low} to {high}"));
        None
    }

    /// The parts of a list, or the one value that stands in its place.
    #[must_use]
    pub fn items(&self) -> Vec<Self> {
        match &self.node.value {
            Value::List(list) => list
                .iter()
                .enumerate()
                .map(|(index, node)| Self {
                    document: self.document,
                    key: format!("{}[{}]", self.key, index + 1),
                    node,
                })
                .collect(),
            _ => vec![self.clone()],
        }
    }

    /// A list of texts, or one text.
    #[must_use]
    pub fn texts(&self, what: &str) -> Vec<Written> {
        let items = self.items();
        items.iter().filter_map(|item| item.text(what)).collect()
    }

    /// A list of tables: `[[key]]`.
    #[must_use]
    pub fn tables(&self) -> Vec<Table<'a>> {
        if self.is_table() {
            self.fail(
                "found one table, expected a list of tables",
                format!(
                    "write [[{}]] with two brackets on each side",
                    self.plain_key()
                ),
            );
            return Vec::new();
        }
        let items = self.items();
        items.iter().filter_map(|i| i.table("a table")).collect()
    }

    fn plain_key(&self) -> String {
        self.key.split('[').next().unwrap_or_default().to_owned()
    }

    /// A table; anything else is reported as not `what`.
    #[must_use]
    pub fn table(&self, what: &str) -> Option<Table<'a>> {
        if let Value::Table(entries) = &self.node.value {
            return Some(Table {
                item: self.clone(),
                entries,
                asked: RefCell::default(),
            });
        }
        self.expected(what);
        None
    }
}

/// A table of which every key must be asked for.
pub struct Table<'a> {
    /// The table as a value.
    pub item: Item<'a>,
    entries: &'a [Entry],
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    /// The document it stands in.
    #[must_use]
    pub const fn document(&self) -> &'a Document {
        self.item.document
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &'static str) -> Option<Item<'a>> {
        self.asked.borrow_mut().push(key);
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(self.item_of(entry))
    }

    /// Every key with its value, in the order of the file: for tables whose keys are names.
    #[must_use]
    pub fn named(&self) -> Vec<(String, Item<'a>)> {
        self.entries
            .iter()
            .map(|entry| (entry.key.clone(), self.item_of(entry)))
            .collect()
    }

    fn item_of(&self, entry: &'a Entry) -> Item<'a> {
        Item {
            document: self.item.document,
            key: self.full_key(&entry.key),
            node: &entry.node,
        }
    }

    fn full_key(&self, key: &str) -> String {
        if self.item.key.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.item.key)
        }
    }

    /// A text that must be there and must not be empty.
    #[must_use]
    pub fn required(&self, key: &'static str, example: &str) -> Option<Written> {
        let Some(item) = self.get(key) else {
            let message = format!("`{key}` is missing");
            self.item
                .fail(message, format!("add `{key} = \"{example}\"`"));
            return None;
        };
        let written = item.text("a text")?;
        if written.text.trim().is_empty() {
            item.fail("is empty", format!("for example `{key} = \"{example}\"`"));
            return None;
        }
        Some(written)
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for entry in self.entries {
            if !asked.contains(&entry.key.as_str()) {
                let message = format!("unknown key `{}`", entry.key);
                let key = self.full_key(&entry.key);
                let error = self.document().error(entry.offset, &key, message);
                let help = suggest(&entry.key, &asked);
                self.document().report(error.help(help));
            }
        }
    }
}
