//! What to say of an input that ends where it should not.

use std::io;

use crate::domain::feed::{Fault, FaultKind};

/// It cannot be read on; `packing` is how it is packed, empty where it is not.
pub fn broken_off(name: &str, packing: &str, error: &io::Error) -> Fault {
    if packing.is_empty() {
        partial(
            format!("{name} could not be read to its end: {error}"),
            "Check the disk or the connection and load it again.",
        )
    } else {
        partial(
            format!("{name} breaks off in its {packing} data: {error}"),
            "Copy it again from where it came; everything before the break was kept.",
        )
    }
}

/// Its last line has no end.
pub fn torn(name: &str) -> Fault {
    partial(
        format!("{name} breaks off in its last line"),
        "Copy it again from where it came; every line before it was kept.",
    )
}

/// Its array of events is none from some place on.
pub fn broken_array(name: &str) -> Fault {
    partial(
        format!("{name} holds an array of events that is not valid JSON"),
        "Fetch it again; the events of the array before that place were kept.",
    )
}

/// Its last document has no end.
pub fn cut_document(name: &str) -> Fault {
    partial(
        format!("{name} ends in the middle of a JSON document"),
        "Fetch it again, complete; everything before the break was kept.",
    )
}

fn partial(message: String, remedy: &str) -> Fault {
    Fault {
        kind: FaultKind::Partial,
        message,
        remedy: remedy.to_owned(),
    }
}
