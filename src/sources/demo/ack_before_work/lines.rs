//! What each stage of `ack-before-work` writes: nested JSON, a broker's plain text, log4j, and JSON
//! with a time in milliseconds. Only text is made here.

use super::super::format::{iso, log4j, spaced};
use super::super::random::Random;
use super::super::trip::Pen;
use super::cast::{BROKER, CONSUMER, GATEWAY};

/// One message as its log lines describe it.
pub(super) struct Shipment {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) priority: i64,
}

pub(super) fn gateway(pen: &Pen<'_>, shipment: &Shipment, what: &str) -> String {
    let (ts, Shipment { id, kind, .. }) = (iso(pen.time), shipment);
    format!(
        r#"{{"ts":"{ts}","level":"info","msg":"shipment {what}","shipment":{{"id":"{id}","kind":"{kind}"}},"http":{{"method":"PUT","status":202}},"task":"{}"}}"#,
        pen.node.name
    )
}

pub(super) fn broker(pen: &Pen<'_>, shipment: &Shipment, depth: i64) -> String {
    let (ts, Shipment { id, priority, .. }) = (spaced(pen.time), shipment);
    format!(
        "{ts} [info] <0.812.0> queue=shipments.work publish message_id={id} priority={priority} depth={depth}"
    )
}

/// A line of the consumer: what it did, with the fill of its pool where that matters.
pub(super) fn consumer(
    pen: &Pen<'_>,
    shipment: &Shipment,
    did: &str,
    inflight: Option<(i64, i64)>,
) -> String {
    let fill = inflight.map_or_else(String::new, |(now, most)| format!(" inflight={now}/{most}"));
    format!(
        "{} INFO  [amqp-{}] shipping.Consumer - {did} shipment={} host={} version={}{fill}",
        log4j(pen.time),
        shipment.priority,
        shipment.id,
        pen.node.name,
        pen.node.version
    )
}

pub(super) fn worker(pen: &Pen<'_>, shipment: &Shipment, event: &str, more: &str) -> String {
    format!(
        r#"{{"t":{},"lvl":{},"pod":"{}","event":"{event}","ref":"{}"{more}}}"#,
        pen.time.0,
        if event == "failed" { 50 } else { 30 },
        pen.node.name,
        shipment.id
    )
}

/// Something that concerns no shipment.
pub(super) fn noise(pen: &Pen<'_>, pool: i64, random: &mut Random) -> String {
    let (node, time) = (pen.node, pen.time);
    match node.stage {
        GATEWAY => format!(
            r#"{{"ts":"{}","level":"debug","msg":"health","http":{{"method":"GET","status":200}},"task":"{}"}}"#,
            iso(time),
            node.name
        ),
        BROKER => format!(
            "{} [info] <0.{}.0> connection shipping-consumer vhost=/ rate={}/s",
            spaced(time),
            random.between(300, 900),
            random.between(2, 60)
        ),
        CONSUMER if random.chance(0.03) => format!(
            "{} WARN  [amqp-io] amqp.Connection - heartbeat was late on host={}\n\
             java.net.SocketTimeoutException: Read timed out\n\
             \tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)\n\
             \tat com.rabbitmq.client.impl.SocketFrameHandler.readFrame(SocketFrameHandler.java:184)",
            log4j(time),
            node.name
        ),
        CONSUMER => format!(
            "{} INFO  [stats] shipping.Pool - threads={pool} host={} version={} gc_ms={}",
            log4j(time),
            node.name,
            node.version,
            random.between(2, 40)
        ),
        _ => format!(
            r#"{{"t":{},"lvl":20,"pod":"{}","event":"lease","key":"{}"}}"#,
            time.0,
            node.name,
            random.hex(12)
        ),
    }
}
