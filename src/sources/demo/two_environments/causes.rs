//! What goes wrong in `two-environments`, and what a good finding would say of it.

use super::super::script::{Cause, Onset, Sign};
use super::cast::{Cast, KINDS};
use super::layout::{ENGINE, LAMBDA, PROCESSOR, QUEUE, STAGES};

/// The places of the causes in their list.
pub(super) const KMS: usize = 0;
pub(super) const OLD_ENGINE: usize = 1;
pub(super) const SWIMLANE: usize = 2;

/// The region of the old engine, as an index.
pub(super) const OLD_REGION: usize = 1;

/// See the description of the incident.
pub(super) fn causes(cast: &Cast) -> Vec<Cause> {
    let [dev, qa] = &cast.layouts;
    let kind = KINDS[cast.denied_kind];
    let (host, version, lane) = (&cast.old_host, cast.old_version, cast.lane);
    let lane_value = lane.to_string();
    let swimlane = [("swimlane", lane_value.as_str())];
    let region = dev.regions[OLD_REGION];
    let stopped = Onset::At(cast.lane_stopped);
    vec![
        Cause {
            name: "kms-decrypt",
            env: qa.name,
            title: format!(
                "the Lambda may not decrypt a parameter that {kind} needs, and drops it after three attempts"
            ),
            signs: vec![Sign::new(
                STAGES[LAMBDA],
                &[("kind", kind)],
                Onset::At(cast.denied.from),
            )],
        },
        Cause {
            name: "old-engine",
            env: dev.name,
            title: format!(
                "an engine {version} on the unknown host {host} takes jobs from the queue, and they vanish"
            ),
            signs: vec![
                Sign::new(
                    STAGES[QUEUE],
                    &[("region", region)],
                    Onset::At(cast.old_mute),
                ),
                Sign::new(
                    STAGES[ENGINE],
                    &[("host", host), ("version", version)],
                    Onset::At(cast.old_runs.from),
                ),
            ],
        },
        Cause {
            name: "swimlane-1-stopped",
            env: qa.name,
            title: format!(
                "the processor of swimlane {lane} stopped, and most test orders are pinned to it"
            ),
            signs: vec![
                Sign::new(STAGES[ENGINE], &swimlane, stopped),
                Sign::new(STAGES[PROCESSOR], &swimlane, stopped),
            ],
        },
    ]
}
