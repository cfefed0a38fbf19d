//! The real program looks around: profiles, accounts, regions and groups of the scripted service.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::alone::{alone, folder};
use crate::support::emulator::{OTHER_ACCOUNT, OTHER_ROLE, SECRET, emulator, now};
use crate::support::fake_cloudwatch::{Event, FakeCloudWatch, Group, Trouble};

pub(super) const QA: &str = "123456789012";
pub(super) const PROD: &str = "222233334444";

/// Two accounts with three profiles, behind one service, and a folder to run in.
pub(super) struct Shop {
    pub(super) fake: FakeCloudWatch,
    pub(super) folder: PathBuf,
}

fn profile(name: &str, key: &str) -> String {
    format!("[profile {name}]\naws_access_key_id = {key}\naws_secret_access_key = {SECRET}\n")
}

pub(super) fn shop(name: &str) -> Shop {
    let fake = FakeCloudWatch::start(10);
    let ago = |minutes: i64| vec![Event::new(now().0 - minutes * 60_000, "1", "text")];
    let group = |account, region, name: &str| Group::new(region, name).account(account);
    for (account, env) in [(QA, "qa"), (PROD, "prod")] {
        for name in ["queue", "engine"] {
            let name = format!("/acme/{env}/{name}");
            fake.add(group(account, "us-east-1", &name).events(ago(5)));
        }
    }
    fake.add(group(PROD, "eu-west-1", "/acme/prod/engine").events(ago(90)));
    fake.add(group(PROD, "eu-west-1", "rare").class("INFREQUENT_ACCESS"));
    let folder = folder(name);
    let config = profile("acme-qa", "AKIATEST")
        + &profile("acme-prod", &format!("AKIA{PROD}"))
        + &profile("acme-prod-admin", &format!("ASIA{PROD}"));
    fs::write(folder.join("aws-config"), config).unwrap();
    Shop { fake, folder }
}

/// What a run said, and how it ended.
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Shop {
    /// `lastseen init` with these arguments, in this folder, on no terminal.
    pub(super) fn init(&self, args: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
        command.args(["init", "--endpoint-url", self.fake.url()]);
        command.args(args).current_dir(&self.folder);
        said(
            alone(&mut command, &self.folder, &[])
                .env("AWS_CONFIG_FILE", self.folder.join("aws-config")),
        )
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!(out.clone() + &err).contains(SECRET), "a secret was shown");
    Said {
        code: output.status.code().unwrap(),
        out,
        err,
    }
}

const TWO_REGIONS: [&str; 2] = ["--region", "us-east-1,eu-west-1"];

#[test]
fn without_anybody_to_ask_it_lists_and_says_how_to_choose() {
    let shop = shop("init-listing");
    let said = shop.init(&TWO_REGIONS);
    assert_eq!(said.code, 0, "{}", said.err);
    let expected = "\
prod: account 222233334444, profile acme-prod, as arn:aws:iam::222233334444:user/oncall, the same as profile acme-prod-admin
  us-east-1
  1  /acme/prod/engine          30 B  kept for ever  last event 5m ago
  2  /acme/prod/queue           30 B  kept for ever  last event 5m ago
  eu-west-1
  3  /acme/prod/engine          30 B  kept for ever  last event 1h30m ago
  4  rare                        0 B  kept for ever  no event  INFREQUENT_ACCESS: cannot be listed
  2 regions in all

qa: account 123456789012, profile acme-qa, as arn:aws:iam::123456789012:user/oncall
  us-east-1
  5  /acme/qa/engine            30 B  kept for ever  last event 5m ago
  6  /acme/qa/queue             30 B  kept for ever  last event 5m ago
  1 region shown; 1 without log groups

choose with globs:  lastseen init --groups '/acme/*'
take all of them:   lastseen init --yes
";
    // A minute may have ended meanwhile.
    let seconds = regex::Regex::new(r"(\d+m)\d+s ago").unwrap();
    assert_eq!(seconds.replace_all(&said.out, "$1 ago"), expected);
    assert!(!shop.folder.join("lastseen.toml").exists());
}

