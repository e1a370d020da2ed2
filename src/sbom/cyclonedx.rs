//! Writes CycloneDX 1.6 and 1.7 as JSON (<https://cyclonedx.org/docs/1.6/json/>).

use serde::Serialize;

use super::bill::{Bill, Part, Vulnerability};
use super::license::{Said, said};
use super::{checksum, uuid};
use crate::ecosystem::Ecosystem;
use crate::finding::Severity;
use crate::inventory::{PackageSource, Scope};

/// The reference of what the bill is of.
const SUBJECT: &str = "scanall:subject";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: String,
    bom_format: &'static str,
    spec_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    version: u32,
    metadata: Metadata<'a>,
    components: Vec<Component<'a>>,
    dependencies: Vec<Needs<'a>>,
    compositions: [Composition; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    vulnerabilities: Option<Vec<Defect<'a>>>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    timestamp: String,
    tools: Tools,
    component: Component<'a>,
}

#[derive(Serialize)]
struct Tools {
    components: [Component<'static>; 1],
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "bom-ref", skip_serializing_if = "str::is_empty")]
    reference: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    group: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<License<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    purl: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence<'a>>,
}

#[derive(Serialize)]
struct Hash<'a> {
    alg: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum License<'a> {
    License(Named<'a>),
    #[serde(untagged)]
    Expression {
        expression: &'a str,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Named<'a> {
    Id(&'a str),
    Name(&'a str),
}

#[derive(Serialize)]
struct Property {
    name: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
struct Evidence<'a> {
    occurrences: Vec<Occurrence<'a>>,
}

#[derive(Serialize)]
struct Occurrence<'a> {
    location: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Needs<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    depends_on: Vec<&'a str>,
}

#[derive(Serialize)]
struct Composition {
    aggregate: &'static str,
    dependencies: [&'static str; 1],
}

#[derive(Serialize)]
struct Defect<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Reference<'a>>,
    ratings: [Rating; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cwes: Vec<u32>,
    description: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    recommendation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    analysis: Option<Analysis<'a>>,
    affects: Vec<Affected<'a>>,
}

#[derive(Serialize)]
struct Reference<'a> {
    id: &'a str,
    source: Source<'a>,
}

#[derive(Serialize)]
struct Source<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Rating {
    severity: &'static str,
}

#[derive(Serialize)]
struct Analysis<'a> {
    state: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    response: Vec<&'static str>,
    detail: &'a str,
}

#[derive(Serialize)]
struct Affected<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
}

/// Writes a bill in a version of the format.
pub(super) fn write(bill: &Bill, version: &'static str) -> serde_json::Result<String> {
    let mut document = Document {
        schema: format!("http://cyclonedx.org/schema/bom-{version}.schema.json"),
        bom_format: "CycloneDX",
        spec_version: version,
        serial_number: None,
        version: 1,
        metadata: Metadata {
            timestamp: bill.created.to_string(),
            tools: Tools {
                components: [Component {
                    kind: "application",
                    name: "scanall",
                    version: env!("CARGO_PKG_VERSION"),
                    ..Component::default()
                }],
            },
            component: Component {
                kind: "application",
                reference: SUBJECT,
                name: &bill.subject.name,
                version: &bill.subject.version,
                ..Component::default()
            },
        },
        components: bill.parts.iter().map(component).collect(),
        dependencies: needs(bill),
        compositions: [Composition {
            aggregate: if bill.complete { "complete" } else { "incomplete" },
            dependencies: [SUBJECT],
        }],
        vulnerabilities: bill.vulnerabilities.as_ref().map(|known| known.iter().map(defect).collect()),
    };
    document.serial_number = Some(format!("urn:uuid:{}", uuid(&serde_json::to_string(&document)?)));
    serde_json::to_string_pretty(&document)
}

fn component(part: &Part) -> Component<'_> {
    let (group, name) = match part.ecosystem {
        Ecosystem::Maven => part.name.split_once(':').unwrap_or(("", &part.name)),
        Ecosystem::Npm if part.name.starts_with('@') => part.name.split_once('/').unwrap_or(("", &part.name)),
        _ => ("", part.name.as_str()),
    };
    let hash = |hash| checksum::of(hash).filter(|sum| !sum.algorithm.cyclonedx.is_empty());
    Component {
        kind: match (part.source, part.ecosystem) {
            (PackageSource::Local, _) => "application",
            (_, Ecosystem::Docker) => "container",
            _ => "library",
        },
        reference: &part.purl,
        group,
        name,
        version: &part.version,
        scope: match part.scope {
            Scope::Runtime => "required",
            Scope::Optional => "optional",
            Scope::Build | Scope::Dev => "excluded",
        },
        hashes: part
            .hashes
            .iter()
            .filter_map(|text| hash(text))
            .map(|sum| Hash { alg: sum.algorithm.cyclonedx, content: sum.digits })
            .collect(),
        licenses: licenses(&part.licenses),
        purl: &part.purl,
        properties: vec![
            Property { name: "scanall:scope", value: part.scope.word() },
            Property { name: "scanall:source", value: part.source.word() },
        ],
        evidence: Some(Evidence {
            occurrences: part
                .places
                .iter()
                .map(|place| Occurrence { location: place.path.as_str(), line: place.span.map(|span| span.start_line) })
                .collect(),
        }),
    }
}

