//! Which IDs there are, and which of them name the same message.
//!
//! Links are kept as a graph and the unions derived from it, so that the order in which they arrive
//! does not matter: an ID with more links than a message can have (a tenant, a batch) turns out to be
//! a hub, and everything it had joined is taken apart again.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::chunked::Chunked;
use super::id::{IdKey, IdKind};
use super::rows::NO_ROW;

const NO_LINK: u32 = u32::MAX;

/// One ID of one scope, in half a cache line: every sighting looks one up.
#[derive(Clone, Copy, Debug)]
struct Node {
    key: [u8; 16],
    /// Newest row.
    head: u32,
    /// The next ID of the same message, in a ring.
    next: u32,
    /// The ID that stands for the message.
    root: u32,
    scope: u16,
    kind: u8,
    /// Different IDs it is linked to, counted up to 255.
    degree: u8,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    ends: [u32; 2],
    /// The next link of each end.
    next: [u32; 2],
}

/// Every ID of a run.
#[derive(Debug)]
pub struct Identities {
    nodes: Chunked<Node>,
    links: Chunked<Link>,
    /// By ID, as far as there are links: the newest one.
    newest_link: Vec<u32>,
    index: HashTable<u32>,
    arena: Vec<u8>,
    hasher: RandomState,
    /// In the order of their numbers.
    hubs: Vec<u32>,
}

impl Identities {
    /// None yet.
    #[must_use]
    pub fn new(hasher: RandomState) -> Self {
        Self {
            nodes: Chunked::default(),
            links: Chunked::default(),
            newest_link: Vec::new(),
            index: HashTable::new(),
            arena: Vec::new(),
            hasher,
            hubs: Vec::new(),
        }
    }

    /// How many IDs there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The ID that a hash most likely belongs to. Asking this for many IDs before looking at any of them
    /// lets the memory be fetched for all at once: most of the time of correlating is waiting for it.
    #[must_use]
    pub fn guess(&self, hash: u64) -> Option<u32> {
        self.index.find(hash, |_| true).copied()
    }

