//! What a report is made of: one picture, its findings, and two functions to ask for more.

use std::io;

use crate::diagnose::finding::Finding;
use crate::domain::event::TextRef;
use crate::domain::verdict::Verdict;
use crate::domain::view::{MessagePage, MessageQuery, MessageRow, Overview, Sort};

/// Everything a report may say.
pub struct Material<'a> {
    /// The picture.
    pub overview: &'a Overview,
    /// The findings, most telling first.
    pub findings: &'a [Finding],
    /// Asks for some of the messages.
    pub messages: &'a dyn Fn(&MessageQuery) -> MessagePage,
    /// Reads the text of a log event.
    pub text: &'a dyn Fn(TextRef) -> io::Result<Vec<u8>>,
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
        let bytes = match (self.text)(reference) {
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
        let page = (self.messages)(&MessageQuery {
            verdicts: vec![verdict],
            sort: Sort::LastSeen,
            limit,
            ..MessageQuery::default()
        });
        let mut rows = page.rows;
        rows.sort_by(|a, b| (a.last_seen, &a.id).cmp(&(b.last_seen, &b.id)));
        rows
    }

    /// Gives every message of one verdict to `each`, by last seen, then by ID; holds one page at most
    /// (and those that were last seen in the same millisecond).
    ///
    /// # Errors
    /// Those of `each`.
    pub fn each(
        &self,
        verdict: Verdict,
        each: &mut dyn FnMut(&MessageRow) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut same: Vec<MessageRow> = Vec::new();
        let mut offset = 0;
        loop {
            let page = (self.messages)(&MessageQuery {
                verdicts: vec![verdict],
                sort: Sort::LastSeen,
                offset,
                limit: PAGE,
                ..MessageQuery::default()
            });
            offset += page.rows.len();
            let last = page.rows.is_empty() || offset >= page.total;
            for row in page.rows {
                if same
                    .first()
                    .is_some_and(|first| first.last_seen != row.last_seen)
                {
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