/// Several licenses are a list, in which version 1.6 wants no expression: there it is a name.
fn licenses(said_to_be: &[String]) -> Vec<License<'_>> {
    let one = |text| match said(text) {
        Said::Id(id) => License::License(Named::Id(id)),
        Said::Expression(expression) if said_to_be.len() == 1 => License::Expression { expression },
        Said::Expression(name) | Said::Name(name) => License::License(Named::Name(name)),
    };
    said_to_be.iter().map(|text| one(text)).collect()
}

fn needs(bill: &Bill) -> Vec<Needs<'_>> {
    let name = |places: &[usize]| -> Vec<&str> {
        places.iter().filter_map(|at| bill.parts.get(*at)).map(|part| part.purl.as_str()).collect()
    };
    let own = Needs { reference: SUBJECT, depends_on: name(&bill.needs) };
    let others = bill.parts.iter().map(|part| Needs { reference: &part.purl, depends_on: name(&part.needs) });
    std::iter::once(own).chain(others).collect()
}

fn defect(known: &Vulnerability) -> Defect<'_> {
    let source = known.url.as_deref().map(|url| Source { name: None, url: Some(url) });
    Defect {
        id: &known.id,
        source,
        references: known
            .aliases
            .iter()
            .map(|id| Reference { id, source: Source { name: Some(publisher(id)), url: None } })
            .collect(),
        ratings: [Rating {
            severity: match known.severity {
                Severity::Critical => "critical",
                Severity::High => "high",
                Severity::Medium => "medium",
                Severity::Low => "low",
                Severity::Info => "info",
            },
        }],
        cwes: known.cwe.clone(),
        description: &known.title,
        recommendation: &known.remedy,
        analysis: known.accepted.as_ref().map(|why| Analysis {
            state: if why.is_unaffected { "not_affected" } else { "exploitable" },
            response: if why.is_unaffected { Vec::new() } else { vec!["will_not_fix"] },
            detail: &why.reason,
        }),
        affects: known.affects.iter().map(|reference| Affected { reference }).collect(),
    }
}

/// Who gives ids of a kind.
fn publisher(id: &str) -> &'static str {
    const KNOWN: [(&str, &str); 5] =
        [("CVE-", "NVD"), ("GHSA-", "GitHub"), ("RUSTSEC-", "RustSec"), ("PYSEC-", "PyPA"), ("GO-", "Go")];
    KNOWN.iter().find(|(start, _)| id.starts_with(start)).map_or("OSV", |(_, name)| name)
}
