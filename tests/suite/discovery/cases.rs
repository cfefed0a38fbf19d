//! Logs for process mining: a case, what is done in it, by whom and when.

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, salted};

const HOUR: i64 = 3_600_000;
const CASES: i64 = 400;
const CLERKS: [&str; 16] = [
    "Ada", "Ben", "Carla", "Dirk", "Eva", "Frank", "Gina", "Hugo", "Ines", "Jan", "Kim", "Lars",
    "Mia", "Nils", "Olga", "Paul",
];
const STEPS: [&str; 6] = [
    "Create Order",
    "Check Credit",
    "Confirm Order",
    "Pick Items",
    "Ship Order",
    "Send Invoice",
];

fn time(at: i64) -> String {
    let day = 1 + at / (24 * HOUR);
    format!("2026-03-{day:02} {}", &clock(at % (24 * HOUR))[..8])
}

fn clerk(n: i64, step: usize) -> &'static str {
    CLERKS[salted(n, step as u64 + 20) as usize % CLERKS.len()]
}

/// When a case begins: the last ones are seen to the end.
const fn begin(n: i64) -> i64 {
    HOUR + n * HOUR
}

/// How long a step takes.
fn takes(n: i64, step: usize) -> i64 {
    60_000 + (salted(n, step as u64) % 3_000_000) as i64
}

/// After how many rows a case of so many vanishes, if it does.
const fn vanishes(n: i64, rows: usize) -> Option<usize> {
    if n % 37 == 5 && n < CASES - 60 {
        Some(1 + (n / 37) as usize * 3 % (rows - 1))
    } else {
        None
    }
}

/// A table with a row for each step, or one for its start and one for its end. `row` writes one of a case.
fn table(
    header: &str,
    case: &dyn Fn(i64) -> String,
    row: &dyn Fn(&str, &str, &str, i64, &str) -> String,
    transitions: &[&str],
) -> System {
    let mut log = System::default();
    log.say("log.csv", 0, header.to_owned());
    for n in 0..CASES {
        let (name, mut at) = (case(n), begin(n));
        let rows = STEPS.len() * transitions.len();
        let last = vanishes(n, rows);
        for number in 0..last.unwrap_or(rows) {
            let step = number / transitions.len();
            let said = transitions[number % transitions.len()];
            let line = row(&name, STEPS[step], said, at, clerk(n, step));
            log.say("log.csv", at, line);
            at += takes(n, number);
        }
        if last.is_some() {
            log.lost.insert(name);
        }
    }
    log
}

#[test]
fn who_takes_a_step_is_no_step() {
    let row = |case: &str, step: &str, _: &str, at: i64, clerk: &str| {
        format!("{case},{step},{},{clerk}", time(at))
    };
    let order = |n: i64| format!("45{:06}", 100_000 + n);
    let log = table("order_no,activity,timestamp,resource", &order, &row, &[""]);
    let (config, _) = log.prove("cases-clerks");
    assert!(!config.contains("equals = \"Ada\""), "{config}");
}

#[test]
fn the_start_and_the_end_of_a_step_are_one_step_of_a_case_with_any_name() {
    let header = "case:concept:name,concept:name,lifecycle:transition,time:timestamp,org:resource";
    let row = |case: &str, step: &str, said: &str, at: i64, clerk: &str| {
        format!("{case},{step},{said},{},{clerk}", time(at))
    };
    let named: [(&str, &dyn Fn(i64) -> String); 2] = [
        ("numbers", &|n| (173_688 + n * 3).to_string()),
        ("blanks", &|n| format!("Case {}", 1 + n)),
    ];
    for (name, case) in named {
        let log = table(header, case, &row, &["start", "complete"]);
        // Among them one that vanishes after the start of its last step.
        assert!((0..CASES).any(|n| vanishes(n, 12) == Some(11)));
        let (config, _) = log.prove(&format!("cases-{name}"));
        assert!(config.contains("[pipeline.cases]"), "{config}");
        assert!(config.contains("[\"case:concept:name\"]"), "{config}");
    }
}

#[test]
fn a_case_of_the_whole_time_is_a_case_where_its_column_says_so() {
    let mut log = System::default();
    log.say("papers.csv", 0, "Case ID,Activity,Date".to_owned());
    for n in 0..100i64 {
        let case = (1 + n).to_string();
        let mut at = HOUR + n * 60_000;
        let mut say = |step: &str| {
            log.say("papers.csv", at, format!("{case},{step},{}", time(at)));
            at += 10 * HOUR + takes(n, 1);
        };
        say("invite reviewers");
        for _ in 0..20 {
            say("get review");
            say("decide");
        }
        say("tell the author");
    }
    let (config, said) = log.prove("cases-long");
    assert_eq!(said.count(Verdict::Completed), 100, "{config}");
    assert!(config.contains("id = [\"Case ID\"]"), "{config}");
}

