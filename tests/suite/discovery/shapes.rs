//! Shapes of real logs: mail servers with and without a filter, blocks of a file system, services with
//! health checks beside their work.

use lastseen::domain::verdict::Verdict;

use super::systems::{System, clock, mixed, salted};

/// A time of day as syslog has it.
fn syslog(at: i64) -> String {
    let s = at / 1000;
    format!("Mar 14 {:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

/// A line of a mail server.
fn mail(log: &mut System, at: i64, program: &str, text: &str) {
    let line = format!(
        "{} mx1 postfix/{program}[{}]: {text}",
        syslog(at),
        2000 + at % 977
    );
    log.say("mail.log", at, line);
}

fn queue_id(n: i64, salt: u64) -> String {
    format!("{:010X}", salted(n, salt) & 0xff_ffff_ffff)
}

/// Takes a message into the queue, as a client or the machine itself gives it.
fn taken(log: &mut System, at: i64, id: &str, n: i64) {
    if n % 5 == 0 {
        mail(log, at, "pickup", &format!("{id}: uid=0 from=<root>"));
    } else {
        let ip = format!("10.1.{}.{}", n % 200, n % 250);
        mail(
            log,
            at,
            "smtpd",
            &format!("connect from h{}.net[{ip}]", n % 50),
        );
        mail(
            log,
            at,
            "smtpd",
            &format!("{id}: client=h{}.net[{ip}]", n % 50),
        );
    }
    let mid = format!("{:x}@mx1", mixed(n as u64));
    mail(
        log,
        at + 40,
        "cleanup",
        &format!("{id}: message-id=<{mid}>"),
    );
    queued(log, at + 80, id, n);
}

fn queued(log: &mut System, at: i64, id: &str, n: i64) {
    let text = format!(
        "{id}: from=<u{}@example.com>, size={}, nrcpt=1 (queue active)",
        n % 180,
        900 + n * 7 % 5000
    );
    mail(log, at, "qmgr", &text);
}

fn delivered(log: &mut System, at: i64, program: &str, id: &str, n: i64, status: &str) {
    let to = ["anna", "bob", "carla", "dan"][(n % 4) as usize];
    let text = format!(
        "{id}: to=<{to}@dest.org>, relay=mx.dest.org[192.0.2.1]:25, delay=1.1, dsn=2.0.0, status={status}"
    );
    mail(log, at, program, &text);
}

/// A server that delivers here or there, and gives notice of what bounces.
#[test]
fn a_mail_server_that_gives_notice_of_what_bounces_is_learnt() {
    let mut log = System::default();
    for n in 0..900 {
        let (at, id) = (3_600_000 + n * 3000, queue_id(n, 3));
        taken(&mut log, at, &id, n);
        if n % 90 == 17 {
            log.lost.insert(id);
            continue;
        }
        if n % 30 == 4 {
            let status = "bounced (host mx.dest.org[192.0.2.1] said: 550 5.1.1 User unknown)";
            delivered(&mut log, at + 900, "smtp", &id, n, status);
            let notice = queue_id(n, 4);
            mail(
                &mut log,
                at + 950,
                "cleanup",
                &format!("{notice}: message-id=<{n}n@mx1>"),
            );
            let text = format!("{id}: sender non-delivery notification: {notice}");
            mail(&mut log, at + 960, "bounce", &text);
            queued(&mut log, at + 970, &notice, n);
            delivered(
                &mut log,
                at + 990,
                "local",
                &notice,
                n,
                "sent (delivered to mailbox)",
            );
            mail(&mut log, at + 995, "qmgr", &format!("{notice}: removed"));
        } else if n % 5 < 2 {
            delivered(
                &mut log,
                at + 300,
                "local",
                &id,
                n,
                "sent (delivered to mailbox)",
            );
        } else {
            let status = format!("sent (250 2.0.0 Ok: queued as {})", queue_id(n, 5));
            delivered(&mut log, at + 1200, "smtp", &id, n, &status);
        }
        mail(&mut log, at + 1300, "qmgr", &format!("{id}: removed"));
    }
    quiet(&mut log);
    log.prove("mail-with-notices");
}

/// A server that gives up on what nobody takes, and tidies up after good and bad alike.
#[test]
fn what_expires_in_the_queue_of_a_mail_server_failed() {
    let (mut log, mut expired, mut bounced) = (System::default(), 0, 0);
    for n in 0..800 {
        let (at, id) = (3_600_000 + n * 4000, queue_id(n, 8));
        taken(&mut log, at, &id, n);
        let removed = if n % 100 == 31 {
            log.lost.insert(id);
            continue;
        } else if n % 50 == 11 {
            bounced += 1;
            let status = "bounced (host mx.dest.org[192.0.2.1] said: 550 5.1.1 User unknown)";
            delivered(&mut log, at + 900, "smtp", &id, n, status);
            at + 900
        } else if n % 200 == 7 {
            expired += 1;
            let status = "deferred (connect to mx.dest.org[192.0.2.1]:25: Connection timed out)";
            delivered(&mut log, at + 900, "smtp", &id, n, status);
            let text = format!("{id}: from=<u{n}@example.com>, status=expired, returned to sender");
            mail(&mut log, at + 900, "qmgr", &text);
            at + 900
        } else {
            // What others answer has many wordings; what the server makes of it has one.
            let words = [
                "Thanks",
                "ok dirdel",
                "Message accepted",
                "2.6.0 Queued mail",
            ];
            let status = format!(
                "sent (250 {} {:x})",
                words[(salted(n, 9) % 4) as usize],
                n * 977
            );
            delivered(
                &mut log,
                at + 1200,
                ["smtp", "lmtp"][usize::from(n % 3 == 0)],
                &id,
                n,
                &status,
            );
            at + 1200
        };
        mail(&mut log, removed, "qmgr", &format!("{id}: removed"));
    }
    quiet(&mut log);
    let (config, said) = log.prove("mail-that-expires");
    assert_eq!(said.count(Verdict::Failed), expired + bounced, "{config}");
    assert!(config.contains(r"status=sent\b"), "{config}");
}

/// A stage that most messages come to from where nobody logs: those that are seen to be sent there are
/// missed if they do not come.
#[test]
fn who_is_sent_to_where_most_begin_is_missed_there() {
    let mut log = System::default();
    for n in 0..1000 {
        let (at, id) = (3_600_000 + n * 2000, queue_id(n, 10));
        let mut say = |ms: i64, file: &'static str, text: &str| {
            let line = format!("{} h1 {text} job={id}", syslog(at + ms));
            log.say(file, at + ms, line);
        };
        if n % 10 < 3 {
            say(0, "gateway.log", "accepted");
        }
        if n % 70 == 0 {
            log.lost.insert(id);
            continue;
        }
        say(700, "processor.log", "processing");
        say(1900, "ledger.log", "booked");
    }
    log.prove("where-most-begin");
}

/// A process that says twenty things of everything it does: few of them are stages, and what is lost
/// between two others is still seen.
#[test]
fn a_flow_of_many_steps_is_told_in_few() {
    const STEPS: [&str; 20] = [
        "claiming memory",
        "memory granted",
        "claiming disk",
        "disk granted",
        "claim settled",
        "image requested",
        "image found",
        "image copied",
        "network asked for",
        "port bound",
        "address given",
        "domain defined",
        "domain started",
        "lifecycle event seen",
        "console opened",
        "agent reached",
        "keys injected",
        "metadata served",
        "health confirmed",
        "instance spawned",
    ];
    let mut log = System::default();
    for n in 0..300 {
        let (start, id) = (3_600_000 + n * 5000, format!("{:016x}", mixed(n as u64)));
        let last = if n % 60 == 7 {
            3 + n as usize / 30
        } else {
            STEPS.len()
        };
        for (at, step) in STEPS.iter().take(last).enumerate() {
            let at = start + at as i64 * 40 + if at > 8 { 900 } else { 0 };
            let time = clock(at);
            log.say(
                "compute.log",
                at,
                format!("2026-03-14T{time}Z INFO [instance: {id}] {step}"),
            );
        }
        if last < STEPS.len() {
            log.lost.insert(id);
        }
    }
    let (config, _) = log.prove("many-steps");
    let stages = config.matches("[[pipeline.").count();
    assert!((5..=12).contains(&stages), "{stages}: {config}");
}

/// A server whose filter gives every message back under a new name.
#[test]
fn the_name_that_a_filter_gives_a_message_is_its_new_name() {
    let (mut log, mut bounced) = (System::default(), 0);
    for n in 0..700 {
        let (at, id, again) = (3_600_000 + n * 4000, queue_id(n, 6), queue_id(n, 7));
        taken(&mut log, at, &id, n | 1);
        mail(
            &mut log,
            at + 400,
            "smtpd",
            &format!("{again}: client=localhost[127.0.0.1]"),
        );
        let mid = format!("{:x}@mx1", mixed(n as u64));
        mail(
            &mut log,
            at + 440,
            "cleanup",
            &format!("{again}: message-id=<{mid}>"),
        );
        queued(&mut log, at + 480, &again, n);
        let status =
            format!("sent (250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): queued as {again})");
        delivered(&mut log, at + 500, "smtp", &id, n, &status);
        mail(&mut log, at + 520, "qmgr", &format!("{id}: removed"));
        if n % 70 == 31 {
            log.lost.insert(id);
            continue;
        }
        if n % 40 == 9 {
            bounced += 1;
            let status = "bounced (host mx[192.0.2.1] said: 550 5.1.1 User unknown)";
            delivered(&mut log, at + 1900, "smtp", &again, n, status);
        } else {
            delivered(
                &mut log,
                at + 900,
                "lmtp",
                &again,
                n,
                "sent (250 2.0.0 Saved)",
            );
        }
        mail(&mut log, at + 2000, "qmgr", &format!("{again}: removed"));
    }
    quiet(&mut log);
    let (config, said) = log.prove("mail-with-a-filter");
    assert_eq!(said.count(Verdict::Failed), bounced, "{config}");
}

/// What a server says when nothing comes in.
fn quiet(log: &mut System) {
    for n in 0..150 {
        let at = 3_600_000 + 4_000_000 + n * 20_000;
        mail(
            log,
            at,
            "anvil",
            &format!("statistics: max cache size {n} at Mar 14"),
        );
    }
}

/// A health check is a message of one line, and a caller says afterwards what failed further on.
#[test]
fn health_checks_and_declined_cards_are_no_losses() {
    let (mut log, mut declined) = (System::default(), 0);
    for n in 0..900 {
        let (at, trace) = (3_600_000 + n * 2000, format!("{:016x}", mixed(n as u64)));
        let mut say = |ms: i64, service: &'static str, level: &str, message: &str| {
            let file = match service {
                "gateway" => "gateway.jsonl",
                "orders" => "orders.jsonl",
                "payment" => "payment.jsonl",
                _ => "shipping.jsonl",
            };
            let time = super::systems::clock(at + ms);
            let line = format!(
                r#"{{"@timestamp":"2026-03-14T{time}Z","level":"{level}","service":"{service}","trace_id":"{trace}","message":"{message}"}}"#
            );
            log.say(file, at + ms, line);
        };
        if n % 9 == 2 {
            say(0, "gateway", "INFO", "GET /health");
            continue;
        }
        say(
            0,
            "gateway",
            "INFO",
            &format!("POST /orders user={}", n % 40),
        );
        say(
            20,
            "orders",
            "INFO",
            &format!("creating order for user {}", n % 40),
        );
        say(
            60,
            "payment",
            "INFO",
            &format!("charging {}.50 EUR", n % 90),
        );
        if n % 50 == 7 {
            declined += 1;
            say(160, "payment", "WARN", "card declined");
            say(180, "orders", "WARN", "order cancelled: payment declined");
            continue;
        }
        say(200, "payment", "INFO", "charge settled");
        if n % 100 == 41 {
            log.lost.insert(trace);
            continue;
        }
        say(4000, "shipping", "INFO", "parcel booked with dhl");
    }
    let (config, said) = log.prove("health-checks");
    assert!(
        config.contains(r#"skip  = { field = "message", equals = "GET /health" }"#),
        "{config}"
    );
    assert_eq!(said.count(Verdict::Failed), declined, "{config}");
}

/// Blocks are known by how they begin, and are kept when the one who gave them out hears of it.
#[test]
fn what_is_said_on_the_way_back_is_a_stage_though_others_follow() {
    let mut log = System::default();
    for n in 0..700 {
        let at = 3_600_000 + n * 5000;
        let block = format!(
            "blk_{}{}",
            if n % 2 == 0 { "-" } else { "" },
            mixed(n as u64) >> 2
        );
        let mut say = |ms: i64, component: &str, text: &str| {
            let s = (at + ms) / 1000;
            let line = format!(
                "260314 {:02}{:02}{:02} {} INFO dfs.{component}: {text}",
                s / 3600,
                s / 60 % 60,
                s % 60,
                n % 700
            );
            log.say("hdfs.log", at + ms, line);
        };
        say(
            0,
            "FSNamesystem",
            &format!("BLOCK* NameSystem.allocateBlock: /u/part-{n:05}. {block}"),
        );
        for copy in 0..3 {
            let text = format!(
                "Receiving block {block} src: /10.1.1.{copy}:4000{copy} dest: /10.1.2.{copy}:50010"
            );
            say(1000, "DataNode$DataXceiver", &text);
        }
        if n % 70 == 9 {
            log.lost.insert(block);
            continue;
        }
        for copy in 0..3 {
            let text = format!("PacketResponder {copy} for block {block} terminating");
            say(20_000, "DataNode$PacketResponder", &text);
        }
        if n % 70 == 33 {
            log.lost.insert(block);
            continue;
        }
        for copy in 0..3 {
            let text = format!(
                "BLOCK* NameSystem.addStoredBlock: blockMap updated: 10.1.2.{copy}:50010 is added to {block} size {}",
                n * 911
            );
            say(22_000, "FSNamesystem", &text);
        }
        if salted(n, 9).is_multiple_of(3) {
            say(
                60_000,
                "DataBlockScanner",
                &format!("Verification succeeded for {block}"),
            );
        }
    }
    let (config, _) = log.prove("blocks-there-and-back");
    assert!(config.contains(r"\b(?<id>blk_[0-9-]+)"), "{config}");
}
