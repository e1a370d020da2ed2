//! CycloneDX, JSON and XML, 1.2 to 1.7: bills of materials, and the vulnerabilities of what is in them.
//!
//! As <https://cyclonedx.org/specification/overview/> and the schemas define it. Vulnerabilities that the document
//! itself says do not matter (`analysis.state` is resolved, a false positive, not affected) do not count.

mod bom;
mod xml;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::ingest::component;
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::json::Text;
use crate::ingest::lenient;
use crate::ingest::out::Out;
use bom::{Affected, Bom, Flaw, Part, Property, Rated};

/// CycloneDX JSON.
pub static FORMAT: Format = Format {
    id: "cyclonedx",
    name: "CycloneDX JSON",
    tool: "cyclonedx",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["bomFormat=\"CycloneDX\""],
            &["specVersion", "components"],
            &["specVersion", "vulnerabilities"],
            &["specVersion", "serialNumber"],
        ],
        records: &["components[]", "vulnerabilities[]"],
        reader: || Box::<CycloneDx>::default(),
    },
};

/// CycloneDX XML.
pub static XML: Format =
    Format { name: "CycloneDX XML", syntax: Syntax::Text { fits: xml::fits, read: xml::read }, ..FORMAT };

/// Components that lie deeper in others are not read.
const MAX_HELD: usize = 32;

#[derive(Default)]
struct CycloneDx {
    bom: Bom,
}

impl Reader for CycloneDx {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        // The document before it, where there are several.
        self.end(out);
        let metadata: Value = around.get("metadata").unwrap_or_default();
        let about: Component = metadata.get("component").and_then(of_value).unwrap_or_default();
        self.bom.about(&about.part());
        let dependencies: Vec<Dependency> = around.get("dependencies").unwrap_or_default();
        for Dependency { parent, children } in dependencies {
            self.bom.needs(&parent, &children);
            children.into_iter().for_each(|child| self.bom.depends(&parent, child));
        }
    }

    fn record(&mut self, record: &Record<'_>, _: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            "components[]" => self.component(record.parse()?, record.bytes, record.at, None, 0),
            _ => self.bom.flaw(record.parse::<Vulnerability>()?.flaw()),
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Out) {
        std::mem::take(&mut self.bom).tell(out);
    }
}

impl CycloneDx {
    /// A component, its JSON and where that begins, with those that it holds.
    fn component(&mut self, component: Component, bytes: &[u8], at: usize, parent: Option<&str>, depth: usize) {
        let text = Text::new(bytes);
        let members = text.members(0);
        let place = |key: &str| members.iter().find(|member| member.key == key.as_bytes()).map(|member| &member.value);
        let mut part = component.part();
        part.at = place("name").map(|value| at + value.start);
        let reference = part.reference.clone();
        if let Some(parent) = parent {
            self.bom.depends(parent, reference.clone());
        }
        self.bom.part(part);
        if depth < MAX_HELD
            && let Some(list) = place("components")
        {
            for (range, is_whole) in text.elements(list.start) {
                let inner = text.slice(&range);
                if let Some(held) = serde_json::from_slice(inner).ok().filter(|_| is_whole) {
                    self.component(held, inner, at + range.start, Some(&reference), depth + 1);
                }
            }
        }
    }
}

fn of_value<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

#[derive(Deserialize)]
struct Dependency {
    #[serde(default, rename = "ref", deserialize_with = "lenient::text")]
    parent: String,
    #[serde(default, rename = "dependsOn", deserialize_with = "lenient::texts")]
    children: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Component {
    #[serde(rename = "bom-ref", deserialize_with = "lenient::text")]
    reference: String,
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(deserialize_with = "lenient::text")]
    group: String,
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    version: String,
    #[serde(deserialize_with = "lenient::text")]
    purl: String,
    #[serde(deserialize_with = "lenient::list")]
    licenses: Vec<Value>,
    #[serde(deserialize_with = "lenient::list")]
    properties: Vec<Property>,
    #[serde(deserialize_with = "lenient::maybe")]
    evidence: Option<Evidence>,
    #[serde(deserialize_with = "lenient::text")]
    scope: String,
    #[serde(deserialize_with = "lenient::list")]
    hashes: Vec<Hash>,
}

