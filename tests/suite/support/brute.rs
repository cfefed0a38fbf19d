//! A filter put to one message in the plainest way: what the ledger's quick way is held against.

use lastseen::domain::terms::{Compare, Terms, Test, Value, Which};
use lastseen::domain::verdict::Flags;
use lastseen::domain::view::{AttributeValue, MessageRow};

/// Everything about a message that a filter may ask for.
pub(crate) struct Facts<'a> {
    pub(crate) row: &'a MessageRow,
    /// Every value of every attribute, from whichever sighting.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) sources: Vec<String>,
    pub(crate) streams: Vec<String>,
    pub(crate) regions: Vec<String>,
}

impl<'a> Facts<'a> {
    /// As far as a row tells.
    pub(crate) fn of_row(row: &'a MessageRow) -> Self {
        let mut attributes = Vec::new();
        for (name, value) in &row.attributes {
            let values = match value {
                AttributeValue::One(one) => vec![one],
                AttributeValue::Mixed(a, b) => vec![a, b],
            };
            attributes.extend(values.iter().map(|v| (name.to_string(), (*v).clone())));
        }
        Self {
            row,
            attributes,
            sources: vec![row.last_source.to_string()],
            streams: Vec::new(),
            regions: vec![region_of(&row.last_source)],
        }
    }

    pub(crate) fn hold(&self, terms: &Terms) -> bool {
        terms
            .0
            .iter()
            .all(|term| self.holds(&term.test) != term.not)
    }

    fn holds(&self, test: &Test) -> bool {
        let row = self.row;
        let mut ids = row.ids.iter();
        let mut attributes = self.attributes.iter();
        match test {
            Test::Any(value) => {
                ids.any(|id| is(value, id)) || attributes.any(|(_, said)| is(value, said))
            }
            Test::Id(value) => ids.any(|id| is(value, id)),
            Test::Attribute(name, value) => {
                attributes.any(|(known, said)| *known == **name && is(value, said))
            }
            Test::Source(value) => self.sources.iter().any(|name| is(value, name)),
            Test::Stream(value) => self.streams.iter().any(|name| is(value, name)),
            Test::Verdict(verdict) => row.verdict == *verdict,
            Test::Flag(flag) => Flags(row.flags.0 & flag.0) == *flag,
            Test::Stage(name) => row.last_stage == *name,
            Test::Env(name) => row.env == *name,
            Test::Pipeline(name) => row.pipeline == *name,
            Test::Region(value) => self.regions.iter().any(|name| is(value, name)),
            Test::Seen(seen) => {
                let (late, early) = match seen.which {
                    Which::Any => (row.last_seen, row.first_seen),
                    Which::First => (row.first_seen, row.first_seen),
                    Which::Last => (row.last_seen, row.last_seen),
                };
                let not_before = seen.from.is_none_or(|from| from <= late);
                not_before && seen.to.is_none_or(|to| early < to)
            }
        }
    }
}

fn is(value: &Value, text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    match value {
        Value::Is(wanted) => lower == wanted.to_ascii_lowercase(),
        Value::Has(wanted) => lower.contains(&wanted.to_ascii_lowercase()),
        Value::Matches(pattern) => regex::Regex::new(pattern.as_str()).unwrap().is_match(text),
        Value::Number(compare, wanted) => text.parse::<f64>().is_ok_and(|number| {
            let wanted: f64 = wanted.to_string().parse().unwrap();
            match compare {
                Compare::Less => number < wanted,
                Compare::AtMost => number <= wanted,
                Compare::More => number > wanted,
                Compare::AtLeast => number >= wanted,
            }
        }),
        Value::Anything => true,
    }
}

/// The region in a source's name: `prod/eu-central-1/…`.
fn region_of(source: &str) -> String {
    source.split('/').nth(1).unwrap_or_default().to_owned()
}
