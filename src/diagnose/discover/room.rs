//! How much room the values of a kind leave: an ID is drawn from many more values than there are, what
//! numbers the parts of a machine is not.

use std::collections::{BTreeMap, BTreeSet};

/// So many bits are room enough for an ID that nothing but its own looks announce.
const BITS: f64 = 24.0;
/// Fewer values show less room than there is: so many times the bits that their number takes are enough.
const TIMES: f64 = 6.0;
/// Values of this many lengths and divisions are of one make, in percent of all.
const ALIKE: usize = 90;

/// Whether values look like IDs whatever stands before them: of one make, and with room to spare.
pub(super) fn is_ample<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let mut makes: BTreeMap<Vec<u8>, Vec<&str>> = BTreeMap::new();
    let mut all = 0;
    for value in values {
        makes.entry(make(value)).or_default().push(value);
        all += 1;
    }
    let mut makes: Vec<Vec<&str>> = makes.into_values().collect();
    makes.sort_by_key(|values| std::cmp::Reverse(values.len()));
    let alike: usize = makes.iter().take(2).map(Vec::len).sum();
    let Some(most) = makes.first().filter(|_| alike * 100 >= all * ALIKE) else {
        return false;
    };
    let differ = (0..most[0].len())
        .map(|at| {
            most.iter()
                .map(|value| value.as_bytes()[at])
                .collect::<BTreeSet<u8>>()
                .len()
        })
        .filter(|distinct| *distinct > 1);
    let bits: f64 = differ.map(|distinct| (distinct as f64).log2()).sum();
    most.len() > 1 && bits >= BITS.min(TIMES * (most.len() as f64).log2())
}

/// A value with every letter and digit made one.
fn make(value: &str) -> Vec<u8> {
    value
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                b'x'
            } else {
                byte
            }
        })
        .collect()
}
