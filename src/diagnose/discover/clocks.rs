//! Whose clock told the time of a line: the stream it stands in, and the host that the line names. Many hosts
//! may write to one stream, each with an error of its own.

use std::collections::{BTreeSet, HashMap};

use super::lines::{Key, Lines};
use super::seen::Seen;

/// Names of fields that say who wrote a line.
const HOSTS: [&str; 14] = [
    "host",
    "hostname",
    "node",
    "nodename",
    "pod",
    "podname",
    "instance",
    "instanceid",
    "machine",
    "server",
    "container",
    "containerid",
    "task",
    "worker",
];
/// A field with more values than this names something else.
const MOST: usize = 200;

/// Every clock under a number.
pub(super) struct Clocks {
    hosts: BTreeSet<u32>,
    known: HashMap<(u32, u32), u32>,
}

impl Clocks {
    pub(super) fn of(lines: &Lines) -> Self {
        let keys = 0..lines.keys.all.len() as u32;
        let mut hosts: BTreeSet<u32> = keys.filter(|key| is_host(lines.keys.of(*key))).collect();
        let mut values: HashMap<u32, BTreeSet<u32>> = HashMap::new();
        for (key, value) in lines.all.iter().flat_map(|line| &line.fields) {
            if hosts.contains(key) {
                let values = values.entry(*key).or_default();
                if values.len() <= MOST {
                    values.insert(*value);
                }
            }
        }
        hosts.retain(|key| values.get(key).is_some_and(|values| values.len() <= MOST));
        Self {
            hosts,
            known: HashMap::new(),
        }
    }

    /// The clock of a line.
    pub(super) fn clock(&mut self, seen: &Seen<'_>, index: u32) -> u32 {
        let line = &seen.lines.all[index as usize];
        let mut fields = line.fields.iter();
        let host = fields.find(|(key, _)| self.hosts.contains(key));
        let stream = seen.corpus.events[line.event as usize].stream;
        let next = self.known.len() as u32;
        let host = host.map_or(u32::MAX, |(_, value)| *value);
        *self.known.entry((stream, host)).or_insert(next)
    }
}

fn is_host(key: &Key) -> bool {
    let (Key::Field(path) | Key::Inner(path)) = key else {
        return false;
    };
    let last = path.rsplit('.').next().unwrap_or_default();
    let letters = last.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    HOSTS.contains(&plain.as_str())
}
