//! The secret behind the pseudonyms of what is masked, as a case keeps it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::domain::mask::Key;

/// The secret behind the pseudonyms of what is masked, so that a value has the same one whenever the case
/// is looked at.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Its bytes, in hexadecimal digits.
    key: String,
}

impl From<&Key> for Secret {
    fn from(key: &Key) -> Self {
        let mut digits = String::with_capacity(2 * key.len());
        for byte in key {
            let _infallible = write!(digits, "{byte:02x}");
        }
        Self { key: digits }
    }
}

impl Secret {
    /// The bytes; `None` where they are not as many as they must be.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        let digits = self.key.as_bytes().chunks_exact(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = digits.map(byte).collect();
        bytes?.try_into().ok()
    }
}

/// A new one; `None` where the operating system gives no chance.
#[must_use]
pub fn fresh() -> Option<Key> {
    let mut key = Key::default();
    getrandom::fill(&mut key).ok()?;
    Some(key)
}
