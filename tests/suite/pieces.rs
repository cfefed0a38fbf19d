//! The small pure functions: what they give for a few telling inputs.

mod runtime_keys {
    use crossterm::event::*;
    use lastseen::runtime::keys::*;

    fn chord(code: KeyCode, modifiers: KeyModifiers) -> Vec<String> {
        let chords = chords(KeyEvent::new(code, modifiers));
        chords.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn keys_become_chords() {
        let none = KeyModifiers::NONE;
        assert_eq!(chord(KeyCode::Char('G'), KeyModifiers::SHIFT), ["G"]);
        assert_eq!(chord(KeyCode::Char('d'), KeyModifiers::CONTROL), ["ctrl-d"]);
        assert_eq!(chord(KeyCode::Char(' '), none), ["space"]);
        assert_eq!(chord(KeyCode::Char('x'), KeyModifiers::ALT), ["esc", "x"]);
        assert!(chord(KeyCode::F(1), none).is_empty());
        let mut release = KeyEvent::new(KeyCode::Enter, none);
        release.kind = KeyEventKind::Release;
        assert!(chords(release).is_empty());
    }
}

mod ui_text {
    use lastseen::app::words::words;
    use lastseen::ui::cut::*;

    #[test]
    fn cutting_leaves_an_ellipsis() {
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("abcd", 4), "abcd");
        assert_eq!(fit("注文番号", 5), "注文…");
        assert_eq!(fit("abc", 0), "");
        assert_eq!(fit_middle("0123456789", 7), "0123…89");
        assert_eq!(fit_end("/a/b/engine", 7), "…engine");
    }

    #[test]
    fn words_wrap() {
        assert_eq!(words("one two three", 7), ["one two", "three"]);
        assert_eq!(words("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(words("a\x1b[2J", 9), ["a␛[2J"]);
    }
}

mod ui_format {
    use lastseen::app::zone::Zone;
    use lastseen::domain::show::bytes;
    use lastseen::domain::time::Timestamp;
    use lastseen::ui::format::*;

    #[test]
    fn numbers() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(12), "12");
        assert_eq!(percent(312, 4180), "7.5%");
        assert_eq!(percent(1, 100_000), "<0.1%");
        assert_eq!(percent(99_999, 100_000), ">99.9%");
        assert_eq!(percent(1, 0), "");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_234_567), "1.2 MB");
    }

    #[test]
    fn durations() {
        let cases = [
            (12, "12ms"),
            (1_240, "1.2s"),
            (41_000, "41s"),
            (245_000, "4m05s"),
            (7_980_000, "2h13m"),
            (273_600_000, "3d04h"),
            (-1_500, "-1.5s"),
        ];
        for (ms, text) in cases {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn times_bear_their_zone() {
        let mut zone = Zone::new(Some(chrono_tz::Europe::Berlin));
        let time = Timestamp(1_795_313_647_123);
        assert_eq!(clock_ms(zone, time), "02:14:07.123");
        assert!(zone.cycle());
        assert_eq!(clock(zone, time), "03:14:07");
        assert_eq!(zone.name(), "Europe/Berlin");
        assert_eq!(clock(zone, Timestamp::MAX), format!("{}ms", i64::MAX));
    }
}

mod app_logtext {
    use lastseen::app::logtext::*;
    use lastseen::sources::texts::RawEvent;

    fn readable(text: &str) -> Vec<String> {
        let raw = RawEvent {
            raw: b"{}".to_vec(),
            text: text.as_bytes().to_vec(),
        };
        LogText::new(&raw, None).readable
    }

    #[test]
    fn json_is_indented_and_nothing_else_changes() {
        assert_eq!(
            readable(r#"{"a":1.50,"a":"x,{\"}","b":[],"c":[1,{"d":null}]}"#),
            [
                "{",
                "  \"a\": 1.50,",
                "  \"a\": \"x,{\\\"}\",",
                "  \"b\": [],",
                "  \"c\": [",
                "    1,",
                "    {",
                "      \"d\": null",
                "    }",
                "  ]",
                "}"
            ]
        );
    }

    #[test]
    fn a_prefix_stays_on_its_own_line() {
        assert_eq!(
            readable("INFO done {\"a\":1}"),
            ["INFO done", "{", "  \"a\": 1", "}"]
        );
    }

    #[test]
    fn what_is_not_json_keeps_its_lines() {
        assert_eq!(readable("at {x}\n\tframe\x1b[0m"), ["at {x}", "␉frame␛[0m"]);
    }

    #[test]
    fn wrapping_counts_columns() {
        assert_eq!(wrap("abcde", 2).collect::<Vec<_>>(), ["ab", "cd", "e"]);
        assert_eq!(wrap("注文", 3).collect::<Vec<_>>(), ["注", "文"]);
        assert_eq!(wrap("", 3).collect::<Vec<_>>(), [""]);
    }
}

mod theme_depth {
    use lastseen::theme::depth::*;
    use ratatui::style::Color;

    #[test]
    fn the_environment_decides() {
        assert_eq!(Depth::detect(true, "truecolor", "xterm"), Depth::Mono);
        assert_eq!(Depth::detect(false, "truecolor", "xterm"), Depth::True);
        assert_eq!(Depth::detect(false, "", "screen-256color"), Depth::Ansi256);
        assert_eq!(Depth::detect(false, "", "xterm"), Depth::Ansi16);
        assert_eq!(Depth::detect(false, "", "dumb"), Depth::Mono);
    }

    #[test]
    fn nearest_colours() {
        let red = Color::Rgb(255, 0, 0);
        assert_eq!(Depth::Ansi256.nearest(red), Color::Indexed(196));
        assert_eq!(Depth::Ansi16.nearest(red), Color::Indexed(9));
        assert_eq!(Depth::True.nearest(red), red);
        assert_eq!(Depth::Mono.nearest(red), Color::Reset);
        assert_eq!(Depth::Ansi256.nearest(Color::Reset), Color::Reset);
    }
}

mod domain_safe {
    use std::borrow::Cow;

    use lastseen::domain::safe::*;

    #[test]
    fn plain_text_is_untouched() {
        assert!(matches!(
            safe("plain {\"a\":1}"),
            Cow::Borrowed("plain {\"a\":1}")
        ));
        assert_eq!(safe("größer 注文 🚀"), "größer 注文 🚀");
        assert_eq!(safe("e\u{301}"), "e\u{301}");
    }

    #[test]
    fn controls_become_pictures() {
        assert_eq!(safe("\x1b[31mred\r\n\x07\x7f"), "␛[31mred␍␊␇␡");
        assert_eq!(safe("\u{9b}2J"), "<U+009B>2J");
    }

    #[test]
    fn what_hides_or_reorders_is_named() {
        assert_eq!(safe("a\u{202e}b\u{2066}c"), "a<U+202E>b<U+2066>c");
        assert_eq!(safe("a\u{200b}\u{feff}"), "a<U+200B><U+FEFF>");
        assert_eq!(safe("x\u{e0041}"), "x<U+E0041>");
        assert_eq!(safe("a\u{2028}b"), "a<U+2028>b");
    }

    #[test]
    fn marks_need_a_base_and_do_not_pile_up() {
        assert_eq!(safe("\u{301}a"), "<U+0301>a");
        let tower = format!("a{}", "\u{301}".repeat(5));
        assert_eq!(safe(&tower), "a\u{301}\u{301}\u{301}<U+0301><U+0301>");
    }

    #[test]
    fn bytes_that_are_not_text_are_shown_as_numbers() {
        assert_eq!(safe_bytes(b"ok\xff\x00"), "ok\\xFF␀");
    }
}
