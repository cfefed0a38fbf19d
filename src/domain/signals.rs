//! What all log lines tell, also those that name no message: who wrote when, which troubles were
//! reported, which resources were measured, what was started.
//!
//! Gathered line by line during extraction, kept in bounded tables, answered as plain data. Findings name
//! causes from it; nothing here knows messages or verdicts.

mod activity;
pub mod book;
mod capped;
pub mod gather;
mod gauge;
mod level;
mod mask;
mod needles;
mod said;
mod series;
mod start;
mod trouble;
pub mod view;

/// Whether a word names a level, in any case.
#[must_use]
pub fn is_level(word: &[u8]) -> bool {
    level::of_word(word).is_some()
}

/// The level from a warning on that a line states.
#[must_use]
pub fn stated(line: &[u8]) -> Option<view::Severity> {
    let mut said = said::Said::default();
    said.read(line);
    match said.level? {
        level::Level::Low => None,
        level::Level::Grave(severity) => Some(severity),
    }
}
