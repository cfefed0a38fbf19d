//! The regions AWS has, by partition: what "every region" means without asking anybody.
//!
//! Built in because the calls that list regions need rights that a reader of logs does not have.
//! A region that is missing here is only not looked at by itself; it can always be named.

/// The regions every account has, sorted.
pub const PUBLIC: &[&str] = &[
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Those an account has only after somebody enabled them, sorted.
pub const OPT_IN: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// Other partitions, whose credentials are of no use elsewhere: what their regions begin with, and
/// which they are.
const APART: &[(&str, &[&str])] = &[
    ("cn-", &["cn-north-1", "cn-northwest-1"]),
    ("us-gov-", &["us-gov-east-1", "us-gov-west-1"]),
    ("eusc-", &["eusc-de-east-1"]),
    ("us-iso-", &["us-iso-east-1", "us-iso-west-1"]),
    ("us-isob-", &["us-isob-east-1", "us-isob-west-1"]),
];

/// Whether there is a region of this name.
#[must_use]
pub fn is_known(region: &str) -> bool {
    let apart = APART.iter().flat_map(|(_, regions)| *regions);
    PUBLIC
        .iter()
        .chain(OPT_IN)
        .chain(apart)
        .any(|known| *known == region)
}

/// Every region that credentials good for `configured` may be good for: the configured ones first,
/// then those every account has, then the ones that must be enabled.
#[must_use]
pub fn in_reach(configured: &[String]) -> Vec<String> {
    let mut regions: Vec<String> = Vec::new();
    let mut add = |region: &str| {
        if !region.is_empty() && !regions.iter().any(|known| known == region) {
            regions.push(region.to_owned());
        }
    };
    for region in configured {
        add(region);
    }
    let apart = |region: &str| {
        let partition = APART.iter().find(|(start, _)| region.starts_with(start));
        partition.map(|(_, regions)| *regions)
    };
    for region in configured.iter().filter_map(|region| apart(region)) {
        for region in region {
            add(region);
        }
    }
    if configured.is_empty() || configured.iter().any(|region| apart(region).is_none()) {
        PUBLIC.iter().chain(OPT_IN).for_each(|region| add(region));
    }
    regions
}
