//! Where one was, with what was open there. How one goes back is told in `travel`.

use super::board::Board;
use super::list_state::ListSpot;
use super::logspot::LogSpot;
use super::place::Place;
use super::sources::Sources;
use crate::domain::view::MessageHandle;

/// So many places are remembered.
const MOST: usize = 100;

/// A place with its state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The view.
    pub place: Place,
    /// The views above it.
    pub trail: Vec<Place>,
    /// The board.
    pub board: Board,
    /// The list.
    pub list: ListSpot,
    /// The message that was opened, and the row there.
    pub message: Option<(MessageHandle, usize)>,
    /// The sources.
    pub sources: Sources,
    /// The log.
    pub logs: LogSpot,
    /// The rank of the finding whose evidence was open.
    pub finding: Option<usize>,
}

/// The places that were left.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct History {
    /// Those behind, the newest last.
    pub back: Vec<Spot>,
    /// Those one came back from, the nearest last.
    pub ahead: Vec<Spot>,
}

impl History {
    /// A place was left.
    pub fn push(&mut self, spot: Spot) {
        self.back.push(spot);
        if self.back.len() > MOST {
            self.back.remove(0);
        }
    }
}
