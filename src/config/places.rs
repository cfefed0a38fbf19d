//! `[[environment]]` and `[[files]]` as written: where log events are to be read.
//!
//! Keeps what flags may still change; nothing is looked up on disk or in the cloud.

use chrono_tz::Tz;

use super::accounts::{self, Accounts};
use super::date_order::DateOrder;
use super::read::Table;
use super::tree::Written;
use super::{error, rule, zone};
use crate::domain::pattern::Pattern;

/// One `[[environment]]`.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: Written,
    /// Profile to take credentials from.
    pub profile: Option<String>,
    /// Role to assume with them.
    pub role_arn: Option<String>,
    /// The account these must lead to.
    pub account: Option<String>,
    /// Whose log groups are read.
    pub accounts: Accounts,
    /// Its regions; empty where the environment variables decide.
    pub regions: Vec<String>,
    /// Another endpoint than Amazon's.
    pub endpoint_url: Option<String>,
    /// Globs on log group names; `None`: what the stages name.
    pub groups: Option<Vec<String>>,
    /// Fetch only lines that say something of a message.
    pub narrow: bool,
}

/// One `[[files]]`.
#[derive(Clone, Debug)]
pub struct Files {
    /// A path with captures.
    pub path: Written,
    /// Environment of files whose path captures none.
    pub env: Option<String>,
    /// Zone of timestamps that bear none.
    pub timezone: Option<Tz>,
    /// Year of timestamps that bear none.
    pub year: Option<i32>,
    /// What the numbers of a date are.
    pub dates: Option<DateOrder>,
    /// A log event begins where this matches.
    pub multiline: Option<Pattern>,
}

impl Files {
    /// Whether the path itself tells the environment.
    #[must_use]
    pub fn captures_env(&self) -> bool {
        self.path.text.contains("{env}")
    }
}

/// Reads one `[[environment]]`.
#[must_use]
pub fn environment(table: Table<'_>) -> Option<Environment> {
    let name = table
        .required("name", "qa")
        .filter(|name| plain_name(&table, name));
    let text = |key, what| Some(table.get(key)?.text(what)?.text);
    let profile = text("profile", "the name of a profile");
    let role_arn = table.get("role_arn").and_then(|item| {
        let written = item.text("the ARN of a role")?;
        if !written.text.starts_with("arn:") {
            item.fail(
                format!("`{}` is not an ARN", written.text),
                "for example role_arn = \"arn:aws:iam::123456789012:role/reader\"",
            );
        }
        Some(written.text)
    });
    let endpoint_url = table.get("endpoint_url").and_then(|item| {
        let written = item.text("an address")?;
        if let Err(help) = check_endpoint(&written.text) {
            item.fail(format!("`{}` is not an address", written.text), help);
        }
        Some(written.text)
    });
    let groups = table.get("groups").map(|item| {
        let globs = rule::globs(table.document(), &item);
        globs.into_iter().map(|glob| glob.0).collect()
    });
    let (account, accounts) = (accounts::expected(&table), accounts::read(&table));
    let narrow = table.get("narrow").and_then(|item| item.boolean());
    let regions = regions(&table);
    table.finish();
    Some(Environment {
        name: name?,
        profile,
        role_arn,
        account,
        accounts,
        regions,
        endpoint_url,
        groups,
        narrow: narrow.unwrap_or(false),
    })
}

fn plain_name(table: &Table<'_>, name: &Written) -> bool {
    let sound = check_name(&name.text);
    if !sound {
        let message = format!("`{}` cannot name an environment", name.text);
        let error = table.document().error(name.offset, &name.key, message);
        table
            .document()
            .report(error.help("use letters, digits, `-`, `_` and `.`"));
    }
    sound
}

/// Whether `name` can stand in paths and globs as it is.
#[must_use]
pub fn check_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "-_.".contains(c))
}

/// Whether `url` can be an endpoint.
///
/// # Errors
/// What to write instead.
pub fn check_endpoint(url: &str) -> Result<(), &'static str> {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(()),
        _ => Err("write it with its scheme, such as http://localhost:5000"),
    }
}

fn regions(table: &Table<'_>) -> Vec<String> {
    let (one, many) = (table.get("region"), table.get("regions"));
    if one.is_some() && many.is_some() {
        table.item.fail(
            "found both `region` and `regions`",
            "keep `regions = [...]` only",
        );
    }
    let Some(item) = many.or(one) else {
        return Vec::new();
    };
    let mut regions: Vec<String> = Vec::new();
    let written = item.texts("the name of a region");
    if written.is_empty() {
        item.fail(
            "names no region",
            "for example regions = [\"eu-central-1\"]",
        );
    }
    for region in written {
        let sound = !region.text.is_empty()
            && region
                .text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !sound {
            let message = format!("`{}` is not the name of a region", region.text);
            let error = table.document().error(region.offset, &region.key, message);
            table
                .document()
                .report(error.help("write it like eu-central-1"));
        }
        if !regions.contains(&region.text) {
            regions.push(region.text);
        }
    }
    regions
}

/// Reads one `[[files]]`.
#[must_use]
pub fn files(table: Table<'_>) -> Option<Files> {
    let document = table.document();
    let path = table.required("path", "logs/{env}/{region}/{group}.jsonl");
    if let Some(path) = &path
        && let Err((message, help)) = check_path(&path.text)
    {
        document.report(document.error(path.offset, &path.key, message).help(help));
    }
    let env = table
        .get("env")
        .and_then(|item| item.text("the name of an environment"))
        .filter(|name| plain_name(&table, name));
    let timezone = table.get("timezone").and_then(|item| {
        let written = item.text("the name of a time zone")?;
        match zone::parse(&written.text) {
            Ok(zone) => Some(zone),
            Err((message, help)) => {
                item.fail(message, help);
                None
            }
        }
    });
    let year = table.get("year").and_then(|item| item.integer(1970, 9999));
    let dates = table.get("dates").and_then(|item| {
        let written = item.text("`day-first`, `month-first` or `year-first`")?;
        let order = DateOrder::parse(&written.text);
        if order.is_none() {
            let message = format!("`{}` is no order of the numbers of a date", written.text);
            let names = DateOrder::ALL.map(|(name, _)| name);
            item.fail(message, error::suggest(&written.text, &names));
        }
        order
    });
    let multiline = table
        .get("multiline")
        .and_then(|item| item.text("a pattern"))
        .and_then(|written| rule::pattern(document, &written));
    table.finish();
    Some(Files {
        path: path?,
        env: env.map(|name| name.text),
        timezone,
        year: year.map(|year| year as i32),
        dates,
        multiline,
    })
}

/// Whether a path's captures are known ones and its globs well formed.
///
/// # Errors
/// What was found, and what to write instead.
pub fn check_path(path: &str) -> Result<(), (String, String)> {
    const CAPTURES: [&str; 3] = ["env", "region", "group"];
    let mut plain = path.to_owned();
    for name in CAPTURES {
        plain = plain.replace(&format!("{{{name}}}"), "x");
    }
    let mut rest = plain.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        // `{a,b}` are alternatives.
        if !name.contains(',') {
            return Err((
                format!("unknown capture `{{{name}}}` in `{path}`"),
                error::suggest(name, &CAPTURES),
            ));
        }
        rest = tail;
    }
    globset::Glob::new(&plain).map_err(|problem| {
        let message = format!("`{path}` is not a path with globs: {}", problem.kind());
        (
            message,
            "for example logs/{env}/{region}/{group}.jsonl".to_owned(),
        )
    })?;
    Ok(())
}
