//! Case files: their bytes, what they prove when they are damaged, how they are reopened, resumed
//! and removed.

mod commands;
mod damage;
pub(crate) mod made;
pub(crate) mod program;
mod reopened;
mod resumed;
mod widened;
mod written;
