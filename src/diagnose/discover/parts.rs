//! Parts of what a UUID names, each with a number behind it: the second mail of a connection
//! (`9F3A…-C0E1.2`), and what is done for it (`9F3A…-C0E1.2.1`). The part is the message; the whole may be
//! over long before it.

use super::shape::Class;

/// As long is a UUID.
const UUID: usize = 36;

/// The name of the part that a value is, or belongs to.
pub(super) fn name(value: &str) -> Option<&str> {
    let (whole, rest) = value.split_at_checked(UUID)?;
    let mut numbers = rest.strip_prefix('.')?.split('.');
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let first = numbers.next().filter(|first| number(first))?;
    let sound = Class::of(whole) == Class::Uuid && numbers.all(number);
    sound.then(|| &value[..UUID + 1 + first.len()])
}

/// How such names look.
pub(super) fn pattern() -> String {
    format!("[0-9a-fA-F-]{{{UUID}}}\\.\\d+")
}
