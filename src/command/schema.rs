//! `scanall schema`: what the JSON report looks like, for programs that read it.

use super::Answer;
use crate::output::json;

/// Answers with the JSON Schema (2020-12) of the JSON report.
pub fn run() -> Answer {
    Answer::of(json::JSON_SCHEMA)
}
