//! The `aws` command and the console's address that show the same log lines as the screen does.
//!
//! Both are made of names that strangers may have chosen. A name that holds a control character is
//! refused: no quoting protects whoever pastes it into a terminal.

use std::fmt::Write as _;

use crate::domain::event::{Source, SourceKind};
use crate::domain::safe::is_safe;
use crate::domain::time::Span;

/// So much room on both sides of what is meant, in milliseconds: neighbours tell a lot.
const AROUND: i64 = 1_000;

/// Log lines of one log group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted<'a> {
    /// Where.
    pub source: &'a Source,
    /// The profile to ask with; else the default chain.
    pub profile: Option<&'a str>,
    /// When; whatever there is where `None`.
    pub span: Option<Span>,
    /// Only lines that contain this.
    pub text: Option<&'a str>,
}

impl Wanted<'_> {
    fn possible(&self) -> Result<(), String> {
        let source = self.source;
        if source.kind == SourceKind::Demo {
            return Err("these are built-in data: no log group stands behind them".into());
        }
        if source.group.is_empty() || source.region.is_empty() {
            return Err(format!("{} is no log group of a known region", source.name));
        }
        let texts = [
            Some(&*source.group),
            Some(&source.region),
            self.profile,
            self.text,
        ];
        if texts
            .into_iter()
            .flatten()
            .any(|text| !text.chars().all(is_safe))
        {
            return Err("a name holds control characters: nothing is made of it".into());
        }
        Ok(())
    }

    /// The window with some room, in milliseconds since 1970.
    fn times(&self) -> Option<(i64, i64)> {
        let span = self.span?;
        let from = span.from.plus(-AROUND).0.max(0);
        Some((from, span.to.plus(AROUND).0.max(from)))
    }

    /// What FilterLogEvents takes to find the text: a term in quotes, as it stands.
    fn pattern(&self) -> Option<String> {
        let text = self.text.filter(|text| !text.is_empty())?;
        let quoted: String = text
            .chars()
            .flat_map(|c| {
                matches!(c, '"' | '\\')
                    .then_some('\\')
                    .into_iter()
                    .chain([c])
            })
            .collect();
        Some(format!("\"{quoted}\""))
    }

    /// `aws logs filter-log-events ...`, safe to paste into a shell.
    ///
    /// # Errors
    /// Why there is none.
    pub fn command(&self) -> Result<String, String> {
        self.possible()?;
        let group = &*self.source.group;
        let by = if group.starts_with("arn:") {
            "--log-group-identifier"
        } else {
            "--log-group-name"
        };
        let mut command = String::from("aws logs filter-log-events");
        let mut add = |option: &str, value: &str| {
            // A value that looks like an option is one, unless it stands in the same word.
            let between = if value.starts_with('-') { '=' } else { ' ' };
            let _infallible = write!(command, " {option}{between}{}", quoted(value));
        };
        if let Some(profile) = self.profile {
            add("--profile", profile);
        }
        add("--region", &self.source.region);
        add(by, group);
        if let Some((from, to)) = self.times() {
            add("--start-time", &from.to_string());
            add("--end-time", &to.to_string());
        }
        if let Some(pattern) = self.pattern() {
            add("--filter-pattern", &pattern);
        }
        Ok(command)
    }

    /// The address of the same lines in the AWS console.
    ///
    /// # Errors
    /// Why there is none.
    pub fn link(&self) -> Result<String, String> {
        self.possible()?;
        let region = encoded(&self.source.region);
        let domain = match &*self.source.region {
            region if region.starts_with("cn-") => "console.amazonaws.cn",
            region if region.starts_with("us-gov-") => "console.amazonaws-us-gov.com",
            _ => "console.aws.amazon.com",
        };
        let group = self.source.group.rsplit(":log-group:").next();
        let group = group.unwrap_or_default().trim_end_matches(":*");
        let mut link = format!(
            "https://{region}.{domain}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{}/log-events",
            dollars(group)
        );
        let mut parts = Vec::new();
        if let Some((from, to)) = self.times() {
            parts.push(format!("start$3D{from}"));
            parts.push(format!("end$3D{to}"));
        }
        if let Some(pattern) = self.pattern() {
            parts.push(format!("filterPattern$3D{}", dollars(&pattern)));
        }
        if !parts.is_empty() {
            let _infallible = write!(link, "$3F{}", parts.join("$26"));
        }
        Ok(link)
    }
}

/// A word as every POSIX shell reads it: plain where it may be, else in single quotes.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Encoded twice, with `$` for `%`: how the console writes names behind its `#`.
fn dollars(text: &str) -> String {
    encoded(&encoded(text)).replace('%', "$")
}
