//! A pattern made ready for the hot path: most log patterns are a literal and a run of characters.
//!
//! Such a pattern is run as a short straight program; every other one, and every text where the
//! straight program cannot be sure, by the regular expression itself. Both give the same answer
//! (a test compares them): this is only about speed.

use memchr::memmem::Finder;
use regex::bytes::CaptureLocations;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::pattern::Pattern;

/// At most so many groups are run straight.
const MAX_GROUPS: usize = 4;

/// A pattern and, where it is simple enough, its straight program.
#[derive(Clone, Debug)]
pub struct Probe {
    pattern: Pattern,
    straight: Option<Straight>,
    /// The groups whose bounds are wanted, as indices of the regular expression.
    groups: Vec<usize>,
}

/// Where a probe matched.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hit {
    /// One past the last byte of the match.
    pub end: usize,
    /// The bounds of the wanted groups, in the order they were asked for.
    pub groups: [Option<(usize, usize)>; 2],
}

/// Room for the groups of a regular expression; one for every probe, reused.
#[derive(Debug)]
pub struct Room(CaptureLocations);

#[derive(Clone, Debug)]
struct Straight {
    first: Finder<'static>,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Literal(Vec<u8>),
    Run {
        table: Box<[bool; 256]>,
        /// The class also holds characters beyond ASCII, which the table cannot decide.
        beyond: bool,
        min: usize,
        max: usize,
    },
    Save(usize),
}

enum Try {
    Match([usize; 2 * MAX_GROUPS], usize),
    No,
    Unsure,
}

impl Probe {
    /// A probe that tells the bounds of these named groups, at most two.
    #[must_use]
    pub fn new(pattern: &Pattern, wanted: &[&str]) -> Self {
        let names: Vec<Option<&str>> = pattern.regex().capture_names().collect();
        let groups = wanted
            .iter()
            .filter_map(|name| names.iter().position(|n| n.as_deref() == Some(*name)))
            .collect();
        Self {
            straight: (names.len() <= MAX_GROUPS)
                .then(|| Straight::new(pattern.as_str()))
                .flatten(),
            pattern: pattern.clone(),
            groups,
        }
    }

    /// Whether one of the wanted groups exists.
    #[must_use]
    pub fn has_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    /// Whether it is written for raw JSON: a quote never stands in a decoded field by chance.
    #[must_use]
    pub fn reads_raw(&self) -> bool {
        self.pattern.as_str().contains('"')
    }

    /// Literals of which one stands in every text that matches. `None` where there are no such.
    #[must_use]
    pub fn literals(&self) -> Option<Vec<Vec<u8>>> {
        let hir = parse(self.pattern.as_str())?;
        let prefixes = Extractor::new().extract(&hir);
        let literals = prefixes.literals()?.iter().map(|l| l.as_bytes().to_vec());
        let literals: Vec<Vec<u8>> = literals.collect();
        let telling = |l: &Vec<u8>| l.len() > 1;
        (!literals.is_empty() && literals.iter().all(telling)).then_some(literals)
    }

    /// Room for [`Probe::find`].
    #[must_use]
    pub fn room(&self) -> Room {
        Room(self.pattern.regex().capture_locations())
    }

    /// The first match at or after `from`.
    #[must_use]
    pub fn find(&self, text: &[u8], from: usize, room: &mut Room) -> Option<Hit> {
        if let Some(straight) = &self.straight {
            match straight.find(text, from) {
                Try::No => return None,
                Try::Unsure => {}
                Try::Match(saves, end) => {
                    let bounds = |group: usize| Some((saves[2 * group], saves[2 * group + 1]));
                    return Some(self.hit(end, bounds));
                }
            }
        }
        if self.groups.is_empty() {
            let found = self.pattern.regex().find_at(text, from)?;
            return Some(self.hit(found.end(), |_| None));
        }
        let found = self
            .pattern
            .regex()
            .captures_read_at(&mut room.0, text, from)?;
        Some(self.hit(found.end(), |group| room.0.get(group)))
    }

    fn hit(&self, end: usize, bounds: impl Fn(usize) -> Option<(usize, usize)>) -> Hit {
        let mut hit = Hit {
            end,
            groups: [None; 2],
        };
        for (place, group) in hit.groups.iter_mut().zip(&self.groups) {
            *place = bounds(*group);
        }
        hit
    }
}

