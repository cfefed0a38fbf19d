//! Filters as people type them: `eng-3 verdict:lost !host=eng-2 items>10 after:02:10 /timed? out/`.
//!
//! ```text
//! text  "two words"  re:/regex/  /regex/     in an ID or an attribute's value
//! host=eng-3  host!=eng-3  host:eng          an attribute: is, is not, contains
//! host=/eng-[1-3]/  host=  host!=            matches; is missing; is there
//! items>10  items<=3                         as numbers
//! verdict:lost  stage:engine  env:qa  pipeline:orders  flag:late  id:…
//! region:…  source:…  stream:…               of a source that it was seen in
//! 01:46..01:50  >02:10  time=..-15m          under way then: see `terms_time`
//! after:02:10  before:"yesterday 22:00"      last seen at or after; first seen before
//! last_seen>02:10  first_seen=01:46..01:50   that sighting alone
//! !term                                      not
//! ```
//! A function of the text, of the names there are and of a reader of times. Whatever is not understood
//! is an error with its place and a remedy, never a guess.

use std::sync::Arc;

use super::nearest::nearest;
use super::terms::{Number, Term, Terms, Test, Value};
use super::terms_scan::{Scanner, Sign, TermsError, Times, sign};
use super::terms_time;
use super::verdict::{Flags, Verdict};

/// The names that a filter may speak of. Without a stage, an environment or a pipeline they are not
/// known yet, and any will do.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Attributes.
    pub attributes: Vec<Arc<str>>,
    /// Stages.
    pub stages: Vec<Arc<str>>,
    /// Environments.
    pub envs: Vec<Arc<str>>,
    /// Pipelines.
    pub pipelines: Vec<Arc<str>>,
}

/// Words before a colon (or a sign) that are no attribute.
const WORDS: [&str; 10] = [
    "verdict", "stage", "env", "pipeline", "flag", "id", "region", "source", "stream", "re",
];

/// The terms that `text` spells.
///
/// # Errors
/// The first thing that is not understood.
pub fn parse(text: &str, names: &Names, times: Times<'_>) -> Result<Terms, TermsError> {
    let mut scanner = Scanner::new(text);
    let mut terms = Vec::new();
    loop {
        scanner.skip_space();
        let begin = scanner.at;
        if scanner.peek().is_none() {
            return Ok(Terms(terms));
        }
        let read = if terms.len() == Terms::MOST {
            let message = format!("more than {} terms", Terms::MOST);
            Err(scanner.error(begin, message, "join some of them in one /a|b/"))
        } else {
            term(&mut scanner, names, times)
        };
        match read {
            Ok(term) => terms.push(term),
            Err(error) => {
                return Err(TermsError {
                    begin,
                    before: Terms(terms),
                    ..error
                });
            }
        }
    }
}

fn term(scanner: &mut Scanner, names: &Names, times: Times<'_>) -> Result<Term, TermsError> {
    let begin = scanner.at;
    let mut not = scanner.take('!');
    if not && scanner.peek().is_none_or(char::is_whitespace) {
        return Err(scanner.error(
            begin,
            "nothing follows the !",
            "write !term, without a space",
        ));
    }
    if scanner.take('/') {
        let test = Test::Any(Value::Matches(scanner.between_slashes()?));
        return Ok(Term { not, test });
    }
    let start = scanner.at;
    if let Some(test) = terms_time::bare(scanner, times)? {
        return Ok(Term { not, test });
    }
    let Some(name) = scanner.name() else {
        let word = scanner.word()?;
        return Ok(Term {
            not,
            test: Test::Any(Value::Has(word.text)),
        });
    };
    scanner.at += name.chars().count();
    let sign = sign(scanner);
    not ^= sign == Sign::Unequal;
    let test = match known(&name, names) {
        Some(word) if terms_time::WORDS.contains(&word) => {
            terms_time::named(scanner, word, sign, times)?
        }
        Some(word) => reserved(scanner, word, start, sign, names)?,
        None => match attribute(&name, names) {
            Ok(name) => {
                let value = value(scanner, &name, sign)?;
                // No value at all: the attribute is missing, or with != it is there.
                not ^= value == Value::Anything;
                Test::Attribute(name, value)
            }
            // `urn:x:1` and `a:b` are texts unless they look like a name mistyped.
            Err(None) if sign == Sign::Colon => {
                scanner.at = start;
                Test::Any(Value::Has(scanner.word()?.text))
            }
            Err(nearest) => return Err(no_attribute(scanner, start, &name, nearest, names)),
        },
    };
    Ok(Term { not, test })
}

/// Words that an attribute may bear as well: what the logs call so comes first.
const LENT: [&str; 4] = ["region", "time", "last_seen", "first_seen"];

fn known(name: &str, names: &Names) -> Option<&'static str> {
    let word = words().find(|word| word.eq_ignore_ascii_case(name))?;
    let said = |word: &str| {
        names
            .attributes
            .iter()
            .any(|a| a.eq_ignore_ascii_case(word))
    };
    (!LENT.contains(&word) || !said(word)).then_some(word)
}

fn words() -> impl Iterator<Item = &'static str> {
    WORDS.into_iter().chain(terms_time::WORDS)
}

