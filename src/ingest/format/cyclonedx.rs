//! CycloneDX, JSON and XML, 1.2 to 1.6: bills of materials, and the vulnerabilities of what is in them.
//!
//! As <https://cyclonedx.org/specification/overview/> and the schemas define it. Vulnerabilities that the document
//! itself says do not matter (`analysis.state` is resolved, a false positive, not affected) do not count.

mod bom;
mod xml;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
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
            children.into_iter().for_each(|child| self.bom.depends(&parent, child));
        }
    }

    fn record(&mut self, record: &Record<'_>, _: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            "components[]" => self.component(record.parse()?, None),
            _ => self.bom.flaw(record.parse::<Vulnerability>()?.flaw()),
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Out) {
        std::mem::take(&mut self.bom).tell(out);
    }
}

impl CycloneDx {
    fn component(&mut self, component: Component, parent: Option<&str>) {
        let part = component.part();
        let reference = part.reference.clone();
        if let Some(parent) = parent {
            self.bom.depends(parent, reference.clone());
        }
        self.bom.part(part);
        component.components.into_iter().for_each(|inner| self.component(inner, Some(&reference)));
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
    #[serde(deserialize_with = "lenient::list")]
    components: Vec<Component>,
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
