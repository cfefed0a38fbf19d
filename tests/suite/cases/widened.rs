//! Another range of time, asked for in the dashboard: it is read into the same case, and what is there is
//! not fetched again.

use std::fs::File;
use std::path::Path;

use lastseen::case::contents::Contents;
use lastseen::case::scan::Depth;
use lastseen::domain::mask::Key;
use lastseen::domain::time::Timestamp;

use crate::support::alone::folder;
use crate::support::binary::KEYS;
use crate::support::pty::Pty;
use crate::support::shop::{self, FROM};

use super::program::{kept, lastseen};

fn secret(case: &Path) -> Key {
    let contents = Contents::read(&File::open(case).unwrap(), Depth::Skim).unwrap();
    contents.secret.expect("the secret of the case")
}

#[test]
fn a_wider_range_loads_what_is_missing_into_the_same_case() {
    let fake = shop::fake();
    let pages = || fake.calls("FilterLogEvents").len();
    let home = folder("widened");
    shop::configure(&home, fake.url(), "");
    let time = |ms: i64| Timestamp(FROM + ms).to_rfc3339();
    let (from, to) = (time(300_000), time(420_000));
    let alone = ("AWS_EC2_METADATA_DISABLED", "true");
    let vars = [("HOME", home.to_str().unwrap()), KEYS[0], KEYS[1], alone];
    let args = ["--from", &from, "--to", &to];
    let mut pty = Pty::start_in(&home, &args, 120, 40, &vars);
    pty.wait("complete: all 2");
    pty.wait("10 entered");
    let first = pages();
    let key = secret(&kept(&home)[0]);
    pty.send("6aa note\r");
    pty.wait("noted at");
    pty.send("1W+5m\r");
    pty.wait("40 entered");
    pty.wait("complete: all 2");
    let second = pages() - first;
    // What was written stays, and more can be.
    pty.send("6");
    pty.wait("1 entry");
    pty.send("aanother\r");
    pty.wait("2 entries");
    pty.send("\x03");
    assert_eq!(pty.end().exit_code(), 0);
    assert_eq!(kept(&home).len(), 1, "one case");
    assert_eq!(secret(&kept(&home)[0]), key, "pseudonyms stay");
    let window = shop::window();
    let mut args = vec!["check", "--json", "--fresh"];
    args.extend(window.iter().map(String::as_str));
    assert_eq!(lastseen(&home, &KEYS, &args).code, 1);
    let all = pages() - first - second;
    assert!(second * 2 < all, "{second} of {all} pages");
}