#[test]
fn all_of_it_is_written_once_and_replaced_only_when_told_so() {
    let shop = shop("init-writing");
    let mut args = TWO_REGIONS.to_vec();
    args.push("--yes");
    let said = shop.init(&args);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out
            .contains("with 2 environments and 3 log group patterns"),
        "{}",
        said.out
    );
    let path = shop.folder.join("lastseen.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, "# mine").unwrap();
    let asked = shop.fake.calls("DescribeLogGroups").len();
    let refused = shop.init(&args);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("--force replaces it"),
        "{}",
        refused.err
    );
    assert_eq!(
        shop.fake.calls("DescribeLogGroups").len(),
        asked,
        "nothing was asked in vain"
    );
    args.push("--print");
    assert_eq!(shop.init(&args).out, text);
    assert_eq!(fs::read_to_string(&path).unwrap(), "# mine");
    args[3] = "--force";
    shop.init(&args);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn flags_narrow_what_is_looked_at() {
    let shop = shop("init-narrow");
    let said = shop.init(&[
        "--profile",
        "acme-qa",
        "--region",
        "us-east-1",
        "--env",
        "stage",
        "--yes",
        "--print",
    ]);
    assert!(said.out.contains("name    = \"stage\""), "{}", said.out);
    assert!(
        said.out.contains("account = \"123456789012\""),
        "{}",
        said.out
    );
    assert!(!said.out.contains("prod"), "{}", said.out);
    let keys: Vec<String> = shop
        .fake
        .calls("DescribeLogGroups")
        .into_iter()
        .map(|c| c.key)
        .collect();
    assert_eq!(keys, ["AKIATEST"]);
    let said = shop.init(&[
        "--groups",
        "/acme/{env}/eng*",
        "rare",
        "--region",
        "eu-west-1",
        "--print",
    ]);
    assert!(said.out.contains("\"/acme/prod/engine\""), "{}", said.out);
    assert!(
        said.out
            .contains("\"rare\",  # of class INFREQUENT_ACCESS: its log events cannot be listed"),
        "{}",
        said.out
    );
    let said = shop.init(&["--env", "qa", "--yes", "--print", "--region", "us-east-1"]);
    assert!(
        !said.out.contains("prod") && said.out.contains("/acme/qa/queue"),
        "{}",
        said.out
    );
}

