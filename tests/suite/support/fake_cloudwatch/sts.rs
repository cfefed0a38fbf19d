//! The Security Token Service, in XML: who one is, and other keys for a role.

use super::call::Call;
use super::estate::account_of;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Who calls.
pub(super) fn identity(call: &Call) -> String {
    let account = &call.account;
    // A key that this service gave out is a role's.
    let arn = if call.key.starts_with("ASIA") {
        format!("arn:aws:sts::{account}:assumed-role/reader/lastseen")
    } else {
        format!("arn:aws:iam::{account}:user/oncall")
    };
    wrap(
        "GetCallerIdentity",
        &format!("<Arn>{arn}</Arn><UserId>AIDATEST</UserId><Account>{account}</Account>"),
    )
}

/// Keys for the role that `call` assumes: arn:aws:iam::<account>:role/<name>.
pub(super) fn role(call: &Call) -> String {
    let account = call.group.split(':').nth(4).unwrap_or_default();
    let key = format!("ASIA{:04}{account}", call.attempt % 10_000);
    assert_eq!(account_of(&key), account, "no account in {}", call.group);
    wrap(
        "AssumeRole",
        &format!(
            "<AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/reader/lastseen</Arn><AssumedRoleId>AROATEST:lastseen</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>of-a-role</SecretAccessKey><SessionToken>of-a-role</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
        ),
    )
}

/// How it refuses.
pub(super) fn error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )
}

fn wrap(operation: &str, result: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result></{operation}Response>"
    )
}
