//! The pure parts: what names an ID, what is asked of the service, which groups come first.

use std::collections::HashSet;
use std::sync::Arc;

use lastseen::domain::hunt::{Cause, Standing};
use lastseen::domain::mention::{Mentions, excerpt};
use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::cloudwatch::hunt::candidates::{Candidate, Fate, Sieve, sort};
use lastseen::sources::cloudwatch::hunt::pattern::rounds;
use lastseen::sources::cloudwatch::listed::{GroupClass, Listed};
use lastseen::sources::cloudwatch::regions::{OPT_IN, PUBLIC, in_reach};

use crate::support::reading::environment;

const UUID: &str = "948cd486-bc42-4e08-94e4-fd7098eafc16";

fn named(id: &str, text: &str) -> bool {
    !Mentions::new(&[id.to_owned()])
        .in_text(text.as_bytes())
        .is_empty()
}

#[test]
fn an_id_is_named_only_as_a_whole() {
    let named_by = [
        ("o-1", "order=o-1 received"),
        ("o-1", "o-1"),
        ("o-1", r#"{"id":"o-1"}"#),
        ("o-1", r#"{"body":"{\"id\":\"o-1\"}"}"#),
        ("o-1", r"a\no-1 in a quoted line"),
        ("o-1", r"\u003co-1\u003e"),
        ("o-1", "id%3Do-1%26x"),
        ("o-1", "\x1b[1;32mo-1\x1b[0m done"),
        ("o-1", "it ends with o-1."),
        ("o-1", "订单o-1完成"),
        ("17", "number 17, the last"),
        // Behind one that is part of another word.
        ("o-1", "o-10 and o-1"),
        // A long one cannot be anything else, whatever it is joined to.
        (UUID, &format!("job-{UUID}.json")),
        (UUID, &UUID.to_uppercase()),
    ];
    for (id, text) in named_by {
        assert!(named(id, text), "{id} in {text:?}");
    }
    let not_named_by = [
        ("o-1", "order=o-10"),
        ("o-1", "foo-1"),
        ("o-1", "o-1-2"),
        ("17", "2024-17-03"),
        ("17", "17.5 ms"),
        ("17", "job_17_retry"),
        ("o-1", "O-1"),
        ("m1", "\x1b[31mm12"),
        ("1", "[31m1"),
        (UUID, &format!("{UUID}0")),
        ("o-1", ""),
    ];
    for (id, text) in not_named_by {
        assert!(!named(id, text), "{id} in {text:?}");
    }
    assert!(Mentions::new(&[]).in_text(b"anything").is_empty());
}

#[test]
fn a_line_of_a_megabyte_is_cut_around_its_mention() {
    let text = format!("{}é{UUID}é{}", "x".repeat(500_000), "y".repeat(500_000));
    let at = text.find(UUID).unwrap();
    let shown = excerpt(text.as_bytes(), at, 200);
    assert!(shown.contains(UUID) && shown.len() < 220, "{shown}");
    assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    // Cut in the middle of a character, from whichever side.
    for most in 0..300 {
        let shown = excerpt("é".repeat(100).as_bytes(), 100, most);
        assert!(!shown.contains('\u{fffd}'), "{most}: {shown}");
    }
    assert_eq!(excerpt(b"short", 0, 200), "short");
}

#[test]
fn patterns_are_quoted_and_short_enough() {
    let ids: Vec<String> = (0..60)
        .map(|n| format!("{n:08x}-bc42-4e08-94e4-fd7098eafc16"))
        .collect();
    let (patterns, refused) = rounds(&ids);
    assert!(refused.is_empty());
    assert!(patterns.iter().all(|round| round.pattern.len() <= 1024));
    let all: Vec<&String> = patterns.iter().flat_map(|round| &round.ids).collect();
    assert_eq!(all, ids.iter().collect::<Vec<_>>());
    // Each in both spellings, for the ledger knows a UUID in small letters only.
    let first = &patterns[0].pattern;
    assert!(first.starts_with(&format!("?\"{}\" ?\"{}\" ", ids[0], ids[0].to_uppercase())));
    assert!(patterns.len() <= 6, "{}", patterns.len());

    let (patterns, _) = rounds(&["o-1".to_owned(), "O 2 é".to_owned()]);
    assert_eq!(patterns[0].pattern, r#"?"o-1" ?"O 2 é""#);
}

#[test]
fn what_cannot_stand_in_a_pattern_is_left_out_or_refused() {
    let (patterns, refused) = rounds(&[
        r#"say "hello-world""#.to_owned(),
        "a\\b-longer\n".to_owned(),
        "\"\"".to_owned(),
        "---".to_owned(),
        "x".repeat(2000),
    ]);
    assert_eq!(patterns.len(), 1);
    assert_eq!(patterns[0].pattern, r#"?"hello-world" ?"b-longer""#);
    let why: Vec<&str> = refused.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(why.len(), 3);
    assert!(why[0].ends_with("it has no letter or digit to search for"));
    assert!(why[2].ends_with("it is longer than a filter pattern may be"));
    assert!(why[2].len() < 200, "{}", why[2]);
}

const DAY: i64 = 24 * 3_600_000;

fn listed(name: &str) -> Listed {
    Listed {
        name: name.to_owned(),
        arn: None,
        account: None,
        retention: None,
        class: GroupClass::Standard,
        masked: false,
        stored_bytes: None,
        created: None,
    }
}

fn sieve(region: &str, loaded: &[&str], again: bool) -> Sieve {
    let qa = environment("qa", "http://x", &["us-east-1"], &["/acme/{env}/engine*"]);
    let dev = environment("dev", "http://x", &["us-east-1"], &["/acme/{env}/*"]);
    let loaded: HashSet<String> = loaded.iter().map(ToString::to_string).collect();
    let window = Span::new(Timestamp(10 * DAY), Timestamp(11 * DAY));
    Sieve::new(
        region,
        None,
        &[qa, dev],
        (loaded, again),
        window,
        Timestamp(12 * DAY),
    )
}

fn searched(sieve: &Sieve, group: &Listed) -> Candidate {
    match sieve.fate(group) {
        Fate::Search(candidate) => candidate,
        Fate::Known => panic!("{} is known", group.name),
        Fate::Skip(cause, why) => panic!("{}: {cause:?} {why}", group.name),
    }
}

#[test]
fn familiar_names_come_first_and_belong_to_their_environment() {
    let here = sieve("us-east-1", &[], false);
    let mut all: Vec<Candidate> = [
        "/aws/lambda/other",
        "/acme/qa/settle",
        "/acme/dev/settle",
        "/acme/qa/engine-2",
        "plain-qa",
    ]
    .iter()
    .map(|name| searched(&here, &listed(name)))
    .collect();
    sort(&mut all);
    let shown: Vec<(&str, &str, u8, Standing)> = all
        .iter()
        .map(|c| (c.name.as_str(), &*c.env, c.rank, c.standing))
        .collect();
    assert_eq!(
        shown,
        [
            ("/acme/dev/settle", "dev", 0, Standing::Configured),
            ("/acme/qa/engine-2", "qa", 0, Standing::Configured),
            ("/acme/qa/settle", "qa", 1, Standing::New),
            ("/aws/lambda/other", "qa", 2, Standing::New),
            ("plain-qa", "qa", 2, Standing::New),
        ]
    );
    let there = searched(&sieve("eu-west-1", &[], false), &listed("/acme/qa/engine"));
    assert_eq!((there.rank, there.standing), (0, Standing::New));
}

#[test]
fn what_cannot_hold_a_mention_is_not_asked() {
    let sieve = |loaded| self::sieve("us-east-1", loaded, false);
    let fate = |group: Listed| match sieve(&["/loaded"]).fate(&group) {
        Fate::Search(candidate) => format!("search {:?}", candidate.kept_from),
        Fate::Known => "known".to_owned(),
        Fate::Skip(cause, why) => format!("{}: {why}", cause.word()),
    };
    let with = |change: &dyn Fn(&mut Listed)| {
        let mut group = listed("/x");
        change(&mut group);
        fate(group)
    };
    assert_eq!(fate(listed("/loaded")), "known");
    assert_eq!(with(&|_| {}), "search None");
    assert_eq!(with(&|g| g.class = GroupClass::Standard), "search None");
    assert_eq!(
        with(&|g| g.class = GroupClass::Other("NEW".into())),
        "search None"
    );
    assert_eq!(
        with(&|g| g.class = GroupClass::InfrequentAccess),
        "class: class INFREQUENT_ACCESS"
    );
    assert_eq!(
        with(&|g| g.created = Some(Timestamp(11 * DAY))),
        "search None"
    );
    assert_eq!(
        with(&|g| g.created = Some(Timestamp(11 * DAY + 1))),
        "younger: created after the time that is searched"
    );
    assert_eq!(
        with(&|g| g.retention = Some(1)),
        "search Some(Timestamp(950400000))",
        "the last millisecond is still kept"
    );
    let mut old = listed("/x");
    old.retention = Some(7);
    assert_eq!(fate(old), "search None");
    assert!(!Cause::Younger.leaves_doubt() && Cause::Retention.leaves_doubt());
    let again = self::sieve("us-east-1", &["/loaded"], true);
    assert_eq!(
        searched(&again, &listed("/loaded")).standing,
        Standing::Loaded
    );
}

#[test]
fn every_region_of_the_partition_is_in_reach() {
    assert!(PUBLIC.is_sorted() && OPT_IN.is_sorted());
    let configured = ["eu-west-1".to_owned(), "eu-nowhere-9".to_owned()];
    let all = in_reach(&configured);
    assert_eq!(all[..2], configured);
    assert_eq!(all.len(), PUBLIC.len() + OPT_IN.len() + 1);
    let once: HashSet<&String> = all.iter().collect();
    assert_eq!(once.len(), all.len());
    assert_eq!(
        in_reach(&["us-gov-west-1".to_owned()]),
        ["us-gov-west-1", "us-gov-east-1"],
        "credentials of another partition are good there only"
    );
    assert_eq!(in_reach(&[]).len(), PUBLIC.len() + OPT_IN.len());
}

#[test]
fn a_books_entry_is_merged_by_reason() {
    use lastseen::domain::hunt::{Budget, Target, Unsearched};
    use lastseen::sources::hunt::Tally;
    let tally = Tally::new(
        vec![Target::of_id("o-1")],
        None,
        Budget { calls: 2, bytes: 9 },
    );
    let (env, region): (Arc<str>, Arc<str>) = ("qa".into(), "r".into());
    tally.region(&env, &region);
    tally.expect(&env, &region, vec!["a".into(), "b".into(), "c".into()]);
    for group in ["a", "b"] {
        tally.skip(Unsearched {
            env: Arc::clone(&env),
            region: Arc::clone(&region),
            groups: vec![group.to_owned()],
            cause: Cause::Denied,
            why: "no".to_owned(),
            remedy: String::new(),
        });
    }
    assert_eq!(
        [tally.take_call(), tally.take_call(), tally.take_call()],
        [true, true, false]
    );
    tally.finish();
    let hunt = tally.snapshot();
    let left: Vec<(Cause, &[String])> = hunt
        .unsearched
        .iter()
        .map(|u| (u.cause, u.groups.as_slice()))
        .collect();
    assert_eq!(
        left,
        [
            (Cause::Budget, &["c".to_owned()][..]),
            (Cause::Denied, &["a".to_owned(), "b".to_owned()][..]),
        ]
    );
    assert_eq!((hunt.calls, hunt.total, hunt.done), (2, 3, true));
}

#[test]
fn what_was_searched_is_told_as_it_was() {
    use lastseen::domain::hunt::{Hunt, Unsearched};
    let said = |searched: u64, total: u64, younger: bool| {
        let skipped = younger.then(|| Unsearched {
            env: "qa".into(),
            region: "r".into(),
            groups: vec!["a".to_owned()],
            cause: Cause::Younger,
            why: "began later".to_owned(),
            remedy: String::new(),
        });
        let hunt = Hunt {
            targets: vec![lastseen::domain::hunt::Target::of_id("o-1")].into(),
            unsearched: skipped.into_iter().collect(),
            searched,
            total,
            done: true,
            ..Hunt::default()
        };
        let mut out = Vec::new();
        lastseen::report::hunt::write(&mut out, &hunt, chrono_tz::Tz::UTC, false).unwrap();
        String::from_utf8(out).unwrap()
    };
    let all = "nowhere, and everything in reach was searched";
    let nothing = "nothing was searched: ";
    assert!(said(2, 2, false).contains(all));
    for (text, wanted) in [
        (
            said(1, 2, true),
            "nowhere, and everything that goes back so far was searched",
        ),
        (
            said(0, 1, true),
            "what is in reach began after the time in question",
        ),
        (
            said(0, 0, false),
            "there is nothing in reach that was not read",
        ),
    ] {
        assert!(text.contains(wanted) && !text.contains(all), "{text}");
    }
    assert!(said(0, 1, true).contains(nothing) && said(0, 0, false).contains(nothing));
}
