//! OWASP Dependency-Check's JSON: vulnerable libraries.
//!
//! `dependency-check --format JSON`, report schemas 1.0 and 1.1
//! (<https://dependency-check.github.io/DependencyCheck/>). What a suppression file takes out stands in
//! `suppressedVulnerabilities`, which is not read.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::ingest::scanned::Scanned;

/// Dependency-Check's JSON.
pub static FORMAT: Format = Format {
    id: "dependency-check",
    name: "Dependency-Check JSON",
    tool: "dependency-check",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["reportSchema", "dependencies"],
            &["scanInfo", "dependencies"],
            &["projectInfo", "dependencies"],
            &["dependencies[].evidenceCollected"],
        ],
        records: &["dependencies[]"],
        reader: || Box::new(DependencyCheck),
    },
};

struct DependencyCheck;

impl Reader for DependencyCheck {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        let info: Info = around.get("scanInfo").unwrap_or_default();
        let failed = info.analysis_exceptions.len();
        if failed > 0 {
            out.gap(format!("dependency-check could not analyze everything: {}", crate::text::count(failed, "error")));
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let dependency: Dependency = record.parse()?;
        for vulnerability in &dependency.vulnerabilities {
            vulnerable(&dependency, vulnerability, out);
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
struct Info {
    #[serde(default, rename = "analysisExceptions", deserialize_with = "lenient::list")]
    analysis_exceptions: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Dependency {
    #[serde(default, rename = "fileName", deserialize_with = "lenient::text")]
    file_name: String,
    #[serde(default, rename = "filePath", deserialize_with = "lenient::text")]
    file_path: String,
    #[serde(default, deserialize_with = "lenient::list")]
    packages: Vec<Identifier>,
    #[serde(default, deserialize_with = "lenient::list")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(default, deserialize_with = "lenient::text")]
    id: String,
}

#[derive(Deserialize)]
struct Vulnerability {
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    source: String,
    #[serde(default, deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default, deserialize_with = "lenient::text")]
    description: String,
    #[serde(default, deserialize_with = "lenient::texts")]
    cwes: Vec<String>,
    /// Schema 1.0.
    #[serde(default, deserialize_with = "lenient::text")]
    cwe: String,
    #[serde(default, deserialize_with = "lenient::maybe")]
    cvssv2: Option<Cvss>,
    #[serde(default, deserialize_with = "lenient::maybe")]
    cvssv3: Option<Cvss>,
    #[serde(default, deserialize_with = "lenient::maybe")]
    cvssv4: Option<Cvss>,
    #[serde(default, rename = "cvssScore", deserialize_with = "lenient::score")]
    score: Option<f64>,
    #[serde(default, deserialize_with = "lenient::list")]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
struct Cvss {
    #[serde(default, rename = "baseScore", deserialize_with = "lenient::score")]
    base: Option<f64>,
    /// What version 2 of the standard is told by.
    #[serde(default, deserialize_with = "lenient::score")]
    score: Option<f64>,
    #[serde(default, rename = "vectorString", deserialize_with = "lenient::text")]
    vector: String,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default, deserialize_with = "lenient::text")]
    url: String,
}

/// The package of a library: by its package URL, else by the name of its file, which may be `name:version`.
fn package_of(dependency: &Dependency) -> crate::finding::Package {
    let purl = dependency.packages.iter().map(|package| package.id.as_str()).find(|id| id.starts_with("pkg:"));
    let purl = purl.unwrap_or_default();
    let bare = purl.split(['?', '#']).next().unwrap_or_default();
    let (name, version) = match bare.rsplit_once('@') {
        Some((before, version)) if !before.ends_with('/') => (before, version),
        _ => dependency.file_name.rsplit_once(':').unwrap_or((&dependency.file_name, "")),
    };
    // Behind the type, a namespace and the name: as the ecosystem writes them together.
    let name = match name.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) {
        Some(("maven", rest)) => rest.replacen('/', ":", 1),
        Some((_, rest)) => rest.replace("%40", "@"),
        None => name.to_owned(),
    };
    package(purl, "", &name, version)
}

fn vulnerable(dependency: &Dependency, found: &Vulnerability, out: &mut Out) {
    let scores = [&found.cvssv4, &found.cvssv3, &found.cvssv2].into_iter().flatten();
    let scores = scores.map(|cvss| Scored { by: &found.source, score: cvss.base.or(cvss.score), vector: &cvss.vector });
    let scores: Vec<Scored<'_>> =
        scores.chain([Scored { by: &found.source, score: found.score, vector: "" }]).collect();
    // What is inside of a lockfile or an archive stands behind its path.
    let file = dependency.file_path.split(['?', '#']).next().unwrap_or_default();
    let file = file.split(": ").next().unwrap_or_default();
    let url = match found.name.starts_with("CVE-") {
        true => format!("https://nvd.nist.gov/vuln/detail/{}", found.name),
        false => found.references.first().map(|reference| reference.url.clone()).unwrap_or_default(),
    };
    let mut finding = Vulnerable {
        id: &found.name,
        aliases: Vec::new(),
        title: "",
        description: &found.description,
        url: &url,
        cwe: lenient::weaknesses(found.cwes.iter().chain([&found.cwe])),
        package: package_of(dependency),
        severity: rate(out.map, &found.severity, &scores),
        location: Scanned::Unknown.location(out, file),
    }
    .finding(out);
    // It goes by names and versions in files, which may be those of another library.
    finding.confidence = Confidence::Medium;
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn libraries_of_both_schemas() {
        let said = read(
            r#"{"reportSchema":"1.1","scanInfo":{"engineVersion":"9.0.0","analysisExceptions":[{"exception":{}}]},
            "projectInfo":{"name":"shop"},"dependencies":[
             {"isVirtual":false,"fileName":"shelf-1.2.jar","filePath":"lib/shelf-1.2.jar",
              "packages":[{"id":"pkg:maven/org.example/shelf@1.2","confidence":"HIGH"}],
              "vulnerabilities":[{"source":"NVD","name":"CVE-2021-1","severity":"CRITICAL","cwes":["CWE-79"],
                "description":"Shelf before 1.3 trusts its books.","cvssv3":{"baseScore":9.8}}],
              "suppressedVulnerabilities":[{"name":"CVE-2000-1"}]},
             {"isVirtual":true,"fileName":"card:2.0","filePath":"/src/package-lock.json?card",
              "vulnerabilities":[{"source":"NPM","name":"1234","severity":"moderate","references":[{"url":"https://example.com"}]},
               {"name":"CVE-2021-2","cvssScore":"9.1","cwe":"CWE-20 Improper"},{}]},
             {"fileName":"fine.jar","filePath":"lib/fine.jar"}]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/CVE-2021-1 critical lib/shelf-1.2.jar pkg:maven/org.example/shelf@1.2: \
                 org.example:shelf 1.2 is vulnerable: Shelf before 1.3 trusts its books",
                "advisory/1234 medium package-lock.json pkg:generic/card@2.0: card 2.0 is vulnerable: 1234",
                "advisory/CVE-2021-2 critical package-lock.json pkg:generic/card@2.0: \
                 card 2.0 is vulnerable: CVE-2021-2",
            ]
        );
        assert_eq!(said.findings[2].rule.cwe, [20]);
        assert_eq!(said.gaps.len(), 1, "{:?}", said.gaps);
    }

    #[test]
    fn nothing_is_vulnerable() {
        let said = read(r#"{"reportSchema":"1.1","scanInfo":{},"projectInfo":{},"dependencies":[]}"#);
        assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1));
    }
}
