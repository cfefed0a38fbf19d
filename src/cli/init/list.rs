//! What is in reach as a numbered list: accounts, regions, log groups.

use std::fmt::Write as _;

use crate::domain::safe::safe;
use crate::domain::show::{bytes, count, count_of, duration};
use crate::domain::time::Timestamp;
use crate::sources::cloudwatch::listed::Listed;
use crate::sources::cloudwatch::reach::BUDGET;
use crate::sources::cloudwatch::reach::picture::{Account, LastEvent, Reach, Region};

/// Names longer than this push the rest of their row aside.
const WIDEST: usize = 56;

/// One row of the list.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Index of its account.
    pub account: usize,
    /// Its region.
    pub region: &'a Region,
    /// The group.
    pub group: &'a Listed,
    /// When it last had an event.
    pub last: LastEvent,
}

/// All rows, in the order of their numbers.
#[must_use]
pub fn rows(reach: &Reach) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (account, one) in reach.accounts.iter().enumerate() {
        for region in &one.regions {
            for (group, last) in &region.groups {
                let last = *last;
                rows.push(Row {
                    account,
                    region,
                    group,
                    last,
                });
            }
        }
    }
    rows
}

/// The list, with times relative to `now`.
#[must_use]
pub fn text(reach: &Reach, now: Timestamp) -> String {
    let rows = rows(reach);
    let width = rows.iter().map(|row| row.group.name.chars().count());
    let width = width.max().unwrap_or(0).min(WIDEST);
    let digits = rows.len().to_string().len();
    let mut out = String::new();
    let mut number = 0;
    for account in &reach.accounts {
        let _infallible = writeln!(out, "{}", safe(&title(account)));
        for region in &account.regions {
            let _infallible = writeln!(out, "  {}", safe(&region.name));
            for (group, last) in &region.groups {
                number += 1;
                let facts = facts(group, *last, now);
                let name = safe(&group.name);
                let _infallible = writeln!(out, "  {number:>digits$}  {name:<width$}  {facts}");
            }
        }
        let _infallible = writeln!(out, "  {}\n", rest(account));
    }
    if rows.iter().any(|row| row.last == LastEvent::NotAsked) {
        let _infallible = writeln!(
            out,
            "the last event was asked for of the {} largest of {}\n",
            count(BUDGET as u64),
            count_of(rows.len() as u64, "log group"),
        );
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Which account, and who we are there.
#[must_use]
pub fn title(account: &Account) -> String {
    let mut title = vec![match &account.number {
        Some(number) => format!("{}: account {number}", account.name),
        None => format!("{}: account not known", account.name),
    }];
    title.push(match &account.profile {
        Some(profile) => format!("profile {profile}"),
        None => "the default credential chain".to_owned(),
    });
    title.extend(account.arn.as_ref().map(|arn| format!("as {arn}")));
    if !account.also.is_empty() {
        title.push(format!("the same as {}", account.also.join(" and ")));
    }
    title.join(", ")
}

fn facts(group: &Listed, last: LastEvent, now: Timestamp) -> String {
    let size = group
        .stored_bytes
        .map_or_else(|| "size unknown".to_owned(), bytes);
    let kept = match group.retention {
        Some(days) => format!("kept {days} d"),
        None => "kept for ever".to_owned(),
    };
    let last = match last {
        LastEvent::At(time) => format!("last event {} ago", duration(now.since(time).max(0))),
        LastEvent::Never => "no event".to_owned(),
        LastEvent::Unknown => "last event unknown".to_owned(),
        LastEvent::NotAsked => "last event not asked for".to_owned(),
    };
    let mut facts = vec![format!("{size:>12}  {kept:<13}"), last];
    if !group.class.is_readable() {
        facts.push(format!("{}: cannot be listed", group.class.word()));
    }
    if group.masked {
        facts.push("masked".to_owned());
    }
    facts.join("  ")
}

/// What there is beside the regions shown.
fn rest(account: &Account) -> String {
    let counts = [
        (account.empty, "without log groups"),
        (account.disabled, "not enabled"),
        (account.denied, "denied"),
        (account.silent, "without an answer"),
    ];
    let shown = count_of(account.regions.len() as u64, "region");
    let others = counts.iter().filter(|(count, _)| *count > 0);
    let others: Vec<String> = others.map(|(n, what)| format!("{n} {what}")).collect();
    match others.as_slice() {
        [] => format!("{shown} in all"),
        others => format!("{shown} shown; {}", others.join(", ")),
    }
}
