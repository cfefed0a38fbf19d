//! The bytes of a case file: a header, and records that each bear their own checksums.
//!
//! Pure arithmetic on bytes; what a record means is told in `words`. Numbers are little-endian.

use std::borrow::Cow;
use std::io;

use crc32fast::Hasher;

use crate::domain::time::Timestamp;

/// How every case file begins. The first byte is no text, and the last is spoilt by a transfer that
/// takes the file for text.
pub const MAGIC: [u8; 8] = *b"\x89LSCASE\n";
/// The version that is written, and the newest that is understood.
pub const VERSION: u32 = 1;
/// Bytes of the header of a file.
pub const HEADER: usize = 28;
/// Bytes of the header of a record.
pub const FRAME: usize = 32;
/// How every record begins, so that the next one is found behind damage.
pub const SYNC: [u8; 4] = [0xE7, b'r', b'e', b'c'];
/// Longer facts are no record of ours.
const LONGEST_META: u32 = 16 << 20;
/// Longer data are no record of ours; a page has a tenth of that.
const LONGEST_DATA: u32 = 256 << 20;
/// Below this packing is not worth it.
const WORTH_PACKING: usize = 512;
/// Log text shrinks well at the fastest level.
const LEVEL: i32 = 1;
/// The data are zstd.
const PACKED: u16 = 1;
/// The source of a record that belongs to none.
const NO_SOURCE: u32 = u32::MAX;

/// The header of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Where every checksum of this file begins: chosen by chance, so that nothing that was logged
    /// can pass for a record, and no record of another file for one of this.
    pub salt: u32,
    /// When it was made.
    pub created: Timestamp,
}

/// Why the first bytes are not those of a case file that can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadHeader {
    /// It is something else.
    #[error("it is not a case file")]
    NoCase,
    /// It was made by a newer program.
    #[error("it has format {0}, and this program reads formats up to {VERSION}")]
    Newer(u32),
    /// It is one, but its header is not whole.
    #[error("its first bytes are damaged")]
    Damaged,
}

impl Header {
    /// The bytes.
    #[must_use]
    pub fn encode(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.salt.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.created.0.to_le_bytes());
        let check = checksum(0, &[&bytes[..24]]);
        bytes[24..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// Reads the beginning of a file.
    ///
    /// # Errors
    /// When it is not the beginning of a case file that can be read.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadHeader> {
        if !bytes.starts_with(&MAGIC) {
            return Err(BadHeader::NoCase);
        }
        let whole: &[u8; HEADER] = bytes.first_chunk().ok_or(BadHeader::Damaged)?;
        if checksum(0, &[&whole[..24]]) != number(whole, 24) {
            return Err(BadHeader::Damaged);
        }
        let version = number(whole, 8);
        if version != VERSION {
            return Err(BadHeader::Newer(version));
        }
        let created = u64::from(number(whole, 16)) | u64::from(number(whole, 20)) << 32;
        Ok(Self {
            salt: number(whole, 12),
            created: Timestamp(created as i64),
        })
    }
}

/// The header of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// What it is (see `words`).
    pub kind: u16,
    /// Whether the data are packed.
    pub packed: bool,
    /// The number of the source it belongs to.
    pub source: Option<u32>,
    /// Bytes of facts.
    pub meta: usize,
    /// Bytes of data as they are stored.
    pub data: usize,
    /// Bytes of data, unpacked.
    pub full: usize,
    check: u32,
}

impl Frame {
    /// Reads the header of a record; `None` where there is none.
    #[must_use]
    pub fn decode(bytes: &[u8], salt: u32) -> Option<Self> {
        let bytes: &[u8; FRAME] = bytes.first_chunk()?;
        if bytes[..4] != SYNC || checksum(salt, &[&bytes[..28]]) != number(bytes, 28) {
            return None;
        }
        let (kind, flags) = (number(bytes, 4) as u16, (number(bytes, 4) >> 16) as u16);
        let (meta, data, full) = (number(bytes, 12), number(bytes, 16), number(bytes, 20));
        if meta > LONGEST_META || data > LONGEST_DATA || full > LONGEST_DATA {
            return None;
        }
        Some(Self {
            kind,
            packed: flags & PACKED != 0,
            source: Some(number(bytes, 8)).filter(|source| *source != NO_SOURCE),
            meta: meta as usize,
            data: data as usize,
            full: full as usize,
            check: number(bytes, 24),
        })
    }