impl Straight {
    fn new(pattern: &str) -> Option<Self> {
        let hir = parse(pattern)?;
        let mut steps = Vec::new();
        flatten(&hir, &mut steps)?;
        let first = steps.iter().find_map(|step| match step {
            Step::Literal(bytes) => Some(Some(bytes.clone())),
            Step::Run { .. } => Some(None),
            Step::Save(_) => None,
        })??;
        decided(&steps).then(|| Self {
            first: Finder::new(&first).into_owned(),
            steps,
        })
    }

    fn find(&self, text: &[u8], from: usize) -> Try {
        let mut at = from;
        while let Some(start) = text.get(at..).and_then(|rest| self.first.find(rest)) {
            match self.run(text, at + start) {
                Try::No => at += start + 1,
                done => return done,
            }
        }
        Try::No
    }

    fn run(&self, text: &[u8], mut at: usize) -> Try {
        let mut saves = [0; 2 * MAX_GROUPS];
        // The first literal is what has been found here.
        let mut found = true;
        for step in &self.steps {
            match step {
                Step::Save(slot) => saves[*slot] = at,
                Step::Literal(bytes) => {
                    if !found && !text[at..].starts_with(bytes) {
                        return Try::No;
                    }
                    found = false;
                    at += bytes.len();
                }
                Step::Run {
                    table,
                    beyond,
                    min,
                    max,
                } => {
                    let room = text.len().min(at.saturating_add(*max));
                    let run = text[at..room]
                        .iter()
                        .take_while(|b| table[usize::from(**b)])
                        .count();
                    let stop = text.get(at + run);
                    if run < *max && *beyond && stop.is_some_and(|b| *b >= 0x80) {
                        return Try::Unsure;
                    }
                    if run < *min {
                        return Try::No;
                    }
                    at += run;
                }
            }
        }
        Try::Match(saves, at)
    }
}

fn parse(pattern: &str) -> Option<Hir> {
    let mut parser = regex_syntax::ParserBuilder::new().utf8(false).build();
    parser.parse(pattern).ok()
}

/// The steps of a pattern without alternatives, assertions or lazy runs.
fn flatten(hir: &Hir, steps: &mut Vec<Step>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => match steps.last_mut() {
            Some(Step::Literal(bytes)) => bytes.extend_from_slice(&literal.0),
            _ => steps.push(Step::Literal(literal.0.to_vec())),
        },
        HirKind::Class(class) => steps.push(run_of(class, 1, 1)),
        HirKind::Repetition(repetition) => {
            let max = repetition.max.map_or(usize::MAX, |max| max as usize);
            let HirKind::Class(class) = repetition.sub.kind() else {
                return None;
            };
            if !repetition.greedy {
                return None;
            }
            steps.push(run_of(class, repetition.min as usize, max));
        }
        HirKind::Capture(capture) => {
            let group = capture.index as usize;
            if group >= MAX_GROUPS {
                return None;
            }
            steps.push(Step::Save(2 * group));
            flatten(&capture.sub, steps)?;
            steps.push(Step::Save(2 * group + 1));
        }
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| flatten(part, steps))?,
        HirKind::Look(_) | HirKind::Alternation(_) => return None,
    }
    Some(())
}

fn run_of(class: &Class, min: usize, max: usize) -> Step {
    let mut table = Box::new([false; 256]);
    let mut beyond = false;
    match class {
        Class::Unicode(class) => {
            for range in class.iter() {
                beyond |= range.end() as u32 > 127;
                for code in range.start() as u32..=(range.end() as u32).min(127) {
                    table[code as usize] = true;
                }
            }
        }
        Class::Bytes(class) => {
            for range in class.iter() {
                for code in range.start()..=range.end() {
                    table[usize::from(code)] = true;
                }
            }
        }
    }
    Step::Run {
        table,
        beyond,
        min,
        max,
    }
}

/// Whether taking as much as possible in every run is the only way to match: what follows a run of
/// open length cannot begin with a character of the run.
fn decided(steps: &[Step]) -> bool {
    let mut steps = steps
        .iter()
        .filter(|step| !matches!(step, Step::Save(_)))
        .peekable();
    while let Some(step) = steps.next() {
        let Step::Run {
            table,
            beyond,
            min,
            max,
        } = step
        else {
            continue;
        };
        if min == max {
            continue;
        }
        match steps.peek() {
            None => {}
            Some(Step::Literal(bytes)) if bytes[0] < 128 && !table[usize::from(bytes[0])] => {}
            Some(Step::Run {
                table: next,
                beyond: next_beyond,
                min: 1..,
                ..
            }) if (!*beyond || !*next_beyond)
                && !table.iter().zip(next.iter()).any(|(a, b)| *a && *b) => {}
            Some(_) => return false,
        }
    }
    true
}
