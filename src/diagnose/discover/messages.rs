//! What travels: the IDs that belong together, and every message with all the lines that name it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::corpus::Corpus;
use super::families::Families;
use super::lines::{Key, Lines};
use super::links::{self, Link, Names};
use super::union::Union;

/// A message that has so many values of one ID is one made of many.
const MERGED: usize = 8;

/// One kind of message.
#[derive(Debug, Default)]
pub(super) struct Travellers {
    /// The IDs it has, most lines first.
    pub(super) families: Vec<usize>,
    /// Links between them, as indices.
    pub(super) links: Vec<usize>,
    /// The lines of every message, in the order of their times.
    pub(super) messages: Vec<Vec<u32>>,
}

/// Everything that travels, what stands in most places first; and for each link whether it is taken.
pub(super) fn find(
    corpus: &Corpus,
    lines: &Lines,
    families: &Families,
    links: &[Link],
    names: &[Names],
) -> (Vec<Travellers>, Vec<bool>) {
    let mut taken: Vec<bool> = links.iter().map(Link::is_functional).collect();
    let platform: Vec<bool> = lines
        .lines
        .iter()
        .map(|line| is_platform(corpus, lines, line.event, &line.fields))
        .collect();
    // What makes one message of many is found by doing it.
    while let Some(worst) = merging(families, links, &taken, names) {
        taken[worst] = false;
    }
    let mut found = Vec::new();
    for members in links::components(families.families.len(), links, &taken) {
        let mut chosen: BTreeSet<usize> = members.into_iter().collect();
        prune(
            &mut chosen,
            families,
            links,
            &taken,
            names,
            lines,
            &platform,
        );
        let messages = gather(&chosen, names, lines, &platform);
        let repeated = messages.iter().filter(|m| m.len() > 1).count();
        if messages.len() < 2 || repeated * 4 < messages.len() {
            continue;
        }
        let mut ordered: Vec<usize> = chosen.iter().copied().collect();
        ordered.sort_by_key(|f| (std::cmp::Reverse(families.families[*f].lines), *f));
        let own = |link: &Link| chosen.contains(&link.a) && chosen.contains(&link.b);
        found.push(Travellers {
            links: (0..links.len())
                .filter(|l| taken[*l] && own(&links[*l]))
                .collect(),
            families: ordered,
            messages,
        });
    }
    let reach = |t: &Travellers| {
        let places: BTreeSet<u32> = t
            .families
            .iter()
            .flat_map(|f| families.families[*f].places.iter().copied())
            .collect();
        let named: usize = t.messages.iter().map(Vec::len).sum();
        (places.len(), named)
    };
    found.sort_by_key(|t| std::cmp::Reverse(reach(t)));
    (found, taken)
}

/// What the platform says of its own: an invocation is no message.
fn is_platform(corpus: &Corpus, lines: &Lines, event: u32, fields: &[(u32, u32)]) -> bool {
    let text = corpus.text(&corpus.events[event as usize]);
    let begins = [
        &b"START RequestId: "[..],
        b"END RequestId: ",
        b"REPORT RequestId: ",
        b"INIT_START ",
        b"XRAY TraceId: ",
    ];
    if begins.iter().any(|b| text.starts_with(b)) {
        return true;
    }
    text.first() == Some(&b'{')
        && fields.iter().any(|(key, value)| {
            matches!(lines.keys.of(*key), Key::Field(path) if path == "type")
                && lines.values.of(*value).starts_with("platform.")
        })
}

/// The link that makes one message of many, if there is one.
fn merging(families: &Families, links: &[Link], taken: &[bool], names: &[Names]) -> Option<usize> {
    for members in links::components(families.families.len(), links, taken) {
        if members.len() < 2 {
            continue;
        }
        let chosen: BTreeSet<usize> = members.into_iter().collect();
        let (mut nodes, mut union) = join(&chosen, names);
        let mut sizes: HashMap<(usize, usize), usize> = HashMap::new();
        for ((family, _), node) in nodes.drain() {
            *sizes.entry((union.root(node), family)).or_default() += 1;
        }
        let total = sizes.len();
        let big = sizes.values().filter(|n| **n > MERGED).count();
        if big * 500 > total || sizes.values().any(|n| *n > 100 && *n * 10 > total) {
            let own = |l: &usize| {
                taken[*l] && chosen.contains(&links[*l].a) && chosen.contains(&links[*l].b)
            };
            let spread = |l: usize| ((links[l].a_per_b * links[l].b_per_a) * 1000.0) as u64;
            return (0..links.len()).filter(own).max_by_key(|l| spread(*l));
        }
    }
    None
}

