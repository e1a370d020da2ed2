//! Defines [`Suppression`]: that somebody accepted a finding.

use crate::text;
use serde_sarif::sarif;

/// That somebody accepted a finding. GitHub does not know it and shows the finding as open, so what is uploaded must
/// leave such findings out, as [`fix`](crate::fix()) does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// It is written in the file of the finding, not elsewhere.
    pub in_source: bool,
    /// Where it is written, and why; left out when empty.
    pub justification: String,
}

impl Suppression {
    pub(crate) fn to_wire(&self) -> sarif::Suppression {
        let kind = if self.in_source { "inSource" } else { "external" };
        let mut wire = sarif::Suppression::builder().kind(kind).build();
        wire.justification = Some(text::sentence(&self.justification)).filter(|text| !text.is_empty());
        wire
    }
}
