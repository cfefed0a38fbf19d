//! Reading log events from files: every format and trap, and that nothing is lost silently.

mod follow;
mod formats;
mod framing;
mod inputs;
mod places;
mod support;
mod timestamps;
