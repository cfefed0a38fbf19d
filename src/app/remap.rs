//! The keys of the configuration put into the table: what is no action, no key or no view is told, and
//! so is a key that would do two things.

use super::action::Action;
use super::bound::Keymap;
use super::chord::Chord;
use super::context::Context;
use super::keymap::BINDINGS;
use crate::config::error::{ConfigError, ConfigErrors};
use crate::config::file::File;
use crate::config::keys::KeyLine;
use crate::config::tree::Written;
use crate::domain::nearest::nearest;

/// Keys without which one would be trapped.
const KEPT: [(Action, Chord); 1] = [(Action::Quit, Chord::ctrl('c'))];

/// A key that the configuration gives.
struct Given<'a> {
    context: Context,
    action: Action,
    chord: Chord,
    at: &'a Written,
}

/// The keys as these files give them, the later ones before the earlier; and what each action lost by it.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn keymap(files: &[&File]) -> Result<(Keymap, Vec<ConfigError>), ConfigErrors> {
    let mut keymap = Keymap::default();
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for file in files {
        let mut given = Vec::new();
        for line in &file.keys {
            match read(file, line) {
                Ok((action, contexts, chords)) => {
                    for context in contexts {
                        if keymap.rebind(context, action, &chords) {
                            let at = |(chord, at)| Given {
                                context,
                                action,
                                chord,
                                at,
                            };
                            given.extend(chords.iter().copied().zip(&line.keys).map(at));
                        }
                    }
                }
                Err(mut wrong) => errors.append(&mut wrong),
            }
        }
        errors.extend(twice(file, &given));
        warnings.extend(taken(file, &given, &mut keymap));
    }
    if errors.is_empty() {
        Ok((keymap, warnings))
    } else {
        Err(ConfigErrors::new(errors))
    }
}

type Line = (Action, Vec<Context>, Vec<Chord>);

fn read(file: &File, line: &KeyLine) -> Result<Line, Vec<ConfigError>> {
    let action = action(file, &line.action).map_err(|error| vec![*error])?;
    let contexts = contexts(file, line, action).map_err(|error| vec![*error])?;
    let (mut chords, mut errors) = (Vec::new(), Vec::new());
    for written in &line.keys {
        match chord(file, written, &contexts) {
            Ok(chord) => chords.push(chord),
            Err(error) => errors.push(*error),
        }
    }
    if action == Action::Quit && chords.is_empty() && errors.is_empty() {
        let error = file.error_at(&line.action, "`quit` needs a key");
        errors.push(error.help("ctrl-c is the one it has"));
    }
    if errors.is_empty() {
        Ok((action, contexts, chords))
    } else {
        Err(errors)
    }
}

fn action(file: &File, written: &Written) -> Result<Action, Box<ConfigError>> {
    let names = || BINDINGS.iter().map(|binding| binding.action);
    names()
        .find(|action| action.name() == written.text)
        .ok_or_else(|| {
            let help = nearest(&written.text, names().map(Action::name)).map_or_else(
                || "? in the dashboard lists every action with its name".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            told(
                file,
                written,
                format!("no action is called `{}`", written.text),
                help,
            )
        })
}

fn told(file: &File, at: &Written, message: String, help: impl Into<String>) -> Box<ConfigError> {
    Box::new(file.error_at(at, message).help(help))
}

/// Where the line holds: the view it names, else every view that has the action.
fn contexts(file: &File, line: &KeyLine, action: Action) -> Result<Vec<Context>, Box<ConfigError>> {
    let has = |context: &Context| {
        let mut bound = BINDINGS.iter().filter(|binding| binding.action == action);
        bound.any(|binding| binding.contexts.contains(context))
    };
    let Some(view) = &line.view else {
        let views: Vec<_> = Context::ALL
            .into_iter()
            .filter(|c| c.is_view() && has(c))
            .collect();
        // What is only done over a view is meant there.
        return Ok(match views.as_slice() {
            [] => Context::ALL.into_iter().filter(has).collect(),
            _ => views,
        });
    };
    let titles = || Context::ALL.into_iter().map(Context::title);
    let Some(context) = Context::ALL
        .into_iter()
        .find(|context| context.title() == view)
    else {
        let help = match nearest(view, titles()) {
            Some(name) => format!("did you mean [keys.{name}]?"),
            None => format!("there is {}", titles().collect::<Vec<_>>().join(", ")),
        };
        return Err(told(
            file,
            &line.action,
            format!("no view is called `{view}`"),
            help,
        ));
    };
    if has(&context) {
        return Ok(vec![context]);
    }
    let message = format!("`{}` is nothing that {view} can do", action.name());
    Err(told(
        file,
        &line.action,
        message,
        ": there lists what can be done",
    ))
}

fn chord(file: &File, written: &Written, contexts: &[Context]) -> Result<Chord, Box<ConfigError>> {
    let Some(chord) = Chord::parse(&written.text) else {
        let help = nearest(&written.text, Chord::names()).map_or_else(
            || "keys are written j, G, ctrl-d, enter, space, pagedown".to_owned(),
            |name| format!("did you mean `{name}`?"),
        );
        let message = format!("`{}` is no key", written.text);
        return Err(told(file, written, message, help));
    };
    if chord.typed().is_some() && contexts.iter().any(|context| context.is_typed()) {
        let message = format!("`{chord}` is typed there");
        let help = "take a key with ctrl, or one with a name";
        return Err(told(file, written, message, help));
    }
    Ok(chord)
}

/// Keys that a file gives to two actions of one view.
fn twice(file: &File, given: &[Given<'_>]) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    for (number, one) in given.iter().enumerate() {
        let same = |other: &&Given<'_>| {
            other.context == one.context && other.chord == one.chord && other.action != one.action
        };
        if let Some(other) = given[..number].iter().find(same) {
            let message = format!(
                "`{}` is given to `{}` too, in {}",
                one.chord,
                other.action.name(),
                one.context.title()
            );
            let known = |error: &ConfigError| {
                error
                    .message
                    .contains(&format!("`{}` too", other.action.name()))
            };
            if !errors.iter().any(known) {
                errors.push(
                    file.error_at(one.at, message)
                        .help("take another key for one of them"),
                );
            }
        }
        let kept = |(action, chord): &(Action, Chord)| *chord == one.chord && *action != one.action;
        if KEPT.iter().any(kept) {
            let error = file.error_at(one.at, format!("`{}` always quits", one.chord));
            errors.push(error.help("take another key"));
        }
    }
    // What holds in several views is told once.
    errors.dedup();
    errors
}

/// Takes the given keys from the actions that had them; says which are left without one.
fn taken(file: &File, given: &[Given<'_>], keymap: &mut Keymap) -> Vec<ConfigError> {
    let mut warnings: Vec<ConfigError> = Vec::new();
    for one in given {
        for loser in keymap.take_away(one.context, one.chord, one.action) {
            let message = format!("`{}` leaves `{}` without a key", one.chord, loser.name());
            if !warnings.iter().any(|warning| warning.message == message) {
                let help = format!("give it another: {} = \"…\"", loser.name());
                warnings.push(file.error_at(one.at, message).help(help));
            }
        }
    }
    warnings
}
