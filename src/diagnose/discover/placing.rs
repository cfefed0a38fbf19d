//! Where in the system a line was written: in the sources of one kind, by one of the programs that log
//! there; and if there is nothing to tell them apart, by what the lines say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::lines::{Format, Key, Lines};
use super::rules::{Material, escape, plain};
use super::templates::Templates;
use crate::domain::discovery::FoundCondition;

/// More programs than this do not share a log.
const MOST: usize = 30;
/// More steps than this are no flow that anybody reads.
const MOST_STEPS: usize = 40;

/// Fields that name the program that logs, wherever they stand.
const PROGRAMS: [&str; 14] = [
    "service",
    "svc",
    "servicename",
    "app",
    "application",
    "appname",
    "component",
    "container",
    "containername",
    "program",
    "processname",
    "syslogidentifier",
    "functionname",
    "subsystem",
];

/// `[program,trace,span]`, as Spring Cloud Sleuth has it.
static TRACED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\[([A-Za-z][\w.-]*),[^,\]\s]*,[^\]\s]*\]").ok());

/// `host program[pid]: `, `INFO package.Class: `.
static PROGRAM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:\S+\s+){0,4}?([A-Za-z][\w./$-]*)(?:\[[^\]]*\])?:(?:\s|$)").ok()
});

/// `<22>1 time host program pid `, as syslog has it (RFC 5424).
static SYSLOG: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^<<\S+>>\S+ \S+ \S+ ([A-Za-z][\w./-]*) \S+ ").ok());

/// A place for every line.
#[derive(Clone, Debug, Default)]
pub(super) struct Placing {
    /// By line.
    pub(super) of_line: Vec<u32>,
    /// What each place is called.
    pub(super) names: Vec<String>,
    /// The kind of source of each place.
    pub(super) kind: Vec<u32>,
    /// What all lines of a place have in common, where its sources serve others too.
    pub(super) own: Vec<Option<FoundCondition>>,
}

impl Placing {
    /// Each kind of source is a place, and each program where several log to one.
    pub(super) fn of(lines: &Lines, of_source: &[u32], kinds: &[String]) -> Self {
        let mut placing = Self {
            of_line: lines
                .all
                .iter()
                .map(|line| of_source[line.source as usize])
                .collect(),
            names: kinds.to_vec(),
            kind: (0..kinds.len() as u32).collect(),
            own: vec![None; kinds.len()],
        };
        let alone = kinds.len() == 1;
        let keys = lines.keys.all.iter();
        let telling: Vec<bool> = keys.map(|key| tells_program(key, alone)).collect();
        for kind in 0..kinds.len() as u32 {
            placing.split(lines, kind, (&telling, alone));
        }
        placing
    }

    fn split(&mut self, lines: &Lines, kind: u32, (telling, alone): (&[bool], bool)) {
        let own: Vec<usize> = (0..lines.all.len())
            .filter(|line| self.of_line[*line] == kind)
            .collect();
        let programs: Vec<Option<Program>> = own
            .iter()
            .map(|line| program(lines, *line, (telling, alone)))
            .collect();
        let known: BTreeSet<&Program> = programs.iter().flatten().collect();
        let told = programs.iter().flatten().count();
        if known.len() < 2 || known.len() > MOST || told * 10 < own.len() * 9 {
            return;
        }
        let mut places: BTreeMap<Program, u32> = BTreeMap::new();
        for program in known {
            places.insert(program.clone(), self.names.len() as u32);
            self.names.push(program.name().to_owned());
            self.kind.push(kind);
            self.own.push(Some(program.condition()));
        }
        for (line, program) in own.iter().zip(&programs) {
            if let Some(place) = program.as_ref().and_then(|program| places.get(program)) {
                self.of_line[*line] = *place;
            }
        }
    }