#[derive(Deserialize)]
struct Hash {
    #[serde(default, deserialize_with = "lenient::text")]
    alg: String,
    #[serde(default, deserialize_with = "lenient::text")]
    content: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Evidence {
    #[serde(deserialize_with = "lenient::list")]
    occurrences: Vec<Occurrence>,
}

#[derive(Deserialize)]
struct Occurrence {
    #[serde(default, deserialize_with = "lenient::text")]
    location: String,
}

impl Component {
    fn part(&self) -> Part {
        let told = |license: &Value| {
            let keys = ["/license/id", "/license/name", "/expression"];
            keys.iter().find_map(|key| license.pointer(key)?.as_str()).map(str::to_owned)
        };
        let seen = self.evidence.iter().flat_map(|evidence| &evidence.occurrences);
        let seen = seen.map(|occurrence| occurrence.location.as_str()).next().unwrap_or_default();
        let mut part = Part {
            reference: self.reference.clone(),
            kind: self.kind.clone(),
            name: bom::grouped(&self.group, &self.name),
            version: self.version.clone(),
            purl: self.purl.clone(),
            licenses: self.licenses.iter().filter_map(told).collect(),
            file: seen.to_owned(),
            scope: bom::scope(&self.scope),
            hashes: self.hashes.iter().filter_map(|hash| component::hash(&hash.alg, &hash.content)).collect(),
            at: None,
            is_lockfile: false,
        };
        part.look_at(&self.properties);
        part
    }
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default, deserialize_with = "lenient::text")]
    id: String,
    #[serde(default)]
    source: Value,
    #[serde(default, deserialize_with = "lenient::list")]
    references: Vec<Value>,
    #[serde(default, deserialize_with = "lenient::list")]
    ratings: Vec<Value>,
    #[serde(default, deserialize_with = "lenient::texts")]
    cwes: Vec<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    description: String,
    #[serde(default, deserialize_with = "lenient::text")]
    detail: String,
    #[serde(default, deserialize_with = "lenient::text")]
    recommendation: String,
    #[serde(default, deserialize_with = "lenient::list")]
    advisories: Vec<HashMap<String, Value>>,
    #[serde(default)]
    analysis: Value,
    #[serde(default, deserialize_with = "lenient::list")]
    affects: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(default, rename = "ref", deserialize_with = "lenient::text")]
    reference: String,
    #[serde(default, deserialize_with = "lenient::list")]
    versions: Vec<TargetVersion>,
}

#[derive(Deserialize)]
struct TargetVersion {
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, deserialize_with = "lenient::text")]
    status: String,
}

impl Vulnerability {
    fn flaw(self) -> Flaw {
        let text =
            |value: &Value, path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let rated = |rating: &Value| {
            let score = rating.get("score");
            Rated {
                by: text(rating, "/source/name"),
                word: text(rating, "/severity"),
                score: score.and_then(|score| score.as_f64().or_else(|| score.as_str()?.parse().ok())),
                vector: text(rating, "/vector"),
            }
        };
        let advisory = self.advisories.iter().find_map(|advisory| advisory.get("url")?.as_str());
        let source = text(&self.source, "/url");
        let target = |target: Target| Affected {
            reference: target.reference,
            versions: target.versions.into_iter().map(|version| (version.version, version.status)).collect(),
        };
        Flaw {
            aliases: self.references.iter().map(|reference| text(reference, "/id")).collect(),
            ratings: self.ratings.iter().map(rated).collect(),
            cwe: lenient::weaknesses(&self.cwes),
            description: if self.description.is_empty() { self.detail } else { self.description },
            recommendation: self.recommendation,
            url: if source.is_empty() { advisory.unwrap_or_default().to_owned() } else { source },
            state: text(&self.analysis, "/state"),
            affects: self.affects.into_iter().map(target).collect(),
            id: self.id,
        }
    }
}

#[cfg(test)]
mod tests;
