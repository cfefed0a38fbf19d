//! A discovery as a person has corrected it: what is wrong is left out, what was refused and is wanted
//! is taken, and the rest says who confirmed it.
//!
//! Always from the discovery as it was found, so that undoing is leaving a decision out.

use std::collections::BTreeMap;

use super::correction::{Part, Ruling, Rulings, StageWords, condition, stage_name};
use super::discovery::{
    Confidence, Discovery, FoundEnd, FoundFamily, FoundLink, FoundPipeline, FoundRule,
    FoundSelector, FoundStage, Refused,
};
use super::forced;

const CONFIRMED: &str = "confirmed";
const CHANGED: &str = "changed";

/// The discovery with everything that was decided.
///
/// # Errors
/// Why the decisions cannot hold together.
pub fn corrected(found: &Discovery, rulings: &Rulings) -> Result<Discovery, String> {
    let work = Work { found, rulings };
    let mut out = Discovery {
        pipelines: Vec::new(),
        ..found.clone()
    };
    out.paths = work.paths();
    let forced: Vec<&Refused> = found
        .refused
        .iter()
        .enumerate()
        .filter(|(i, _)| work.is(Part::Refused(*i), &Ruling::Accepted))
        .map(|(_, refused)| refused)
        .collect();
    out.refused.retain(|refused| !forced.contains(&refused));
    for p in 0..found.pipelines.len() {
        if !work.is(Part::Pipeline(p), &Ruling::Rejected) {
            out.pipelines.push(work.pipeline(p)?);
        }
    }
    for refused in forced {
        forced::take(&mut out, refused);
    }
    let said = |told: &dyn Fn(Part, &Ruling) -> bool| -> Vec<String> {
        let parts = rulings.iter().filter(|(part, ruling)| told(**part, ruling));
        parts.filter_map(|(part, _)| part.name(found)).collect()
    };
    out.rejected = said(&|part, ruling| *ruling == Ruling::Rejected && part.is_left_out());
    out.confirmed = said(&|part, ruling| *ruling != Ruling::Rejected && part.is_unremarked());
    check(&out)?;
    Ok(out)
}

impl Part {
    /// Whether the configuration is without it once it is rejected; a link that is rejected stands there.
    const fn is_left_out(self) -> bool {
        !matches!(
            self,
            Self::Link(..) | Self::Refused(_) | Self::Missing(_) | Self::Place(_)
        )
    }

    /// Whether no remark of its own says how sure it is.
    const fn is_unremarked(self) -> bool {
        matches!(
            self,
            Self::Pipeline(_)
                | Self::Selector(..)
                | Self::Optional(..)
                | Self::Only(..)
                | Self::Attribute(..)
                | Self::Path(_)
        )
    }
}

/// Whether anything can still be followed.
fn check(out: &Discovery) -> Result<(), String> {
    if out.pipelines.is_empty() {
        return Err("without any pipeline nothing would be followed".into());
    }
    for pipeline in &out.pipelines {
        let name = &pipeline.name;
        if name.is_empty() {
            return Err("a pipeline needs a name".into());
        }
        if pipeline.families.is_empty() {
            return Err(format!(
                "{name} needs an ID: without one nothing says what is one message"
            ));
        }
        if pipeline.stages.is_empty() {
            return Err(format!("{name} needs a stage"));
        }
    }
    Ok(())
}

struct Work<'a> {
    found: &'a Discovery,
    rulings: &'a Rulings,
}

