//! What flags, variables and the configuration say of looks, and what is wrong with it.

use std::ffi::OsString;
use std::fs;

use lastseen::cli::flags::Flags;
use lastseen::cli::look;
use lastseen::cli::surroundings::{Surroundings, TerminalVariables};
use lastseen::config::file::File;
use lastseen::domain::time::Timestamp;
use lastseen::runtime::look::Look;
use lastseen::theme::ascii::Signs;
use lastseen::theme::bundled::Pair;
use lastseen::theme::depth::Depth;

use clap::Parser;

struct Around {
    folder: tempfile::TempDir,
    around: Surroundings,
}

fn around() -> Around {
    let folder = tempfile::tempdir().unwrap();
    let around = Surroundings {
        now: Timestamp(0),
        local: chrono_tz::Tz::UTC,
        folder: folder.path().to_owned(),
        aws_region: None,
        no_color: false,
        terminal: TerminalVariables {
            themes: Some(folder.path().to_owned()),
            term: "xterm-256color".into(),
            ..TerminalVariables::default()
        },
        stdin_terminal: true,
        stdout_terminal: true,
        stderr_terminal: true,
    };
    Around { folder, around }
}

fn asked(line: &str, config: &str, around: &Surroundings) -> Result<Look, String> {
    let args = std::iter::once("lastseen").chain(line.split_whitespace());
    let flags = Flags::try_parse_from(args.map(OsString::from)).unwrap();
    let file = File::parse("lastseen.toml", &around.folder, config);
    assert_eq!(file.errors, [], "{config}");
    let told = look::look(&flags.common, &file.look, around);
    told.map_err(|complaint| {
        let mut said = Vec::new();
        complaint.write(&mut said);
        String::from_utf8(said).unwrap()
    })?
    .map_err(|errors| errors.to_string())
}

fn pair(dark: &str, light: &str) -> Pair {
    Pair {
        dark: dark.into(),
        light: light.into(),
    }
}

#[test]
fn the_flag_beats_the_configuration() {
    let Around { folder, around } = around();
    let themes = |line, config| asked(line, config, &around).unwrap().themes;
    let both = "theme = { dark = \"gruvbox\", light = \"gruvbox-light\" }";
    assert_eq!(themes("", ""), None);
    assert_eq!(themes("", "theme = \"ito\""), Some(pair("ito", "ito")));
    assert_eq!(themes("", both), Some(pair("gruvbox", "gruvbox-light")));
    assert_eq!(themes("--theme mono", both), Some(pair("mono", "mono")));
    fs::write(folder.path().join("night.toml"), "inherits = \"dusk\"\n").unwrap();
    assert_eq!(
        themes("", "theme = \"night\""),
        Some(pair("night", "night"))
    );
}

#[test]
fn an_unknown_theme_is_told_with_its_place_and_the_nearest_name() {
    let Around { folder, around } = around();
    fs::write(folder.path().join("night.toml"), "inherits = \"dusk\"\n").unwrap();
    let wrong = |line, config| asked(line, config, &around).unwrap_err();
    let said = wrong("", "\ntheme = \"gruvbx\"\n");
    assert!(
        said.starts_with(
            "error: lastseen.toml:2:9: theme: unknown theme `gruvbx`\nhelp: did you mean `gruvbox`?"
        ),
        "{said}"
    );
    let said = wrong("", "theme = { dark = \"nigth\", light = \"papr\" }");
    assert!(
        said.contains(
            "lastseen.toml:1:18: theme.dark: unknown theme `nigth`\nhelp: did you mean `night`?"
        ) && said.contains("theme.light: unknown theme `papr`\nhelp: did you mean `paper`?"),
        "{said}"
    );
    let said = wrong("--theme dsk", "");
    assert!(
        said.starts_with("error: --theme: unknown theme `dsk`\nhelp: did you mean `dusk`?"),
        "{said}"
    );
}

#[test]
fn how_many_colours_is_asked_in_order() {
    let Around { around, .. } = around();
    let depth = |line: &str, variable: Option<&str>, no_color: bool| {
        let around = Surroundings {
            no_color,
            terminal: TerminalVariables {
                color: variable.map(Into::into),
                ..around.terminal.clone()
            },
            ..around.clone()
        };
        asked(line, "", &around).map(|look| look.depth)
    };
    assert_eq!(depth("", None, false), Ok(Depth::Ansi256));
    assert_eq!(depth("", None, true), Ok(Depth::Mono));
    assert_eq!(depth("", Some("16"), true), Ok(Depth::Ansi16));
    assert_eq!(depth("", Some("auto"), true), Ok(Depth::Ansi256));
    assert_eq!(
        depth("--color truecolor", Some("16"), true),
        Ok(Depth::True)
    );
    assert_eq!(depth("--color never", Some("16"), false), Ok(Depth::Mono));
    assert_eq!(depth("--no-color", Some("16"), false), Ok(Depth::Mono));
    let said = depth("", Some("truecolour"), false).unwrap_err();
    assert!(said.contains("LASTSEEN_COLOR is `truecolour`"), "{said}");
    assert!(said.contains("did you mean `truecolor`?"), "{said}");
}

#[test]
fn glyphs_are_asked_for_or_found() {
    let Around { mut around, .. } = around();
    let signs = |config, around: &Surroundings| asked("", config, around).unwrap().signs;
    assert_eq!(signs("", &around), Signs::Unicode);
    assert_eq!(signs("glyphs = \"ascii\"", &around), Signs::Ascii);
    around.terminal.locale = "C".into();
    assert_eq!(signs("", &around), Signs::Ascii);
    assert_eq!(signs("glyphs = \"unicode\"", &around), Signs::Unicode);
}
