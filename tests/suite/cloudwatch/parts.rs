//! The pure parts: pieces of time, the chain of pages, lag, globs, and the classes of failure.

use std::time::Duration;

use lastseen::domain::time::{Span, Timestamp};
use lastseen::sources::cloudwatch::fault::{Class, Failure, classify, plain};
use lastseen::sources::cloudwatch::groups::{Wanted, nearest, prefixes};
use lastseen::sources::cloudwatch::lag::Lags;
use lastseen::sources::cloudwatch::settings::Settings;
use lastseen::sources::cloudwatch::walk::{Step, Walk};
use lastseen::sources::cloudwatch::windows::{clip, pieces, without};
use proptest::prelude::*;

fn span(from: i64, to: i64) -> Span {
    Span::new(Timestamp(from), Timestamp(to))
}

proptest! {
    #[test]
    fn pieces_are_exactly_the_whole(
        from in -1_000_000_i64..1_000_000_000,
        length in 0_i64..1_000_000_000,
        newest in 1_u64..10_000_000,
    ) {
        let whole = span(from, from + length);
        let pieces = pieces(whole, Duration::from_millis(newest));
        prop_assert_eq!(pieces[0].to, whole.to);
        prop_assert_eq!(pieces[pieces.len() - 1].from, whole.from);
        for pair in pieces.windows(2) {
            prop_assert_eq!(pair[1].to.plus(1), pair[0].from);
        }
        prop_assert!(pieces.iter().all(|piece| piece.from <= piece.to));
        prop_assert!(pieces.len() <= 31);
    }

    #[test]
    fn what_is_left_is_what_nobody_took(
        whole in (0_i64..50, 0_i64..50),
        taken in prop::collection::vec((-10_i64..60, -10_i64..60), 0..6),
    ) {
        let whole = span(whole.0, whole.1);
        let taken: Vec<Span> = taken.into_iter().map(|(a, b)| span(a, b)).collect();
        let left = without(whole, &taken);
        for time in (-20..70).map(Timestamp) {
            let free = whole.contains(time) && !taken.iter().any(|t| t.contains(time));
            prop_assert_eq!(left.iter().filter(|l| l.contains(time)).count(), usize::from(free));
        }
        prop_assert!(left.windows(2).all(|pair| pair[0].from > pair[1].to), "newest first");
    }
}

#[test]
fn a_day_is_seven_pieces_of_which_the_newest_is_short() {
    let minutes = |n: i64| n * 60_000;
    let pieces = pieces(span(0, minutes(1460) - 1), Duration::from_mins(15));
    let lengths: Vec<i64> = pieces
        .iter()
        .map(|p| (p.to.since(p.from) + 1) / minutes(1))
        .collect();
    assert_eq!(lengths, [15, 30, 60, 120, 240, 480, 515]);
}

#[test]
fn clipping_outside_leaves_nothing() {
    assert_eq!(
        clip(span(10, 20), Timestamp(15), Timestamp(99)),
        Some(span(15, 20))
    );
    assert_eq!(
        clip(span(10, 20), Timestamp(20), Timestamp(20)),
        Some(span(20, 20))
    );
    assert_eq!(clip(span(10, 20), Timestamp(21), Timestamp(99)), None);
    assert_eq!(clip(span(10, 20), Timestamp::MIN, Timestamp(9)), None);
}

/// Admits events and ends the page.
fn page(walk: &mut Walk, events: &[(&str, i64)], next: Option<&str>) -> (Vec<bool>, Step) {
    let admit = |(id, time): &(&str, i64)| walk.admit(Some(id), Timestamp(*time));
    let new = events.iter().map(admit).collect();
    (new, walk.turn(next.map(str::to_owned)))
}

#[test]
fn only_a_missing_token_ends_a_chain() {
    let mut walk = Walk::new(span(0, 100));
    assert_eq!(walk.token(), None);
    for number in 0..50 {
        let token = format!("t{number}");
        assert_eq!(page(&mut walk, &[], Some(&token)).1, Step::More);
        assert_eq!(walk.token(), Some(&*token));
    }
    assert_eq!(page(&mut walk, &[("a", 5)], None), (vec![true], Step::Done));
}

#[test]
fn an_expired_token_begins_again_at_the_newest_event_and_drops_repeats() {
    let mut walk = Walk::new(span(0, 100));
    assert_eq!(
        page(&mut walk, &[("a", 5), ("b", 7), ("c", 7)], Some("t1")).1,
        Step::More
    );
    assert_eq!(walk.expired(), Step::More);
    assert_eq!((walk.span(), walk.token()), (span(7, 100), None));
    // A third event of the same millisecond was behind the page that was lost.
    let (new, step) = page(&mut walk, &[("b", 7), ("c", 7), ("d", 7), ("e", 9)], None);
    assert_eq!(new, [false, false, true, true]);
    assert_eq!(step, Step::Done);
}

