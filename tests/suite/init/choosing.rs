//! What is typed to choose, and the dialogue on a real terminal.

use std::fs;

use lastseen::cli::init::pick::{Picked, pick};

use super::looking::{Shop, shop};
use crate::support::pty::Pty;

const NAMES: [&str; 5] = [
    "/acme/api",
    "/acme/engine",
    "/acme/[x]",
    "worker",
    "/aws/lambda/fn",
];

fn picked(line: &str) -> Vec<usize> {
    match pick(line, &NAMES) {
        Ok(Picked::These(chosen)) => chosen,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn numbers_ranges_and_globs_are_understood_together() {
    assert_eq!(picked("1"), [0]);
    assert_eq!(picked(" 2-4, 1\n"), [0, 1, 2, 3]);
    assert_eq!(picked("4-2 3"), [1, 2, 3]);
    assert_eq!(picked("/acme/*"), [0, 1, 2]);
    assert_eq!(picked("*lambda* worker"), [3, 4]);
    // A name is itself before it is a glob.
    assert_eq!(picked("/acme/[x]"), [2]);
    assert_eq!(picked(" \n"), [0, 1, 2, 3, 4]);
    assert_eq!(pick("q\n", &NAMES), Ok(Picked::Leave));
}

#[test]
fn what_means_nothing_is_told_and_never_guessed() {
    for (line, told) in [
        ("6", "6: the numbers go from 1 to 5"),
        ("0", "0: the numbers go from 1 to 5"),
        ("1-9", "1-9: the numbers go from 1 to 5"),
        ("1 /nothing/*", "/nothing/*: no log group has such a name"),
        ("99999999999999999999", "no log group has such a name"),
        ("/acme/[", "/acme/[: unclosed character class"),
    ] {
        let problem = pick(line, &NAMES).unwrap_err();
        assert!(problem.contains(told), "{line}: {problem}");
    }
}

fn on_a_terminal(shop: &Shop, more: &[&str]) -> Pty {
    let config = shop.folder.join("aws-config");
    let vars = [
        ("HOME", shop.folder.to_str().unwrap()),
        ("AWS_CONFIG_FILE", config.to_str().unwrap()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let mut args = vec![
        "init",
        "--region",
        "us-east-1,eu-west-1",
        "--endpoint-url",
        shop.fake.url(),
    ];
    args.extend(more);
    Pty::start_in(&shop.folder, &args, 160, 40, &vars)
}

#[test]
fn somebody_chooses_on_a_terminal() {
    let shop = shop("init-choosing");
    let mut pty = on_a_terminal(&shop, &[]);
    pty.wait("/acme/qa/engine");
    pty.wait("q to leave:");
    pty.send("77\r");
    pty.wait("error: 77: the numbers go from 1 to 6");
    pty.send("*engine 4\r");
    pty.wait("wrote ");
    assert_eq!(pty.end().exit_code(), 0);
    let text = fs::read_to_string(shop.folder.join("lastseen.toml")).unwrap();
    assert!(
        text.contains("\"/acme/{env}/engine\",\n    \"rare\","),
        "{text}"
    );
    assert!(!text.contains("queue"), "{text}");
    // A second time it is not even asked for.
    let mut again = on_a_terminal(&shop, &[]);
    again.wait("is there already");
    assert_eq!(again.end().exit_code(), 2);
}

#[test]
fn leaving_writes_nothing() {
    let shop = shop("init-leaving");
    for answer in ["q\r", "\x04"] {
        let mut pty = on_a_terminal(&shop, &[]);
        pty.wait("q to leave:");
        pty.send(answer);
        pty.wait("nothing was written");
        assert_eq!(pty.end().exit_code(), 0);
        assert!(!shop.folder.join("lastseen.toml").exists());
    }
}
