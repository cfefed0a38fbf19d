//! Texts of columns between one sign and without names, as the rows of a table whose header is not there.
//! Where a value stands is all that says what it is, so that each column is a key of its own.
//!
//! Nothing is taken for an ID here: the values of a column are judged like any others.

use super::corpus::Corpus;

/// Signs that part columns, and how many of them a line must have at least. What stands between words too
/// must be seen more often.
const SIGNS: [(char, usize); 4] = [('\t', 2), ('|', 2), (';', 3), (',', 3)];
/// So many lines of a source are looked at.
const TRIED: usize = 200;
/// Fewer show no habit.
const ENOUGH: usize = 20;
/// So many of them must have as many columns, in percent.
const SAME: usize = 95;
/// More columns are not told apart.
const MOST: usize = 40;

/// How the lines of a source are parted.
#[derive(Debug)]
pub(super) struct Columns {
    sign: char,
    /// What stands around a value: nothing, a blank, or quotes in which the sign may stand.
    around: Option<char>,
    /// The keys of the columns.
    pub(super) keys: Vec<String>,
}

/// By source: its columns, if it has any.
pub(super) fn find(corpus: &Corpus) -> Vec<Option<Columns>> {
    let mut lines: Vec<Vec<&str>> = vec![Vec::new(); corpus.sources.len()];
    for event in &corpus.events {
        let of = &mut lines[event.source as usize];
        if of.len() < TRIED {
            let text = std::str::from_utf8(corpus.text(event)).unwrap_or_default();
            of.push(text.lines().next().unwrap_or_default());
        }
    }
    lines.iter().map(|lines| Columns::of(lines)).collect()
}

impl Columns {
    fn of(lines: &[&str]) -> Option<Self> {
        if lines.len() < ENOUGH || lines.iter().any(|line| line.starts_with('{')) {
            return None;
        }
        SIGNS.iter().find_map(|(sign, least)| {
            let around = around(lines, *sign);
            // Between words there is a blank behind the sign.
            if around == Some(' ') && matches!(sign, ',' | ';') {
                return None;
            }
            let quoted = around == Some('"');
            let mut counts: Vec<usize> = lines
                .iter()
                .map(|line| cells(line, *sign, quoted).count())
                .collect();
            counts.sort_unstable();
            // The last column may be a text with such signs in it.
            let columns = counts[counts.len() * (100 - SAME) / 100];
            let torn = |line: &&&str| cells(line, *sign, quoted).take(columns).any(is_torn);
            let within = lines.iter().filter(torn).count() * 2 > lines.len();
            (columns > *least && !within).then(|| Self {
                sign: *sign,
                around,
                keys: (1..=columns.min(MOST))
                    .map(|number| key(*sign, around, number))
                    .collect(),
            })
        })
    }

    /// The values of a line, with the keys of their columns.
    pub(super) fn values<'a>(&'a self, line: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let cells = cells(line, self.sign, self.around == Some('"'));
        let keys = self.keys.iter().map(String::as_str);
        let all = keys.zip(cells.map(|cell| bare(cell, self.around)));
        // What says its own name is found by that.
        all.filter(|(_, cell)| !is_pair(cell))
    }
}

/// What stands around most values of these lines.
fn around(lines: &[&str], sign: char) -> Option<char> {
    let has = |of: fn(char, &str) -> bool| {
        lines.iter().filter(|line| of(sign, line)).count() * 2 > lines.len()
    };
    if has(|sign, line| line.contains(&format!("\"{sign}")) && line.contains(&format!("{sign}\"")))
    {
        Some('"')
    } else {
        has(|sign, line| line.contains(&format!("{sign} "))).then_some(' ')
    }
}

/// Whether a value is a part of something: `[cart` of `[cart,1f0a,77]`.
fn is_torn(cell: &str) -> bool {
    let count = |sign: char| cell.matches(sign).count();
    count('[') != count(']') || count('(') != count(')')
}

/// Whether a cell is a pair: `order=1f0a77`.
fn is_pair(cell: &str) -> bool {
    cell.split_once('=').is_some_and(|(name, _)| {
        let named = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        name.starts_with(char::is_alphabetic) && name.chars().all(named)
    })
}

/// A value without what stands around it.
fn bare(cell: &str, around: Option<char>) -> &str {
    match around {
        None => cell,
        Some(' ') => cell.trim_matches(' '),
        Some(quote) => cell
            .strip_prefix(quote)
            .and_then(|cell| cell.strip_suffix(quote))
            .unwrap_or(cell),
    }
}

/// The columns of a line.
fn cells(line: &str, sign: char, quoted: bool) -> impl Iterator<Item = &str> {
    let mut within = false;
    line.split(move |c| {
        within ^= quoted && c == '"';
        c == sign && !within
    })
}

/// The key of a column: the sign, what stands around its values, and its number.
fn key(sign: char, around: Option<char>, number: usize) -> String {
    format!(
        "{sign}{}{number}",
        around.map_or(String::new(), String::from)
    )
}

/// What a key says: the sign, what stands around its values, and its number.
fn parts(key: &str) -> (char, Option<char>, usize) {
    let mut signs = key.chars();
    let sign = signs.next().unwrap_or_default();
    let around = signs.next().filter(|c| !c.is_ascii_digit());
    let number = key.trim_start_matches(|c: char| !c.is_ascii_digit());
    (sign, around, number.parse().unwrap_or(1))
}

/// A key as people read it.
pub(super) fn shown(key: &str) -> String {
    format!("column {}", parts(key).2)
}

/// How values are found in a column, which look like `values`.
pub(super) fn selector(key: &str, values: &str) -> String {
    let (sign, around, number) = parts(key);
    let (within, sign) = match sign {
        '\t' => ("\\t".to_owned(), "\\t".to_owned()),
        sign => (sign.to_string(), regex_syntax::escape(&sign.to_string())),
    };
    let any = match around {
        Some('"') => format!("(?:\"[^\"]*\"|[^{within}]*){sign}"),
        _ => format!("[^{within}]*{sign}"),
    };
    let before = match number - 1 {
        0 => String::new(),
        1 => any,
        more => format!("(?:{any}){{{more}}}"),
    };
    let around = match around {
        None => "",
        Some(' ') => " *",
        Some(_) => "\"?",
    };
    format!("^{before}{around}(?<id>{values}){around}(?:{sign}|$)")
}
