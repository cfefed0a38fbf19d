//! What themes promise.
