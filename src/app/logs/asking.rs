//! What the log view asks for, and what becomes of the answers.
//!
//! One question at a time, each answered in a moment: a search asks for one part after the other, so that
//! the newest key always wins. What is shown is asked for anew beside it, and shown when it is all there.

use super::{For, Logs, Seek};
use crate::app::logline::LogLine;
use crate::app::logtext::LogText;
use crate::app::logwindow::{LogWindow, More};
use crate::app::reading::Text;
use crate::app::size::Size;
use crate::domain::event::TextRef;
use crate::domain::log::LogKey;
use crate::domain::log::needle::Needle;
use crate::domain::log::view::{LogPage, LogQuery};
use crate::domain::mask::Mask;
use crate::domain::view::Overview;
use crate::sources::texts::RawEvent;

impl Logs {
    /// Searches from the selected line on.
    pub fn search(&mut self, backward: bool) {
        if let Some(needle) = self.needle.clone() {
            self.search_for(needle, backward);
        }
    }

    /// Searches for something else.
    pub fn search_for(&mut self, needle: Needle, backward: bool) {
        let Some(key) = self.selected().map(|line| line.key) else {
            return;
        };
        self.seek_from(needle, if backward { key } else { key.behind() }, backward);
    }

    /// Searches from a place on.
    pub fn seek_from(&mut self, needle: Needle, cut: LogKey, backward: bool) {
        (self.asked, self.next) = (None, None);
        self.seek = Some(Seek {
            needle,
            cut,
            backward,
            looked: 0,
        });
    }

    /// What was asked to count is of no use any more.
    pub(super) fn forget_counting(&mut self) {
        self.asked.take_if(|(_, why)| *why == For::Tally);
    }

    /// The selected line, if it has what is searched for.
    #[must_use]
    pub fn hit(&self) -> Option<&LogLine> {
        let needle = self.needle.as_ref()?;
        let line = self.selected()?;
        let whole = line.whole.as_deref();
        let has = whole.is_none_or(|text| needle.takes(text));
        has.then_some(line)
    }

    /// Ends a search with its count, or looking for lines to keep; false where there is neither. A filter
    /// that keeps nothing is taken back: nobody can look at that.
    pub fn give_up(&mut self, size: Size) -> bool {
        let looking = self.looking(usize::from(self.layout(size).list));
        let sought = self.seek.is_some();
        let counted = self.end_counting();
        if looking || sought {
            (self.asked, self.seek) = (None, None);
        }
        if !self.filter.is_empty() && self.window.rows.is_empty() && !sought && !counted {
            self.take_back();
            return true;
        }
        self.window.stopped |= looking;
        looking || sought || counted
    }

    /// Nobody looks any more: what only searches or counts ends.
    pub fn leave(&mut self) {
        self.seek = None;
        self.end_counting();
        self.asked.take_if(|(_, why)| *why == For::Seek);
    }

    /// Whether lines to keep are still being looked for that would be on the screen.
    #[must_use]
    pub fn looking(&self, rows: usize) -> bool {
        let shown = self.window.rows.len().saturating_sub(self.top);
        let asked = matches!(&self.asked, Some((_, For::Window(_))));
        asked && !self.filter.is_empty() && shown < rows
    }

    /// What to ask for now; nothing while an answer is awaited that is still wanted.
    pub fn question(&mut self, size: Size, loading: bool) -> Option<LogQuery> {
        if self.asked.is_some() {
            return None;
        }
        let rows = usize::from(self.layout(size).list).max(1);
        let ask = |logs: &Self, more: More, find: Option<Needle>| LogQuery {
            cut: more.cut,
            before: more.before,
            after: more.after,
            scope: logs.scope.clone(),
            filter: logs.filter.as_slice().into(),
            context: logs.context,
            find,
            places: false,
        };
        let (query, why) = if let Some(seek) = &self.seek {
            let more = More {
                cut: seek.cut,
                before: usize::from(seek.backward),
                after: usize::from(!seek.backward),
            };
            (ask(self, more, Some(seek.needle.clone())), For::Seek)
        } else if let Some(more) = self.window.wants(self.cursor, rows, 2 * rows) {
            if self.window.stopped {
                return None;
            }
            (ask(self, more, None), For::Window(more))
        } else if let Some(newer) = self.newer(rows, loading) {
            (ask(self, newer, None), For::Next(newer))
        } else {
            (self.count_question().filter(|_| !loading)?, For::Tally)
        };
        self.asked = Some((query.clone(), why));
        Some(query)
    }

    /// What to ask for to show the same place anew, where the data has changed.
    fn newer(&mut self, rows: usize, loading: bool) -> Option<More> {
        // While all is being read, a filter would begin again and again and never end.
        if (self.filter.is_empty() || !loading) && std::mem::take(&mut self.stale) {
            let cut = match self.selected() {
                Some(line) if !self.follow => line.key,
                _ => LogKey::LAST,
            };
            self.next = Some(LogWindow::at(cut));
        }
        let next = self.next.as_ref()?;
        let cursor = next.rows.len().min(self.row_of(next));
        next.wants(cursor, rows + self.cursor - self.top, 2 * rows)
    }

