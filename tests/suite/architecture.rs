//! Holds the line between the layers: one crate has no other wall.
//!
//! Each failure names file, line and the rule that is broken. The rules are tested themselves, on
//! snippets that break them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use source::{Source, line_of};

mod source;

/// Each layer and those it may name. Whoever is not listed may name nothing.
const LAYERS: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("clock", &["domain"]),
    ("config", &["domain"]),
    ("sources", &["config", "domain"]),
    ("diagnose", &["domain"]),
    ("case", &["sources", "config", "domain"]),
    ("load", &["case", "sources", "config", "diagnose", "domain"]),
    ("report", &["diagnose", "domain"]),
    ("theme", &["domain"]),
    ("app", &["load", "sources", "config", "diagnose", "domain"]),
    (
        "ui",
        &[
            "app", "theme", "load", "sources", "config", "diagnose", "domain",
        ],
    ),
    (
        "runtime",
        &[
            "clock", "ui", "app", "theme", "load", "report", "sources", "config", "diagnose",
            "domain",
        ],
    ),
];

/// The layers on top, which may name all others.
const TOP: [&str; 3] = ["cli", "lib", "main"];

/// Crates (by the beginning of their name), or paths of the standard library, and the only places
/// that may name them.
const CONFINED: [(&str, &[&str]); 8] = [
    ("aws_", &["sources/cloudwatch"]),
    ("ratatui", &["ui", "theme", "runtime"]),
    ("crossterm", &["runtime"]),
    (
        "tokio",
        &["runtime", "sources/cloudwatch", "load", "cli", "main"],
    ),
    ("clap", &["cli", "main"]),
    (
        "std::fs",
        &[
            "config/lookup",
            "sources",
            "case",
            "load",
            "theme",
            "runtime",
            "cli",
            "main",
        ],
    ),
    ("std::net", &["sources/cloudwatch"]),
    ("std::process", &["runtime", "cli", "main"]),
];

/// Layers in which time is an argument.
const TIMELESS: [&str; 8] = [
    "domain",
    "diagnose",
    "config",
    "report",
    "theme",
    "app",
    "ui",
    "sources/demo",
];

/// A file does one thing.
const MAX_LINES: usize = 400;

/// What may stand at the top of the repository beside what begins with a dot.
const TOP_LEVEL: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "themes",
    "tests",
    "README.md",
    "target",
];

static COLOUR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?-u)\bColor::\w+").unwrap());
static HEX: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?-u)#[0-9a-fA-F]{6}\b").unwrap());
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)\b(?:Utc|Local|SystemTime|Instant)::now\b").unwrap());

fn layer(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// Whether `file` lies in `place`: a layer, a folder, or files that begin so.
fn lies_in(file: &str, place: &str) -> bool {
    if place.contains('/') {
        return file.starts_with(place);
    }
    layer(file) == place
}

/// Everything that is wrong with these files.
fn violations(sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|s| s.module.clone()).collect();
    let mut wrong = Vec::new();
    for source in sources {
        wrong.extend(shape(source));
        wrong.extend(literals(source));
        wrong.extend(confined(source));
        wrong.extend(upward(source, &modules));
    }
    wrong.extend(circles(sources, &modules));
    wrong
}

fn shape(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    let file = &source.file;
    if !source.text.trim_start().starts_with("//!") {
        wrong.push(format!(
            "src/{file}:1: has no `//!` that says why it exists"
        ));
    }
    let lines = source.text.lines().count();
    if lines > MAX_LINES {
        wrong.push(format!(
            "src/{file}:{MAX_LINES}: has {lines} lines, more than {MAX_LINES}"
        ));
    }
    if file.ends_with("/mod.rs") || file == "mod.rs" {
        wrong.push(format!(
            "src/{file}:1: write foo.rs beside foo/ instead of foo/mod.rs"
        ));
    }
    wrong
}

/// Colours and clocks where they do not belong.
fn literals(source: &Source) -> Vec<String> {
    let file = &source.file;
    let mut wrong = Vec::new();
    let mut find = |pattern: &Regex, text: &str, rule: &str| {
        for found in pattern.find_iter(text) {
            let line = line_of(text, found.start());
            wrong.push(format!("src/{file}:{line}: `{}`: {rule}", found.as_str()));
        }
    };
    if layer(file) != "theme" {
        let rule = "a colour outside `theme` and themes/";
        find(&COLOUR, &source.bare, rule);
        find(&HEX, &source.code, rule);
    }
    if TIMELESS.iter().any(|place| lies_in(file, place)) {
        let rule = "time is an argument here";
        find(&CLOCK, &source.bare, rule);
    }
    wrong
}

fn confined(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for named in source.named() {
        let path = named.path.join("::");
        for (what, places) in CONFINED {
            let hit = if what.contains("::") {
                path == what || path.starts_with(&format!("{what}::"))
            } else {
                // A crate may also be reached through another one: `ratatui::crossterm`.
                let through = named.path.iter().take(2).skip(1).any(|s| s == what);
                named.path[0].starts_with(what) || through
            };
            if hit && !places.iter().any(|place| lies_in(&source.file, place)) {
                wrong.push(format!(
                    "src/{}:{}: `{path}`: only {} may name {what}",
                    source.file,
                    named.line,
                    places.join(", ")
                ));
            }
        }
    }
    wrong
}