    /// Bytes behind the header.
    #[must_use]
    pub const fn body(&self) -> usize {
        self.meta + self.data
    }

    /// Bytes of the whole record.
    #[must_use]
    pub const fn whole(&self) -> u64 {
        (FRAME + self.body()) as u64
    }

    /// Whether `body` is what was written.
    #[must_use]
    pub fn is_sound(&self, body: &[u8], salt: u32) -> bool {
        body.len() == self.body() && checksum(salt, &[body]) == self.check
    }
}

/// Data as they are stored.
#[derive(Clone, Debug)]
pub struct Packed<'a> {
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
    /// How many they are unpacked.
    pub full: usize,
    /// Whether they are packed.
    pub packed: bool,
}

impl Packed<'_> {
    /// No data.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            bytes: Cow::Borrowed(&[]),
            full: 0,
            packed: false,
        }
    }
}

/// Packs data where that is worth it.
///
/// # Errors
/// When they are too many for one record.
pub fn pack(data: &[u8]) -> io::Result<Packed<'_>> {
    if data.len() > LONGEST_DATA as usize {
        return Err(io::Error::other("a page is larger than a case can hold"));
    }
    let full = data.len();
    if full >= WORTH_PACKING {
        let packed = zstd::bulk::compress(data, LEVEL)?;
        if packed.len() < full {
            return Ok(Packed {
                bytes: Cow::Owned(packed),
                full,
                packed: true,
            });
        }
    }
    Ok(Packed {
        bytes: Cow::Borrowed(data),
        full,
        packed: false,
    })
}

/// Undoes [`pack`].
///
/// # Errors
/// When the bytes are not what was packed.
pub fn unpack(bytes: Vec<u8>, full: usize, packed: bool) -> io::Result<Vec<u8>> {
    let data = if packed {
        zstd::bulk::decompress(&bytes, full)?
    } else {
        bytes
    };
    if data.len() == full {
        Ok(data)
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// The bytes of a record.
///
/// # Errors
/// When the facts are too many for one record.
pub fn record(
    salt: u32,
    kind: u16,
    source: Option<u32>,
    meta: &[u8],
    data: &Packed<'_>,
) -> io::Result<Vec<u8>> {
    if meta.len() > LONGEST_META as usize {
        return Err(io::Error::other("a record is larger than a case can hold"));
    }
    let flags = if data.packed { PACKED } else { 0 };
    let mut bytes = Vec::with_capacity(FRAME + meta.len() + data.bytes.len());
    bytes.extend_from_slice(&SYNC);
    bytes.extend_from_slice(&kind.to_le_bytes());
    bytes.extend_from_slice(&flags.to_le_bytes());
    for number in [
        source.unwrap_or(NO_SOURCE),
        meta.len() as u32,
        data.bytes.len() as u32,
        data.full as u32,
        checksum(salt, &[meta, &data.bytes]),
    ] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    let check = checksum(salt, &[&bytes]);
    bytes.extend_from_slice(&check.to_le_bytes());
    bytes.extend_from_slice(meta);
    bytes.extend_from_slice(&data.bytes);
    Ok(bytes)
}

fn checksum(salt: u32, parts: &[&[u8]]) -> u32 {
    let mut hasher = Hasher::new_with_initial(salt);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize()
}

/// The four bytes at `at`.
fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..).and_then(<[u8]>::first_chunk);
    four.map_or(0, |four: &[u8; 4]| u32::from_le_bytes(*four))
}
