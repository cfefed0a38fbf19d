//! The text of a batch: the chunk with the unescaped texts behind it, or, where the chunk itself
//! holds next to nothing that is needed, the texts alone.
//!
//! It moves text and never looks into it.

use crate::domain::event::EventRef;

/// The chunk is not kept for less than one byte of its own text to so many unescaped ones.
const RARE: usize = 8;

/// Gives the text that `events` point into, and the chunk's room where it is free again. Where
/// they begin counts through the chunk and goes on in `unescaped`.
pub fn gather(events: &mut [EventRef], mut chunk: Vec<u8>, unescaped: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let end = chunk.len();
    let in_chunk = |event: &EventRef| (event.start as usize) < end;
    let plain = events.iter().filter(|event| in_chunk(event));
    let plain: usize = plain.map(|event| event.len as usize).sum();
    if plain > unescaped.len() / RARE {
        chunk.extend_from_slice(unescaped);
        return (chunk, Vec::new());
    }
    let mut text = Vec::with_capacity(unescaped.len() + plain);
    text.extend_from_slice(unescaped);
    for event in events {
        let start = event.start as usize;
        if start < end {
            event.start = text.len() as u32;
            text.extend_from_slice(&chunk[start..start + event.len as usize]);
        } else {
            event.start -= end as u32;
        }
    }
    (text, chunk)
}
