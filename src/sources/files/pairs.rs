//! A row of a CloudWatch Logs Insights result as the AWS CLI prints it: an array of objects, each
//! with the name of a field and its value.

use super::sink::Sink;
use super::stamp::{Stamp, Stamps};
use crate::domain::json::{self, Field, Fields, Text};

/// A row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pairs {
    /// Its time.
    pub stamp: Stamp,
    /// Where its text is in the sink: its message, else all its fields as one object.
    pub text: (usize, usize),
    /// Its log stream.
    pub stream: Option<Text>,
    /// Behind its bracket.
    pub end: usize,
}

/// The row whose bracket is at `at`; `None` if it is none.
pub fn read(bytes: &[u8], at: usize, stamps: &mut Stamps, sink: &mut Sink) -> Option<Pairs> {
    let (pairs, end) = pairs(bytes, at)?;
    let of = |name: &[u8]| {
        let found = pairs.iter().find(|(field, _)| field.of(bytes) == name);
        found.map(|(_, value)| *value)
    };
    let stamp = match of(b"@timestamp") {
        Some(time) => stamps.value(time.of(bytes)),
        None => Stamp::None,
    };
    let from = sink.end();
    if let Some(message) = of(b"@message") {
        sink.unescape(bytes, message.start - 1).ok()?;
    } else {
        for (number, (field, value)) in pairs.iter().enumerate() {
            sink.add(if number == 0 { b"{\"" } else { b",\"" });
            sink.add(field.of(bytes));
            sink.add(b"\":\"");
            sink.add(value.of(bytes));
            sink.add(b"\"");
        }
        sink.add(b"}");
    }
    Some(Pairs {
        stamp,
        text: (from, sink.end()),
        stream: of(b"@logStream"),
        end,
    })
}

/// The names and values, and the end behind the bracket.
fn pairs(bytes: &[u8], at: usize) -> Option<(Vec<(Text, Text)>, usize)> {
    let mut pairs = Vec::new();
    let mut at = at + 1;
    loop {
        at = json::skip_space(bytes, at);
        match bytes.get(at)? {
            b',' => at += 1,
            b']' if !pairs.is_empty() => return Some((pairs, at + 1)),
            b'{' => {
                let (pair, end) = pair(bytes, at)?;
                pairs.push(pair);
                at = end;
            }
            _ => return None,
        }
    }
}

fn pair(bytes: &[u8], at: usize) -> Option<((Text, Text), usize)> {
    let (mut name, mut text) = (None, None);
    let mut fields = Fields::new(at);
    loop {
        match fields.next(bytes).ok()? {
            Field::End(end) => return Some(((name?, text?), end)),
            Field::Key(key, value) if bytes.get(value) == Some(&b'"') => {
                let string = json::string(bytes, value).ok()?;
                match key.of(bytes) {
                    b"field" => name = Some(string),
                    b"value" => text = Some(string),
                    _ => return None,
                }
                fields.go_on(string.end + 1);
            }
            Field::Key(..) => return None,
        }
    }
}
