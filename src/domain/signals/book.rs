//! The signals of a whole run: what the batches gathered, in bounded tables.
//!
//! Within the bounds the order of the batches does not matter.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::activity::{OF_STREAM, Seen};
use super::capped::Capped;
use super::gather::Gathered;
use super::trouble::{Lines, MOST_TEMPLATES, OF_TEMPLATE};
use super::view::{Activity, LeftOut, Signals, Template, TemplatePlace};
use crate::domain::buckets;
use crate::domain::event::SourceId;

/// So many streams are kept for certain.
const STREAMS: usize = 4_096;

/// See the module.
#[derive(Debug)]
pub struct Book {
    sources: BTreeMap<SourceId, Seen>,
    streams: Capped<(SourceId, Arc<str>), Seen>,
    templates: Capped<(SourceId, Arc<[u8]>), Lines>,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            sources: BTreeMap::new(),
            streams: Capped::new(STREAMS),
            templates: Capped::new(MOST_TEMPLATES),
        }
    }
}

impl Book {
    /// Adds what a batch told; `names` are its streams.
    pub fn add(&mut self, source: SourceId, gathered: &Gathered, names: &[Arc<str>]) {
        let whole = self
            .sources
            .entry(source)
            .or_insert_with(|| Seen::new(buckets::MOST));
        for (seen, name) in gathered.streams.iter().zip(names) {
            whole.merge(seen);
            if !name.is_empty() && seen.events > 0 {
                let key = (source, Arc::clone(name));
                let stream = self.streams.entry(key, || Seen::new(OF_STREAM));
                stream.merge(seen);
            }
        }
        for (text, lines) in gathered.troubles.templates.iter() {
            let key = (source, Arc::from(&**text));
            let (time, example) = lines.example;
            let new = || Lines::new(time, example, OF_TEMPLATE);
            self.templates.entry(key, new).merge(lines);
        }
        self.templates
            .drop_more(gathered.troubles.templates.dropped());
    }

    /// As it is shown.
    #[must_use]
    pub fn view(&self) -> Signals {
        let sources = self.sources.iter();
        let mut streams: Vec<Activity> = self
            .streams
            .iter()
            .filter_map(|((source, name), seen)| seen.view(*source, Some(Arc::clone(name))))
            .collect();
        streams.sort_unstable_by(|a, b| (a.source, &a.stream).cmp(&(b.source, &b.stream)));
        Signals {
            sources: sources
                .filter_map(|(id, seen)| seen.view(*id, None))
                .collect(),
            streams,
            templates: self.templates(),
            left_out: LeftOut {
                streams: self.streams.dropped(),
                templates: self.templates.dropped(),
                ..LeftOut::default()
            },
            ..Signals::default()
        }
    }

    /// Every template with its places, the most frequent first.
    fn templates(&self) -> Vec<Template> {
        let mut by_text: BTreeMap<&[u8], Template> = BTreeMap::new();
        for ((source, text), lines) in self.templates.iter() {
            let template = by_text.entry(text).or_insert_with(|| Template {
                text: String::from_utf8_lossy(text).into(),
                severity: lines.severity,
                places: Vec::new(),
            });
            template.severity = template.severity.max(lines.severity);
            template.places.push(TemplatePlace {
                source: *source,
                count: lines.count,
                named: lines.named,
                first: lines.span.from,
                last: lines.span.to,
                over_time: lines.over_time.clone(),
                example: lines.example.1,
            });
        }
        let mut templates: Vec<Template> = by_text.into_values().collect();
        for template in &mut templates {
            template.places.sort_unstable_by_key(|place| place.source);
        }
        // Stable: equal ones stay in the order of their texts.
        templates.sort_by_key(|template| Reverse(template.count()));
        templates
    }
}
