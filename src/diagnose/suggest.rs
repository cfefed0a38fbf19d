//! What a hunt's finds suggest: which log group belongs into the configuration, and where.
//!
//! What was seen is a fact; where in the pipeline it belongs is inferred from times, and says
//! "likely".

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::domain::event::SourceKind;
use crate::domain::hunt::{Hunt, Place, Standing};
use crate::domain::show::{count, duration};
use crate::domain::toml::{key, quoted};

/// A place to add, with the lines that add it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// The environment.
    pub env: Arc<str>,
    /// The region; empty where it has none.
    pub region: Arc<str>,
    /// The glob that means the log groups.
    pub glob: String,
    /// The log groups or files themselves.
    pub places: Vec<Arc<str>>,
    /// What was seen there, and what that makes likely.
    pub sentence: String,
    /// Lines for lastseen.toml.
    pub lines: Vec<String>,
}

/// One suggestion for each place, or group of places of one name, that is news to the configuration,
/// what explains most messages first.
#[must_use]
pub fn suggestions(hunt: &Hunt) -> Vec<Suggestion> {
    let mut by_glob: BTreeMap<_, Vec<&Place>> = BTreeMap::new();
    for place in hunt.places.iter().filter(|p| p.standing == Standing::New) {
        let key = (place.env.clone(), place.region.clone(), glob(place));
        by_glob.entry(key).or_default().push(place);
    }
    let mut found: Vec<(usize, Suggestion)> = by_glob
        .into_iter()
        .map(|((env, region, glob), places)| {
            let seen = Seen::of(hunt, &places);
            let suggestion = Suggestion {
                sentence: sentence(hunt, &seen, &places, &region, &glob),
                lines: lines(hunt, &seen, places[0], &glob),
                places: places.iter().map(|place| place.name.clone()).collect(),
                env,
                region,
                glob,
            };
            (seen.messages, suggestion)
        })
        .collect();
    // Stable: equal ones stay in the order of their names.
    found.sort_by_key(|(messages, _)| std::cmp::Reverse(*messages));
    found
        .into_iter()
        .map(|(_, suggestion)| suggestion)
        .collect()
}

/// What some places say of the messages.
struct Seen {
    messages: usize,
    /// Pipeline and stage where most of them were last seen, how many those are, and how much later
    /// they are mentioned here on average, in milliseconds.
    after: Option<(Arc<str>, Arc<str>, usize, i64)>,
}

impl Seen {
    fn of(hunt: &Hunt, places: &[&Place]) -> Self {
        let mut first = BTreeMap::new();
        for find in places.iter().flat_map(|place| &place.finds) {
            let time = first.entry(find.target).or_insert(find.first);
            *time = (*time).min(find.first);
        }
        let mut stages: BTreeMap<(Arc<str>, Arc<str>), Vec<i64>> = BTreeMap::new();
        for (target, time) in &first {
            if let Some(last) = hunt.targets.get(*target).and_then(|t| t.last.as_ref()) {
                let key = (Arc::clone(&last.pipeline), Arc::clone(&last.stage));
                stages.entry(key).or_default().push(time.since(last.time));
            }
        }
        let most = stages.into_iter().max_by_key(|(_, delays)| delays.len());
        let after = most.map(|((pipeline, stage), delays)| {
            let sum: i128 = delays.iter().map(|delay| i128::from(*delay)).sum();
            let mean = sum / delays.len() as i128;
            (pipeline, stage, delays.len(), mean as i64)
        });
        Self {
            messages: first.len(),
            after,
        }
    }
}

fn sentence(hunt: &Hunt, seen: &Seen, places: &[&Place], region: &str, glob: &str) -> String {
    let of = count(hunt.targets.len() as u64);
    let number = count(seen.messages as u64);
    let lost = hunt.targets.iter().any(|target| target.last.is_some());
    let what = if lost { "lost messages" } else { "IDs" };
    let mut text = glob.to_owned();
    if !region.is_empty() {
        let _infallible = write!(text, " in {region}");
    }
    let _infallible = write!(text, ": mentions {number} of {of} {what}");
    if let Some((_, stage, _, mean)) = &seen.after {
        let apart = duration(mean.abs());
        let (when, likely) = if *mean >= 0 {
            ("after", format!(" -> likely a stage after `{stage}`"))
        } else {
            // Clocks may differ, so a little earlier says nothing.
            ("before", String::new())
        };
        let _infallible = write!(
            text,
            ", on average {apart} {when} they were last seen at {stage}{likely}"
        );
    }
    if places.iter().all(|place| place.familiar) {
        text.push_str("; its pattern is configured, its region is not");
    }
    text
}

fn lines(hunt: &Hunt, seen: &Seen, place: &Place, glob: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let configured = hunt.configured.iter().find(|(env, _)| *env == place.env);
    let regions = configured.map_or(&[][..], |(_, regions)| regions);
    let known = regions.iter().any(|region| **region == *place.region);
    if place.kind == SourceKind::CloudWatch && !known {
        let all = regions.iter().map(String::as_str);
        let all: Vec<String> = all.chain([&*place.region]).map(quoted).collect();
        lines.push("[[environment]]".to_owned());
        lines.push(format!("name    = {}", quoted(&place.env)));
        lines.push(format!("regions = [{}]", all.join(", ")));
    }
    if !place.familiar {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let pipeline = seen.after.as_ref().map(|(pipeline, ..)| &**pipeline);
        let pipeline = pipeline.unwrap_or("NAME");
        let after = seen.after.as_ref().filter(|(.., mean)| *mean >= 0);
        lines.push(format!("[[pipeline.{}.stage]]", key(pipeline)));
        lines.push(format!("name  = {}", quoted(&stage_name(glob))));
        if let Some((_, stage, ..)) = after {
            lines.push(format!("after = [{}]", quoted(stage)));
        }
        lines.push(format!("from  = [{}]", quoted(glob)));
    }
    lines
}

/// The name of a log group as a glob: environment and region left open, and a last part that looks
/// like an instance's own.
fn glob(place: &Place) -> String {
    let mut name = place.group.to_string();
    if place.kind == SourceKind::CloudWatch
        && let Some(at) = name.rfind(['-', '.', '_'])
    {
        let tail = &name[at + 1..];
        let own = tail.len() >= 4 && tail.bytes().any(|b| b.is_ascii_digit());
        if own && tail.bytes().all(|b| b.is_ascii_alphanumeric()) && *place.region != *tail {
            name.truncate(at);
            name.push('*');
        }
    }
    if !place.region.is_empty() {
        name = name.replace(&*place.region, "{region}");
    }
    let mut open = String::new();
    for part in name.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        if word == &*place.env {
            open.push_str("{env}");
            open.push_str(&part[word.len()..]);
        } else {
            open.push_str(part);
        }
    }
    open
}

/// The last word of a glob that can name a stage.
fn stage_name(glob: &str) -> String {
    let words = glob.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
    let mut words = words.filter(|word| !word.is_empty() && !["env", "region"].contains(word));
    let name = words.next_back().unwrap_or("new");
    name.trim_end_matches(['-', '_']).to_owned()
}
