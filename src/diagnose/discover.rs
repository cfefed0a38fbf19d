//! What a system is, from its logs alone: its IDs, what links them, its stages and their order.
//!
//! Pure: a corpus of log events goes in, a [`Discovery`] comes out, and the same corpus always gives
//! the same. It decides no verdict: what it finds becomes a configuration, and the run goes by that.

use std::collections::BTreeSet;

use crate::domain::discovery::{
    Confidence, Discovery, FoundLink, FoundPlace, Refused, RefusedWhat,
};
use corpus::Corpus;
use families::Families;
use lines::{Format, Lines};
use links::Link;
use messages::{Search, Travellers};
use placing::Placing;

mod attributes;
pub mod corpus;
mod drain;
mod families;
mod flow;
mod lines;
mod links;
mod marks;
mod messages;
mod naming;
mod pipeline;
mod places;
mod placing;
mod returning;
mod rules;
pub mod sampler;
mod selectors;
mod shape;
mod slots;
mod stages;
mod templates;
mod union;
mod ways;
mod words;

/// So many kinds of messages are told apart.
const PIPELINES: usize = 4;

/// Finds out what there is to find out.
#[must_use]
pub fn discover(corpus: &Corpus) -> Discovery {
    let (mut named, mut paths) = places::name(&corpus.sources);
    let mut kinds: Vec<String> = named.iter().map(|n| n.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    let place = |kind: &String| kinds.binary_search(kind).unwrap_or(0) as u32;
    let of_source: Vec<u32> = named.iter().map(|n| place(&n.kind)).collect();
    let mut lines = Lines::read(corpus);
    lines.merge_templates(&of_source);
    let placing = Placing::of(&lines, &of_source, &kinds);
    let families = families::find(&lines, &placing.of_line, &placing.names);
    let borne = links::names(&lines, &placing.of_line, &families);
    let pairs = links::find(&placing.of_line, &borne);
    let search = Search::new(corpus, &lines, &families, &pairs, &borne);
    let travellers = search.travellers();
    if cross(&travellers, &lines, &named) {
        // Messages pass from one to the other: these are no environments.
        for path in &mut paths {
            path.path = path.path.replace("{env}", "*");
        }
        for named in &mut named {
            "local".clone_into(&mut named.env);
        }
    }
    let mut discovery = Discovery {
        paths,
        refused: families.refused.clone(),
        looked_at: corpus.events.len() as u64,
        of: corpus.of,
        ..Discovery::default()
    };
    let seen = Seen {
        corpus,
        lines: &lines,
        named: &named,
        kinds: &kinds,
        of_source: &of_source,
        placing: &placing,
        families: &families,
        links: &pairs,
    };
    let mut told: BTreeSet<u32> = BTreeSet::new();
    for travellers in &travellers {
        if discovery.pipelines.len() == PIPELINES || !seen.is_news(travellers, &told) {
            continue;
        }
        if let Some(pipeline) = pipeline::of(&seen, travellers) {
            told.extend(travellers.messages.iter().flatten());
            discovery.pipelines.push(pipeline);
        }
    }
    discovery.refused.extend(seen.refused_links(&search.taken));
    discovery.places = seen.places(&borne);
    discovery.missing = missing(&discovery);
    discovery
}

/// Whether messages are seen in several of what looks like environments.
fn cross(travellers: &[Travellers], lines: &Lines, named: &[places::Named]) -> bool {
    let Some(most) = travellers.first() else {
        return false;
    };
    let env = |line: &u32| {
        named[lines.all[*line as usize].source as usize]
            .env
            .as_str()
    };
    let several = most.messages.iter().filter(|message| {
        let first = message.first().map(env);
        message.iter().any(|line| Some(env(line)) != first)
    });
    several.count() * 10 > most.messages.len()
}

/// All that was read of a corpus.
struct Seen<'a> {
    corpus: &'a Corpus,
    lines: &'a Lines,
    named: &'a [places::Named],
    /// What the kinds of sources are called.
    kinds: &'a [String],
    /// Kind of each source.
    of_source: &'a [u32],
    placing: &'a Placing,
    families: &'a Families,
    links: &'a [Link],
}

