//! What a person says of what was guessed: each part by its place in the discovery, and what they
//! decided of it. How that changes the discovery is told in `corrected`.

use std::collections::BTreeMap;

use super::discovery::{Discovery, FoundCondition, FoundStage, Refused};

/// One part of a discovery, by the indices it has there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// A pipeline.
    Pipeline(usize),
    /// An ID of a pipeline, under all its names.
    Family(usize, usize),
    /// One of its names.
    Selector(usize, usize, usize),
    /// A link of a pipeline.
    Link(usize, usize),
    /// A stage of a pipeline.
    Stage(usize, usize),
    /// What one kind of log event of a stage says.
    Rule(usize, usize, usize),
    /// That messages may pass by a stage.
    Optional(usize, usize),
    /// That a stage exists in some environments only.
    Only(usize, usize),
    /// That messages of one kind may go no further than a stage.
    End(usize, usize, usize),
    /// An attribute of a pipeline.
    Attribute(usize, usize),
    /// A path with captures.
    Path(usize),
    /// A kind of source, and its format.
    Place(usize),
    /// What was not taken.
    Refused(usize),
    /// What could not be found.
    Missing(usize),
}

/// What a person decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ruling {
    /// It is right; of what was not taken: it is taken.
    Accepted,
    /// It is wrong; of what was not taken: rightly so.
    Rejected,
    /// It is this instead.
    Changed(String),
}

impl Ruling {
    /// In a word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Changed(_) => "changed",
        }
    }
}

/// Everything that was decided.
pub type Rulings = BTreeMap<Part, Ruling>;

impl Part {
    /// Its name, the same whenever the same is found again.
    #[must_use]
    pub fn name(self, found: &Discovery) -> Option<String> {
        let of = |p: usize| found.pipelines.get(p);
        let stage = |p: usize, s: usize| Some((of(p)?, of(p)?.stages.get(s)?));
        Some(match self {
            Self::Pipeline(p) => format!("pipeline {}", of(p)?.name),
            Self::Family(p, f) => {
                format!("id {} {}", of(p)?.name, of(p)?.families.get(f)?.name)
            }
            Self::Selector(p, f, s) => {
                let selector = of(p)?.families.get(f)?.selectors.get(s)?;
                format!("selector {} {}", of(p)?.name, selector.words())
            }
            Self::Link(p, l) => {
                let (a, b) = of(p)?.links.get(l)?.between;
                let name = |f: usize| of(p)?.families.get(f).map(|f| f.name.as_str());
                format!("link {} {} {}", of(p)?.name, name(a)?, name(b)?)
            }
            Self::Stage(p, s) => {
                let (pipeline, stage) = stage(p, s)?;
                format!("stage {} {}", pipeline.name, stage.name)
            }
            Self::Rule(p, s, r) => {
                let (pipeline, stage) = stage(p, s)?;
                let rule = stage.rules.get(r)?;
                let (mark, words) = (rule.mark.word(), rule.condition.words());
                format!("rule {} {} {mark} {words}", pipeline.name, stage.name)
            }
            Self::Optional(p, s) => {
                let (pipeline, stage) = stage(p, s)?;
                format!("optional {} {}", pipeline.name, stage.name)
            }
            Self::Only(p, s) => {
                let (pipeline, stage) = stage(p, s)?;
                format!("only {} {}", pipeline.name, stage.name)
            }
            Self::End(p, s, e) => {
                let (pipeline, stage) = stage(p, s)?;
                let words = stage.ends.get(e)?.words();
                format!("end {} {} {words}", pipeline.name, stage.name)
            }
            Self::Attribute(p, a) => {
                format!(
                    "attribute {} {}",
                    of(p)?.name,
                    of(p)?.attributes.get(a)?.selector
                )
            }
            Self::Path(i) => format!("path {}", found.paths.get(i)?.path),
            Self::Place(i) => format!("place {}", found.places.get(i)?.name),
            Self::Refused(i) => {
                let Refused { what, name, .. } = found.refused.get(i)?;
                format!("refused {} {name}", what.word())
            }
            Self::Missing(i) => format!("missing {}", found.missing.get(i)?),
        })
    }

