//! `lastseen init`: what is in reach, what was chosen, what is written, and what the policy allows.

mod choosing;
mod looking;
mod policy;
mod writing;
