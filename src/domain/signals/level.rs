//! The level that a line states, in the forms that loggers write.

use super::view::Severity;

/// What a line says of its own weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Level {
    /// Information, or less.
    Low,
    /// A warning, or more.
    Grave(Severity),
}

/// A level stands so near the beginning of a line: behind a time, a request ID and a thread.
const NEAR: usize = 128;

const WORDS: [(&[u8], Level); 27] = [
    (b"INFO", Level::Low),
    (b"DEBUG", Level::Low),
    (b"TRACE", Level::Low),
    (b"NOTICE", Level::Low),
    (b"VERBOSE", Level::Low),
    (b"FINE", Level::Low),
    (b"INFORMATION", Level::Low),
    (b"WARN", Level::Grave(Severity::Warning)),
    (b"WARNING", Level::Grave(Severity::Warning)),
    (b"ERROR", Level::Grave(Severity::Error)),
    (b"ERR", Level::Grave(Severity::Error)),
    (b"SEVERE", Level::Grave(Severity::Error)),
    (b"FATAL", Level::Grave(Severity::Fatal)),
    (b"CRITICAL", Level::Grave(Severity::Fatal)),
    (b"CRIT", Level::Grave(Severity::Fatal)),
    (b"ALERT", Level::Grave(Severity::Fatal)),
    (b"EMERGENCY", Level::Grave(Severity::Fatal)),
    (b"PANIC", Level::Grave(Severity::Fatal)),
    // The same where the operating system or the logger speaks another language.
    (b"WARNUNG", Level::Grave(Severity::Warning)),
    (b"AVERT", Level::Grave(Severity::Warning)),
    (b"AVERTISSEMENT", Level::Grave(Severity::Warning)),
    (b"ADVERTENCIA", Level::Grave(Severity::Warning)),
    (b"AVVISO", Level::Grave(Severity::Warning)),
    (b"FEHLER", Level::Grave(Severity::Error)),
    (b"ERREUR", Level::Grave(Severity::Error)),
    (b"ERRORE", Level::Grave(Severity::Error)),
    (b"ERRO", Level::Grave(Severity::Error)),
];

/// The level that a word names, in any case.
pub(super) fn of_word(word: &[u8]) -> Option<Level> {
    let found = WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word));
    found.map(|(_, level)| *level)
}

/// The level that a number stands for: pino's and bunyan's scale, in tens.
pub(super) fn of_number(number: &[u8]) -> Option<Level> {
    match number {
        b"10" | b"20" | b"30" => Some(Level::Low),
        b"40" => Some(Level::Grave(Severity::Warning)),
        b"50" => Some(Level::Grave(Severity::Error)),
        b"60" => Some(Level::Grave(Severity::Fatal)),
        _ => None,
    }
}

/// The level that a line of words states: in capitals, or behind `level=`.
pub(super) fn stated(line: &[u8]) -> Option<Level> {
    let near = &line[..line.len().min(NEAR)];
    let mut named = false;
    for word in near.split(|b| !b.is_ascii_alphanumeric() && *b != b'_') {
        if word.is_empty() {
            continue;
        }
        let capitals = word.iter().all(u8::is_ascii_uppercase);
        if (capitals || named)
            && let Some(level) = of_word(word)
        {
            return Some(level);
        }
        named = matches!(word, b"level" | b"lvl" | b"severity" | b"loglevel");
    }
    None
}
