//! A small pipeline with forty orders, two of which are lost, as log groups of the fake service and
//! as files.
//!
//! Order n is received at 10 n seconds, and a second later the engine picks it up and a second
//! later is done with it. Order 30 never reaches the engine, order 35 never comes out of it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lastseen::domain::time::Timestamp;

use super::fake_cloudwatch::{Event, FakeCloudWatch};

/// When the first order is received.
pub(crate) const FROM: i64 = 1_760_000_000_000;
/// How many orders there are.
pub(crate) const ORDERS: i64 = 40;
/// The first never reaches the engine, the second never leaves it.
pub(crate) const LOST: [&str; 2] = ["o-30", "o-35"];
/// Its log groups.
pub(crate) const QUEUE: &str = "/shop/queue";
pub(crate) const ENGINE: &str = "/shop/engine";

const PIPELINE: &str = r#"
[pipeline.orders]
id = ['order=(?<id>o-\d+)']
[[pipeline.orders.stage]]
name = "queue"
from = ["*queue"]
enter = 'received'
[[pipeline.orders.stage]]
name = "engine"
from = ["*engine"]
enter = 'picked up'
exit = 'done'
within = "5s"
"#;

/// The window with all orders in it; with its margin each log group is read as two pieces, and the
/// newer begins with order 12.
pub(crate) fn window() -> [String; 4] {
    let time = |ms: i64| Timestamp(FROM + ms).to_rfc3339();
    ["--from".into(), time(0), "--to".into(), time(7 * 60_000)]
}

/// What both log groups hold: time, text.
fn lines() -> [Vec<(i64, String)>; 2] {
    let (mut queue, mut engine) = (Vec::new(), Vec::new());
    for n in 0..ORDERS {
        let (time, id) = (FROM + n * 10_000, format!("o-{n:02}"));
        queue.push((time, format!("order={id} received")));
        if id != LOST[0] {
            engine.push((time + 1_000, format!("order={id} picked up")));
        }
        if !LOST.contains(&id.as_str()) {
            engine.push((time + 2_000, format!("order={id} done")));
        }
    }
    [queue, engine]
}

/// A service with both log groups, in pages of ten.
pub(crate) fn fake() -> FakeCloudWatch {
    let fake = FakeCloudWatch::start(10);
    for (group, lines) in [QUEUE, ENGINE].into_iter().zip(lines()) {
        let event = |(n, (time, text)): (usize, &(i64, String))| {
            Event::new(*time, &format!("{group}-{n}"), text)
        };
        let events = lines.iter().enumerate().map(event).collect();
        fake.group("us-east-1", group, events);
    }
    fake
}

/// Writes the configuration: the environment qa behind `url`, with more `keys` of its table.
pub(crate) fn configure(folder: &Path, url: &str, keys: &str) {
    let text = format!(
        "{PIPELINE}\n[[environment]]\nname = \"qa\"\nregions = [\"us-east-1\"]\nendpoint_url = \"{url}\"\n{keys}\n"
    );
    fs::write(folder.join("lastseen.toml"), text).unwrap();
}

/// Writes the same orders into files of the environment dev, and configures them.
pub(crate) fn add_files(folder: &Path) {
    fs::create_dir_all(folder.join("logs/dev")).unwrap();
    for (name, lines) in ["queue", "engine"].into_iter().zip(lines()) {
        let mut text = String::new();
        for (time, line) in lines {
            writeln!(text, "{} {line}", Timestamp(time).to_rfc3339()).unwrap();
        }
        fs::write(folder.join(format!("logs/dev/{name}.log")), text).unwrap();
    }
    let path = folder.join("lastseen.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        path,
        text + "[[files]]\npath = \"logs/{env}/{group}.log\"\n",
    )
    .unwrap();
}
