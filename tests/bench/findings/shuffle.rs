//! Labels that mean nothing: at each stage as many are lost as before, or a share of all where that is
//! more, drawn by lot among all that came that far.

use lastseen::domain::graph::bit;
use lastseen::domain::sheet::Sheet;
use lastseen::domain::verdict::Verdict;

/// Draws anew who was lost.
pub(super) fn labels(sheet: &mut Sheet, seed: u64, least: f64) {
    let mut chance = Chance(seed);
    for stage in 0..sheet.stages.len() {
        let here = bit(stage);
        let lost_here = |sheet: &Sheet, case: usize| {
            let case = &sheet.cases[case];
            case.verdict == Verdict::Lost && usize::from(case.last_stage) == stage
        };
        let mut members: Vec<usize> = (0..sheet.cases.len())
            .filter(|c| lost_here(sheet, *c) || sheet.cases[*c].passed & here != 0)
            .collect();
        let lost = members.iter().filter(|c| lost_here(sheet, **c)).count();
        let lost = lost.max((members.len() as f64 * least) as usize);
        for place in 0..lost {
            let rest = (members.len() - place) as u64;
            members.swap(place, place + (chance.next() % rest) as usize);
        }
        for (place, index) in members.into_iter().enumerate() {
            let now_lost = place < lost;
            let was_lost = lost_here(sheet, index);
            let case = &mut sheet.cases[index];
            match (was_lost, now_lost) {
                (false, true) => {
                    case.verdict = Verdict::Lost;
                    case.last_stage = stage as u8;
                    // Of the lost nothing later is known.
                    case.passed &= sheet.stages[stage].upstream & !here;
                }
                (true, false) => {
                    case.verdict = Verdict::Completed;
                    case.passed |= here;
                }
                _ => {}
            }
        }
    }
}

/// SplitMix64: numbers that depend on the seed alone.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
