//! What was learnt as rows of a list: each guess with how sure it is, why, and what a person decided.
//!
//! The rows are those of the discovery as it was found: what is rejected stays in its place, so that
//! it can be taken back.

use crate::domain::correction::{Part, Ruling, Rulings};
use crate::domain::discovery::{
    Confidence, Discovery, FoundFamily, FoundLink, FoundPipeline, FoundRule, FoundStage, Refused,
};
use crate::domain::show::{count, count_of};

/// One row.
#[derive(Clone, PartialEq, Debug)]
pub struct Guess {
    /// What it is about.
    pub part: Part,
    /// What it is, in a word or two.
    pub kind: String,
    /// What it says now.
    pub text: String,
    /// How sure it is, where that is known.
    pub confidence: Option<Confidence>,
    /// What was decided of it.
    pub ruling: Option<Ruling>,
    /// It belongs to the row above it.
    pub inner: bool,
}

impl Guess {
    /// Whether somebody should look at it.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        let low = self.confidence.as_ref().is_some_and(Confidence::is_low);
        self.ruling.is_none() && (low || matches!(self.part, Part::Missing(_)))
    }
}

/// One line of what is known of a guess.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// What it is about.
    pub label: &'static str,
    /// A sentence, or a text of the log.
    pub text: String,
    /// It is a text of the log.
    pub quoted: bool,
}

/// Every guess, what is missing first.
#[must_use]
pub fn rows(found: &Discovery, rulings: &Rulings) -> Vec<Guess> {
    let mut list = List {
        found,
        rulings,
        rows: Vec::new(),
    };
    for (i, missing) in found.missing.iter().enumerate() {
        list.push(Part::Missing(i), "missing", missing.clone(), None);
    }
    for (p, pipeline) in found.pipelines.iter().enumerate() {
        list.pipeline(p, pipeline);
    }
    for (i, refused) in found.refused.iter().enumerate() {
        let kind = format!("not taken {}", refused.what.word());
        let text = format!("{} in {}", refused.name, refused.place);
        list.push(Part::Refused(i), &kind, text, None);
    }
    for (i, path) in found.paths.iter().enumerate() {
        let mut text = list.value(Part::Path(i), &path.path);
        if let Some(zone) = &path.timezone {
            text = format!("{text} in {zone}");
        }
        list.push(Part::Path(i), "places", text, path.confidence.as_ref());
    }
    for (i, place) in found.places.iter().enumerate() {
        let sources = count_of(place.sources as u64, "source");
        let text = format!("{}: {} in {sources}", place.name, place.format);
        list.push(Part::Place(i), "format", text, None);
    }
    list.rows
}

struct List<'a> {
    found: &'a Discovery,
    rulings: &'a Rulings,
    rows: Vec<Guess>,
}

impl List<'_> {
    fn push(&mut self, part: Part, kind: &str, text: String, confidence: Option<&Confidence>) {
        let inner = matches!(
            part,
            Part::Selector(..)
                | Part::Rule(..)
                | Part::Optional(..)
                | Part::Only(..)
                | Part::End(..)
        );
        self.rows.push(Guess {
            part,
            kind: kind.to_owned(),
            text,
            confidence: confidence.cloned(),
            ruling: self.rulings.get(&part).cloned(),
            inner,
        });
    }

    /// What a part is now.
    fn value(&self, part: Part, otherwise: &str) -> String {
        let value = part.value(self.found, self.rulings);
        value.unwrap_or_else(|| otherwise.to_owned())
    }

    fn pipeline(&mut self, p: usize, pipeline: &FoundPipeline) {
        let name = self.value(Part::Pipeline(p), &pipeline.name);
        let sure = Some(&pipeline.confidence);
        self.push(Part::Pipeline(p), "pipeline", name, sure);
        for (f, family) in pipeline.families.iter().enumerate() {
            self.family(p, f, family);
        }
        for (l, link) in pipeline.links.iter().enumerate() {
            let text = format!("{} in {}", ends(pipeline, link), link.place);
            self.push(Part::Link(p, l), "link", text, Some(&link.confidence));
        }
        for (s, stage) in pipeline.stages.iter().enumerate() {
            let text = self.value(Part::Stage(p, s), &stage.name);
            self.push(Part::Stage(p, s), "stage", text, Some(&stage.confidence));
            for (r, rule) in stage.rules.iter().enumerate() {
                let text = self.value(Part::Rule(p, s, r), &rule.condition.words());
                let sure = Some(&rule.confidence);
                self.push(Part::Rule(p, s, r), rule.mark.word(), text, sure);
            }
            if stage.optional {
                let text = format!("messages may pass by {}", stage.name);
                self.push(Part::Optional(p, s), "optional", text, None);
            }
            for (e, end) in stage.ends.iter().enumerate() {
                let text = format!("{} goes no further than {}", end.words(), stage.name);
                self.push(Part::End(p, s, e), "may end", text, Some(&end.confidence));
            }
            if !stage.environments.is_empty() {
                let part = Part::Only(p, s);
                let text = self.value(part, &stage.environments.join(", "));
                self.push(part, "only in", text, None);
            }
        }
        for (a, attribute) in pipeline.attributes.iter().enumerate() {
            let part = Part::Attribute(p, a);
            let text = self.value(part, &attribute.selector);
            self.push(part, "attribute", text, None);
        }
    }

    fn family(&mut self, p: usize, f: usize, family: &FoundFamily) {
        let (part, sure) = (Part::Family(p, f), Some(&family.confidence));
        if let [_] = family.selectors.as_slice() {
            let only = Part::Selector(p, f, 0);
            let text = self.value(only, &family.name);
            self.push(part, "ID", text, sure);
            if let (Some(row), Some(ruling)) = (self.rows.last_mut(), self.rulings.get(&only)) {
                row.ruling.get_or_insert_with(|| ruling.clone());
            }
            return;
        }
        let names = family.selectors.len();
        let text = format!("{} under {names} names", family.name);
        self.push(part, "ID", text, sure);
        for (s, selector) in family.selectors.iter().enumerate() {
            let part = Part::Selector(p, f, s);
            let text = self.value(part, &selector.text);
            self.push(part, "name", text, None);
        }
    }
}