/// The attribute of this name; else the word that was perhaps meant.
fn attribute(name: &str, names: &Names) -> Result<Arc<str>, Option<String>> {
    let found = |exact: &&Arc<str>| exact.eq_ignore_ascii_case(name);
    names.attributes.iter().find(found).cloned().ok_or_else(|| {
        let mut all: Vec<&str> = names.attributes.iter().map(|a| &**a).collect();
        words().for_each(|word| all.push(word));
        nearest(name, all).map(str::to_owned)
    })
}

fn no_attribute(
    scanner: &Scanner,
    at: usize,
    name: &str,
    nearest: Option<String>,
    names: &Names,
) -> TermsError {
    let help = match nearest {
        Some(nearest) => format!("did you mean {nearest}?"),
        None if names.attributes.is_empty() => "the configuration names none".to_owned(),
        None => format!("there is {}", list(&names.attributes)),
    };
    scanner.error(at, format!("no attribute is called `{name}`"), help)
}

fn value(scanner: &mut Scanner, name: &str, sign: Sign) -> Result<Value, TermsError> {
    let at = scanner.at;
    if !matches!(sign, Sign::Number(_)) && scanner.take('/') {
        return Ok(Value::Matches(scanner.between_slashes()?));
    }
    let word = scanner.word()?;
    match sign {
        Sign::Number(compare) => match Number::parse(&word.text) {
            Some(number) => Ok(Value::Number(compare, number)),
            None => Err(scanner.error(
                at,
                "a number is expected here",
                format!("for example {name}>10"),
            )),
        },
        Sign::Colon if word.text.is_empty() => Err(scanner.error(
            at,
            "nothing to look for",
            format!("{name}:part; {name}= keeps those without it"),
        )),
        Sign::Colon => Ok(Value::Has(word.text)),
        _ if word.text.is_empty() && !word.quoted => Ok(Value::Anything),
        _ => Ok(Value::Is(word.text)),
    }
}

/// A word of the language with what follows it.
fn reserved(
    scanner: &mut Scanner,
    word: &'static str,
    start: usize,
    sign: Sign,
    names: &Names,
) -> Result<Test, TermsError> {
    let at = scanner.at;
    if let Sign::Number(_) = sign {
        let help = format!("write {word}:…");
        return Err(scanner.error(start, format!("{word} is not compared"), help));
    }
    if word == "re" {
        if scanner.take('/') {
            return Ok(Test::Any(Value::Matches(scanner.between_slashes()?)));
        }
        let text = scanner.word()?.text;
        return Ok(Test::Any(Value::Matches(scanner.pattern(at, &text)?)));
    }
    if matches!(word, "id" | "region" | "source" | "stream") {
        let value = value(scanner, word, sign)?;
        if value == Value::Anything {
            return Err(scanner.error(at, "nothing to look for", format!("{word}:part")));
        }
        return Ok(match word {
            "id" => Test::Id(value),
            "region" => Test::Region(value),
            "source" => Test::Source(value),
            _ => Test::Stream(value),
        });
    }
    let text = scanner.word()?.text;
    let choose = |list: &[Arc<str>]| choice(scanner, at, word, &text, list);
    let texts = |list: Vec<&str>| list.into_iter().map(Arc::from).collect::<Vec<Arc<str>>>();
    Ok(match word {
        "verdict" => {
            let name = choose(&texts(Verdict::ALL.map(Verdict::word).to_vec()))?;
            Test::Verdict(Verdict::from_word(&name).unwrap_or(Verdict::Lost))
        }
        "flag" => {
            let name = choose(&texts(Flags::ALL.map(|(_, word)| word).to_vec()))?;
            let flag = Flags::ALL.iter().find(|(_, word)| **word == *name);
            Test::Flag(flag.map_or(Flags::default(), |(flag, _)| *flag))
        }
        "stage" => Test::Stage(choose(&names.stages)?),
        "env" => Test::Env(choose(&names.envs)?),
        _ => Test::Pipeline(choose(&names.pipelines)?),
    })
}

/// The one of `list` that `text` names, ignoring case; any at all where none is known yet.
fn choice(
    scanner: &Scanner,
    at: usize,
    word: &str,
    text: &str,
    known: &[Arc<str>],
) -> Result<Arc<str>, TermsError> {
    if known.is_empty() && !text.is_empty() {
        return Ok(text.into());
    }
    if let Some(found) = known.iter().find(|name| name.eq_ignore_ascii_case(text)) {
        return Ok(Arc::clone(found));
    }
    let begun: Vec<_> = known
        .iter()
        .filter(|name| name.starts_with(text))
        .cloned()
        .collect();
    let help = match nearest(text, known.iter().map(|name| &**name)) {
        _ if text.is_empty() || !begun.is_empty() => list(&begun),
        Some(nearest) => format!("did you mean {nearest}?"),
        None => list(known),
    };
    let message = match (text.is_empty(), begun.is_empty()) {
        (true, _) => format!("which {word}?"),
        (false, false) => format!("{word} {text}…"),
        (false, true) => format!("no {word} is called `{text}`"),
    };
    Err(scanner.error(at, message, help))
}

fn list(names: &[Arc<str>]) -> String {
    names
        .iter()
        .map(|name| &**name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A term as it is typed: `host=eng-3`, quoted where it must be.
#[must_use]
pub fn written(not: bool, name: &str, value: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && c != '"';
    let sign = if not { "!=" } else { "=" };
    if value.chars().all(plain) && !value.starts_with('/') && !value.is_empty() {
        return format!("{name}{sign}{value}");
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{name}{sign}\"{escaped}\"")
}
