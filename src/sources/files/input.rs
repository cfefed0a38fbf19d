//! Opens what was given as bytes of text: decompresses, decodes UTF-16, passes over byte order
//! marks. Always as a stream, so that memory stays bounded whatever the input expands to.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;

/// Bytes looked at to tell text from other data.
pub const HEAD: usize = 32 << 10;

/// Bytes of UTF-16 decoded at once.
const BLOCK: usize = 8 << 10;

type Reader = Box<dyn Read + Send>;

/// An opened input.
pub struct Input {
    /// Its text.
    pub reader: Reader,
    /// Offset of the first byte: behind a byte order mark.
    pub base: u64,
    /// Offsets are those of the file itself.
    pub seekable: bool,
    /// The beginning of the text.
    pub head: Vec<u8>,
    /// How it is packed, for messages; empty where it is not.
    pub packing: &'static str,
}

/// Formats that are recognised only to say what to do about them.
const REFUSED: [(&[u8], &str); 4] = [
    (b"\xFD7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"\x04\x22\x4D\x18", "lz4"),
];

/// The compression that is not read here, by the first bytes.
pub fn refused(head: &[u8]) -> Option<&'static str> {
    REFUSED
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, name)| *name)
}

/// Opens bytes, looking at the first `look` of them.
///
/// # Errors
/// When they cannot be read.
pub fn open(raw: Reader, look: usize) -> io::Result<Input> {
    let (magic, raw) = peek(raw, look.min(8))?;
    let (reader, packing): (Reader, _) = if magic.starts_with(&[0x1F, 0x8B]) {
        (Box::new(MultiGzDecoder::new(raw)), "gzip")
    } else if magic.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        (Box::new(zstd::stream::read::Decoder::new(raw)?), "zstd")
    } else {
        (Box::new(raw), "")
    };
    let (head, reader) = peek_lenient(reader, look);
    let wide = match head.get(..2) {
        Some([0xFF, 0xFE]) => Some(false),
        Some([0xFE, 0xFF]) => Some(true),
        _ => None,
    };
    if let Some(big) = wide {
        let (head, reader) = peek_lenient(Box::new(Utf16::new(reader, big)), look);
        return Ok(Input {
            reader,
            base: 0,
            seekable: false,
            head,
            packing,
        });
    }
    let mark = if head.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let mut reader = reader;
    reader.read_exact(&mut [0; 3][..mark])?;
    Ok(Input {
        reader,
        base: mark as u64,
        seekable: packing.is_empty(),
        head: head[mark..].to_vec(),
        packing,
    })
}

/// Reads the first bytes, at least `want` if there are as many, and puts them back.
fn peek(mut reader: Reader, want: usize) -> io::Result<(Vec<u8>, Reader)> {
    let mut head = Vec::new();
    reader.by_ref().take(want as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(Cursor::new(head).chain(reader))))
}

/// The same, where an error (a truncated archive) is left to be met again behind the bytes.
fn peek_lenient(mut reader: Reader, want: usize) -> (Vec<u8>, Reader) {
    let mut head = Vec::new();
    let result = reader.by_ref().take(want as u64).read_to_end(&mut head);
    let start = Cursor::new(head.clone());
    match result {
        Ok(_) => (head, Box::new(start.chain(reader))),
        Err(error) => {
            let rest = Failing(Some(error)).chain(reader);
            (head, Box::new(start.chain(rest)))
        }
    }
}

/// Fails once, then is over.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// UTF-16 with a byte order mark, as UTF-8.
struct Utf16 {
    inner: Reader,
    big: bool,
    /// Bytes not decoded yet: half a unit, or half a pair.
    rest: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    marked: bool,
}

impl Utf16 {
    const fn new(inner: Reader, big: bool) -> Self {
        Self {
            inner,
            big,
            rest: Vec::new(),
            out: Vec::new(),
            given: 0,
            marked: false,
        }
    }

    /// Decodes what came; at the end, everything that is left.
    fn decode(&mut self, end: bool) {
        let whole = self.rest.len() / 2 * 2;
        let units: Vec<u16> = self.rest[..whole]
            .chunks_exact(2)
            .map(|pair| [pair[0], pair[1]])
            .map(|pair| {
                if self.big {
                    u16::from_be_bytes(pair)
                } else {
                    u16::from_le_bytes(pair)
                }
            })
            .collect();
        let high = |unit: &u16| (0xD800..0xDC00).contains(unit);
        let keep = usize::from(!end && units.last().is_some_and(high));
        let mut text = String::new();
        for char in char::decode_utf16(units[..units.len() - keep].iter().copied()) {
            text.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.marked && !text.is_empty() {
            self.marked = true;
            if text.starts_with('\u{FEFF}') {
                text.remove(0);
            }
        }
        self.out = text.into_bytes();
        self.given = 0;
        self.rest.drain(..whole - 2 * keep);
    }
}

impl Read for Utf16 {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            let had = self.rest.len();
            self.rest.resize(had + BLOCK, 0);
            let read = self.inner.read(&mut self.rest[had..]);
            self.rest.truncate(had + read.as_ref().map_or(0, |n| *n));
            let read = read?;
            self.decode(read == 0);
            if read == 0 && self.out.is_empty() {
                return Ok(0);
            }
        }
        let ready = &self.out[self.given..];
        let len = ready.len().min(into.len());
        into[..len].copy_from_slice(&ready[..len]);
        self.given += len;
        Ok(len)
    }
}
