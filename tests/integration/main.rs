//! Drives the real executable in a bare environment, as users and CI do.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it skips"
)]

mod absent;
mod accepted;
mod action;
mod advisories;
mod audit_tools;
mod bad_input;
mod baseline;
mod cache;
mod code_tools;
mod damage;
mod decode;
mod dependency_tools;
mod diff;
mod doctor;
mod environment;
mod explain;
mod fingerprints;
mod formats;
mod github;
mod history;
mod ignore;
mod import;
mod ingest;
mod init;
mod leak_tools;
mod licenses;
mod listener;
mod msrv;
mod outputs;
mod packages;
mod pre_commit;
mod programs;
mod range;
mod rules;
mod sarif;
mod sarif_tools;
mod sbom;
mod scan;
mod shell;
mod snapshot;
mod staged;
mod suppressions;
mod tools;
mod verify;
