#![doc = include_str!("../README.md")]

mod baseline;
mod error;
mod finding;
pub mod fingerprint;
mod invocation;
mod level;
pub mod limits;
mod location;
mod log;
mod path;
mod provenance;
mod region;
mod rule;
mod run;
mod severity;
mod text;
mod tool;
mod uri;

pub use baseline::Baseline;
pub use error::Error;
pub use finding::Finding;
pub use fingerprint::{LineHash, LineHashes, line_hashes};
pub use invocation::{Invocation, Notification};
pub use level::Level;
pub use location::{Context, Location};
pub use log::Log;
pub use path::{PathError, RelativePath};
pub use provenance::Provenance;
pub use region::Region;
pub use rule::{Precision, Rule};
pub use run::Run;
pub use severity::SecuritySeverity;
pub use tool::{Tool, ToolExtension};

/// The SARIF 2.1.0 wire types that [`Log::to_sarif`] returns.
pub use serde_sarif::sarif as wire;

/// Named values of a property bag, as they stand in the JSON.
pub type Properties = serde_json::Map<String, serde_json::Value>;
