//! Detector 5, from the log lines alone: somebody used to log and stopped, against his own cadence and
//! while his peers went on, whether a lost message names him or not.
//!
//! Nothing is told where it was not read on, where everybody grew quiet, where others came up in his
//! place or took over his work, and of one that was there for a while only (fleets grow and shrink).

use std::sync::Arc;

use statrs::distribution::{Binomial, DiscreteCDF};

use super::finding::{EvidenceLine, Finding, FindingKind};
use super::sample;
use super::scene::{self, Scene};
use super::sentence::Sentence;
use super::suspicion::gone_to;
use crate::domain::buckets::Buckets;
use crate::domain::event::SourceKind;
use crate::domain::graph::bit;
use crate::domain::sheet::Sheet;
use crate::domain::show::{count, count_of, duration};
use crate::domain::signals::view::Activity;
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;
use crate::domain::view::{Chosen, SourceView};

/// Fewer lines show no cadence.
const FEWEST: u64 = 30;
/// A shorter silence is none.
const SILENCE_MS: i64 = 5 * 60_000;
/// A silence is so many times as long as the longest pause before it.
const PAUSES: i64 = 3;
/// Who comes up so near to the end of another takes his place.
const HANDOVER_MS: i64 = 15 * 60_000;
/// Who is there for less than this part of the time before his end was there for a while only.
const MOST_OF_IT: i64 = 2;
/// Peers go on if they write at least so large a share of what they wrote before.
const GO_ON: f64 = 0.5;
/// His work was not taken over if so large a share of his lines is missing.
const MISSING: f64 = 0.8;
/// What is missing is more than so many standard deviations.
const SIGMAS: f64 = 5.0;
/// Fewer lost messages belong to nobody.
const LOST: usize = 5;
/// So large a share of the lost of an edge must have been lost since.
const MOSTLY: f64 = 0.8;
/// More than one in so many is chance.
const CHANCE: f64 = 1e-3;

/// Somebody who stopped.
struct Quiet<'a> {
    view: &'a SourceView,
    activity: &'a Activity,
    /// From his last word to the end of what was read.
    silence: Span,
    /// The longest pause before.
    pause_ms: i64,
    peers: Vec<&'a Activity>,
}

/// Messages lost on their way to him, or at him, since he stopped.
struct Lost<'a> {
    sheet: &'a Sheet,
    stage: usize,
    since: Vec<u32>,
    all: usize,
}

/// Adds a finding for each who stopped, or a sentence to the finding that tells of the same losses.
pub fn add(findings: &mut Vec<Finding>, scene: Scene<'_>) {
    let signals = scene.signals;
    for activity in signals.streams.iter().chain(&signals.sources) {
        let Some(quiet) = quiet(activity, scene) else {
            continue;
        };
        let Some(lost) = quiet.lost(scene) else {
            // Whatever was meant for a stage came through: his work was taken over.
            // Of single files that serve no stage nobody knows whether they have to do with each other.
            let alone = quiet.activity.stream.is_none() && quiet.view.source.group.is_empty();
            if quiet.view.stages.is_empty() && !alone {
                findings.push(quiet.finding(None, scene));
            }
            continue;
        };
        let (sheet, stage) = (lost.sheet, &lost.sheet.stages[lost.stage]);
        let of_edge = findings.iter_mut().filter(|f| {
            let edge = f.edge.as_ref().map(|(from, _)| from);
            f.env.as_ref() == Some(&sheet.env) && edge == Some(&stage.name)
        });
        let mut known = false;
        for finding in of_edge {
            known |= explains(finding.kind);
            let meanwhile = "at the same time (seen; that it is the reason is inferred): ";
            let said = Sentence::from(meanwhile).then(&quiet.told());
            finding.evidence.push(said);
        }
        if !known {
            findings.push(quiet.finding(Some(&lost), scene));
        }
    }
}

/// Whether a finding of this kind says already why messages were lost.
pub(super) const fn explains(kind: FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::CommonCause
            | FindingKind::UnknownConsumer
            | FindingKind::SilentEmitter
            | FindingKind::DeadEdge
    )
}