impl Work<'_> {
    fn is(&self, part: Part, ruling: &Ruling) -> bool {
        self.rulings.get(&part) == Some(ruling)
    }

    fn changed(&self, part: Part) -> Option<&str> {
        match self.rulings.get(&part) {
            Some(Ruling::Changed(text)) => Some(text.trim()),
            _ => None,
        }
    }

    /// Who says so now.
    fn confidence(&self, part: Part, before: &Confidence) -> Confidence {
        match self.rulings.get(&part) {
            Some(Ruling::Accepted) => before.ruled(CONFIRMED),
            Some(Ruling::Changed(_)) => before.ruled(CHANGED),
            _ => before.clone(),
        }
    }

    fn paths(&self) -> Vec<super::discovery::FoundPath> {
        let paths = self.found.paths.iter().cloned().enumerate();
        let ruled = paths.map(|(i, mut path)| {
            match self.rulings.get(&Part::Path(i)) {
                // The stages still know their sources by the group.
                Some(Ruling::Rejected) => path.path = path.path.replace("{env}", "*"),
                Some(Ruling::Changed(text)) => text.trim().clone_into(&mut path.path),
                Some(Ruling::Accepted) | None => {}
            }
            path
        });
        ruled.collect()
    }

    fn pipeline(&self, p: usize) -> Result<FoundPipeline, String> {
        let found = &self.found.pipelines[p];
        let mut families = Vec::new();
        let mut now: BTreeMap<usize, usize> = BTreeMap::new();
        for f in 0..found.families.len() {
            if let Some(family) = self.family(p, f) {
                now.insert(f, families.len());
                families.push(family);
            }
        }
        let (mut links, mut vetoed) = (Vec::new(), Vec::new());
        for (l, link) in found.links.iter().enumerate() {
            let part = Part::Link(p, l);
            let (a, b) = link.between;
            let Some(between) = now.get(&a).copied().zip(now.get(&b).copied()) else {
                continue;
            };
            let link = FoundLink {
                between,
                confidence: self.confidence(part, &link.confidence),
                ..link.clone()
            };
            if self.is(part, &Ruling::Rejected) {
                vetoed.push(link);
            } else {
                links.push(link);
            }
        }
        let attributes = found.attributes.iter().cloned().enumerate();
        let attributes = attributes
            .filter(|(a, _)| !self.is(Part::Attribute(p, *a), &Ruling::Rejected))
            .map(|(a, mut attribute)| {
                if let Some(text) = self.changed(Part::Attribute(p, a)) {
                    text.clone_into(&mut attribute.selector);
                }
                attribute
            });
        let name = self.changed(Part::Pipeline(p)).unwrap_or(&found.name);
        Ok(FoundPipeline {
            reuse_after_ms: found.reuse_after_ms,
            reused: found.reused,
            name: name.to_owned(),
            families,
            links,
            vetoed,
            joins_many: false,
            stages: self.stages(p)?,
            attributes: attributes.collect(),
            messages: found.messages,
            confidence: self.confidence(Part::Pipeline(p), &found.confidence),
        })
    }

    /// An ID with the names that are left; `None` where none is.
    fn family(&self, p: usize, f: usize) -> Option<FoundFamily> {
        let part = Part::Family(p, f);
        if self.is(part, &Ruling::Rejected) {
            return None;
        }
        let found = &self.found.pipelines[p].families[f];
        let mut confidence = self.confidence(part, &found.confidence);
        let mut selectors: Vec<FoundSelector> = Vec::new();
        for (s, selector) in found.selectors.iter().enumerate() {
            let part = Part::Selector(p, f, s);
            if self.is(part, &Ruling::Rejected) {
                continue;
            }
            let text = self.changed(part);
            if text.is_some() && !confidence.is_ruled() {
                confidence = confidence.ruled(CHANGED);
            }
            selectors.push(FoundSelector {
                text: text.unwrap_or(&selector.text).to_owned(),
                // A field's path is one from the top.
                within: selector
                    .within
                    .clone()
                    .filter(|_| text.is_none_or(|text| text.contains("(?"))),
                ..selector.clone()
            });
        }
        (!selectors.is_empty()).then(|| FoundFamily {
            selectors,
            confidence,
            ..found.clone()
        })
    }

    fn stages(&self, p: usize) -> Result<Vec<FoundStage>, String> {
        let found = &self.found.pipelines[p].stages;
        let kept: Vec<usize> = (0..found.len())
            .filter(|s| !self.is(Part::Stage(p, *s), &Ruling::Rejected))
            .collect();
        let now = |s: usize| kept.iter().position(|kept| *kept == s);
        let mut stages = Vec::new();
        for s in kept.iter().copied() {
            let part = Part::Stage(p, s);
            let mut stage = FoundStage {
                rules: self.rules(p, s)?,
                confidence: self.confidence(part, &found[s].confidence),
                ..found[s].clone()
            };
            let mut after = found[s].after.clone();
            if let Some(text) = self.changed(part) {
                let words = StageWords::read(text)?;
                after = self.named(p, &words.after)?;
                (stage.name, stage.within) = (words.name, words.within);
                stage.optional = words.optional;
            }
            // Whatever came after a stage that is none comes after those before it.
            stage.after = self.before(p, &after).into_iter().filter_map(now).collect();
            if self.is(Part::Optional(p, s), &Ruling::Rejected) {
                stage.optional = false;
            }
            stage.ends = self.ends(p, s);
            match self.rulings.get(&Part::Only(p, s)) {
                Some(Ruling::Rejected) => stage.environments.clear(),
                Some(Ruling::Changed(text)) => {
                    let names = text.split(',').map(str::trim).filter(|n| !n.is_empty());
                    stage.environments = names.map(str::to_owned).collect();
                }
                _ => {}
            }
            stages.push(stage);
        }
        Ok(stages)
    }

    /// The stages that are called so, by the names they have now or had.
    fn named(&self, p: usize, names: &[String]) -> Result<Vec<usize>, String> {
        let found = &self.found.pipelines[p].stages;
        let now: Vec<String> = (0..found.len())
            .filter_map(|s| stage_name(self.found, self.rulings, (p, s)))
            .collect();
        let one = |name: &String| {
            let by_now = now.iter().position(|known| known == name);
            let at = by_now.or_else(|| found.iter().position(|stage| stage.name == *name));
            match at {
                Some(s) if self.is(Part::Stage(p, s), &Ruling::Rejected) => {
                    Err(format!("stage `{name}` is rejected"))
                }
                Some(s) => Ok(s),
                None => Err(format!("no stage `{name}`; there are {}", now.join(", "))),
            }
        };
        names.iter().map(one).collect()
    }

    /// These stages, with those before it in place of each that is rejected.
    fn before(&self, p: usize, after: &[usize]) -> Vec<usize> {
        let found = &self.found.pipelines[p].stages;
        let (mut kept, mut seen) = (Vec::new(), Vec::new());
        let mut open: Vec<usize> = after.iter().rev().copied().collect();
        while let Some(s) = open.pop() {
            if seen.contains(&s) {
                continue;
            }
            seen.push(s);
            if self.is(Part::Stage(p, s), &Ruling::Rejected) {
                open.extend(found[s].after.iter().rev());
            } else {
                kept.push(s);
            }
        }
        kept
    }

    /// Kinds of messages that are done at a stage, or may be.
    fn ends(&self, p: usize, s: usize) -> Vec<FoundEnd> {
        let ends = self.found.pipelines[p].stages[s].ends.iter().enumerate();
        let parts = ends.map(|(e, end)| (Part::End(p, s, e), end));
        let kept = parts.filter(|(part, _)| !self.is(*part, &Ruling::Rejected));
        kept.map(|(part, end)| FoundEnd {
            sure: end.sure || self.is(part, &Ruling::Accepted),
            confidence: self.confidence(part, &end.confidence),
            ..end.clone()
        })
        .collect()
    }

    fn rules(&self, p: usize, s: usize) -> Result<Vec<FoundRule>, String> {
        let mut rules = Vec::new();
        for (r, rule) in self.found.pipelines[p].stages[s].rules.iter().enumerate() {
            let part = Part::Rule(p, s, r);
            if self.is(part, &Ruling::Rejected) {
                continue;
            }
            let mut rule = FoundRule {
                confidence: self.confidence(part, &rule.confidence),
                ..rule.clone()
            };
            if let Some(text) = self.changed(part) {
                rule.condition = condition(text, &rule.condition)?;
            }
            rules.push(rule);
        }
        Ok(rules)
    }
}
