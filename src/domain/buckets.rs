//! Something counted over time, coarsely: buckets whose width doubles when there are too many.
//!
//! Bucket bounds are multiples of the width since 1970, and only buckets that hold something are kept. So
//! the width is the least at which everything fits, whatever the order of arrival, and one event with a
//! wrong date costs one bucket and not the resolution of all others.

use super::time::Timestamp;

/// The least width of a bucket, in milliseconds.
const LEAST_MS: i64 = 1_000;
/// Later times (of the year 10889) share the last bucket.
const LATEST_MS: i64 = 1 << 48;

/// So many buckets are kept where nothing else is said.
pub const MOST: u16 = 512;

/// What a bucket can hold. To absorb must commute and associate.
pub trait Cell: Clone + Default {
    /// Adds what another bucket holds.
    fn absorb(&mut self, other: &Self);
}

impl Cell for u64 {
    fn absorb(&mut self, other: &Self) {
        *self += other;
    }
}

/// See the module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Buckets<C> {
    most: u16,
    /// The width is the least one, doubled so often.
    step: u32,
    /// By number of the bucket since 1970.
    cells: Vec<(i64, C)>,
}

impl<C: Cell> Default for Buckets<C> {
    fn default() -> Self {
        Self::new(MOST)
    }
}

impl<C: Cell> Buckets<C> {
    /// At most `most` buckets, and at least one.
    #[must_use]
    pub const fn new(most: u16) -> Self {
        Self {
            most: if most == 0 { 1 } else { most },
            step: 0,
            cells: Vec::new(),
        }
    }

    /// The bucket that a time falls into.
    pub fn at(&mut self, time: Timestamp) -> &mut C {
        let number = time.0.clamp(0, LATEST_MS) / LEAST_MS;
        let place = loop {
            match self.find(number >> self.step) {
                Ok(place) => break place,
                Err(place) if self.cells.len() < usize::from(self.most) => {
                    self.cells
                        .insert(place, (number >> self.step, C::default()));
                    break place;
                }
                Err(_) => self.coarsen(self.step + 1),
            }
        };
        &mut self.cells[place].1
    }

    /// Where a bucket is or belongs. Without gaps behind it, its place follows from the last one.
    fn find(&self, number: i64) -> Result<usize, usize> {
        let Some((last, _)) = self.cells.last() else {
            return Err(0);
        };
        let behind = usize::try_from(last - number).unwrap_or(usize::MAX);
        let guess = (self.cells.len() - 1).wrapping_sub(behind);
        if self.cells.get(guess).is_some_and(|(at, _)| *at == number) {
            return Ok(guess);
        }
        self.cells.binary_search_by_key(&number, |(at, _)| *at)
    }

    /// Makes the buckets so wide, if they are not.
    fn coarsen(&mut self, step: u32) {
        let by = step.saturating_sub(self.step);
        if by == 0 {
            return;
        }
        self.step = step;
        for (number, _) in &mut self.cells {
            *number >>= by;
        }
        self.cells.dedup_by(|(number, cell), (before, kept)| {
            let same = number == before;
            if same {
                kept.absorb(cell);
            }
            same
        });
    }

    /// Adds what others hold. The result does not depend on how things were shared out between them, as
    /// long as the others may have at least as many buckets.
    pub fn merge(&mut self, other: &Self) {
        self.coarsen(other.step);
        for (start, cell) in other.iter() {
            self.at(start).absorb(cell);
        }
    }

    /// How wide each bucket is, in milliseconds.
    #[must_use]
    pub const fn width_ms(&self) -> i64 {
        LEAST_MS << self.step
    }

    /// Every bucket that holds something, with its first millisecond, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Timestamp, &C)> + ExactSizeIterator {
        let width = self.width_ms();
        self.cells
            .iter()
            .map(move |(number, cell)| (Timestamp(number * width), cell))
    }

    /// What the bucket of this time holds, if anything.
    #[must_use]
    pub fn get(&self, time: Timestamp) -> Option<&C> {
        let number = time.0.clamp(0, LATEST_MS) / self.width_ms();
        self.find(number).ok().map(|place| &self.cells[place].1)
    }

    /// How many buckets hold something.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether none does.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}
