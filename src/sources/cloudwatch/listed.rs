//! A log group as the listing describes it: what is known of it before a single event is read.
//!
//! Says which groups cannot be read at all and which say less than they seem to; calls nothing.

use aws_sdk_cloudwatchlogs::types::{DataProtectionStatus, LogGroup, LogGroupClass};

use super::fault::plain;
use crate::domain::feed::{Fault, FaultKind};
use crate::domain::time::Timestamp;

/// What to do about a group whose events can only be queried.
pub const QUERY_INSTEAD: &str = "query it with Logs Insights, or export it and read the files";

/// A log group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its ARN without `:*` at the end, where told.
    pub arn: Option<String>,
    /// The account it belongs to, where told.
    pub account: Option<String>,
    /// How many days it keeps its events; for ever where `None`.
    pub retention: Option<i32>,
    /// What can be done with it.
    pub class: GroupClass,
    /// Parts of its texts are masked.
    pub masked: bool,
    /// How much it holds, as of some hours ago.
    pub stored_bytes: Option<u64>,
    /// When it was made.
    pub created: Option<Timestamp>,
}

/// What can be done with a log group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum GroupClass {
    /// Everything.
    #[default]
    Standard,
    /// Queried, but not listed.
    InfrequentAccess,
    /// The same, by its newer name.
    Essentials,
    /// Neither: it only passes events on.
    Delivery,
    /// Something newer than this program.
    Other(String),
}

impl GroupClass {
    /// As AWS writes it.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Standard => "STANDARD",
            Self::InfrequentAccess => "INFREQUENT_ACCESS",
            Self::Essentials => "ESSENTIALS",
            Self::Delivery => "DELIVERY",
            Self::Other(word) => word,
        }
    }

    /// Whether its events can be listed, as far as is known.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        matches!(self, Self::Standard | Self::Other(_))
    }
}

impl From<&LogGroupClass> for GroupClass {
    fn from(class: &LogGroupClass) -> Self {
        match class {
            LogGroupClass::Standard => Self::Standard,
            LogGroupClass::InfrequentAccess => Self::InfrequentAccess,
            LogGroupClass::Delivery => Self::Delivery,
            other if other.as_str() == "ESSENTIALS" => Self::Essentials,
            other => Self::Other(plain(other.as_str())),
        }
    }
}

impl Listed {
    /// What of a listing's entry matters; `None` for one without a name.
    #[must_use]
    pub fn of(group: &LogGroup) -> Option<Self> {
        let arn = group.log_group_arn().or(group.arn());
        let arn = arn.map(|arn| arn.strip_suffix(":*").unwrap_or(arn).to_owned());
        let account = arn.as_deref().and_then(account_of).map(str::to_owned);
        Some(Self {
            name: group.log_group_name()?.to_owned(),
            arn,
            account,
            retention: group.retention_in_days(),
            class: group.log_group_class().map(Into::into).unwrap_or_default(),
            masked: group.data_protection_status() == Some(&DataProtectionStatus::Activated),
            stored_bytes: group.stored_bytes().and_then(|bytes| bytes.try_into().ok()),
            created: group.creation_time().map(Timestamp),
        })
    }

    /// Why its events cannot be listed, if its class says so: known without asking for any.
    #[must_use]
    pub fn unreadable(&self, region: &str) -> Option<Fault> {
        let Self { name, class, .. } = self;
        let remedy = match class {
            GroupClass::Standard | GroupClass::Other(_) => return None,
            GroupClass::InfrequentAccess | GroupClass::Essentials => QUERY_INSTEAD,
            GroupClass::Delivery => {
                "read what it delivers to S3 or Firehose, as files; CloudWatch keeps it one day and shows none of it"
            }
        };
        Some(Fault {
            kind: FaultKind::Denied,
            message: format!(
                "log group {name} in {region} is of class {}: its log events cannot be listed",
                class.word()
            ),
            remedy: remedy.to_owned(),
        })
    }

    /// What must be known by whoever reads it, if anything.
    #[must_use]
    pub fn reservations(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.masked {
            let masked = "data protection is on: values may be masked (****), and a masked ID cannot be followed";
            said.push(masked.to_owned());
        }
        if let GroupClass::Other(word) = &self.class {
            said.push(format!("of class {word}, which is not known here"));
        }
        said
    }
}

/// The account in `arn:aws:logs:<region>:<account>:log-group:<name>`.
fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}
