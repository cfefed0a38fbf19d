//! What the service rightly answers.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::call::{Call, Hash};
use super::estate::{Cursor, Estate, Group};
use super::log::Entry;
use super::pattern::Pattern;
use super::sts;

/// Status, code, message.
pub(super) struct Refusal(pub(super) u16, pub(super) &'static str, pub(super) String);

/// What is to be different about a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Right,
    /// Nothing in it, and a token to the same place.
    Empty,
    /// The page before it, and a token to the same place.
    Before,
    /// The token it was asked for with.
    SameToken,
    /// The token is not accepted any more.
    Expired,
}

/// How pages end, and the tokens between them.
pub(super) struct Pages {
    events: usize,
    pub(super) bytes: usize,
    pub(super) scanned: usize,
    pub(super) listed: usize,
    tokens: HashMap<String, Token>,
    given: u64,
}

/// Where a page begins, and what was asked.
#[derive(Clone)]
struct Token {
    query: u64,
    position: usize,
    /// In events; `None` at the beginning, and in a listing.
    cursor: Option<Cursor>,
}

impl Pages {
    pub(super) fn of(events: usize) -> Self {
        Self {
            events,
            bytes: 1 << 20,
            scanned: usize::MAX,
            listed: 3,
            tokens: HashMap::new(),
            given: 0,
        }
    }

    /// How far a token has come.
    pub(super) fn position(&self, token: &str) -> Option<usize> {
        self.tokens.get(token).map(|token| token.position)
    }

    /// A token never given before.
    fn give(&mut self, token: Token) -> Value {
        self.given += 1;
        let text = format!("{:016x}/{}", token.query, self.given);
        self.tokens.insert(text.clone(), token);
        json!(text)
    }

    /// The token of a call, if it is one of this query.
    fn taken(&self, text: &Value, query: u64) -> Result<Option<Token>, Refusal> {
        let Some(text) = text.as_str() else {
            return Ok(None);
        };
        let token = self.tokens.get(text).filter(|token| token.query == query);
        match token {
            Some(token) => Ok(Some(token.clone())),
            None => Err(invalid("The specified nextToken is invalid.")),
        }
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal(400, "InvalidParameterException", message.to_owned())
}

/// The answer to `entry`'s call: JSON, or a text of XML.
pub(super) fn answer(
    entry: &mut Entry,
    body: &Value,
    estate: &mut Estate,
    pages: &mut Pages,
    how: How,
) -> Result<Value, Refusal> {
    if how == How::Expired {
        pages
            .tokens
            .remove(body["nextToken"].as_str().unwrap_or_default());
        return Err(invalid("The specified nextToken is invalid."));
    }
    let mut answer = match entry.call.operation.as_str() {
        "FilterLogEvents" => filter(entry, body, estate, pages, how)?,
        "DescribeLogGroups" | "ListLogGroups" => {
            let groups = groups(&entry.call, body, estate);
            listing(entry, body, pages, how, ("logGroups", groups))?
        }
        "DescribeLogStreams" => {
            let streams = streams(&entry.call, body, estate)?;
            listing(entry, body, pages, how, ("logStreams", streams))?
        }
        "AssumeRole" => Value::String(sts::role(&entry.call)),
        "GetCallerIdentity" => Value::String(sts::identity(&entry.call)),
        other => {
            let message = format!("this service has no {other}");
            return Err(Refusal(400, "UnknownOperationException", message));
        }
    };
    if how == How::SameToken && body["nextToken"].is_string() {
        answer["nextToken"] = body["nextToken"].clone();
    }
    Ok(answer)
}

/// Everything of a query except where in it one is.
fn query(call: &Call, body: &Value) -> u64 {
    let mut rest = body.clone();
    if let Some(keys) = rest.as_object_mut() {
        keys.remove("nextToken");
        keys.remove("limit");
    }
    let mut hash = Hash::new(0);
    hash.text(&call.operation).text(&call.account);
    hash.text(&call.region).text(&rest.to_string()).end()
}

/// The group of a call, if the caller may know of it.
fn group<'a>(call: &Call, estate: &'a mut Estate) -> Result<&'a mut Group, Refusal> {
    let seen = estate.sees(&call.account, &call.owner);
    let group = estate.get(&call.owner, &call.region, &call.group);
    group.filter(|_| seen).ok_or_else(|| {
        let message = "The specified log group does not exist.";
        Refusal(400, "ResourceNotFoundException", message.to_owned())
    })
}

