//! What can go wrong with a call, and what it does to the answer.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::answers::{How, Refusal};
use super::log::Entry;
use super::sts;
use crate::support::http::{Extent, Response};

/// What can go wrong.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// `ThrottlingException`.
    Throttle,
    /// This HTTP status without a body that says more.
    Status(u16),
    /// The connection breaks in the middle of the body.
    CutBody,
    /// The body stops in the middle, and the connection stays.
    StallBody,
    /// No answer at all.
    Hang,
    /// No events, but a token that goes on.
    EmptyPage,
    /// The page before, once more, with a token that goes on.
    PageAgain,
    /// The right page, with the token it was asked for with.
    TokenAgain,
    /// The token is refused, now and for ever.
    TokenExpired,
    /// This HTTP status and XML: how STS fails.
    Xml(u16, &'static str),
    /// An error of this HTTP status, code and message.
    Error(u16, &'static str, &'static str),
    /// The right answer, so much later.
    Slow(Duration),
    /// The right answer, once the gate is open.
    Wait(Gate),
}

impl Trouble {
    /// Whether the right answer comes in the end, and nothing has to be asked again.
    pub(crate) fn is_delay(&self) -> bool {
        matches!(self, Self::Slow(_) | Self::Wait(_))
    }

    /// Holds the answer back.
    pub(super) fn delay(&self) {
        match self {
            Self::Slow(time) => std::thread::sleep(*time),
            Self::Wait(gate) => gate.pass(),
            _ => {}
        }
    }
}

/// Holds answers back until it is opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Lets everybody pass from now on.
    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }
}

/// The answer with `trouble`; `right` makes the right one.
pub(super) fn answer(
    trouble: Option<&Trouble>,
    entry: &mut Entry,
    right: impl FnOnce(&mut Entry, How) -> Result<Value, Refusal>,
) -> Response {
    let how = match trouble {
        Some(Trouble::Throttle) => {
            return refuse(entry, 400, "ThrottlingException", "Rate exceeded");
        }
        Some(Trouble::Error(status, code, message)) => {
            return refuse(entry, *status, code, message);
        }
        Some(Trouble::Xml(status, xml)) => {
            return Response::whole(*status, (*xml).to_owned());
        }
        Some(Trouble::Status(status)) => return Response::whole(*status, String::new()),
        Some(Trouble::Hang) => return Response::whole(200, String::new()).only(Extent::Nothing),
        Some(Trouble::EmptyPage) => How::Empty,
        Some(Trouble::PageAgain) => How::Before,
        Some(Trouble::TokenAgain) => How::SameToken,
        Some(Trouble::TokenExpired) if entry.call.position.is_some() => How::Expired,
        _ => How::Right,
    };
    let extent = match trouble {
        Some(Trouble::CutBody) => Extent::Half,
        Some(Trouble::StallBody) => Extent::Stalled,
        _ => Extent::Whole,
    };
    match right(entry, how) {
        Ok(answer) => {
            let body = match answer {
                Value::String(xml) => xml,
                json => json.to_string(),
            };
            entry.answered = extent == Extent::Whole;
            Response::whole(200, body).only(extent)
        }
        Err(Refusal(status, code, message)) => refuse(entry, status, code, &message),
    }
}

/// In the words of the service that was asked.
fn refuse(entry: &Entry, status: u16, code: &str, message: &str) -> Response {
    let sts = matches!(
        entry.call.operation.as_str(),
        "GetCallerIdentity" | "AssumeRole"
    );
    let body = if sts {
        sts::error(code, message)
    } else {
        json!({"__type": code, "message": message}).to_string()
    };
    Response::whole(status, body)
}
