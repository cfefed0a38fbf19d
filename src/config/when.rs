//! Points in time as people type them: `02:10`, `yesterday 22:00`, `2h`, `now-15m`, RFC 3339.
//!
//! By hand, because the crates for it were measured to drop the clock or the zone without a word.
//! Whatever is not understood to its last character is refused. The clock is an argument.
//!
//! A local time that a change of clocks makes ambiguous means the earlier of the two; one that it
//! skips means the first moment after the gap.

use chrono::{
    Days, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Timelike,
};
use chrono_tz::Tz;

use super::{duration, zone};
use crate::domain::time::Timestamp;

/// Why a text is no point in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WhenError {
    /// What was found.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// What a local time is local to.
#[derive(Clone, Copy)]
enum Place {
    Zone(Tz),
    Offset(FixedOffset),
}

/// The time that `text` names, seen at `now` by someone in `local`: within the years 1970 to 9999.
///
/// # Errors
/// What was found, and what to write instead.
pub fn parse(text: &str, now: Timestamp, local: Tz) -> Result<Timestamp, WhenError> {
    const YEAR_10000: i64 = 253_402_300_800_000;
    let time = anything(text.trim(), now, local)?;
    if (0..YEAR_10000).contains(&time.0) {
        return Ok(time);
    }
    Err(WhenError {
        message: format!("`{text}` lies outside the years 1970 to 9999"),
        help: EXAMPLES.to_owned(),
    })
}

fn anything(text: &str, now: Timestamp, local: Tz) -> Result<Timestamp, WhenError> {
    if let Some(relative) = relative(text, now)? {
        return Ok(relative);
    }
    if let Some(epoch) = epoch(text)? {
        return Ok(epoch);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (first, rest) = words.split_first().ok_or_else(|| not_a_time(text))?;
    // `2026-11-22T02:10` is two words that a T joins.
    let (day, joined) = match first.split_once(['T', 't']) {
        Some((day, time)) if NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok() => {
            (day, Some(time))
        }
        _ => (*first, None),
    };
    if joined == Some("") {
        return Err(not_a_time(text));
    }
    let mut words: Vec<&str> = joined.into_iter().chain(rest.iter().copied()).collect();
    let day = day_word(day).or_else(|| {
        words.insert(0, first);
        None
    });
    clock_time(text, day, &words, now, local)
}

/// A day as it was named.
#[derive(Clone, Copy)]
enum Day {
    Date(NaiveDate),
    Ago(u64),
}

fn day_word(word: &str) -> Option<Day> {
    match word.to_ascii_lowercase().as_str() {
        "today" => Some(Day::Ago(0)),
        "yesterday" => Some(Day::Ago(1)),
        _ => NaiveDate::parse_from_str(word, "%Y-%m-%d")
            .ok()
            .filter(|_| word.len() == 10)
            .map(Day::Date),
    }
}

/// `[day] [time] [zone]`, of which a day or a time must be there.
fn clock_time(
    text: &str,
    day: Option<Day>,
    words: &[&str],
    now: Timestamp,
    local: Tz,
) -> Result<Timestamp, WhenError> {
    let mut words = words.iter().copied();
    let mut next = words.next();
    let mut place = None;
    let mut time = None;
    if let Some(word) = next.filter(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
        let (clock, offset) = split_offset(word);
        time = Some(clock_word(clock).ok_or_else(|| not_a_time(text))?);
        if !offset.is_empty() {
            place = Some(place_word(offset)?);
        }
        next = words.next();
    }
    if day.is_none() && time.is_none() {
        return Err(not_a_time(text));
    }
    if let Some(word) = next {
        if place.is_some() {
            return Err(not_a_time(text));
        }
        place = Some(place_word(word)?);
    }
    if words.next().is_some() {
        return Err(not_a_time(text));
    }
    let place = place.unwrap_or(Place::Zone(local));
    let midnight = NaiveTime::default();
    let today = place.date_of(now).ok_or_else(|| not_a_time(text))?;
    let before = |days: u64| {
        today
            .checked_sub_days(Days::new(days))
            .ok_or_else(|| not_a_time(text))
    };
    let date = match day {
        Some(Day::Date(date)) => date,
        Some(Day::Ago(days)) => before(days)?,
        // A time alone is the latest one that is not in the future.
        None => {
            let at = place.resolve(today.and_time(time.unwrap_or(midnight)));
            match at {
                Some(at) if at <= now => return Ok(at),
                _ => before(1)?,
            }
        }
    };
    place
        .resolve(date.and_time(time.unwrap_or(midnight)))
        .ok_or_else(|| not_a_time(text))
}

/// `now`, `now-15m`, `2h`, `-2h`, `1h30m ago`.
fn relative(text: &str, now: Timestamp) -> Result<Option<Timestamp>, WhenError> {
    let lower = text.to_ascii_lowercase();
    let (body, sign) = if let Some(rest) = lower.strip_prefix("now") {
        match rest.trim_start() {
            "" => return Ok(Some(now)),
            rest if rest.starts_with('+') => (rest[1..].to_owned(), 1),
            rest if rest.starts_with('-') => (rest[1..].to_owned(), -1),
            _ => return Err(not_a_time(text)),
        }
    } else if let Some(rest) = lower.strip_suffix("ago") {
        (rest.to_owned(), -1)
    } else if let Some(rest) = lower.strip_prefix('-') {
        (rest.to_owned(), -1)
    } else if let Some(rest) = lower.strip_prefix('+') {
        return Err(WhenError {
            message: format!("`{text}` lies in the future"),
            help: format!("write now+{} if that is meant", rest.trim()),
        });
    } else if is_duration(&lower) {
        (lower.clone(), -1)
    } else {
        return Ok(None);
    };
    let body = body.split_whitespace().collect::<String>();
    let millis = duration::parse(&body).map_err(|message| WhenError {
        message,
        help: EXAMPLES.to_owned(),
    })?;
    Ok(Some(now.plus(sign * millis)))
}

fn is_duration(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && text.contains(|c: char| c.is_ascii_alphabetic())
}

/// Seconds (9 or 10 digits) or milliseconds (12 or 13) since 1970: 1973 to 2286.
fn epoch(text: &str) -> Result<Option<Timestamp>, WhenError> {
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit()) {
        return Ok(None);
    }
    let number = text.parse::<i64>().map_err(|_| not_a_time(text))?;
    match text.len() {
        9 | 10 => Ok(Some(Timestamp(number * 1000))),
        12 | 13 => Ok(Some(Timestamp(number))),
        _ => Err(WhenError {
            message: format!("`{text}` is a number without a unit"),
            help: format!(
                "write {text}m for so many minutes ago; seconds since 1970 have 10 digits, milliseconds 13, and a date is written 2026-11-22"
            ),
        }),
    }
}

