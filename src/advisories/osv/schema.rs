//! The part of the OSV schema that matters to a scan. What databases write of their own kind may have any form: what has
//! another than is expected is as if it were not there.

use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
pub(super) struct Osv {
    pub(super) id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) modified: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) published: String,
    pub(super) withdrawn: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) aliases: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) summary: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) details: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) severity: Vec<Severity>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) affected: Vec<Affected>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) references: Vec<Reference>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) database_specific: OfRecord,
}

#[derive(Deserialize)]
pub(super) struct Severity {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) score: String,
}

#[derive(Deserialize)]
pub(super) struct Affected {
    pub(super) package: Option<Package>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) severity: Vec<Severity>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ranges: Vec<Range>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) versions: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ecosystem_specific: OfEcosystem,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) database_specific: OfAffected,
}

#[derive(Deserialize)]
pub(super) struct Package {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ecosystem: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Range {
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) events: Vec<Event>,
}

#[derive(Deserialize)]
pub(super) struct Event {
    pub(super) introduced: Option<String>,
    pub(super) fixed: Option<String>,
    pub(super) last_affected: Option<String>,
    pub(super) limit: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Reference {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) url: String,
}

/// GitHub's own words; others write the same keys.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OfRecord {
    pub(super) severity: Loose<String>,
    pub(super) cwe_ids: Loose<Vec<String>>,
}

/// Go's own words in `imports`, RustSec's in the others.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OfEcosystem {
    pub(super) imports: Loose<Vec<Import>>,
    pub(super) affects: Loose<Affects>,
    pub(super) severity: Loose<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Import {
    pub(super) path: String,
    pub(super) symbols: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Affects {
    pub(super) functions: Vec<String>,
}

/// RustSec's own words.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OfAffected {
    pub(super) cvss: Loose<String>,
    pub(super) informational: Loose<String>,
    pub(super) categories: Loose<Vec<String>>,
    pub(super) cwes: Loose<Vec<Weakness>>,
}

/// How the records of malicious packages name a weakness.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Weakness {
    pub(super) cwe_id: String,
}

/// A value, or its default where another form is found.
#[derive(Default)]
pub(super) struct Loose<T>(pub(super) T);

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
