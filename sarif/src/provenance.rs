//! Defines [`Provenance`]: which version of which repository was scanned.

use crate::location::ROOT;
use crate::{text, uri};
use serde_sarif::sarif::{ArtifactLocation, VersionControlDetails};

/// Which version of which repository was scanned. GitHub knows that from the upload; other readers do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Where the repository is: http, https, ssh, git, `host:path` as git writes it, or a `urn:` for one without address. User names and passwords
    /// are left out. Anything else, such as a path on the scanning machine, leaves out the whole provenance.
    pub repository_uri: String,
    /// The id of the commit; `None` when the files belong to none.
    pub revision: Option<String>,
    /// The branch; `None` when there is none.
    pub branch: Option<String>,
}

impl Provenance {
    /// Whether an address is one that can be written.
    pub fn is_address(text: &str) -> bool {
        uri::repository(text).is_some()
    }

    /// The wire form; `None` when the repository is not on another machine.
    pub(crate) fn to_wire(&self) -> Option<VersionControlDetails> {
        let text = |value: &Option<String>| value.as_deref().map(text::clean).filter(|value| !value.is_empty());
        let mut wire = VersionControlDetails::builder().repository_uri(uri::repository(&self.repository_uri)?).build();
        wire.revision_id = text(&self.revision);
        wire.branch = text(&self.branch);
        wire.mapped_to = Some(ArtifactLocation { uri_base_id: Some(ROOT.to_owned()), ..ArtifactLocation::default() });
        Some(wire)
    }
}