fn ends(pipeline: &FoundPipeline, link: &FoundLink) -> String {
    let name = |family: usize| {
        let family = pipeline.families.get(family);
        family.map_or("?", |family| family.name.as_str())
    };
    format!("{} is {}", name(link.between.0), name(link.between.1))
}

/// All that is known of a guess, and what can be decided of it.
#[must_use]
pub fn facts(found: &Discovery, guess: &Guess) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut said = |label: &'static str, text: String| {
        facts.push(Fact {
            label,
            text,
            quoted: false,
        });
    };
    said(short(guess.part), guess.text.clone());
    if let Some(sure) = &guess.confidence {
        let share = percent(sure);
        said("confidence", format!("{} ({share})", sure.word()));
        said("evidence", sure.evidence.clone());
    }
    if let Some(ruling) = &guess.ruling {
        let was = guess.part.value(found, &Rulings::new());
        let word = ruling.word().to_owned();
        said(
            "decided",
            match (ruling, was) {
                (Ruling::Changed(_), Some(was)) => format!("{word}; it was {was}"),
                _ => word,
            },
        );
    }
    about(&mut facts, found, guess.part);
    let keys = keys(guess.part).to_owned();
    facts.push(Fact {
        label: "keys",
        text: keys,
        quoted: false,
    });
    facts
}

/// The share in percent.
#[must_use]
pub fn percent(sure: &Confidence) -> String {
    format!("{:.0} %", f64::from(sure.share) * 100.0)
}

const fn short(part: Part) -> &'static str {
    match part {
        Part::Pipeline(_) => "pipeline",
        Part::Family(..) | Part::Selector(..) => "ID",
        Part::Link(..) => "link",
        Part::Stage(..) => "stage",
        Part::Rule(..) => "rule",
        Part::Optional(..) => "optional",
        Part::Only(..) => "only in",
        Part::End(..) => "may end",
        Part::Attribute(..) => "attribute",
        Part::Path(_) => "path",
        Part::Place(_) => "format",
        Part::Refused(_) => "not taken",
        Part::Missing(_) => "missing",
    }
}

