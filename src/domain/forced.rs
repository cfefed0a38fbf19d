//! What was not taken as an ID or a link, taken all the same because a person says so.

use super::discovery::{
    Confidence, Discovery, FoundFamily, FoundLink, FoundPipeline, FoundSelector, Refused,
    RefusedWhat,
};

/// Takes what was refused into the pipeline that knows one of its IDs, else the first.
pub(super) fn take(out: &mut Discovery, refused: &Refused) {
    let wanted = match refused.what {
        RefusedWhat::Hub => vec![hub(refused)],
        RefusedWhat::Link => refused.families.clone(),
    };
    let knows = |pipeline: &FoundPipeline| {
        let known = |family: &FoundFamily| at(pipeline, family).is_some();
        wanted.iter().any(known)
    };
    let home = out.pipelines.iter().position(knows).unwrap_or(0);
    let Some(pipeline) = out.pipelines.get_mut(home) else {
        return;
    };
    let mut ends = Vec::new();
    for family in wanted {
        let before = at(pipeline, &family);
        ends.push(before.unwrap_or(pipeline.families.len()));
        if before.is_none() {
            pipeline.families.push(FoundFamily {
                confidence: family.confidence.ruled("forced"),
                ..family
            });
        }
    }
    if let [a, b] = *ends {
        pipeline.links.push(FoundLink {
            between: (a, b),
            place: refused.place.clone(),
            lines: 0,
            confidence: Confidence {
                share: 0.0,
                evidence: refused.why.clone(),
            }
            .ruled("forced"),
        });
    }
    pipeline.joins_many = true;
}

/// The family of a pipeline that has a name of this one.
fn at(pipeline: &FoundPipeline, family: &FoundFamily) -> Option<usize> {
    let has = |known: &FoundFamily| {
        let mut selectors = known.selectors.iter();
        selectors.any(|s| family.selectors.iter().any(|other| other.is(s)))
    };
    pipeline.families.iter().position(has)
}

/// What names many messages, as an ID.
fn hub(refused: &Refused) -> FoundFamily {
    let text = match refused.name.strip_suffix('=') {
        Some(key) => {
            let mut escaped = String::new();
            for c in key.chars() {
                if c.is_ascii_punctuation() && c != '_' {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
            format!("\\b{escaped}=(?<id>[^\\s,;]+)")
        }
        None => refused.name.clone(),
    };
    FoundFamily {
        name: refused.name.clone(),
        selectors: vec![FoundSelector {
            text,
            within: None,
            places: vec![refused.place.clone()],
            example: String::new(),
        }],
        values: 0,
        lines: 0,
        confidence: Confidence {
            share: 0.0,
            evidence: refused.why.clone(),
        },
    }
}
