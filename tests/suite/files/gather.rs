//! Where the texts of a batch are kept: each event keeps its own.

use lastseen::domain::event::EventRef;
use lastseen::domain::time::Timestamp;
use lastseen::sources::files::gather::gather;

/// The texts after gathering, and whether the chunk's room was handed back.
fn texts(places: &[(u32, u32)], unescaped: &str) -> (Vec<String>, bool) {
    let event = |&(start, len): &(u32, u32)| EventRef {
        time: Timestamp(0),
        start,
        len,
        raw: 0,
        stream: 0,
    };
    let mut events: Vec<EventRef> = places.iter().map(event).collect();
    let (text, spare) = gather(&mut events, b"raw plain raw".to_vec(), unescaped.as_bytes());
    let of = |event: &EventRef| {
        let start = event.start as usize;
        String::from_utf8_lossy(&text[start..start + event.len as usize]).into_owned()
    };
    (events.iter().map(of).collect(), spare.capacity() > 0)
}

#[test]
fn a_few_plain_texts_move_to_the_unescaped_ones_and_many_stay() {
    let long = "u".repeat(40) + "v";
    let (found, free) = texts(&[(13, 40), (4, 5), (53, 1)], &long);
    assert_eq!(found, ["u".repeat(40), "plain".to_owned(), "v".to_owned()]);
    assert!(free);
    let (found, free) = texts(&[(4, 5), (13, 2)], "uv");
    assert_eq!(found, ["plain", "uv"]);
    assert!(!free);
}
