//! What each stage of `forgotten-subscription` writes: Powertools and Lambda's own JSON, SNS delivery
//! records, slog pairs, Spring's text with stack traces. Only text is made here.

use super::super::format::{iso, powertools, spaced};
use super::super::random::Random;
use super::super::trip::Pen;
use super::cast::{APPLIER, PUBLISHER, QUEUE};

/// One message as its log lines describe it.
pub(super) struct Change {
    /// The ID it enters with.
    pub(super) id: String,
    /// What SNS calls it.
    pub(super) sns: String,
    /// What SQS calls it.
    pub(super) sqs: String,
    /// The request ID of the Lambda invocation it is published in.
    pub(super) request: String,
    pub(super) topic: String,
    pub(super) group: u64,
}

pub(super) fn accepted(pen: &Pen<'_>, change: &Change) -> String {
    let Change {
        id,
        request,
        group,
        topic,
        ..
    } = change;
    format!(
        r#"{{"level":"INFO","location":"handler:22","message":"change accepted","timestamp":"{}","service":"catalog-publisher","change_id":"{id}","topic":"{topic}","message_group":"sku-{group}","function_request_id":"{request}"}}"#,
        powertools(pen.time)
    )
}

pub(super) fn published(pen: &Pen<'_>, change: &Change) -> String {
    let Change {
        id,
        request,
        topic,
        sns,
        ..
    } = change;
    format!(
        r#"{{"level":"INFO","location":"publish:54","message":"published","timestamp":"{}","service":"catalog-publisher","change_id":"{id}","topic":"{topic}","sns_message_id":"{sns}","function_request_id":"{request}"}}"#,
        powertools(pen.time)
    )
}

pub(super) fn report(pen: &Pen<'_>, change: &Change, ms: i64, memory: i64) -> String {
    format!(
        r#"{{"time":"{}","type":"platform.report","record":{{"requestId":"{}","metrics":{{"durationMs":{ms}.18,"billedDurationMs":{},"memorySizeMB":256,"maxMemoryUsedMB":{memory}}},"status":"success"}}}}"#,
        iso(pen.time),
        change.request,
        ms + 1
    )
}

pub(super) fn delivered(pen: &Pen<'_>, change: &Change, dwell_ms: i64, request: &str) -> String {
    let Change {
        sns, sqs, topic, ..
    } = change;
    let (region, account) = (pen.world.region(pen.node), pen.world.account(pen.node));
    let published = spaced(pen.time.plus(-dwell_ms));
    format!(
        r#"{{"notification":{{"messageMD5Sum":"b1c3","messageId":"{sns}","topicArn":"arn:aws:sns:{region}:{account}:{topic}","timestamp":"{published}"}},"delivery":{{"deliveryId":"{request}","destination":"arn:aws:sqs:{region}:{account}:catalog-{topic}","providerResponse":"{{\"sqsRequestId\":\"{request}\",\"sqsMessageId\":\"{sqs}\"}}","dwellTimeMs":{dwell_ms},"attempts":1,"statusCode":200}},"status":"SUCCESS"}}"#
    )
}

pub(super) fn received(pen: &Pen<'_>, change: &Change, count: i64) -> String {
    let Change {
        sqs, topic, group, ..
    } = change;
    format!(
        "time={} level=INFO msg=received sqs_message_id={sqs} queue=catalog-{topic} group=sku-{group} receive_count={count} host={}",
        iso(pen.time),
        pen.node.name
    )
}

pub(super) fn applied(pen: &Pen<'_>, change: &Change, thread: i64) -> String {
    format!(
        "{}  INFO 1 --- [pool-2-thread-{thread}] c.catalog.Applier : applied sqs={} host={} version={}",
        spaced(pen.time),
        change.sqs,
        pen.node.name,
        pen.node.version
    )
}

pub(super) fn failed(pen: &Pen<'_>, change: &Change, thread: i64) -> String {
    format!(
        "{} ERROR 1 --- [pool-2-thread-{thread}] c.catalog.Applier : failed to apply sqs={} host={} version={}\n\
         org.springframework.dao.OptimisticLockingFailureException: sku-{} was changed by a later sequence\n\
         \tat c.catalog.Applier.apply(Applier.java:117)\n\
         \tat java.base/java.lang.Thread.run(Thread.java:1583)",
        spaced(pen.time),
        change.sqs,
        pen.node.name,
        pen.node.version,
        change.group
    )
}

pub(super) fn put_aside(pen: &Pen<'_>, change: &Change, count: i64) -> String {
    format!(
        r#"{{"level":"WARNING","message":"kept from the dead-letter queue","timestamp":"{}","service":"dead-letters","sqs_message_id":"{}","receive_count":{count}}}"#,
        powertools(pen.time),
        change.sqs
    )
}

/// Something that concerns no change; SNS writes nothing else.
pub(super) fn noise(pen: &Pen<'_>, random: &mut Random) -> Option<String> {
    let (node, time) = (pen.node, pen.time);
    let text = match node.stage {
        PUBLISHER => format!(
            r#"{{"time":"{}","type":"platform.initStart","record":{{"initializationType":"on-demand","runtimeVersion":"python:3.13.v44","functionVersion":"{}"}}}}"#,
            iso(time),
            random.between(60, 61)
        ),
        QUEUE => format!(
            "time={} level=DEBUG msg=\"long poll\" queue=catalog-stock messages=0 host={} inflight={}",
            iso(time),
            node.name,
            random.between(0, 20)
        ),
        APPLIER => format!(
            "{}  INFO 1 --- [scheduling-1] c.zaxxer.hikari.Pool : active={} idle={} host={} version={}",
            spaced(time),
            random.between(0, 9),
            random.between(1, 10),
            node.name,
            node.version
        ),
        _ => return None,
    };
    Some(text)
}
