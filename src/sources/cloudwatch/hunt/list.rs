//! Every log group of one region, whatever its name; the first page of it is the probe whether the
//! region answers at all.

use std::collections::HashSet;
use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::SdkError;

use super::candidates::Listed;
use crate::domain::time::Timestamp;
use crate::sources::cloudwatch::calls::Calls;
use crate::sources::cloudwatch::fault::{Class, Failure};
use crate::sources::hunt::Tally;

/// What a call ends with that may not be made any more.
#[derive(Debug, thiserror::Error)]
#[error("the budget is spent")]
pub struct Spent;

/// Lists them all.
///
/// # Errors
/// When the region does not answer, or not to the end.
pub async fn every(
    client: &Client,
    calls: &Calls,
    tally: &Tally,
    patience: Duration,
) -> Result<Vec<Listed>, Failure> {
    let mut found = Vec::new();
    let mut tokens = HashSet::new();
    let mut token: Option<String> = None;
    loop {
        let page = calls
            .call(None, || {
                let may = tally.take_call();
                let request = client
                    .describe_log_groups()
                    .set_next_token(token.clone())
                    .send();
                async move {
                    if !may {
                        return Err(SdkError::construction_failure(Spent));
                    }
                    match tokio::time::timeout(patience, request).await {
                        Ok(answer) => answer,
                        Err(late) => Err(SdkError::timeout_error(late)),
                    }
                }
            })
            .await?;
        for group in page.log_groups() {
            let Some(name) = group.log_group_name() else {
                continue;
            };
            found.push(Listed {
                name: name.to_owned(),
                class: group.log_group_class().map(ToString::to_string),
                created: group.creation_time().map(Timestamp),
                retention: group.retention_in_days(),
            });
        }
        let Some(next) = page.next_token else {
            return Ok(found);
        };
        if !tokens.insert(next.clone()) {
            let text = "the listing of log groups repeats itself";
            return Err(Failure::new(Class::Other, text));
        }
        token = Some(next);
    }
}
