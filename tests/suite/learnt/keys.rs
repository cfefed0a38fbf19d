//! Every key of the view, over guesses made by hand; and that no keys at all break it.

use std::path::PathBuf;
use std::sync::Arc;

use lastseen::app::action::Action;
use lastseen::app::chord::Chord;
use lastseen::app::input::{Answer, Copied, Effect, Input};
use lastseen::app::keymap::BINDINGS;
use lastseen::app::learnt::{Basis, LearntView};
use lastseen::app::model::Mode;
use lastseen::app::place::Place;
use lastseen::domain::correction::{Part, Ruling};
use lastseen::domain::discovery::{
    Confidence, Discovery, FoundAttribute, FoundCondition, FoundFamily, FoundLink, FoundPath,
    FoundPipeline, FoundRule, FoundSelector, FoundStage, Refused, RefusedWhat,
};
use lastseen::domain::verdict::Mark;

use super::desk::kept;
use crate::support::dashboard::Dashboard;

fn sure(share: f32) -> Confidence {
    Confidence {
        share,
        evidence: "seen often \u{1b}[31m".to_owned(),
    }
}

fn family(names: &[&str], share: f32) -> FoundFamily {
    let selectors = names.iter().map(|name| FoundSelector {
        within: None,
        text: (*name).to_owned(),
        places: vec!["engine".to_owned()],
        example: "a-1".to_owned(),
    });
    FoundFamily {
        name: names[0].to_owned(),
        selectors: selectors.collect(),
        values: 40,
        lines: 90,
        confidence: sure(share),
    }
}

fn stage(name: &str, after: &[usize], share: f32) -> FoundStage {
    FoundStage {
        name: name.to_owned(),
        after: after.to_vec(),
        from: vec![format!("*{name}*")],
        rules: vec![FoundRule {
            mark: Mark::Enter,
            condition: FoundCondition::Pattern("picked up".to_owned()),
            lines: 40,
            example: "picked up a-1".to_owned(),
            confidence: sure(0.8),
        }],
        environments: vec!["qa".to_owned()],
        optional: true,
        within: None,
        dead_letter: false,
        ends: Vec::new(),
        messages: 40,
        confidence: sure(share),
    }
}

fn sample() -> Discovery {
    let refused = |what, name: &str, families| Refused {
        what,
        name: name.to_owned(),
        place: "engine".to_owned(),
        why: "names many".to_owned(),
        families,
    };
    let both = vec![family(&["orderId"], 0.9), family(&["tripId"], 0.9)];
    Discovery {
        paths: vec![FoundPath {
            path: "logs/{env}/{group}.log".to_owned(),
            env: None,
            files: 3,
            timezone: None,
            confidence: None,
        }],
        pipelines: vec![FoundPipeline {
            name: "orders".to_owned(),
            families: vec![
                family(&["orderId", "order_id"], 0.95),
                family(&["job=(?<id>[a-z0-9-]+)"], 0.5),
            ],
            links: vec![FoundLink {
                between: (0, 1),
                place: "engine".to_owned(),
                lines: 40,
                confidence: sure(0.6),
            }],
            stages: vec![stage("queue", &[], 1.0), stage("engine", &[0], 0.4)],
            attributes: vec![FoundAttribute {
                name: "host".to_owned(),
                selector: "host".to_owned(),
                values: 3,
            }],
            messages: 40,
            confidence: sure(0.4),
            ..FoundPipeline::default()
        }],
        refused: vec![
            refused(RefusedWhat::Hub, "tenant=", Vec::new()),
            refused(RefusedWhat::Link, "orderId with tripId", both),
        ],
        missing: vec!["nobody says when a message is done".to_owned()],
        looked_at: 100,
        of: 100,
        ..Discovery::default()
    }
}