    /// Each kind of line is a place, for messages that know only one. What hardly any message bears, and
    /// what tells of trouble, stays with the furthest line that it was ever said behind.
    pub(super) fn by_template(
        &self,
        material: &Material<'_>,
        messages: &[Vec<u32>],
        troubled: &dyn Fn(u32) -> bool,
    ) -> Self {
        let templates = material.templates;
        let mut bearers = vec![0usize; templates.all.len()];
        let mut places = vec![(0usize, 0usize); templates.all.len()];
        let mut earlier: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for message in messages {
            let said = message.iter().filter_map(|line| templates.of.get(line));
            let mut before: BTreeSet<u32> = BTreeSet::new();
            for (at, template) in said.enumerate() {
                if before.insert(*template) {
                    bearers[*template as usize] += 1;
                    places[*template as usize].0 += at;
                    places[*template as usize].1 += 1;
                }
                earlier.entry(*template).or_default().extend(&before);
            }
        }
        let mean = |t: u32| places[t as usize].0 * 1000 / places[t as usize].1.max(1);
        let common = |t: u32| bearers[t as usize] * 20 >= messages.len() && !troubled(t);
        let onward = onward(templates, messages, &common);
        // A rare step that leads on is a step; where nobody goes on from it, it may be the loss itself.
        let main = |t: &u32| {
            let rare = templates.all[*t as usize].is_named(material.lines) && !troubled(*t);
            common(*t) || rare && onward[*t as usize] * 2 > bearers[*t as usize]
        };
        let all: Vec<u32> = (0..templates.all.len() as u32).collect();
        let stages: Vec<u32> = all.iter().copied().filter(main).take(MOST_STEPS).collect();
        let mut placing = self.clone();
        let mut place_of: BTreeMap<u32, u32> = BTreeMap::new();
        for template in &stages {
            if place_of.contains_key(template) {
                continue;
            }
            let Some((condition, own)) = told(material, *template) else {
                continue;
            };
            let place = placing.names.len() as u32;
            let own = own.into_iter().filter(|t| t == template || !troubled(*t));
            place_of.extend(own.map(|t| (t, place)));
            placing.names.push(short(&condition));
            placing.kind.push(templates.kind(*template, self));
            placing.own.push(Some(condition));
        }
        for (line, template) in &templates.of {
            // The furthest that it was ever said at: who fails there was not seen further on.
            let before = || {
                let before = earlier
                    .get(template)?
                    .iter()
                    .filter(|t| place_of.contains_key(t));
                place_of.get(before.max_by_key(|t| mean(**t))?)
            };
            if let Some(place) = place_of.get(template).or_else(before) {
                placing.of_line[*line as usize] = *place;
            }
        }
        placing
    }
}

/// What tells a kind of line from all others. Where nothing does alone, those that have one field in common
/// with it are told together: the start of an activity and its end.
fn told(material: &Material<'_>, template: u32) -> Option<(FoundCondition, BTreeSet<u32>)> {
    let templates = &material.templates.all;
    let all = || 0..templates.len() as u32;
    let of = |own: BTreeSet<u32>| {
        let others: Vec<u32> = all().filter(|other| !own.contains(other)).collect();
        let condition = material.condition(template, &others)?;
        Some((condition, own))
    };
    let alike = || {
        let says = templates[template as usize].says.iter();
        let sharing = says.map(|said| -> BTreeSet<u32> {
            let has = |other: &u32| templates[*other as usize].says.contains(said);
            all().filter(has).collect()
        });
        let least = sharing.min_by_key(BTreeSet::len);
        least.filter(|own| own.len() > 1 && own.len() < templates.len())
    };
    of(BTreeSet::from([template])).or_else(|| of(alike()?))
}

/// By kind of line: messages that bear it and come to another common one afterwards.
fn onward(
    templates: &Templates,
    messages: &[Vec<u32>],
    common: &dyn Fn(u32) -> bool,
) -> Vec<usize> {
    let mut onward = vec![0; templates.all.len()];
    for message in messages {
        let said: Vec<u32> = message
            .iter()
            .filter_map(|line| templates.of.get(line).copied())
            .collect();
        let mut newest = None;
        let mut before: BTreeSet<u32> = BTreeSet::new();
        for (at, template) in said.iter().enumerate() {
            if before.insert(*template) && common(*template) {
                newest = Some(at);
            }
        }
        let mut counted: BTreeSet<u32> = BTreeSet::new();
        for (at, template) in said.iter().enumerate() {
            if newest.is_some_and(|newest| at < newest) && counted.insert(*template) {
                onward[*template as usize] += 1;
            }
        }
    }
    onward
}

