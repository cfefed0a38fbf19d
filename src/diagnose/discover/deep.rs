//! IDs in a text below the top of a JSON object (`jsonPayload.message`, `log.message`): which field the text
//! stands in. A pattern reads the strings at the top alone, so one for such a text has to name its field.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Key, Lines};

/// The fields that the values of a key stand in, by place and key; `None` among them where some stand where
/// any pattern finds them.
pub(super) type Deep = BTreeMap<(u32, u32), BTreeSet<Option<u32>>>;

/// Finds the fields.
pub(super) fn find(lines: &Lines, places: &[u32]) -> Deep {
    let mut deep = Deep::new();
    let each = || lines.all.iter().zip(places);
    for (line, place) in each().filter(|(line, _)| !line.deep.is_empty()) {
        for (key, value) in &line.fields {
            if let Some(path) = line.below(*value) {
                deep.entry((*place, *key)).or_default().insert(Some(path));
            }
        }
    }
    if deep.is_empty() {
        return deep;
    }
    for (line, place) in each() {
        for (key, value) in &line.fields {
            if line.below(*value).is_none()
                && let Some(paths) = deep.get_mut(&(*place, *key))
            {
                paths.insert(None);
            }
        }
    }
    deep
}

/// The path of a text.
pub(super) fn path(lines: &Lines, key: u32) -> Option<String> {
    match lines.keys.of(key) {
        Key::Template(path) => Some(path.clone()),
        _ => None,
    }
}
