//! Who and what plays a part in `two-environments`: names, hosts, versions, times and rates.
//!
//! As in its description, or drawn by the seed.

use super::super::names::{ACME, IdStyle, company};
use super::super::random::Random;
use super::super::script::Terms;
use super::super::variant::Variant;
use crate::domain::time::{Span, Timestamp};

pub(super) const KINDS: [&str; 4] = [
    "order.created",
    "order.amended",
    "order.cancelled",
    "order.refunded",
];
/// The parameter that each kind needs.
pub(super) const PARAMETERS: [&str; 4] = ["orders", "amendments", "cancellations", "refunds"];
pub(super) const KIND_WEIGHTS: [u64; 4] = [45, 20, 15, 20];

/// How many processors there are in an environment, one a swimlane.
pub(super) const LANES: usize = 4;

/// One environment as it is laid out.
pub(super) struct Layout {
    pub(super) name: &'static str,
    pub(super) regions: Vec<&'static str>,
    /// How much of the traffic enters in each region.
    pub(super) traffic: &'static [u64],
    /// The region (as an index) of each swimlane's processor.
    pub(super) lanes: [usize; LANES],
    /// The first three numbers of its machines' addresses.
    pub(super) network: String,
    pub(super) account: &'static str,
}

pub(super) struct Cast {
    pub(super) company: &'static str,
    pub(super) ids: IdStyle,
    /// First the one with the old engine.
    pub(super) layouts: [Layout; 2],
    pub(super) engines: usize,
    pub(super) version: &'static str,
    /// One engine that missed the last deploy.
    pub(super) behind: &'static str,
    /// What is deployed on a good day.
    pub(super) next: &'static str,
    pub(super) old_version: &'static str,
    pub(super) old_host: String,
    pub(super) old_runs: Span,
    pub(super) old_mute: Timestamp,
    pub(super) old_share: f64,
    /// An index into [`KINDS`].
    pub(super) denied_kind: usize,
    pub(super) denied: Span,
    /// From 1.
    pub(super) lane: usize,
    pub(super) lane_stopped: Timestamp,
    pub(super) repinned: Timestamp,
    /// How many messages enter beside the number asked for.
    pub(super) size: f64,
}

impl Cast {
    pub(super) fn new(terms: &Terms) -> Self {
        let mut cast = Self::usual(terms);
        if terms.vary {
            cast.vary(terms, &mut terms.random());
        }
        if terms.variant == Variant::Mute {
            cast.old_mute = cast.old_runs.from;
        }
        cast
    }

    fn usual(terms: &Terms) -> Self {
        let dev = Layout {
            name: "dev",
            regions: vec!["us-east-1", "eu-central-1"],
            traffic: &[50, 50],
            lanes: [0, 0, 1, 1],
            network: "10-1-4".to_owned(),
            account: "111122223333",
        };
        let qa = Layout {
            name: "qa",
            regions: vec!["us-east-1", "eu-central-1", "ap-southeast-2"],
            traffic: &[50, 30, 20],
            lanes: [0, 0, 1, 2],
            network: "10-3-7".to_owned(),
            account: "444455556666",
        };
        Self {
            company: ACME,
            ids: IdStyle::Uuid,
            layouts: [dev, qa],
            engines: 4,
            version: "2.14.1",
            behind: "2.14.0",
            next: "2.15.0",
            old_version: "2.9.0",
            old_host: "ip-10-9-44-7".to_owned(),
            old_runs: terms.minutes(48, 182),
            old_mute: terms.minute(130),
            old_share: 0.2,
            denied_kind: 3,
            denied: terms.minutes(72, 125),
            lane: 1,
            lane_stopped: terms.minute(106),
            repinned: terms.minute(184),
            size: 1.0,
        }
    }

    fn vary(&mut self, terms: &Terms, random: &mut Random) {
        const REGIONS: [&[&str]; 3] = [
            &["us-east-1", "us-east-2", "ca-central-1"],
            &["eu-central-1", "eu-west-1", "eu-north-1"],
            &["ap-southeast-2", "ap-northeast-1", "sa-east-1"],
        ];
        const VERSIONS: [[&str; 4]; 3] = [
            ["2.14.1", "2.14.0", "2.15.0", "2.9.0"],
            ["1.31.4", "1.31.3", "1.32.0", "1.18.2"],
            ["5.0.2", "5.0.1", "5.1.0", "4.7.9"],
        ];
        let names = random.one_of(&[["dev", "qa"], ["test", "stage"], ["alpha", "beta"]]);
        let network = random.between(16, 90);
        let regions = REGIONS.map(|pool| random.one_of(pool));
        for (place, layout) in self.layouts.iter_mut().enumerate() {
            layout.name = names[place];
            layout.network = format!("10-{network}-{}", 4 + 3 * place);
            layout.regions = regions[..layout.regions.len()].to_vec();
        }
        self.company = company(random);
        self.ids = IdStyle::any(random);
        self.engines = random.between(3, 6) as usize;
        [self.version, self.behind, self.next, self.old_version] = random.one_of(&VERSIONS);
        let (a, b) = (random.between(100, 200), random.between(2, 250));
        self.old_host = format!("ip-10-{a}-{b}-{}", random.between(2, 250));
        let began = random.between(25, 60);
        self.old_runs = terms.minutes(began, began + random.between(95, 120));
        self.old_mute = terms.minute(began + random.between(40, 80));
        self.old_share = 0.12 + 0.2 * random.unit();
        self.denied_kind = random.below(KINDS.len() as u64) as usize;
        let began = random.between(35, 95);
        self.denied = terms.minutes(began, began + random.between(35, 60));
        self.lane = random.between(1, LANES as i64) as usize;
        self.lane_stopped = terms.minute(random.between(80, 125));
        self.size = 0.6 + 0.9 * random.unit();
    }

    /// The configuration with these names.
    pub(super) fn config(&self) -> String {
        include_str!("config.toml")
            .replace(ACME, self.company)
            .replace("\"qa\"", &format!("\"{}\"", self.layouts[1].name))
            .replace(IdStyle::Uuid.pattern(), self.ids.pattern())
    }
}