/// Who wrote a line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Program {
    /// A field says so.
    Field(String, String),
    /// It stands before the text.
    Before(String),
    /// It stands behind the time and the host.
    Syslog(String),
    /// It stands before the names of a trace, in brackets.
    Traced(String),
}

impl Program {
    fn name(&self) -> &str {
        match self {
            Self::Field(_, name) | Self::Before(name) | Self::Syslog(name) | Self::Traced(name) => {
                name
            }
        }
    }

    fn condition(&self) -> FoundCondition {
        match self {
            Self::Field(field, value) => FoundCondition::Equals {
                field: field.clone(),
                value: value.clone(),
            },
            Self::Before(name) => FoundCondition::Pattern(format!("{}[\\[:]", escape(name))),
            Self::Syslog(name) => {
                FoundCondition::Pattern(format!("^<\\d+>\\d+ \\S+ \\S+ {} ", escape(name)))
            }
            Self::Traced(name) => FoundCondition::Pattern(format!("\\[{},", escape(name))),
        }
    }
}

/// Whether a key tells the program that logs, perhaps the only one that there is.
fn tells_program(key: &Key, alone: bool) -> bool {
    let (Key::Field(path) | Key::Template(path)) = key else {
        return false;
    };
    let plain = |steps: usize| -> String {
        let from = path.rmatch_indices('.').nth(steps - 1);
        let end = path[from.map_or(0, |(at, _)| at)..].to_lowercase();
        end.chars().filter(char::is_ascii_alphanumeric).collect()
    };
    let (last, two) = (plain(1), plain(2));
    let mut ends = [&last, &two].into_iter();
    ends.any(|end| PROGRAMS.contains(&end.as_str()))
        || alone && ["logger", "module", "source", "process"].contains(&last.as_str())
}

/// Who wrote a line, by the keys that tell it.
fn program(lines: &Lines, line: usize, (telling, alone): (&[bool], bool)) -> Option<Program> {
    let line = &lines.all[line];
    if line.format == Format::Text {
        let template = line
            .fields
            .iter()
            .find(|(key, _)| matches!(lines.keys.of(*key), Key::Template(path) if path.is_empty()));
        let text = lines.values.of(template.filter(|_| alone)?.1);
        if let Some(found) = SYSLOG.as_ref()?.captures(text) {
            return Some(Program::Syslog(found[1].to_owned()));
        }
        if let Some(found) = TRACED.as_ref()?.captures(text) {
            return Some(Program::Traced(found[1].to_owned()));
        }
        let found = PROGRAM.as_ref()?.captures(text)?;
        return Some(Program::Before(found[1].to_owned()));
    }
    line.fields.iter().find_map(|(key, value)| {
        if !telling[*key as usize] {
            return None;
        }
        let path = super::templates::name(lines.keys.of(*key));
        Some(Program::Field(path, lines.values.of(*value).clone()))
    })
}

/// A few words for a condition.
fn short(condition: &FoundCondition) -> String {
    let (FoundCondition::Pattern(text)
    | FoundCondition::Equals { value: text, .. }
    | FoundCondition::Matches { pattern: text, .. }) = condition;
    let text = plain(text);
    let words = text
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .filter(|word| word.chars().any(char::is_alphabetic));
    let words: Vec<&str> = words.take(4).collect();
    words.join(" ").to_lowercase().trim_matches('.').to_owned()
}

impl Templates {
    /// The kind of source whose lines these are.
    pub(super) fn kind(&self, template: u32, placing: &Placing) -> u32 {
        placing.kind[self.all[template as usize].place as usize]
    }
}
