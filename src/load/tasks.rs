//! What the tasks of the CloudWatch sources run on.

use std::io;

use crate::config::plan::Plan;

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
