//! What each kind of line says of its message: by its words, or by how messages go on from it.
//!
//! Nobody knows the words of every language. A warning or an error that only few messages bear, that
//! ends all of them and that none bears who came to a usual end, is how a failure is told. An error
//! that others survive tells nothing, and who ends without a word stays lost.

use std::collections::BTreeSet;

use super::rules::Material;
use crate::domain::signals::view::Severity;
use crate::domain::verdict::Mark;

/// Fewer messages show no habit.
const ENOUGH: usize = 3;
/// What more than one message in so many bears is no exception.
const RARE: usize = 4;
/// A usual end is the last line of one message in so many.
const USUAL: usize = 10;

/// In how many messages a kind of line stands, and of how many it is the last.
#[derive(Clone, Copy, Default)]
struct Borne {
    seen: usize,
    last: usize,
    /// Messages that came to a usual end as well.
    sound: usize,
}

/// What each kind of line says.
pub(super) fn marks(material: &Material<'_>, messages: &[Vec<u32>]) -> Vec<Option<Mark>> {
    let borne = borne(material, messages);
    let failed = |template: u32| {
        let Borne { seen, last, sound } = borne[template as usize];
        let nearly_all = |count: usize| count * 20 >= seen * 19;
        seen >= ENOUGH
            && nearly_all(last)
            && nearly_all(seen - sound)
            && seen * RARE < messages.len()
            && material.severity(template) >= Some(Severity::Warning)
    };
    let all = 0..material.templates.all.len() as u32;
    let said = all.map(|template| {
        let said = material.said(template);
        said.or_else(|| failed(template).then_some(Mark::Fail))
    });
    said.collect()
}

fn borne(material: &Material<'_>, messages: &[Vec<u32>]) -> Vec<Borne> {
    let of = &material.templates.of;
    let said = |message: &Vec<u32>| -> Vec<u32> {
        let said = message.iter().filter_map(|line| of.get(line));
        said.copied().collect()
    };
    let mut borne = vec![Borne::default(); material.templates.all.len()];
    for message in messages {
        let said = said(message);
        for template in said.iter().collect::<BTreeSet<_>>() {
            borne[*template as usize].seen += 1;
        }
        if let Some(last) = said.last() {
            borne[*last as usize].last += 1;
        }
    }
    let usual = |template: &u32| {
        let Borne { seen, last, .. } = borne[*template as usize];
        last * USUAL >= messages.len() && last * 2 >= seen
    };
    let all = 0..borne.len() as u32;
    let usual: BTreeSet<u32> = all.filter(usual).collect();
    for message in messages {
        let said: BTreeSet<u32> = said(message).into_iter().collect();
        if !said.is_disjoint(&usual) {
            for template in said {
                borne[template as usize].sound += 1;
            }
        }
    }
    borne
}
