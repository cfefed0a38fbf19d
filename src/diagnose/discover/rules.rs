//! How a kind of line is told from the others of its sources, as the configuration would say it.
//!
//! Every rule is tried on the lines that were looked at: it must match those of its kind and no others.

use std::collections::BTreeSet;

use regex::Regex;

use super::corpus::Corpus;
use super::deep;
use super::drain::OUTCOMES;
use super::lines::{Format, Key, Lines};
use super::marks;
use super::shape::Class;
use super::templates::{self, Templates};
use super::tries;
use super::words::VARIABLE;
use crate::domain::discovery::FoundCondition;
use crate::domain::signals::{self, view::Severity};
use crate::domain::verdict::Mark;

/// So many lines of each kind a rule is tried on.
const TRIED: usize = 60;

/// So many words from the end of a line are tried.
const TAILS: usize = 12;

/// What a rule is made from.
pub(super) struct Material<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) lines: &'a Lines,
    pub(super) templates: &'a Templates,
    /// By kind of line: what it says of a message.
    pub(super) marks: Vec<Option<Mark>>,
}

impl Material<'_> {
    /// The text of a line.
    pub(super) fn text(&self, line: u32) -> String {
        let event = self.lines.all[line as usize].event;
        String::from_utf8_lossy(self.corpus.text(&self.corpus.events[event as usize])).into_owned()
    }

    /// What a kind of line says, without the names of its pairs.
    pub(super) fn words(&self, template: u32) -> String {
        let words = self.templates.all[template as usize].words(self.lines);
        let words = words
            .split_whitespace()
            .filter(|word| !word.contains("=<*>"));
        words.collect::<Vec<_>>().join(" ")
    }

    /// What a kind of line says of a message.
    pub(super) fn mark(&self, template: u32) -> Option<Mark> {
        self.marks.get(template as usize).copied().flatten()
    }

    /// The same as its words have it.
    pub(super) fn said(&self, template: u32) -> Option<Mark> {
        let words = format!("{}{}", self.words(template), self.outcome(template));
        marks::of(&words, self.severity(template) >= Some(Severity::Error))
    }

    /// The level that a kind of line states, from a warning on.
    pub(super) fn severity(&self, template: u32) -> Option<Severity> {
        let sample = self.templates.samples[template as usize].first()?;
        signals::stated(self.text(*sample).as_bytes())
    }

    /// The pairs of a kind of line that say what happens, where all of its lines say the same.
    fn outcome(&self, template: u32) -> String {
        let mut samples = self.templates.samples[template as usize].iter();
        let fields = |line: &u32| &self.lines.all[*line as usize].fields;
        let mut shared: Vec<(u32, u32)> = samples.next().map(fields).cloned().unwrap_or_default();
        shared.retain(|(key, value)| {
            let (Key::Field(path) | Key::Inner(path)) = self.lines.keys.of(*key) else {
                return false;
            };
            let name = path
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let tells = OUTCOMES.contains(&name.as_str()) || tries::is_named(&name);
            tells && self.lines.classes[*value as usize] == Class::Word
        });
        for line in samples.take(TRIED) {
            shared.retain(|pair| fields(line).contains(pair));
        }
        let says = shared.iter().map(|(key, value)| {
            let name = templates::name(self.lines.keys.of(*key));
            format!(" {name}={}", self.lines.values.of(*value))
        });
        says.collect()
    }

    /// A condition for one kind of line among `others`, which stand in the same sources.
    pub(super) fn condition(&self, template: u32, others: &[u32]) -> Option<FoundCondition> {
        let pattern = || {
            let pattern = self.pattern(template, others, None);
            pattern.map(FoundCondition::Pattern)
        };
        let found = self.by_field(template, others).or_else(pattern);
        found.or_else(|| self.below(template, others))
    }

    /// A condition by a text below the top, which is read in its field only.
    fn below(&self, template: u32, others: &[u32]) -> Option<FoundCondition> {
        let says = self.templates.all[template as usize].says.iter();
        let mut texts = says.filter(|(key, _)| self.lines.below.contains(key));
        texts.find_map(|(key, _)| {
            Some(FoundCondition::Matches {
                field: deep::path(self.lines, *key)?,
                pattern: self.pattern(template, others, Some(*key))?,
            })
        })
    }

    /// The same of `program` only, where others of its sources say the same of theirs.
    pub(super) fn of_program(
        &self,
        template: u32,
        program: &FoundCondition,
        others: &[u32],
    ) -> Option<FoundCondition> {
        // What a field says is told by it, whoever else says so: texts differ from one line to the next.
        let by_field = || self.by_field(template, others);
        let behind = || self.behind(template, program, others, Self::by_field);
        let any = || self.condition(template, others);
        let any_behind = || self.behind(template, program, others, Self::condition);
        let found = by_field().or_else(behind).or_else(any).or_else(any_behind);
        found.or_else(|| self.both(template, program, others))
    }

    /// A condition by what a field of it says.
    fn by_field(&self, template: u32, others: &[u32]) -> Option<FoundCondition> {
        let own = &self.templates.all[template as usize];
        for (key, value) in &own.says {
            let key = self.lines.keys.of(*key);
            let value = self.lines.values.of(*value);
            if own.format == Format::Text as u8 {
                if let Key::Field(name) = key {
                    let written = [format!("{name}={value}"), format!("{name}=\"{value}\"")];
                    let tells = |text: &&String| {
                        self.separates(template, others, std::slice::from_ref(*text))
                    };
                    if let Some(text) = written.iter().find(tells) {
                        return Some(FoundCondition::Pattern(bounded(&escape(text))));
                    }
                }
                continue;
            }
            let (Key::Field(field) | Key::Template(field)) = key else {
                continue;
            };
            let alone = |other: &u32| {
                let says = &self.templates.all[*other as usize].says;
                !says.iter().any(|(k, v)| {
                    templates::name(self.lines.keys.of(*k)) == *field
                        && self.lines.values.of(*v) == value
                })
            };
            if !field.is_empty() && !value.contains(VARIABLE) && others.iter().all(alone) {
                return Some(FoundCondition::Equals {
                    field: field.clone(),
                    value: value.clone(),
                });
            }
        }
        None
    }

    /// A condition for all of some kinds of lines, which no other kind meets.
    pub(super) fn any(&self, kinds: &BTreeSet<u32>) -> Option<FoundCondition> {
        let all = 0..self.templates.all.len() as u32;
        let others: Vec<u32> = all.filter(|other| !kinds.contains(other)).collect();
        let each = kinds
            .iter()
            .map(|kind| match self.condition(*kind, &others)? {
                FoundCondition::Pattern(pattern) => Some(pattern),
                FoundCondition::Equals { .. } | FoundCondition::Matches { .. } => None,
            });
        let patterns: Vec<String> = each.collect::<Option<_>>()?;
        (!patterns.is_empty()).then(|| FoundCondition::Pattern(patterns.join("|")))
    }

    /// The same for a line of JSON.
    fn both(
        &self,
        template: u32,
        program: &FoundCondition,
        others: &[u32],
    ) -> Option<FoundCondition> {
        let FoundCondition::Equals { value: program, .. } = program else {
            return None;
        };
        let quoted = |text: &str| format!("\"{text}\"");
        let says = self.templates.all[template as usize].says.iter();
        let mut values = says.map(|(_, value)| self.lines.values.of(*value));
        values.find_map(|value| {
            let parts = [quoted(value), quoted(program)];
            let back = [quoted(program), quoted(value)];
            let parts = [parts, back]
                .into_iter()
                .find(|parts| self.separates(template, others, parts))?;
            let [first, second] = parts.map(|part| escape(&part));
            Some(FoundCondition::Pattern(format!("{first}.*{second}")))
        })
    }

    /// The same for a line of text, which names its program first.
    fn behind(
        &self,
        template: u32,
        program: &FoundCondition,
        others: &[u32],
        says: impl Fn(&Self, u32, &[u32]) -> Option<FoundCondition>,
    ) -> Option<FoundCondition> {
        let FoundCondition::Pattern(program) = program else {
            return None;
        };
        let place = |t: u32| self.templates.all[t as usize].place;
        let own = others.iter().copied();
        let own: Vec<u32> = own.filter(|o| place(*o) == place(template)).collect();
        let FoundCondition::Pattern(says) = says(self, template, &own)? else {
            return None;
        };
        let pattern = format!("{program}.*{says}");
        let tells = self.tells(&pattern, template, others);
        tells.then_some(FoundCondition::Pattern(pattern))
    }

    /// Literal text that stands in all lines of a kind and in none of the others; in one text below the
    /// top, or else at the top.
    fn pattern(&self, template: u32, others: &[u32], below: Option<u32>) -> Option<String> {
        let own = &self.templates.all[template as usize];
        let mut runs: Vec<String> = Vec::new();
        for (key, value) in &own.says {
            let template = matches!(self.lines.keys.of(*key), Key::Template(_));
            let here = self.lines.below.contains(key).then_some(*key);
            if !template || here != below {
                continue;
            }
            for run in self.lines.values.of(*value).split(VARIABLE) {
                let run = said(run);
                if letters(run) >= 2 {
                    runs.push(run.to_owned());
                }
            }
        }
        // What has most words says most.
        runs.sort_by_key(|run| std::cmp::Reverse(letters(run)));
        for run in &runs {
            if self.separates(template, others, std::slice::from_ref(run)) {
                return Some(self.literal(template, run));
            }
        }
        for (at, first) in runs.iter().enumerate() {
            for second in &runs[at + 1..] {
                for (first, second) in [(first, second), (second, first)] {
                    if self.separates(template, others, &[first.clone(), second.clone()]) {
                        let [first, second] =
                            [first, second].map(|run| self.literal(template, run));
                        return Some(format!("{first}.*{second}"));
                    }
                }
            }
        }
        below.map_or_else(|| self.whole(template, others), |_| None)
    }

    /// All that a kind of line says, to its end: what the one says may be how the other begins.
    fn whole(&self, template: u32, others: &[u32]) -> Option<String> {
        let own = &self.templates.all[template as usize].says;
        let texts = own.iter().filter_map(|(key, value)| {
            let text = self.lines.values.of(*value).as_str();
            matches!(self.lines.keys.of(*key), Key::Template(path) if path.is_empty())
                .then_some(text)
        });
        let text = texts.max_by_key(|text| letters(text))?;
        let open = |word: &str| {
            word.split(VARIABLE)
                .map(escape)
                .collect::<Vec<_>>()
                .join("\\S+")
        };
        let words: Vec<String> = text.split_whitespace().map(open).collect();
        // As little of the end as tells it from the others; what stands far before are times and levels.
        let tails = (0..words.len()).rev().map(|at| {
            let bound = if words[at].starts_with(char::is_alphanumeric) {
                "\\b"
            } else {
                ""
            };
            format!("{bound}{}\\s*$", words[at..].join("\\s+"))
        });
        let mut tails = tails.filter(|tail| letters(&plain(tail)) >= 2).take(TAILS);
        tails.find(|tail| self.tells(tail, template, others))
    }

    /// Whether a pattern matches the lines of a kind and none of the others.
    fn tells(&self, pattern: &str, template: u32, others: &[u32]) -> bool {
        let Ok(regex) = Regex::new(pattern) else {
            return false;
        };
        self.holds_only(template, others, &|text| regex.is_match(text))
    }

    /// Whether all lines of a kind are so and none of the others.
    fn holds_only(&self, template: u32, others: &[u32], is: &dyn Fn(&str) -> bool) -> bool {
        let holds = |line: &u32| is(&self.text(*line));
        let mut others = others.iter().flat_map(|other| self.tried(*other));
        self.tried(template).all(holds) && !others.any(holds)
    }

    fn tried(&self, template: u32) -> impl Iterator<Item = &u32> {
        self.templates.samples[template as usize].iter().take(TRIED)
    }

    /// A literal text as a pattern; where lines have tabs or several spaces between its words, any will do.
    fn literal(&self, template: u32, run: &str) -> String {
        if self
            .tried(template)
            .all(|line| self.text(*line).contains(run))
        {
            return escape(run);
        }
        let words: Vec<String> = run.split(' ').map(escape).collect();
        words.join("\\s+")
    }

    fn separates(&self, template: u32, others: &[u32], parts: &[String]) -> bool {
        self.holds_only(template, others, &|text| {
            let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut rest = plain.as_str();
            parts.iter().all(|part| match rest.find(part.as_str()) {
                Some(at) => {
                    rest = &rest[at + part.len()..];
                    true
                }
                None => false,
            })
        })
    }
}

/// The part of a literal text that says something: without the level and the brackets before it.
fn said(run: &str) -> &str {
    const LEVELS: [&str; 10] = [
        "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL",
        "SEVERE",
    ];
    let mut rest = run.trim();
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let word = rest
            .find(|c: char| !c.is_alphanumeric())
            .map_or(rest, |end| &rest[..end]);
        if !LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word)) {
            return rest.trim_end();
        }
        rest = &rest[word.len()..];
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// The words of a pattern, without what stands for other things in it.
pub(super) fn plain(pattern: &str) -> String {
    let mut out = pattern.to_owned();
    for class in ["\\S+", "\\s+", "\\s*", "\\d+", "\\b"] {
        out = out.replace(class, " ");
    }
    out
}

/// A literal as a pattern has it, with no more backslashes than it takes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "\\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// So that `sent` is not found in `sentinel`.
fn bounded(pattern: &str) -> String {
    if pattern.ends_with(char::is_alphanumeric) {
        format!("{pattern}\\b")
    } else {
        pattern.to_owned()
    }
}