#[test]
fn what_is_done_side_by_side_is_no_disorder() {
    let mut log = System::default();
    for n in 0..CASES {
        let (case, start) = (format!("EMP-{}", 5000 + n), begin(n) / 4);
        let mut say = |at: i64, task: &str| {
            let time = time(at).replace(' ', "T");
            let line = format!("time={time}Z level=info instance={case} task=\"{task}\"");
            log.say("staff.log", at, line);
        };
        say(start, "contract signed");
        if let Some(1) = vanishes(n, 3) {
            log.lost.insert(case);
            continue;
        }
        let tasks = ["create account", "order laptop", "assign desk"];
        let mut done = start;
        for (step, task) in tasks.iter().enumerate() {
            let at = start + takes(n, step);
            say(at, task);
            done = done.max(at);
        }
        if vanishes(n, 3).is_some() {
            log.lost.insert(case);
            continue;
        }
        say(done + takes(n, 4), "welcome meeting");
    }
    log.prove("cases-parallel");
}

#[test]
fn a_ticket_that_is_taken_up_again_after_days_is_one_ticket() {
    let mut log = System::default();
    log.say("tickets.csv", 0, "ticket,status,changed".to_owned());
    for n in 0..CASES {
        let ticket = format!("INC{}", 10_000 + n);
        let mut at = begin(n);
        let mut say = |status: &str, took: i64| {
            log.say("tickets.csv", at, format!("{ticket},{status},{}", time(at)));
            at += took;
        };
        say("opened", takes(n, 0));
        if n % 20 == 3 {
            say("opened", 40 * HOUR + takes(n, 1));
            say("opened", takes(n, 2));
        }
        if vanishes(n, 2).is_some() {
            log.lost.insert(ticket);
            continue;
        }
        say("assigned", takes(n, 3));
        say("solved", takes(n, 4));
    }
    let (config, _) = log.prove("cases-again");
    assert!(config.contains("# not used again"), "{config}");
}

#[test]
fn who_is_refused_in_the_middle_of_a_step_is_not_lost_when_the_step_ends() {
    let mut log = System::default();
    let header = "case,activity,transition,timestamp,resource";
    log.say("log.csv", 0, header.to_owned());
    for n in 0..CASES {
        let (case, mut at) = ((173_688 + n * 3).to_string(), begin(n));
        let mut say = |step: &str, said: &str, number: usize| {
            let line = format!("{case},{step},{said},{},{}", time(at), clerk(n, number));
            log.say("log.csv", at, line);
            at += takes(n, number);
        };
        say("Submitted", "complete", 0);
        say("Check of the papers", "start", 1);
        if n % 4 == 1 {
            say("Declined", "complete", 2);
            say("Check of the papers", "complete", 3);
            continue;
        }
        say("Check of the papers", "complete", 3);
        if vanishes(n, 3).is_some() {
            log.lost.insert(case);
            continue;
        }
        say("Offer", "start", 4);
        say("Offer", "complete", 5);
        say("Signed", "complete", 6);
    }
    log.prove("cases-refused");
}

#[test]
fn documents_that_name_the_one_before_are_one_message() {
    let mut log = System::default();
    for (file, header) in [
        ("1-orders.csv", "EBELN,LIFNR,TIME"),
        ("2-receipts.csv", "MBLNR,EBELN,MENGE,TIME"),
        ("3-invoices.csv", "BELNR,EBELN,MBLNR,WRBTR,TIME"),
        ("4-payments.csv", "AUGBL,BELNR,AMOUNT,TIME"),
    ] {
        log.say(file, 0, header.to_owned());
    }
    for n in 0..CASES {
        let odd = |salt: u64| (salted(n, salt) % 2) as i64;
        let (order, receipt) = (4_500_010_000 + n, 5_000_020_000 + n * 2 + odd(1));
        let (invoice, paid) = (
            5_105_600_000 + n * 3 + odd(2),
            1_500_000_000 + n * 2 + odd(3),
        );
        let (mut at, last) = (begin(n), vanishes(n, 4).unwrap_or(4));
        let rows = [
            ("1-orders.csv", format!("{order},{}", 100_000 + n % 40)),
            (
                "2-receipts.csv",
                format!("{receipt},{order},{}", 1 + n % 90),
            ),
            (
                "3-invoices.csv",
                format!("{invoice},{order},{receipt},{n}.00"),
            ),
            ("4-payments.csv", format!("{paid},{invoice},{n}.00")),
        ];
        for (step, (file, row)) in rows.into_iter().take(last).enumerate() {
            log.say(file, at, format!("{row},{}", time(at)));
            at += takes(n, step);
        }
        if last < 4 {
            log.lost.insert(order.to_string());
        }
    }
    let (config, _) = log.prove("cases-documents");
    assert!(config.contains("\"BELNR\""), "{config}");
}
