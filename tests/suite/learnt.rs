//! What was learnt without a configuration, corrected in the dashboard: keys are typed, files are really
//! read and judged again, screens are read.

mod deciding;
mod desk;
pub(super) mod keys;
mod looks;
mod written;
