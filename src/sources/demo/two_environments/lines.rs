//! What each stage writes: every format a team really has, side by side.
//!
//! JSON with the message in an envelope, SNS delivery records, Lambda's own lines, logfmt, log4j
//! with stack traces, JSON with nested objects. Only text is made here; nothing is decided.

use std::fmt::Write as _;

use super::super::format::{iso, log4j, spaced};
use super::super::trip::{FIRST, Pen, SECOND};

/// One message as its log lines describe it.
pub(super) struct Message {
    pub(super) company: &'static str,
    /// The ID it enters with.
    pub(super) id: String,
    /// The ID it has from the job queue on.
    pub(super) job: String,
    /// The request ID of the Lambda invocation it travels in.
    pub(super) request: String,
    pub(super) kind: &'static str,
    /// What the Lambda has to look up for it.
    pub(super) parameter: &'static str,
    pub(super) swimlane: usize,
    pub(super) items: i64,
}

/// A log line that a message leaves behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Line {
    Accepted,
    Published,
    Delivered { dwell_ms: i64 },
    InvocationStarted,
    Received { attempt: i64 },
    ParameterDenied,
    QueuedAsJob,
    InvocationEnded,
    InvocationReport { ms: i64, memory: i64 },
    Enqueued { depth: i64 },
    DeadLettered { attempts: i64 },
    PickedUp { worker: i64 },
    Retrying { attempt: i64, worker: i64 },
    HandedOver { worker: i64 },
    Skipped { worker: i64 },
    Started,
    Progress { percent: i64 },
    Done { ms: i64 },
    TimedOut { ms: i64 },
}

impl Line {
    /// By which of its IDs it names the message.
    pub(super) const fn ids(self) -> u8 {
        match self {
            Self::Accepted | Self::Published | Self::Delivered { .. } | Self::Received { .. } => {
                FIRST
            }
            Self::QueuedAsJob => FIRST | SECOND,
            _ => SECOND,
        }
    }
}

/// The text of one line about `message`.
pub(super) fn render(line: Line, message: &Message, pen: &Pen<'_>) -> String {
    let mut text = String::with_capacity(320);
    // Writing to a string cannot fail.
    let _ = match line {
        Line::Accepted | Line::Published => api(&mut text, line, message, pen),
        Line::Delivered { dwell_ms } => topic(&mut text, dwell_ms, message, pen),
        Line::InvocationStarted
        | Line::InvocationEnded
        | Line::InvocationReport { .. }
        | Line::QueuedAsJob => lambda_text(&mut text, line, message, pen),
        Line::Received { .. } | Line::ParameterDenied => lambda_json(&mut text, line, message, pen),
        Line::Enqueued { .. } | Line::DeadLettered { .. } => queue(&mut text, line, message, pen),
        Line::PickedUp { .. }
        | Line::Retrying { .. }
        | Line::HandedOver { .. }
        | Line::Skipped { .. } => engine(&mut text, line, message, pen),
        Line::Started | Line::Progress { .. } | Line::Done { .. } | Line::TimedOut { .. } => {
            processor(&mut text, line, message, pen)
        }
    };
    text
}

type Written = std::fmt::Result;

fn api(out: &mut String, line: Line, message: &Message, pen: &Pen<'_>) -> Written {
    let Message {
        id: message_id,
        kind,
        swimlane,
        items,
        ..
    } = message;
    let ts = iso(pen.time);
    if line == Line::Accepted {
        write!(
            out,
            r#"{{"ts":"{ts}","level":"info","logger":"orders.api","event":"accepted","messageId":"{message_id}","kind":"{kind}","swimlane":{swimlane},"request":{{"method":"POST","path":"/v1/orders","status":202,"items":{items}}}}}"#
        )
    } else {
        write!(
            out,
            r#"{{"ts":"{ts}","level":"info","logger":"orders.api","event":"published","messageId":"{message_id}","topic":"orders"}}"#
        )
    }
}

fn topic(out: &mut String, dwell_ms: i64, message: &Message, pen: &Pen<'_>) -> Written {
    let Message {
        id: message_id,
        request: request_id,
        ..
    } = message;
    let (region, account) = (pen.world.region(pen.node), pen.world.account(pen.node));
    let published = spaced(pen.time.plus(-dwell_ms));
    write!(
        out,
        r#"{{"notification":{{"messageId":"{message_id}","topicArn":"arn:aws:sns:{region}:{account}:orders","timestamp":"{published}"}},"delivery":{{"destination":"arn:aws:lambda:{region}:{account}:function:orders-router","providerResponse":"Lambda Request ID: {request_id}","dwellTimeMs":{dwell_ms},"attempts":1,"statusCode":202}},"status":"SUCCESS"}}"#
    )
}

