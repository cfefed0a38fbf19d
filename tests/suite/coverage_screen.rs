//! What the screens say of sources that were not read, and of stages that none covers.

use std::sync::Arc;

use lastseen::domain::view::{Overview, SourceState};
use lastseen::theme::role::{Glyph, Role};
use ratatui::buffer::Buffer;

use crate::support::dashboard::{Dashboard, text};
use crate::support::fake_answers::{END, START};

/// Some messages are blind, and every source was read.
fn uncovered(change: impl FnOnce(&mut Overview), columns: u16) -> Dashboard {
    let mut dashboard = Dashboard::new(columns, 40);
    let mut overview = (*dashboard.model.overview).clone();
    overview.sources.truncate(6);
    overview
        .pipelines
        .retain(|pipeline| &*pipeline.name == "orders");
    for source in &mut overview.sources {
        source.state = SourceState::Complete;
    }
    change(&mut overview);
    dashboard.model.overview = Arc::new(overview);
    dashboard
}

#[test]
fn a_stage_that_no_source_covers_is_named_beside_what_was_read() {
    let enricher = |overview: &mut Overview| {
        for env in overview
            .pipelines
            .iter_mut()
            .flat_map(|p| &mut p.environments)
        {
            for stage in env.stages.iter_mut().filter(|s| &*s.name == "processor") {
                stage.name = "enricher".into();
                stage.sources.clear();
            }
        }
    };
    uncovered(enricher, 120)
        .shows("│ ◌ 6 sources read, none covers enricher │")
        .shows("◌ every source was read (6), but none covers enricher")
        .shows_not("✓");
    uncovered(enricher, 80).shows("│ ◌ 6 read, none covers enricher │");
    let two = |overview: &mut Overview| {
        for env in overview
            .pipelines
            .iter_mut()
            .flat_map(|p| &mut p.environments)
        {
            env.stages
                .iter_mut()
                .skip(3)
                .for_each(|s| s.sources.clear());
        }
    };
    uncovered(two, 120).shows("◌ 6 sources read, none covers 2 stages");
}

/// Sign and role of every cell of a source's bar.
fn bar(dashboard: &Dashboard, buffer: &Buffer, state: &str) -> Vec<(String, Role)> {
    let screen = text(buffer);
    let covered = screen.lines().nth(1).unwrap();
    let from = covered.split("covered").next().unwrap().chars().count();
    let row = screen
        .lines()
        .position(|line| line.contains(state))
        .unwrap();
    let roles = [
        Role::Completed,
        Role::Unentered,
        Role::Failed,
        Role::Blind,
        Role::Lost,
        Role::Bar,
    ];
    let cells = (from..from + 24).map(|x| {
        let cell = &buffer[(x as u16, row as u16)];
        let role = roles
            .into_iter()
            .find(|role| dashboard.theme.style(*role).fg == Some(cell.fg));
        (cell.symbol().to_owned(), role.expect("a role of coverage"))
    });
    cells.collect()
}

/// The first half of each was read: only where the whole may be believed is it green.
#[test]
fn what_could_not_be_read_is_not_green_where_a_part_of_it_was() {
    for (state, word, role) in [
        (SourceState::Complete, "complete", Role::Completed),
        (SourceState::Partial, "partial", Role::Completed),
        (SourceState::Absent, "absent", Role::Unentered),
        (SourceState::Denied, "denied", Role::Failed),
        (SourceState::Failed, "failed", Role::Failed),
    ] {
        let one = |overview: &mut Overview| {
            overview.sources.truncate(1);
            overview.sources[0].state = state;
            let half = END.since(START) / 2;
            overview.sources[0].covered =
                vec![lastseen::domain::time::Span::new(START, START.plus(half))];
        };
        let mut dashboard = uncovered(one, 120);
        dashboard.model.place = lastseen::app::place::Place::Sources;
        let cells = bar(&dashboard, &dashboard.buffer(), word);
        let (full, track) = (
            dashboard.theme.glyph(Glyph::Bar).to_owned(),
            dashboard.theme.glyph(Glyph::Track).to_owned(),
        );
        assert_eq!(cells[..12], vec![(full, role); 12], "{word}");
        assert_eq!(cells[12..], vec![(track, Role::Lost); 12], "{word}");
    }
}
