//! Defines [`Location`]: where in the repository something is.

use crate::path::{PathError, RelativePath};
use crate::region::Region;
use crate::text;
use serde_sarif::sarif::{self, ArtifactContent, ArtifactLocation, MultiformatMessageString, PhysicalLocation};

/// The name under which every run declares the root of the repository.
pub(crate) const ROOT: &str = "SRCROOT";

/// A place in a file of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub path: RelativePath,
    /// The text in it; `None` when the file as a whole is meant, which is written as the empty text at its start,
    /// since GitHub shows nothing without a line. The snippet then does not count.
    pub region: Option<Region>,
    /// The text of the region, for viewers that have no checkout. What is secret in it must already be redacted.
    /// `None` when it is not to be shown, which the validator notes as SARIF2010.
    pub snippet: Option<String>,
    /// The lines around the region; `None` for none, which the validator notes as SARIF2011.
    pub context: Option<Context>,
    /// What there is to say about this place; shown for the related locations of a finding. `None` for nothing.
    pub message: Option<String>,
}

/// Whole lines around a region. They are written only when they hold all of the region and more, as the standard
/// demands; where they are the region's own lines, its columns decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, included.
    pub end_line: u32,
    /// The text of the lines, redacted.
    pub snippet: String,
}

impl Location {
    /// A file as a whole. The path is relative to the root of the repository; see [`RelativePath::new`] for what
    /// is refused.
    pub fn new(path: impl AsRef<[u8]>) -> Result<Self, PathError> {
        let path = RelativePath::new(path)?;
        Ok(Self { path, region: None, snippet: None, context: None, message: None })
    }

    /// The same file, at a region of it.
    #[must_use]
    pub fn at(self, region: Region) -> Self {
        Self { region: Some(region), ..self }
    }

    /// The same place, with the text that stands there.
    #[must_use]
    pub fn with_snippet(self, text: impl Into<String>) -> Self {
        Self { snippet: Some(text.into()), ..self }
    }

    /// The same place, with the lines around it.
    #[must_use]
    pub fn with_context(self, context: Context) -> Self {
        Self { context: Some(context), ..self }
    }

    /// The same place, with something to say about it.
    #[must_use]
    pub fn with_message(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    /// The wire form; `id` is what messages link to.
    pub(crate) fn to_wire(&self, id: Option<i64>) -> sarif::Location {
        let region = self.region.unwrap_or(Region::span(1, 1, 1, 1));
        let snippet = if self.region.is_some() { self.snippet.as_deref() } else { Some("") };
        let context = self.context.as_ref().and_then(|context| context.to_wire(region));
        let context_region = if self.region.is_some() { context } else { context.or_else(|| Some(whole_file())) };
        let mut artifact = ArtifactLocation::builder().uri(self.path.as_uri()).build();
        artifact.uri_base_id = Some(ROOT.to_owned());
        sarif::Location {
            id,
            message: self.message.as_deref().map(text::sentence).filter(|m| !m.is_empty()).map(|m| (&m).into()),
            physical_location: Some(PhysicalLocation {
                artifact_location: Some(artifact),
                region: Some(sarif::Region { snippet: snippet.map(content), ..region.to_wire() }),
                context_region,
                ..PhysicalLocation::default()
            }),
            ..sarif::Location::default()
        }
    }
}

impl Context {
    /// The wire form; `None` when it would not hold more than the region.
    fn to_wire(&self, region: Region) -> Option<sarif::Region> {
        let (first, last) = (region.start_line, region.last_line());
        let holds = self.start_line <= first && self.end_line >= last;
        let is_part_of_lines = region.start_column.is_some_and(|column| column > 1) || region.end_column.is_some();
        let has_more = self.start_line < first || self.end_line > last || is_part_of_lines;
        (holds && has_more).then(|| sarif::Region {
            snippet: Some(content(&self.snippet)),
            ..Region::lines(self.start_line, self.end_line).to_wire()
        })
    }
}

fn content(text: &str) -> ArtifactContent {
    ArtifactContent::builder().text(text::clean(text)).build()
}

/// Stands around the start of a file whose text nobody gave: no claim about what the line says.
fn whole_file() -> sarif::Region {
    let rendered = MultiformatMessageString::from(&"The file as a whole.".to_owned());
    sarif::Region {
        snippet: Some(ArtifactContent { rendered: Some(rendered), ..ArtifactContent::default() }),
        ..Region::line(1).to_wire()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_holds_more_than_its_region() {
        let written = |region, start_line, end_line| {
            let context = Context { start_line, end_line, snippet: "text".into() };
            let location = Location::new("a").unwrap().at(region).with_context(context);
            location.to_wire(None).physical_location.unwrap().context_region.is_some()
        };
        let lines = Region::lines(4, 5);
        assert!(written(lines, 3, 5) && written(lines, 4, 6) && written(lines, 1, 9));
        assert!(!written(lines, 4, 5) && !written(lines, 5, 9) && !written(lines, 1, 4));
        assert!(written(Region::span(4, 2, 4, 9), 4, 4));
    }

    #[test]
    fn a_whole_file_is_the_start_of_its_first_line() {
        let wire = Location::new("a").unwrap().to_wire(None).physical_location.unwrap();
        let region = wire.region.unwrap();
        assert_eq!((region.start_line, region.start_column, region.end_column), (Some(1), Some(1), Some(1)));
    }
}
