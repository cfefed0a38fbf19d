//! The built-in incidents as the tests take them: small, and each with something lost in it.

use std::path::Path;
use std::time::Duration;

use lastseen::config::file::File;
use lastseen::config::overrides::Overrides;
use lastseen::config::resolve::resolve;
use lastseen::domain::time::Timestamp;
use lastseen::load::Investigation;
use lastseen::sources::demo::incident::{Incident, Options, incident};
use lastseen::sources::demo::variant::Variant;

/// One way an incident goes, with a seed and a size at which every cause takes some.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) variant: Variant,
    seed: u64,
    messages: u64,
}

const fn case(name: &'static str, variant: Variant, seed: u64, messages: u64) -> Case {
    Case {
        name,
        variant,
        seed,
        messages,
    }
}

/// As they went.
pub(crate) const USUAL: [Case; 5] = [
    case("two-environments", Variant::Usual, 7, 300),
    case("ack-before-work", Variant::Usual, 3, 400),
    case("silent-skip", Variant::Usual, 7, 300),
    case("forgotten-subscription", Variant::Usual, 2, 1_200),
    case("batch-other-region", Variant::Usual, 11, 500),
];

/// Other ways.
pub(crate) const OTHERS: [Case; 8] = [
    case("two-environments", Variant::Mute, 7, 150),
    case("two-environments", Variant::Healthy, 7, 150),
    case("ack-before-work", Variant::Healthy, 7, 150),
    case("ack-before-work", Variant::RightOrder, 7, 200),
    case("silent-skip", Variant::Healthy, 7, 150),
    case("forgotten-subscription", Variant::Healthy, 7, 150),
    case("batch-other-region", Variant::Healthy, 7, 150),
    case("batch-other-region", Variant::Unlisted, 11, 500),
];

impl Case {
    pub(crate) fn options(&self) -> Options {
        Options {
            seed: self.seed,
            messages: self.messages,
            variant: self.variant,
            ..Options::default()
        }
    }

    pub(crate) fn told(&self) -> Incident {
        self.with(&self.options())
    }

    pub(crate) fn with(&self, options: &Options) -> Incident {
        incident(self.name, options).unwrap()
    }
}

fn an_hour_later() -> Timestamp {
    Options::default().end.plus(3_600_000)
}

/// All of an incident, read to its end.
pub(crate) fn read(incident: &Incident) -> Investigation {
    let mut file = File::parse("lastseen.toml", Path::new("."), incident.config());
    file.files.clear();
    let resolved = resolve(&file, &Overrides::default(), &|_| false).unwrap();
    let run = Investigation::start_demo(&resolved.plan, incident.clone(), an_hour_later).unwrap();
    run.wait(Duration::from_hours(1), |_| {});
    run
}
