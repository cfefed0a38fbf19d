//! One log line as fields, and the same fields written in another form: nested JSON, flat JSON, pairs,
//! or a line of text.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// How the lines of a service look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// As it was.
    Same,
    Flat,
    Nested,
    Pairs,
    /// `2026-03-14T01:02:03.456Z INFO name - what happened key=value`
    Text,
    /// The same with `key: value, key: value`.
    Spoken,
}

impl Form {
    pub(crate) const ALL: [Self; 6] = [
        Self::Same,
        Self::Flat,
        Self::Nested,
        Self::Pairs,
        Self::Text,
        Self::Spoken,
    ];
}

/// The fields of a line, each by its path.
#[derive(Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(Vec<String>, Value)>);

/// Names of fields that say what happens, the plainest first.
const SAYING: [&str; 6] = ["event", "msg", "message", "status", "type", "state"];
const TIMES: [&str; 5] = ["ts", "t", "time", "timestamp", "@timestamp"];
const LEVELS: [&str; 3] = ["level", "lvl", "severity"];

impl Fields {
    /// The fields of a JSON object or of a line of pairs; `None` where it is neither.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut fields = Self::default();
        if let Ok(Value::Object(object)) = serde_json::from_str(text) {
            fields.walk(&[], &object);
            return Some(fields);
        }
        fields.pairs(text).then_some(fields)
    }

    fn walk(&mut self, path: &[String], object: &Map<String, Value>) {
        for (key, value) in object {
            let mut path = path.to_vec();
            path.push(key.clone());
            match value {
                Value::Object(inner) => self.walk(&path, inner),
                other => self.0.push((path, other.clone())),
            }
        }
    }

    /// Whether a line is nothing but pairs.
    fn pairs(&mut self, text: &str) -> bool {
        let mut rest = text;
        while let Some((key, behind)) = rest.split_once('=') {
            if key.is_empty() || key.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                return false;
            }
            let (value, behind) = match behind.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => behind
                    .split_once(' ')
                    .map_or((behind, ""), |(value, _)| (value, &behind[value.len()..])),
            };
            self.0.push((vec![key.to_owned()], Value::from(value)));
            rest = behind.trim_start();
        }
        rest.is_empty() && self.0.len() > 1
    }

    fn take(&mut self, names: &[&str]) -> Option<(String, Value)> {
        let at = names.iter().find_map(|name| {
            let mut fields = self.0.iter();
            fields
                .position(|(path, value)| path.len() == 1 && path[0] == *name && !value.is_array())
        })?;
        let (mut path, value) = self.0.remove(at);
        Some((path.remove(0), value))
    }

    /// The line in another form. `rename` gives the new name of a key.
    pub(crate) fn write(
        mut self,
        form: Form,
        time: &str,
        service: &str,
        rename: &mut dyn FnMut(&str, &Value) -> String,
    ) -> String {
        if matches!(form, Form::Text | Form::Spoken) {
            return self.text(form, time, service, rename);
        }
        let mut out = Map::new();
        let heads = [TIMES.as_slice(), &LEVELS, &SAYING].map(|names| self.take(names));
        for (key, value) in heads.into_iter().flatten() {
            out.insert(rename(&key, &value), value);
        }
        let below = ["data", "ctx", "fields"][service.len() % 3];
        for (path, value) in self.0 {
            let last = path.last().map_or("", String::as_str);
            let name = rename(last, &value);
            match form {
                Form::Nested => {
                    let parent = if path.len() > 1 {
                        path[0].as_str()
                    } else {
                        below
                    };
                    let parent = out
                        .entry(parent)
                        .or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(parent) = parent {
                        parent.insert(name, value);
                    }
                }
                _ if path.len() > 1 => {
                    out.insert(format!("{}_{name}", path[path.len() - 2]), value);
                }
                _ => {
                    out.insert(name, value);
                }
            }
        }
        if form == Form::Pairs {
            let pairs = out
                .iter()
                .map(|(key, value)| format!("{key}={}", quoted(value)));
            return pairs.collect::<Vec<_>>().join(" ");
        }
        Value::Object(out).to_string()
    }

    fn text(
        mut self,
        form: Form,
        time: &str,
        service: &str,
        rename: &mut dyn FnMut(&str, &Value) -> String,
    ) -> String {
        self.take(&TIMES);
        let level = self.take(&LEVELS).map(|(_, value)| plain(&value));
        let level = level.filter(|level| level.chars().all(char::is_alphabetic));
        let says = self
            .take(&SAYING)
            .map_or_else(String::new, |(_, value)| plain(&value));
        let level = level.unwrap_or_else(|| "INFO".to_owned()).to_uppercase();
        let mut out = format!("{time} {level} {service} - {says}");
        for (number, (path, value)) in self.0.iter().enumerate() {
            let last = path.last().map_or("", String::as_str);
            let name = rename(last, value);
            let value = quoted(value);
            // Writing to a string cannot fail.
            let _ = match (form, number) {
                (Form::Text, _) => write!(out, " {name}={value}"),
                (_, 0) => write!(out, " {name}: {value}"),
                _ => write!(out, ", {name}: {value}"),
            };
        }
        out
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn quoted(value: &Value) -> String {
    let text = plain(value);
    if text.is_empty() || text.contains([' ', '"', '=']) {
        format!("\"{}\"", text.replace('"', "'"))
    } else {
        text
    }
}
