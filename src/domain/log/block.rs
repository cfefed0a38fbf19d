//! Some log events of one origin in a few bytes each: the differences from one to the next.
//!
//! ```text
//! an event   time since the one before | place since the one before, signed; its last bit: another stream
//!            | the stream, where it is another                    (each a LEB128 number)
//! ```

use super::{LogEvent, LogKey};
use crate::domain::event::{OriginId, SourceId, TextRef};
use crate::domain::time::Timestamp;

/// Events in one block: few enough to be unpacked for a page of one screen.
pub(super) const MOST: usize = 256;
/// A block ends before a longer silence, so that one odd time does not stretch it over everything.
const SILENCE_MS: i64 = 3_600_000;

/// One event before it is packed: time, offset, stream.
pub(super) type Place = (i64, u64, u32);

/// Neighbouring events of one origin.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Time of the first.
    pub(super) from: i64,
    /// Time of the last.
    pub(super) to: i64,
    pub(super) origin: OriginId,
    pub(super) count: u32,
    bytes: Box<[u8]>,
}

/// Packs events that are in order into blocks.
pub(super) fn pack(origin: OriginId, places: &[Place], out: &mut Vec<Block>) {
    let mut rest = places;
    let mut bytes = Vec::new();
    while let Some((first, _, _)) = rest.first().copied() {
        let most = rest.len().min(MOST);
        let silence = rest[..most]
            .windows(2)
            .position(|pair| pair[1].0.saturating_sub(pair[0].0) > SILENCE_MS);
        let count = silence.map_or(most, |at| at + 1);
        let (own, others) = rest.split_at(count);
        let mut before = (first, 0, 0);
        bytes.clear();
        for place in own {
            put(&mut bytes, place.0.wrapping_sub(before.0) as u64);
            let moved = place.1.wrapping_sub(before.1) as i64;
            let moved = ((moved << 1) ^ (moved >> 63)) as u64;
            let other = place.2 != before.2;
            match moved.checked_mul(2) {
                Some(doubled) => put(&mut bytes, doubled | u64::from(other)),
                None => put_wide(&mut bytes, u128::from(moved) << 1 | u128::from(other)),
            }
            if other {
                put(&mut bytes, u64::from(place.2));
            }
            before = *place;
        }
        out.push(Block {
            from: first,
            to: before.0,
            origin,
            count: count as u32,
            bytes: bytes.as_slice().into(),
        });
        rest = others;
    }
}

impl Block {
    /// Every event, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> {
        let mut rest = &*self.bytes;
        let mut at: Place = (self.from, 0, 0);
        (0..self.count).map(move |_| {
            at.0 = at.0.wrapping_add(take(&mut rest) as i64);
            let wide = take(&mut rest);
            let moved = (wide >> 1) as u64;
            let moved = (moved >> 1) as i64 ^ -((moved & 1) as i64);
            at.1 = at.1.wrapping_add(moved as u64);
            if wide & 1 == 1 {
                at.2 = take(&mut rest) as u32;
            }
            at
        })
    }

    /// The same as the events of a source.
    pub(super) fn events(&self, source: SourceId) -> impl Iterator<Item = LogEvent> {
        let origin = self.origin;
        self.places().map(move |(time, offset, stream)| LogEvent {
            key: LogKey {
                time: Timestamp(time),
                source,
                raw: TextRef { origin, offset },
            },
            stream,
        })
    }

    /// Whether events that begin at this time belong into this block, if there is room.
    pub(super) fn goes_on(&self, from: i64) -> bool {
        from >= self.from && from.saturating_sub(self.to) <= SILENCE_MS
    }

    /// Bytes it takes.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>() + self.bytes.len()
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_wide(out: &mut Vec<u8>, mut number: u128) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take(rest: &mut &[u8]) -> u128 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, behind)) = rest.split_first() {
        *rest = behind;
        number |= u128::from(byte & 0x7f) << shift;
        shift += 7;
        if *byte < 0x80 {
            break;
        }
    }
    number
}
