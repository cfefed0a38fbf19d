//! Credentials that are absent or expired, an endpoint that refuses: the real program says what is
//! wrong and what to do, ends with 2, and has read everything else.

use std::net::TcpListener;

use crate::support::alone::folder;
use crate::support::binary::{KEYS, Ran, check};
use crate::support::fake_cloudwatch::{FakeCloudWatch, Trouble};
use crate::support::shop::{self, LOST, ORDERS};

/// The answer where qa is in the cloud, with more `keys` of its table, and dev is in files.
fn run(name: &str, url: &str, keys: &str, vars: &[(&str, &str)]) -> Ran {
    let folder = folder(name);
    shop::configure(&folder, url, keys);
    shop::add_files(&folder);
    let window = shop::window();
    check(&folder, vars, &window.each_ref().map(String::as_str))
}

/// The whole of dev was read, nothing of qa is claimed, and both lines were said.
fn assert_told(ran: &Ran, message: &str, remedy: &str) {
    assert_eq!(ran.code, 2, "{}", ran.err);
    for (word, count) in [("entered", ORDERS), ("completed", 38), ("lost", 2)] {
        assert_eq!(ran.environment("dev")[word], count, "{word}");
    }
    assert_eq!(ran.lost(), LOST);
    let said = |word: &str, text: &str| {
        let mut lines = ran.err.lines().filter(|line| line.starts_with(word));
        lines.any(|line| line.contains(text))
    };
    assert!(said("error: ", message), "{}", ran.err);
    assert!(said("help: ", remedy), "{}", ran.err);
}

#[test]
fn no_credentials() {
    let fake = shop::fake();
    let ran = run("bad-none", fake.url(), "", &[]);
    let message = "no credentials from the default credential chain: none in the environment, in ~/.aws, or from this machine";
    assert_told(&ran, message, "set `profile` in the configuration");
    assert!(fake.calls("FilterLogEvents").is_empty());
}

#[test]
fn a_profile_that_does_not_exist() {
    let fake = shop::fake();
    let ran = run("bad-profile", fake.url(), "profile = \"nobody\"", &KEYS);
    let message = "there is no profile nobody on this machine";
    assert_told(&ran, message, "aws configure sso --profile nobody");
    assert!(
        fake.calls("FilterLogEvents").is_empty(),
        "another identity must not stand in for the profile"
    );
}

#[test]
fn credentials_that_have_expired() {
    let fake: FakeCloudWatch = shop::fake();
    fake.script(|call| {
        let xml = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>";
        match call.operation.as_str() {
            "GetCallerIdentity" => Some(Trouble::Xml(403, xml)),
            _ => Some(Trouble::Error(400, "ExpiredTokenException", "expired")),
        }
    });
    let ran = run("bad-expired", fake.url(), "", &KEYS);
    let message = "the credentials of the default credential chain have expired";
    assert_told(&ran, message, "renew what the environment");
}

#[test]
fn an_endpoint_that_refuses() {
    // Nobody listens on a port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}");
    let ran = run("bad-endpoint", &url, "", &KEYS);
    let message = format!("{url} does not answer");
    assert_told(&ran, &message, "check the endpoint and the network");
}
