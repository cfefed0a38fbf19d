//! Whether something that looks like a number of a kind is one: its check digits are right.

/// A card number (Luhn), 13 to 19 digits, of an issuer that makes cards. A time in milliseconds or
/// nanoseconds begins with 1, which no card does.
#[must_use]
pub fn is_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |d: u32| if d > 4 { 2 * d - 9 } else { 2 * d };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| if i % 2 == 1 { doubled(*d) } else { *d })
        .sum();
    let varied = digits.iter().any(|d| *d != digits[0]);
    (13..=19).contains(&digits.len())
        && matches!(digits.first(), Some(2..=6))
        && varied
        && sum.is_multiple_of(10)
}

/// An IBAN (ISO 13616, modulo 97).
#[must_use]
pub fn is_iban(text: &str) -> bool {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if !(15..=34).contains(&plain.len()) {
        return false;
    }
    let (front, back) = plain.split_at(4);
    let rest = back.chars().chain(front.chars()).try_fold(0, |rest, c| {
        let value = c.to_digit(36)?;
        let shift = if value > 9 { 100 } else { 10 };
        Some((rest * shift + value) % 97)
    });
    rest == Some(1)
}

/// An IPv6 address, and no time of day.
#[must_use]
pub fn is_ipv6(text: &str) -> bool {
    let groups: Vec<&str> = text.split(':').collect();
    let short = |g: &&str| g.len() <= 4 && g.bytes().all(|b| b.is_ascii_hexdigit());
    let (last, front) = match groups.split_last() {
        Some((last, front)) if last.contains('.') => (2, front),
        _ => (0, &groups[..]),
    };
    let gap = text.matches("::").count();
    let filled = front.iter().filter(|g| !g.is_empty()).count() + last;
    let ends = |text: &str| text.starts_with(':') == text.starts_with("::");
    let sound = front.iter().all(short) && gap <= 1 && !text.contains(":::") && ends(text);
    let digit = text.bytes().any(|b| b.is_ascii_digit());
    sound && digit && if gap == 1 { filled < 8 } else { filled == 8 }
}

/// A telephone number: 8 to 15 digits.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (8..=15).contains(&digits)
}

/// A secret key of AWS among words of its length: of all three sorts of characters, and no hash in
/// hexadecimal digits.
#[must_use]
pub fn is_secret_key(text: &str) -> bool {
    let has = |of: fn(&u8) -> bool| text.bytes().any(|b| of(&b));
    has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
        && !text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What stands for nothing, and a value that is masked already.
#[must_use]
pub fn is_value(text: &str) -> bool {
    let nothing = ["", "null", "true", "false", "none", "undefined", "nil"];
    !nothing.contains(&text.to_ascii_lowercase().as_str())
}

/// What may tell a person: a value, and neither the address of a machine nor of a page.
#[must_use]
pub fn is_personal(text: &str) -> bool {
    let machine = text.contains(['.', ':'])
        && text.bytes().any(|b| b.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':'));
    is_value(text) && !machine && !text.contains("://") && !text.starts_with("0x")
}
