//! Known vulnerabilities of dependencies: how versions order, and what an advisory says of them.

pub mod version;