/// Joins the values that stand in one line.
fn join(chosen: &BTreeSet<usize>, names: &[Names]) -> (HashMap<(usize, u32), usize>, Union) {
    let mut nodes: HashMap<(usize, u32), usize> = HashMap::new();
    let mut union = Union::default();
    for names in names {
        let own: Vec<&(usize, u32)> = names.iter().filter(|(f, _)| chosen.contains(f)).collect();
        // Several of one ID are a list: none of them is another's name.
        let list = own.windows(2).any(|pair| pair[0].0 == pair[1].0);
        let mut first = None;
        for name in own {
            let node = *nodes.entry(*name).or_insert_with(|| union.push());
            match first {
                Some(first) if !list => union.join(first, node),
                _ => first = Some(node),
            }
        }
    }
    (nodes, union)
}

/// Leaves out the IDs that add nothing: neither a place, nor a link, nor an earlier or later line.
fn prune(
    chosen: &mut BTreeSet<usize>,
    families: &Families,
    links: &[Link],
    taken: &[bool],
    names: &[Names],
    lines: &Lines,
    platform: &[bool],
) {
    let places = |set: &BTreeSet<usize>| -> BTreeSet<u32> {
        set.iter()
            .flat_map(|f| families.families[*f].places.iter().copied())
            .collect()
    };
    let mut order: Vec<usize> = chosen.iter().copied().collect();
    // An invocation is the last thing that a message should be known by.
    order.sort_by_key(|f| {
        let family = &families.families[*f];
        let slots = family.slots.iter().map(|slot| families.slots[*slot].key);
        let invocation = slots.map(|key| lines.keys.of(key)).any(is_invocation);
        (!invocation, family.places.len(), family.lines)
    });
    for family in order {
        let mut without = chosen.clone();
        without.remove(&family);
        if !without.is_empty()
            && places(&without) == places(chosen)
            && links::connected(&without, links, taken)
            && !extends(family, chosen, names, lines, platform)
        {
            *chosen = without;
        }
    }
}

/// Whether a name says that an ID is of an invocation, which may carry several messages or none.
fn is_invocation(key: &Key) -> bool {
    let name = super::templates::name(key).to_lowercase();
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    ["requestid", "invocationid", "executionid", "awsrequestid"]
        .iter()
        .any(|end| plain.ends_with(end))
}

/// Whether messages begin or end with lines that have only this ID.
fn extends(
    family: usize,
    chosen: &BTreeSet<usize>,
    names: &[Names],
    lines: &Lines,
    platform: &[bool],
) -> bool {
    let messages = gather(chosen, names, lines, platform);
    let only = |line: u32| {
        let mut own = names[line as usize]
            .iter()
            .filter(|(f, _)| chosen.contains(f));
        own.all(|(f, _)| *f == family)
    };
    let longer: Vec<&Vec<u32>> = messages.iter().filter(|m| m.len() > 1).collect();
    let ends = longer
        .iter()
        .filter(|m| m.first().is_some_and(|l| only(*l)) || m.last().is_some_and(|l| only(*l)));
    // Lines that have only this ID and lead nowhere are no beginnings.
    let alone = messages
        .iter()
        .filter(|m| m.iter().all(|l| only(*l)))
        .count();
    let ends = ends.filter(|m| !m.iter().all(|l| only(*l))).count();
    ends * 4 > longer.len() && alone * 3 < ends
}

/// The lines of every message.
fn gather(
    chosen: &BTreeSet<usize>,
    names: &[Names],
    lines: &Lines,
    platform: &[bool],
) -> Vec<Vec<u32>> {
    let (nodes, mut union) = join(chosen, names);
    let mut of_root: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (index, names) in names.iter().enumerate().filter(|(i, _)| !platform[*i]) {
        let mut roots: Vec<usize> = names
            .iter()
            .filter_map(|n| nodes.get(n))
            .map(|n| union.root(*n))
            .collect();
        roots.sort_unstable();
        roots.dedup();
        for root in roots {
            of_root.entry(root).or_default().push(index as u32);
        }
    }
    let mut messages: Vec<Vec<u32>> = of_root.into_values().collect();
    for message in &mut messages {
        message.sort_by_key(|line| (lines.lines[*line as usize].time, *line));
    }
    messages
}
