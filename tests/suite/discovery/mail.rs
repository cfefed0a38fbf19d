//! Mail servers: the ID begins the text, numbers of others look like it, and the connection that brings a
//! message is closed long before the message is delivered.

use super::systems::{System, clock, mixed, salted};

const PARTNERS: [&str; 6] = [
    "example.com",
    "example.org",
    "acme.net",
    "contoso.com",
    "gmx.net",
    "web.de",
];

/// When the mail of a number comes, in milliseconds after midnight.
const fn comes(n: i64) -> i64 {
    3_600_000 + n * 6000
}

/// Whether it is lost.
const fn is_lost(n: i64) -> bool {
    n % 40 == 17 && n < 360
}

/// Somebody's address.
fn somebody(n: i64, salt: u64) -> String {
    const NAMES: [&str; 8] = [
        "annaberg",
        "benfrank",
        "carlavera",
        "ginapaul",
        "hugoines",
        "kimlars",
        "mianils",
        "olgatina",
    ];
    let random = salted(n, salt);
    let name = NAMES[(random % 8) as usize];
    format!("{name}@{}", PARTNERS[(random / 8 % 6) as usize])
}

/// Letters and digits that look random.
fn token(random: u64, length: usize) -> String {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut random = random;
    let signs = (0..length).map(|_| {
        random = mixed(random);
        char::from(SIGNS[(random % 62) as usize])
    });
    signs.collect()
}

/// What Postfix says of a message: when, which program, and its words.
fn postfix(log: &mut System, n: i64, say: &dyn Fn(i64, &str, String) -> String) {
    let queue = format!("{:010X}", mixed(n as u64) >> 24);
    let mut say = |ms: i64, program: &str, words: String| {
        let at = comes(n) + ms;
        log.say("mail.log", at, say(at, program, words));
    };
    let from = somebody(n, 1);
    say(
        0,
        "smtpd",
        format!("connect from mail.{}[10.0.0.7]", &from[9..]),
    );
    say(
        400,
        "smtpd",
        format!("{queue}: client=mail.example.org[10.0.0.7]"),
    );
    say(
        500,
        "cleanup",
        format!("{queue}: message-id=<{}@x>", token(n as u64, 12)),
    );
    say(
        700,
        "qmgr",
        format!(
            "{queue}: from=<{from}>, size={}, nrcpt=1 (queue active)",
            900 + n * 7
        ),
    );
    if is_lost(n) {
        log.lost.insert(queue);
        return;
    }
    let answer = format!("250 2.0.0 OK  17102{:05} - gsmtp", salted(n, 3) % 100_000);
    say(
        1900,
        "smtp",
        format!(
            "{queue}: to=<{}>, dsn=2.0.0, status=sent ({answer})",
            somebody(n, 2)
        ),
    );
    say(1930, "qmgr", format!("{queue}: removed"));
}

