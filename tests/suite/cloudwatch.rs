//! Reading CloudWatch Logs: its pure parts, every fault alone and mixed, what it does
//! to the answer, and moto's server.

mod backfill;
mod bad_input;
mod chains;
mod consequences;
mod credentials;
mod emulated;
mod environments;
mod faults;
mod killed;
mod live;
mod live_tail;
mod load;
mod narrow;
mod pacing;
mod parts;
mod refusals;
mod resume;
mod schedules;
mod service;
mod tailing;
mod unasked;
