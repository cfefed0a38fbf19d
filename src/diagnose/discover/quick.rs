//! Maps and sets of numbers that were given out here: nobody can choose them to collide, so the hashing
//! need not defend itself.

use foldhash::fast::FixedState;

/// By number.
pub(super) type QuickMap<K, V> = std::collections::HashMap<K, V, FixedState>;
/// Of numbers.
pub(super) type QuickSet<T> = std::collections::HashSet<T, FixedState>;
