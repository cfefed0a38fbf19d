//! An incident as a source.
