//! The lines that concern no message: health checks, garbage collection, unrelated IDs.
//!
//! They are most of what is in a real log group, and they show which emitters are alive.

use super::super::format::{iso, log4j};
use super::super::random::Random;
use super::super::trip::Pen;
use super::layout::{ENGINE, INTAKE, LAMBDA, PROCESSOR, QUEUE};
use crate::domain::time::Timestamp;

/// Something that a machine writes; `None` from stages that keep quiet.
pub(super) fn render(pen: &Pen<'_>, random: &mut Random) -> Option<String> {
    let (node, time) = (pen.node, pen.time);
    let text = match node.stage {
        INTAKE => api(time, random),
        LAMBDA => format!(
            "{}\t{}\tINFO\twarm-up ping, nothing to route",
            iso(time),
            random.uuid()
        ),
        QUEUE => format!(
            "ts={} level=info msg=\"queue depth\" queue=orders-jobs depth={} oldest_s={}",
            iso(time),
            random.between(0, 40),
            random.between(0, 9)
        ),
        ENGINE => engine(pen, random),
        PROCESSOR => format!(
            r#"{{"@timestamp":"{}","level":"INFO","event":"heartbeat","node":"{}","lane":{{"swimlane":{},"idleMs":{}}}}}"#,
            iso(time),
            node.name,
            node.tag,
            random.between(0, 4_000)
        ),
        _ => return None,
    };
    Some(text)
}

fn api(time: Timestamp, random: &mut Random) -> String {
    let ts = iso(time);
    if random.chance(0.7) {
        return format!(
            r#"{{"ts":"{ts}","level":"debug","logger":"http","event":"request","request":{{"method":"GET","path":"/health","status":200}}}}"#
        );
    }
    let id = random.uuid();
    format!(
        r#"{{"ts":"{ts}","level":"warn","logger":"orders.api","event":"rejected","requestId":"{id}","request":{{"method":"POST","path":"/v1/orders","status":400,"error":"\"swimlane\" must be 1 to 4"}}}}"#
    )
}

fn engine(pen: &Pen<'_>, random: &mut Random) -> String {
    let ts = log4j(pen.time);
    let (host, version) = (&pen.node.name, pen.node.version);
    if random.chance(0.6) {
        let inflight = random.between(0, 12);
        return format!(
            "{ts} INFO  [main] engine heartbeat host={host} version={version} inflight={inflight}"
        );
    }
    let (before, after) = (random.between(300, 480), random.between(90, 160));
    format!("{ts} DEBUG [gc] Pause Young (Normal) {before}M->{after}M(512M) 6.204ms host={host}")
}
