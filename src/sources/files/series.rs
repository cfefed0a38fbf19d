//! Files that one log was cut into, told by their names and by the times in them: `store.log` and
//! `store.log.1`, `store-2026100509.log` and `store-2026100510.log`.
//!
//! Only puts files in order. What is missing between them is found in `holes`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::domain::event::Source;
use crate::domain::time::Span;

/// How files are packed says nothing about which they are.
const PACKED: [&str; 3] = [".gz", ".zst", ".zstd"];

/// A file, and the time of what was read from it.
#[derive(Clone, Debug)]
pub struct File {
    /// As it is told.
    pub source: Arc<Source>,
    /// From its first event to its last; `None` where it has none.
    pub span: Option<Span>,
}

/// Which of a log's files: the numbers in its name that tell. The file that is still written has none.
pub type Key = Vec<u64>;

/// What the names of a log's files have in common with those of other logs that are cut alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Form {
    env: Arc<str>,
    folder: String,
    /// What stands between the numbers.
    between: String,
    before: Option<char>,
    after: String,
}

/// One file of a log.
#[derive(Clone, Debug)]
pub struct Member {
    /// Which.
    pub key: Key,
    /// The numbers as they are written.
    pub text: String,
    /// The file's index.
    pub file: usize,
    /// When.
    pub span: Option<Span>,
}

/// The files of one log, the earliest first.
#[derive(Clone, Debug)]
pub struct Series {
    /// How they are named.
    pub form: Form,
    /// The name but for the numbers: what stands before them and behind.
    pub stem: (String, String),
    /// The highest number is the oldest.
    pub falling: bool,
    /// In the order of time.
    pub members: Vec<Member>,
}

impl Series {
    /// Whether `a` is older than `b`, by their numbers.
    #[must_use]
    pub fn older(&self, a: &Key, b: &Key) -> bool {
        rank(a, self.falling) < rank(b, self.falling)
    }

    /// What a file of this log is called.
    #[must_use]
    pub fn name(&self, text: &str) -> String {
        let (before, after) = &self.stem;
        if text.is_empty() {
            return format!("{}{after}", trimmed(before));
        }
        format!("{before}{text}{after}")
    }
}

/// The older, the less; the file without a number is the newest.
fn rank(key: &Key, falling: bool) -> Vec<i128> {
    let sign = if falling { -1 } else { 1 };
    if key.is_empty() {
        return vec![i128::MAX];
    }
    key.iter()
        .map(|number| sign * i128::from(*number))
        .collect()
}

/// One way to read a name: where its numbers stand.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Cut {
    form: Form,
    stem: (String, String),
}

/// The logs that several of the files belong to, and single files that are named like them.
#[must_use]
pub fn series(files: &[File]) -> Vec<Series> {
    let mut cuts: BTreeMap<Cut, Vec<Member>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        for (cut, key, text) in read(&file.source) {
            let member = Member {
                key,
                text,
                file: index,
                span: file.span,
            };
            cuts.entry(cut).or_default().push(member);
        }
    }
    let names: HashMap<(&str, &str), usize> = files
        .iter()
        .enumerate()
        .map(|(at, file)| ((&*file.source.env, &*file.source.name), at))
        .collect();
    for (cut, members) in &mut cuts {
        let name = newest(cut).unwrap_or_default();
        let file = names.get(&(&*cut.form.env, name.as_str()));
        members.extend(file.map(|file| unnumbered(files, *file)));
    }
    let mut found: Vec<Series> = Vec::new();
    let mut taken = HashSet::new();
    let mut by_size: Vec<_> = cuts.iter().collect();
    by_size.sort_by_key(|(cut, members)| Reverse((members.len(), cut.form.between.len())));
    for (cut, members) in by_size {
        let free = !members.iter().any(|member| taken.contains(&member.file));
        if free && let Some(series) = ordered(cut, members) {
            taken.extend(members.iter().map(|member| member.file));
            found.push(series);
        }
    }
    let singles = cuts
        .iter()
        .filter(|(_, members)| members.len() == 1 && !taken.contains(&members[0].file));
    let singles: Vec<Series> = singles
        .filter_map(|(cut, members)| single(cut, members, &found))
        .collect();
    let uncut: Vec<Series> = (0..files.len())
        .filter(|file| !taken.contains(file))
        .filter_map(|file| uncut(files, file, &found))
        .collect();
    found.extend(singles);
    found.extend(uncut);
    found
}

/// The name of the file that is still written: without the numbers.
fn newest(cut: &Cut) -> Option<String> {
    let (before, after) = &cut.stem;
    (trimmed(before) != before).then(|| format!("{}{after}", trimmed(before)))
}

/// A file without a number.
fn unnumbered(files: &[File], file: usize) -> Member {
    Member {
        key: Key::new(),
        text: String::new(),
        file,
        span: files[file].span,
    }
}

/// Without the mark that stands before the numbers.
fn trimmed(before: &str) -> &str {
    before.strip_suffix(['.', '-', '_']).unwrap_or(before)
}

