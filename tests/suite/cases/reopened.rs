//! A run through the real program, and its case opened again without network and credentials.

use std::fs;
use std::path::PathBuf;

use crate::support::alone::folder;
use crate::support::binary::KEYS;
use crate::support::emulator::SECRET;
use crate::support::fake_cloudwatch::Trouble;
use crate::support::shop::{self, ENGINE, LOST};

use super::program::{Said, kept, lastseen};

/// The answer of the shop's run, with the folder it ran in and the case it kept.
fn live(name: &str) -> (PathBuf, Said, PathBuf) {
    let fake = shop::fake();
    let folder = folder(name);
    shop::configure(&folder, fake.url(), "");
    let window = shop::window();
    let args = ["check", "--json"].into_iter();
    let args: Vec<&str> = args.chain(window.iter().map(String::as_str)).collect();
    let said = lastseen(&folder, &KEYS, &args);
    let cases = kept(&folder);
    assert_eq!(cases.len(), 1, "{said:?}");
    (folder, said, cases[0].clone())
}

fn again(folder: &std::path::Path, case: &std::path::Path, more: &[&str]) -> Said {
    let args = ["check", "--json", case.to_str().unwrap()];
    let args: Vec<&str> = args.into_iter().chain(more.iter().copied()).collect();
    lastseen(folder, &[], &args)
}

/// The service is gone and so are the configuration and the credentials: the answer is the same.
#[test]
fn a_case_gives_the_same_answer_to_the_byte() {
    let (home, live, case) = live("case-same");
    assert_eq!((live.code, live.err.as_str()), (1, ""));
    let elsewhere = folder("case-same-elsewhere");
    let handed_over = elsewhere.join("anything");
    fs::copy(&case, &handed_over).unwrap();
    fs::remove_file(home.join("lastseen.toml")).unwrap();
    assert_eq!(again(&elsewhere, &handed_over, &[]), live);
    // It reads only: nothing was added to it, and no case was made of it.
    assert_eq!(fs::read(&handed_over).unwrap(), fs::read(&case).unwrap());
    assert!(kept(&elsewhere).is_empty());
    // By its name, wherever one is.
    let name = case.file_name().unwrap().to_str().unwrap();
    assert_eq!(lastseen(&home, &[], &["check", "--json", name]), live);
    let words = lastseen(&home, &[], &[name]);
    assert_eq!(words.code, 1);
    assert!(
        LOST.iter().all(|id| words.out.contains(id)),
        "{}",
        words.out
    );
}

#[test]
fn a_case_of_a_run_with_faults_gives_the_same_answer() {
    let fake = shop::fake();
    fake.script(|call| {
        let late = call.group == ENGINE && call.position.is_some_and(|read| read >= 30);
        late.then_some(Trouble::Error(400, "ExpiredTokenException", "expired"))
    });
    let folder = folder("case-faults");
    shop::configure(&folder, fake.url(), "");
    let window = shop::window();
    let args = ["check", "--json"]
        .into_iter()
        .chain(window.iter().map(String::as_str));
    let live = lastseen(&folder, &KEYS, &args.collect::<Vec<_>>());
    assert_eq!(live.code, 3);
    assert_eq!(again(&folder, &kept(&folder)[0], &[]), live);
}

/// Files are no part of a case: they are read where they are, and where they are not, what they
/// would have shown is not known.
#[test]
fn files_beside_the_cloud_are_read_again_or_missed() {
    let fake = shop::fake();
    let home = folder("case-files-both");
    shop::configure(&home, fake.url(), "");
    shop::add_files(&home);
    let toml = fs::read_to_string(home.join("lastseen.toml")).unwrap();
    // Both stages are served by the cloud and by files.
    let toml = toml.replace(
        "logs/{env}/{group}.log",
        "logs/dev/{group}.log\"\nenv = \"qa",
    );
    fs::write(home.join("lastseen.toml"), toml).unwrap();
    let window = shop::window();
    let args = ["check", "--json"]
        .into_iter()
        .chain(window.iter().map(String::as_str));
    let live = lastseen(&home, &KEYS, &args.collect::<Vec<_>>());
    assert_eq!(live.code, 1, "{live:?}");
    drop(fake);
    let case = kept(&home)[0].clone();
    assert_eq!(again(&home, &case, &[]).code, 1);
    // Grown since: still the file that was read.
    let engine = home.join("logs/dev/engine.log");
    let text = fs::read_to_string(&engine).unwrap();
    fs::write(&engine, text.clone() + "2025-10-09T09:00:00Z more\n").unwrap();
    assert_eq!(again(&home, &case, &[]).code, 1);
    // Another file at its place, or none: nobody is lost for that.
    for change in [Some(text.replace("order", "ardor")), None] {
        match change {
            Some(text) => fs::write(&engine, text).unwrap(),
            None => fs::remove_file(&engine).unwrap(),
        }
        let without = again(&home, &case, &[]);
        assert_eq!(without.code, 2, "{without:?}");
        let answer: serde_json::Value = serde_json::from_str(&without.out).unwrap();
        assert_eq!(answer["lost"], serde_json::json!([]), "{without:?}");
        assert!(without.err.contains("engine.log"), "{without:?}");
    }
}

