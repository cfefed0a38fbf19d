//! The rules of every pipeline that concern one source, compiled for the hot path.
//!
//! Paths become slots of one JSON walk, patterns become probes, and rules are put in the order in
//! which they decide. It reads no log event itself.

use globset::GlobBuilder;

use super::event::{Source, SourceKind};
use super::hint::Hint;
use super::pattern::{FieldPath, Pattern};
use super::pipeline::{Glob, LinkEnds, NO_STAGE, Pipeline, Rule, Selector, Stage};
use super::probe::Probe;
use super::verdict::Mark;
use super::wanted::Wanted;

/// The rules for one source.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// What the JSON walk looks for.
    pub wanted: Wanted,
    /// Some pattern reads the strings of a JSON object.
    pub strings: bool,
    /// Tells whether any of those patterns could match.
    pub patterns: Hint,
    /// Tells whether a text could hold a wanted field as `key=value`.
    pub pairs: Hint,
    /// Every pattern.
    pub probes: Vec<Probe>,
    /// One for each pipeline that the source belongs to.
    pub scopes: Vec<ScopeRules>,
}

/// The rules of one pipeline in the source's environment.
#[derive(Clone, Debug)]
pub struct ScopeRules {
    /// Number of pipeline and environment.
    pub scope: u16,
    /// The stages that log to the source.
    pub stages: Vec<StageRules>,
    /// How an event names a message.
    pub ids: Vec<IdSelector>,
    /// How an event names two IDs of one message.
    pub links: Vec<Ends>,
    /// Pairs of IDs that are two messages where one event names both.
    pub apart: Vec<(usize, usize)>,
    /// The attributes, by index.
    pub attributes: Vec<IdSelector>,
}

impl ScopeRules {
    /// Whether two IDs, found by these selectors counted from 1 (0 is the rule's own), are two messages.
    #[must_use]
    pub fn keeps_apart(&self, a: usize, b: usize) -> bool {
        let is = |pair: &(usize, usize)| {
            let pair = (pair.0 + 1, pair.1 + 1);
            pair == (a, b) || pair == (b, a)
        };
        self.apart.iter().any(is)
    }

    /// Where an event belongs that names a message and matches no rule.
    #[must_use]
    pub fn elsewhere(&self) -> (u8, Mark) {
        match &*self.stages {
            [only] => (only.stage, only.default),
            _ => (NO_STAGE, Mark::Note),
        }
    }
}

/// The rules of one stage.
#[derive(Clone, Debug)]
pub struct StageRules {
    /// Its index in the pipeline.
    pub stage: u8,
    /// In the order in which they decide.
    pub rules: Vec<(Mark, Condition)>,
    /// What an event says that names a message and matches no rule.
    pub default: Mark,
}

/// A condition with slots and probes in place of paths and patterns.
#[derive(Clone, Debug)]
pub enum Condition {
    /// The probe matches the text.
    Pattern(usize),
    /// The field has this value.
    Equals(usize, Box<[u8]>),
    /// The probe matches the field.
    Matches(usize, usize),
}

