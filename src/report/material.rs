//! What a report is made of: one picture, its findings, and whom to ask for more.

use std::io;

use crate::diagnose::finding::Finding;
use crate::domain::event::TextRef;
use crate::domain::time::Timestamp;
use crate::domain::timeline::Timeline;
use crate::domain::verdict::Verdict;
use crate::domain::view::{
    LifecycleView, MessageHandle, MessagePage, MessageQuery, MessageRow, Overview, Sort,
};

/// Everything a report may say.
pub struct Material<'a> {
    /// The picture.
    pub overview: &'a Overview,
    /// The findings, most telling first.
    pub findings: &'a [Finding],
    /// What people pinned and noted.
    pub timeline: &'a Timeline,
    /// Asks for more.
    pub ask: &'a dyn Ask,
}

/// What a report may ask for beside the picture.
pub trait Ask {
    /// Some of the messages.
    fn messages(&self, query: &MessageQuery) -> MessagePage;
    /// One message.
    fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView>;
    /// The text of a log event.
    ///
    /// # Errors
    /// When it cannot be read again.
    fn text(&self, reference: TextRef) -> io::Result<Vec<u8>>;
}

/// So many rows are asked for at once: a bound on memory, and few enough calls.
const PAGE: usize = 16_384;

/// So many characters of a log event are quoted as evidence.
const QUOTED: usize = 400;

impl Material<'_> {
    /// The text of a log event, cut to a length that can be quoted. One that cannot be read again says
    /// so instead of vanishing.
    #[must_use]
    pub fn line(&self, reference: TextRef) -> String {
        let bytes = match self.ask.text(reference) {
            Ok(bytes) => bytes,
            Err(error) => return format!("(could not be read again: {error})"),
        };
        // A character has at most four bytes, and one more shows that there is more.
        let enough = &bytes[..bytes.len().min(4 * (QUOTED + 1))];
        let text = String::from_utf8_lossy(enough);
        match text.char_indices().nth(QUOTED) {
            Some((end, _)) => format!("{}...", &text[..end]),
            None => text.into_owned(),
        }
    }

    /// The first messages of one verdict, by last seen, then by ID.
    #[must_use]
    pub fn first(&self, verdict: Verdict, limit: usize) -> Vec<MessageRow> {
        let page = self.ask.messages(&MessageQuery {
            verdicts: vec![verdict],
            sort: Sort::LastSeen,
            limit,
            ..MessageQuery::default()
        });
        let mut rows = page.rows;
        rows.sort_by(|a, b| (a.last_seen, &a.id).cmp(&(b.last_seen, &b.id)));
        rows
    }

    /// Gives every message of one verdict to `each`, by last seen, then by ID.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn each(
        &self,
        verdict: Verdict,
        each: &mut dyn FnMut(&MessageRow) -> io::Result<()>,
    ) -> io::Result<()> {
        let query = MessageQuery {
            verdicts: vec![verdict],
            sort: Sort::LastSeen,
            ..MessageQuery::default()
        };
        self.each_of(&query, each)
    }

    /// Gives every message of a query that is sorted by time to `each`, in that order, then by ID; holds one page at
    /// most (and those of the same millisecond).
    ///
    /// # Errors
    /// Those of `each`.
    pub fn each_of(
        &self,
        query: &MessageQuery,
        each: &mut dyn FnMut(&MessageRow) -> io::Result<()>,
    ) -> io::Result<()> {
        let time = match query.sort {
            Sort::FirstSeen => |row: &MessageRow| row.first_seen,
            _ => |row: &MessageRow| row.last_seen,
        };
        let mut same: Vec<MessageRow> = Vec::new();
        let mut offset = 0;
        loop {
            let page = self.ask.messages(&MessageQuery {
                offset,
                limit: PAGE,
                ..query.clone()
            });
            offset += page.rows.len();
            let last = page.rows.is_empty() || offset >= page.total;
            for row in page.rows {
                let of: Option<Timestamp> = same.first().map(time);
                if of.is_some_and(|of| of != time(&row)) {
                    flush(&mut same, each)?;
                }
                same.push(row);
            }
            if last {
                return flush(&mut same, each);
            }
        }
    }
}

fn flush(
    same: &mut Vec<MessageRow>,
    each: &mut dyn FnMut(&MessageRow) -> io::Result<()>,
) -> io::Result<()> {
    same.sort_by(|a, b| a.id.cmp(&b.id));
    same.drain(..).try_for_each(|row| each(&row))
}