#[test]
fn no_credential_is_in_a_case() {
    let fake = shop::fake();
    let folder = folder("case-secrets");
    let url = fake.url().replace("http://", "http://someone:hunter2@");
    shop::configure(&folder, &url, "# nothing else");
    let window = shop::window();
    let args = ["check", "--json", "--endpoint-url", &url];
    let args = args.into_iter().chain(window.iter().map(String::as_str));
    lastseen(&folder, &KEYS, &args.collect::<Vec<_>>());
    let case = kept(&folder)[0].clone();
    let bytes = fs::read(&case).unwrap();
    let has = |text: &str| memchr::memmem::find(&bytes, text.as_bytes()).is_some();
    assert!(has("lastseen.toml") && has("[pipeline.orders]"));
    for secret in ["hunter2", "someone", SECRET, "AKIATEST"] {
        assert!(!has(secret), "{secret} is in the case");
    }
    // And it still opens.
    let again = again(&folder, &case, &[]);
    assert!(
        again.code == 1 || again.code == 3 || again.code == 2,
        "{again:?}"
    );
}

#[test]
fn what_a_case_cannot_do_is_said() {
    let (home, _, case) = live("case-refusals");
    let name = case.to_str().unwrap();
    for (args, said) in [
        (
            vec!["check", name, "--env", "qa"],
            "--env: a case is opened as it was asked",
        ),
        (
            vec!["check", name, "--fresh"],
            "--fresh: a case is opened as it was asked",
        ),
        (vec!["check", name, "logs/"], "a case is opened alone"),
        (
            vec!["check", "--case", name, "--from", "02:00", "--to", "02:10"],
            "was asked something else",
        ),
        (
            vec!["check", "--case", "lastseen.toml"],
            "is there already, and is no case file",
        ),
        (
            vec!["check", "--case-limit", "much"],
            "write a whole number with its unit",
        ),
    ] {
        let ran = lastseen(&home, &KEYS, &args);
        assert_eq!(ran.code, 2, "{args:?} {ran:?}");
        assert!(ran.err.contains(said), "{args:?} {ran:?}");
    }
    let mut bytes = fs::read(&case).unwrap();
    bytes[8] = 99;
    fs::write(&case, &bytes).unwrap();
    let ran = lastseen(&home, &[], &["check", name]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("its first bytes are damaged"), "{ran:?}");
}

#[test]
fn a_run_keeps_what_it_is_told_to_keep() {
    let fake = shop::fake();
    let folder = folder("case-where");
    shop::configure(&folder, fake.url(), "");
    let window = shop::window();
    let check = |more: &[&str]| {
        let args = ["check"]
            .into_iter()
            .chain(window.iter().map(String::as_str));
        lastseen(
            &folder,
            &KEYS,
            &args.chain(more.iter().copied()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(check(&["--no-case"]).code, 1);
    assert_eq!(kept(&folder).len(), 0);
    assert_eq!(check(&["--case", "mine.case"]).code, 1);
    assert!(folder.join("mine.case").exists());
    assert_eq!(kept(&folder).len(), 0);
    // Two at the same minute have two names; a finished one is not gone on with.
    assert_eq!(check(&[]), check(&[]));
    let names = kept(&folder);
    assert_eq!(names.len(), 2);
    let name = names[0].file_name().unwrap().to_str().unwrap();
    assert!(name.contains("-qa") && name.starts_with("20"), "{name}");
    // Too small for all of it: the answer is the same, and it is said.
    let small = check(&["--case", "small.case", "--case-limit", "2kB"]);
    assert_eq!(small.code, 1);
    assert!(small.err.contains("limit of 2.0 kB"), "{small:?}");
    let reopened = again(&folder, &folder.join("small.case"), &[]);
    assert_eq!(reopened.code, 3, "{reopened:?}");
    // Cases add up; somebody should know.
    let large = fs::File::create(super::program::cases(&folder).join("old.case")).unwrap();
    large.set_len(21_000_000_000).unwrap();
    let much = check(&["--no-case"]);
    assert_eq!(much.err, "");
    let much = check(&[]);
    assert!(
        much.err.contains("lastseen case remove --older-than 30d"),
        "{much:?}"
    );
    // No place for one is no reason not to answer.
    fs::remove_dir_all(super::program::cases(&folder)).unwrap();
    fs::write(super::program::cases(&folder), "in the way").unwrap();
    let without = check(&[]);
    assert_eq!(without.code, 1);
    assert!(without.err.contains("no case is written"), "{without:?}");
}
