//! What somebody types to choose from a numbered list.

use globset::Glob;

/// What was typed means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Picked {
    /// To choose nothing and leave.
    Leave,
    /// These, by index, each once and in order; never none.
    These(Vec<usize>),
}

/// Reads `line`: numbers from 1, ranges, globs on `names`; nothing means all.
///
/// # Errors
/// Says which word cannot be understood, or means nothing.
pub fn pick(line: &str, names: &[&str]) -> Result<Picked, String> {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Ok(Picked::These((0..names.len()).collect()));
    }
    if ["q", "quit", "exit"].contains(&words[0]) && words.len() == 1 {
        return Ok(Picked::Leave);
    }
    let mut chosen = vec![false; names.len()];
    for word in words {
        for index in one(word, names)? {
            chosen[index] = true;
        }
    }
    let chosen = chosen.iter().enumerate().filter(|(_, chosen)| **chosen);
    Ok(Picked::These(chosen.map(|(index, _)| index).collect()))
}

fn one(word: &str, names: &[&str]) -> Result<Vec<usize>, String> {
    let number = |text: &str| {
        let number: usize = text.parse().ok()?;
        Some(number.checked_sub(1).filter(|index| *index < names.len()))
    };
    let outside = || format!("{word}: the numbers go from 1 to {}", names.len());
    if let Some(index) = number(word) {
        return Ok(vec![index.ok_or_else(outside)?]);
    }
    if let Some((from, to)) = word.split_once('-')
        && let (Some(from), Some(to)) = (number(from), number(to))
    {
        let (from, to) = (from.ok_or_else(outside)?, to.ok_or_else(outside)?);
        return Ok((from.min(to)..=from.max(to)).collect());
    }
    let glob = Glob::new(word).map_err(|error| format!("{word}: {}", error.kind()))?;
    let glob = glob.compile_matcher();
    let means = |name: &&str| **name == *word || glob.is_match(name);
    let found: Vec<usize> = (0..names.len())
        .filter(|index| means(&names[*index]))
        .collect();
    if found.is_empty() {
        return Err(format!("{word}: no log group has such a name"));
    }
    Ok(found)
}
