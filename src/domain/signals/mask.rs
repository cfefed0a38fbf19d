//! Masks the variable parts of a line, so that lines of one kind become one text.
//!
//! The masking step of Drain (He, Zhu, Zheng and Lyu, "Drain: An Online Log Parsing Approach with Fixed
//! Depth Tree", ICWS 2017): a token with a digit in it is variable. Quoted single words and very long
//! tokens are taken as variable too, and neighbouring variable parts become one, which covers times,
//! UUIDs, addresses and lists. The texts are few enough afterwards to be compared as a whole, so there
//! is no tree.

/// Templates are no longer, in bytes.
pub(super) const MOST: usize = 200;
/// A token of so many letters is no word.
const LONG: usize = 40;
/// A quoted word is no longer.
const QUOTED: usize = 200;

const VARIABLE: &[u8] = b"<*>";

/// Names with a digit in them that are no variables.
const NAMES: [&[u8]; 9] = [
    b"s3", b"ec2", b"k8s", b"http2", b"oauth2", b"sha256", b"x509", b"base64", b"utf8",
];

/// Words behind which a short number is a code.
const CODES: [&[u8]; 8] = [
    b"status",
    b"code",
    b"statuscode",
    b"status_code",
    b"exitcode",
    b"signal",
    b"errno",
    b"http",
];

/// Writes the masked text to `out`, which must be empty.
pub(super) fn mask(text: &[u8], out: &mut Vec<u8>) {
    let mut masked = Masked {
        out,
        behind: None,
        before: &[],
    };
    let mut at = 0;
    while at < text.len() && masked.out.len() < MOST {
        at = masked.step(text, at);
    }
    out.truncate(MOST);
    while out.last() == Some(&b' ') {
        out.pop();
    }
}

struct Masked<'a, 'b> {
    out: &'b mut Vec<u8>,
    /// Where the text behind the last variable part begins.
    behind: Option<usize>,
    /// The word before.
    before: &'a [u8],
}

impl<'a> Masked<'a, '_> {
    /// Takes what begins at `at`; gives where the next begins.
    fn step(&mut self, text: &'a [u8], at: usize) -> usize {
        let byte = text[at];
        if byte.is_ascii_whitespace() || byte.is_ascii_control() {
            if self.out.last().is_some_and(|last| *last != b' ') {
                self.out.push(b' ');
            }
            return at + 1;
        }
        if matches!(byte, b'"' | b'\'') {
            let opens = at == 0 || !text[at - 1].is_ascii_alphanumeric();
            if let Some(end) = opens.then(|| quoted_word(text, at)).flatten() {
                self.out.push(byte);
                self.variable();
                self.out.push(byte);
                return end + 1;
            }
        }
        if !in_token(byte) {
            self.out.push(byte);
            return at + 1;
        }
        let len = text[at..].iter().take_while(|b| in_token(**b)).count();
        let token = &text[at..at + len];
        if is_variable(token) && !self.is_code(token) {
            self.variable();
        } else {
            self.out.extend_from_slice(&token[..len.min(MOST)]);
        }
        self.before = token;
        at + len
    }

    /// A variable part; joined to the one before if there is next to nothing between them.
    fn variable(&mut self) {
        let joins = |b: &u8| matches!(b, b' ' | b':' | b',' | b'/' | b'|' | b'.' | b'-');
        if let Some(behind) = self.behind
            && self.out.len() <= behind + 2
            && self.out[behind..].iter().all(joins)
        {
            self.out.truncate(behind);
            return;
        }
        self.out.extend_from_slice(VARIABLE);
        self.behind = Some(self.out.len());
    }

    fn is_code(&self, token: &[u8]) -> bool {
        token.len() <= 3
            && token.iter().all(u8::is_ascii_digit)
            && CODES.iter().any(|c| c.eq_ignore_ascii_case(self.before))
    }
}

/// The closing quote of a single quoted word.
fn quoted_word(text: &[u8], at: usize) -> Option<usize> {
    let quote = text[at];
    let rest = &text[at + 1..text.len().min(at + 1 + QUOTED)];
    let len = rest
        .iter()
        .position(|b| *b == quote || b.is_ascii_whitespace())?;
    (rest[len] == quote && len > 0).then_some(at + 1 + len)
}

const fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(
            byte,
            b'_' | b'-' | b'.' | b'+' | b'%' | b'@' | b'#' | b'$' | b'~' | b'*'
        )
}

fn is_variable(token: &[u8]) -> bool {
    if !token.iter().any(u8::is_ascii_digit) {
        let hex = || token.len() >= 16 && token.iter().all(u8::is_ascii_hexdigit);
        let letters = || token.len() >= LONG && token.iter().all(u8::is_ascii_alphanumeric);
        return hex() || letters();
    }
    let kinds = [&b"Exception"[..], b"Error", b"Fault"];
    !kinds.iter().any(|kind| token.ends_with(kind))
        && !NAMES.iter().any(|name| name.eq_ignore_ascii_case(token))
}
