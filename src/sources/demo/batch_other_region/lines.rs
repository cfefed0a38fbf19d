//! What each stage of `batch-other-region` writes: Lambda's JSON, pairs, a Java service's text in the
//! time of its own country, nested JSON. Only text is made here.

use super::super::format::{iso, local};
use super::super::random::Random;
use super::super::trip::Pen;
use super::cast::{ARCHIVE, Cast, ENRICHER, IMPORTER};

/// One message as its log lines describe it.
pub(super) struct Item {
    /// The ID it enters with.
    pub(super) id: String,
    /// What the second service calls it.
    pub(super) reference: String,
    /// The request ID of the Lambda invocation that scheduled it.
    pub(super) request: String,
    pub(super) batch: usize,
    pub(super) batch_size: u64,
}

pub(super) fn scheduled(pen: &Pen<'_>, item: &Item) -> String {
    let Item {
        id,
        request,
        batch,
        batch_size,
        ..
    } = item;
    format!(
        r#"{{"timestamp":"{}","level":"INFO","requestId":"{request}","message":"item scheduled","itemId":"{id}","batch":"settle-{batch}","batchSize":{batch_size}}}"#,
        iso(pen.time)
    )
}

/// A line of the importer: what it did with an item.
pub(super) fn importer(pen: &Pen<'_>, item: &Item, did: &str, more: &str) -> String {
    let level = if did == "item refused" {
        "error"
    } else {
        "info"
    };
    format!(
        "ts={} level={level} msg=\"{did}\" item_id={}{more} batch=settle-{} host={} version={}",
        iso(pen.time),
        item.id,
        item.batch,
        pen.node.name,
        pen.node.version
    )
}

/// A line of the second service: what it did, and what it uses of its memory.
pub(super) fn enricher(pen: &Pen<'_>, cast: &Cast, item: &Item, did: &str, thread: i64) -> String {
    let heap = cast.heap(pen.node.place, pen.time.plus(-pen.node.skew_ms));
    format!(
        "{} | INFO  | enrich-{thread} | {did} Ref={} Charge=settle-{} Heap={heap}/{} MB Host={} version={}",
        local(pen.time, cast.zone),
        item.reference,
        item.batch,
        cast.limit,
        pen.node.name,
        pen.node.version
    )
}

pub(super) fn archived(pen: &Pen<'_>, item: &Item, bytes: i64) -> String {
    format!(
        r#"{{"time":"{}","event":"archived","task":"{}","item":{{"id":"{}","ref":"{}"}},"s3":{{"bucket":"settlement-archive","bytes":{bytes}}}}}"#,
        iso(pen.time),
        pen.node.name,
        item.id,
        item.reference
    )
}

/// Something that concerns no item.
pub(super) fn noise(pen: &Pen<'_>, cast: &Cast, random: &mut Random) -> Option<String> {
    let (node, time) = (pen.node, pen.time);
    let text = match node.stage {
        IMPORTER => format!(
            "ts={} level=debug msg=\"poll\" queue=settlement-items empty=true host={} version={} rss_mb={}",
            iso(time),
            node.name,
            node.version,
            random.between(140, 190)
        ),
        ENRICHER => enricher_noise(pen, cast, random),
        ARCHIVE => format!(
            r#"{{"time":"{}","event":"flush","task":"{}","s3":{{"objects":{}}}}}"#,
            iso(time),
            node.name,
            random.between(0, 12)
        ),
        _ => return None,
    };
    Some(text)
}

/// After a start by hand it says so; before it stops it complains.
fn enricher_noise(pen: &Pen<'_>, cast: &Cast, random: &mut Random) -> String {
    let (node, ts) = (pen.node, local(pen.time, cast.zone));
    let at = pen.time.plus(-node.skew_ms);
    let heap = cast.heap(node.place, at);
    let (limit, host, version) = (cast.limit, &node.name, node.version);
    let recently = cast.runs.iter().skip(1).any(|run| {
        let up = at.since(run.from);
        (0..75_000).contains(&up)
    });
    if node.place == super::cast::PROD && recently {
        return format!(
            "{ts} | INFO  | main | enricher {version} started by operator on Host={host} Heap={heap}/{limit} MB"
        );
    }
    if heap * 100 > limit * 93 {
        return format!(
            "{ts} | WARN  | gc | Full GC took {} ms Heap={heap}/{limit} MB Host={host}\n\
             \tat de.settlement.enrich.ReferenceCache.put(ReferenceCache.java:64)\n\
             \tat de.settlement.enrich.Enricher.run(Enricher.java:201)",
            random.between(2_400, 5_200)
        );
    }
    format!(
        "{ts} | INFO  | gc | Young GC took {} ms Heap={heap}/{limit} MB Host={host}",
        random.between(9, 60)
    )
}
