//! Writes SPDX 2.3 as JSON (<https://spdx.github.io/spdx-spec/v2.3/>).

use std::collections::BTreeMap;

use serde::Serialize;

use super::bill::{Bill, Part};
use super::license::{Said, said};
use super::{checksum, uuid};
use crate::ecosystem::Ecosystem;
use crate::inventory::{PackageSource, Scope};

const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const SUBJECT: &str = "SPDXRef-Subject";
const NOBODY_SAYS: &str = "NOASSERTION";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    spdx_version: &'static str,
    data_license: &'static str,
    #[serde(rename = "SPDXID")]
    id: &'static str,
    name: &'a str,
    document_namespace: String,
    creation_info: Creation,
    packages: Vec<Package<'a>>,
    relationships: Vec<Relation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_extracted_licensing_infos: Vec<Extracted<'a>>,
}

#[derive(Serialize)]
struct Creation {
    created: String,
    creators: [String; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(rename = "SPDXID")]
    id: String,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version_info: &'a str,
    download_location: &'static str,
    files_analyzed: bool,
    license_concluded: &'static str,
    license_declared: String,
    copyright_text: &'static str,
    primary_package_purpose: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    source_info: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checksums: Vec<Sum<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_refs: Vec<Reference<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sum<'a> {
    algorithm: &'static str,
    checksum_value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'a> {
    reference_category: &'static str,
    reference_type: &'static str,
    reference_locator: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Relation {
    spdx_element_id: String,
    relationship_type: &'static str,
    related_spdx_element: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extracted<'a> {
    license_id: String,
    extracted_text: String,
    name: &'a str,
}

/// Writes a bill.
pub(super) fn write(bill: &Bill) -> serde_json::Result<String> {
    let names = Names::of(bill);
    let subject = Package {
        id: SUBJECT.to_owned(),
        name: &bill.subject.name,
        version_info: &bill.subject.version,
        primary_package_purpose: "APPLICATION",
        ..Package::empty()
    };
    let packages = bill.parts.iter().enumerate().map(|(at, part)| package(bill, at, part, &names));
    let mut document = Document {
        spdx_version: "SPDX-2.3",
        data_license: "CC0-1.0",
        id: DOCUMENT,
        name: &bill.subject.name,
        document_namespace: String::new(),
        creation_info: Creation {
            created: seconds(bill.created),
            creators: [format!("Tool: scanall-{}", env!("CARGO_PKG_VERSION"))],
            comment: (!bill.complete).then_some("Not every file could be read, so packages may be missing."),
        },
        packages: std::iter::once(subject).chain(packages).collect(),
        relationships: relations(bill),
        has_extracted_licensing_infos: names.extracted(),
    };
    document.document_namespace = format!("urn:uuid:{}", uuid(&serde_json::to_string(&document)?));
    serde_json::to_string_pretty(&document)
}

impl Package<'_> {
    fn empty() -> Self {
        Self {
            id: String::new(),
            name: "",
            version_info: "",
            download_location: NOBODY_SAYS,
            files_analyzed: false,
            license_concluded: NOBODY_SAYS,
            license_declared: NOBODY_SAYS.to_owned(),
            copyright_text: NOBODY_SAYS,
            primary_package_purpose: "LIBRARY",
            source_info: String::new(),
            checksums: Vec::new(),
            external_refs: Vec::new(),
        }
    }
}