impl Seen<'_> {
    fn place(&self, line: u32) -> u32 {
        self.placing.of_line[line as usize]
    }

    /// Whether messages are other ones than those whose lines are told of already, and go anywhere.
    fn is_news(&self, travellers: &Travellers, told: &BTreeSet<u32>) -> bool {
        let lines: BTreeSet<u32> = travellers.messages.iter().flatten().copied().collect();
        let known = lines.intersection(told).count();
        let mut places = lines.iter().map(|line| self.place(*line));
        let first = places.next();
        known * 2 < lines.len() && (told.is_empty() || places.any(|place| Some(place) != first))
    }

    fn link(&self, link: &Link, travellers: &Travellers) -> Option<FoundLink> {
        let at = |family: usize| travellers.families.iter().position(|f| *f == family);
        let places: Vec<&str> = link
            .places
            .iter()
            .map(|p| self.placing.names[*p as usize].as_str())
            .collect();
        Some(FoundLink {
            between: (at(link.a)?, at(link.b)?),
            place: places.join(", "),
            lines: link.lines,
            confidence: Confidence {
                share: (1.0 / (link.a_per_b * link.b_per_a)) as f32,
                evidence: format!(
                    "{:.2} to {:.2} of one to one of the other",
                    link.a_per_b, link.b_per_a
                ),
            },
        })
    }

    /// Links that would make one message of many.
    fn refused_links(&self, taken: &[bool]) -> Vec<Refused> {
        let shown = |family: usize| self.family(family).name;
        let refused = self.links.iter().zip(taken).filter(|(_, taken)| !**taken);
        let refused = refused.map(|(link, _)| Refused {
            what: RefusedWhat::Link,
            name: format!("{} with {}", shown(link.a), shown(link.b)),
            place: link
                .places
                .iter()
                .map(|p| self.placing.names[*p as usize].clone())
                .collect::<Vec<_>>()
                .join(", "),
            why: format!(
                "{:.1} of the one belong to one of the other, and {:.1} the other way round",
                link.a_per_b.max(link.b_per_a),
                link.a_per_b.min(link.b_per_a)
            ),
        });
        refused.collect()
    }

    fn places(&self, names: &[links::Names]) -> Vec<FoundPlace> {
        let mut found: Vec<FoundPlace> = self
            .kinds
            .iter()
            .map(|kind| FoundPlace {
                name: kind.clone(),
                globs: Vec::new(),
                sources: 0,
                format: "text",
                events: 0,
                named: 0,
            })
            .collect();
        for place in self.of_source {
            found[*place as usize].sources += 1;
        }
        let mut formats = vec![[0usize; 3]; found.len()];
        for (line, names) in self.lines.all.iter().zip(names) {
            let place = self.of_source[line.source as usize] as usize;
            found[place].events += 1;
            found[place].named += usize::from(!names.is_empty());
            formats[place][line.format as usize] += 1;
        }
        for (index, (place, formats)) in found.iter_mut().zip(&formats).enumerate() {
            place.globs = ways::globs(self, &BTreeSet::from([index as u32]));
            let most = (0..3).max_by_key(|f| formats[*f]).unwrap_or(2);
            place.format = match most {
                f if f == Format::Json as usize => "json",
                f if f == Format::Pairs as usize => "pairs",
                _ => "text",
            };
        }
        found
    }
}

/// What somebody has to supply.
fn missing(discovery: &Discovery) -> Vec<String> {
    let mut missing = Vec::new();
    if discovery.looked_at == 0 {
        missing.push("there is no log event to learn from".to_owned());
    } else if discovery.pipelines.is_empty() {
        missing.push("no value was found that several log events share and that names one message: name the field that does by `id`".to_owned());
    }
    for pipeline in &discovery.pipelines {
        if pipeline.stages.len() < 2 {
            missing.push(format!(
                "{}: only one stage was found, so nothing can be lost between stages",
                pipeline.name
            ));
        }
    }
    missing
}
