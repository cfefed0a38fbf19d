//! The hunt: where an ID is mentioned, what could not be searched, and what that suggests.

mod cloud;
mod command;
mod dashboard;
mod files;
mod parts;
