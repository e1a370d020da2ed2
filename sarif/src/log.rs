//! Defines [`Log`]: the whole of a SARIF file.

use crate::error::{Error, at_most};
use crate::limits;
use crate::run::Run;
use serde_sarif::sarif::{Sarif, Version};
use std::collections::BTreeSet;

/// The JSON schema of SARIF 2.1.0, as GitHub's documentation names it.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The whole of a SARIF file: at most [`limits::MAX_RUNS`] runs, each of another tool or category.
///
/// A log without runs is valid, and GitHub accepts it and changes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// The runs, in the order they are written.
    pub runs: Vec<Run>,
}

impl Log {
    /// Builds the wire form.
    ///
    /// # Errors
    ///
    /// Fails when GitHub would refuse the file and nothing can be repaired without guessing; see [`Error`].
    pub fn to_sarif(&self) -> Result<Sarif, Error> {
        at_most(limits::MAX_RUNS, "runs of one file", self.runs.len())?;
        let mut seen = BTreeSet::new();
        for run in &self.runs {
            if let Some(category) = run.category_id()
                && !seen.insert((run.tool.name.trim(), category.clone()))
            {
                return Err(Error::DuplicateCategory { tool: run.tool.name.clone(), category });
            }
        }
        let runs = self.runs.iter().map(Run::to_wire).collect::<Result<Vec<_>, _>>()?;
        Ok(Sarif::builder().schema(SCHEMA).version(Version::V2_1_0.to_string()).runs(runs).build())
    }

    /// Writes the log as indented JSON with a final line end. The same log always gives the same bytes.
    ///
    /// # Errors
    ///
    /// As [`to_sarif`](Self::to_sarif).
    pub fn to_json(&self) -> Result<String, Error> {
        let mut json = serde_json::to_string_pretty(&self.to_sarif()?)?;
        json.push('\n');
        Ok(json)
    }
}
