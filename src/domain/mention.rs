//! Where a text really names one of some IDs: as a whole, not as a part of something longer.
//!
//! A search of the service or of a file only brings candidates; this decides. Bytes, not JSON: a
//! hunt asks where an ID stands at all, not what the event says about it.

use aho_corasick::AhoCorasick;

/// An ID so short may well be part of another word, a date or a version.
const SHORT: usize = 16;

/// Looks for IDs.
#[derive(Debug)]
pub struct Mentions {
    /// `None` where there is nothing to look for.
    searcher: Option<AhoCorasick>,
    /// For each spelling the ID it belongs to.
    of: Vec<usize>,
}

impl Mentions {
    /// Looks for `ids`, each in all its [`spellings`].
    #[must_use]
    pub fn new(ids: &[String]) -> Self {
        let (mut all, mut of) = (Vec::new(), Vec::new());
        for (index, id) in ids.iter().enumerate() {
            for spelling in spellings(id) {
                all.push(spelling);
                of.push(index);
            }
        }
        // Building fails only beyond the size of any list of IDs that a person can mean.
        let searcher = (!all.is_empty())
            .then(|| AhoCorasick::new(&all).ok())
            .flatten();
        Self { searcher, of }
    }

    /// The IDs that `text` names, each once, in the order of the list, and where the first of its
    /// mentions begins.
    #[must_use]
    pub fn in_text(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let matches = self.searcher.iter();
        for hit in matches.flat_map(|s| s.find_overlapping_iter(text)) {
            let id = self.of[hit.pattern().as_usize()];
            let known = found.iter().any(|(other, _)| *other == id);
            if !known && stands_alone(text, hit.start(), hit.end()) {
                found.push((id, hit.start()));
            }
        }
        found.sort_unstable();
        found
    }
}

/// How an ID may be written: a UUID also in capitals, everything else as it is.
#[must_use]
pub fn spellings(id: &str) -> Vec<String> {
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if !is_uuid {
        return vec![id.to_owned()];
    }
    let mut all = vec![id.to_ascii_lowercase()];
    let capitals = id.to_ascii_uppercase();
    if capitals != all[0] {
        all.push(capitals);
    }
    all
}

/// Whether an ID that was found there is no part of something longer.
#[must_use]
pub fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let short = end - start < SHORT;
    let letter = |byte: &u8| byte.is_ascii_alphanumeric();
    let part = |near: Option<&u8>, beyond: Option<&u8>| match near {
        Some(near) if letter(near) => true,
        // `2024-17-03` and `17.5` do not name 17, `done with 17.` does.
        Some(b'-' | b'_' | b'.') if short => beyond.is_some_and(letter),
        _ => false,
    };
    let back = |steps: usize| start.checked_sub(steps).and_then(|at| text.get(at));
    let before = part(back(1), back(2)) && !ends_an_escape(&text[..start]);
    !before && !part(text.get(end), text.get(end + 1))
}

/// Whether the last letter belongs to `\n`, `\u003c`, `%3D` or a colour: what log lines put before
/// an ID when they quote or paint it.
fn ends_an_escape(text: &[u8]) -> bool {
    let hex = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    match text {
        [.., b'\\', b'n' | b't' | b'r' | b'b' | b'f'] => true,
        [.., b'\\', b'u', a, b, c, d] if hex(&[*a, *b, *c, *d]) => true,
        [.., b'%', a, b] if hex(&[*a, *b]) => true,
        [head @ .., b'm'] => {
            let digit = |byte: &u8| byte.is_ascii_digit() || *byte == b';';
            let rest = head.iter().rposition(|byte| !digit(byte));
            rest.is_some_and(|at| head[..=at].ends_with(b"\x1b["))
        }
        _ => false,
    }
}

/// At most about `most` bytes of `text` around the byte `at`, so that a mention in a line of a
/// megabyte is still seen.
#[must_use]
pub fn excerpt(text: &[u8], at: usize, most: usize) -> String {
    if text.len() <= most {
        return String::from_utf8_lossy(text).into_owned();
    }
    // A line that names it early is shown from its beginning.
    let from = if at <= most / 2 { 0 } else { at - most / 4 };
    let to = text.len().min(from + most);
    let boundary = |mut at: usize| {
        while at < text.len() && text[at] & 0xc0 == 0x80 {
            at += 1;
        }
        at
    };
    let (from, to) = (boundary(from), boundary(to));
    let middle = String::from_utf8_lossy(&text[from..to]);
    let (head, tail) = (
        if from > 0 { "…" } else { "" },
        if to < text.len() { "…" } else { "" },
    );
    format!("{head}{middle}{tail}")
}