/// Whether somebody stopped, and his peers did not.
fn quiet<'a>(activity: &'a Activity, scene: Scene<'a>) -> Option<Quiet<'a>> {
    let view = scene.source(activity.source)?;
    let covered = view.covered.iter().find(|s| s.contains(activity.last))?;
    let silence = Span::new(activity.last, covered.to);
    let pause_ms = longest_pause(&activity.over_time);
    let length = silence.to.since(silence.from);
    if activity.events < FEWEST || length < SILENCE_MS.max(PAUSES * pause_ms) {
        return None;
    }
    let there = activity.last.since(activity.first);
    let there_in_all = activity.last.since(covered.from.max(view.seen?.from));
    if there < there_in_all / MOST_OF_IT {
        return None;
    }
    let peers = peers(activity, view, scene);
    let came = |peer: &&Activity| {
        peer.first > activity.first.plus(HANDOVER_MS)
            && peer.first.plus(HANDOVER_MS) > activity.last
    };
    if peers.is_empty() || peers.iter().any(came) {
        return None;
    }
    // As long before as after, as far as there is a before.
    let length = length.min(there_in_all);
    let before = Span::new(silence.from.plus(-length), silence.from);
    let after = Span::new(silence.from.plus(1), silence.from.plus(length));
    let sum = |of: &[&Activity], span| of.iter().map(|a| lines(a, span)).sum::<f64>();
    let own = lines(activity, before);
    // A source is its streams together: there may be thousands of them.
    let whole = scene.signals.sources.iter();
    let mut whole = whole.filter(|a| activity.stream.is_some() && a.source == activity.source);
    let (then, now) = match whole.next() {
        Some(whole) => (lines(whole, before) - own, lines(whole, after)),
        None => (sum(&peers, before), sum(&peers, after)),
    };
    if then <= 0.0 || now < GO_ON * then {
        return None;
    }
    let others = scene.signals.sources.iter().filter(|a| {
        let of = scene.source(a.source);
        a.source != activity.source && of.is_some_and(|of| of.source.env == view.source.env)
    });
    let others: Vec<&Activity> = others.collect();
    let traffic = match sum(&others, before) {
        0.0 => 1.0,
        before => (sum(&others, after) / before).min(1.0),
    };
    let own = own * traffic;
    let missing = then.mul_add(traffic, own) - now;
    let noise = (own + then + now).sqrt() * SIGMAS;
    (missing >= MISSING * own && missing > noise).then_some(Quiet {
        view,
        activity,
        silence,
        pause_ms,
        peers,
    })
}

/// The other streams of his source; of a whole source, the others in its place, else of its environment.
fn peers<'a>(activity: &Activity, view: &SourceView, scene: Scene<'a>) -> Vec<&'a Activity> {
    let signals = scene.signals;
    if activity.stream.is_some() {
        let peers = signals.streams.iter();
        let of_source = peers.filter(|p| p.source == activity.source);
        return of_source.filter(|p| p.stream != activity.stream).collect();
    }
    let in_env = signals.sources.iter().filter_map(|peer| {
        let other = scene.source(peer.source)?;
        let other_one = peer.source != activity.source && other.source.env == view.source.env;
        other_one.then_some((peer, other))
    });
    let same_stage = |other: &SourceView| {
        !view.stages.is_empty() && other.stages.iter().any(|s| view.stages.contains(s))
    };
    let alike: Vec<&Activity> = in_env
        .clone()
        .filter(|(_, other)| same_stage(other))
        .map(|(peer, _)| peer)
        .collect();
    if alike.is_empty() {
        return in_env.map(|(peer, _)| peer).collect();
    }
    alike
}

/// The longest time without a word, as far as buckets can tell.
fn longest_pause(over_time: &Buckets<u64>) -> i64 {
    let starts: Vec<Timestamp> = over_time.iter().map(|(time, _)| time).collect();
    let pauses = starts.windows(2).map(|pair| pair[1].since(pair[0]));
    pauses.max().unwrap_or(0)
}

/// Lines within a span: buckets on its edge count for the part of them that lies in it.
fn lines(activity: &Activity, span: Span) -> f64 {
    let width = activity.over_time.width_ms();
    let part = |(from, number): (Timestamp, &u64)| {
        let low = from.max(span.from).max(activity.first);
        let high = from.plus(width - 1).min(span.to).min(activity.last);
        let whole = from.plus(width - 1).min(activity.last);
        let whole = whole.since(from.max(activity.first)) + 1;
        let inside = (high.since(low) + 1).max(0);
        *number as f64 * inside as f64 / whole.max(1) as f64
    };
    activity.over_time.iter().map(part).sum()
}

