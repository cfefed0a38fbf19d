//! What every message of a [`World`] must be judged as, by the plainest possible code.
//!
//! Written from the meaning of the verdicts alone, apart from the ledger: lists are scanned, nothing
//! is kept between questions, nothing is quick. Where the meaning leaves a choice, every reading is
//! accepted and `Judged::verdicts` holds more than one verdict.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use lastseen::domain::pipeline::Pipeline;
use lastseen::domain::verdict::{Mark, Verdict};

use super::world::{LineFact, Says, SourceFact, StageFact, Standing, World};

/// Allowance of an edge that is not configured, with fewer than 200 samples.
const DEFAULT_MS: i64 = 5 * 60_000;

/// What another host's clock may be ahead: only beyond it does its sighting count as later.
const SKEW_MS: i64 = 10_000;

/// One sighting as the rules would extract it.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    pub(crate) id: String,
    pub(crate) time: i64,
    pub(crate) stage: Option<usize>,
    pub(crate) mark: Mark,
}

/// What is expected of one lifecycle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Judged {
    pub(crate) ids: BTreeSet<String>,
    pub(crate) first_seen: i64,
    pub(crate) last_seen: i64,
    /// Any of these is right.
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) last_stage: usize,
}

/// Every lifecycle of a world, by its IDs and then its first sighting.
pub(crate) fn judge(world: &World) -> Vec<Judged> {
    let mut sightings = Vec::new();
    let mut links = Vec::new();
    for line in &world.lines {
        sightings.extend(sighting(world, line));
        if let Says::Link(a, b) = &line.says {
            links.push((a.clone(), b.clone()));
        }
    }
    let mut judged = Vec::new();
    for ids in groups(&sightings, &links) {
        let of_message: Vec<Sighting> = sightings
            .iter()
            .filter(|s| ids.contains(&s.id))
            .cloned()
            .collect();
        for life in lives(world, of_message) {
            // What was only mentioned outside all stages never was in the pipeline.
            if life.iter().any(|s| s.stage.is_some()) {
                judged.push(judge_life(world, ids.clone(), &life));
            }
        }
    }
    judged.sort_by(|a, b| (&a.ids, a.first_seen).cmp(&(&b.ids, b.first_seen)));
    judged
}

/// IDs that no hub ties together, each group with all its IDs; hubs themselves are no messages.
pub(crate) fn hubs(links: &[(String, String)]) -> BTreeSet<String> {
    let mut neighbours: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (a, b) in links {
        neighbours.entry(a).or_default().insert(b);
        neighbours.entry(b).or_default().insert(a);
    }
    neighbours
        .into_iter()
        .filter(|(_, others)| others.len() > Pipeline::DEFAULT_MAX_LINKS)
        .map(|(id, _)| id.to_owned())
        .collect()
}

fn groups(sightings: &[Sighting], links: &[(String, String)]) -> Vec<BTreeSet<String>> {
    let hubs = hubs(links);
    let mut groups: Vec<BTreeSet<String>> = Vec::new();
    for sighting in sightings {
        if !hubs.contains(&sighting.id) {
            groups.push(BTreeSet::from([sighting.id.clone()]));
        }
    }
    for (a, b) in links {
        match (hubs.contains(a), hubs.contains(b)) {
            (false, false) => groups.push(BTreeSet::from([a.clone(), b.clone()])),
            (true, false) => groups.push(BTreeSet::from([b.clone()])),
            (false, true) => groups.push(BTreeSet::from([a.clone()])),
            (true, true) => {}
        }
    }
    loop {
        let pair = (0..groups.len())
            .flat_map(|i| (i + 1..groups.len()).map(move |j| (i, j)))
            .find(|(i, j)| !groups[*i].is_disjoint(&groups[*j]));
        match pair {
            None => return groups,
            Some((i, j)) => {
                let other = groups.remove(j);
                groups[i].extend(other);
            }
        }
    }
}

