//! The field paths that are looked for in one walk, as a tree of keys.
//!
//! Built once for a source; `json` and `logfmt` ask it key by key.

use super::pattern::FieldPath;

/// The set of paths that are looked for. A slot is the index of a path.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    children: Vec<Child>,
    /// Bit `n % 64` is set when some key here is `n` bytes long: most keys are ruled out by length.
    lengths: u64,
}

/// A key that paths lead through.
#[derive(Clone, Debug)]
pub(super) struct Child {
    key: Vec<u8>,
    /// The path that ends here.
    pub(super) slot: Option<usize>,
    /// Where longer paths go on.
    pub(super) node: Option<usize>,
    /// Which bit of a walk's "seen" set belongs to this key.
    pub(super) entry: usize,
}

impl Wanted {
    /// Looks for these paths, which must differ from each other.
    #[must_use]
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a FieldPath>) -> Self {
        let mut wanted = Self {
            nodes: vec![Node::default()],
        };
        for (slot, path) in paths.into_iter().enumerate() {
            let parts: Vec<&str> = path.parts().iter().map(AsRef::as_ref).collect();
            wanted.add(&parts, slot);
            // Many loggers write `trace.id` as one key; with the path as it stands it is the same field.
            if parts.len() > 1 {
                let flat = parts.join(".");
                if wanted.find(0, flat.as_bytes()).is_none() {
                    wanted.add(&[&flat], slot);
                }
            }
        }
        wanted
    }

    fn add(&mut self, parts: &[&str], slot: usize) {
        let mut at = 0;
        let last = parts.len() - 1;
        for (depth, part) in parts.iter().enumerate() {
            let key = part.as_bytes();
            let found = self.nodes[at].children.iter().position(|c| c.key == key);
            let index = found.unwrap_or_else(|| {
                let node = &mut self.nodes[at];
                let entry = node.children.len();
                node.lengths |= 1 << (key.len() % 64);
                node.children.push(Child {
                    key: key.to_vec(),
                    slot: None,
                    node: None,
                    entry,
                });
                node.children.len() - 1
            });
            if depth == last {
                self.nodes[at].children[index].slot = Some(slot);
            } else if let Some(next) = self.nodes[at].children[index].node {
                at = next;
            } else {
                let next = self.nodes.len();
                self.nodes.push(Node::default());
                self.nodes[at].children[index].node = Some(next);
                at = next;
            }
        }
    }

    /// The slot and the number of a key of the top level, for texts that have no other.
    pub(super) fn top(&self, key: &[u8]) -> Option<(usize, usize)> {
        let child = self.find(0, key)?;
        Some((child.slot?, child.entry))
    }

    /// What is wanted of a key.
    pub(super) fn find(&self, node: usize, key: &[u8]) -> Option<&Child> {
        let node = &self.nodes[node];
        if node.lengths & (1 << (key.len() % 64)) == 0 {
            return None;
        }
        let (first, last) = (key.first(), key.last());
        // Keys of one length mostly differ at an end: that is cheaper to see than to call memcmp.
        node.children.iter().find(|child| {
            child.key.len() == key.len()
                && child.key.first() == first
                && child.key.last() == last
                && child.key == key
        })
    }
}
