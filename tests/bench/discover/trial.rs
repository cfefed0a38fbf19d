//! One built-in incident twice: as it is, with its own configuration, and in disguise without any. What
//! the second run says is held against the first and against the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use lastseen::diagnose::finding::Finding;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::sources::demo::incident::{Options, incident};

use super::disguise::Disguise;
use super::ids::Ids;
use super::running;

/// The lifecycles of so many messages are read.
const READ: usize = 400;

/// What came out.
pub(crate) struct Trial {
    /// Messages that there were.
    pub(crate) messages: usize,
    /// Lost messages of the configured run, and those that only one of the runs calls lost.
    pub(crate) lost: usize,
    pub(crate) differ: usize,
    /// How they differ, in words.
    pub(crate) ways: Vec<String>,
    /// Pairs of log events of one message, and those of them that belong together.
    pub(crate) pairs: u64,
    pub(crate) right: u64,
    /// The first finding of either run, in words.
    pub(crate) first: [String; 2],
    pub(crate) same_first: bool,
    /// The system, as drawn.
    pub(crate) system: String,
    /// What was learnt, as a file.
    pub(crate) config: String,
}

impl Trial {
    /// Takes an incident with these options, below a folder that it may use.
    pub(crate) fn of(name: &str, options: &Options, folder: &Path) -> Self {
        let told = incident(name, options).unwrap();
        let truth = told.truth();
        let mut disguise = Disguise::new(options.seed, &told, &truth);
        let (plain, other) = (folder.join("plain"), folder.join("disguised"));
        for folder in [&plain, &other] {
            let _none_yet = fs::remove_dir_all(folder);
        }
        told.write(&plain).unwrap();
        disguise.write(&told, &other).unwrap();
        let (_, config) = running::learn(&other, "logs");
        let configured = running::run(&plain, told.config(), &[]).unwrap();
        let mut trial = Self {
            messages: truth.messages.len(),
            lost: lost(&said(&configured, &disguise.ids)).len(),
            differ: truth.messages.len(),
            ways: Vec::new(),
            pairs: 0,
            right: 0,
            same_first: false,
            first: [
                first(&configured).map_or_else(String::new, |f| f.title.to_string()),
                String::new(),
            ],
            system: disguise.words(),
            config,
        };
        match running::run(&other, &trial.config, &["logs"]) {
            Ok(learnt) => trial.compare(&configured, &learnt, &disguise.ids),
            Err(wrong) => trial.first[1] = wrong,
        }
        trial
    }

    fn compare(&mut self, configured: &Investigation, learnt: &Investigation, ids: &Ids) {
        let (expected, got) = (said(configured, ids), said(learnt, ids));
        self.differ = lost(&expected).symmetric_difference(&lost(&got)).count();
        self.ways = contrast(&expected, &got);
        (self.pairs, self.right) = pairs(learnt, ids);
        let found = first(learnt);
        self.same_first = same(first(configured).as_ref(), found.as_ref());
        self.first[1] = found.map_or_else(String::new, |f| f.title.to_string());
    }
}

fn first(run: &Investigation) -> Option<Finding> {
    run.findings().first().cloned()
}

/// What a run says of each message: verdict, last stage and ID, by the message's number in the truth.
/// One that is none of them has a number of its own.
type Said = BTreeMap<u64, (Verdict, String, String)>;

fn said(run: &Investigation, ids: &Ids) -> Said {
    let page = run.messages(&MessageQuery {
        limit: usize::MAX,
        ..MessageQuery::default()
    });
    let mut said = Said::new();
    for (row, unknown) in page.rows.into_iter().zip(1 << 32..) {
        let known = row.ids.iter().find_map(|id| ids.message(id)).map(u64::from);
        // Of a message that fell apart the worst part counts, as it does for who reads.
        let new = (row.verdict, row.last_stage.to_string(), row.id);
        let one = said
            .entry(known.unwrap_or(unknown))
            .or_insert_with(|| new.clone());
        if new.0 == Verdict::Lost {
            *one = new;
        }
    }
    said
}

fn lost(said: &Said) -> BTreeSet<u64> {
    let lost = said.iter().filter(|(_, one)| one.0 == Verdict::Lost);
    lost.map(|(number, _)| *number).collect()
}

/// What both runs say of messages on which they differ, and how often.
fn contrast(configured: &Said, learnt: &Said) -> Vec<String> {
    let mut ways: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for number in lost(configured).symmetric_difference(&lost(learnt)) {
        let words = |said: &Said| {
            let one = said.get(number);
            one.map_or_else(
                || "unknown".to_owned(),
                |(v, stage, _)| format!("{v:?} at {stage}"),
            )
        };
        let way = format!("configured {}, learnt {}", words(configured), words(learnt));
        let example = learnt.get(number).map(|(.., id)| id.clone());
        let way = ways.entry(way).or_insert((0, example.unwrap_or_default()));
        way.0 += 1;
    }
    let ways = ways
        .into_iter()
        .map(|(way, (count, id))| format!("{count} x {way}, such as {id}"));
    ways.collect()
}

/// Pairs of log events that one message has by the run, and those that it has by the truth.
fn pairs(run: &Investigation, ids: &Ids) -> (u64, u64) {
    let page = run.messages(&MessageQuery {
        limit: usize::MAX,
        ..MessageQuery::default()
    });
    let (mut all, mut right) = (0, 0);
    for row in page.rows.iter().step_by((page.rows.len() / READ).max(1)) {
        let Some(way) = run.lifecycle(row.handle) else {
            continue;
        };
        let named: Vec<Vec<u32>> = way
            .sightings
            .iter()
            .filter_map(|sighting| run.text(sighting.raw).ok())
            .map(|event| ids.named(&String::from_utf8_lossy(&event.text)))
            .collect();
        for (at, one) in named.iter().enumerate() {
            for other in &named[at + 1..] {
                all += 1;
                right += u64::from(one.iter().any(|message| other.contains(message)));
            }
        }
    }
    (all, right)
}

/// Whether two findings say the same: of the same kind, of the same messages, by the same value.
fn same(one: Option<&Finding>, other: Option<&Finding>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return one.is_none() && other.is_none();
    };
    let value = |f: &Finding| f.attributes.first().map(|a| a.value.clone());
    one.kind == other.kind
        && one.env == other.env
        && one.lost == other.lost
        && value(one) == value(other)
}
