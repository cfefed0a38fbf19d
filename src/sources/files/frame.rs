//! Where one event begins and ends, for reading it again.
//!
//! Placeholder of the reading side: handles one line at a time.

use std::io;

use crate::sources::texts::RawEvent;

/// Bytes that can be read again at any offset.
pub trait Bytes {
    /// Reads some bytes at `offset`; 0 means the end.
    ///
    /// # Errors
    /// When the place is gone or has changed.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;
}

/// How events are told apart.
#[derive(Clone, Debug, Default)]
pub struct Framing {}

/// The event that begins at `offset`.
///
/// # Errors
/// When the place is gone or has changed.
pub fn event_at(bytes: &dyn Bytes, offset: u64, _framing: &Framing) -> io::Result<RawEvent> {
    let mut raw = Vec::new();
    let mut part = vec![0; 64 << 10];
    loop {
        let read = bytes.read_at(offset + raw.len() as u64, &mut part)?;
        let end = memchr::memchr(b'\n', &part[..read]);
        raw.extend_from_slice(&part[..end.unwrap_or(read)]);
        if read == 0 || end.is_some() {
            break;
        }
    }
    let text = serde_json::from_slice::<serde_json::Value>(&raw)
        .ok()
        .and_then(|value| Some(value.get("message")?.as_str()?.as_bytes().to_vec()))
        .unwrap_or_else(|| raw.clone());
    Ok(RawEvent { raw, text })
}