#[test]
fn a_token_that_comes_again_begins_a_new_chain_as_long_as_that_helps() {
    let mut walk = Walk::new(span(0, 100));
    page(&mut walk, &[("a", 5)], Some("t1"));
    assert_eq!(page(&mut walk, &[("b", 6)], Some("t1")).1, Step::More);
    assert_eq!((walk.span(), walk.token()), (span(6, 100), None));
    page(&mut walk, &[("b", 6), ("c", 8)], Some("t2"));
    assert_eq!(page(&mut walk, &[("d", 9)], Some("t2")).1, Step::More);
    assert_eq!((walk.span(), walk.token()), (span(9, 100), None));
    for number in 3..6 {
        let token = format!("t{number}");
        page(&mut walk, &[], Some(&token));
        assert_eq!(page(&mut walk, &[], Some(&token)).1, Step::More);
    }
    page(&mut walk, &[], Some("t6"));
    assert!(matches!(
        page(&mut walk, &[], Some("t6")).1,
        Step::Broken(_)
    ));
    assert_eq!(
        walk.certain(),
        Some(span(0, 8)),
        "what lies before the newest event was read"
    );
}

#[test]
fn pages_out_of_order_prove_nothing() {
    let mut walk = Walk::new(span(0, 100));
    page(&mut walk, &[("a", 50), ("b", 20)], Some("t1"));
    assert_eq!(walk.certain(), None);
    walk.expired();
    assert_eq!(walk.span(), span(0, 100));
}

#[test]
fn a_server_that_never_moves_on_is_given_up() {
    let mut walk = Walk::new(span(0, 100));
    let broken = (0..100).position(|number| {
        let step = page(&mut walk, &[("a", 5)], Some(&format!("t{number}"))).1;
        matches!(step, Step::Broken(_))
    });
    assert_eq!(broken, Some(5));
    let mut walk = Walk::new(span(0, 100));
    assert_eq!(
        [Step::More; 3],
        [walk.expired(), walk.expired(), walk.expired()]
    );
    assert!(matches!(walk.expired(), Step::Broken(_)));
}

#[test]
fn events_without_an_id_are_never_repeats() {
    let mut walk = Walk::new(span(0, 100));
    assert!(walk.admit(None, Timestamp(1)));
    assert!(walk.admit(None, Timestamp(1)));
}

#[test]
fn lag_is_the_highest_of_a_thousand_within_bounds() {
    let lag = |lags: &[(i64, usize)]| {
        let mut measured = Lags::default();
        for (ms, count) in lags {
            (0..*count).for_each(|_| measured.add(*ms));
        }
        measured.settle_ms()
    };
    assert_eq!(lag(&[]), 60_000, "nothing measured");
    assert_eq!(lag(&[(300, 5)]), 60_000, "too little measured");
    assert_eq!(lag(&[(90_000, 5)]), 90_000, "but enough to know better");
    assert_eq!(lag(&[(300, 2000)]), 5_000, "the least");
    assert_eq!(
        lag(&[(300, 997), (20_400, 3)]),
        21_000,
        "whole seconds, upwards"
    );
    assert_eq!(
        lag(&[(300, 9999), (20_400, 1)]),
        5_000,
        "one in ten thousand is not waited for"
    );
    assert_eq!(lag(&[(i64::MAX, 2000)]), Lags::LONGEST_MS, "a backfill");
    assert_eq!(lag(&[(-5_000, 2000)]), 5_000, "clocks that run ahead");
}

#[test]
fn a_glob_means_groups_of_its_own_environment_and_region() {
    let wanted = Wanted::new("/acme/{env}/engine*", "qa", "eu-central-1").unwrap();
    assert_eq!(wanted.pattern, "/acme/qa/engine*");
    assert_eq!(wanted.prefix(), "/acme/qa/engine");
    assert!(wanted.matches("/acme/qa/engine-2"));
    assert!(!wanted.matches("/acme/prod/engine"));
    let regional = Wanted::new("svc-{region}-?", "qa", "eu-central-1").unwrap();
    assert!(regional.matches("svc-eu-central-1-b"));
    assert_eq!(regional.prefix(), "svc-eu-central-1-");
    assert!(Wanted::new("/acme/[", "qa", "r").is_err());
    let odd = Wanted::new("/{env}/*", "q*", "r").unwrap();
    assert!(odd.matches("/q*/engine") && !odd.matches("/qa/engine"));
    assert_eq!(odd.prefix(), "/q");
    assert!(
        Wanted::new("/acme/[x]", "qa", "r")
            .unwrap()
            .matches("/acme/[x]")
    );
}

