//! Trivy's JSON: vulnerabilities, misconfigurations, secrets and licenses.
//!
//! `SchemaVersion` 2, as the documentation describes it
//! (<https://trivy.dev/docs/latest/configuration/reporting/>), the list of results that versions before 0.20 wrote, and
//! the `Resources` of `trivy k8s`.

mod record;

use std::collections::HashMap;

use crate::finding::{Basis, Confidence, Kind};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak, Licensed, Vulnerable};
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::place::image;
use crate::ingest::rate::{Scored, rate};
use crate::text;
use record::{License, Misconfiguration, PackageEntry, Secret, Vulnerability};

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
