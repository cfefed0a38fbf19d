//! Reading CloudWatch Logs: its pure parts, every fault alone and mixed, and moto's server.

mod credentials;
mod emulated;
mod faults;
mod parts;
mod refusals;
