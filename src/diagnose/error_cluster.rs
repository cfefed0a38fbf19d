//! Detector 8: troubles that are new, or that were told more often for a time, whether they name a
//! message or not.
//!
//! A trouble that was there all the time at the same rate is none; nor is one that grew with the
//! traffic. That it came with a loss is seen, that it is the reason is inferred.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::finding::{EvidenceLine, Finding, FindingKind, Onset};
use super::losses::{Coincidence, Losses};
use super::scene::{self, Scene};
use super::sentence::Sentence;
use super::statistics::share;
use super::surge::{Cell, Surge, surge};
use super::suspicion::gone_to;
use crate::domain::event::SourceId;
use crate::domain::show::{count, count_of};
use crate::domain::signals::view::{Template, TemplatePlace};
use crate::domain::time::{Span, Timestamp};
use crate::domain::view::{Chosen, SourceView};

/// More than one trouble in so many runs that chance would show is none.
const CHANCE: f64 = 1e-3;
/// So many troubles of one environment are told that come with a loss, and as many that do not.
const MOST: usize = 3;
/// So many log events stand beside a finding.
const LINES: usize = 3;
/// A text as long as this was cut.
const CUT: usize = 199;

/// One trouble in one environment that surged.
struct Cluster<'a> {
    env: &'a Arc<str>,
    template: &'a Template,
    places: Vec<(&'a TemplatePlace, &'a SourceView)>,
    surge: Surge,
    /// First and last line of the surge.
    span: Span,
    cells: Vec<(Timestamp, u64)>,
    width_ms: i64,
}

/// Adds one finding for each trouble that surged, and a sentence to every loss that it coincides with.
pub fn add(findings: &mut Vec<Finding>, scene: Scene<'_>) {
    let Some(window) = scene.window() else { return };
    let mut clusters = clusters(scene);
    // The clearest first. Stable: equal ones stay in the order of the signals.
    clusters.sort_by(|a, b| b.surge.g.total_cmp(&a.surge.g));
    let losses: Vec<Losses> = if clusters.is_empty() {
        Vec::new()
    } else {
        findings
            .iter()
            .map(|f| Losses::of(f, scene.sheets))
            .collect()
    };
    let mut told: BTreeMap<(&Arc<str>, bool), usize> = BTreeMap::new();
    for cluster in &clusters {
        let mut with: Vec<(usize, Coincidence)> = Vec::new();
        for (index, losses) in losses.iter().enumerate() {
            let finding = &findings[index];
            if finding.env.as_ref() == Some(cluster.env)
                && finding.lost > 0
                && let Some(found) = losses.coincide(&cluster.cells, cluster.width_ms, window)
            {
                with.push((index, found));
            }
        }
        let told = told.entry((cluster.env, !with.is_empty())).or_default();
        *told += 1;
        if *told > MOST {
            continue;
        }
        let best = cluster.nearest(&with, findings);
        let finding = cluster.finding(best.map(|(i, c)| (&findings[i], c)), scene);
        let sentence = cluster.sentence();
        for (index, _) in with {
            findings[index].evidence.push(sentence.clone());
        }
        findings.push(finding);
    }
}

