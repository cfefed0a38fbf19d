//! Durations as people write them: `250ms`, `30s`, `5m`, `1h30m`, `2d`.
//!
//! Pure arithmetic on text; a bare number is refused because nobody can know its unit.

/// Milliseconds that `text` spells; the parts must get smaller from left to right.
///
/// # Errors
/// One sentence: what was found and what is allowed.
pub fn parse(text: &str) -> Result<i64, String> {
    let mut rest = text.trim();
    let mut total: i64 = 0;
    let mut last_unit = i64::MAX;
    if rest.is_empty() {
        return Err("is empty; write a duration such as 30s, 5m, 1h30m or 250ms".to_owned());
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.len()
            - tail
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .len();
        let (unit, tail) = tail.split_at(letters);
        if !number.is_empty() && unit.is_empty() && tail.is_empty() {
            return Err(format!(
                "`{text}` has no unit; write {number}s for seconds, {number}m for minutes, {number}ms for milliseconds"
            ));
        }
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => 0,
        };
        let (Ok(number), 1..) = (number.parse::<i64>(), millis) else {
            return Err(not_a_duration(text));
        };
        if millis >= last_unit {
            return Err(not_a_duration(text));
        }
        last_unit = millis;
        total = number
            .checked_mul(millis)
            .and_then(|part| total.checked_add(part))
            .ok_or_else(|| format!("`{text}` is too long"))?;
        rest = tail;
    }
    Ok(total)
}

fn not_a_duration(text: &str) -> String {
    format!(
        "`{text}` is not a duration; write for example 30s, 5m, 1h30m or 250ms (units: d, h, m, s, ms)"
    )
}
