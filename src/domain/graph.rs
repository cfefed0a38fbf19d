//! A pipeline's stages in one environment, as a graph that answers "what comes next".
//!
//! A stage that does not exist in the environment is left out and its neighbours joined; an optional
//! or dead-letter stage can be passed by. Compiled once; it knows no messages.

use super::pipeline::{Pipeline, Stage};
use super::verdict::Mark;

/// A set of stages, one bit each.
pub type StageSet = u64;

/// The set that holds one stage.
#[must_use]
pub const fn bit(stage: usize) -> StageSet {
    1 << stage
}

/// The stages in a set, lowest first.
pub fn stages_in(mut set: StageSet) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let stage = set.trailing_zeros() as usize;
        (set != 0).then(|| {
            set &= set - 1;
            stage
        })
    })
}

/// A step between two stages, or out of a terminal one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// The stage it leaves.
    pub from: usize,
    /// The stage it leads to; `None` is the way out.
    pub to: Option<usize>,
    /// Configured allowance in milliseconds.
    pub within_ms: Option<i64>,
    /// It leads past an optional stage, or to one.
    pub side: bool,
}

/// One stage's place in the graph.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Node {
    /// It exists in this environment.
    pub exists: bool,
    /// Length of the longest way from an entry.
    pub depth: usize,
    /// Indices of the edges that leave it.
    pub out: Vec<usize>,
    /// The stages one step back, those before an optional stage included.
    pub previous: StageSet,
    /// The stages one step on, those behind an optional stage included.
    pub next: StageSet,
    /// Every stage further on.
    pub descendants: StageSet,
}

/// The graph of one pipeline in one environment.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// By stage index of the pipeline.
    pub nodes: Vec<Node>,
    /// In the order of the stages they lead to; ways out last.
    pub edges: Vec<Edge>,
    /// Stages where a message may begin.
    pub entries: StageSet,
    /// Stages where a message may end well.
    pub terminals: StageSet,
    /// Terminal stages that only an `exit` completes.
    pub by_exit: StageSet,
    /// Stages whose every sighting puts a message aside.
    pub dead_letter: StageSet,
}

impl Graph {
    /// The graph of `pipeline` as far as it exists in `env`.
    #[must_use]
    pub fn new(pipeline: &Pipeline, env: &str) -> Self {
        let stages = &pipeline.stages;
        let exists: Vec<bool> = stages.iter().map(|s| s.exists_in(env)).collect();
        let parents: Vec<StageSet> = (0..stages.len())
            .map(|stage| contracted(stages, stage, &|s| exists[s]))
            .collect();
        let mut graph = Self {
            nodes: exists
                .iter()
                .map(|exists| Node {
                    exists: *exists,
                    ..Node::default()
                })
                .collect(),
            ..Self::default()
        };
        graph.join(stages, &parents);
        graph.close(stages);
        graph.ends(stages, &parents);
        graph
    }

    /// The stages that exist in this environment.
    #[must_use]
    pub fn existing(&self) -> StageSet {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(_, n)| n.exists)
            .fold(0, |set, (s, _)| set | bit(s))
    }

    /// Edges between stages, those past optional stages included.
    fn join(&mut self, stages: &[Stage], parents: &[StageSet]) {
        for to in stages_in(self.existing()) {
            let direct = parents[to];
            let past = past_optional(stages, parents, direct) & !direct;
            for from in stages_in(direct | past) {
                self.nodes[from].out.push(self.edges.len());
                self.nodes[from].next |= bit(to);
                self.nodes[to].previous |= bit(from);
                self.edges.push(Edge {
                    from,
                    to: Some(to),
                    within_ms: stages[to].within_ms,
                    side: past & bit(from) != 0 || passable(&stages[to]),
                });
            }
        }
    }

    /// Descendants and depths. The configuration refuses cycles, so `n` rounds settle both.
    fn close(&mut self, stages: &[Stage]) {
        for _ in 0..stages.len() {
            for Edge { from, to, .. } in self.edges.clone() {
                let Some(to) = to else { continue };
                self.nodes[from].descendants |= bit(to) | self.nodes[to].descendants;
                let depth = self.nodes[from].depth + 1;
                let node = &mut self.nodes[to];
                node.depth = node.depth.max(depth.min(stages.len()));
            }
        }
    }

    fn ends(&mut self, stages: &[Stage], parents: &[StageSet]) {
        for index in stages_in(self.existing()) {
            let stage = &stages[index];
            if begins(stages, parents, index) {
                self.entries |= bit(index);
            }
            if stage.dead_letter {
                self.dead_letter |= bit(index);
            } else if stages_in(self.nodes[index].descendants).all(|s| passable(&stages[s])) {
                self.terminals |= bit(index);
                if stage.has(Mark::Exit) {
                    self.by_exit |= bit(index);
                    self.nodes[index].out.push(self.edges.len());
                    self.edges.push(Edge {
                        from: index,
                        to: None,
                        within_ms: stage.within_ms,
                        side: false,
                    });
                }
            }
        }
    }

    /// The furthest stage of a set: the deepest, then the later one in the configuration.
    #[must_use]
    pub fn furthest(&self, set: StageSet) -> Option<usize> {
        stages_in(set)
            .filter(|stage| *stage < self.nodes.len())
            .max_by_key(|stage| (self.nodes[*stage].depth, *stage))
    }

    /// The stages from which `stage` can be reached.
    #[must_use]
    pub fn before(&self, stage: usize) -> StageSet {
        (0..self.nodes.len())
            .filter(|s| self.nodes[*s].descendants & bit(stage) != 0)
            .fold(0, |set, s| set | bit(s))
    }
}

/// A message may pass by it.
fn passable(stage: &Stage) -> bool {
    stage.optional || stage.dead_letter
}

/// A message may begin here: nothing comes before it, or only what it may pass by.
fn begins(stages: &[Stage], parents: &[StageSet], stage: usize) -> bool {
    !stages[stage].dead_letter
        && stages_in(parents[stage]).all(|p| passable(&stages[p]) && begins(stages, parents, p))
}

/// The existing stages right before `stage`, looking through those that do not exist.
fn contracted(stages: &[Stage], stage: usize, exists: &dyn Fn(usize) -> bool) -> StageSet {
    let mut found = 0;
    let mut todo = stages[stage].after.clone();
    let mut seen = bit(stage);
    while let Some(parent) = todo.pop() {
        if seen & bit(parent) != 0 {
            continue;
        }
        seen |= bit(parent);
        if exists(parent) {
            found |= bit(parent);
        } else {
            todo.extend(&stages[parent].after);
        }
    }
    found
}

/// The stages before `direct` that lead on past its optional members.
fn past_optional(stages: &[Stage], parents: &[StageSet], direct: StageSet) -> StageSet {
    let mut found = 0;
    let mut todo = direct;
    let mut seen = 0;
    while todo != 0 {
        let stage = todo.trailing_zeros() as usize;
        todo &= !bit(stage);
        if seen & bit(stage) == 0 && passable(&stages[stage]) {
            found |= parents[stage];
            todo |= parents[stage];
        }
        seen |= bit(stage);
    }
    found
}