impl Quiet<'_> {
    /// The messages that were lost on an edge to or from his stages since he stopped, and not before.
    fn lost<'a>(&self, scene: Scene<'a>) -> Option<Lost<'a>> {
        let env = &self.view.source.env;
        let mut most: Option<Lost<'a>> = None;
        for sheet in scene.sheets.iter().filter(|s| s.env == *env) {
            let own = |stage: &str| {
                let name = format!("{}/{stage}", sheet.pipeline);
                self.view.stages.contains(&name)
            };
            for (stage, at) in sheet.stages.iter().enumerate() {
                if !own(&at.name) && !own(&at.next) {
                    continue;
                }
                let found = self.since(sheet, stage);
                let more = |m: &Lost<'_>| found.since.len() > m.since.len();
                if self.is_more_than_chance(&found) && most.as_ref().is_none_or(more) {
                    most = Some(found);
                }
            }
        }
        most
    }

    fn since<'a>(&self, sheet: &'a Sheet, stage: usize) -> Lost<'a> {
        let lost = |index: &usize| {
            let case = &sheet.cases[*index];
            case.verdict == Verdict::Lost && usize::from(case.last_stage) == stage
        };
        let lost: Vec<usize> = (0..sheet.cases.len()).filter(lost).collect();
        // What was handed over just before he stopped is lost too.
        let from = self.silence.from.plus(-self.pause_ms.max(60_000));
        let since = lost
            .iter()
            .filter(|index| sheet.stages[stage].times[**index] >= from);
        Lost {
            sheet,
            stage,
            since: since.map(|index| *index as u32).collect(),
            all: lost.len(),
        }
    }

    /// Whether more of them were lost since than the share of those that came since would have it.
    fn is_more_than_chance(&self, lost: &Lost<'_>) -> bool {
        let since = lost.since.len();
        if since < LOST || (since as f64) < MOSTLY * lost.all as f64 {
            return false;
        }
        let times = &lost.sheet.stages[lost.stage].times;
        let came = lost.sheet.cases.iter().zip(times);
        let came = came.filter(|(case, _)| case.seen & bit(lost.stage) != 0);
        let (mut all, mut late) = (0_u32, 0_u32);
        for (_, time) in came {
            all += 1;
            late += u32::from(*time >= self.silence.from);
        }
        let part = f64::from(late) / f64::from(all.max(1));
        let drawn = Binomial::new(part.min(1.0), lost.all as u64);
        drawn.is_ok_and(|drawn| drawn.sf(since as u64 - 1) <= CHANCE)
    }

    /// `ip-10-3-7-145 at processor fell silent at 01:45:58 UTC while 3 peers in its log went on logging`.
    fn told(&self) -> Sentence {
        let at = scene::whereabouts(&[self.view]);
        let who = match &self.activity.stream {
            Some(stream) => format!("{stream} at {at}"),
            None if at.is_empty() => self.view.source.name.to_string(),
            None => format!("{} ({at})", self.view.source.name),
        };
        let peers = count_of(self.peers.len() as u64, "peer");
        // Those of other logs at its stage are not meant.
        let place = if self.activity.stream.is_some() {
            " in its log"
        } else {
            ""
        };
        Sentence::from(format!("{who} fell silent at "))
            .clock_in_zone(self.activity.last)
            .say(&format!(" while {peers}{place} went on logging"))
    }

    fn finding(&self, lost: Option<&Lost<'_>>, scene: Scene<'_>) -> Finding {
        let env = &self.view.source.env;
        let weight = |lost: &Lost<'_>, number: usize| {
            (number as f64 * lost.sheet.lost_weight).round() as u64
        };
        let number = lost.map_or(0, |lost| weight(lost, lost.since.len()));
        let harm = lost.map_or_else(String::new, |lost| {
            let next = &lost.sheet.stages[lost.stage].next;
            let what = count_of(number, "message");
            format!(
                "; since then {what} {} (inferred: meant for it)",
                gone_to(next)
            )
        });
        let end = if self.activity.stream.is_none() && self.view.source.kind == SourceKind::File {
            "; either it stopped, or the rest of its log is not here"
        } else {
            ""
        };
        let (messages, mut lines) = lost.map_or_else(Default::default, |lost| {
            sample::of(lost.sheet, &lost.since, scene.access)
        });
        let word = self.activity.last_line.map(|raw| EvidenceLine {
            source: Arc::clone(&self.view.source.name),
            time: self.activity.last,
            raw,
        });
        lines.splice(0..0, word);
        let stage = lost.map(|lost| &lost.sheet.stages[lost.stage]);
        Finding {
            kind: FindingKind::SilentEmitter,
            title: Sentence::from(format!("{env}: "))
                .then(&self.told())
                .say(&harm)
                .say(end),
            env: Some(Arc::clone(env)),
            pipeline: lost.map(|lost| lost.sheet.pipeline.clone()),
            edge: stage.map(|stage| (stage.name.clone(), stage.next.clone())),
            lost: number,
            of: lost.map_or(0, |lost| weight(lost, lost.all)),
            span: Some(self.silence),
            onset: None,
            attributes: Vec::new(),
            evidence: vec![self.cadence().into()],
            concerned: Some(lost.map_or_else(
                || Chosen::new("tied to no loss", Vec::new()),
                |lost| sample::chosen(lost.sheet, "lost since it fell silent", &lost.since),
            )),
            messages,
            lines,
        }
    }

    fn cadence(&self) -> String {
        format!(
            "{} log events until then, never silent for longer than {}; now for {}, as far as it was read, and nobody wrote more in its place",
            count(self.activity.events),
            duration(self.pause_ms),
            duration(self.silence.to.since(self.silence.from)),
        )
    }
}
