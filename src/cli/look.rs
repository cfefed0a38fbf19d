//! How the dashboard shall look: flags, then variables, then the configuration.

use std::sync::Arc;

use super::complain::Complaint;
use super::flags::Common;
use super::surroundings::Surroundings;
use crate::config::error::{ConfigError, ConfigErrors, suggest};
use crate::config::look as written;
use crate::domain::mask::Mask;
use crate::runtime::look::Look;
use crate::theme::ascii::Signs;
use crate::theme::bundled::{self, Pair};
use crate::theme::depth::Depth;
use crate::theme::load;

/// How many colours may be used: `--color`, LASTSEEN_COLOR, NO_COLOR, then what the terminal has.
///
/// # Errors
/// When LASTSEEN_COLOR is no word for it.
pub fn depth(common: &Common, around: &Surroundings) -> Result<Depth, Complaint> {
    let terminal = &around.terminal;
    if common.no_color {
        return Ok(Depth::Mono);
    }
    let variable = terminal.color.as_deref();
    if let Some(word) = variable.filter(|word| !Depth::WORDS.contains(word)) {
        let message = format!("LASTSEEN_COLOR is `{word}`");
        return Err(Complaint::new(message, suggest(word, &Depth::WORDS)));
    }
    let asked = common.color.as_deref().or(variable);
    let detected = || Depth::detect(around.no_color, &terminal.colorterm, &terminal.term);
    Ok(asked
        .and_then(Depth::from_word)
        .unwrap_or_else(|| match asked {
            // Asked to look at the terminal, whatever NO_COLOR says.
            Some(_) => Depth::detect(false, &terminal.colorterm, &terminal.term),
            None => detected(),
        }))
}

/// What masks, with the patterns of the configuration, and whether `--share` asks for it.
///
/// # Errors
/// When a rule that is always there is wrong, which is a bug.
pub fn share(
    common: &Common,
    file: &written::Look,
    around: &Surroundings,
) -> Result<(Arc<Mask>, bool), Complaint> {
    let mask = Mask::new(around.terminal.secret, file.mask.clone())
        .map_err(|error| Complaint::new(format!("nothing can be masked: {error}"), ""))?;
    Ok((Arc::new(mask), common.share))
}

/// Everything together, or what is wrong with the themes asked for: only the dashboard needs them, so it
/// is no error of other commands.
///
/// # Errors
/// Those of [`depth`].
pub fn look(
    common: &Common,
    file: &written::Look,
    around: &Surroundings,
) -> Result<Result<Look, ConfigErrors>, Complaint> {
    let terminal = &around.terminal;
    let pair = |dark: &str, light: &str| Pair {
        dark: dark.to_owned(),
        light: light.to_owned(),
    };
    let themes = match (&common.theme, &file.theme) {
        (Some(name), _) => Some(pair(name, name)),
        (None, Some(both)) => Some(pair(&both.dark.name, &both.light.name)),
        (None, None) => None,
    };
    let signs = match file.ascii {
        Some(true) => Signs::Ascii,
        Some(false) => Signs::Unicode,
        None => Signs::detect(&terminal.locale),
    };
    let depth = depth(common, around)?;
    Ok(check(common, file, around).map(|()| Look {
        themes,
        by_flag: common.theme.is_some(),
        depth,
        signs,
        background: terminal.background.clone(),
        folder: terminal.themes.clone(),
    }))
}

/// Whether the themes asked for are there; the error names the flag, or file and line, and the nearest
/// right name.
fn check(common: &Common, file: &written::Look, around: &Surroundings) -> Result<(), ConfigErrors> {
    let own = load::own_names(around.terminal.themes.as_deref());
    let mut known: Vec<&str> = bundled::names().collect();
    known.extend(own.iter().map(String::as_str));
    let wrong = |name: &str, at: ConfigError| {
        let unknown = !known.contains(&name);
        unknown.then(|| {
            let usual = Pair::usual();
            // What somebody types who wants the usual one of a kind.
            let mut error = at.help(match name {
                "light" => format!("the light one is called {}", usual.light),
                "dark" => format!("the dark one is called {}", usual.dark),
                name => suggest(name, &known),
            });
            error.message = format!("unknown theme `{name}`");
            error
        })
    };
    let errors: Vec<ConfigError> = match (&common.theme, &file.theme) {
        (Some(name), _) => wrong(name, ConfigError::of_flag("--theme", ""))
            .into_iter()
            .collect(),
        (None, Some(both)) => {
            let mut errors: Vec<_> = [&both.dark, &both.light]
                .into_iter()
                .filter_map(|named| wrong(&named.name, named.at.clone()))
                .collect();
            errors.dedup();
            errors
        }
        (None, None) => Vec::new(),
    };
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ConfigErrors::new(errors))
    }
}
