#![doc = include_str!("../README.md")]

mod baseline;
mod budget;
mod check;
mod defect;
mod edit;
mod error;
mod finding;
pub mod fingerprint;
mod fix;
mod input;
mod invocation;
mod level;
pub mod limits;
mod location;
mod log;
mod merge;
mod notice;
mod path;
mod place;
mod pointer;
mod profile;
mod provenance;
mod region;
mod root;
mod rule;
mod run;
mod schema;
mod score;
mod severity;
mod size;
mod split;
mod suppression;
mod text;
mod tool;
mod uri;
mod value;

pub use baseline::Baseline;
pub use check::check;
pub use defect::{Defect, Effect};
pub use edit::Edit;
pub use error::Error;
pub use finding::Finding;
pub use fingerprint::{LineHash, LineHashes, line_hashes};
pub use fix::fix;
pub use input::{Input, ParseError, parse};
pub use invocation::{Invocation, Notification};
pub use level::Level;
pub use location::{Context, Location};
pub use log::Log;
pub use merge::merge;
pub use notice::Notice;
pub use path::{PathError, RelativePath};
pub use place::{Bases, Change, Place};
pub use profile::Profile;
pub use provenance::Provenance;
pub use region::Region;
pub use root::Root;
pub use rule::{Precision, Rule};
pub use run::Run;
pub use severity::SecuritySeverity;
pub use split::{SplitError, split};
pub use suppression::Suppression;
pub use tool::{Tool, ToolExtension};

/// The SARIF 2.1.0 wire types that [`Log::to_sarif`] returns.
pub use serde_sarif::sarif as wire;

/// Named values of a property bag, as they stand in the JSON.
pub type Properties = serde_json::Map<String, serde_json::Value>;
