//! States and stages can be told apart, whatever colours somebody can see.

use lastseen::theme::Theme;
use lastseen::theme::depth::Depth;
use lastseen::theme::role::Role;

use super::measure::{VISIONS, coloured, distance, rgb};

/// The two that are nearest to each other.
fn nearest(name: &str, depth: Depth, roles: &[Role], vision: [[f64; 3]; 3]) -> (f64, String) {
    let theme = Theme::load(name, None, depth).unwrap();
    let color = |role: Role| theme.style(role).fg.and_then(rgb).unwrap();
    let mut nearest = (f64::MAX, String::new());
    for (i, a) in roles.iter().enumerate() {
        for b in &roles[..i] {
            let apart = distance(color(*a), color(*b), vision);
            if apart < nearest.0 {
                nearest = (apart, format!("{a:?} and {b:?}"));
            }
        }
    }
    nearest
}

#[test]
fn states_and_stages_differ_in_every_vision() {
    for name in ["ito", "ito-light"] {
        for (vision, matrix) in VISIONS {
            let (states, which) = nearest(name, Depth::True, &Role::STATES, matrix);
            assert!(states >= 0.11, "{name} {vision}: {which} {states:.3}");
            let (apart, which) = nearest(name, Depth::True, &Role::STAGES, matrix);
            assert!(apart >= 0.075, "{name} {vision}: {which} {apart:.3}");
            // No stage looks like a loss.
            for stage in Role::STAGES {
                let (apart, which) = nearest(name, Depth::True, &[stage, Role::Lost], matrix);
                assert!(apart >= 0.075, "{name} {vision}: {which} {apart:.3}");
            }
        }
    }
}

/// A projector shows to many, and some of them do not see red or green.
#[test]
fn a_projectors_states_differ_in_every_vision() {
    for name in ["beacon", "beacon-dark"] {
        for (vision, matrix) in VISIONS {
            let (states, which) = nearest(name, Depth::True, &Role::STATES, matrix);
            assert!(states >= 0.05, "{name} {vision}: {which} {states:.3}");
        }
    }
}

#[test]
fn no_two_states_look_alike_in_any_theme() {
    for name in coloured() {
        let (states, which) = nearest(name, Depth::True, &Role::STATES, VISIONS[0].1);
        assert!(states >= 0.055, "{name}: {which} {states:.3}");
        let (apart, which) = nearest(name, Depth::True, &Role::STAGES, VISIONS[0].1);
        assert!(apart >= 0.055, "{name}: {which} {apart:.3}");
        for stage in Role::STAGES {
            let pair = [stage, Role::Lost];
            let (apart, which) = nearest(name, Depth::True, &pair, VISIONS[0].1);
            assert!(apart >= 0.075, "{name}: {which} {apart:.3}");
        }
    }
}
