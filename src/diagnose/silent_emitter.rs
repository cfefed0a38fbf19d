//! Detector 5: somebody used to log and stopped, and messages that were meant for him are lost.
//!
//! A machine that stops is nothing by itself (fleets grow and shrink): only one that messages went to
//! until it fell silent, and that its peers outlive, is told.

use std::collections::BTreeSet;

use super::suspicion::Suspicion;
use crate::domain::graph::bit;
use crate::domain::sheet::Column;
use crate::domain::show::{count, count_of};
use crate::domain::time::Timestamp;

/// So many messages are a flow.
const FLOW: usize = 20;
/// Most of a flow, where one receiver is looked for.
const MOSTLY: f64 = 0.9;
/// A shorter silence is none.
const SILENCE_MS: i64 = 60_000;

/// Those before the lost had one receiver at the next stage, which was seen until the losses began and
/// not after, while others were.
#[must_use]
pub fn find(suspicion: &Suspicion<'_>) -> Option<String> {
    let onset = suspicion.stretch?.onset?;
    let (population, sheet) = (suspicion.population, suspicion.population.sheet);
    let condition = suspicion.condition()?;
    let next = &sheet.stages[population.stage].next;
    let next = sheet.stages.iter().position(|s| s.name == *next)?;
    let is_stream = |c: &&Column| c.stage == next && &*sheet.names[c.name].text == "stream";
    let column = sheet.columns.iter().find(is_stream)?;
    let before = population
        .kept
        .iter()
        .filter(|m| condition.holds(sheet, **m));
    let before: Vec<u32> = before.map(|m| column.cells[*m as usize]).collect();
    let cell = most_common(&before)?;
    let of_cell = before.iter().filter(|c| **c == cell).count();
    if before.len() < FLOW || (of_cell as f64) < MOSTLY * before.len() as f64 {
        return None;
    }
    let last_word = |own: bool| -> Option<Timestamp> {
        let cases = sheet.cases.iter().enumerate();
        let there = cases.filter(|(_, case)| case.seen & bit(next) != 0);
        let chosen = there.filter(|(index, _)| (column.cells[*index] == cell) == own);
        chosen
            .map(|(index, _)| sheet.stages[next].times[index])
            .max()
    };
    let (own, others) = (last_word(true)?, last_word(false)?);
    let silence = others.since(own);
    let last_lost = population.span(&suspicion.separation.lost)?.to;
    if silence < SILENCE_MS || own > last_lost || own.since(onset.high) > silence / 2 {
        return None;
    }
    let cases = sheet.cases.iter().enumerate();
    let later = cases.filter(|(index, case)| {
        case.seen & bit(next) != 0 && sheet.stages[next].times[*index] > own
    });
    let peers: BTreeSet<u32> = later.map(|(index, _)| column.cells[index]).collect();
    let peers = peers.len() as u64;
    Some(format!(
        "{}: {} at {} fell silent while {} went on logging: {} with {} {}",
        suspicion.env(),
        sheet.value(column, cell).unwrap_or_default(),
        sheet.stages[next].name,
        match peers {
            1 => "its one peer".to_owned(),
            peers => format!("its {} peers", count(peers)),
        },
        count_of(suspicion.separation.table.lost_with, "message"),
        suspicion.properties(),
        suspicion.gone(),
    ))
}

fn most_common(cells: &[u32]) -> Option<u32> {
    let mut cells: Vec<u32> = cells.iter().copied().filter(|c| *c != 0).collect();
    cells.sort_unstable();
    let runs = cells.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).map(|run| run[0])
}
