//! Changes what the list keeps: by key, by the value that is selected, by what is typed.

use std::sync::Arc;

use super::action::Action;
use super::context::Context;
use super::filter::Filter;
use super::messages::Messages;
use super::model::Model;
use super::moment;
use crate::domain::terms::Terms;
use crate::domain::terms_scan::TermsError;
use crate::domain::terms_text::{self, Names};
use crate::domain::verdict::Verdict;
use crate::domain::view::{AttributeValue, EnvironmentView, MessageRow, Overview};

/// What a filter typed here asks for.
///
/// # Errors
/// The first thing that is not understood.
pub fn read(model: &Model, text: &str) -> Result<Terms, TermsError> {
    let time = |text: &str| moment::parse(model, text).map_err(|e| (e.message, e.help));
    terms_text::parse(text, &names(&model.overview), &time)
}

/// The names a filter may speak of.
#[must_use]
pub fn names(overview: &Overview) -> Names {
    let environments = || overview.pipelines.iter().flat_map(|p| &p.environments);
    let stages = |e: &EnvironmentView| -> Vec<Arc<str>> {
        e.stages.iter().map(|s| Arc::clone(&s.name)).collect()
    };
    Names {
        attributes: unique(
            overview
                .pipelines
                .iter()
                .flat_map(|p| &p.attributes)
                .cloned(),
        ),
        stages: unique(environments().flat_map(stages)),
        envs: unique(environments().map(|e| Arc::clone(&e.name))),
        pipelines: unique(overview.pipelines.iter().map(|p| Arc::clone(&p.name))),
    }
}

/// Carries out an action on the filter; false where it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    match action {
        Action::FilterIn | Action::FilterOut => by_value(model, action == Action::FilterOut),
        Action::Left | Action::Right => next_field(model, action == Action::Right),
        Action::UndoFilter | Action::RedoFilter => {
            let redo = action == Action::RedoFilter;
            if !model.messages.undo(redo) {
                let words = if redo { "redo" } else { "undo" };
                model.notice = Some(format!("no filter to {words}"));
            }
        }
        Action::ClearFilters if model.messages.filter == Filter::default() => {
            model.notice = Some("all messages are shown already".into());
        }
        _ => {
            let Some(filter) = next_of_action(&model.messages, &model.overview, action) else {
                return false;
            };
            let told = told(model, action, &filter);
            model.messages.keep(filter);
            model.notice = Some(told);
        }
    }
    true
}

/// What a key that filters has done, what it does next, and which key takes it back.
fn told(model: &Model, action: Action, filter: &Filter) -> String {
    let key = |action: Action| {
        let key = model.keys.key_of(Context::Messages, action);
        key.map_or_else(|| format!(":{}", action.name()), |key| key.to_string())
    };
    let (kind, value) = match action {
        Action::FilterVerdict => ("verdict", filter.verdicts.first().map(|v| v.word())),
        Action::FilterEnvironment => ("environment", filter.env.as_deref()),
        Action::FilterStage => ("last stage", filter.last_stage.as_deref()),
        _ => {
            let undo = key(Action::UndoFilter);
            return format!("all messages again; {undo} takes it back");
        }
    };
    let (next, undo) = (key(action), key(Action::UndoFilter));
    match value {
        Some(value) => format!("only {kind} {value}; {next} takes the next, {undo} takes it back"),
        None => format!("every {kind} again; {undo} takes it back"),
    }
}

fn next_of_action(list: &Messages, overview: &Overview, action: Action) -> Option<Filter> {
    let mut filter = list.filter.clone();
    let names = names(overview);
    match action {
        Action::FilterVerdict => filter.verdicts = next_verdict(&filter.verdicts),
        Action::FilterEnvironment => filter.env = next_of(&names.envs, filter.env.as_ref()),
        Action::FilterStage => {
            filter.last_stage = next_of(&last_stages(overview), filter.last_stage.as_ref());
        }
        Action::ClearFilters => filter = Filter::default(),
        _ => return None,
    }
    Some(filter)
}

/// The stages at which messages are: an empty list would tell nobody anything.
fn last_stages(overview: &Overview) -> Vec<Arc<str>> {
    let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
    let stages = environments.flat_map(|env| &env.stages);
    let some = stages.filter(|stage| stage.here.total() > 0);
    unique(some.map(|stage| Arc::clone(&stage.name)))
}

/// What is known of a message, as name and value: what `=` and `!` can be about.
#[must_use]
pub fn fields(message: &MessageRow) -> Vec<(&str, &str)> {
    let mut fields = vec![
        ("verdict", message.verdict.word()),
        ("stage", &*message.last_stage),
        ("env", &*message.env),
    ];
    fields.extend(message.attributes.iter().map(|(name, value)| {
        let (AttributeValue::One(value) | AttributeValue::Mixed(value, _)) = value;
        (&**name, value.as_str())
    }));
    fields.push(("pipeline", &message.pipeline));
    fields.push(("source", &message.last_source));
    fields.push(("id", &message.id));
    fields
}

/// The value of the selected message that `=` and `!` are about.
#[must_use]
pub fn chosen(list: &Messages) -> Option<(&str, &str)> {
    let fields = fields(list.selected()?);
    let named = |name: &String| fields.iter().find(|(n, _)| n == name);
    let found = list.field.as_ref().and_then(named).or(fields.first());
    found.copied()
}

fn next_field(model: &mut Model, forward: bool) {
    let list = &model.messages;
    let Some((message, (name, _))) = list.selected().zip(chosen(list)) else {
        return;
    };
    let fields = fields(message);
    let at = fields.iter().position(|(n, _)| *n == name).unwrap_or(0);
    let len = fields.len();
    let (name, value) = fields[(if forward { at + 1 } else { at + len - 1 }) % len];
    let notice = format!("= keeps {name}={value}, ! leaves it out");
    model.messages.field = Some(name.to_owned());
    model.notice = Some(notice);
}

fn by_value(model: &mut Model, not: bool) {
    let Some((name, value)) = chosen(&model.messages) else {
        model.notice = Some("no message is selected".into());
        return;
    };
    let term = terms_text::written(not, name, value);
    let mut filter = model.messages.filter.clone();
    if filter.text.split_whitespace().any(|word| word == term) {
        model.notice = Some(format!("{term} is part of the filter already"));
        return;
    }
    if !filter.text.is_empty() {
        filter.text.push(' ');
    }
    filter.text.push_str(&term);
    match read(model, &filter.text) {
        Ok(terms) => {
            filter.terms = terms;
            model.messages.keep(filter);
            model.notice = Some(format!("{term}   (u takes it back)"));
        }
        Err(error) => model.notice = Some(format!("{}: {}", error.message, error.help)),
    }
}

fn next_verdict(now: &[Verdict]) -> Vec<Verdict> {
    match now {
        [] => vec![Verdict::ALL[0]],
        [one] => Verdict::ALL
            .into_iter()
            .skip_while(|v| v != one)
            .nth(1)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

fn unique(names: impl Iterator<Item = Arc<str>>) -> Vec<Arc<str>> {
    let mut list: Vec<Arc<str>> = Vec::new();
    for name in names {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list
}

/// The one after `now`; after the last, none.
fn next_of(names: &[Arc<str>], now: Option<&Arc<str>>) -> Option<Arc<str>> {
    match now {
        None => names.first().cloned(),
        Some(now) => names.iter().skip_while(|name| *name != now).nth(1).cloned(),
    }
}
