//! scanall answers one question about a repository: what in here is a security problem, and did this change add one?
#![doc = include_str!("README.md")]

pub mod config;
mod embedded;
pub mod error;
pub mod finding;
pub mod history;
pub mod rule;
pub mod scanner;
pub mod text;