#[test]
fn an_id_that_begins_the_text_of_a_field_is_read_there_only() {
    let mut log = System::default();
    let journal = |at: i64, program: &str, words: String| {
        let random = mixed((at * 31 + words.len() as i64) as u64);
        let time = 1_773_446_400_000 + at;
        format!(
            r#"{{"__REALTIME_TIMESTAMP":"{time}000","__CURSOR":"s=6c2f1d0f8a3b4e5c;i={at:x};t={time:x};x={random:016x}","_HOSTNAME":"mx1","SYSLOG_IDENTIFIER":"postfix/{program}","MESSAGE":"{words}"}}"#
        )
    };
    (0..400).for_each(|n| postfix(&mut log, n, &journal));
    let (config, _) = log.prove("mail-journal");
    assert!(
        config.contains(r#"{ field = "MESSAGE", matches ="#),
        "{config}"
    );
}

#[test]
fn the_program_of_a_syslog_line_is_known() {
    let mut log = System::default();
    let line = |at: i64, program: &str, words: String| {
        let pid = 900 + at % 7;
        format!(
            "<22>1 2026-03-14T{}Z mx1 postfix/{program} {pid} - - {words}",
            clock(at)
        )
    };
    (0..400).for_each(|n| postfix(&mut log, n, &line));
    let (config, _) = log.prove("mail-syslog");
    assert!(config.contains("name  = \"cleanup\""), "{config}");
}

#[test]
fn an_id_behind_the_time_is_no_part_of_an_address() {
    let mut log = System::default();
    for n in 0..400i64 {
        let random = mixed(n as u64);
        let id = format!(
            "1rj{}-{}-{}",
            token(random, 3),
            token(random ^ 7, 6),
            token(random ^ 9, 2)
        );
        let mut say = |ms: i64, words: String| {
            let at = comes(n) + ms;
            log.say(
                "mainlog",
                at,
                format!("2026-03-14 {} {id} {words}", &clock(at)[..8]),
            );
        };
        let (from, to) = (somebody(n, 1), somebody(n, 2));
        say(
            0,
            format!(
                "<= {from} H=mail.example.org [10.0.0.7] P=esmtps S={} id={}@x for {to}",
                900 + n,
                token(random, 16)
            ),
        );
        if is_lost(n) {
            log.lost.insert(id);
            continue;
        }
        let answer = format!(
            "250 2.0.0 OK  17102{:05} {:012x} - gsmtp",
            n,
            salted(n, 3) >> 16
        );
        say(
            1000,
            format!("=> {to} R=dnslookup T=remote_smtp H=mx.example.org [10.0.0.9] C=\"{answer}\""),
        );
        say(1000, "Completed".to_owned());
    }
    let (config, _) = log.prove("mail-behind-time");
    assert!(config.contains(r"^\s*(?:\S+\s+){2}(?<id>"), "{config}");
}

#[test]
fn a_mail_is_not_done_when_its_connection_is_closed() {
    let mut log = System::default();
    for n in 0..400i64 {
        let random = |salt: u64| salted(n, salt);
        let connection = format!(
            "{:08X}-{:04X}-4{:03X}-9{:03X}-{:012X}",
            random(1) >> 32,
            random(2) >> 48,
            random(3) >> 52,
            random(4) >> 52,
            random(5) >> 16
        );
        let mut say = |ms: i64, level: &str, part: &str, words: String| {
            let at = comes(n) + ms;
            let time = clock(at);
            log.say(
                "mail.log",
                at,
                format!("2026-03-14T{time}Z [{level}] [{connection}{part}] {words}"),
            );
        };
        say(
            0,
            "NOTICE",
            "",
            format!(
                "[core] connect ip=10.0.0.7 port={}",
                1024 + random(6) % 60_000
            ),
        );
        say(
            300,
            "INFO",
            ".1",
            format!(
                "[core] hook=mail params=\"<{}>\" retval=CONT",
                somebody(n, 1)
            ),
        );
        say(
            600,
            "NOTICE",
            ".1",
            format!(
                "[core] message mid=\"<{}@x>\" size={}",
                token(random(7), 12),
                900 + n
            ),
        );
        say(
            900,
            "NOTICE",
            "",
            "[core] disconnect ip=10.0.0.7 tls=Y errors=0".to_owned(),
        );
        if is_lost(n) {
            log.lost.insert(format!("{connection}.1"));
            continue;
        }
        say(
            2000 + (random(8) % 900) as i64,
            "NOTICE",
            ".1.1",
            format!(
                "[outbound] delivered domain={} port=25",
                &somebody(n, 2)[9..]
            ),
        );
    }
    log.prove("mail-parts");
}

#[test]
fn what_one_connection_brings_and_another_takes_out_is_the_message() {
    let mut log = System::default();
    for n in 0..400i64 {
        let session = |salt: u64| format!("{:016x}", salted(n, salt));
        let (envelope, from, to) = (session(1), somebody(n, 1), somebody(n, 2));
        let mut say = |ms: i64, session: &str, words: String| {
            let at = comes(n) + ms;
            log.say(
                "maillog",
                at,
                format!(
                    "Mar 14 {} puffy smtpd[48213]: {session} {words}",
                    &clock(at)[..8]
                ),
            );
        };
        let (inward, outward) = (session(2), session(3));
        say(
            0,
            &inward,
            "smtp connected address=10.0.0.7 host=mail.example.org".to_owned(),
        );
        say(
            1000,
            &inward,
            format!("smtp envelope evpid={envelope} from=<{from}> to=<{to}>"),
        );
        say(1000, &inward, "smtp disconnected reason=quit".to_owned());
        if is_lost(n) {
            log.lost.insert(envelope);
            continue;
        }
        let both = format!("evpid={envelope} from=<{from}> to=<{to}>");
        let words = match n % 10 {
            3 => format!(
                "mta delivery {both} delay=1s result=\"PermFail\" stat=\"550 5.1.1 User unknown\""
            ),
            0 | 2 | 4 | 6 | 8 => format!("mda delivery {both} delay=1s result=Ok stat=Delivered"),
            _ => format!("mta delivery {both} delay=1s result=\"Ok\" stat=\"250 2.0.0 Ok\""),
        };
        say(3000, &outward, words);
    }
    let (config, _) = log.prove("mail-carried");
    assert!(config.contains("[pipeline.evpids]"), "{config}");
}

#[test]
fn machines_of_few_partners_are_no_stages() {
    let mut log = System::default();
    for n in 0..600i64 {
        let queue = format!("42C{}{:06}", token(mixed(n as u64), 5), 20_000 + n * 3);
        let (from, to) = (somebody(n, 1), somebody(n, 2));
        let mut say = |ms: i64, words: String| {
            let at = comes(n) + ms;
            let time = &clock(at)[..8];
            log.say(
                "maillog",
                at,
                format!(
                    "Mar 14 {time} relay1 sendmail[{}]: {queue}: {words}",
                    900 + n % 7
                ),
            );
        };
        let host = |address: &str| address.split('@').nth(1).unwrap().to_owned();
        say(
            0,
            format!(
                "from=<{from}>, size={}, nrcpts=1, proto=ESMTP, relay=mail.{} [10.0.0.7]",
                900 + n,
                host(&from)
            ),
        );
        if is_lost(n) {
            log.lost.insert(queue);
            continue;
        }
        say(
            2000,
            format!(
                "to=<{to}>, delay=00:00:02, mailer=esmtp, relay=mx.{}. [10.0.0.9], dsn=2.0.0, stat=Sent (OK)",
                host(&to)
            ),
        );
    }
    let (config, _) = log.prove("mail-partners");
    assert!(!config.contains("gmx"), "{config}");
}
