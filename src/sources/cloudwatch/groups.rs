//! Which log groups a glob means, and which name was probably meant by one that matches nothing.
//!
//! Pure: it knows names, not the service.

use globset::{Glob, GlobMatcher};

/// A glob on log group names, ready to match in one region.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// With `{env}` and `{region}` filled in.
    pub pattern: String,
    matcher: GlobMatcher,
}

impl Wanted {
    /// Fills in and compiles `glob`.
    ///
    /// # Errors
    /// Says why it is not a glob.
    pub fn new(glob: &str, env: &str, region: &str) -> Result<Self, String> {
        let pattern = expand(glob, env, region);
        // Names of environments and regions stand for themselves, whatever characters they have.
        let literal = expand(glob, &globset::escape(env), &globset::escape(region));
        let matcher = Glob::new(&literal)
            .map_err(|error| error.kind().to_string())?
            .compile_matcher();
        Ok(Self { pattern, matcher })
    }

    /// Whether the glob means this group. A name equal to the pattern always is meant.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        name == self.pattern || self.matcher.is_match(name)
    }

    /// How every matching name begins: the part before the first character that is special to globs
    /// or not allowed in the prefix of a listing.
    #[must_use]
    pub fn prefix(&self) -> &str {
        let special = |c: char| !(c.is_ascii_alphanumeric() || "._-/#".contains(c));
        let end = self.pattern.find(special).unwrap_or(self.pattern.len());
        &self.pattern[..end]
    }
}

/// `glob` with `{env}` and `{region}` filled in.
#[must_use]
pub fn expand(glob: &str, env: &str, region: &str) -> String {
    glob.replace("{env}", env).replace("{region}", region)
}

/// The prefixes that have to be listed: each once, and none that begins with another.
#[must_use]
pub fn prefixes(wanted: &[Wanted]) -> Vec<&str> {
    let mut all: Vec<&str> = wanted.iter().map(Wanted::prefix).collect();
    all.sort_unstable();
    let mut kept: Vec<&str> = Vec::new();
    for prefix in all {
        if !kept.last().is_some_and(|last| prefix.starts_with(last)) {
            kept.push(prefix);
        }
    }
    kept
}

/// The name most like `pattern`, if any is at all like it.
#[must_use]
pub fn nearest<'a>(pattern: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let meant: String = pattern.chars().filter(|c| !"*?[]{}".contains(*c)).collect();
    names
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(&meant, name), name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, name)| name)
}
