//! Defines [`Sign`]: how a request is signed by a credential that is not sent itself.

use serde::Deserialize;

use super::Template;

/// How a request is signed. Each kind is a table under its name: `sign = { aws4 = { … } }`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// AWS Signature Version 4.
    Aws4(Aws4),
}

/// What AWS Signature Version 4 signs with.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Aws4 {
    /// The access key id.
    pub id: Template,
    /// The secret access key.
    pub key: Template,
    /// The region, such as `us-east-1`.
    pub region: String,
    /// The service, such as `sts`.
    pub service: String,
}

impl Sign {
    /// Its templates.
    pub fn templates(&self) -> [&Template; 2] {
        let Self::Aws4(aws4) = self;
        [&aws4.id, &aws4.key]
    }
}
