//! Reading CloudWatch Logs: its pure parts, every fault alone and mixed, what it does
//! to the answer, and moto's server.

mod bad_input;
mod consequences;
mod credentials;
mod emulated;
mod faults;
mod parts;
mod refusals;
mod service;
