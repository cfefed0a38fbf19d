//! The columns in front of a log line: time, a lane an environment, the source in a few letters.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use crate::domain::event::SourceId;
use crate::domain::log::view::LogScope;
use crate::domain::view::Overview;

/// More environments than this share the last lane.
const LANES: usize = 6;

/// One source in front of its lines.
#[derive(Clone, Debug)]
pub struct Short {
    /// Its name as short as it can be told apart.
    pub name: String,
    /// Its environment.
    pub env: Arc<str>,
    /// The lane of its environment, from 0.
    pub lane: usize,
    /// Counted from 0: the same for sources of one name in all environments and regions.
    pub number: usize,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Every source.
    pub sources: HashMap<SourceId, Short>,
    /// Lanes; none where there is one environment only.
    pub lanes: usize,
    /// Columns of the environment's name; 0 where there is no room or one only.
    pub env: usize,
    /// Columns of the source's name; 0 where one source is shown.
    pub source: usize,
}

impl Columns {
    /// The columns for these sources in a list of so many columns.
    #[must_use]
    pub fn new(overview: &Overview, scope: &LogScope, width: u16) -> Self {
        let mut envs: Vec<Arc<str>> = Vec::new();
        let mut times: HashMap<(Arc<str>, &str), usize> = HashMap::new();
        for view in &overview.sources {
            let source = &view.source;
            if !envs.contains(&source.env) {
                envs.push(Arc::clone(&source.env));
            }
            *times
                .entry((Arc::clone(&source.env), last(source.place())))
                .or_default() += 1;
        }
        let mut sources = HashMap::new();
        let mut names: Vec<&str> = Vec::new();
        for view in &overview.sources {
            let source = &view.source;
            let short = last(source.place());
            let number = names.iter().position(|name| *name == short);
            let number = number.unwrap_or_else(|| {
                names.push(short);
                names.len() - 1
            });
            let alone = times.get(&(Arc::clone(&source.env), short)) == Some(&1);
            let name = if alone || source.region.is_empty() {
                short.to_owned()
            } else {
                format!("{short} {}", short_region(&source.region))
            };
            let lane = envs.iter().position(|env| *env == source.env);
            let short = Short {
                name,
                env: Arc::clone(&source.env),
                lane: lane.unwrap_or(0).min(LANES - 1),
                number,
            };
            sources.insert(view.id, short);
        }
        let several = *scope == LogScope::All && envs.len() > 1;
        let longest = |names: &mut dyn Iterator<Item = usize>| names.max().unwrap_or(0);
        let most = usize::from(width);
        let env = longest(&mut envs.iter().map(|env| env.width()));
        let source = longest(&mut sources.values().map(|s| s.name.width()));
        Self {
            sources,
            lanes: if several { envs.len().min(LANES) } else { 0 },
            env: match most {
                _ if !several => 0,
                100.. => env.min(8),
                _ => env.min(4),
            },
            source: match scope {
                LogScope::Source(_) => 0,
                _ => source.min((most / 6).clamp(8, 26)),
            },
        }
    }

    /// Columns of the time.
    pub const TIME: usize = 12;

    /// Columns that are left for the text: behind the mark, and a blank behind each part.
    #[must_use]
    pub fn text(&self, width: u16) -> usize {
        let parts = [self.lanes, self.env, self.source];
        let before: usize = parts
            .into_iter()
            .filter(|part| *part > 0)
            .map(|part| part + 1)
            .sum();
        usize::from(width)
            .saturating_sub(2 + Self::TIME + 1 + 2 + before)
            .max(1)
    }
}

/// A region as the zones in it are numbered by: `use1` for us-east-1, `apse2` for ap-southeast-2.
fn short_region(region: &str) -> String {
    let mut parts = region.split('-');
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part {
            "northeast" => short.push_str("ne"),
            "northwest" => short.push_str("nw"),
            "southeast" => short.push_str("se"),
            "southwest" => short.push_str("sw"),
            _ => short.extend(part.chars().next()),
        }
    }
    short
}

/// The last part of a path.
fn last(place: &str) -> &str {
    let short = place.trim_end_matches('/').rsplit('/').next();
    short.filter(|short| !short.is_empty()).unwrap_or(place)
}
