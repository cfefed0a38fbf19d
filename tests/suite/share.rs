//! What share mode promises: nothing secret on any row of any view, in no report; the same value keeps one
//! pseudonym; nothing is shown again without a question.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests fails the test it helps"
)]

use std::sync::LazyLock;

use lastseen::domain::mask::Mask;
use lastseen::domain::pattern::Pattern;

mod masking;
mod reports;
mod screen;

static MASK: LazyLock<Mask> = LazyLock::new(|| Mask::new([7; 32], Vec::new()).unwrap());

pub(crate) fn mask() -> Mask {
    MASK.clone()
}

fn mask_with(pattern: &str) -> Mask {
    Mask::new([7; 32], vec![Pattern::new(pattern).unwrap()]).unwrap()
}

/// Secrets as logs bear them, and the part that must never be seen.
pub(crate) const SECRETS: [(&str, &str, &str); 38] = [
    ("person", r#"{"customer":"Müller0"}"#, "Müller0"),
    ("person", "customer=Müller0: 5 of 5", "Müller0"),
    ("person", r#"customer="Anna Müller": 5 of 5"#, "Müller"),
    ("person", r#"{"user":{"id":7,"name":"Jane Doe"}}"#, "Jane"),
    (
        "person",
        r#"{"name":"Jane Doe","email":"j@acme.com"}"#,
        "Jane",
    ),
    ("person", "order.shipping_address='1 Main St'", "Main"),
    ("person", r#"{"body":"{\"first_name\":\"Jane\"}"}"#, "Jane"),
    (
        "aws-key",
        "key AKIAIOSFODNN7EXAMPLE used",
        "AKIAIOSFODNN7EXAMPLE",
    ),
    (
        "aws-key",
        "sent wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY now",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
    (
        "secret",
        "aws_secret_access_key = wJalrXUtnFEMIK7MDENG",
        "wJalrXUtnFEMIK7MDENG",
    ),
    (
        "token",
        "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP ok",
        "eyJzdWIiOiIxIn0",
    ),
    (
        "token",
        "Authorization: Bearer abc.def-123_XYZ",
        "abc.def-123_XYZ",
    ),
    ("token", "sent bearer 0a1b2c3d4e5f", "0a1b2c3d4e5f"),
    (
        "token",
        "push with ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    ),
    ("secret", "password=hunter2 rest", "hunter2"),
    ("secret", "DB_PASSWORD: 'hunter 2'", "hunter 2"),
    ("secret", r#"{"user":"x","password":"hun\"ter2"}"#, "ter2"),
    ("secret", r#"{"password":"hun\u0074er2"}"#, "er2"),
    (
        "secret",
        r#"{"body":"{\"password\":\"hunter2\"}"}"#,
        "hunter2",
    ),
    ("secret", r#"{"pin": 4711}"#, "4711"),
    (
        "secret",
        r#"{"Name":"API_TOKEN","Value":"abcdef"}"#,
        "abcdef",
    ),
    ("secret", "Cookie: sid=abc; theme=x", "abc"),
    ("secret", "GET /?X-Amz-Signature=0123abcd&x=1", "0123abcd"),
    ("login", "postgres://admin:s3cr3t@db.acme.com/x", "s3cr3t"),
    (
        "private-key",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY----- x",
        "MIIEow",
    ),
    (
        "email",
        "to Jane.Doe+x@Acme.co.uk, sent",
        "Jane.Doe+x@Acme.co.uk",
    ),
    ("email", r#"{"to":"jane\u0040acme.com"}"#, "jane"),
    ("email", "GET /?to=jane%40acme.com", "jane"),
    ("ip", "from 10.0.3.17:443", "10.0.3.17"),
    ("ip", "hosts 10.0.3.17,10.0.3.18", "10.0.3.18"),
    ("ip", "host ip-10-0-3-17.ec2", "ip-10-0-3-17"),
    (
        "ip",
        "from [2001:db8::ff00:42:8329]:80",
        "2001:db8::ff00:42:8329",
    ),
    ("phone", "call +49 30 1234567 at 12:30", "1234567"),
    ("phone", "call (555) 123-4567 now", "123-4567"),
    (
        "iban",
        "iban DE89 3704 0044 0532 0130 00 AND",
        "0532 0130 00",
    ),
    ("card", "card 4111 1111 1111 1111 12 items", "1111 1111"),
    (
        "account",
        "arn:aws:iam::123456789012:role/x",
        "123456789012",
    ),
    (
        "account",
        "https://sqs.eu-central-1.amazonaws.com/123456789012/q",
        "123456789012",
    ),
];
