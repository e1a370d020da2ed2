#![doc = include_str!("README.md")]

pub mod cli;
pub mod command;
pub mod config;
pub mod dedupe;
mod embedded;
pub mod engine;
pub mod environment;
pub mod error;
pub mod exit;
pub mod finding;
pub mod github;
pub mod history;
pub mod inventory;
pub mod net;
pub mod normalize;
pub mod options;
pub mod output;
pub mod report;
pub mod rule;
pub mod scan;
pub mod scanner;
pub mod suppress;
pub mod target;
pub mod text;
