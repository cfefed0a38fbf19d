//! Buckets over time: the same whatever the order, and exact in sum.

use lastseen::domain::buckets::Buckets;
use lastseen::domain::time::Timestamp;
use proptest::prelude::*;

fn of(times: &[i64], most: u16) -> Buckets<u64> {
    let mut buckets = Buckets::new(most);
    for time in times {
        *buckets.at(Timestamp(*time)) += 1;
    }
    buckets
}

/// Times near each other, far apart, before 1970, and beyond everything.
fn times() -> impl Strategy<Value = Vec<i64>> {
    let near = super::TWO..super::TWO + 7_200_000;
    let time = prop_oneof![8 => near, 1 => any::<i64>(), 1 => 0..(1_i64 << 42)];
    prop::collection::vec(time, 0..300)
}

proptest! {
    #[test]
    fn neither_order_nor_grouping_matters(
        times in times(),
        most in 1_u16..70,
        more in 0_u16..70,
        cut in any::<prop::sample::Index>(),
        seed in any::<u64>(),
    ) {
        let whole = of(&times, most);
        prop_assert_eq!(whole.iter().map(|(_, n)| *n).sum::<u64>(), times.len() as u64);
        prop_assert!(whole.len() <= usize::from(most));
        let mut shuffled = times.clone();
        shuffled.sort_by_key(|time| (*time as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        prop_assert_eq!(&of(&shuffled, most), &whole);
        // Parts that may be finer come to the same.
        let (a, b) = times.split_at(cut.index(times.len() + 1));
        let mut merged = Buckets::new(most);
        merged.merge(&of(b, most + more));
        merged.merge(&of(a, most + more));
        prop_assert_eq!(&merged, &whole);
    }

    #[test]
    fn every_time_is_found_in_its_bucket(times in times(), most in 1_u16..70) {
        let buckets = of(&times, most);
        let starts: Vec<i64> = buckets.iter().map(|(start, _)| start.0).collect();
        prop_assert!(starts.is_sorted());
        for time in times {
            prop_assert!(buckets.get(Timestamp(time)).is_some_and(|n| *n > 0));
            let inside = time.clamp(0, 1 << 48);
            let start = inside - inside % buckets.width_ms();
            prop_assert!(starts.contains(&start));
        }
    }
}

#[test]
fn a_wrong_date_does_not_cost_the_resolution() {
    let mut times: Vec<i64> = (0..100).map(|s| super::TWO + s * 1_000).collect();
    times.extend([0, 32_503_680_000_000]);
    let buckets = of(&times, 512);
    assert_eq!(buckets.width_ms(), 1_000);
    assert_eq!(buckets.len(), 102);
}

#[test]
fn the_width_doubles_as_often_as_needed() {
    let times: Vec<i64> = (0..1_000).map(|s| super::TWO + s * 1_000).collect();
    let buckets = of(&times, 512);
    assert_eq!(buckets.width_ms(), 2_000);
    assert!(
        buckets
            .iter()
            .all(|(start, n)| start.0 % 2_000 == 0 && *n == 2)
    );
}
