//! A built-in incident as another system would have logged it: names of services and fields, forms of
//! lines and styles of IDs are drawn by lot, and what happens stays the same.
//!
//! What Amazon writes (START, REPORT, SNS delivery records) keeps its form, as it does for everybody.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use serde_json::{Value, json};

use super::forms::{Fields, Form};
use super::ids::{self, Ids};
use super::lots::Lots;
use lastseen::sources::demo::delivery::DemoEvent;
use lastseen::sources::demo::incident::Incident;
use lastseen::sources::demo::truth::Truth;

const WORDS: [&str; 31] = [
    "atlas", "basil", "cobalt", "ember", "falcon", "garnet", "harbor", "indigo", "juniper",
    "kestrel", "lumen", "maple", "nimbus", "raven", "sierra", "vortex", "willow", "zephyr", "onyx",
    "quartz", "tundra", "umber", "pioneer", "mosaic", "lagoon", "jasper", "heron", "glacier",
    "fjord", "drift", "cedar",
];
/// Words that say what a log group is, and that everybody uses.
const KEPT: [&str; 3] = ["dead", "letters", "fifo"];
const ENDINGS: [&str; 5] = ["", "-svc", "-service", "_worker", "-app"];
const NOUNS: [&str; 12] = [
    "message",
    "order",
    "job",
    "request",
    "parcel",
    "txn",
    "task",
    "item",
    "correlation",
    "unit",
    "work",
    "entity",
];
const ID_ENDINGS: [&str; 6] = ["Id", "_id", "-id", "ID", "_ref", "Key"];
const SYNONYMS: [&[&str]; 6] = [
    &["host", "hostname", "node", "pod", "instance", "machine"],
    &["version", "ver", "build", "app_version", "release"],
    &["kind", "type", "category", "class"],
    &["level", "lvl", "severity", "loglevel"],
    &["event", "msg", "message", "action", "what"],
    &["ts", "time", "timestamp", "@timestamp", "t"],
];
/// A line with one of these is Amazon's own.
const AMAZONS: [&str; 6] = [
    "START RequestId",
    "END RequestId",
    "REPORT RequestId",
    "\"notification\":{",
    "\"type\":\"platform.",
    "\"detail-type\"",
];

/// How a system looks.
pub(crate) struct Disguise {
    lots: Lots,
    pub(crate) ids: Ids,
    /// By log group: the new name.
    services: BTreeMap<&'static str, String>,
    /// New names of fields that bear IDs, by service and old name.
    named: BTreeMap<(String, String), String>,
}

impl Disguise {
    pub(crate) fn new(seed: u64, incident: &Incident, truth: &Truth) -> Self {
        let lots = Lots(seed);
        let mut services: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut words: BTreeMap<&str, &str> = BTreeMap::new();
        let (first, ending) = (lots.number("first"), lots.one_of("ending", &ENDINGS));
        for group in incident.groups() {
            let mut name = String::new();
            for part in group.name.split_inclusive(['-', '_', '.']) {
                let word = part.trim_end_matches(['-', '_', '.']);
                let number = (first as usize + 7 * words.len()) % WORDS.len();
                let new = words.entry(word).or_insert(WORDS[number]);
                name.push_str(if KEPT.contains(&word) { word } else { new });
                name.push_str(&part[word.len()..]);
            }
            if !KEPT.iter().any(|kept| name.contains(kept)) {
                name.push_str(ending);
            }
            services.entry(group.name).or_insert(name);
        }
        Self {
            lots,
            ids: Ids::new(lots, &truth.messages),
            services,
            named: BTreeMap::new(),
        }
    }

    /// In a few words: styles and forms.
    pub(crate) fn words(&self) -> String {
        let forms = self
            .services
            .iter()
            .map(|(group, name)| format!("{group}={name} {:?}", self.form(name)));
        format!(
            "{:?} {}",
            self.ids.styles,
            forms.collect::<Vec<_>>().join(", ")
        )
    }

