//! The words that `demo` understands, for shells to complete and for `--help`.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error};

use crate::sources::demo::incident::LISTED;
use crate::sources::demo::variant::Variant;

/// Takes any word, so that a wrong one gets a better answer than a list; tells shells the right ones.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub fn() -> Vec<(&'static str, &'static str)>);

/// The incidents with what happens in each.
pub const NAMES: Words = Words(|| LISTED.iter().map(|l| (l.name, l.about)).collect());

/// The ways an incident can go.
pub const VARIANTS: Words = Words(|| Variant::ALL.map(|v| (v.word(), v.about())).to_vec());

impl TypedValueParser for Words {
    type Value = String;

    fn parse_ref(&self, _: &Command, _: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        Ok(value.to_string_lossy().into_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let words = (self.0)().into_iter();
        Some(Box::new(
            words.map(|(word, about)| PossibleValue::new(word).help(about)),
        ))
    }
}