    /// What it is now, as it is typed to change it; `None` where it can only be right or wrong.
    #[must_use]
    pub fn value(self, found: &Discovery, rulings: &Rulings) -> Option<String> {
        if let Some(Ruling::Changed(text)) = rulings.get(&self) {
            return Some(text.clone());
        }
        let of = |p: usize| found.pipelines.get(p);
        match self {
            Self::Pipeline(p) => Some(of(p)?.name.clone()),
            Self::Selector(p, f, s) => Some(of(p)?.families.get(f)?.selectors.get(s)?.text.clone()),
            Self::Stage(p, s) => {
                let name = |before: usize| stage_name(found, rulings, (p, before));
                let stage = of(p)?.stages.get(s)?;
                let words = StageWords::of(stage, stage.after.iter().filter_map(|b| name(*b)));
                Some(words.text())
            }
            Self::Rule(p, s, r) => {
                let rule = of(p)?.stages.get(s)?.rules.get(r)?;
                Some(condition_text(&rule.condition))
            }
            Self::Only(p, s) => Some(of(p)?.stages.get(s)?.environments.join(", ")),
            Self::Attribute(p, a) => Some(of(p)?.attributes.get(a)?.selector.clone()),
            Self::Path(i) => Some(found.paths.get(i)?.path.clone()),
            Self::Family(..)
            | Self::Link(..)
            | Self::Optional(..)
            | Self::End(..)
            | Self::Place(_)
            | Self::Refused(_)
            | Self::Missing(_) => None,
        }
    }
}

/// The name that a stage has by now.
#[must_use]
pub fn stage_name(found: &Discovery, rulings: &Rulings, (p, s): (usize, usize)) -> Option<String> {
    match rulings.get(&Part::Stage(p, s)) {
        Some(Ruling::Changed(text)) => Some(StageWords::read(text).ok()?.name),
        _ => Some(found.pipelines.get(p)?.stages.get(s)?.name.clone()),
    }
}

fn condition_text(condition: &FoundCondition) -> String {
    match condition {
        FoundCondition::Pattern(pattern) | FoundCondition::Matches { pattern, .. } => {
            pattern.clone()
        }
        FoundCondition::Equals { field, value } => format!("{field} = {value}"),
    }
}

/// What was typed for a rule that was `before`.
///
/// # Errors
/// What is missing.
pub fn condition(text: &str, before: &FoundCondition) -> Result<FoundCondition, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing: type a pattern, or field = value; d removes the rule".into());
    }
    if let (FoundCondition::Equals { .. }, Some((field, value))) = (before, text.split_once('=')) {
        let (field, value) = (field.trim().to_owned(), value.trim().to_owned());
        if field.is_empty() || value.is_empty() {
            return Err("type field = value, such as event = done".into());
        }
        return Ok(FoundCondition::Equals { field, value });
    }
    let pattern = text.to_owned();
    Ok(match before {
        FoundCondition::Matches { field, .. } => FoundCondition::Matches {
            field: field.clone(),
            pattern,
        },
        _ => FoundCondition::Pattern(pattern),
    })
}

/// A stage on one line: `engine after queue, retry within 30s optional`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StageWords {
    /// Its name.
    pub name: String,
    /// The names of the stages before it.
    pub after: Vec<String>,
    /// How long a message may take to get here.
    pub within: Option<String>,
    /// Messages may pass by it.
    pub optional: bool,
}

impl StageWords {
    fn of(stage: &FoundStage, after: impl Iterator<Item = String>) -> Self {
        Self {
            name: stage.name.clone(),
            after: after.collect(),
            within: stage.within.clone(),
            optional: stage.optional,
        }
    }

    /// The line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.name.clone();
        if !self.after.is_empty() {
            text = format!("{text} after {}", self.after.join(", "));
        }
        if let Some(within) = &self.within {
            text = format!("{text} within {within}");
        }
        if self.optional {
            text.push_str(" optional");
        }
        text
    }

    /// Reads the line; without `after` the stage is an entry.
    ///
    /// # Errors
    /// What is missing.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut read = Self::default();
        let (mut name, mut after) = (Vec::new(), None::<Vec<&str>>);
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "after" if !name.is_empty() => after = Some(Vec::new()),
                "optional" if !name.is_empty() => read.optional = true,
                "within" if !name.is_empty() => match words.next() {
                    Some(within) => read.within = Some(within.to_owned()),
                    None => return Err("how long? for example: within 30s".into()),
                },
                _ => after.as_mut().unwrap_or(&mut name).push(word),
            }
        }
        read.name = name.join(" ");
        if read.name.is_empty() {
            return Err("type NAME after STAGE, STAGE within 30s optional".into());
        }
        if let Some(after) = after {
            let names = after.join(" ");
            let names = names.split(',').map(str::trim).filter(|n| !n.is_empty());
            read.after = names.map(str::to_owned).collect();
            if read.after.is_empty() {
                return Err("after which stage? without `after` it is an entry".into());
            }
        }
        Ok(read)
    }
}
