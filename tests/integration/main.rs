//! Drives the real executable in a bare environment, as users and CI do.

mod bad_input;
mod environment;
mod history;
mod msrv;
mod outputs;
mod rules;
mod sarif;
mod scan;
mod suppressions;
mod tools;
