//! How much there is in all inputs together, and of which time, by a look at both ends of each.
//!
//! An estimate, made before anything is read: nothing that is said of a message rests on it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::chunk::{After, Chunk, Kind};
use super::decode::Decoder;
use super::decoded::Decoded;
use super::discover::Task;
use super::input;
use super::open;
use super::sample::Sample;
use crate::domain::event::OriginId;
use crate::domain::time::Span;

/// So much of each end is read.
const END: usize = 128 << 10;
/// Logs shrink to about one part in so many.
const PACKED: u64 = 10;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Edges {
    /// First and last time.
    pub(super) span: Option<Span>,
    /// Log events, about.
    pub(super) events: f64,
}

impl Edges {
    /// Of all inputs that can be read twice.
    pub(super) fn of(tasks: &[Task]) -> Self {
        let mut all = Self::default();
        for task in tasks.iter().filter(|task| !task.stream) {
            // What cannot be read is told by whoever reads it.
            let _untold = all.add(task);
        }
        all
    }

    fn add(&mut self, task: &Task) -> io::Result<()> {
        let path = task.path.clone().unwrap_or_default();
        let size = std::fs::metadata(&path)?.len();
        let mut file = File::open(&path)?;
        let mut sample = Sample::of_file(&mut file)?;
        let opened = input::open(Box::new(file), END)?;
        if !opened.seekable {
            sample = Sample::of_head(&opened.head);
        }
        let (framing, _untold) = open::framing(task, &sample, false);
        let mut decoder = Decoder::new(task.id, OriginId(0), framing);
        let head = whole_lines(&opened.head, true);
        let (read, first) = (head.len().max(1), decode(&mut decoder, head));
        let mut span = first.span;
        let mut bytes = size;
        if opened.seekable {
            let mut tail = Vec::new();
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(size.saturating_sub(END as u64)))?;
            file.take(END as u64).read_to_end(&mut tail)?;
            let last = decode(&mut decoder, whole_lines(&tail, false)).span;
            span = span.into_iter().chain(last).reduce(Span::union);
        } else {
            bytes *= PACKED;
            // The end cannot be seen: as long again for as many bytes again.
            let longer = |span: Span| {
                let whole = span.to.since(span.from) as f64 * bytes as f64 / read as f64;
                Span::new(span.from, span.from.plus(whole as i64))
            };
            span = span.map(longer);
        }
        let events: usize = first.batches.iter().map(|batch| batch.events.len()).sum();
        self.events += events as f64 * bytes as f64 / read as f64;
        self.span = self.span.into_iter().chain(span).reduce(Span::union);
        Ok(())
    }
}

/// The lines of some bytes that are whole, where one end is known to be the end of a line or not.
pub(super) fn whole_lines(bytes: &[u8], head: bool) -> &[u8] {
    if head {
        let end = memchr::memrchr(b'\n', bytes);
        return &bytes[..end.map_or(bytes.len(), |end| end + 1)];
    }
    let begin = memchr::memchr(b'\n', bytes);
    &bytes[begin.map_or(0, |begin| begin + 1)..]
}

/// Decodes lines that nobody keeps.
pub(super) fn decode(decoder: &mut Decoder, lines: &[u8]) -> Decoded {
    decoder.decode(Chunk {
        bytes: lines.to_vec(),
        base: 0,
        line: 1,
        kind: Kind::Lines,
        after: After::Nothing,
        cut: false,
    })
}
