//! Whose credentials are used, and what is said when there are none.
//!
//! The process environment decides here, and a test must not change its own: each of these tests
//! runs itself once more, alone in a child process with the environment it is about.

use std::fs;
use std::path::{Path, PathBuf};

use lastseen::domain::feed::{Fault, FaultKind};
use lastseen::sources::cloudwatch::settings::Settings;

use crate::support::alone;
use crate::support::fake_cloudwatch::{Event, FakeCloudWatch};
use crate::support::reading::{environment, quick, read, request};

const FROM: i64 = 1_760_000_000_000;
/// In the child: its folder. Else runs `test` in a child with `vars`.
fn child(test: &str, vars: &[(&str, &str)]) -> Option<PathBuf> {
    let folder = alone::child(&format!("cloudwatch::credentials::{test}"), vars)?;
    fs::create_dir_all(folder.join(".aws/sso/cache")).unwrap();
    Some(folder)
}

/// The keys that calls were signed with, and the fault if there was one.
fn signed(profile: Option<&str>, settings: Settings) -> (Vec<String>, Option<Fault>) {
    let fake = FakeCloudWatch::start(10);
    fake.group("us-east-1", "/a", vec![Event::new(FROM, "1", "text")]);
    let mut plan = environment("qa", fake.url(), &["us-east-1"], &["/a"]);
    plan.profile = profile.map(str::to_owned);
    let reading = read(&[plan], request(FROM, FROM + 1000), settings);
    let mut keys: Vec<String> = ["GetCallerIdentity", "DescribeLogGroups", "FilterLogEvents"]
        .iter()
        .flat_map(|operation| fake.calls(operation))
        .map(|call| call.key)
        .collect();
    keys.dedup();
    (keys, reading.of("qa/us-east-1:/a").faults.first().cloned())
}

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT"),
    ("AWS_SECRET_ACCESS_KEY", "of-the-environment"),
];

#[test]
fn a_profile_beats_keys_in_the_environment() {
    if child("a_profile_beats_keys_in_the_environment", &KEYS).is_some() {
        assert_eq!(
            signed(Some("tester"), quick()),
            (vec!["AKIATEST".to_owned()], None)
        );
    }
}

#[test]
fn without_a_profile_the_environment_decides() {
    if child("without_a_profile_the_environment_decides", &KEYS).is_some() {
        let settings = Settings {
            profiles: None,
            ..quick()
        };
        assert_eq!(
            signed(None, settings),
            (vec!["AKIAENVIRONMENT".to_owned()], None)
        );
    }
}

fn assert_refused(fault: Option<Fault>, message: &str, remedy: &str) {
    let fault = fault.unwrap();
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(fault.message.contains(message), "{fault:?}");
    assert!(fault.remedy.contains(remedy), "{fault:?}");
}

#[test]
fn no_credentials_at_all_is_told_with_what_to_set() {
    if child("no_credentials_at_all_is_told_with_what_to_set", &[]).is_some() {
        let (keys, fault) = signed(None, Settings::default());
        assert_eq!(keys.len(), 0);
        let message = "no credentials from the default credential chain";
        assert_refused(fault, message, "set `profile` in the configuration");
    }
}

/// A profile that logs in by SSO, and what is kept of the login.
fn sso(folder: &Path, token: Option<&str>) {
    let config = "[profile sso]\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = Read\n\
                  [sso-session acme]\nsso_region = us-east-1\nsso_start_url = https://acme.example/start\n";
    fs::write(folder.join(".aws/config"), config).unwrap();
    if let Some(token) = token {
        // The name is the SHA-1 of the session's name.
        let name = "293abb6b76d7791c0732cc517d38c4b5c734b87f.json";
        fs::write(folder.join(".aws/sso/cache").join(name), token).unwrap();
    }
}

#[test]
fn never_logged_in_by_sso_is_told_with_the_command() {
    if let Some(folder) = child("never_logged_in_by_sso_is_told_with_the_command", &[]) {
        sso(&folder, None);
        let (_, fault) = signed(Some("sso"), Settings::default());
        assert_refused(
            fault,
            "no credentials from profile sso",
            "aws sso login --profile sso",
        );
    }
}

#[test]
fn an_expired_sso_login_is_told_with_the_command() {
    if let Some(folder) = child("an_expired_sso_login_is_told_with_the_command", &[]) {
        let token = r#"{"accessToken":"TOKEN-OF-SSO","expiresAt":"2020-01-01T00:00:00Z","region":"us-east-1","startUrl":"https://acme.example/start"}"#;
        sso(&folder, Some(token));
        let (_, fault) = signed(Some("sso"), Settings::default());
        assert!(!format!("{fault:?}").contains("TOKEN-OF-SSO"));
        assert_refused(
            fault,
            "the credentials of profile sso have expired",
            "aws sso login --profile sso",
        );
    }
}

#[test]
fn what_a_credential_process_writes_is_not_shown() {
    if let Some(folder) = child("what_a_credential_process_writes_is_not_shown", &[]) {
        let config =
            "[profile tool]\ncredential_process = sh -c 'echo TOKEN-OF-TOOL >&2; exit 1'\n";
        fs::write(folder.join(".aws/config"), config).unwrap();
        let (_, fault) = signed(Some("tool"), Settings::default());
        assert!(!format!("{fault:?}").contains("TOKEN-OF-TOOL"));
        assert_refused(fault, "no credentials from profile tool", "--profile tool");
    }
}
