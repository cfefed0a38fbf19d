//! Text made to fit: cut at its end, its beginning, its middle, or broken into lines.
//!
//! Only [`super::text`] uses it, behind the mask: half a secret has no shape any more.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::domain::safe::safe;

/// Safe text of at most `width` columns; what is cut leaves an ellipsis.
#[must_use]
pub fn fit(text: &str, width: usize) -> Cow<'_, str> {
    let text = safe(text);
    if text.width() <= width {
        return text;
    }
    if width == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = head(&text, width - 1).to_owned();
    kept.push('…');
    Cow::Owned(kept)
}

/// Safe text of at most `width` columns of which both ends are kept: IDs differ at either.
#[must_use]
pub fn fit_middle(text: &str, width: usize) -> Cow<'_, str> {
    let text = safe(text);
    if text.width() <= width || width < 5 {
        return Cow::Owned(fit(&text, width).into_owned());
    }
    let front = head(&text, width.div_ceil(2));
    let back = tail(&text, width - 1 - front.width());
    Cow::Owned(format!("{front}…{back}"))
}

/// Safe text of at most `width` columns that keeps its end: paths differ there.
#[must_use]
pub fn fit_end(text: &str, width: usize) -> Cow<'_, str> {
    let text = safe(text);
    if text.width() <= width || width == 0 {
        return Cow::Owned(fit(&text, width).into_owned());
    }
    Cow::Owned(format!("…{}", tail(&text, width - 1)))
}

fn head(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > width {
            return text.split_at(at).0;
        }
    }
    text
}

fn tail(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > width {
            return text.split_at(at + c.len_utf8()).1;
        }
    }
    text
}
