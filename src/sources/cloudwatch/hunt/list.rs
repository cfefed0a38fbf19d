//! Every log group of one region, whatever its name and whoever's it is; the first page of it is the
//! probe whether the region answers at all.

use std::collections::HashSet;
use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::SdkError;

use crate::sources::cloudwatch::calls::Calls;
use crate::sources::cloudwatch::discover::Whose;
use crate::sources::cloudwatch::fault::{Class, Failure};
use crate::sources::cloudwatch::listed::Listed;
use crate::sources::hunt::Tally;

/// What a call ends with that may not be made any more.
#[derive(Debug, thiserror::Error)]
#[error("the budget is spent")]
pub struct Spent;

/// Lists them all, each once.
///
/// # Errors
/// When the region does not answer, or not to the end.
pub async fn every(
    client: &Client,
    calls: &Calls,
    whose: &[Whose],
    tally: &Tally,
    patience: Duration,
) -> Result<Vec<Listed>, Failure> {
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    for whose in whose {
        for group in of_some(client, calls, whose, tally, patience).await? {
            if known.insert((group.account.clone(), group.name.clone())) {
                found.push(group);
            }
        }
    }
    Ok(found)
}

async fn of_some(
    client: &Client,
    calls: &Calls,
    whose: &Whose,
    tally: &Tally,
    patience: Duration,
) -> Result<Vec<Listed>, Failure> {
    let accounts = match whose {
        Whose::Accounts(numbers) => Some(numbers.clone()),
        Whose::Own | Whose::Linked => None,
    };
    let linked = (*whose != Whose::Own).then_some(true);
    let mut found = Vec::new();
    let mut tokens = HashSet::new();
    let mut token: Option<String> = None;
    loop {
        let page = calls
            .call(None, || {
                let may = tally.take_call();
                let request = client
                    .describe_log_groups()
                    .set_include_linked_accounts(linked)
                    .set_account_identifiers(accounts.clone())
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
        found.extend(page.log_groups().iter().filter_map(Listed::of));
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
