//! Drives the real executable in a bare environment, as users and CI do.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it skips"
)]

mod absent;
mod action;
mod bad_input;
mod cache;
mod damage;
mod environment;
mod history;
mod msrv;
mod outputs;
mod range;
mod rules;
mod sarif;
mod sarif_tools;
mod scan;
mod staged;
mod suppressions;
mod tools;
