//! Fields that name machines outside: who sent it, where it goes. Such a name changes while a message goes
//! on, and few of them may do for all messages, but it says nothing of what happens.

use super::shape::is_host;

/// Last parts of names that machines have and programs, activities and topics do not.
const ENDS: [&str; 10] = [
    "arpa", "com", "edu", "gov", "info", "internal", "lan", "local", "net", "org",
];

/// Whether values are names of machines: nearly all look so, and half of them end so.
pub(super) fn are<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let (mut all, mut like, mut end) = (0, 0, 0);
    for value in values {
        let name = value.trim_end_matches('.');
        let last = name.rsplit('.').next().unwrap_or_default();
        all += 1;
        like += usize::from(is_host(name));
        end += usize::from(ENDS.contains(&last));
    }
    all > 0 && like * 10 >= all * 9 && end * 2 >= all
}
