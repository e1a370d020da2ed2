//! Trivy's JSON: vulnerabilities, misconfigurations, secrets and licenses.
//!
//! `SchemaVersion` 2, as the documentation describes it
//! (<https://trivy.dev/docs/latest/configuration/reporting/>), the list of results that versions before 0.20 wrote, and
//! the `Resources` of `trivy k8s`.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use crate::finding::{Basis, Confidence, Kind};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient::{self, borrowed};
use crate::ingest::make::{Check, Leak, Licensed, Vulnerable};
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::place::image;
use crate::ingest::rate::{Scored, rate};
use crate::text;

/// Trivy's JSON.
pub static FORMAT: Format = Format {
    id: "trivy",
    name: "Trivy JSON",
    tool: "trivy",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["SchemaVersion", "ArtifactName"],
            &["Results[].Target", "Results[].Class"],
            &["Target", "Vulnerabilities"],
            &["Target", "Misconfigurations"],
            &["Target", "Secrets"],
            &["ClusterName", "Resources"],
            &["Target", "Type", "Class"],
            &["ClusterName", "Findings"],
        ],
        records: &[
            "Results[].Vulnerabilities[]",
            "Results[].Misconfigurations[]",
            "Results[].Secrets[]",
            "Results[].Licenses[]",
            "Vulnerabilities[]",
            "Misconfigurations[]",
            "Secrets[]",
            "Licenses[]",
            "Resources[].Results[].Vulnerabilities[]",
            "Resources[].Results[].Misconfigurations[]",
            "Resources[].Results[].Secrets[]",
        ],
        reader: || Box::<Trivy>::default(),
    },
};

/// What the classes of results are about.
const CLASSES: [(&str, Kind); 6] = [
    ("os-pkgs", Kind::Advisory),
    ("lang-pkgs", Kind::Advisory),
    ("config", Kind::Config),
    ("secret", Kind::Secret),
    ("license", Kind::License),
    ("license-file", Kind::License),
];

/// What is around the records: the artifact, then each result.
#[derive(Default)]
struct Trivy {
    /// What paths stand under: empty for files, `image/<name>` for a container image.
    image: String,
    target: String,
    class: String,
    ecosystem: String,
    /// First lines of packages in the lockfile, by `name@version`.
    lines: HashMap<String, u32>,
}

