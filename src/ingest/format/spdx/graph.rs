//! Reads SPDX 3 as JSON-LD (<https://spdx.github.io/spdx-spec/v3.0.1/serializations/>): a list of elements, which
//! relationships tie together.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::entry::{Bill, Entry};
use crate::ingest::component;
use crate::ingest::format::{Around, Reader, Record, Unreadable};
use crate::ingest::lenient;
use crate::ingest::out::Out;

/// Where a license of SPDX's own list lives.
const LISTED: &str = "https://spdx.org/licenses/";

#[derive(Default)]
pub(super) struct Graph {
    bill: Bill,
    entries: Vec<Entry>,
    /// Expressions or names of licenses, by the id of their element.
    licenses: HashMap<String, String>,
    /// The element of the license of a package: concluded, then declared.
    concluded: HashMap<String, String>,
    declared: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Element {
    #[serde(default, rename = "type", alias = "@type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, rename = "spdxId", alias = "@id", deserialize_with = "lenient::text")]
    id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    name: String,
    #[serde(default, rename = "software_packageVersion", deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, rename = "software_packageUrl", deserialize_with = "lenient::text")]
    purl: String,
    #[serde(default, rename = "software_primaryPurpose", deserialize_with = "lenient::text")]
    purpose: String,
    #[serde(default, rename = "software_sourceInfo", deserialize_with = "lenient::text")]
    source: String,
    #[serde(default, rename = "externalIdentifier", deserialize_with = "lenient::list")]
    identifiers: Vec<Value>,
    #[serde(default, rename = "verifiedUsing", deserialize_with = "lenient::list")]
    sums: Vec<Sum>,
    #[serde(default, rename = "simplelicensing_licenseExpression", deserialize_with = "lenient::text")]
    expression: String,
    #[serde(default, rename = "relationshipType", deserialize_with = "lenient::text")]
    relation: String,
    #[serde(default, deserialize_with = "lenient::text")]
    from: String,
    #[serde(default, deserialize_with = "lenient::texts")]
    to: Vec<String>,
    #[serde(default, rename = "rootElement", deserialize_with = "lenient::texts")]
    roots: Vec<String>,
}

#[derive(Deserialize)]
struct Sum {
    #[serde(default, deserialize_with = "lenient::text")]
    algorithm: String,
    #[serde(default, rename = "hashValue", deserialize_with = "lenient::text")]
    value: String,
}

impl Reader for Graph {
    fn enter(&mut self, _: &Around<'_>, out: &mut Out) {
        // The document before it, where there are several.
        self.end(out);
    }

    fn record(&mut self, record: &Record<'_>, _: &mut Out) -> Result<(), Unreadable> {
        let element: Element = record.parse()?;
        let kind = element.kind.as_str();
        if kind.ends_with("Package") {
            self.entries.push(Entry { at: super::named_at(record), ..entry(element) });
        } else if kind.contains("icensing_") {
            let told = if element.expression.is_empty() { element.name } else { element.expression };
            let told = if told.is_empty() { listed(&element.id).to_owned() } else { told };
            self.licenses.insert(element.id, told);
        } else if kind.ends_with("Relationship") {
            let into = match element.relation.as_str() {
                "hasConcludedLicense" => &mut self.concluded,
                "hasDeclaredLicense" => &mut self.declared,
                relation => {
                    element.to.iter().for_each(|to| self.bill.relates(&element.from, relation, to));
                    return Ok(());
                }
            };
            into.extend(element.to.into_iter().next().map(|to| (element.from, to)));
        } else if kind.ends_with("Sbom") || kind.ends_with("Bom") || kind.ends_with("SpdxDocument") {
            element.roots.into_iter().for_each(|root| self.bill.describes(root));
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Out) {
        let Self { mut bill, entries, licenses, concluded, declared } = std::mem::take(self);
        let license = |of: &HashMap<String, String>, id: &str| {
            let element = of.get(id);
            element.map(|id| licenses.get(id).cloned().unwrap_or_else(|| listed(id).to_owned())).unwrap_or_default()
        };
        for mut entry in entries {
            entry.concluded = license(&concluded, &entry.id);
            entry.declared = license(&declared, &entry.id);
            bill.entry(entry);
        }
        bill.tell(out);
    }
}

/// The id of a license by its address; empty for what is none of the list.
fn listed(id: &str) -> &str {
    id.strip_prefix(LISTED).unwrap_or_default()
}

fn entry(element: Element) -> Entry {
    let is_purl = |identifier: &&Value| {
        let kind = identifier.get("externalIdentifierType").and_then(Value::as_str);
        kind.is_some_and(|kind| matches!(kind, "packageUrl" | "purl"))
    };
    let found = element.identifiers.iter().find(is_purl);
    let found = found.and_then(|identifier| identifier.get("identifier")?.as_str()).unwrap_or_default();
    Entry {
        purl: if element.purl.is_empty() { found.to_owned() } else { element.purl },
        id: element.id,
        name: element.name,
        version: element.version,
        purpose: element.purpose,
        source: element.source,
        hashes: element.sums.iter().filter_map(|sum| component::hash(&sum.algorithm, &sum.value)).collect(),
        ..Entry::default()
    }
}
