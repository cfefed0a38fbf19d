//! Lines that list records (a batch that a function is called with): what one record names is of one message,
//! what another names of another, as in the run ([`crate::domain::records`]).

use std::collections::BTreeMap;

use super::corpus::Corpus;
use super::lines::Lines;
use crate::domain::fields::Place;
use crate::domain::mention::stands_alone;
use crate::domain::records::Records;

/// What a line names: family and value, each once.
pub(super) type Names = Vec<(usize, u32)>;

/// Shorter values stand in other records by chance.
const LEAST: usize = 5;

/// The names of the lines that list records, record by record; last what stands in none.
#[derive(Debug, Default)]
pub(super) struct Parts(BTreeMap<usize, Vec<Names>>);

impl Parts {
    /// Looks where the names of each line stand.
    pub(super) fn find(corpus: &Corpus, lines: &Lines, borne: &[Names]) -> Self {
        let mut parts = BTreeMap::new();
        let mut records = Records::default();
        for (index, names) in borne.iter().enumerate() {
            if repeated(names).next().is_none() {
                continue;
            }
            let event = &corpus.events[lines.all[index].event as usize];
            let text = corpus.text(event);
            records.clear();
            records.find(text, Place::Original, 0);
            if !records.is_empty() {
                parts.insert(index, split(text, &records, (lines, names)));
            }
        }
        Self(parts)
    }

    /// The names of a line that belong together: all, where it lists no records.
    pub(super) fn of<'a>(&'a self, line: usize, names: &'a Names) -> &'a [Names] {
        let parts = self.0.get(&line);
        parts.map_or(std::slice::from_ref(names), Vec::as_slice)
    }
}

/// The IDs of which a line has several values.
pub(super) fn repeated(names: &Names) -> impl Iterator<Item = usize> {
    let again = |(at, (family, _)): &(usize, &(usize, u32))| {
        names[..*at].iter().any(|(other, _)| other == family)
    };
    let names = names.iter().enumerate().filter(again);
    names.map(|(_, (family, _))| *family)
}

fn split(text: &[u8], records: &Records, (lines, names): (&Lines, &Names)) -> Vec<Names> {
    let (mut within, mut outside): (BTreeMap<usize, Names>, Names) = Default::default();
    for name in names {
        let value = lines.values.of(name.1).as_bytes();
        let mut found = false;
        for at in memchr::memmem::find_iter(text, value).filter(|_| value.len() >= LEAST) {
            if stands_alone(text, at, at + value.len())
                && let Some(record) = records.at(Place::Original, at)
            {
                found = true;
                let own = within.entry(record).or_default();
                if !own.contains(name) {
                    own.push(*name);
                }
            }
        }
        if !found {
            outside.push(*name);
        }
    }
    within.into_values().chain([outside]).collect()
}