fn package<'a>(bill: &'a Bill, at: usize, part: &'a Part, names: &Names) -> Package<'a> {
    let place = |place: &crate::finding::Location| place.to_string();
    let advisories =
        bill.vulnerabilities.iter().flatten().filter(|known| known.affects.binary_search(&part.purl).is_ok());
    let advisories = advisories.filter_map(|known| {
        Some(Reference {
            reference_category: "SECURITY",
            reference_type: "advisory",
            reference_locator: known.url.as_deref()?,
            comment: Some(match &known.accepted {
                Some(why) => format!("{}: {}; accepted: {}", known.id, known.title, why.reason),
                None => format!("{}: {}", known.id, known.title),
            }),
        })
    });
    let purl = Reference {
        reference_category: "PACKAGE-MANAGER",
        reference_type: "purl",
        reference_locator: &part.purl,
        comment: None,
    };
    Package {
        id: id(at, part),
        name: &part.name,
        version_info: &part.version,
        license_declared: names.declared(&part.licenses),
        primary_package_purpose: match (part.source, part.ecosystem) {
            (PackageSource::Local, _) => "APPLICATION",
            (_, Ecosystem::Docker) => "CONTAINER",
            _ => "LIBRARY",
        },
        source_info: format!("named in {}", part.places.iter().map(place).collect::<Vec<_>>().join(", ")),
        checksums: part
            .hashes
            .iter()
            .filter_map(|text| checksum::of(text))
            .map(|sum| Sum { algorithm: sum.algorithm.spdx, checksum_value: sum.digits })
            .collect(),
        external_refs: std::iter::once(purl).chain(advisories).collect(),
        ..Package::empty()
    }
}

/// Letters, digits, points and hyphens are all that an id may have, so a number keeps them apart.
fn id(at: usize, part: &Part) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    let name: String = part.name.chars().take(60).map(plain).collect();
    format!("SPDXRef-Package-{}-{name}", at + 1)
}

fn relations(bill: &Bill) -> Vec<Relation> {
    let relation = |from: &str, kind, to: &str| Relation {
        spdx_element_id: from.to_owned(),
        relationship_type: kind,
        related_spdx_element: to.to_owned(),
    };
    let name = |at: &usize| bill.parts.get(*at).map(|part| (id(*at, part), part.scope));
    let mut all = vec![relation(DOCUMENT, "DESCRIBES", SUBJECT)];
    // What a thing is for is said from the other end.
    all.extend(bill.needs.iter().filter_map(name).map(|(other, scope)| match scope {
        Scope::Runtime => relation(SUBJECT, "DEPENDS_ON", &other),
        Scope::Optional => relation(&other, "OPTIONAL_DEPENDENCY_OF", SUBJECT),
        Scope::Build => relation(&other, "BUILD_DEPENDENCY_OF", SUBJECT),
        Scope::Dev => relation(&other, "DEV_DEPENDENCY_OF", SUBJECT),
    }));
    for (at, part) in bill.parts.iter().enumerate() {
        let from = id(at, part);
        all.extend(part.needs.iter().filter_map(name).map(|(other, _)| relation(&from, "DEPENDS_ON", &other)));
    }
    all
}

/// SPDX knows the day and the second.
fn seconds(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Licenses that SPDX has no word for, each with the reference that the document gives it.
struct Names<'a>(BTreeMap<&'a str, String>);

impl<'a> Names<'a> {
    fn of(bill: &'a Bill) -> Self {
        let all = bill.parts.iter().flat_map(|part| &part.licenses);
        let names =
            all.filter_map(|text| if let Said::Name(name) = said(text) { Some((name, String::new())) } else { None });
        let mut names: BTreeMap<&str, String> = names.collect();
        for (at, reference) in names.values_mut().enumerate() {
            *reference = format!("LicenseRef-scanall-{}", at + 1);
        }
        Self(names)
    }

    /// One expression for licenses that all hold.
    fn declared(&self, licenses: &[String]) -> String {
        let word = |text: &String| match said(text) {
            Said::Id(id) => id.to_owned(),
            Said::Expression(expression) if licenses.len() == 1 => expression.to_owned(),
            Said::Expression(expression) => format!("({expression})"),
            Said::Name(name) => self.0.get(name).cloned().unwrap_or_else(|| NOBODY_SAYS.to_owned()),
        };
        match licenses {
            [] => NOBODY_SAYS.to_owned(),
            licenses => licenses.iter().map(word).collect::<Vec<_>>().join(" AND "),
        }
    }

    fn extracted(&self) -> Vec<Extracted<'a>> {
        let one = |(name, reference): (&&'a str, &String)| Extracted {
            license_id: reference.clone(),
            extracted_text: format!("A license that its package calls: {name}"),
            name,
        };
        self.0.iter().map(one).collect()
    }
}