fn dashboard() -> Dashboard {
    let mut dashboard = Dashboard::new(120, 40);
    dashboard.model.learnt = Some(Box::new(LearntView::new(Basis {
        found: Arc::new(sample()),
        own: String::new(),
        base: PathBuf::from("/nowhere"),
        target: PathBuf::from("/nowhere/lastseen.toml"),
        saved: false,
        at_once: true,
    })));
    dashboard
}

fn view(d: &Dashboard) -> &LearntView {
    d.model.learnt.as_ref().unwrap()
}

fn ruling(d: &Dashboard, part: Part) -> Option<Ruling> {
    view(d).rulings.get(&part).cloned()
}

const PIPELINE: Part = Part::Pipeline(0);
const ORDER: Part = Part::Selector(0, 0, 0);

type Case = (
    Action,
    &'static str,
    &'static str,
    fn(&Dashboard, &Dashboard) -> bool,
);

#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    (Action::ViewLearnt, "", "9", |_, a| a.model.place == Place::Learnt),
    (Action::AcceptGuess, "9j", "a", |_, a| ruling(a, PIPELINE) == Some(Ruling::Accepted)),
    (Action::AcceptGuess, "9", "a", |_, a| a.screen().contains("only a configuration can say it")),
    (Action::RejectGuess, "9jjj", "d", |_, a| ruling(a, ORDER) == Some(Ruling::Rejected)),
    (Action::RejectGuess, "9j", "d", |_, a| a.screen().contains("nothing would be followed")),
    (Action::ChangeGuess, "9jjj", "e", |_, a| matches!(a.model.mode, Mode::Typing(_)) && a.screen().contains("= orderId█")),
    (Action::ChangeGuess, "9jj", "e", |_, a| a.screen().contains("choose the name to change below")),
    (Action::RejectGuess, "9G", "d", |_, a| view(a).text.contains("path = \"logs/*/{group}.log\"")),
    (Action::UndoDecision, "9jjjd", "u", |_, a| ruling(a, ORDER).is_none()),
    (Action::RedoDecision, "9jjjdu", "<ctrl-r>", |_, a| ruling(a, ORDER) == Some(Ruling::Rejected)),
    (Action::RedoDecision, "9jjjdu", "U", |_, a| ruling(a, ORDER) == Some(Ruling::Rejected)),
    (Action::SaveConfiguration, "9", "w", |_, a| matches!(&a.effects[..], [Effect::SaveConfiguration { replace: false, .. }])),
    (Action::CopyLine, "9jjjy", "l", |_, a| matches!(&a.effects[..], [Effect::Copy(_, Copied::Text(text))] if text == "orderId")),
    (Action::NextGap, "9", "x", |_, a| view(a).cursor == 1),
    (Action::PreviousGap, "9x", "X", |_, a| view(a).cursor == 0),
    (Action::Open, "9", "<enter>", |b, a| a.screen() != b.screen()),
    (Action::Back, "9<enter>", "<esc>", |_, a| a.model.place == Place::Learnt),
    (Action::Back, "9", "<esc>", |_, a| a.model.place == Place::Board),
];

#[test]
fn every_key_of_the_view_does_what_it_says() {
    for (action, setup, key, holds) in CASES {
        let (mut before, mut after) = (dashboard(), dashboard());
        before.keys(setup);
        after.keys(setup).keys(key);
        let (name, screen) = (action.name(), after.screen());
        assert!(
            holds(&before, &after),
            "{name} after {setup:?} {key:?}:\n{screen}"
        );
        let chord = Chord::parse(key.trim_matches(['<', '>'])).unwrap();
        let keys = &before.model.keys;
        assert_eq!(keys.action(before.model.context(), chord), Some(*action));
    }
}

/// Types `text` for the rule of a stage or whatever is selected, after what stands there is gone.
fn typed(dashboard: &mut Dashboard, text: &str) {
    dashboard.keys("e<ctrl-u>");
    dashboard.input(Input::Paste(text.to_owned()));
}

