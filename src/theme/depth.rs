//! How many colours the terminal shows, and the nearest colour it has.
//!
//! Nearness is distance in OKLab (Björn Ottosson, 2020), which follows the eye better than RGB does.

use ratatui::style::Color;

/// How many colours there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// None.
    Mono,
    /// The terminal's own sixteen.
    Ansi16,
    /// The 256 of xterm.
    Ansi256,
    /// All.
    True,
}

/// Terminals whose TERM names them and that show all colours; over SSH only TERM arrives.
const TRUE: [&str; 5] = ["kitty", "alacritty", "ghostty", "wezterm", "foot"];

impl Depth {
    /// What may be asked for by name; `auto` looks at the terminal.
    pub const WORDS: [&str; 5] = ["auto", "never", "16", "256", "truecolor"];

    /// The one with this name; `None` for `auto` and for what is no name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "never" => Self::Mono,
            "16" => Self::Ansi16,
            "256" => Self::Ansi256,
            "truecolor" => Self::True,
            _ => return None,
        })
    }

    /// By the environment: NO_COLOR, then COLORTERM, then TERM.
    #[must_use]
    pub fn detect(no_color: bool, colorterm: &str, term: &str) -> Self {
        if no_color || term == "dumb" {
            Self::Mono
        } else if matches!(colorterm, "truecolor" | "24bit")
            || term.ends_with("-direct")
            || term.ends_with("-truecolor")
            || TRUE.iter().any(|name| term.contains(name))
        {
            Self::True
        } else if term.contains("256") || !colorterm.is_empty() {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }

    /// The nearest colour of this depth.
    #[must_use]
    pub fn nearest(self, color: Color) -> Color {
        let Color::Rgb(r, g, b) = color else {
            return if self == Self::Mono {
                Color::Reset
            } else {
                color
            };
        };
        match self {
            Self::Mono => Color::Reset,
            Self::True => color,
            // The first sixteen are the user's own and may be anything.
            Self::Ansi256 => Color::Indexed(closest(16..=255, [r, g, b])),
            Self::Ansi16 => Color::Indexed(closest(0..=15, [r, g, b])),
        }
    }
}

fn closest(indices: std::ops::RangeInclusive<u8>, rgb: [u8; 3]) -> u8 {
    let wanted = oklab(rgb);
    let distance = |i: &u8| {
        let here = oklab(xterm(*i));
        (0..3).map(|k| (here[k] - wanted[k]).powi(2)).sum::<f32>()
    };
    indices
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(7)
}

/// The colour that xterm shows for an index (its default for the first sixteen).
#[must_use]
pub fn xterm(index: u8) -> [u8; 3] {
    const FIRST: [[u8; 3]; 16] = [
        [0, 0, 0],
        [205, 0, 0],
        [0, 205, 0],
        [205, 205, 0],
        [0, 0, 238],
        [205, 0, 205],
        [0, 205, 205],
        [229, 229, 229],
        [127, 127, 127],
        [255, 0, 0],
        [0, 255, 0],
        [255, 255, 0],
        [92, 92, 255],
        [255, 0, 255],
        [0, 255, 255],
        [255, 255, 255],
    ];
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match index {
        0..=15 => FIRST[usize::from(index)],
        16..=231 => {
            let n = usize::from(index - 16);
            [LEVELS[n / 36], LEVELS[n / 6 % 6], LEVELS[n % 6]]
        }
        232..=255 => [8 + (index - 232) * 10; 3],
    }
}

fn oklab(rgb: [u8; 3]) -> [f32; 3] {
    let linear = rgb.map(|c| {
        let c = f32::from(c) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    let dot = |m: [f32; 3], v: [f32; 3]| m[0] * v[0] + m[1] * v[1] + m[2] * v[2];
    let lms = [
        dot([0.412_221_46, 0.536_332_55, 0.051_445_995], linear).cbrt(),
        dot([0.211_903_5, 0.680_699_5, 0.107_396_96], linear).cbrt(),
        dot([0.088_302_46, 0.281_718_85, 0.629_978_7], linear).cbrt(),
    ];
    [
        dot([0.210_454_26, 0.793_617_8, -0.004_072_047], lms),
        dot([1.977_998_5, -2.428_592_2, 0.450_593_7], lms),
        dot([0.025_904_037, 0.782_771_77, -0.808_675_77], lms),
    ]
}
