//! The part of the OSV schema that matters to a scan. What databases write of their own kind may have any form: what has
//! another than is expected is as if it were not there.

use serde::{Deserialize, Deserializer};

#[derive(Default, Deserialize)]
pub(in crate::advisories) struct Osv {
    pub(in crate::advisories) id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) modified: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) published: String,
    pub(in crate::advisories) withdrawn: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) aliases: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) summary: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) details: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) severity: Vec<Severity>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) affected: Vec<Affected>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) references: Vec<Reference>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) database_specific: OfRecord,
}

#[derive(Default, Deserialize)]
pub(in crate::advisories) struct Severity {
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) score: String,
}

#[derive(Default, Deserialize)]
pub(in crate::advisories) struct Affected {
    pub(in crate::advisories) package: Option<Package>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) severity: Vec<Severity>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) ranges: Vec<Range>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) versions: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) ecosystem_specific: OfEcosystem,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) database_specific: OfAffected,
}

#[derive(Default, Deserialize)]
pub(in crate::advisories) struct Package {
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) ecosystem: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) name: String,
}

#[derive(Default, Deserialize)]
pub(in crate::advisories) struct Range {
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub(in crate::advisories) kind: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) events: Vec<Event>,
}

#[derive(Default, Deserialize)]
pub(in crate::advisories) struct Event {
    pub(in crate::advisories) introduced: Option<String>,
    pub(in crate::advisories) fixed: Option<String>,
    pub(in crate::advisories) last_affected: Option<String>,
    pub(in crate::advisories) limit: Option<String>,
}

#[derive(Default, Deserialize)]
pub(in crate::advisories) struct Reference {
    #[serde(default, deserialize_with = "or_default")]
    pub(in crate::advisories) url: String,
}

/// GitHub's own words; others write the same keys.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::advisories) struct OfRecord {
    pub(in crate::advisories) severity: Loose<String>,
    pub(in crate::advisories) cwe_ids: Loose<Vec<String>>,
}

/// Go's own words in `imports`, RustSec's in the others.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::advisories) struct OfEcosystem {
    pub(in crate::advisories) imports: Loose<Vec<Import>>,
    pub(in crate::advisories) affects: Loose<Affects>,
    pub(in crate::advisories) severity: Loose<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::advisories) struct Import {
    pub(in crate::advisories) path: String,
    pub(in crate::advisories) symbols: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::advisories) struct Affects {
    pub(in crate::advisories) functions: Vec<String>,
}

/// RustSec's own words.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::advisories) struct OfAffected {
    pub(in crate::advisories) cvss: Loose<String>,
    pub(in crate::advisories) informational: Loose<String>,
    pub(in crate::advisories) categories: Loose<Vec<String>>,
    pub(in crate::advisories) cwes: Loose<Vec<Weakness>>,
}

/// How the records of malicious packages name a weakness.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::advisories) struct Weakness {
    pub(in crate::advisories) cwe_id: String,
}

/// A value, or its default where another form is found.
#[derive(Default)]
pub(in crate::advisories) struct Loose<T>(pub(super) T);

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either<T> {
            Known(T),
            Other(serde::de::IgnoredAny),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Known(value) => Self(value),
            Either::Other(_) => Self::default(),
        })
    }
}

/// The schema lets `null` stand for nothing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
