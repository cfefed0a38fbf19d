//! How far a followed input is said to be covered.
//!
//! Pure: it is told what was read and decides what that proves.

use crate::domain::time::{Span, Timestamp};

/// So many looks at an unfinished line.
const PATIENCE: u32 = 8;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Where what is covered begins; `None` behind a file that was not read to its end, until the
    /// first event says it.
    from: Option<Timestamp>,
    /// Up to where it was said.
    said: Timestamp,
    /// Looks in a row that found nothing new behind an unfinished line.
    held: u32,
}

impl Default for Claim {
    fn default() -> Self {
        Self {
            from: Some(Timestamp::MIN),
            said: Timestamp::MIN,
            held: 0,
        }
    }
}

impl Claim {
    /// That of what stands where a file was truncated: nothing up to what was said before is said
    /// again, nor is anything before the first event.
    #[must_use]
    pub const fn behind(self) -> Self {
        Self {
            from: None,
            said: self.said,
            held: 0,
        }
    }

    /// Something new was read.
    pub const fn goes_on(&mut self) {
        self.held = 0;
    }

    /// What has become covered when a look found nothing new behind events of `span`, and `newest`
    /// was the newest event of all inputs before that look. `holds`: an unfinished line.
    pub fn advance(
        &mut self,
        span: Option<Span>,
        newest: Option<Timestamp>,
        holds: bool,
    ) -> Option<Span> {
        self.held += u32::from(holds);
        // The time of an unfinished line is not known; but most files that end in one are finished.
        let waits = holds && self.held < PATIENCE;
        let own = span.map(|span| span.to.plus(-i64::from(waits)));
        let newest = newest.filter(|newest| !waits && *newest > Timestamp::MIN);
        let to = own.max(newest)?;
        let from = match self.from {
            Some(from) => from,
            None => span?.from.max(self.said.plus(2)).max(newest?),
        };
        if to <= self.said || to < from {
            return None;
        }
        self.from = Some(from);
        self.said = to;
        Some(Span { from, to })
    }
}