#[test]
fn what_is_no_name_and_no_pattern_is_refused_with_the_reason() {
    let mut dashboard = dashboard();
    dashboard.keys("9j");
    typed(&mut dashboard, "([");
    dashboard.shows("is no name");
    dashboard.keys("<enter>");
    assert!(matches!(dashboard.model.mode, Mode::Typing(_)));
    dashboard.keys("<esc>jj");
    typed(&mut dashboard, "([");
    dashboard.shows("invalid pattern: unclosed");
    dashboard.keys("<esc>");
    assert!(view(&dashboard).rulings.is_empty());
    let mut rows = view(&dashboard).rows.iter();
    let row = rows.position(|r| matches!(r.part, Part::Rule(..))).unwrap();
    dashboard.keys("gg").keys(&"j".repeat(row));
    typed(&mut dashboard, "never said");
    dashboard.shows("matches none of its example lines");
    dashboard.keys("<ctrl-u>picked").shows_not("matches none");
    dashboard.keys("<enter>1");
    let answer = Answer::JudgedAgain(Ok(()));
    dashboard.input(Input::Answer(dashboard.model.now, answer));
    dashboard.overview();
    dashboard.shows("1 change, not saved");
}

#[test]
fn a_filter_follows_a_pipeline_to_its_new_name() {
    let mut dashboard = dashboard();
    let old = view(&dashboard).rows[1].text.clone();
    dashboard.model.messages.filter.pipeline = Some(old.as_str().into());
    dashboard.keys("9j");
    typed(&mut dashboard, "rides");
    dashboard.keys("<enter>");
    let answer = Answer::JudgedAgain(Ok(()));
    dashboard.input(Input::Answer(dashboard.model.now, answer));
    let filter = &dashboard.model.messages.filter;
    assert_eq!(filter.pipeline.as_deref(), Some("rides"));
}

#[test]
fn doubts_are_marked_and_hostile_text_is_inert() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut dashboard = dashboard();
        dashboard.resize(columns, rows).keys("9x");
        kept(
            &format!("learnt_doubts_{columns}x{rows}"),
            &dashboard.screen(),
        );
    }
}

#[test]
fn a_hub_is_forced_with_a_pattern_of_its_own() {
    let mut dashboard = dashboard();
    let rows = &view(&dashboard).rows;
    let row = rows
        .iter()
        .position(|r| r.part == Part::Refused(0))
        .unwrap();
    dashboard.keys("9").keys(&"j".repeat(row)).keys("a");
    let text = &view(&dashboard).text;
    assert!(text.contains(r"\btenant=(?<id>[^\s,;]+)"), "{text}");
    assert!(text.contains("max_links = 254"), "{text}");
    assert!(!text.contains("ID tenant= in engine: names many"), "{text}");
}

#[test]
fn no_keys_break_it() {
    let keys: Vec<Chord> = BINDINGS.iter().flat_map(|b| b.keys).copied().collect();
    let mut random = 88_172_645_463_325_252_u64;
    let mut below = |most: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % most as u64) as usize
    };
    let mut dashboard = dashboard();
    let own = ["a", "d", "e", "u", "U", "9", "x", "<enter>", "j", "k", "w"];
    for turn in 0..4_000 {
        match below(12) {
            0 => {
                dashboard.resize(below(200) as u16, below(70) as u16);
            }
            1 => dashboard.input(Input::Paste(" after engine (?<id>[".to_owned())),
            2 => {
                let answer = Answer::JudgedAgain(Ok(()));
                dashboard.input(Input::Answer(dashboard.model.now, answer));
                dashboard.overview();
            }
            3 | 4 => dashboard.input(Input::Key(keys[below(keys.len())])),
            _ => {
                dashboard.keys(own[below(own.len())]);
            }
        }
        if turn % 20 == 0 {
            let _drawn = dashboard.buffer();
            let view = view(&dashboard);
            assert!(view.tried(Part::Missing(0), None).is_ok(), "{}", view.text);
        }
    }
}
