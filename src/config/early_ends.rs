//! `ends` and `may_end` of a stage: which messages go no further, told by an attribute of theirs.

use std::sync::Arc;

use super::error::suggest;
use super::read::Item;
use crate::domain::pipeline::{Attribute, EarlyEnd};

/// Reads `["channel=pickup"]`: attributes of the pipeline, and their values. Whether it is `sure` that
/// nothing more is to come says which of the two keys it is.
pub(super) fn read(item: &Item<'_>, sure: bool, attributes: &[Attribute]) -> Vec<EarlyEnd> {
    let mut found = Vec::new();
    for written in item.texts("an attribute and its value: \"channel=pickup\"") {
        let fail = |message: String, help: String| {
            let document = item.document();
            let error = document.error(written.offset, &written.key, message);
            document.report(error.help(help));
        };
        let Some((name, value)) = written.text.split_once('=') else {
            fail(
                format!("`{}` has no value", written.text),
                "write an attribute and its value: \"channel=pickup\"".to_owned(),
            );
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        let Some(known) = attributes.iter().find(|known| &*known.name == name) else {
            let names: Vec<&str> = attributes.iter().map(|known| &*known.name).collect();
            let help = if names.is_empty() {
                format!("add `attributes = [\"{name}\"]` to the pipeline")
            } else {
                suggest(name, &names)
            };
            fail(format!("`{name}` is no attribute of the pipeline"), help);
            continue;
        };
        found.push(EarlyEnd {
            attribute: Arc::clone(&known.name),
            value: value.to_owned(),
            sure,
        });
    }
    found
}