impl Reader for Trivy {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        if around.path.is_empty() {
            let kind = around.text("ArtifactType");
            self.image = match kind.as_str() {
                "container_image" | "vm" => image(&around.text("ArtifactName")),
                _ => String::new(),
            };
        }
        if around.path.ends_with("Resources[]") {
            let name = [around.text("Namespace"), around.text("Kind"), around.text("Name")];
            let parts: Vec<&str> = name.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            self.image = format!("cluster/{}", parts.join("/"));
        }
        if around.keys().any(|key| key == "Target") {
            self.target = around.text("Target");
            self.class = around.text("Class");
            self.ecosystem = around.text("Type");
            CLASSES.iter().filter(|(class, _)| *class == self.class).for_each(|(_, kind)| out.covers(*kind));
            let packages: Vec<PackageEntry> = around.get("Packages").unwrap_or_default();
            self.lines = packages
                .into_iter()
                .filter_map(|p| Some((format!("{}@{}", p.name, p.version), p.locations?.first()?.start_line)))
                .collect();
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match record.pattern.rsplit('.').next().unwrap_or_default() {
            "Vulnerabilities[]" => self.vulnerable(&record.parse()?, out),
            "Misconfigurations[]" => self.misconfigured(&record.parse()?, out),
            "Secrets[]" => self.leaked(&record.parse()?, out),
            _ => self.licensed(&record.parse()?, out),
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PackageEntry {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    locations: Option<Vec<PackageLocation>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PackageLocation {
    #[serde(default)]
    start_line: u32,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(rename = "VulnerabilityID", borrow)]
    id: Cow<'a, str>,
    #[serde(default, rename = "VendorIDs", deserialize_with = "lenient::texts")]
    vendor_ids: Vec<String>,
    #[serde(default, rename = "PkgName", borrow, deserialize_with = "borrowed")]
    package: Cow<'a, str>,
    #[serde(default, rename = "PkgPath", borrow, deserialize_with = "borrowed")]
    path: Cow<'a, str>,
    #[serde(default, rename = "InstalledVersion", borrow, deserialize_with = "borrowed")]
    installed: Cow<'a, str>,
    #[serde(default, rename = "FixedVersion", borrow, deserialize_with = "borrowed")]
    fixed: Cow<'a, str>,
    #[serde(default, rename = "Severity", borrow, deserialize_with = "borrowed")]
    severity: Cow<'a, str>,
    #[serde(default, rename = "SeveritySource", borrow, deserialize_with = "borrowed")]
    severity_source: Cow<'a, str>,
    #[serde(default, rename = "Title", borrow, deserialize_with = "borrowed")]
    title: Cow<'a, str>,
    #[serde(default, rename = "Description", borrow, deserialize_with = "borrowed")]
    description: Cow<'a, str>,
    #[serde(default, rename = "PrimaryURL", borrow, deserialize_with = "borrowed")]
    url: Cow<'a, str>,
    #[serde(default, rename = "CweIDs")]
    cwe: Option<Vec<Cow<'a, str>>>,
    #[serde(default, rename = "PkgIdentifier")]
    identifier: Option<Identifier<'a>>,
    #[serde(default, rename = "CVSS", deserialize_with = "lenient::maybe")]
    cvss: Option<HashMap<String, Cvss>>,
}

#[derive(Deserialize)]
struct Identifier<'a> {
    #[serde(default, rename = "PURL", borrow, deserialize_with = "borrowed")]
    purl: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cvss {
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
    fn newest(&self) -> (Option<f64>, &str) {
        let all =
            [(self.v40_score, &self.v40_vector), (self.v3_score, &self.v3_vector), (self.v2_score, &self.v2_vector)];
        let told = all.into_iter().find(|(score, vector)| score.is_some() || !vector.is_empty());
        told.map_or((None, ""), |(score, vector)| (score, vector))
    }
}

#[derive(Deserialize)]
struct Misconfiguration {
    #[serde(default, rename = "ID", deserialize_with = "lenient::text")]
    id: String,
    #[serde(default, rename = "AVDID", deserialize_with = "lenient::text")]
    avd_id: String,
    #[serde(default, rename = "Title", deserialize_with = "lenient::text")]
    title: String,
    #[serde(default, rename = "Description", deserialize_with = "lenient::text")]
    description: String,
    #[serde(default, rename = "Message", deserialize_with = "lenient::text")]
    message: String,
    #[serde(default, rename = "Resolution", deserialize_with = "lenient::text")]
    resolution: String,
    #[serde(default, rename = "PrimaryURL", deserialize_with = "lenient::text")]
    url: String,
    #[serde(default, rename = "Severity", deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default, rename = "Status", deserialize_with = "lenient::text")]
    status: String,
    #[serde(default, rename = "CauseMetadata", deserialize_with = "lenient::maybe")]
    cause: Option<Cause>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Cause {
    resource: Option<String>,
    start_line: u32,
    end_line: u32,
    code: Option<Code>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Code {
    lines: Option<Vec<CodeLine>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CodeLine {
    content: String,
    is_cause: bool,
}

#[derive(Deserialize)]
struct Secret {
    #[serde(default, rename = "RuleID", deserialize_with = "lenient::text")]
    rule: String,
    #[serde(default, rename = "Title", deserialize_with = "lenient::text")]
    title: String,
    #[serde(default, rename = "Severity", deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default, rename = "StartLine", deserialize_with = "lenient::number")]
    start_line: u32,
    #[serde(default, rename = "EndLine", deserialize_with = "lenient::number")]
    end_line: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct License {
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::text")]
    category: String,
    #[serde(deserialize_with = "lenient::text")]
    pkg_name: String,
    #[serde(deserialize_with = "lenient::text")]
    file_path: String,
    #[serde(deserialize_with = "lenient::text")]
    name: String,
}

impl Trivy {
    /// The path of a file that the report names, or of the target itself.
    fn path(&self, name: &str) -> String {
        match (self.image.as_str(), name) {
            (image, "") if self.class == "os-pkgs" => joined(image, "os-packages"),
            (image, "") if image.is_empty() && self.target.is_empty() => "packages".to_owned(),
            (image, "") if self.target.contains(" (") => {
                joined(image, self.target.split(" (").next().unwrap_or_default())
            }
            (image, "") => joined(image, &self.target),
            (image, name) => joined(image, name),
        }
    }

    fn vulnerable(&self, found: &Vulnerability<'_>, out: &mut Out) {
        let purl = found.identifier.as_ref().map_or("", |identifier| &identifier.purl);
        let mut package = package(purl, &self.ecosystem, &found.package, &found.installed);
        package.fixed = found.fixed.split(',').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect();
        let scores: Vec<(&str, Option<f64>, &str)> =
            found.cvss.iter().flatten().map(|(by, cvss)| (by.as_str(), cvss.newest().0, cvss.newest().1)).collect();
        let scores: Vec<Scored<'_>> =
            scores.into_iter().map(|(by, score, vector)| Scored { by, score, vector }).collect();
        let (severity, mut rating) = rate(out.map, &found.severity, &scores);
        if rating.basis == Basis::Stated && !found.severity_source.is_empty() {
            rating.by = format!("trivy ({})", text::printable(&found.severity_source));
        }
        let line = self.lines.get(&format!("{}@{}", found.package, found.installed)).copied().unwrap_or(0);
        let line = if found.path.is_empty() { line } else { 0 };
        let finding = Vulnerable {
            id: &found.id,
            aliases: found.vendor_ids.clone(),
            title: &found.title,
            description: &found.description,
            url: &found.url,
            cwe: lenient::weaknesses(found.cwe.iter().flatten()),
            package,
            severity: (severity, rating),
            location: out.lines(&self.path(&found.path), line, line),
        }
        .finding(out);
        out.finding(finding);
    }

    fn misconfigured(&self, found: &Misconfiguration, out: &mut Out) {
        if matches!(found.status.as_str(), "PASS" | "EXCEPTION") {
            return;
        }
        let cause = found.cause.as_ref();
        let lines = cause.and_then(|cause| cause.code.as_ref()?.lines.as_ref());
        let line = lines.into_iter().flatten().find(|line| line.is_cause).map(|line| line.content.as_str());
        let (start, end) = cause.map_or((0, 0), |cause| (cause.start_line, cause.end_line));
        let finding = Check {
            kind: Kind::Config,
            id: if found.avd_id.is_empty() { &found.id } else { &found.avd_id },
            title: &found.title,
            message: &found.message,
            description: &found.description,
            help: &found.resolution,
            url: &found.url,
            cwe: Vec::new(),
            severity: out.severity(&found.severity),
            confidence: Confidence::High,
            location: out.lines(&self.path(""), start, end),
            excerpt: line,
            resource: cause.and_then(|cause| cause.resource.as_deref()).unwrap_or_default(),
        }
        .finding(out);
        out.finding(finding);
    }

    /// Trivy masks the secret in its report, so the finding has neither value nor excerpt.
    fn leaked(&self, found: &Secret, out: &mut Out) {
        let finding = Leak {
            id: &found.rule,
            title: &found.title,
            description: "",
            severity: out.severity(&found.severity),
            confidence: Confidence::Medium,
            location: out.lines(&self.path(""), found.start_line, found.end_line),
            value: "",
            commit: ("", ""),
        }
        .finding(out);
        out.finding(finding);
    }

    fn licensed(&self, found: &License, out: &mut Out) {
        let named = !found.pkg_name.is_empty();
        let finding = Licensed {
            license: &found.name,
            why: &if found.category.is_empty() { String::new() } else { format!("category {}", found.category) },
            package: named.then(|| package("", &self.ecosystem, &found.pkg_name, "")),
            severity: out.severity(&found.severity),
            location: out.lines(&self.path(&found.file_path), 0, 0),
        }
        .finding(out);
        out.finding(finding);
    }
}

fn joined(image: &str, path: &str) -> String {
    if image.is_empty() { path.to_owned() } else { format!("{image}/{}", path.trim_start_matches('/')) }
}
