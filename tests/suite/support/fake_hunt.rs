//! A hunt for messages of the made-up incident, at three points of its way.

use std::sync::Arc;

use lastseen::domain::event::SourceKind;
use lastseen::domain::hunt::{
    Budget, Cause, Find, Hunt, LastSeen, Place, Sample, Standing, Target, Unsearched,
};
use lastseen::domain::time::Span;
use lastseen::domain::view::MessageRow;

use super::fake_answers::END;

/// Just begun.
pub(crate) fn begun(rows: &[MessageRow]) -> Hunt {
    let target = |row: &MessageRow| Target {
        id: row.id.clone(),
        ids: row.ids.clone(),
        last: Some(LastSeen {
            env: Arc::clone(&row.env),
            pipeline: Arc::clone(&row.pipeline),
            stage: Arc::clone(&row.last_stage),
            time: row.last_seen,
        }),
    };
    Hunt {
        targets: rows.iter().map(target).collect(),
        window: Some(Span::new(END.plus(-3_600_000), END)),
        budget: Budget::default(),
        configured: vec![("prod".into(), vec!["us-east-1".into()])],
        regions: (3, 34),
        searched: 4,
        total: 40,
        calls: 52,
        bytes: 12_345,
        ..Hunt::default()
    }
}

/// Half way: the first three messages are mentioned in two places.
pub(crate) fn finding(rows: &[MessageRow]) -> Hunt {
    let mut hunt = begun(rows);
    hunt.searched = 120;
    hunt.total = 840;
    hunt.regions.0 = 34;
    hunt.calls = 300;
    let place = |region: &str, group: &str, standing, many: usize| Place {
        env: "prod".into(),
        region: region.into(),
        account: Some("123456789012".into()),
        name: group.into(),
        group: group.into(),
        kind: SourceKind::CloudWatch,
        standing,
        familiar: false,
        early: many > 1,
        finds: (0..many.min(rows.len()))
            .map(|target| {
                let time = rows[target].last_seen.plus(3_100);
                Find {
                    target,
                    id: rows[target].id.as_str().into(),
                    hits: 3,
                    first: time,
                    last: time.plus(900),
                    samples: vec![Sample {
                        time,
                        stream: "settle-1".to_owned(),
                        text: format!("settling \x1b[31morder={}\n", rows[target].id),
                    }],
                }
            })
            .collect(),
    };
    hunt.places = vec![
        place("us-east-1", "/acme/prod/audit", Standing::Configured, 1),
        place("eu-west-1", "/acme/prod/settle-7f9c2b", Standing::New, 3),
    ];
    hunt.unsearched = vec![Unsearched {
        env: "prod".into(),
        region: "eu-south-2".into(),
        groups: Vec::new(),
        cause: Cause::Denied,
        why: "logs:DescribeLogGroups is not allowed".to_owned(),
        remedy: "allow logs:DescribeLogGroups on * to the caller".to_owned(),
    }];
    hunt
}

/// At its end.
pub(crate) fn ended(rows: &[MessageRow]) -> Hunt {
    let mut hunt = finding(rows);
    hunt.searched = hunt.total;
    hunt.done = true;
    hunt.sort();
    hunt
}
