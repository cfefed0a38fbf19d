//! Disjoint sets, by union and path halving.

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Union(Vec<u32>);

impl Union {
    pub(super) fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// One more, alone.
    pub(super) fn push(&mut self) -> usize {
        self.0.push(self.0.len() as u32);
        self.0.len() - 1
    }

    pub(super) fn root(&mut self, mut index: usize) -> usize {
        while self.0[index] as usize != index {
            let up = self.0[index] as usize;
            self.0[index] = self.0[up];
            index = up;
        }
        index
    }

    /// The smaller root stays, so that the order of joining does not matter.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.0[high] = low as u32;
    }
}
