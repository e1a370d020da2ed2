//! What Trivy says of one thing, as far as it is read.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use crate::ingest::lenient::{self, borrowed};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PackageEntry {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) version: String,
    pub(super) locations: Option<Vec<PackageLocation>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PackageLocation {
    #[serde(default)]
    pub(super) start_line: u32,
}

#[derive(Deserialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(rename = "VulnerabilityID", borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(default, rename = "VendorIDs", deserialize_with = "lenient::texts")]
    pub(super) vendor_ids: Vec<String>,
    #[serde(default, rename = "PkgName", borrow, deserialize_with = "borrowed")]
    pub(super) package: Cow<'a, str>,
    #[serde(default, rename = "PkgPath", borrow, deserialize_with = "borrowed")]
    pub(super) path: Cow<'a, str>,
    #[serde(default, rename = "InstalledVersion", borrow, deserialize_with = "borrowed")]
    pub(super) installed: Cow<'a, str>,
    #[serde(default, rename = "FixedVersion", borrow, deserialize_with = "borrowed")]
    pub(super) fixed: Cow<'a, str>,
    #[serde(default, rename = "Severity", borrow, deserialize_with = "borrowed")]
    pub(super) severity: Cow<'a, str>,
    #[serde(default, rename = "SeveritySource", borrow, deserialize_with = "borrowed")]
    pub(super) severity_source: Cow<'a, str>,
    #[serde(default, rename = "Title", borrow, deserialize_with = "borrowed")]
    pub(super) title: Cow<'a, str>,
    #[serde(default, rename = "Description", borrow, deserialize_with = "borrowed")]
    pub(super) description: Cow<'a, str>,
    #[serde(default, rename = "PrimaryURL", borrow, deserialize_with = "borrowed")]
    pub(super) url: Cow<'a, str>,
    #[serde(default, rename = "CweIDs")]
    pub(super) cwe: Option<Vec<Cow<'a, str>>>,
    #[serde(default, rename = "PkgIdentifier")]
    pub(super) identifier: Option<Identifier<'a>>,
    #[serde(default, rename = "CVSS", deserialize_with = "lenient::maybe")]
    pub(super) cvss: Option<HashMap<String, Cvss>>,
}

#[derive(Deserialize)]
pub(super) struct Identifier<'a> {
    #[serde(default, rename = "PURL", borrow, deserialize_with = "borrowed")]
    pub(super) purl: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Cvss {
    #[serde(rename = "V40Vector")]
    v40_vector: String,
    #[serde(rename = "V40Score")]
    v40_score: Option<f64>,
    #[serde(rename = "V3Vector")]
    v3_vector: String,
    #[serde(rename = "V3Score")]
    v3_score: Option<f64>,
    #[serde(rename = "V2Vector")]
    v2_vector: String,
    #[serde(rename = "V2Score")]
    v2_score: Option<f64>,
}

impl Cvss {
    /// The newest score that somebody gives.
    pub(super) fn newest(&self) -> (Option<f64>, &str) {
        let all =
            [(self.v40_score, &self.v40_vector), (self.v3_score, &self.v3_vector), (self.v2_score, &self.v2_vector)];
        let told = all.into_iter().find(|(score, vector)| score.is_some() || !vector.is_empty());
        told.map_or((None, ""), |(score, vector)| (score, vector))
    }
}

#[derive(Deserialize)]
pub(super) struct Misconfiguration {
    #[serde(default, rename = "ID", deserialize_with = "lenient::text")]
    pub(super) id: String,
    #[serde(default, rename = "AVDID", deserialize_with = "lenient::text")]
    pub(super) avd_id: String,
    #[serde(default, rename = "Title", deserialize_with = "lenient::text")]
    pub(super) title: String,
    #[serde(default, rename = "Description", deserialize_with = "lenient::text")]
    pub(super) description: String,
    #[serde(default, rename = "Message", deserialize_with = "lenient::text")]
    pub(super) message: String,
    #[serde(default, rename = "Resolution", deserialize_with = "lenient::text")]
    pub(super) resolution: String,
    #[serde(default, rename = "PrimaryURL", deserialize_with = "lenient::text")]
    pub(super) url: String,
    #[serde(default, rename = "Severity", deserialize_with = "lenient::text")]
    pub(super) severity: String,
    #[serde(default, rename = "Status", deserialize_with = "lenient::text")]
    pub(super) status: String,
    #[serde(default, rename = "CauseMetadata", deserialize_with = "lenient::maybe")]
    pub(super) cause: Option<Cause>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Cause {
    pub(super) resource: Option<String>,
    pub(super) start_line: u32,
    pub(super) end_line: u32,
    pub(super) code: Option<Code>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Code {
    pub(super) lines: Option<Vec<CodeLine>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct CodeLine {
    pub(super) content: String,
    pub(super) is_cause: bool,
}

#[derive(Deserialize)]
pub(super) struct Secret {
    #[serde(default, rename = "RuleID", deserialize_with = "lenient::text")]
    pub(super) rule: String,
    #[serde(default, rename = "Title", deserialize_with = "lenient::text")]
    pub(super) title: String,
    #[serde(default, rename = "Severity", deserialize_with = "lenient::text")]
    pub(super) severity: String,
    #[serde(default, rename = "StartLine", deserialize_with = "lenient::number")]
    pub(super) start_line: u32,
    #[serde(default, rename = "EndLine", deserialize_with = "lenient::number")]
    pub(super) end_line: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
pub(super) struct License {
    #[serde(deserialize_with = "lenient::text")]
    pub(super) severity: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) category: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) pkg_name: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) file_path: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) name: String,
}
