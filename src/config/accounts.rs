//! Whose log groups an environment reads: the account it must be, and accounts linked to it.
//!
//! Only the form of account numbers is checked; who is linked to whom is known to AWS alone.

use super::read::{Item, Table};
use super::tree::Written;

/// The word for every linked account.
pub const LINKED: &str = "linked";

/// The accounts whose log groups are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Accounts {
    /// That of the credentials.
    #[default]
    Own,
    /// That of the credentials, and every account linked to it as a monitoring account.
    Linked,
    /// These and no others.
    Only(Vec<String>),
}

/// Whether `number` can be the number of an account.
#[must_use]
pub fn is_account(number: &str) -> bool {
    number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads `account`: the only account that the credentials may belong to.
#[must_use]
pub fn expected(table: &Table<'_>) -> Option<String> {
    let item = table.get("account")?;
    let written = one(&item)?;
    sound(&item, &written).then_some(written.text)
}

/// Reads `accounts`.
#[must_use]
pub fn read(table: &Table<'_>) -> Accounts {
    let Some(item) = table.get("accounts") else {
        return Accounts::Own;
    };
    let mut numbers: Vec<String> = Vec::new();
    let items = item.items();
    for item in &items {
        let Some(written) = one(item) else { continue };
        if written.text == LINKED && items.len() == 1 {
            return Accounts::Linked;
        }
        if sound(item, &written) && !numbers.contains(&written.text) {
            numbers.push(written.text);
        }
    }
    if items.is_empty() {
        item.fail(
            "names no account",
            "for example accounts = [\"123456789012\"], or accounts = \"linked\"",
        );
    }
    Accounts::Only(numbers)
}

/// A number written without quotes would lose its zeros, so it is not taken for a text.
fn one(item: &Item<'_>) -> Option<Written> {
    if item.is_number() {
        item.fail(
            "found a bare number, expected the number of an account",
            "write it between quotes: \"123456789012\"",
        );
        return None;
    }
    item.text("the number of an account")
}

fn sound(item: &Item<'_>, written: &Written) -> bool {
    let sound = is_account(&written.text);
    if !sound {
        let help = match written.text.as_str() {
            LINKED => "it stands alone: accounts = \"linked\"",
            _ => "write its 12 digits, such as \"123456789012\"",
        };
        let message = format!("`{}` is not the number of an account", written.text);
        item.fail(message, help);
    }
    sound
}