/// What the rules make of one line.
fn sighting(world: &World, line: &LineFact) -> Option<Sighting> {
    let (id, words) = match &line.says {
        Says::Nothing => return None,
        Says::Link(a, _) => (a, None),
        Says::Sighting(stage, mark, id) => (id, Some((*stage, *mark))),
    };
    let serves = &world.sources[line.source].stages;
    let ruled = words.filter(|(stage, mark)| match mark {
        Mark::Note => false,
        Mark::Enter => world.stages[*stage].enter_rule,
        Mark::Exit => world.stages[*stage].exit_rule,
        _ => true,
    });
    let (stage, mark) = match (ruled, serves.as_slice()) {
        (Some((stage, mark)), _) => (Some(stage), mark),
        (None, [only]) if world.stages[*only].enter_rule => (Some(*only), Mark::Note),
        (None, [only]) => (Some(*only), Mark::Enter),
        (None, _) => (None, Mark::Note),
    };
    Some(Sighting {
        id: id.clone(),
        time: line.time,
        stage,
        mark,
    })
}

/// An entry a day after the sighting before it begins another life; a mere mention does not. Where
/// clocks differ, the entry may come a little after the first sighting of that life.
fn lives(world: &World, mut sightings: Vec<Sighting>) -> Vec<Vec<Sighting>> {
    let entries = entries(&world.stages);
    let is_entry = |s: &Sighting| {
        matches!(s.mark, Mark::Enter | Mark::Exit) && s.stage.is_some_and(|n| entries.contains(&n))
    };
    sightings.sort_by_key(|s| s.time);
    let mut lives: Vec<Vec<Sighting>> = Vec::new();
    for sighting in &sightings {
        let before = lives.last().and_then(|life| life.last());
        let apart =
            before.is_some_and(|b| sighting.time - b.time >= Pipeline::DEFAULT_REUSE_AFTER_MS);
        let soon = sighting.time..=sighting.time + SKEW_MS;
        let entry = sightings
            .iter()
            .any(|s| is_entry(s) && soon.contains(&s.time));
        match lives.last_mut() {
            Some(life) if !(apart && entry) => life.push(sighting.clone()),
            _ => lives.push(vec![sighting.clone()]),
        }
    }
    lives
}

fn judge_life(world: &World, ids: BTreeSet<String>, life: &[Sighting]) -> Judged {
    let stages = &world.stages;
    let first_seen = life.iter().map(|s| s.time).min().unwrap();
    let last_seen = life.iter().map(|s| s.time).max().unwrap();
    let seen: BTreeSet<usize> = life.iter().filter_map(|s| s.stage).collect();
    let out = life.iter().any(|s| {
        let terminal = s.stage.is_some_and(|stage| is_terminal(stages, stage));
        s.mark == Mark::Skip || terminal && s.mark == Mark::Exit
    });
    // Where coming in is all there is to see, it can still fail or be put aside afterwards.
    let came_in = life.iter().any(|s| {
        let ends = |stage: usize| is_terminal(stages, stage) && !stages[stage].exit_rule;
        s.mark == Mark::Enter && s.stage.is_some_and(ends)
    });
    let (dead, failed) = (put_aside(stages, life), failed(stages, life));
    let completed = out || came_in && !dead && !failed;
    let elsewhere = seen.iter().any(|stage| !stages[*stage].dead_letter);
    let last_stage = seen
        .iter()
        .copied()
        // A dead-letter stage is only the last one while the message lies there.
        .filter(|stage| !stages[*stage].dead_letter || !elsewhere || dead && !completed)
        .max_by_key(|stage| (depth(stages, *stage), *stage))
        .unwrap();
    let verdicts = if completed {
        unentered(world, &seen, first_seen)
    } else if dead {
        vec![Verdict::DeadLettered]
    } else if failed {
        vec![Verdict::Failed]
    } else {
        absent(world, last_stage, last_seen)
    };
    Judged {
        ids,
        first_seen,
        last_seen,
        verdicts,
        last_stage,
    }
}

/// Completed, or unentered where the entry was watched long enough before.
fn unentered(world: &World, seen: &BTreeSet<usize>, first_seen: i64) -> Vec<Verdict> {
    let entries = entries(&world.stages);
    if entries.iter().any(|entry| seen.contains(entry)) {
        return vec![Verdict::Completed];
    }
    // How much room the way from the entry takes: at least nothing, at most every stage's allowance.
    let most: i64 = world.stages.iter().map(allowance).sum();
    let watched = |from: i64| {
        entries.iter().all(|entry| {
            let sources = sources_of(world, *entry);
            !sources.is_empty()
                && sources.iter().all(|s| {
                    let until = read_without_a_hole(world, *s, from);
                    until.is_some_and(|until| until >= first_seen)
                })
        })
    };
    match (watched(first_seen - most), watched(first_seen)) {
        (true, _) => vec![Verdict::Unentered],
        (_, false) => vec![Verdict::Completed],
        _ => vec![Verdict::Completed, Verdict::Unentered],
    }
}

