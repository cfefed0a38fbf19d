//! Contrast and distance of colours, computed as their authors wrote them down.

use lastseen::theme::bundled;
use lastseen::theme::depth::xterm;
use ratatui::style::Color;

/// The themes of colours that are ours and can be measured; the others leave all to the terminal.
pub(super) fn coloured() -> impl Iterator<Item = &'static str> {
    bundled::names().filter(|name| !matches!(*name, "ansi" | "mono"))
}

/// What is shown, where that is known.
pub(super) fn rgb(color: Color) -> Option<[u8; 3]> {
    match color {
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(i @ 16..) => Some(xterm(i)),
        _ => None,
    }
}

fn linear(rgb: [u8; 3]) -> [f64; 3] {
    rgb.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn times(m: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// Contrast ratio, WCAG 2.1 (1.4.3).
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let luminance = |rgb| {
        let [r, g, b] = linear(rgb);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Kinds of vision (Machado, Oliveira and Fernandes 2009, severity 1).
pub(super) const VISIONS: [(&str, [[f64; 3]; 3]); 4] = [
    (
        "normal",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protan",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deutan",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritan",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

/// Distance in OKLab (Ottosson 2020) as somebody of this vision sees it.
pub(super) fn distance(a: [u8; 3], b: [u8; 3], vision: [[f64; 3]; 3]) -> f64 {
    let lab = |rgb| {
        let seen = times(vision, linear(rgb)).map(|c| c.clamp(0.0, 1.0));
        let lms = times(
            [
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            seen,
        );
        times(
            [
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            lms.map(f64::cbrt),
        )
    };
    let (a, b) = (lab(a), lab(b));
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn the_measures_agree_with_what_their_authors_published() {
    let [normal, _, deutan, _] = VISIONS.map(|(_, vision)| vision);
    let (black, white) = ([0, 0, 0], [255, 255, 255]);
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
    assert!((contrast([119, 119, 119], white) - 4.48).abs() < 0.01);
    assert!((distance(black, white, normal) - 1.0).abs() < 1e-3);
    // A pretty red and green, which every eighth man takes for one colour.
    let (red, green) = ([255, 139, 139], [127, 209, 140]);
    assert!(distance(red, green, normal) > 3.0 * distance(red, green, deutan));
}
