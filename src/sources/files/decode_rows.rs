//! Rows of a table become log events.

use super::decode::Decoder;
use super::envelope::Body;
use super::stamp::Stamp;
use super::table::{self, Row, RowEnd, Table};
use crate::domain::event::Batch;
use crate::domain::feed::RejectReason;

impl Decoder {
    /// Decodes rows; gives how far it came.
    pub(super) fn rows(&mut self, bytes: &[u8], table: &Table) -> usize {
        let mut at = 0;
        while let Some(end) = table::row_end(bytes, at, table.delimiter, true)
            && at < bytes.len()
        {
            if end.end > Batch::MAX_RAW as usize && at > 0 {
                return at;
            }
            let row = &bytes[at..end.end];
            if row.trim_ascii().is_empty() {
                self.decoded.continued += 1;
            } else {
                self.row(bytes, (at, end), table);
            }
            at = end.next;
        }
        bytes.len()
    }

    fn row(&mut self, bytes: &[u8], (at, end): (usize, RowEnd), table: &Table) {
        let row = &bytes[at..end.end];
        let kept = self.sink.end();
        let read = if end.sound {
            table.row(row, &mut self.stamps, &mut self.sink)
        } else {
            Row::Bad
        };
        let reason = match read {
            Row::Header => {
                self.decoded.continued += 1;
                return;
            }
            Row::Event(Stamp::At { time, .. }, (from, to), stream) => {
                let stream = stream.map_or(&b""[..], |cell| cell.of(row));
                let stream = self.streams.of(stream);
                return self.push(bytes, at, time, (Body::Unescaped(from, to), stream));
            }
            Row::Event(Stamp::Bad, ..) => RejectReason::BadTimestamp,
            Row::Event(Stamp::None, ..) => RejectReason::NoTimestamp,
            Row::Bad => RejectReason::NotAnEvent,
        };
        self.sink.truncate(kept);
        self.reject(reason, bytes, at);
    }
}
