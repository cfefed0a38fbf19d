//! No configuration: what is learnt from the logs gives the verdicts that a good configuration gives.

mod again;
mod batches;
mod cases;
mod causes;
mod columns;
mod contained;
#[path = "../bench/discover/disguise.rs"]
mod disguise;
mod disguised;
mod early_ends;
mod endings;
mod exports;
#[path = "../bench/discover/forms.rs"]
mod forms;
mod fronts;
#[path = "../bench/discover/ids.rs"]
mod ids;
mod incidents;
mod learning;
mod lifecycles;
#[path = "../bench/discover/lots.rs"]
mod lots;
mod mail;
mod newest_first;
mod numbers;
mod returns;
mod reuse;
mod running;
mod sampling;
mod shapes;
mod systems;
mod told;
mod traces;
#[path = "../bench/discover/trial.rs"]
mod trial;
mod trust;
mod unasked;
mod writings;
mod zones;