#[test]
fn a_prefix_is_listed_once() {
    let wanted: Vec<Wanted> = ["/a/b*", "/a/*", "/c", "/a/b/c", "/c"]
        .map(|glob| Wanted::new(glob, "", "").unwrap())
        .into();
    assert_eq!(prefixes(&wanted), ["/a/", "/c"]);
}

#[test]
fn the_nearest_name_is_found_if_there_is_one() {
    let names = ["/acme/qa/engine", "/acme/qa/intake", "/aws/lambda/x"];
    assert_eq!(nearest("/acme/qa/engin*", names), Some("/acme/qa/engine"));
    assert_eq!(nearest("/acme/qa/intkae", names), Some("/acme/qa/intake"));
    assert_eq!(nearest("zzzzzz", names), None);
}

#[test]
fn every_failure_has_its_class() {
    let ia = "The log group X is of log-group-class INFREQUENT_ACCESS. FilterLogEvents is not supported for this log class.";
    let cases = [
        (
            400,
            "ThrottlingException",
            "Rate exceeded",
            Class::Throttled,
        ),
        (429, "", "", Class::Throttled),
        (
            400,
            "AccessDeniedException",
            "User: x is not authorized",
            Class::Denied,
        ),
        (403, "", "", Class::Denied),
        (
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            Class::CredentialsExpired,
        ),
        (403, "ExpiredToken", "", Class::CredentialsExpired),
        (
            400,
            "UnrecognizedClientException",
            "",
            Class::CredentialsUnknown,
        ),
        (400, "OptInRequired", "", Class::RegionDisabled),
        (403, "SignatureDoesNotMatch", "", Class::CredentialsRejected),
        (400, "ResourceNotFoundException", "", Class::NotFound),
        (
            400,
            "InvalidOperationException",
            ia,
            Class::InfrequentAccess,
        ),
        (
            400,
            "InvalidOperationException",
            "something else",
            Class::Other,
        ),
        (
            400,
            "InvalidParameterException",
            "The specified nextToken is invalid.",
            Class::TokenExpired,
        ),
        (
            400,
            "InvalidParameterException",
            "1 validation error",
            Class::Other,
        ),
        (500, "InternalFailure", "", Class::Transient),
        (503, "ServiceUnavailableException", "", Class::Transient),
        (502, "", "<html>", Class::Transient),
        (400, "SomethingNew", "", Class::Other),
    ];
    for (status, code, message, class) in cases {
        let code = (!code.is_empty()).then_some(code);
        assert_eq!(
            classify(status, code, message),
            class,
            "{status} {code:?} {message}"
        );
    }
}

#[test]
fn a_refused_signature_may_mean_the_clock() {
    let late = "Signature expired: 20261122T010000Z is now earlier than 20261122T015500Z (20261122T020000Z - 5 min.)";
    let early = "Signature not yet current: 20261122T030000Z is still later than 20261122T020500Z";
    let class = |code, message| classify(403, Some(code), message);
    for message in [late, early] {
        assert_eq!(class("SignatureDoesNotMatch", message), Class::ClockWrong);
        assert_eq!(
            class("InvalidSignatureException", message),
            Class::ClockWrong
        );
    }
    assert_eq!(class("RequestExpired", ""), Class::ClockWrong);
    assert_eq!(
        class("InvalidSignatureException", "wrong"),
        Class::CredentialsRejected
    );
}

#[test]
fn what_a_service_says_is_shown_harmlessly_or_not_at_all() {
    assert_eq!(plain("a\u{1b}[31mb\nc\u{202e}d"), "a [31mb c d");
    assert!(plain(&"x".repeat(5000)).chars().count() <= 301);
    let quoted = "The Canonical String ... x-amz-security-token:TOKEN";
    assert_eq!(Failure::new(Class::CredentialsRejected, quoted).text, "");
}

#[test]
fn waits_grow_to_their_limit() {
    let settings = Settings::default();
    for attempt in 1..40 {
        let wait = settings.wait(attempt);
        assert!(wait >= settings.backoff / 2 && wait <= settings.longest_backoff);
    }
    assert!(settings.wait(30) >= settings.longest_backoff / 2);
}