    /// Writes all log events below a folder as `logs/<env>/<region>/<group>.jsonl`.
    pub(crate) fn write(&mut self, incident: &Incident, folder: &Path) -> io::Result<()> {
        let mut files = Vec::new();
        for group in incident.groups() {
            let folder = folder.join("logs").join(group.env).join(group.region);
            fs::create_dir_all(&folder)?;
            let name = format!("{}.jsonl", self.services[group.name]);
            files.push(BufWriter::new(File::create(folder.join(name))?));
        }
        for (group, event) in incident.all_events() {
            let name = self.services[incident.groups()[group].name].clone();
            let text = self.line(&name, &event);
            self.ids.see(&text);
            let line = json!({
                "timestamp": event.timestamp.0,
                "ingestionTime": event.ingestion.0,
                "logStreamName": &*event.stream,
                "message": text,
            });
            writeln!(files[group], "{line}")?;
        }
        files.iter_mut().try_for_each(io::Write::flush)
    }

    fn form(&self, service: &str) -> Form {
        self.lots.one_of(("form", service), &Form::ALL)
    }

    fn line(&mut self, service: &str, event: &DemoEvent) -> String {
        let text = &event.message;
        if AMAZONS.iter().any(|own| text.contains(own)) {
            return self.with_ids(service, text, false);
        }
        let form = self.form(service);
        let time = event.timestamp.to_rfc3339();
        match Fields::of(text) {
            Some(_) if form == Form::Same => self.with_ids(service, text, true),
            Some(fields) => {
                let mut rename = |key: &str, value: &Value| self.key(service, key, value.as_str());
                let line = fields.write(form, &time, service, &mut rename);
                self.with_ids(service, &line, false)
            }
            None if matches!(form, Form::Flat | Form::Nested) => {
                let text = self.with_ids(service, text, true);
                json!({"time": time, "level": "info", "message": text}).to_string()
            }
            None => self.with_ids(service, text, true),
        }
    }

    /// A text with new IDs, and with new names before `=` and `":` where `named` says so.
    fn with_ids(&mut self, service: &str, text: &str, named: bool) -> String {
        let mut out = String::with_capacity(text.len() + 32);
        let mut done = 0;
        for (at, end) in ids::words(text) {
            let Some(new) = self.ids.now(&text[at..end]).map(str::to_owned) else {
                continue;
            };
            out.push_str(&text[done..at]);
            if named {
                for between in ["=", "\":\""] {
                    self.rename_last(service, between, &mut out, &text[at..end]);
                }
            }
            out.push_str(&new);
            done = end;
        }
        out.push_str(&text[done..]);
        out
    }

    /// The name that `out` ends with becomes another.
    fn rename_last(&mut self, service: &str, between: &str, out: &mut String, id: &str) {
        let Some(before) = out.strip_suffix(between) else {
            return;
        };
        let begins = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let begins = begins.map_or(0, |at| at + 1);
        let name = self.key(service, &before[begins..], Some(id));
        out.truncate(begins);
        out.push_str(&name);
        out.push_str(between);
    }

    /// The new name of a key with this value.
    fn key(&mut self, service: &str, key: &str, value: Option<&str>) -> String {
        let lots = self.lots;
        if value.is_some_and(|value| self.ids.now(value).is_some()) {
            let known = self.named.len();
            // Half of the systems agree on names.
            let whose = if lots.number("agreed").is_multiple_of(2) {
                ""
            } else {
                service
            };
            let name = (whose.to_owned(), key.to_owned());
            return self
                .named
                .entry(name)
                .or_insert_with(|| {
                    let number = (lots.number("noun") as usize + 5 * known) % NOUNS.len();
                    format!(
                        "{}{}",
                        NOUNS[number],
                        lots.one_of(("id", whose), &ID_ENDINGS)
                    )
                })
                .clone();
        }
        let lower = key.to_ascii_lowercase();
        if let Some(words) = SYNONYMS
            .iter()
            .find(|words| words.contains(&lower.as_str()))
        {
            return lots.one_of((service, words[0]), words).to_owned();
        }
        match lots.number(("case", service)) % 3 {
            0 => snake(key),
            1 => camel(key),
            _ => key.to_owned(),
        }
    }
}

fn snake(key: &str) -> String {
    let mut out = String::new();
    for letter in key.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

fn camel(key: &str) -> String {
    let mut parts = key.split('_');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}
