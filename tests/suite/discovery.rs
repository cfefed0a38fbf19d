//! No configuration: what is learnt from the logs gives the verdicts that a good configuration gives.

mod causes;
mod endings;
mod incidents;
mod learning;
mod lifecycles;
mod shapes;
mod systems;
mod trust;
