//! What each stage of `silent-skip` writes: pino, EventBridge events, a Python Lambda, zap, syslog.
//! Only text is made here.

use super::super::format::{iso, seconds, syslog};
use super::super::random::Random;
use super::super::trip::Pen;
use super::cast::{BILLING, RENDERER, VALIDATOR};

/// One message as its log lines describe it.
pub(super) struct Invoice {
    pub(super) company: &'static str,
    /// The ID it enters with.
    pub(super) id: String,
    /// What the bus calls it.
    pub(super) event: String,
    /// What is made of it.
    pub(super) document: String,
    /// The request ID of the Lambda invocation it travels in.
    pub(super) request: String,
    pub(super) kind: &'static str,
    pub(super) customer: i64,
    pub(super) cents: i64,
}

pub(super) fn emitted(pen: &Pen<'_>, invoice: &Invoice) -> String {
    let Invoice {
        id, kind, cents, ..
    } = invoice;
    format!(
        r#"{{"level":30,"time":{},"pid":17,"hostname":"{}","msg":"invoice event emitted","invoiceEventId":"{id}","kind":"{kind}","amountCents":{cents}}}"#,
        pen.time.0, pen.node.name
    )
}

pub(super) fn put(pen: &Pen<'_>, invoice: &Invoice) -> String {
    let Invoice { id, event, .. } = invoice;
    format!(
        r#"{{"level":30,"time":{},"pid":17,"hostname":"{}","msg":"PutEvents ok","invoiceEventId":"{id}","eventId":"{event}","failedEntryCount":0}}"#,
        pen.time.0, pen.node.name
    )
}

pub(super) fn bus(pen: &Pen<'_>, invoice: &Invoice) -> String {
    let Invoice {
        id,
        event,
        kind,
        customer,
        company,
        ..
    } = invoice;
    let (account, region) = (pen.world.account(pen.node), pen.world.region(pen.node));
    let time = iso(pen.time);
    // EventBridge tells whole seconds.
    let time = &time[..19];
    format!(
        r#"{{"version":"0","id":"{event}","detail-type":"{kind}","source":"{company}.billing","account":"{account}","time":"{time}Z","region":"{region}","resources":[],"detail":{{"invoiceEventId":"{id}","customer":"c-{customer}"}}}}"#
    )
}

pub(super) fn started(invoice: &Invoice, alias: &str) -> String {
    format!("START RequestId: {} Version: {alias}", invoice.request)
}

/// A line of the validator's own: what it did with an event.
pub(super) fn validator(pen: &Pen<'_>, invoice: &Invoice, did: &str, more: &str) -> String {
    let (
        ts,
        Invoice {
            event,
            request,
            kind,
            ..
        },
    ) = (iso(pen.time), invoice);
    format!(
        "[INFO]\t{ts}\t{request}\t{did} event={event}{more} kind={kind} validator={}",
        pen.node.version
    )
}

pub(super) fn ended(invoice: &Invoice) -> String {
    format!("END RequestId: {}", invoice.request)
}

pub(super) fn report(invoice: &Invoice, ms: i64, memory: i64) -> String {
    format!(
        "REPORT RequestId: {}\tDuration: {ms}.08 ms\tBilled Duration: {} ms\tMemory Size: 256 MB\tMax Memory Used: {memory} MB\t",
        invoice.request,
        ms + 1
    )
}

pub(super) fn renderer(pen: &Pen<'_>, invoice: &Invoice, message: &str, more: &str) -> String {
    format!(
        r#"{{"level":"info","ts":{},"caller":"render/pdf.go:88","msg":"{message}","event_id":"{}","host":"{}"{more}}}"#,
        seconds(pen.time),
        invoice.event,
        pen.node.name
    )
}

pub(super) fn mailer(pen: &Pen<'_>, invoice: &Invoice, what: &str) -> String {
    format!(
        "{} {} postfix/smtp[{}]: to=<c{}@example.net>, document={}, {what}",
        syslog(pen.time),
        pen.node.name,
        2_000 + invoice.customer % 900,
        invoice.customer,
        invoice.document
    )
}

/// Something that concerns no invoice; the bus writes nothing else.
pub(super) fn noise(pen: &Pen<'_>, random: &mut Random) -> Option<String> {
    let (node, time) = (pen.node, pen.time);
    let text = match node.stage {
        BILLING => format!(
            r#"{{"level":20,"time":{},"pid":17,"hostname":"{}","msg":"ledger poll","rows":{}}}"#,
            time.0,
            node.name,
            random.between(0, 40)
        ),
        VALIDATOR => format!(
            "[INFO]\t{}\t{}\tschema cache refreshed, {} schemas",
            iso(time),
            random.uuid(),
            random.between(12, 14)
        ),
        RENDERER => format!(
            r#"{{"level":"debug","ts":{},"caller":"font/cache.go:31","msg":"cache","host":"{}","hits":{},"rssMb":{}}}"#,
            seconds(time),
            node.name,
            random.between(100, 9_000),
            random.between(180, 260)
        ),
        super::cast::MAILER => format!(
            "{} {} postfix/anvil[871]: statistics: max connection rate {}/60s",
            syslog(time),
            node.name,
            random.between(1, 30)
        ),
        _ => return None,
    };
    Some(text)
}