#[test]
fn every_region_is_looked_at_and_what_is_not_enabled_is_counted() {
    let shop = shop("init-regions");
    let opt_in = lastseen::sources::cloudwatch::regions::OPT_IN;
    shop.fake.script(move |call| {
        let closed = opt_in.contains(&call.region.as_str());
        if call.region == "eu-north-1" {
            return Some(Trouble::Error(
                400,
                "AccessDeniedException",
                "an SCP forbids it",
            ));
        }
        closed.then_some(Trouble::Error(400, "UnrecognizedClientException", "no"))
    });
    let said = shop.init(&["--profile", "acme-prod"]);
    let rest = format!(
        "2 regions shown; 14 without log groups, {} not enabled, 1 denied",
        opt_in.len()
    );
    assert!(said.out.contains(&rest), "{}{}", said.out, said.err);
    assert_eq!(said.err, "");
    // What was asked for by name is not passed over.
    let said = shop.init(&["--profile", "acme-prod", "--region", "eu-north-1,us-east-1"]);
    assert!(
        said.err
            .contains("warning: profile acme-prod may not read log groups in eu-north-1"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("help: allow logs:DescribeLogGroups"),
        "{}",
        said.err
    );
}

#[test]
fn last_events_that_nobody_tells_are_unknown() {
    let shop = shop("init-unknown");
    shop.fake.script(|call| {
        let mine = call.operation == "DescribeLogStreams" && call.group == "/acme/qa/queue";
        mine.then_some(Trouble::Error(400, "AccessDeniedException", "no"))
    });
    let said = shop.init(&["--profile", "acme-qa", "--region", "us-east-1"]);
    let row = said
        .out
        .lines()
        .find(|line| line.contains("/acme/qa/queue"))
        .unwrap();
    assert!(row.ends_with("last event unknown"), "{row}");
}

#[test]
fn no_more_calls_than_the_budget_are_spent_on_last_events() {
    let shop = shop("init-budget");
    for n in 0..230 {
        shop.fake
            .group("us-east-1", &format!("/many/{n:03}"), Vec::new());
    }
    let said = shop.init(&["--profile", "acme-qa", "--region", "us-east-1"]);
    assert_eq!(shop.fake.calls("DescribeLogStreams").len(), 200);
    assert!(
        said.out
            .contains("the last event was asked for of the 200 largest of 232 log groups"),
        "{}",
        said.out
    );
    assert_eq!(said.out.matches("last event not asked for").count(), 32);
}

#[test]
fn nothing_in_reach_says_why() {
    let shop = shop("init-nothing");
    let said = shop.init(&["--profile", "acme-q", "--yes"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err
            .contains("warning: there is no profile acme-q on this machine"),
        "{}",
        said.err
    );
    assert!(said.err.contains("did you mean acme-qa?"), "{}", said.err);
    let said = shop.init(&[
        "--profile",
        "acme-qa",
        "--region",
        "us-east-1",
        "--groups",
        "/nobody/*",
    ]);
    assert!(
        said.err
            .contains("no log group that /nobody/* means is in reach: qa: account 123456789012"),
        "{}",
        said.err
    );
    let said = shop.init(&["--groups", "/acme/["]);
    assert!(
        said.err.contains("--groups: `/acme/[` is not a glob"),
        "{}",
        said.err
    );
}

#[test]
fn a_role_of_another_account_is_reached_through_its_profile() {
    let folder = folder("init-role");
    let url = emulator().url();
    let config = profile("base", "AKIATEST")
        + &format!(
            "endpoint_url = {url}\n[profile acme-prod]\nrole_arn = {OTHER_ROLE}\nsource_profile = base\nendpoint_url = {url}\nregion = us-west-1\n"
        );
    fs::write(folder.join("aws-config"), config).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = emulator().other_client("us-west-1").await;
        crate::support::emulator::seed(&client, "/role/engine", &[("s", now(), "text".to_owned())])
            .await;
    });
    let init = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
        command
            .args(["init", "--profile", "acme-prod", "--groups", "/role/*"])
            .args(args);
        command.current_dir(&folder);
        said(alone(&mut command, &folder, &[]).env("AWS_CONFIG_FILE", folder.join("aws-config")))
    };
    // The profile's own region, without --region and --endpoint-url.
    let written = init(&[]);
    assert_eq!(written.code, 0, "{}", written.err);
    let path = folder.join("lastseen.toml");
    let text = fs::read_to_string(&path).unwrap();
    for line in [
        "name    = \"prod\"",
        "profile = \"acme-prod\"",
        &format!("account = \"{OTHER_ACCOUNT}\""),
        "regions = [\"us-west-1\"]",
        "    \"/role/engine\",",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    // What was written reads, as the account it names and as no other.
    let check = |text: &str| {
        let pipeline = "[pipeline.p]\nid = ['(?<id>text)']\n[[pipeline.p.stage]]\nname = 'engine'\nfrom = ['/role/*']\nenter = 'text'\n";
        fs::write(&path, format!("{text}\n{pipeline}")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_lastseen"));
        command.args(["check", "--json"]).current_dir(&folder);
        said(alone(&mut command, &folder, &[]).env("AWS_CONFIG_FILE", folder.join("aws-config")))
    };
    let good = check(&text);
    assert!(
        good.out
            .contains(&format!("account {OTHER_ACCOUNT}, as arn:")),
        "{}{}",
        good.out,
        good.err
    );
    let bad = check(&text.replace(OTHER_ACCOUNT, "999999999999"));
    let message = format!(
        "environment prod is account 999999999999, but profile acme-prod leads to account {OTHER_ACCOUNT}"
    );
    assert_eq!(bad.code, 2);
    assert!(bad.err.contains(&message), "{}", bad.err);
}