/// It was put aside and not taken up again.
fn put_aside(stages: &[StageFact], life: &[Sighting]) -> bool {
    let in_dead_letter = |s: &Sighting| s.stage.is_some_and(|stage| stages[stage].dead_letter);
    let aside = life
        .iter()
        .filter(|s| s.mark == Mark::DeadLetter || in_dead_letter(s));
    let Some(newest) = aside.map(|s| s.time).max() else {
        return false;
    };
    !life.iter().any(|s| {
        let taken_up = matches!(s.mark, Mark::Enter | Mark::Retry);
        taken_up && !in_dead_letter(s) && s.time > newest + SKEW_MS
    })
}

/// It failed at a stage, no later stage has it, and it was not taken up again.
fn failed(stages: &[StageFact], life: &[Sighting]) -> bool {
    let fails = life.iter().filter(|s| s.mark == Mark::Fail);
    let is_newest = |fail: &&Sighting| {
        let mut same = life
            .iter()
            .filter(|s| s.mark == Mark::Fail && s.stage == fail.stage);
        same.all(|s| s.time <= fail.time)
    };
    fails
        .filter(is_newest)
        .any(|newest| stays_failed(stages, life, newest))
}

fn stays_failed(stages: &[StageFact], life: &[Sighting], newest: &Sighting) -> bool {
    let further = behind(stages, newest.stage.unwrap());
    !life.iter().any(|s| {
        let again = matches!(s.mark, Mark::Enter | Mark::Retry);
        let at = s.stage.unwrap_or(usize::MAX);
        if further.contains(&at) {
            !stages[at].dead_letter
        } else if s.stage == newest.stage {
            (again || s.mark == Mark::Exit) && s.time > newest.time
        } else {
            again && s.time > newest.time + SKEW_MS
        }
    })
}

/// Pending, blind or lost: what the absence of anything further means.
fn absent(world: &World, last_stage: usize, last_seen: i64) -> Vec<Verdict> {
    let mut next = next_stages(&world.stages, last_stage);
    if is_terminal(&world.stages, last_stage) {
        next.insert(last_stage);
    }
    let sources: Vec<usize> = next
        .iter()
        .flat_map(|stage| sources_of(world, *stage))
        .collect();
    let horizons = sources
        .iter()
        .filter(|s| is_alive(world, **s))
        .map(|s| read_without_a_hole(world, *s, last_seen).unwrap_or(last_seen));
    let newest = (0..world.sources.len())
        .flat_map(|s| spans(world, s))
        .map(|(_, to)| to)
        .max();
    let horizon = horizons.min().or(newest).unwrap_or(last_seen);
    let nobody = next
        .iter()
        .any(|stage| sources_of(world, *stage).is_empty());
    let mut verdicts: Vec<Verdict> = waits(&world.stages, last_stage, &next)
        .into_iter()
        .map(|wait| {
            let deadline = last_seen + wait;
            let read = |s: &usize| {
                read_without_a_hole(world, *s, last_seen).is_some_and(|until| until >= deadline)
            };
            if deadline > horizon {
                Verdict::Pending
            } else if nobody || !sources.iter().all(read) {
                Verdict::Blind
            } else {
                Verdict::Lost
            }
        })
        .collect();
    verdicts.dedup();
    verdicts
}

/// How long a message may stay away after this stage, in every reading there is.
fn waits(stages: &[StageFact], last_stage: usize, next: &BTreeSet<usize>) -> Vec<i64> {
    let longest = |of: &dyn Fn(usize) -> bool| {
        let these = next.iter().filter(|stage| of(**stage));
        these.map(|stage| allowance(&stages[*stage])).max()
    };
    let mut waits: Vec<i64> = longest(&|_| true).into_iter().collect();
    // An optional or a dead-letter stage of which nothing is known may or may not be waited for
    // beside a stage that every message must pass.
    let direct = after(stages, last_stage);
    let main = |stage: usize| {
        let passable = stages[stage].optional || stages[stage].dead_letter;
        stage == last_stage || direct.contains(&stage) && !passable
    };
    if next.iter().any(|stage| main(*stage)) {
        waits.extend(longest(&|stage| {
            main(stage) || stages[stage].within_ms.is_some()
        }));
    }
    // Only mentioned by a last stage that is completed by coming in: `within` may or may not hold.
    if next.contains(&last_stage) && !stages[last_stage].exit_rule {
        waits.push(DEFAULT_MS);
        waits.extend(longest(&|stage| stage != last_stage));
    }
    waits
}

