//! The one place that reads the system's clock; everything else is told the time.

use crate::domain::time::Timestamp;

/// The time it is.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    let now = chrono::Utc::now();
    Timestamp(now.timestamp_millis())
}
