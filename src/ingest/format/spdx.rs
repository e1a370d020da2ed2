//! SPDX, 2.2 and 2.3 as JSON and as tags and values, 3.0 as JSON-LD: bills of materials, without findings.
//!
//! As <https://spdx.github.io/spdx-spec/> defines them, and in the envelope in which GitHub exports the dependency graph.

mod entry;
mod graph;
mod tags;

use serde::Deserialize;
use serde_json::Value;

use crate::ingest::component;
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::json::Text;
use crate::ingest::lenient;
use crate::ingest::out::Out;
use entry::{Bill, Entry};

/// SPDX 2 as JSON.
pub static FORMAT: Format = Format {
    id: "spdx",
    name: "SPDX JSON",
    tool: "spdx",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[&["spdxVersion"], &["sbom.spdxVersion"], &["SPDXID", "packages"]],
        records: &["packages[]", "sbom.packages[]"],
        reader: || Box::<Spdx>::default(),
    },
};

/// SPDX 3 as JSON-LD.
pub static GRAPH: Format = Format {
    name: "SPDX 3 JSON-LD",
    syntax: Syntax::Json {
        marks: &[&["@graph[].spdxId"], &["@context=\"https://spdx.org/rdf/3"], &["@graph[].specVersion"]],
        records: &["@graph[]"],
        reader: || Box::<graph::Graph>::default(),
    },
    ..FORMAT
};

/// SPDX 2 as tags and values.
pub static TAGS: Format =
    Format { name: "SPDX tag-value", syntax: Syntax::Text { fits: tags::fits, read: tags::read }, ..FORMAT };

#[derive(Default)]
struct Spdx {
    bill: Bill,
}

impl Reader for Spdx {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        if around.path.is_empty() {
            // The document before it, where there are several.
            self.end(out);
        }
        let described: Vec<String> = around.get("documentDescribes").unwrap_or_default();
        described.into_iter().for_each(|id| self.bill.describes(id));
        let relations: Vec<Relation> = around.get("relationships").unwrap_or_default();
        relations.iter().for_each(|relation| self.bill.relates(&relation.from, &relation.kind, &relation.to));
    }

    fn record(&mut self, record: &Record<'_>, _: &mut Out) -> Result<(), Unreadable> {
        let entry = record.parse::<Package>()?.entry();
        self.bill.entry(Entry { at: named_at(record), ..entry });
        Ok(())
    }

    fn end(&mut self, out: &mut Out) {
        std::mem::take(&mut self.bill).tell(out);
    }
}

/// Where the name of a record stands, in bytes.
fn named_at(record: &Record<'_>) -> Option<usize> {
    let members = Text::new(record.bytes).members(0);
    members.iter().find(|member| member.key == b"name").map(|member| record.at + member.value.start)
}

#[derive(Deserialize)]
struct Checksum {
    #[serde(default, deserialize_with = "lenient::text")]
    algorithm: String,
    #[serde(default, rename = "checksumValue", deserialize_with = "lenient::text")]
    value: String,
}

#[derive(Deserialize)]
struct Relation {
    #[serde(default, rename = "spdxElementId", deserialize_with = "lenient::text")]
    from: String,
    #[serde(default, rename = "relationshipType", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, rename = "relatedSpdxElement", deserialize_with = "lenient::text")]
    to: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(default, rename = "SPDXID", deserialize_with = "lenient::text")]
    id: String,
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version_info: String,
    #[serde(default, deserialize_with = "lenient::text")]
    license_concluded: String,
    #[serde(default, deserialize_with = "lenient::text")]
    license_declared: String,
    #[serde(default, deserialize_with = "lenient::text")]
    source_info: String,
    #[serde(default, deserialize_with = "lenient::text")]
    primary_package_purpose: String,
    #[serde(default, deserialize_with = "lenient::list")]
    external_refs: Vec<Value>,
    #[serde(default, deserialize_with = "lenient::list")]
    checksums: Vec<Checksum>,
}

impl Package {
    fn entry(self) -> Entry {
        let text = |reference: &Value, key: &str| reference.get(key).and_then(Value::as_str).map(str::to_owned);
        // 2.2 names the type by its address.
        let is_purl = |reference: &&Value| {
            text(reference, "referenceType").is_some_and(|kind| kind == "purl" || kind.ends_with("/purl"))
        };
        let purl = self.external_refs.iter().find(is_purl).and_then(|reference| text(reference, "referenceLocator"));
        Entry {
            id: self.id,
            name: self.name,
            version: self.version_info,
            purl: purl.unwrap_or_default(),
            concluded: self.license_concluded,
            declared: self.license_declared,
            source: self.source_info,
            purpose: self.primary_package_purpose,
            hashes: self.checksums.iter().filter_map(|sum| component::hash(&sum.algorithm, &sum.value)).collect(),
            at: None,
        }
    }
}

#[cfg(test)]
mod tests;
