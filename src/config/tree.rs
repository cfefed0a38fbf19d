//! The file as a tree of values that remember where they stand, and what was found wrong with it.
//!
//! Knows TOML, but not what any key means.

use std::cell::RefCell;

use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Place};

/// A value and where it begins.
#[derive(Clone, Debug)]
pub struct Node {
    /// Byte offset in the file.
    pub offset: usize,
    /// What it is.
    pub value: Value,
}

/// What a value can be.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, in decimal digits.
    Integer(String),
    /// Another number.
    Float(String),
    /// A date or a time.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<Entry>),
}

/// One key of a table.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Byte offset of the key.
    pub offset: usize,
    /// Its value.
    pub node: Node,
}

/// A file's name and text, and what was found wrong with it so far.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: String,
    errors: RefCell<Vec<ConfigError>>,
    warnings: RefCell<Vec<ConfigError>>,
}

impl Document {
    /// Parses `text`; where it is not TOML, only the errors are left.
    #[must_use]
    pub fn parse(name: &str, text: &str) -> (Self, Option<Node>) {
        let document = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            errors: RefCell::default(),
            warnings: RefCell::default(),
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let root = Node {
                offset: 0,
                value: table_of(table.get_ref()),
            };
            return (document, Some(root));
        }
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            let message = error.message().replace('\n', "; ");
            document.report(document.error(offset, "", format!("not valid TOML: {message}")));
        }
        (document, None)
    }

    /// Its name and its text.
    #[must_use]
    pub fn text(&self) -> (&str, &str) {
        (&self.name, &self.text)
    }

    /// An error at this byte offset, not yet reported.
    #[must_use]
    pub fn error(&self, offset: usize, key: &str, message: impl Into<String>) -> ConfigError {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        ConfigError {
            place: Some(Place {
                file: self.name.clone(),
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
            }),
            ..ConfigError::of_flag(key, message)
        }
    }

    /// Adds an error.
    pub fn report(&self, error: ConfigError) {
        self.errors.borrow_mut().push(error);
    }

    /// Adds something that is allowed but probably not meant.
    pub fn warn(&self, warning: ConfigError) {
        self.warnings.borrow_mut().push(warning);
    }

    /// What was reported so far: errors and warnings.
    #[must_use]
    pub fn reported(&self) -> (Vec<ConfigError>, Vec<ConfigError>) {
        (self.errors.borrow().clone(), self.warnings.borrow().clone())
    }
}

fn node_of(value: &toml::Spanned<DeValue<'_>>) -> Node {
    Node {
        offset: value.span().start,
        value: match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(b) => Value::Bool(*b),
            DeValue::Integer(number) => Value::Integer(number.to_string()),
            DeValue::Float(number) => Value::Float(number.to_string()),
            DeValue::Datetime(time) => Value::Date(time.to_string()),
            DeValue::Array(list) => Value::List(list.iter().map(node_of).collect()),
            DeValue::Table(table) => table_of(table),
        },
    }
}

fn table_of(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            offset: key.span().start,
            node: node_of(value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.offset);
    Value::Table(entries)
}

impl Node {
    /// For an error: what stands here.
    #[must_use]
    pub fn found(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("the text {text:?}"),
            Value::Bool(b) => format!("`{b}`"),
            Value::Integer(number) | Value::Float(number) => format!("the number {number}"),
            Value::Date(text) => format!("the date {text}"),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
        }
    }
}

/// A text and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Byte offset in the file.
    pub offset: usize,
    /// Its key in full.
    pub key: String,
}