impl Condition {
    /// Its probe.
    #[must_use]
    pub const fn probe(&self) -> Option<usize> {
        match self {
            Self::Pattern(probe) | Self::Matches(_, probe) => Some(*probe),
            Self::Equals(..) => None,
        }
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
pub enum IdSelector {
    /// In this slot.
    Field(usize),
    /// In the first group of this probe.
    Pattern(usize),
    /// In the first group of the probe, within this slot.
    Within(usize, usize),
}

/// Where the two IDs of a link stand.
#[derive(Clone, Copy, Debug)]
pub enum Ends {
    /// In the two groups of this probe.
    Pattern(usize),
    /// In these slots.
    Fields(usize, usize),
}

/// In one event a stage says one thing: the rule that stands first here.
const PRECEDENCE: [Mark; 8] = [
    Mark::DeadLetter,
    Mark::Fail,
    Mark::Skip,
    Mark::Exit,
    Mark::Ack,
    Mark::Retry,
    Mark::Enter,
    Mark::Note,
];

impl Rules {
    /// The rules of `pipelines`, given with the number of each one's scope, for one source.
    #[must_use]
    pub fn new<'a>(
        pipelines: impl IntoIterator<Item = (u16, &'a Pipeline)>,
        source: &Source,
    ) -> Self {
        let mut compiler = Compiler::default();
        let mut scopes = Vec::new();
        for (scope, pipeline) in pipelines {
            scopes.extend(compiler.scope(scope, pipeline, source));
        }
        let bare = |probe: &Probe| !probe.reads_raw();
        Self {
            wanted: Wanted::new(&compiler.paths),
            strings: compiler.probes.iter().any(bare),
            patterns: Hint::new(
                compiler
                    .probes
                    .iter()
                    .filter(|p| bare(p))
                    .map(Probe::literals),
            ),
            pairs: Hint::new(compiler.paths.iter().map(|path| Some(pair(path)))),
            probes: compiler.probes,
            scopes,
        }
    }
}

/// `key=`, where the path is a single key.
fn pair(path: &FieldPath) -> Vec<Vec<u8>> {
    match path.parts() {
        [key] => vec![[key.as_bytes(), b"="].concat()],
        _ => Vec::new(),
    }
}

#[derive(Default)]
struct Compiler {
    paths: Vec<FieldPath>,
    probes: Vec<Probe>,
}

impl Compiler {
    fn scope(&mut self, scope: u16, pipeline: &Pipeline, source: &Source) -> Option<ScopeRules> {
        let serves = |index: &usize| serves(&pipeline.stages[*index], source);
        let stages: Vec<usize> = (0..pipeline.stages.len().min(NO_STAGE.into()))
            .filter(serves)
            .collect();
        let links: Vec<&LinkEnds> = links_in(pipeline, source).collect();
        if stages.is_empty() && links.is_empty() {
            return None;
        }
        let sighted = !stages.is_empty();
        let ids = if sighted { &*pipeline.ids } else { &[] };
        Some(ScopeRules {
            scope,
            stages: stages
                .into_iter()
                .map(|s| self.stage(pipeline, s))
                .collect(),
            ids: ids.iter().map(|s| self.selector(s, "id")).collect(),
            links: links.into_iter().map(|ends| self.ends(ends)).collect(),
            apart: pipeline.apart.clone(),
            attributes: pipeline
                .attributes
                .iter()
                .map(|a| self.selector(&a.selector, &a.name))
                .collect(),
        })
    }

    fn stage(&mut self, pipeline: &Pipeline, index: usize) -> StageRules {
        let stage = &pipeline.stages[index];
        let mut rules = Vec::new();
        for mark in PRECEDENCE {
            for (_, rule) in stage.rules.iter().filter(|(m, _)| *m == mark) {
                rules.push((mark, self.condition(rule)));
            }
        }
        let default = if stage.dead_letter {
            Mark::DeadLetter
        } else if stage.has(Mark::Enter) {
            Mark::Note
        } else {
            Mark::Enter
        };
        StageRules {
            stage: index as u8,
            rules,
            default,
        }
    }

    fn condition(&mut self, rule: &Rule) -> Condition {
        match rule {
            Rule::Pattern(pattern) => Condition::Pattern(self.probe(pattern, &["id"])),
            Rule::Equals(path, value) => {
                Condition::Equals(self.slot(path), value.as_bytes().into())
            }
            Rule::Matches(path, pattern) => {
                Condition::Matches(self.slot(path), self.probe(pattern, &["id"]))
            }
        }
    }

    fn selector(&mut self, selector: &Selector, group: &str) -> IdSelector {
        match selector {
            Selector::Field(path) => IdSelector::Field(self.slot(path)),
            Selector::Pattern(pattern) => IdSelector::Pattern(self.probe(pattern, &[group])),
            Selector::Within(path, pattern) => {
                IdSelector::Within(self.slot(path), self.probe(pattern, &[group]))
            }
        }
    }

    fn ends(&mut self, ends: &LinkEnds) -> Ends {
        match ends {
            LinkEnds::Pattern(pattern) => Ends::Pattern(self.probe(pattern, &["a", "b"])),
            LinkEnds::Fields(a, b) => Ends::Fields(self.slot(a), self.slot(b)),
        }
    }

    fn probe(&mut self, pattern: &Pattern, groups: &[&str]) -> usize {
        self.probes.push(Probe::new(pattern, groups));
        self.probes.len() - 1
    }

    fn slot(&mut self, path: &FieldPath) -> usize {
        let known = self.paths.iter().position(|p| p == path);
        known.unwrap_or_else(|| {
            self.paths.push(path.clone());
            self.paths.len() - 1
        })
    }
}

/// Whether a stage logs to this source.
#[must_use]
pub fn serves(stage: &Stage, source: &Source) -> bool {
    stage.exists_in(&source.env) && stage.from.iter().any(|glob| matches(glob, source))
}

/// The links of a pipeline that this source may say.
pub fn links_in<'a>(
    pipeline: &'a Pipeline,
    source: &'a Source,
) -> impl Iterator<Item = &'a LinkEnds> {
    let links = pipeline.links.iter();
    let here = links
        .filter(|link| link.from.is_empty() || link.from.iter().any(|glob| matches(glob, source)));
    here.map(|link| &link.ends)
}

/// Whether a glob means this source. A glob that is no glob means what it spells. A source that itself
/// is a pattern, since its groups could not be listed, is meant where the two could name one group.
#[must_use]
fn matches(glob: &Glob, source: &Source) -> bool {
    let place = source.place();
    if glob.0 == place {
        return true;
    }
    let text = glob
        .0
        .replace("{env}", &globset::escape(&source.env))
        .replace("{region}", &globset::escape(&source.region));
    if source.kind == SourceKind::CloudWatch && place.contains(['*', '?']) {
        let (a, b) = (literal_prefix(&text), literal_prefix(place));
        return a.starts_with(b) || b.starts_with(a);
    }
    text == place
        || GlobBuilder::new(&text)
            .build()
            .is_ok_and(|glob| glob.compile_matcher().is_match(place))
}

fn literal_prefix(glob: &str) -> &str {
    glob.split(['*', '?', '[', '{', '\\'])
        .next()
        .unwrap_or(glob)
}
