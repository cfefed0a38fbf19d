//! What a system is, from its logs alone: its IDs, what links them, its stages and their order.
//!
//! Pure: a corpus of log events goes in, a [`Discovery`] comes out, and the same corpus always gives
//! the same. It decides no verdict: what it finds becomes a configuration, and the run goes by that.

use std::collections::BTreeSet;

use crate::domain::discovery::{Discovery, Doubtful};
use corpus::Corpus;
use lines::Lines;
use messages::{Search, Travellers};
use placing::Placing;
use records::Parts;
use seen::Seen;
use zones::Ahead;

mod again;
mod answers;
mod attributes;
mod begins;
mod beside;
mod by_line;
mod carried;
mod clocks;
mod columns;
mod contained;
pub mod corpus;
mod deep;
mod doers;
mod drain;
mod early_ends;
mod endings;
mod ends;
mod families;
mod fewer;
mod flow;
mod hosts;
mod interned;
mod json;
mod keys;
mod kinds;
mod leading;
mod lines;
mod links;
mod marks;
mod mentions;
mod messages;
mod naming;
mod numbers;
mod order;
mod parts;
mod pipeline;
mod places;
mod placing;
mod platform;
mod process;
mod quick;
mod records;
mod refusals;
mod returning;
mod reuse;
mod room;
mod rules;
pub mod sampler;
mod seen;
mod selectors;
mod shape;
mod skips;
mod slots;
mod spans;
mod stages;
mod stem;
mod templates;
mod told;
mod traces;
mod tries;
mod trust;
mod union;
mod waits;
mod ways;
mod words;
mod zones;

/// So many kinds of messages are told apart.
const PIPELINES: usize = 8;
/// So many of what is not believed are told in full.
const DOUBTFUL: usize = 3;
/// So many inputs without a log event are told of.
const BARREN: usize = 3;

/// Finds out what there is to find out.
#[must_use]
pub fn discover(corpus: &Corpus) -> Discovery {
    let lines = Lines::read(corpus);
    let ahead = zones::ahead(corpus, &lines);
    if ahead.is_empty() {
        return of_lines(corpus, lines, &[]);
    }
    let moved: Vec<(usize, i64)> = ahead.iter().map(|one| (one.source, one.ms)).collect();
    let moved = corpus.moved(&moved);
    of_lines(&moved, Lines::read(&moved), &ahead)
}

/// The same of a corpus whose times are right, since the clocks that are `ahead` were put right.
fn of_lines(corpus: &Corpus, mut lines: Lines, ahead: &[Ahead]) -> Discovery {
    let (mut named, mut paths) = places::name(&corpus.sources);
    let mut kinds: Vec<String> = named.iter().map(|n| n.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    let place = |kind: &String| kinds.binary_search(kind).unwrap_or(0) as u32;
    let of_source: Vec<u32> = named.iter().map(|n| place(&n.kind)).collect();
    lines.merge_templates(&of_source);
    lines.name_stems();
    lines.name_cores();
    let placing = Placing::of(&lines, &of_source, &kinds);
    let fronts = begins::set(corpus, &mut lines, &placing.of_line);
    let mut families = families::find(&lines, &placing.of_line, &placing.names);
    beside::drop(&mut families, &lines, &placing.of_line);
    let mut borne = links::names(&lines, &placing.of_line, &families);
    let mentions = mentions::find(corpus, &lines, &placing, &mut families, &mut borne);
    let parts = Parts::find(corpus, &lines, &borne);
    let pairs = links::find(&placing.of_line, &borne, &parts);
    let bearing = (borne.as_slice(), &parts, placing.of_line.as_slice());
    let mut search = Search::new(&lines, &families, &pairs, bearing);
    let things = again::set_apart(&mut search, &placing.of_line);
    let travellers = search.travellers();
    let deep = deep::find(&lines, &placing.of_line);
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
        fronts: &fronts,
        corpus,
        lines: &lines,
        named: &named,
        kinds: &kinds,
        of_source: &of_source,
        placing: &placing,
        families: &families,
        links: &pairs,
        mentions: &mentions,
        deep: &deep,
    };
    let more = take(&seen, &travellers, &mut discovery);
    discovery
        .refused
        .extend(seen.refused_links(&search.taken, &things));
    discovery.places = ways::places(&seen, &borne);
    let open = std::mem::take(&mut discovery.missing);
    discovery.missing = missing(&discovery, &corpus.barren);
    discovery.missing.extend(open);
    zoned(corpus, ahead, &mut discovery);
    if more > 0 && discovery.pipelines.is_empty() {
        let words =
            format!("{more} more that stand in fewer log events were looked at and not taken");
        discovery.missing.push(words);
    }
    discovery
}

/// Tells which files are in another zone.
fn zoned(corpus: &Corpus, ahead: &[Ahead], discovery: &mut Discovery) {
    if ahead.is_empty() {
        return;
    }
    if discovery.paths.is_empty() && zones::can_be_told(corpus, ahead) {
        discovery.paths = zones::paths(corpus, ahead);
    } else {
        let words = ahead.iter().map(|one| zones::words(corpus, one));
        discovery.missing.extend(words);
    }
}

/// Takes what is believed for pipelines; tells how many more there are than can be told in full.
fn take(seen: &Seen<'_>, travellers: &[Travellers], discovery: &mut Discovery) -> usize {
    let (mut told, mut more): (BTreeSet<u32>, usize) = (BTreeSet::new(), 0);
    for travellers in travellers {
        if !seen::is_news(travellers, &told) {
            continue;
        }
        let Some(made) = pipeline::of(seen, travellers) else {
            continue;
        };
        let (pipeline, mut doubt) = (made.pipeline, made.doubt);
        if doubt.is_none() && discovery.pipelines.len() == PIPELINES {
            doubt = Some(format!("{PIPELINES} others have more log events"));
        }
        match doubt {
            None => {
                told.extend(travellers.messages.iter().flatten());
                discovery.pipelines.push(pipeline);
                discovery.missing.extend(made.open);
            }
            Some(why) if discovery.doubtful.len() < DOUBTFUL => {
                discovery.doubtful.push(Doubtful { pipeline, why });
            }
            Some(_) => more += 1,
        }
    }
    more
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

/// What somebody has to supply.
fn missing(discovery: &Discovery, barren: &[String]) -> Vec<String> {
    let mut missing = Vec::new();
    if discovery.looked_at == 0 {
        missing.push("there is no log event to learn from".to_owned());
    }
    for why in barren.iter().take(BARREN) {
        missing.push(why.clone());
    }
    if barren.len() > BARREN {
        missing.push(format!("and {} more like that", barren.len() - BARREN));
    }
    if discovery.looked_at == 0 || !discovery.pipelines.is_empty() {
        return missing;
    }
    if discovery.doubtful.is_empty() {
        missing.push("no value was found that several log events share and that names one message: name the field that does by `id`".to_owned());
    } else {
        missing.push(
            "nothing was found that surely names one message: name the field that does by `id`"
                .to_owned(),
        );
    }
    missing
}