/// The clock and what follows it without a space: `02:10:00.5+01:00` is `02:10:00.5` and `+01:00`.
fn split_offset(word: &str) -> (&str, &str) {
    let end = word
        .find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.' && c != ',')
        .unwrap_or(word.len());
    word.split_at(end)
}

/// `HH:MM`, `HH:MM:SS`, `HH:MM:SS.fff` (or with a comma).
fn clock_word(word: &str) -> Option<NaiveTime> {
    let word = word.replace(',', ".");
    let mut parts = word.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    let whole = second.split_once('.').map_or(second, |(whole, _)| whole);
    if hour.len() > 2 || minute.len() != 2 || whole.len() != 2 || parts.next().is_some() {
        return None;
    }
    let format = if second.contains('.') {
        "%H:%M:%S%.f"
    } else {
        "%H:%M:%S"
    };
    NaiveTime::parse_from_str(&format!("{hour}:{minute}:{second}"), format)
        .ok()
        // A leap second has no place on the line of milliseconds.
        .filter(|_| whole < "60")
}

/// `Z`, `UTC`, `+01:00`, `+0100`, `+01`, or a zone by name.
fn place_word(word: &str) -> Result<Place, WhenError> {
    if word.starts_with(['+', '-']) {
        return offset_word(word)
            .map(Place::Offset)
            .ok_or_else(|| WhenError {
                message: format!("`{word}` is not an offset from UTC"),
                help: "write it like +01:00 or -0530".to_owned(),
            });
    }
    match zone::parse(word) {
        Ok(zone) => Ok(Place::Zone(zone)),
        Err((message, help)) => Err(WhenError {
            message,
            help: format!("{help}; or an offset such as +01:00"),
        }),
    }
}

fn offset_word(word: &str) -> Option<FixedOffset> {
    let sign = if word.starts_with('-') { -1 } else { 1 };
    let digits: String = word[1..].chars().filter(|c| *c != ':').collect();
    let plain = digits.chars().all(|c| c.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        2 if plain => (digits.as_str(), "0"),
        4 if plain => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

impl Place {
    fn date_of(self, time: Timestamp) -> Option<NaiveDate> {
        let utc = time.to_utc()?;
        Some(match self {
            Self::Zone(zone) => utc.with_timezone(&zone).date_naive(),
            Self::Offset(offset) => utc.with_timezone(&offset).date_naive(),
        })
    }

    /// The moment of a local time: the earliest, and after a gap if it falls into one.
    fn resolve(self, local: NaiveDateTime) -> Option<Timestamp> {
        match self {
            Self::Offset(offset) => earliest(offset.from_local_datetime(&local)),
            Self::Zone(zone) => {
                let mut found = earliest(zone.from_local_datetime(&local));
                let mut minutes = local.date().and_hms_opt(local.hour(), local.minute(), 0)?;
                // The longest gap on record is a whole day (Samoa, 2011).
                for _ in 0..25 * 60 {
                    if found.is_some() {
                        break;
                    }
                    minutes = minutes.checked_add_signed(TimeDelta::minutes(1))?;
                    found = earliest(zone.from_local_datetime(&minutes));
                }
                found
            }
        }
    }
}

fn earliest<Z: TimeZone>(found: MappedLocalTime<chrono::DateTime<Z>>) -> Option<Timestamp> {
    found
        .earliest()
        .map(|time| Timestamp(time.timestamp_millis()))
}

const EXAMPLES: &str = "write for example 2h, 90m, now-15m, 02:10, yesterday 22:00, 2026-11-22 02:10 Europe/Berlin, or 2026-11-22T02:10:00Z";

fn not_a_time(text: &str) -> WhenError {
    WhenError {
        message: format!("`{text}` is not a time"),
        help: EXAMPLES.to_owned(),
    }
}
