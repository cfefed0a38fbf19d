//! The signals of a whole run: what the batches gathered, in bounded tables.
//!
//! Within the bounds the order of the batches does not matter.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::activity::{MOST_STARTS, OF_STREAM, Seen};
use super::capped::Capped;
use super::gather::Gathered;
use super::series::{self, MOST_SERIES, Measured};
use super::trouble::{Lines, MOST_TEMPLATES, OF_TEMPLATE};
use super::view::{Activity, LeftOut, Series, Signals, Template, TemplatePlace};
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
    series: Capped<SeriesKey, Measured>,
}

/// Source, key, and stream; no stream stands for the whole source.
type SeriesKey = (SourceId, Arc<[u8]>, Option<Arc<str>>);

impl Default for Book {
    fn default() -> Self {
        Self {
            sources: BTreeMap::new(),
            streams: Capped::new(STREAMS),
            templates: Capped::new(MOST_TEMPLATES),
            series: Capped::new(MOST_SERIES),
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
                stream.merge_starts(seen);
            } else {
                whole.merge_starts(seen);
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
        self.add_series(source, gathered, names);
    }

    fn add_series(&mut self, source: SourceId, gathered: &Gathered, names: &[Arc<str>]) {
        for (stream, key, measured) in gathered.series.iter() {
            let key: Arc<[u8]> = key.into();
            let (_, time, place) = measured.peak();
            let new = |most| move || Measured::new(time, place, most);
            let name = names.get(stream as usize).filter(|name| !name.is_empty());
            if let Some(name) = name {
                let of_stream = (source, Arc::clone(&key), Some(Arc::clone(name)));
                let stream = self.series.entry(of_stream, new(series::OF_STREAM));
                stream.merge(measured);
            }
            let whole = self.series.entry((source, key, None), new(buckets::MOST));
            whole.merge(measured);
        }
        self.series.drop_more(gathered.series.table().dropped());
    }

    /// As it is shown.
    #[must_use]
    pub fn view(&self) -> Signals {
        let sources = self.sources.iter();
        let mut sources: Vec<Activity> = sources
            .filter_map(|(id, seen)| seen.view(*id, None))
            .collect();
        let mut streams: Vec<Activity> = self
            .streams
            .iter()
            .filter_map(|((source, name), seen)| seen.view(*source, Some(Arc::clone(name))))
            .collect();
        streams.sort_unstable_by(|a, b| (a.source, &a.stream).cmp(&(b.source, &b.stream)));
        for source in &mut sources {
            add_starts(source, &streams);
        }
        Signals {
            sources,
            streams,
            templates: self.templates(),
            series: self.series(),
            left_out: LeftOut {
                streams: self.streams.dropped(),
                templates: self.templates.dropped(),
                series: self.series.dropped(),
            },
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

    fn series(&self) -> Vec<Series> {
        let entries = self.series.iter();
        let mut series: Vec<Series> = entries
            .map(|((source, key, stream), measured)| Series {
                source: *source,
                stream: stream.clone(),
                key: String::from_utf8_lossy(key).into(),
                limit: measured.limit,
                count: measured.count,
                first: measured.span.from,
                last: measured.span.to,
                over_time: measured.over_time.clone(),
                peak: measured.peak(),
            })
            .collect();
        let place = |s: &Series| (s.source, Arc::clone(&s.key), s.stream.clone());
        series.sort_by_cached_key(place);
        series
    }
}

/// The starts of a source are those of its streams together.
fn add_starts(source: &mut Activity, streams: &[Activity]) {
    let first = streams.partition_point(|stream| stream.source < source.source);
    let own = streams[first..]
        .iter()
        .take_while(|stream| stream.source == source.source);
    for stream in own {
        source.started += stream.started;
        source.starts.extend(&stream.starts);
    }
    source.starts.sort_unstable();
    source.starts.truncate(MOST_STARTS);
}