    /// A number below 2^32 drawn by lot for the message that `root` stands for: by its IDs alone, so
    /// that it is the same in every run.
    #[must_use]
    pub fn lot(&self, root: u32) -> u64 {
        let drawn = self.members(root).map(|id| {
            let key = self.nodes[id].id();
            let text = match key.kind {
                IdKind::Long => key.long(&self.arena),
                _ => &key.bytes[..],
            };
            // FNV-1a (Fowler, Noll and Vo), then the finisher of MurmurHash3.
            let hash = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
            });
            let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            hash ^ (hash >> 33)
        });
        drawn.fold(0, |all, one| all ^ one) >> 32
    }

    /// Whether an ID is this one; the text of a long one stands in `arena`.
    #[must_use]
    pub fn is(&self, id: u32, scope: u16, key: &IdKey, arena: &[u8]) -> bool {
        let node = &self.nodes[id];
        node.scope == scope
            && node.kind == key.kind as u8
            && match key.kind {
                IdKind::Long => node.id().long(&self.arena) == key.long(arena),
                _ => u128::from_ne_bytes(node.key) == u128::from_ne_bytes(key.bytes),
            }
    }

    /// The number of an ID that is known.
    #[must_use]
    pub fn find(&self, hash: u64, scope: u16, key: &IdKey, arena: &[u8]) -> Option<u32> {
        let same = |index: &u32| self.is(*index, scope, key, arena);
        self.index.find(hash, same).copied()
    }

    /// The number of an ID whose text, if long, stands in `arena`; and whether it is new.
    pub fn intern(&mut self, hash: u64, scope: u16, key: &IdKey, arena: &[u8]) -> (u32, bool) {
        let same = |index: &u32| self.is(*index, scope, key, arena);
        if let Some(found) = self.index.find(hash, same) {
            return (*found, false);
        }
        let number = self.nodes.len() as u32;
        let key = key.moved(arena, &mut self.arena);
        self.nodes.push(Node {
            key: key.bytes,
            head: NO_ROW,
            next: number,
            root: number,
            scope,
            kind: key.kind as u8,
            degree: 0,
        });
        let (nodes, own, hasher) = (&self.nodes, &self.arena, &self.hasher);
        self.index.insert_unique(hash, number, |index| {
            let node = &nodes[*index];
            hasher.hash_one((node.scope, node.kind, node.id().identity(own)))
        });
        (number, true)
    }

    /// Newest row of an ID.
    #[must_use]
    pub fn head(&self, id: u32) -> u32 {
        self.nodes[id].head
    }

    /// Makes `row` the newest row of an ID.
    pub fn set_head(&mut self, id: u32, row: u32) {
        self.nodes[id].head = row;
    }

    /// The ID that stands for the message.
    #[must_use]
    pub fn root(&self, id: u32) -> u32 {
        self.nodes[id].root
    }

    /// Pipeline and environment.
    #[must_use]
    pub fn scope(&self, id: u32) -> u16 {
        self.nodes[id].scope
    }

    /// The text of an ID.
    #[must_use]
    pub fn text(&self, id: u32) -> String {
        self.nodes[id].id().text(&self.arena)
    }

    /// Appends the text of an ID to a text.
    pub fn push_text(&self, id: u32, text: &mut String) {
        self.nodes[id].id().push_text(&self.arena, text);
    }

    /// Every ID of the same message, itself included.
    pub fn members(&self, id: u32) -> impl Iterator<Item = u32> {
        let mut at = Some(id);
        std::iter::from_fn(move || {
            let now = at?;
            let next = self.nodes[now].next;
            at = (next != id).then_some(next);
            Some(now)
        })
    }

    /// IDs with more links than a message can have.
    #[must_use]
    pub fn hubs(&self) -> &[u32] {
        &self.hubs
    }

    /// Records that two IDs name one message. `touched` is called with every ID whose message may now
    /// be another one.
    pub fn link(&mut self, a: u32, b: u32, max_links: usize, touched: &mut impl FnMut(u32)) {
        let limit = max_links.min(254) as u8;
        let (was_a, was_b) = (self.is_hub(a, limit), self.is_hub(b, limit));
        if a == b || (was_a && was_b) || self.linked(a, b) {
            return;
        }
        let number = self.links.len() as u32;
        self.newest_link.resize(self.nodes.len(), NO_LINK);
        self.links.push(Link {
            ends: [a, b],
            next: [self.newest_link(a), self.newest_link(b)],
        });
        for id in [a, b] {
            self.newest_link[id as usize] = number;
            self.nodes[id].degree = self.nodes[id].degree.saturating_add(1);
        }
        for (id, was) in [(a, was_a), (b, was_b)] {
            if !was && self.is_hub(id, limit) {
                let place = self.hubs.partition_point(|hub| *hub < id);
                self.hubs.insert(place, id);
                self.take_apart(id, limit, touched);
            }
        }
        if !self.is_hub(a, limit) && !self.is_hub(b, limit) {
            self.join(a, b, touched);
        }
    }

    /// Whether an ID turned out to be a hub.
    #[must_use]
    pub fn is_refused(&self, id: u32) -> bool {
        self.hubs.binary_search(&id).is_ok()
    }

    fn is_hub(&self, id: u32, limit: u8) -> bool {
        self.nodes[id].degree > limit
    }

    /// Whether the link is known; looks from the end with fewer links.
    fn linked(&self, a: u32, b: u32) -> bool {
        let (few, other) = if self.nodes[a].degree <= self.nodes[b].degree {
            (a, b)
        } else {
            (b, a)
        };
        self.neighbours(few).any(|id| id == other)
    }

    fn newest_link(&self, id: u32) -> u32 {
        self.newest_link
            .get(id as usize)
            .copied()
            .unwrap_or(NO_LINK)
    }

    fn neighbours(&self, id: u32) -> impl Iterator<Item = u32> {
        let mut at = self.newest_link(id);
        std::iter::from_fn(move || {
            if at == NO_LINK {
                return None;
            }
            let link = self.links[at];
            let side = usize::from(link.ends[1] == id);
            at = link.next[side];
            Some(link.ends[1 - side])
        })
    }

    fn join(&mut self, a: u32, b: u32, touched: &mut impl FnMut(u32)) {
        let (ra, rb) = (self.root(a), self.root(b));
        if ra == rb {
            return;
        }
        // The lower number stands for both: the result depends on nothing else.
        let (keep, gone) = (ra.min(rb), ra.max(rb));
        let members: Vec<u32> = self.members(gone).collect();
        for member in members {
            self.nodes[member].root = keep;
        }
        let (next_keep, next_gone) = (self.nodes[keep].next, self.nodes[gone].next);
        self.nodes[keep].next = next_gone;
        self.nodes[gone].next = next_keep;
        touched(gone);
        touched(keep);
    }

    /// Dissolves the message that a hub had joined, and joins again what other links hold together.
    fn take_apart(&mut self, hub: u32, limit: u8, touched: &mut impl FnMut(u32)) {
        let members: Vec<u32> = self.members(hub).collect();
        for member in &members {
            self.nodes[*member].next = *member;
            self.nodes[*member].root = *member;
            touched(*member);
        }
        for member in members {
            let neighbours: Vec<u32> = self.neighbours(member).collect();
            for other in neighbours {
                if !self.is_hub(member, limit) && !self.is_hub(other, limit) {
                    self.join(member, other, touched);
                }
            }
        }
    }
}

impl Node {
    const fn id(&self) -> IdKey {
        IdKey {
            bytes: self.key,
            kind: IdKind::from_bits(self.kind as u32),
        }
    }
}
