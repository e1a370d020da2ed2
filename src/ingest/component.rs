//! Defines [`Component`]: a part of a bill of materials, which the dependency layers judge like one of a lockfile.

use crate::finding::Location;

/// A part of a bill of materials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Component {
    /// The package URL with its version, without qualifiers; empty when the document gives none.
    pub purl: String,
    /// The name as the document has it, with its group or scope in front.
    pub name: String,
    /// The version; empty when the document gives none.
    pub version: String,
    /// The licenses as the document tells them: SPDX expressions or names.
    pub licenses: Vec<String>,
    /// Where the document, or the tool that made it, saw it.
    pub location: Location,
}
