//! What the tasks of the CloudWatch sources run on, and what they are asked.

use std::io;

use crate::config::period;
use crate::config::plan::Plan;
use crate::domain::time::{Span, Timestamp};
use crate::sources::cloudwatch::Request;

/// Threads of their own; none where nothing is read from there.
pub(super) fn runtime(plan: &Plan) -> io::Result<Option<tokio::runtime::Runtime>> {
    if plan.environments.is_empty() {
        return Ok(None);
    }
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map(Some)
}

/// What is asked of log groups.
pub(super) fn request(plan: &Plan, asked_at: Timestamp) -> Request {
    let window = plan.window.unwrap_or_else(|| Span {
        from: asked_at.plus(-period::DEFAULT_MS),
        to: asked_at,
    });
    Request {
        window,
        margin_ms: plan.margin_ms,
        asked_at,
    }
}
