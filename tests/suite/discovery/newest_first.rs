//! Logs as queries give them, the newest line first.

use std::fs;

use lastseen::domain::verdict::Verdict;

use super::learning::{judge, learn};
use super::systems::{clock, mixed, salted};
use crate::support::alone::folder;

#[test]
fn of_whole_seconds_the_line_below_was_written_before() {
    let (mut lines, mut failed) = (Vec::new(), 0);
    for n in 0..600i64 {
        let id = format!("{:016x}", mixed(n as u64));
        let wrong = n % 30 == 9;
        failed += usize::from(wrong);
        let steps: &[&str] = if wrong {
            &["order received", "order forwarded", "ERROR charge failed"]
        } else {
            &[
                "order received",
                "order forwarded",
                "creating shipment",
                "shipment created",
            ]
        };
        let mut at = 3_600_000 + n * 8000;
        for (place, text) in steps.iter().enumerate() {
            lines.push((
                at,
                place,
                format!("2026-03-14T{}Z {text} id={id}", &clock(at)[..8]),
            ));
            // Some within one second.
            at += (salted(n + at, 5) % 900) as i64;
        }
    }
    lines.sort();
    let newest_first: Vec<String> = lines.into_iter().rev().map(|(_, _, line)| line).collect();
    let folder = folder("learnt-newest-first");
    fs::write(folder.join("query.txt"), newest_first.join("\n")).unwrap();
    let (_, config) = learn(&folder, "query.txt");
    let said = judge(&folder, &config, &["query.txt"]);
    assert_eq!(said.count(Verdict::Lost), 0, "{config}");
    assert_eq!(said.count(Verdict::Failed), failed, "{config}");
}
