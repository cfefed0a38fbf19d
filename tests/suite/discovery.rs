//! No configuration: what is learnt from the logs gives the verdicts that a good configuration gives.

mod incidents;
mod learning;
mod running;
mod systems;
