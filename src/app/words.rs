//! Sentences in lines: broken at spaces, so that the model knows how many rows a text takes.

use unicode_width::UnicodeWidthStr;

use super::logtext::wrap;
use crate::domain::safe::safe;

/// Safe text in lines of at most `width` columns, broken at spaces where there are any.
#[must_use]
pub fn words(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in safe(text).split(' ') {
        let used = lines.last().map_or(0, |line| line.width());
        if used > 0 && used + 1 + word.width() <= width {
            if let Some(line) = lines.last_mut() {
                line.push(' ');
                line.push_str(word);
            }
            continue;
        }
        for (number, piece) in wrap(word, width).enumerate() {
            match lines.last_mut() {
                Some(line) if used == 0 && number == 0 => line.push_str(piece),
                _ => lines.push(piece.to_owned()),
            }
        }
    }
    lines
}
