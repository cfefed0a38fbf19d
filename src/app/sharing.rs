//! Into share mode at once, out of it only after a question.

use super::input::Effect;
use super::model::{Asking, Mode, Model};
use super::reading::Text;
use super::theming;

/// Masks, or asks whether to show everything again.
pub fn toggle(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.share.on {
        model.mode = Mode::Question(Asking::Reveal);
    } else if model.share.with.is_some() {
        model.share.on = true;
        model.notice = Some("shared: secrets and personal data are masked, keys are shown".into());
        changed(model, effects);
    } else {
        model.notice = Some("nothing is there to mask with".into());
    }
}

/// Shows everything again.
pub fn reveal(model: &mut Model, effects: &mut Vec<Effect>) {
    model.share.on = false;
    model.share.keys.clear();
    model.notice = Some("no longer shared: everything is shown".into());
    changed(model, effects);
}

fn changed(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.themes.names.is_empty() {
        effects.push(Effect::Theme(theming::shown(model).clone()));
    }
    // A log line is masked whole, when it comes: it is asked for again.
    if let Some(lifecycle) = &mut model.lifecycle {
        lifecycle.text = Text::None;
    }
    model.logs.rebuild();
    model.logs.text = Text::None;
    if let Some(evidence) = &mut model.evidence {
        evidence.texts.fill(Text::None);
    }
    retell(model);
}

/// What was found, in other words: masked or not, its times in another zone.
pub fn retell(model: &mut Model) {
    model.findings = model.share.told(model.zone);
    if let Some(evidence) = &mut model.evidence
        && let Some(finding) = evidence.rank.and_then(|rank| model.findings.get(rank))
    {
        evidence.finding = finding.clone();
    }
}