fn allowance(stage: &StageFact) -> i64 {
    stage.within_ms.unwrap_or(DEFAULT_MS)
}

// Sources.

fn sources_of(world: &World, stage: usize) -> Vec<usize> {
    (0..world.sources.len())
        .filter(|s| world.sources[*s].stages.contains(&stage))
        .filter(|s| world.sources[*s].standing != Standing::Absent)
        .collect()
}

fn is_alive(world: &World, source: usize) -> bool {
    matches!(
        world.sources[source].standing,
        Standing::Whole | Standing::Loading | Standing::Complete
    )
}

/// What a source has read completely, as told; a file's share is the span of the whole input.
fn spans(world: &World, source: usize) -> Vec<(i64, i64)> {
    let times = world.lines.iter().map(|line| line.time);
    let input = times.clone().min().zip(times.max());
    // While one file is still being read, nobody knows what the whole input is.
    let loading = |s: &SourceFact| s.standing == Standing::Loading;
    let input = input.filter(|_| !world.files || !world.sources.iter().any(loading));
    match (world.sources[source].standing, input) {
        (Standing::Whole, Some(input)) => vec![input],
        // What was read of one input cannot reach past the newest event of all of them.
        (Standing::UpTo(time), Some((from, to))) if time >= from => vec![(from, time.min(to))],
        (Standing::Whole | Standing::UpTo(_), _) => vec![],
        _ => world.sources[source].spans.clone(),
    }
}

/// The time up to which a source was read from `time` on; `None` if not even `time` itself was.
fn read_without_a_hole(world: &World, source: usize, time: i64) -> Option<i64> {
    let spans = spans(world, source);
    let mut until = None;
    loop {
        let at = until.map_or(time, |until: i64| until + 1);
        let further = spans
            .iter()
            .filter(|(from, to)| *from <= at && at <= *to)
            .map(|(_, to)| *to)
            .max();
        match further {
            None => return until,
            further => until = further,
        }
    }
}

// The graph, in the environment of the test.

/// The stages before one, through those that do not exist.
fn before(stages: &[StageFact], stage: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for above in &stages[stage].after {
        if stages[*above].exists {
            found.insert(*above);
        } else {
            found.extend(before(stages, *above));
        }
    }
    found
}

fn entries(stages: &[StageFact]) -> BTreeSet<usize> {
    (0..stages.len())
        .filter(|s| stages[*s].exists && !stages[*s].dead_letter)
        .filter(|s| before(stages, *s).is_empty())
        .collect()
}

fn after(stages: &[StageFact], stage: usize) -> BTreeSet<usize> {
    (0..stages.len())
        .filter(|s| stages[*s].exists && before(stages, *s).contains(&stage))
        .collect()
}

/// The stages that may see a message next: those after, and those behind an optional one.
fn next_stages(stages: &[StageFact], stage: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for next in after(stages, stage) {
        found.insert(next);
        if stages[next].optional {
            found.extend(next_stages(stages, next));
        }
    }
    found
}

/// Every stage that can come after one.
fn behind(stages: &[StageFact], stage: usize) -> BTreeSet<usize> {
    let mut found = after(stages, stage);
    for next in found.clone() {
        found.extend(behind(stages, next));
    }
    found
}

/// Nothing follows it but where messages are put aside.
fn is_terminal(stages: &[StageFact], stage: usize) -> bool {
    let after = after(stages, stage);
    !stages[stage].dead_letter && after.iter().all(|next| stages[*next].dead_letter)
}

/// The longest way from an entry.
fn depth(stages: &[StageFact], stage: usize) -> usize {
    let above = before(stages, stage);
    above
        .iter()
        .map(|s| depth(stages, *s) + 1)
        .max()
        .unwrap_or(0)
}

/// Stages that are neither an entry nor terminal.
pub(crate) fn inner_stages(stages: &[StageFact]) -> Vec<usize> {
    let entries = entries(stages);
    (0..stages.len())
        .filter(|s| stages[*s].exists && !entries.contains(s))
        .filter(|s| !stages[*s].dead_letter && !is_terminal(stages, *s))
        .collect()
}