/// Every trouble that surged in an environment, by more than chance would have it.
fn clusters(scene: Scene<'_>) -> Vec<Cluster<'_>> {
    let mut found = Vec::new();
    let mut tried = 0_u32;
    for template in &scene.signals.templates {
        let mut envs: BTreeMap<&Arc<str>, Vec<(&TemplatePlace, &SourceView)>> = BTreeMap::new();
        for place in &template.places {
            if let Some(view) = scene.source(place.source) {
                let env = envs.entry(&view.source.env).or_default();
                env.push((place, view));
            }
        }
        for (env, places) in envs {
            tried += 1;
            let (cells, width_ms) = beside_lines(&places, scene);
            let Some(surge) = surge(&cells) else { continue };
            if surge.stretch.onset.is_none() && surge.stretch.end.is_none() {
                continue;
            }
            if !is_more_than_traffic(&places, &surge, scene, width_ms) {
                continue;
            }
            let counted = cells.iter().filter(|c| surge.span.contains(c.from));
            let counted = counted.filter(|c| c.said > 0).map(|c| (c.from, c.said));
            found.push(Cluster {
                env,
                template,
                span: exactly(&places, surge.span, width_ms),
                places,
                surge,
                cells: counted.collect(),
                width_ms,
            });
        }
    }
    // Every trouble could have been the one: Bonferroni.
    for cluster in &mut found {
        cluster.surge.chance = (cluster.surge.chance * f64::from(tried)).min(1.0);
    }
    found.retain(|cluster| cluster.surge.chance <= CHANCE);
    found
}

/// The lines of a trouble beside all other lines of the same sources.
fn beside_lines(places: &[(&TemplatePlace, &SourceView)], scene: Scene<'_>) -> (Vec<Cell>, i64) {
    let own = |id: SourceId| scene.signals.sources.iter().find(|a| a.source == id);
    let lines: Vec<_> = places.iter().filter_map(|(p, _)| own(p.source)).collect();
    let widths = places.iter().map(|(p, _)| p.over_time.width_ms());
    let width = widths
        .chain(lines.iter().map(|a| a.over_time.width_ms()))
        .max()
        .unwrap_or(1);
    let mut grid: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for (place, _) in places {
        for (time, said) in place.over_time.iter() {
            grid.entry(time.0 / width).or_default().0 += said;
        }
    }
    for activity in lines {
        for (time, all) in activity.over_time.iter() {
            grid.entry(time.0 / width).or_default().1 += all;
        }
    }
    let cells = grid.into_iter().map(|(number, (said, all))| Cell {
        from: Timestamp(number * width),
        said,
        others: all.saturating_sub(said),
    });
    (cells.collect(), width)
}

/// Whether it also grew by the clock, and beside the messages that came to the stages of its sources: a
/// stage that idles writes lines that are no work, and some troubles keep their own time.
fn is_more_than_traffic(
    places: &[(&TemplatePlace, &SourceView)],
    surge: &Surge,
    scene: Scene<'_>,
    width_ms: i64,
) -> bool {
    let seen = places.iter().filter_map(|(_, view)| view.seen);
    let length = |span: Span| span.to.since(span.from).max(0).unsigned_abs();
    let whole = seen.reduce(Span::union).map_or(0, length);
    let inside = length(surge.span) + width_ms.unsigned_abs();
    surge.outgrows(inside, whole.max(inside))
        && messages(places, surge.span, scene)
            .is_none_or(|(inside, all)| surge.outgrows(inside, all))
}

/// The messages that came to the stages of these sources: within a span, and in all. `None` where they
/// serve no stage.
fn messages(
    places: &[(&TemplatePlace, &SourceView)],
    span: Span,
    scene: Scene<'_>,
) -> Option<(u64, u64)> {
    let mut messages = None;
    let pipelines = &scene.overview.pipelines;
    for (pipeline, env) in pipelines
        .iter()
        .flat_map(|p| p.environments.iter().map(move |env| (p, env)))
        .filter(|(_, env)| places.iter().any(|(_, view)| view.source.env == env.name))
    {
        let is_own = |stage: &str| {
            let name = format!("{}/{stage}", pipeline.name);
            places.iter().any(|(_, view)| view.stages.contains(&name))
        };
        for edge in env.edges.iter().filter(|edge| is_own(&edge.from)) {
            let (inside, all) = messages.get_or_insert((0, 0));
            for (time, flow) in edge.series.iter() {
                *all += flow.entered;
                if span.contains(time) {
                    *inside += flow.entered;
                }
            }
        }
    }
    messages
}

/// The times of its lines, as exactly as they are known.
fn exactly(places: &[(&TemplatePlace, &SourceView)], span: Span, width_ms: i64) -> Span {
    let end = span.to.plus(width_ms - 1);
    let first = places.iter().map(|(p, _)| p.first).min();
    let last = places.iter().map(|(p, _)| p.last).max();
    Span::new(
        first.map_or(span.from, |first| first.max(span.from)),
        last.map_or(end, |last| last.min(end)),
    )
}

impl Cluster<'_> {
    /// The loss that it is told with: on an edge of its own stage before any other, then as ranked.
    fn nearest(
        &self,
        with: &[(usize, Coincidence)],
        findings: &[Finding],
    ) -> Option<(usize, Coincidence)> {
        let is_far = |index: usize| {
            let edge = findings[index].edge.as_ref();
            !edge.is_some_and(|(from, to)| {
                let here = |v: &SourceView| scene::serves(v, from) || scene::serves(v, to);
                self.places.iter().any(|(_, view)| here(view))
            })
        };
        with.iter()
            .copied()
            .min_by_key(|(index, _)| (is_far(*index), *index))
    }

    fn finding(&self, with: Option<(&Finding, Coincidence)>, scene: Scene<'_>) -> Finding {
        let onset = self.surge.stretch;
        let (loss, coincidence) = with.unzip();
        let mut evidence = vec![self.named()];
        evidence.extend(self.elsewhere(scene));
        evidence.extend(coincidence.map(|c| {
            format!(
                "{} of {} lost were last seen in the same time, {:.0} % of the window (by chance {:.0e}, binomial); that the one is the reason of the other is inferred",
                count(c.within),
                count(c.lost),
                c.time * 100.0,
                c.chance
            )
        }));
        Finding {
            kind: FindingKind::ErrorCluster,
            title: self.title(loss),
            env: Some(Arc::clone(self.env)),
            pipeline: loss.and_then(|loss| loss.pipeline.clone()),
            edge: loss.and_then(|loss| loss.edge.clone()),
            lost: loss.map_or(0, |loss| loss.lost),
            of: loss.map_or(self.surge.table.lost_with, |loss| loss.of),
            span: Some(self.span),
            onset: Onset::of(onset),
            attributes: Vec::new(),
            evidence: std::iter::once(Sentence::statistic(self.weighed()))
                .chain(evidence.into_iter().map(Sentence::from))
                .collect(),
            concerned: match loss {
                Some(loss) => loss.concerned.clone(),
                None => Some(Chosen::new("tied to no loss", Vec::new())),
            },
            messages: loss.map_or_else(Vec::new, |loss| loss.messages.clone()),
            lines: self.lines(),
        }
    }

    fn title(&self, loss: Option<&Finding>) -> Sentence {
        let with = match loss {
            None => ", tied to no loss".to_owned(),
            Some(loss) => format!(
                ", while {} {} (inferred: the reason)",
                count_of(loss.lost, "message"),
                loss.edge
                    .as_ref()
                    .map_or_else(|| "were lost".to_owned(), |(_, to)| gone_to(to)),
            ),
        };
        Sentence::from(format!("{}: ", self.env))
            .then(&self.told())
            .say(&format!("{with}: {}", self.text()))
    }

    /// `new at lambda, 913 times from 01:12:02 to 02:04:56 UTC`.
    fn told(&self) -> Sentence {
        let views: Vec<&SourceView> = self.places.iter().map(|(_, view)| *view).collect();
        let before = self.surge.table.lost - self.surge.table.lost_with;
        let what = if self.surge.stretch.onset.is_none() {
            "for a time"
        } else if before == 0 {
            "new"
        } else {
            "more often"
        };
        let (at, times) = (
            scene::whereabouts(&views),
            count(self.surge.table.lost_with),
        );
        Sentence::from(format!("{what} at {at}, {times} times from "))
            .clock(self.span.from)
            .say(" to ")
            .clock_in_zone(self.span.to)
    }

    /// What is said of it beside a loss.
    fn sentence(&self) -> Sentence {
        Sentence::from("at the same time (seen; that it is the reason is inferred): ")
            .then(&self.told())
            .say(&format!(": {}", self.text()))
    }

    /// The text, without what is left of a part that was cut.
    fn text(&self) -> String {
        let text = &*self.template.text;
        if text.len() < CUT {
            return text.to_owned();
        }
        let whole = text.trim_end_matches("<*").trim_end_matches('<');
        format!("{whole}...")
    }

    fn weighed(&self) -> String {
        let (table, surge) = (&self.surge.table, &self.surge);
        let then = share(table.lost_with, table.with()) * 100.0;
        let (said, others) = (table.lost - table.lost_with, table.kept - table.kept_with);
        format!(
            "{then:.2} % of the log events of its sources then, {:.2} % at other times (G = {:.0} at a dispersion of {:.1}; by chance {:.0e}, every stretch and trouble tried, Bonferroni)",
            share(said, said + others) * 100.0,
            surge.g,
            surge.dispersion,
            surge.chance
        )
    }

    fn named(&self) -> String {
        let named = self.places.iter().map(|(p, _)| p.named).sum();
        let all = self.places.iter().map(|(p, _)| p.count).sum();
        let of: Vec<&str> = self.places.iter().map(|(_, v)| &*v.source.name).collect();
        let sources = scene::shortened(&of);
        if named == 0 {
            return format!("it names no message; in {sources}");
        }
        format!(
            "{} of {} lines name a message; in {sources}",
            count(named),
            count(all)
        )
    }

    /// How often the same was said in the other environments that have these stages.
    fn elsewhere(&self, scene: Scene<'_>) -> Vec<String> {
        let own: Vec<&String> = self.places.iter().flat_map(|(_, v)| &v.stages).collect();
        let mut others: BTreeMap<&str, u64> = BTreeMap::new();
        for view in &scene.overview.sources {
            if view.source.env != *self.env && view.stages.iter().any(|s| own.contains(&s)) {
                others.insert(&view.source.env, 0);
            }
        }
        let text = without(&self.template.text, self.env);
        for (env, number) in &mut others {
            for template in &scene.signals.templates {
                if without(&template.text, env) == text {
                    let there = template.places.iter().filter(|place| {
                        let view = scene.source(place.source);
                        view.is_some_and(|view| &*view.source.env == *env)
                    });
                    *number += there.map(|place| place.count).sum::<u64>();
                }
            }
        }
        others
            .into_iter()
            .map(|(env, number)| match number {
                0 => format!("never in {env}"),
                _ => format!("in {env}: {} times in all", count(number)),
            })
            .collect()
    }

    fn lines(&self) -> Vec<EvidenceLine> {
        let mut places: Vec<_> = self.places.iter().collect();
        places.sort_by_key(|(place, _)| (place.first, place.source));
        let line = |(place, view): &&(&TemplatePlace, &SourceView)| EvidenceLine {
            source: Arc::clone(&view.source.name),
            time: place.first,
            raw: place.example,
        };
        places.iter().take(LINES).map(line).collect()
    }
}

/// A text without the name of its environment.
fn without(text: &str, env: &str) -> String {
    let words = text.split('/');
    let words: Vec<&str> = words.map(|w| if w == env { "<*>" } else { w }).collect();
    words.join("/")
}
