//! `[keys]` as written: which action gets which keys, everywhere or in one view.
//!
//! Which actions and keys there are is known where they are used; here they are names with a place.

use super::read::Table;
use super::tree::Written;

/// One line of `[keys]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyLine {
    /// `[keys.VIEW]`; everywhere where `None`.
    pub view: Option<String>,
    /// The action.
    pub action: Written,
    /// The keys; none takes away those it has.
    pub keys: Vec<Written>,
}

/// Reads `[keys]`.
#[must_use]
pub fn read(table: &Table<'_>) -> Vec<KeyLine> {
    let mut lines = Vec::new();
    of_table(table, None, &mut lines);
    lines
}

fn of_table(table: &Table<'_>, view: Option<&str>, lines: &mut Vec<KeyLine>) {
    for (name, item) in table.named() {
        match (view, item.is_table()) {
            (None, true) => {
                if let Some(inner) = item.table("a table: [keys.VIEW]") {
                    of_table(&inner, Some(&name), lines);
                }
            }
            _ => lines.push(KeyLine {
                view: view.map(str::to_owned),
                keys: item.texts("a key such as \"j\" or \"ctrl-d\", or a list of keys"),
                action: Written {
                    text: name,
                    offset: item.offset(),
                    key: item.key.clone(),
                },
            }),
        }
    }
}
