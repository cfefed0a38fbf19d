//! Calls a second, per account, region and operation.

use std::collections::HashMap;
use std::time::Instant;

use super::call::Call;

/// One bucket for each account, region and operation that has a quota; a second's worth fits in.
#[derive(Default)]
pub(super) struct Quotas {
    per_second: HashMap<String, f64>,
    buckets: HashMap<(String, String, String), (f64, Instant)>,
}

impl Quotas {
    pub(super) fn set(&mut self, operation: &str, per_second: f64) {
        self.per_second.insert(operation.to_owned(), per_second);
        self.buckets.retain(|key, _| key.2 != operation);
    }

    /// Counts a call; whether it is one too many.
    pub(super) fn exceeded(&mut self, call: &Call) -> bool {
        let Some(per_second) = self.per_second.get(&call.operation).copied() else {
            return false;
        };
        let (now, most) = (Instant::now(), per_second.max(1.0));
        let key = (
            call.account.clone(),
            call.region.clone(),
            call.operation.clone(),
        );
        let (tokens, since) = self.buckets.entry(key).or_insert((most, now));
        let grown = now.duration_since(*since).as_secs_f64() * per_second;
        (*tokens, *since) = ((*tokens + grown).min(most), now);
        if *tokens < 1.0 {
            return true;
        }
        *tokens -= 1.0;
        false
    }
}