/// The files of one log follow one another in time, the way of their numbers or the other way. Where
/// it can be either, a single number counts how often the log was cut since.
fn ordered(cut: &Cut, members: &[Member]) -> Option<Series> {
    if members
        .iter()
        .filter(|member| member.span.is_some())
        .count()
        < 2
    {
        return None;
    }
    let counts = cut.form.between.is_empty() && members.iter().any(|member| member.key.is_empty());
    [counts, !counts].into_iter().find_map(|falling| {
        let mut members = members.to_vec();
        members.sort_by_cached_key(|member| rank(&member.key, falling));
        let spans: Vec<Span> = members.iter().filter_map(|member| member.span).collect();
        let follows = |pair: &[Span]| pair[0].from < pair[1].from && !overlap(pair[0], pair[1]);
        let single = members.windows(2).all(|pair| pair[0].key != pair[1].key);
        (single && spans.windows(2).all(follows)).then(|| Series {
            form: cut.form.clone(),
            stem: cut.stem.clone(),
            falling,
            members,
        })
    })
}

/// Beyond what a few late lines at a rotation come to.
fn overlap(a: Span, b: Span) -> bool {
    let shorter = a.to.since(a.from).min(b.to.since(b.from));
    a.to.since(b.from) > shorter / 2
}

/// A single file is one of a log where others of its number are cut alike.
fn single(cut: &Cut, members: &[Member], found: &[Series]) -> Option<Series> {
    let same = |series: &&Series| {
        let mut keys = series.members.iter().map(|member| &member.key);
        series.form == cut.form && keys.any(|key| *key == members[0].key)
    };
    let like = found.iter().find(same)?;
    Some(Series {
        form: cut.form.clone(),
        stem: cut.stem.clone(),
        falling: like.falling,
        members: members.to_vec(),
    })
}

/// A file without a number stands for a log of its own beside others that were cut.
fn uncut(files: &[File], file: usize, found: &[Series]) -> Option<Series> {
    let source = &files[file].source;
    let name: &str = &source.name;
    let like = |series: &&Series| {
        let written = series.name("");
        let folder = |name: &str| name.rfind('/').map_or(0, |at| at + 1);
        let end = |name: &str| name.rfind('.').map(|at| name[at..].to_owned());
        series.members.iter().any(|member| member.key.is_empty())
            && series.form.env == source.env
            && written[..folder(&written)] == name[..folder(name)]
            && end(&written) == end(name)
    };
    let like = found.iter().find(like)?;
    let mark = like.form.before.map_or(String::new(), String::from);
    Some(Series {
        form: like.form.clone(),
        stem: (format!("{name}{mark}"), like.stem.1.clone()),
        falling: like.falling,
        members: vec![unnumbered(files, file)],
    })
}

/// The ways to read a name: each group of numbers in it may tell which file it is.
fn read(source: &Source) -> Vec<(Cut, Key, String)> {
    let name = unpacked(&source.name);
    let groups = groups(name);
    let cut = |(from, to): &(usize, usize)| {
        let text = &name[*from..*to];
        let (before, after) = (&name[..*from], &name[*to..]);
        let numbers = text.split(|c: char| !c.is_ascii_digit());
        let key: Option<Key> = numbers
            .filter(|number| !number.is_empty())
            .map(|number| number.parse().ok())
            .collect();
        let folder = |path: &str| path.rfind('/').map_or("", |at| &path[..at]).to_owned();
        let form = Form {
            env: Arc::clone(&source.env),
            folder: folder(before),
            between: text.chars().filter(|c| !c.is_ascii_digit()).collect(),
            before: before.chars().last().filter(|c| !c.is_alphanumeric()),
            after: ending(after).to_owned(),
        };
        let stem = (before.to_owned(), after.to_owned());
        Some((Cut { form, stem }, key?, text.to_owned()))
    };
    groups.iter().filter_map(cut).collect()
}

/// What is behind the numbers; of a name that stands in a folder of that number, how it ends.
fn ending(after: &str) -> &str {
    let Some(name) = after.rfind('/').map(|at| &after[at..]) else {
        return after;
    };
    name.find('.').map_or("", |dot| &name[dot..])
}

/// The name as it was before it was packed.
#[must_use]
pub fn unpacked(name: &str) -> &str {
    let mut ends = PACKED.iter().filter_map(|end| name.strip_suffix(end));
    ends.next().unwrap_or(name)
}

/// Where numbers stand that belong together, nothing between them but one mark or the `T` of a time;
/// and each of these without the first of its numbers, as they may tell something else.
fn groups(name: &str) -> Vec<(usize, usize)> {
    let bytes = name.as_bytes();
    let mut groups: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit());
        let end = at + digits.count();
        if end == at {
            at += 1;
            continue;
        }
        let joins = |last: usize| at - last == 1 && b"-_./T:".contains(&bytes[last]);
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| joins(last.1)) => group.push((at, end)),
            _ => groups.push(vec![(at, end)]),
        }
        at = end;
    }
    let parts = groups.iter().filter_map(|group| {
        let end = group.last()?.1;
        Some(group.iter().map(move |(from, _)| (*from, end)))
    });
    parts.flatten().collect()
}
