//! What is said of a message that a stage spoke of after it was seen further on: where and when it was seen
//! last, and how far it came, are two things.

use lastseen::domain::view::MessageQuery;
use lastseen::load::answers::Answers as _;

use crate::support::alone::folder;
use crate::support::emulator::now;
use crate::support::settled::settled;

const ORDERS: &str = r#"
[[files]]
path = "{group}.log"
[pipeline.orders]
id = ['order=(?<id>o-\d+)']
[[pipeline.orders.stage]]
name = "importer"
from = ["importer"]
enter = 'received'
[[pipeline.orders.stage]]
name = "enricher"
from = ["enricher"]
enter = 'picked up'
within = "5s"
[[pipeline.orders.stage]]
name = "store"
from = ["store"]
enter = 'stored'
within = "5s"
"#;

#[test]
fn the_newest_sighting_has_its_own_stage_and_the_furthest_stage_its_own_time() {
    let folder = folder("headline");
    let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).unwrap();
    write("lastseen.toml", ORDERS);
    write(
        "importer.log",
        "2026-03-14T02:00:00Z order=o-1 received\n\
         2026-03-14T02:00:00Z order=o-2 received\n\
         2026-03-14T02:00:02.002Z order=o-1 handed over\n",
    );
    write(
        "enricher.log",
        "2026-03-14T02:00:01Z order=o-1 picked up\n2026-03-14T02:00:03Z order=o-2 picked up\n",
    );
    write("store.log", "2026-03-14T02:09:00Z nothing to do\n");
    let (_, run) = settled(&folder);
    let query = MessageQuery {
        limit: 9,
        ..MessageQuery::default()
    };
    let page = run.messages(&query);
    let why = |id: &str| {
        let row = page.rows.iter().find(|row| row.id == id).unwrap();
        run.lifecycle(row.handle).unwrap().why
    };
    let both = "Last seen at importer at 2026-03-14 02:00:02.002 UTC, \
                furthest at enricher at 2026-03-14 02:00:01.000 UTC; expected at store";
    assert!(why("o-1").starts_with(both), "{}", why("o-1"));
    let one = "Last seen at enricher at 2026-03-14 02:00:03.000 UTC; expected at store";
    assert!(why("o-2").starts_with(one), "{}", why("o-2"));
    // Files are read as a whole: there is no other time to read them over.
    let span = lastseen::domain::time::Span::new(now(), now());
    assert!(run.wider(span).is_err());
}
