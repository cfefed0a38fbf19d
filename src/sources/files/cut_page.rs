//! Cuts the array of events in a page between its elements, and finds the end of the page.
//!
//! It knows neither lines nor what follows a page.

use std::io;
use std::sync::Arc;

use super::chunk::{Chunk, Kind, LINE_LIMIT};
use super::document::{self, Stop};
use super::window::{Filled, Window};
use crate::domain::json::Odd;

/// A page that the window is in.
pub struct Page {
    /// The stream of elements that name none.
    pub stream: Arc<str>,
    /// So many objects are around the array.
    pub around: u8,
}

/// What a page comes to next.
pub enum Turn {
    /// Some of its elements.
    Elements(Chunk),
    /// More was read: look again.
    Again,
    /// Nothing new for now.
    Idle,
    /// It ended here.
    Closed,
    /// It is no page from here on; up to this offset it held no other document.
    Bad(u64),
    /// The input ended in the middle of it, after this.
    Broken(Option<Chunk>),
}

impl Page {
    /// Goes on with the page.
    ///
    /// # Errors
    /// When the input cannot be read further.
    pub fn go_on(&self, window: &mut Window) -> io::Result<Turn> {
        let (good, reason) = document::whole_elements(window.bytes(), window.target());
        if good > 0 {
            return Ok(Turn::Elements(self.elements(window, good)));
        }
        match reason {
            Stop::Enough => Ok(Turn::Again),
            Stop::Bracket(at) => self.close(window, at + 1),
            Stop::Cut if window.bytes().len() < LINE_LIMIT => self.fill(window, true),
            Stop::Cut | Stop::Bad => Ok(Turn::Bad(window.end())),
        }
    }

    /// Looks for the end behind the array.
    fn close(&self, window: &mut Window, at: usize) -> io::Result<Turn> {
        match document::end_of_page(window.bytes(), at, self.around) {
            Ok(end) => {
                window.skip(end);
                Ok(Turn::Closed)
            }
            Err(Odd::Cut) if window.bytes().len() < LINE_LIMIT => self.fill(window, false),
            Err(_) => Ok(Turn::Bad(window.base())),
        }
    }

    /// Reads more; at the end, gives what there is, if it is still in the array.
    fn fill(&self, window: &mut Window, in_array: bool) -> io::Result<Turn> {
        Ok(match window.fill()? {
            Filled::More => Turn::Again,
            Filled::Idle => Turn::Idle,
            Filled::End => {
                let all = window.bytes().len();
                if in_array && !window.bytes().trim_ascii().is_empty() {
                    return Ok(Turn::Broken(Some(self.elements(window, all))));
                }
                window.skip(all);
                Turn::Broken(None)
            }
        })
    }

    fn elements(&self, window: &mut Window, len: usize) -> Chunk {
        Chunk {
            kind: Kind::Elements(self.stream.clone()),
            ..window.take(len)
        }
    }
}