fn lambda_text(out: &mut String, line: Line, message: &Message, pen: &Pen<'_>) -> Written {
    let Message {
        id: message_id,
        job: job_id,
        request: request_id,
        ..
    } = message;
    match line {
        Line::InvocationStarted => write!(out, "START RequestId: {request_id} Version: $LATEST"),
        Line::InvocationEnded => write!(out, "END RequestId: {request_id}"),
        Line::InvocationReport { ms, memory } => write!(
            out,
            "REPORT RequestId: {request_id}\tDuration: {ms}.41 ms\tBilled Duration: {} ms\tMemory Size: 256 MB\tMax Memory Used: {memory} MB",
            ms + 1
        ),
        _ => write!(
            out,
            "{}\t{request_id}\tINFO\tmessage {message_id} queued as job {job_id}",
            iso(pen.time)
        ),
    }
}

fn lambda_json(out: &mut String, line: Line, message: &Message, pen: &Pen<'_>) -> Written {
    let Message {
        id: message_id,
        request: request_id,
        kind,
        ..
    } = message;
    let ts = iso(pen.time);
    if let Line::Received { attempt } = line {
        return write!(
            out,
            r#"{{"level":"INFO","location":"handler:31","message":{{"event":"received","messageId":"{message_id}","kind":"{kind}","attempt":{attempt}}},"timestamp":"{ts}","service":"orders-router","function_request_id":"{request_id}"}}"#
        );
    }
    let (region, account) = (pen.world.region(pen.node), pen.world.account(pen.node));
    let env = pen.world.places[pen.node.place].name;
    let (company, parameter) = (message.company, message.parameter);
    write!(
        out,
        r#"{{"level":"ERROR","location":"parameters:88","message":"GetParameter /{company}/{env}/router/{parameter} failed: AccessDeniedException: User: arn:aws:sts::{account}:assumed-role/orders-router/orders-router is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:{region}:{account}:key/5d0c6a1e","timestamp":"{ts}","service":"orders-router","function_request_id":"{request_id}"}}"#
    )
}

fn queue(out: &mut String, line: Line, message: &Message, pen: &Pen<'_>) -> Written {
    let Message {
        job: job_id,
        kind,
        swimlane,
        ..
    } = message;
    let ts = iso(pen.time);
    match line {
        Line::DeadLettered { attempts } => write!(
            out,
            r#"ts={ts} level=warn msg="job moved to dead-letter queue" job={job_id} queue=orders-dlq receive_count={attempts}"#
        ),
        Line::Enqueued { depth } => write!(
            out,
            r#"ts={ts} level=info msg="job queued" job={job_id} queue=orders-jobs kind={kind} swimlane={swimlane} depth={depth}"#
        ),
        _ => Ok(()),
    }
}

fn engine(out: &mut String, line: Line, message: &Message, pen: &Pen<'_>) -> Written {
    let Message {
        job: job_id,
        swimlane,
        items,
        company,
        ..
    } = message;
    let (host, version) = (&pen.node.name, pen.node.version);
    let ts = log4j(pen.time);
    match line {
        Line::PickedUp { worker } => write!(
            out,
            "{ts} INFO  [worker-{worker}] engine picked up job={job_id} host={host} version={version} swimlane={swimlane}"
        ),
        Line::Retrying { attempt, worker } => write!(
            out,
            "{ts} WARN  [worker-{worker}] engine retrying job={job_id} host={host} attempt={attempt}\n\
             java.util.concurrent.TimeoutException: no answer from pricing within 5000 ms\n\
             \tat com.{company}.engine.Pricing.quote(Pricing.java:141)\n\
             \tat com.{company}.engine.Worker.run(Worker.java:88)\n\
             \tat java.base/java.lang.Thread.run(Thread.java:1583)"
        ),
        Line::HandedOver { worker } => write!(
            out,
            "{ts} INFO  [worker-{worker}] engine handed over job={job_id} host={host} to=processor swimlane={swimlane} lineItems={items}"
        ),
        Line::Skipped { worker } => write!(
            out,
            "{ts} INFO  [worker-{worker}] engine skipped job={job_id} host={host} reason=already-cancelled"
        ),
        _ => Ok(()),
    }
}

fn processor(out: &mut String, line: Line, message: &Message, pen: &Pen<'_>) -> Written {
    let Message {
        job: job_id,
        swimlane,
        kind,
        items,
        ..
    } = message;
    let name = &pen.node.name;
    let ts = iso(pen.time);
    let (level, event) = match line {
        Line::Started => ("INFO", "started"),
        Line::Progress { .. } => ("INFO", "progress"),
        Line::Done { .. } => ("INFO", "done"),
        _ => ("ERROR", "failed"),
    };
    write!(
        out,
        r#"{{"@timestamp":"{ts}","level":"{level}","event":"{event}","node":"{name}","job":{{"id":"{job_id}","kind":"{kind}","swimlane":{swimlane}}}"#
    )?;
    match line {
        Line::Progress { percent } => write!(
            out,
            r#","progress":{{"percent":{percent},"steps":[{{"event":"done","name":"reserve"}}]}}}}"#
        ),
        Line::Done { ms } => write!(
            out,
            r#","result":{{"status":"ok","lineItems":{items},"tookMs":{ms}}}}}"#
        ),
        Line::TimedOut { ms } => write!(
            out,
            r#","error":{{"type":"TimeoutError","message":"ledger did not answer","tookMs":{ms}}},"lastStep":{{"event":"done","name":"reserve"}}}}"#
        ),
        _ => write!(out, "}}"),
    }
}