fn upward(source: &Source, modules: &BTreeSet<Vec<String>>) -> Vec<String> {
    let mut wrong = Vec::new();
    let own = layer(&source.file);
    for named in source.named() {
        let Some(target) = source.absolute(&named.path, modules) else {
            continue;
        };
        let path = named.path.join("::");
        let at = format!("src/{}:{}", source.file, named.line);
        let Some(other) = target.first() else {
            continue;
        };
        if other == own || TOP.contains(&own) {
            continue;
        }
        let allowed = LAYERS.iter().find(|(name, _)| *name == own);
        let allowed = allowed.map_or(&[][..], |(_, allowed)| allowed);
        if !allowed.contains(&other.as_str()) {
            let may = match allowed {
                [] => "nothing".to_owned(),
                list => list.join(", "),
            };
            wrong.push(format!(
                "{at}: `{path}`: `{own}` may name {may}, not `{other}`"
            ));
        }
    }
    wrong
}

/// One circle, if there is one: files that name each other, directly or round about.
fn circles(sources: &[Source], modules: &BTreeSet<Vec<String>>) -> Option<String> {
    let by_module: BTreeMap<&[String], usize> = sources
        .iter()
        .enumerate()
        .filter(|(_, s)| s.file != "main.rs")
        .map(|(index, s)| (s.module.as_slice(), index))
        .collect();
    let mut edges: Vec<Vec<(usize, usize)>> = Vec::new();
    for source in sources {
        let mut out = Vec::new();
        for named in source.named() {
            let target = source.absolute(&named.path, modules);
            if let Some(&to) = target.as_deref().and_then(|t| by_module.get(t))
                && sources[to].file != source.file
            {
                out.push((to, named.line));
            }
        }
        edges.push(out);
    }
    // Files that name only files already placed are placed in turn; what is left holds a circle.
    let mut placed = vec![false; sources.len()];
    while let Some(next) = (0..sources.len())
        .find(|&file| !placed[file] && edges[file].iter().all(|(to, _)| placed[*to]))
    {
        placed[next] = true;
    }
    let mut file = placed.iter().position(|placed| !placed)?;
    let mut path: Vec<(usize, usize)> = Vec::new();
    while path.iter().all(|(seen, _)| *seen != file) {
        let (to, line) = *edges[file].iter().find(|(to, _)| !placed[*to])?;
        path.push((file, line));
        file = to;
    }
    let start = path.iter().position(|(seen, _)| *seen == file)?;
    let steps: Vec<String> = path[start..]
        .iter()
        .map(|(file, line)| format!("src/{}:{line}", sources[*file].file))
        .collect();
    Some(format!(
        "a circle between files: {} -> src/{}",
        steps.join(" -> "),
        sources[file].file
    ))
}

