//! `lastseen case`: listing, showing and removing.

use std::fs;

use crate::support::alone::folder;
use crate::support::binary::KEYS;
use crate::support::shop;

use super::made::small;
use super::program::{cases, kept, lastseen};

#[test]
fn cases_are_listed_and_shown() {
    let fake = shop::fake();
    let home = folder("cases-listed");
    let list = lastseen(&home, &[], &["case", "list"]);
    assert!(
        list.code == 0 && list.out.starts_with("no cases in "),
        "{list:?}"
    );
    shop::configure(&home, fake.url(), "");
    let window = shop::window();
    let args = ["check", "--tz", "UTC"]
        .into_iter()
        .chain(window.iter().map(String::as_str));
    lastseen(&home, &KEYS, &args.collect::<Vec<_>>());
    fs::write(
        cases(&home).join("broken.case"),
        "\x1b[2Jnothing of the kind",
    )
    .unwrap();
    fs::write(cases(&home).join("notes.txt"), "not ours").unwrap();
    let list = lastseen(&home, &[], &["case", "list", "--tz", "UTC"]);
    assert_eq!((list.code, list.err.as_str()), (0, ""));
    let line = |word: &str| list.out.lines().find(|line| line.contains(word)).unwrap();
    assert!(line("CASE").contains("STATE"));
    let one = line("-qa");
    for part in ["10-09 08:53 – 10-09 09:00", " 2 ", "finished"] {
        assert!(one.contains(part), "{one}");
    }
    assert!(line("broken").contains("it is not a case file"));
    assert!(line("2 cases").contains("kB"), "{}", list.out);
    assert!(!list.out.contains("notes") && !list.out.contains('\x1b'));
    let name = one.split(' ').next().unwrap();
    let show = lastseen(&home, &[], &["case", "show", name]);
    assert_eq!(show.code, 0, "{show:?}");
    for part in ["qa: us-east-1", "qa/us-east-1:/shop/engine, ", "finished"] {
        assert!(show.out.contains(part), "{part}: {}", show.out);
    }
}

#[test]
fn only_cases_are_removed_and_only_when_somebody_says_so() {
    let home = folder("cases-removed");
    fs::create_dir_all(cases(&home)).unwrap();
    for name in ["one", "two", "three"] {
        small(&cases(&home).join(name).with_extension("case"));
    }
    small(&home.join("elsewhere.case"));
    let remove = |args: &[&str]| {
        let args: Vec<&str> = ["case", "remove"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        lastseen(&home, &[], &args)
    };
    fs::write(home.join("precious"), "not a case").unwrap();
    for (args, said) in [
        (vec!["one"], "say so with --yes"),
        (vec!["one", "four", "--yes"], "there is no case four"),
        (vec!["../../../../precious", "--yes"], "there is no case"),
        (vec!["precious", "--yes"], "precious is no case file"),
        (vec!["--older-than", "x", "--yes"], "--older-than"),
        (vec!["--yes"], "required"),
    ] {
        let ran = remove(&args);
        assert_eq!(ran.code, 2, "{args:?} {ran:?}");
        assert!(ran.err.contains(said), "{args:?} {ran:?}");
    }
    assert_eq!(kept(&home).len(), 3);
    let writing = lastseen::case::append::open(&cases(&home).join("two.case")).unwrap();
    let busy = remove(&["two", "--yes"]);
    assert!(
        busy.code == 2 && busy.err.contains("is being written"),
        "{busy:?}"
    );
    let list = lastseen(&home, &[], &["case", "list"]).out;
    let states =
        ["one", "two"].map(|name| list.lines().find(|line| line.starts_with(name)).unwrap());
    assert!(
        states[0].ends_with("finished") && states[1].ends_with("being written"),
        "{list}"
    );
    drop(writing);
    let old = remove(&["--older-than", "30d", "--yes"]);
    assert_eq!((old.code, old.out.as_str()), (0, "nothing to remove\n"));
    let ran = remove(&["one", "two.case", "elsewhere.case", "--yes"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3), "{ran:?}");
    assert_eq!(kept(&home), [cases(&home).join("three.case")]);
    assert!(!home.join("elsewhere.case").exists() && home.join("precious").exists());
}
