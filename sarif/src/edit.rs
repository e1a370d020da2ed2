//! Defines [`Edit`]: a change of text that mends a finding.

use crate::location::Location;
use crate::text;
use serde_sarif::sarif;

/// A change of text that mends a finding: what stands at a place gives way to other text.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What it does, a sentence.
    pub about: String,
    /// The text that goes; without a region it is the whole file.
    pub place: Location,
    /// The text that comes.
    pub text: String,
}

impl Edit {
    pub(crate) fn to_wire(&self) -> sarif::Fix {
        let place = self.place.to_wire(None).physical_location.unwrap_or_default();
        let mut replacement = sarif::Replacement::builder()
            .deleted_region(sarif::Region { snippet: None, ..place.region.unwrap_or_default() })
            .build();
        replacement.inserted_content =
            Some(sarif::ArtifactContent { text: Some(self.text.clone()), ..sarif::ArtifactContent::default() });
        let change = sarif::ArtifactChange::builder()
            .artifact_location(place.artifact_location.unwrap_or_default())
            .replacements(vec![replacement])
            .build();
        let mut fix = sarif::Fix::builder().artifact_changes(vec![change]).build();
        fix.description = Some(sarif::Message { text: Some(text::sentence(&self.about)), ..sarif::Message::default() });
        fix
    }
}