fn filter(
    entry: &mut Entry,
    body: &Value,
    estate: &mut Estate,
    pages: &mut Pages,
    how: How,
) -> Result<Value, Refusal> {
    let call = &entry.call;
    let query = query(call, body);
    let group = group(call, estate)?;
    if group.class != "STANDARD" {
        let (name, class) = (&group.name, group.class);
        let message = format!(
            "The log group {name} is of log-group-class {class}. FilterLogEvents is not supported for this log class."
        );
        return Err(Refusal(400, "InvalidOperationException", message));
    }
    let pattern = Pattern::read(&call.pattern).ok_or_else(|| invalid("Invalid filter pattern"))?;
    let token = pages.taken(&body["nextToken"], query)?;
    let range = group.range(call.span);
    let cursor = token.as_ref().and_then(|token| token.cursor.clone());
    let begin = cursor
        .as_ref()
        .map_or(range.start, |cursor| group.past(cursor));
    let begin = begin.clamp(range.start, range.end);
    let asked = body["limit"].as_u64().map_or(usize::MAX, |l| l as usize);
    let most = pages.events.min(asked);
    let range_asked = match how {
        How::Empty => begin..begin,
        How::Before => range.start.max(begin.saturating_sub(most))..begin,
        _ => begin..range.end,
    };
    let (mut events, mut bytes, mut end) = (Vec::new(), 0, range_asked.start);
    for found in group.read(range_asked.clone()) {
        if let Some((event, size)) = found.filter(|(e, _)| pattern.matches(&e.message)) {
            if events.len() == most || (bytes > 0 && bytes + size > pages.bytes) {
                break;
            }
            bytes += size;
            events.push(json!({
                "timestamp": event.time, "ingestionTime": event.ingestion, "eventId": event.id,
                "logStreamName": event.stream, "message": event.message}));
        }
        end += 1;
        if end - range_asked.start >= pages.scanned {
            break;
        }
    }
    entry.events = events.len();
    entry.page = (range_asked.start, end);
    let mut answer = json!({"events": events, "searchedLogStreams": []});
    let stays = matches!(how, How::Empty | How::Before);
    if stays || end < range.end {
        let cursor = match end {
            _ if stays => cursor,
            0 => None,
            end => Some(group.cursor(end - 1)),
        };
        let position = if stays { begin } else { end } - range.start;
        answer["nextToken"] = pages.give(Token {
            query,
            position,
            cursor,
        });
    }
    group.looked_at(range);
    Ok(answer)
}

/// A page of a listing.
fn listing(
    entry: &mut Entry,
    body: &Value,
    pages: &mut Pages,
    how: How,
    (name, all): (&str, Vec<Value>),
) -> Result<Value, Refusal> {
    let query = query(&entry.call, body);
    let token = pages.taken(&body["nextToken"], query)?;
    let begin = token.map_or(0, |token| token.position);
    let asked = body["limit"].as_u64().map_or(usize::MAX, |l| l as usize);
    let most = if how == How::Empty {
        0
    } else {
        pages.listed.min(asked)
    };
    let listed: Vec<Value> = all.iter().skip(begin).take(most).cloned().collect();
    let position = begin + listed.len();
    entry.events = listed.len();
    entry.page = (begin, position);
    let mut answer = json!({});
    answer[name] = json!(listed);
    if position < all.len() {
        answer["nextToken"] = pages.give(Token {
            query,
            position,
            cursor: None,
        });
    }
    Ok(answer)
}

fn groups(call: &Call, body: &Value, estate: &Estate) -> Vec<Value> {
    let linked = body["includeLinkedAccounts"].as_bool() == Some(true);
    let text = |key: &str| body[key].as_str().unwrap_or_default();
    let accounts = body["accountIdentifiers"].as_array();
    let wanted = |group: &&Group| {
        let account = &group.account;
        let of_caller = *account == call.account;
        let in_reach = of_caller || (linked && estate.sees(&call.account, account));
        in_reach
            && accounts.is_none_or(|list| list.iter().any(|a| a == account))
            && group.name.starts_with(text("logGroupNamePrefix"))
            && group.name.contains(text("logGroupNamePattern"))
            && (text("logGroupClass").is_empty() || group.class == text("logGroupClass"))
    };
    let describe = |group: &Group| {
        let mut value = json!({
            "logGroupName": group.name, "arn": format!("{}:*", group.arn()),
            "logGroupArn": group.arn(), "logGroupClass": group.class,
            "storedBytes": group.bytes(), "creationTime": 0, "metricFilterCount": 0});
        if let Some(days) = group.retention {
            value["retentionInDays"] = json!(days);
        }
        if group.masked {
            value["dataProtectionStatus"] = json!("ACTIVATED");
        }
        value
    };
    let all = estate.of_region(&call.region);
    all.filter(wanted).map(describe).collect()
}

fn streams(call: &Call, body: &Value, estate: &mut Estate) -> Result<Vec<Value>, Refusal> {
    let prefix = body["logStreamNamePrefix"].as_str().unwrap_or_default();
    let group = group(call, estate)?;
    let mut streams: Vec<_> = group.streams().into_iter().collect();
    streams.retain(|(name, _)| name.starts_with(prefix));
    if body["orderBy"] == "LastEventTime" {
        streams.sort_by_key(|(_, (_, last, _))| *last);
    }
    if body["descending"] == true {
        streams.reverse();
    }
    let describe = |(name, (first, last, ingested)): (&str, _)| {
        json!({"logStreamName": name, "firstEventTimestamp": first, "lastEventTimestamp": last,
               "lastIngestionTime": ingested, "storedBytes": 0})
    };
    Ok(streams.into_iter().map(describe).collect())
}