fn read(folder: &Path, base: &Path, out: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, base, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let file = path
                .strip_prefix(base)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            out.push(Source::new(&file, &fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn the_layers_hold() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    read(&base, &base, &mut sources);
    sources.sort_by(|a, b| a.file.cmp(&b.file));
    assert!(sources.len() > 10, "the sources were not found");
    let wrong = violations(&sources);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn stray(names: &[String]) -> Vec<String> {
    let known = |name: &str| {
        name.starts_with('.') || name.starts_with("LICENSE") || TOP_LEVEL.contains(&name)
    };
    names
        .iter()
        .filter(|name| !known(name))
        .map(|name| format!("{name}:1: does not belong at the top of the repository"))
        .collect()
}

#[test]
fn the_top_of_the_repository_is_tidy() {
    let names: Vec<String> = fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wrong = stray(&names);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(stray(&["notes.md".to_owned()]).len(), 1);
    assert!(stray(&["LICENSE-MIT".to_owned(), ".ci".to_owned()]).is_empty());
}

/// What is wrong with these snippets; each gets its `//!`.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Source> = files
        .iter()
        .map(|(file, text)| Source::new(file, &format!("//! Why.\n{text}\n")))
        .collect();
    violations(&sources)
}

#[test]
fn an_upward_use_is_found_however_it_is_written() {
    let snippets = [
        "use crate::load::Answers;",
        "use crate::{\n    domain::x,\n    load::Answers,\n};",
        "pub(crate) fn f() { crate::load::go(); }",
        "use super::load::Answers;",
        "use super::super::nothing;\nuse super::{load as l};",
        "fn f(x: &dyn crate::load::Answers) {}",
    ];
    for snippet in snippets {
        let wrong = told(&[("domain.rs", snippet), ("load.rs", "")]);
        assert_eq!(wrong.len(), 1, "{snippet}: {wrong:?}");
        assert!(
            wrong[0].contains("`domain` may name nothing, not `load`"),
            "{wrong:?}"
        );
        assert!(wrong[0].starts_with("src/domain.rs:"), "{wrong:?}");
    }
    let wrong = told(&[
        ("ui/board.rs", "\nuse crate::runtime::clock;"),
        ("runtime.rs", ""),
    ]);
    assert!(
        wrong[0]
            .starts_with("src/ui/board.rs:3: `crate::runtime::clock`: `ui` may name app, theme")
    );
    // A layer that nobody has thought of may name nothing.
    assert_eq!(
        told(&[("helpers.rs", "use crate::domain::x;"), ("domain.rs", "")]).len(),
        1
    );
}

#[test]
fn what_is_no_code_is_no_use() {
    let snippets = [
        "// use crate::load::Answers;",
        "/* crate::load /* nested */ crate::load */",
        "//! [`crate::load::Answers`]",
        r##"const A: &str = "use crate::load;"; const B: &str = r#"crate::load "quoted" "#;"##,
        r#"const C: &[char] = &['"', '\'', '\\']; fn f<'a>(x: &'a str) {} // "crate::load"#,
        "#[cfg(test)]\nmod tests { use crate::load::Answers; }",
    ];
    for snippet in snippets {
        let wrong = told(&[("domain.rs", snippet), ("load.rs", "")]);
        assert!(wrong.is_empty(), "{snippet}: {wrong:?}");
    }
    // The reader finds its way back after a text.
    let wrong = told(&[
        ("domain.rs", "const A: char = '\"'; use crate::load::x;"),
        ("load.rs", ""),
    ]);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
}

#[test]
fn a_circle_is_found_with_its_lines() {
    let wrong = told(&[
        ("config.rs", "pub mod a;\npub mod b;\npub mod c;"),
        ("config/a.rs", "use super::b::B;"),
        ("config/b.rs", "\nfn f() { crate::config::c::go() }"),
        ("config/c.rs", "use super::a;"),
    ]);
    assert_eq!(
        wrong,
        [
            "a circle between files: src/config/a.rs:2 -> src/config/b.rs:3 -> src/config/c.rs:2 -> src/config/a.rs"
        ]
    );
    let wrong = told(&[
        ("config.rs", "pub mod a;\nuse a::A;\npub struct P;"),
        ("config/a.rs", "use super::P;"),
    ]);
    assert_eq!(
        wrong.len(),
        1,
        "a parent that uses its child, which uses it: {wrong:?}"
    );
    let fine = told(&[
        ("config.rs", "pub mod a;\npub mod b;"),
        ("config/a.rs", "use super::b::B;"),
        ("config/b.rs", "pub struct B;"),
    ]);
    assert!(fine.is_empty(), "{fine:?}");
}

#[test]
fn crates_and_clocks_stay_in_their_places() {
    let rows = [
        (
            "sources/files.rs",
            "use aws_sdk_cloudwatchlogs::Client;",
            true,
        ),
        (
            "sources/cloudwatch/page.rs",
            "use aws_sdk_cloudwatchlogs::Client;",
            false,
        ),
        ("sources/cloudwatch.rs", "use tokio::time::sleep;", false),
        ("app/model.rs", "use ratatui::style::Style;", true),
        ("ui/board.rs", "use ratatui::style::Style;", false),
        ("ui/board.rs", "use ratatui::crossterm::event;", true),
        (
            "ui/board.rs",
            "fn f() { crossterm::terminal::size(); }",
            true,
        ),
        ("app/model.rs", "use tokio::sync::mpsc;", true),
        ("domain/x.rs", "use std::fs;", true),
        ("domain/x.rs", "use std::{fmt, fs::File};", true),
        ("report/x.rs", "fn f() { std::process::exit(1) }", true),
        ("config/x.rs", "use clap::Parser;", true),
        (
            "domain/x.rs",
            "use chrono::Utc;\nfn f() { Utc::now(); }",
            true,
        ),
        ("app/x.rs", "fn f() { std::time::Instant::now(); }", true),
        (
            "runtime/clock.rs",
            "fn f() { std::time::Instant::now(); }",
            false,
        ),
        ("ui/board.rs", "fn f() { Color::Red; }", true),
        ("ui/board.rs", "const C: &str = \"#ff8800\";", true),
        ("theme/parse.rs", "fn f() { Color::Red; }", false),
    ];
    for (file, text, bad) in rows {
        let wrong = told(&[(file, text)]);
        assert_eq!(!wrong.is_empty(), bad, "{file}: {text}: {wrong:?}");
    }
}

#[test]
fn the_shape_of_a_file_is_held() {
    let bare = [Source::new("domain/x.rs", "pub struct X;\n")];
    assert_eq!(
        violations(&bare),
        ["src/domain/x.rs:1: has no `//!` that says why it exists"]
    );
    let long = told(&[("domain/x.rs", &"\n".repeat(400))]);
    assert!(long[0].contains("more than 400"), "{long:?}");
    let old = told(&[("domain/mod.rs", "")]);
    assert!(old[0].contains("instead of foo/mod.rs"), "{old:?}");
}
