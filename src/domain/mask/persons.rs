//! Names that tell who somebody is, or where: what stands behind them is masked whatever its shape.
//!
//! A name of a service, a stage, a host or a file is nobody's: `name` alone tells a person only within one or
//! right beside what else is personal, and an address only where it is no machine's.

use super::check;
use super::rules::{Kind, Rule, names_a_value};

/// A value behind a name; see `rules::VALUE`. Without quotes it ends before any mark, since a report goes on
/// behind it.
const VALUE: &str = r#"(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|'((?:[^'\\]|\\.)*)(?:'|\\?$)|([^ \t\r\n,;&"'}\\:()\[\]{|<>]+))"#;

/// Who somebody may be in a name.
const WHO: &str =
    "customer|client|user|patient|recipient|sender|person|contact|employee|passenger|guest";

/// Names that tell a person by themselves.
const NAMES: &str = r"customer|patient|recipient|sender|addressee|user(?:[_-]?name)?|(?:customer|client|patient|recipient|sender|person|contact|employee|passenger|guest)[_-]?name|(?:first|last|given|family|full|middle|maiden)[_-]?name|surname|street(?:[_-]?address)?|(?:postal|home|shipping|billing|delivery)[_-]?address|phone(?:[_-]?(?:number|no))?|telephone|mobile(?:[_-]?(?:number|no|phone))?|iban|birth[_-]?(?:date|day)|date[_-]?of[_-]?birth|dob";

/// What stands beside a person's plain `name`.
const BESIDE: &str = r"e?-?mail(?:[_-]?address)?|phone(?:[_-]?number)?|street|address|birth[_-]?date|date[_-]?of[_-]?birth|iban|surname|(?:first|last|given|family)[_-]?name";

/// Every rule of them.
pub(super) fn all() -> Result<Vec<Rule>, regex::Error> {
    const B: &str = r"[ \t\r\n]*";
    let name = format!(
        r"(?:[A-Za-z0-9_-]+\.)*(?:(?:(?:{WHO})[._-])?(?:{NAMES})|(?:(?:{WHO})[._-])?address|(?:{WHO})[._-]name)"
    );
    let named = format!(
        r#"(?i)(?:(?:^|[^A-Za-z0-9_.-]){name}{B}={B}|["']{name}["']{B}(?:=>|[:=]){B}){VALUE}"#
    );
    let within = format!(
        r#"(?i)["'](?:{WHO})["']{B}(?:=>|[:=]){B}\{{[^{{}}]*?["']name["']{B}(?:=>|[:=]){B}{VALUE}"#
    );
    let before = format!(r#"(?i)["']name["']{B}:{B}"((?:[^"\\]|\\.)*)"{B},{B}"(?:{BESIDE})""#);
    let behind = format!(
        r#"(?i)"(?:{BESIDE})"{B}:{B}"(?:[^"\\]|\\.)*"{B},{B}"name"{B}:{B}"((?:[^"\\]|\\.)*)""#
    );
    let rule = |pattern: &str| Rule::new(Kind::Person, pattern, names_a_value, check::is_personal);
    [named, within, before, behind]
        .iter()
        .map(|pattern| rule(pattern))
        .collect()
}
