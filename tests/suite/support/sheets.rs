//! Made-up messages side by side, whose truth is known.

use std::collections::BTreeMap;

use lastseen::diagnose::access::Access;
use lastseen::diagnose::{self, finding::Finding};
use lastseen::domain::graph::bit;
use lastseen::domain::overview::DONE;
use lastseen::domain::sheet::{Case, Column, Name, Sheet, SheetStage};
use lastseen::domain::signals::view::Signals;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::{Flags, Verdict};
use lastseen::domain::view::{MessageHandle, MessagePage, Overview};

/// SplitMix64: numbers that depend on the seed alone.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        (self.next() >> 11) as f64 / ((1_u64 << 53) as f64) < probability
    }
}

pub(crate) const SECOND: i64 = 1_000;

/// What is lost, of which the log says what it said of the others.
pub(crate) const WHERE: [&str; 3] = ["region", "source", "stream"];

/// One made-up message: a second from stage to stage.
#[derive(Clone, Default)]
pub(crate) struct Message {
    came: i64,
    said: Vec<(usize, &'static str, String)>,
    lost: Option<usize>,
    acked: Option<(usize, bool)>,
    twice: bool,
    ahead: Vec<(usize, i64)>,
}

impl Message {
    /// Comes to the first stage so many milliseconds after the beginning.
    pub(crate) fn at(came: i64) -> Self {
        Self {
            came,
            ..Self::default()
        }
    }

    /// What a stage said of it.
    pub(crate) fn says(mut self, stage: usize, name: &'static str, value: &str) -> Self {
        self.said.push((stage, name, value.to_owned()));
        self
    }

    /// Vanishes after this stage, if so.
    pub(crate) fn lost_after(mut self, stage: usize, lost: bool) -> Self {
        self.lost = lost.then_some(stage);
        self
    }

    /// Acknowledged by this stage: before it was done, or after.
    pub(crate) fn acked_by(mut self, stage: usize, early: bool) -> Self {
        self.acked = Some((stage, early));
        self
    }

    /// Goes through twice, if so.
    pub(crate) fn twice(mut self, twice: bool) -> Self {
        self.twice = twice;
        self
    }

    /// Seen at this stage by a clock that is ahead.
    pub(crate) fn clock_ahead(mut self, stage: usize, ms: i64) -> Self {
        self.ahead.push((stage, ms));
        self
    }

    fn time(&self, stage: usize) -> Timestamp {
        let ahead = self.ahead.iter().filter(|(s, _)| *s == stage);
        let ahead: i64 = ahead.map(|(_, ms)| ms).sum();
        Timestamp(self.came + stage as i64 * SECOND + ahead)
    }

    fn case(&self, index: usize, stages: usize) -> Case {
        let all = bit(stages) - 1;
        let last = self.lost.unwrap_or(stages - 1);
        let acked = self.acked.map_or(0, |(stage, _)| bit(stage));
        let flags = if self.twice {
            Flags::default().with(Flags::DUPLICATE)
        } else {
            Flags::default()
        };
        Case {
            handle: MessageHandle {
                node: index as u32,
                generation: 0,
            },
            verdict: self.lost.map_or(Verdict::Completed, |_| Verdict::Lost),
            last_stage: last as u8,
            seen: bit(last + 1) - 1,
            passed: self.lost.map_or(all, |lost| bit(lost) - 1),
            acked,
            acked_early: self.acked.map_or(0, |(s, early)| bit(s) * u64::from(early)),
            flags,
            first: self.time(0),
            last: self.time(last),
        }
    }
}

/// The messages of one environment of the pipeline `orders`.
pub(crate) fn sheet(env: &str, stages: &[&str], messages: &[Message]) -> Sheet {
    let mut names: Vec<Name> = Vec::new();
    let mut columns: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
    for (index, message) in messages.iter().enumerate() {
        for (stage, text, value) in &message.said {
            let name = names.iter().position(|n| &*n.text == *text);
            let name = name.unwrap_or_else(|| {
                names.push(Name {
                    text: (*text).into(),
                    implied: WHERE.contains(text),
                    values: Vec::new(),
                });
                names.len() - 1
            });
            let values = &mut names[name].values;
            let known = values.iter().position(|v| **v == **value);
            let cell = known.unwrap_or_else(|| {
                values.push(value.as_str().into());
                values.len() - 1
            });
            // Where it was not seen nothing was said.
            if message.lost.is_none_or(|lost| *stage <= lost) {
                let empty = || vec![0; messages.len()];
                columns.entry((*stage, name)).or_insert_with(empty)[index] = cell as u32 + 1;
            }
        }
    }
    let columns = columns.into_iter();
    let at = |stage: usize, m: &Message| match m.lost {
        Some(lost) if stage > lost => Timestamp::MIN,
        _ => m.time(stage),
    };
    let stage = |(index, name): (usize, &&str)| SheetStage {
        name: (**name).into(),
        upstream: bit(index + 1) - 1,
        next: stages.get(index + 1).map_or(DONE, |next| *next).into(),
        came: messages.iter().map(|m| at(index, m)).collect(),
        times: messages.iter().map(|m| at(index, m)).collect(),
    };
    Sheet {
        pipeline: "orders".into(),
        env: env.into(),
        stages: stages.iter().enumerate().map(stage).collect(),
        names,
        columns: columns
            .map(|((stage, name), cells)| Column {
                stage,
                name,
                entry: false,
                cells,
            })
            .collect(),
        cases: messages
            .iter()
            .enumerate()
            .map(|(index, message)| message.case(index, stages.len()))
            .collect(),
        lost_weight: 1.0,
        kept_weight: 1.0,
    }
}

/// All findings over sheets, where nobody asks for single messages.
pub(crate) fn findings(overview: &Overview, sheets: &[Sheet]) -> Vec<Finding> {
    let access = Access {
        messages: &|_| MessagePage::default(),
        lifecycle: &|_| None,
    };
    diagnose::findings(overview, sheets, &Signals::default(), access)
}