    /// Where the selected line stands in the window that will be shown next.
    fn row_of(&self, next: &LogWindow) -> usize {
        let key = self.selected().map(|line| line.key);
        key.and_then(|key| next.row(key)).unwrap_or(next.rows.len())
    }

    /// Takes an answer; one to an older question is dropped. A word for the user, if there is one.
    pub fn answer(
        &mut self,
        query: &LogQuery,
        page: LogPage,
        size: Size,
        overview: &Overview,
    ) -> Option<String> {
        let (_, why) = self.asked.take_if(|(asked, _)| asked == query)?;
        let rows = usize::from(self.layout(size).list).max(1);
        let mut said = None;
        match why {
            For::Tally => self.counted(page),
            For::Seek => said = self.found(&page, rows),
            For::Window(more) => {
                let begins = !self.window.begun();
                let came = self.window.take(more, page, self.cursor);
                (self.cursor, self.top) = (self.cursor + came, self.top + came);
                let gone = self.window.forgotten();
                (self.cursor, self.top) = (self.cursor - gone, self.top.saturating_sub(gone));
                if begins {
                    self.landed(rows);
                }
            }
            For::Next(more) => {
                let selected = self.selected().map(|line| line.key);
                if let Some(next) = &mut self.next {
                    let cursor = selected.and_then(|key| next.row(key)).unwrap_or(0);
                    next.take(more, page, cursor);
                    let _unmoved = next.forgotten();
                }
                self.swap(rows);
            }
        }
        self.show_cursor(size, overview);
        said
    }

    /// The window's first lines are here: where the selection lands.
    fn landed(&mut self, rows: usize) {
        let last = self.window.rows.len().saturating_sub(1);
        if self.follow {
            self.cursor = last;
        }
        self.cursor = self.cursor.min(last);
        let land = self.land.take();
        let row = land.map_or(0, |row| if row == usize::MAX { rows / 3 } else { row });
        self.top = self.cursor.saturating_sub(row);
    }

    /// Shows what was asked anew, if it is all there.
    fn swap(&mut self, rows: usize) {
        let Some(next) = &self.next else { return };
        let at = self.row_of(next);
        let offset = self.cursor.saturating_sub(self.top);
        if next.wants(at, rows + offset, 2 * rows).is_some() {
            return;
        }
        let Some(next) = self.next.take() else { return };
        let last = next.rows.len().saturating_sub(1);
        self.window = next;
        if self.follow {
            self.cursor = last;
        } else {
            self.cursor = at.min(last);
            self.top = self.cursor.saturating_sub(offset);
        }
    }

    fn found(&mut self, page: &LogPage, rows: usize) -> Option<String> {
        let seek = self.seek.take()?;
        // With the lines around a match there may be more than one: the nearest counts.
        let nearest = if seek.backward {
            page.rows.last()
        } else {
            page.rows.first()
        };
        if let Some(row) = nearest {
            match self.window.row(row.key) {
                Some(at) => {
                    self.cursor = at;
                    if !(self.top..self.top + rows).contains(&at) {
                        self.top = at.saturating_sub(rows / 3);
                    }
                }
                None => self.show(row.key),
            }
            self.anchor = None;
            self.follow = false;
            return None;
        }
        let side = if seek.backward { page.up } else { page.down };
        let Some(cut) = side else {
            let (word, way) = (
                seek.needle.text(),
                if seek.backward { "above" } else { "below" },
            );
            return Some(format!("no {word:?} {way} this line"));
        };
        let looked = seek.looked + page.looked;
        self.seek = Some(Seek {
            cut,
            looked,
            ..seek
        });
        None
    }

    /// The text to ask for now; what the row bears itself is shown at once.
    pub fn text_question(&mut self, size: Size, mask: Option<&Mask>) -> Option<TextRef> {
        let shown = self.layout(size).text > 0;
        let line = self.selected().filter(|_| shown);
        let wanted = line.map(|line| line.key.raw);
        let whole = line
            .and_then(|line| line.whole.as_ref())
            .filter(|_| !self.form.raw);
        if let (Some(at), Some(text)) = (wanted, whole) {
            if !matches!(&self.text, Text::Ready(of, _) if *of == at) {
                let event = RawEvent {
                    raw: text.clone(),
                    text: text.clone(),
                };
                self.text = Text::Ready(at, Box::new(LogText::new(&event, mask)));
                self.of_row = true;
            }
            return None;
        }
        if std::mem::take(&mut self.of_row) {
            self.text = Text::None;
        }
        self.text.question(wanted)
    }
}