/// Where it stands, and log events that say it.
fn about(facts: &mut Vec<Fact>, found: &Discovery, part: Part) {
    let pipeline = |p: usize| found.pipelines.get(p);
    match part {
        Part::Pipeline(p) => {
            let messages = pipeline(p).map_or(0, |p| p.messages);
            fact(facts, "seen", count_of(messages as u64, "message"));
        }
        Part::Family(p, f) => {
            let family = pipeline(p).and_then(|p| p.families.get(f));
            of_family(facts, family, None);
        }
        Part::Selector(p, f, s) => {
            let family = pipeline(p).and_then(|p| p.families.get(f));
            of_family(facts, family, Some(s));
        }
        Part::Link(p, l) => {
            if let Some(pipeline) = pipeline(p)
                && let Some(link) = pipeline.links.get(l)
            {
                let lines = count_of(link.lines as u64, "log event");
                fact(facts, "seen", format!("{lines} bear both"));
                for end in [link.between.0, link.between.1] {
                    of_family(facts, pipeline.families.get(end), Some(0));
                }
            }
        }
        Part::Stage(p, s) => {
            if let Some(stage) = pipeline(p).and_then(|p| p.stages.get(s)) {
                of_stage(facts, stage);
            }
        }
        Part::Rule(p, s, r) => {
            let stage = pipeline(p).and_then(|p| p.stages.get(s));
            if let Some((stage, rule)) = stage.and_then(|s| Some((s, s.rules.get(r)?))) {
                fact(facts, "stage", stage.name.clone());
                of_rule(facts, rule);
            }
        }
        Part::Attribute(p, a) => {
            let attribute = pipeline(p).and_then(|p| p.attributes.get(a));
            if let Some(attribute) = attribute {
                let values = count_of(attribute.values as u64, "value");
                fact(facts, "called", attribute.name.clone());
                fact(facts, "seen", values);
            }
        }
        Part::Path(i) => {
            let files = found.paths.get(i).map_or(0, |path| path.files);
            fact(facts, "means", count_of(files as u64, "file"));
        }
        Part::Place(i) => {
            if let Some(place) = found.places.get(i) {
                let (events, named) = (count(place.events as u64), count(place.named as u64));
                let seen = format!("{named} of {events} log events name a message");
                fact(facts, "seen", seen);
                fact(facts, "lines", place.lines());
                fact(facts, "found at", place.globs.join(", "));
            }
        }
        Part::Refused(i) => {
            if let Some(refused) = found.refused.get(i) {
                of_refused(facts, refused);
            }
        }
        Part::Optional(..) | Part::Only(..) | Part::End(..) | Part::Missing(_) => {}
    }
}

fn fact(facts: &mut Vec<Fact>, label: &'static str, text: String) {
    facts.push(Fact {
        label,
        text,
        quoted: false,
    });
}

fn example(facts: &mut Vec<Fact>, text: &str) {
    if !text.is_empty() {
        facts.push(Fact {
            label: "example",
            text: text.trim().to_owned(),
            quoted: true,
        });
    }
}

fn of_family(facts: &mut Vec<Fact>, family: Option<&FoundFamily>, only: Option<usize>) {
    let selectors = family
        .into_iter()
        .flat_map(|f| f.selectors.iter().enumerate());
    for (_, selector) in selectors.filter(|(s, _)| only.is_none_or(|only| only == *s)) {
        let places = selector.places.join(", ");
        fact(
            facts,
            "found by",
            format!("{} in {places}", selector.words()),
        );
        example(facts, &selector.example);
    }
}

fn of_stage(facts: &mut Vec<Fact>, stage: &FoundStage) {
    fact(facts, "logs to", stage.from.join(", "));
    fact(facts, "seen", count_of(stage.messages as u64, "message"));
    if stage.dead_letter {
        fact(facts, "is", "where messages are put aside".to_owned());
    }
    for rule in &stage.rules {
        let words = rule.condition.words();
        fact(facts, rule.mark.word(), words);
        example(facts, &rule.example);
    }
}

fn of_rule(facts: &mut Vec<Fact>, rule: &FoundRule) {
    let lines = count_of(rule.lines as u64, "log event");
    fact(facts, "seen", lines);
    example(facts, &rule.example);
}

fn of_refused(facts: &mut Vec<Fact>, refused: &Refused) {
    fact(facts, "why not", refused.why.clone());
    for family in &refused.families {
        of_family(facts, Some(family), Some(0));
    }
}

/// What the keys do to it.
const fn keys(part: Part) -> &'static str {
    match part {
        Part::Pipeline(_) => "a right · d not followed at all · e another name",
        Part::Family(..) => "a right · d none of its names is an ID",
        Part::Selector(..) => "a right · d this is no name of it · e another field or pattern",
        Part::Link(..) => "a right · d messages are no longer joined by it",
        Part::Stage(..) => {
            "a right · d it is no stage · e NAME after STAGE, STAGE within 30s optional"
        }
        Part::Rule(..) => "a right · d such log events say nothing · e another pattern or value",
        Part::Optional(..) => "a right · d every message must come by it",
        Part::End(..) => "a right: they are done there · d wrong: they are lost",
        Part::Only(..) => "a right · d it is everywhere · e other environments",
        Part::Attribute(..) => "a right · d leave it out · e another field or pattern",
        Part::Path(_) => "a right · d what it takes for environments are none · e another path",
        Part::Place(_) => "recognised line by line: there is nothing to decide",
        Part::Refused(_) => "a take it after all: messages are joined by it · d rightly refused",
        Part::Missing(_) => "only a configuration can say it: w saves one to go on with",
    }
}
