//! Grype's JSON: vulnerable packages of folders, container images and bills of materials.
//!
//! `grype -o json`, as <https://oss.anchore.com/docs/guides/vulnerability/interpreting-results/> and the fields of its
//! output describe it: `matches` in an object, and the bare list of matches of the first versions. What its own rules
//! ignore stands in `ignoredMatches`, which is not read.

use serde::Deserialize;

use super::anchore::{self, Place};
use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::ingest::scanned::Scanned;

/// Grype's JSON.
pub static FORMAT: Format = Format {
    id: "grype",
    name: "Grype JSON",
    tool: "grype",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["matches[].vulnerability", "matches[].artifact"],
            &["matches", "descriptor.name=\"grype\""],
            &["matches", "source", "distro"],
        ],
        records: &["matches[]"],
        reader: || Box::<Grype>::default(),
    },
};

/// The bare list of matches that the first versions wrote.
pub static MATCHES: Format = Format {
    syntax: Syntax::Json {
        marks: &[&["vulnerability.id", "artifact.name"]],
        records: &[""],
        reader: || Box::<Grype>::default(),
    },
    ..FORMAT
};

#[derive(Default)]
struct Grype {
    scanned: Scanned,
}

impl Reader for Grype {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        self.scanned = anchore::scanned(around);
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Match = record.parse()?;
        self.matched(&found, out);
        Ok(())
    }
}

#[derive(Deserialize)]
struct Match {
    vulnerability: Vulnerability,
    artifact: Artifact,
    #[serde(default, rename = "relatedVulnerabilities", deserialize_with = "lenient::list")]
    related: Vec<Vulnerability>,
    #[serde(default, rename = "matchDetails", deserialize_with = "lenient::list")]
    details: Vec<Detail>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: String,
    #[serde(default, rename = "dataSource", deserialize_with = "lenient::text")]
    source: String,
    #[serde(default, deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default, deserialize_with = "lenient::text")]
    description: String,
    #[serde(default, alias = "links", deserialize_with = "lenient::texts")]
    urls: Vec<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    cvss: Vec<Cvss>,
    #[serde(default, rename = "cvssV2", alias = "cvss-v2", deserialize_with = "lenient::maybe")]
    v2: Option<Cvss>,
    #[serde(default, rename = "cvssV3", alias = "cvss-v3", deserialize_with = "lenient::maybe")]
    v3: Option<Cvss>,
    #[serde(default, deserialize_with = "lenient::list")]
    cwes: Vec<Weakness>,
    #[serde(default, deserialize_with = "lenient::maybe")]
    fix: Option<Fix>,
    /// Versions before 0.13.
    #[serde(default, rename = "fixedInVersion", alias = "fixed-in-version", deserialize_with = "lenient::text")]
    fixed_in: String,
}

impl Vulnerability {
    fn scores(&self) -> impl Iterator<Item = Scored<'_>> {
        self.cvss.iter().chain(&self.v3).chain(&self.v2).map(|cvss| {
            let metrics = cvss.metrics.as_ref().and_then(|metrics| metrics.base);
            Scored { by: &cvss.source, score: metrics.or(cvss.base), vector: &cvss.vector }
        })
    }
}

#[derive(Deserialize)]
struct Cvss {
    #[serde(default, deserialize_with = "lenient::text")]
    source: String,
    #[serde(default, deserialize_with = "lenient::text")]
    vector: String,
    #[serde(default, deserialize_with = "lenient::maybe")]
    metrics: Option<Metrics>,
    #[serde(default, rename = "baseScore", alias = "base-score", deserialize_with = "lenient::score")]
    base: Option<f64>,
}

#[derive(Deserialize)]
struct Metrics {
    #[serde(default, rename = "baseScore", deserialize_with = "lenient::score")]
    base: Option<f64>,
}

#[derive(Deserialize)]
struct Weakness {
    #[serde(default, deserialize_with = "lenient::text")]
    cwe: String,
}

#[derive(Deserialize)]
struct Fix {
    #[serde(default, deserialize_with = "lenient::texts")]
    versions: Vec<String>,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(default, rename = "type", alias = "matchType", deserialize_with = "lenient::text")]
    kind: String,
}

#[derive(Deserialize)]
struct Artifact {
    #[serde(default, deserialize_with = "lenient::text")]
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::text")]
    purl: String,
    #[serde(default, deserialize_with = "anchore::places")]
    locations: Vec<Place>,
}

impl Grype {
    fn matched(&self, found: &Match, out: &mut Out) {
        let Match { vulnerability, artifact, related, details } = found;
        let mut package = package(&artifact.purl, &artifact.kind, &artifact.name, &artifact.version);
        package.fixed = vulnerability.fix.as_ref().map(|fix| fix.versions.clone()).unwrap_or_default();
        if package.fixed.is_empty() && !vulnerability.fixed_in.is_empty() {
            package.fixed.push(vulnerability.fixed_in.clone());
        }
        let scores: Vec<Scored<'_>> =
            vulnerability.scores().chain(related.iter().flat_map(Vulnerability::scores)).collect();
        let words = std::iter::once(vulnerability).chain(related).map(|v| v.severity.as_str());
        let word = words.into_iter().find(|word| out.severity(word).1.is_substantiated()).unwrap_or_default();
        // What only a name and a version tell is less sure than what a package manager does.
        let is_guess = !details.is_empty() && details.iter().all(|detail| detail.kind.starts_with("cpe"));
        let described = std::iter::once(vulnerability).chain(related).map(|v| v.description.as_str());
        let url =
            if vulnerability.source.is_empty() { vulnerability.urls.first() } else { Some(&vulnerability.source) };
        let cwes = std::iter::once(vulnerability).chain(related).flat_map(|v| &v.cwes).map(|weakness| &weakness.cwe);
        let mut finding = Vulnerable {
            id: &vulnerability.id,
            aliases: aliases(related),
            title: "",
            description: described.into_iter().find(|text| !text.is_empty()).unwrap_or_default(),
            url: url.map(String::as_str).unwrap_or_default(),
            cwe: lenient::weaknesses(cwes),
            package,
            severity: rate(out.map, word, &scores),
            location: self.scanned.location(out, anchore::file(&artifact.locations)),
        }
        .finding(out);
        if is_guess {
            finding.confidence = Confidence::Medium;
        }
        out.finding(finding);
    }
}

/// The advisory of a distribution may be about several vulnerabilities: then none of them is another name of it.
fn aliases(related: &[Vulnerability]) -> Vec<String> {
    let mut ids: Vec<String> = related.iter().map(|vulnerability| vulnerability.id.clone()).collect();
    ids.sort();
    ids.dedup();
    if ids.iter().filter(|id| id.starts_with("CVE-")).count() > 1 { Vec::new() } else { ids }
}

#[cfg(test)]
mod tests {
    use crate::finding::{Confidence, Severity};
    use crate::ingest::testing::{lines, read};

    #[test]
    fn the_object_of_today() {
        let said = read(
            r#"{"matches":[
            {"vulnerability":{"id":"GHSA-aaaa-bbbb-cccc","dataSource":"https://example.com/GHSA","severity":"High",
               "description":"Prototype pollution in shelf","cvss":[{"version":"3.1","vector":"CVSS:3.1/AV:N","metrics":{"baseScore":9.8}}],
               "cwes":[{"cve":"CVE-2021-1","cwe":"CWE-1321"}],"fix":{"versions":["4.17.21"],"state":"fixed"},"risk":1.5},
             "relatedVulnerabilities":[{"id":"CVE-2021-1","severity":"Critical","cvss":[]}],
             "matchDetails":[{"type":"exact-direct-match","matcher":"javascript-matcher"}],
             "artifact":{"name":"shelf","version":"4.17.15","type":"npm","purl":"pkg:npm/shelf@4.17.15",
               "locations":[{"path":"/b.json"},{"path":"/package-lock.json","annotations":{"evidence":"primary"}}]}},
            {"vulnerability":{"id":"CVE-2022-2","severity":"Unknown"},
             "relatedVulnerabilities":[{"id":"CVE-2022-2","cvss":[{"vector":"","metrics":{"baseScore":4.3}}]}],
             "matchDetails":[{"type":"cpe-match"}],
             "artifact":{"name":"tool","version":"1","type":"binary","locations":null}}],
            "ignoredMatches":[{"vulnerability":{"id":"CVE-2000-1"},"artifact":{"name":"x"}}],
            "source":{"type":"directory","target":"shop"},"distro":{"name":""},
            "descriptor":{"name":"grype","version":"0.104.0"}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/GHSA-aaaa-bbbb-cccc high shop/package-lock.json pkg:npm/shelf@4.17.15: \
                 shelf 4.17.15 is vulnerable: Prototype pollution in shelf",
                "advisory/CVE-2022-2 medium packages pkg:generic/tool@1: tool 1 is vulnerable: CVE-2022-2",
            ]
        );
        assert!(said.gaps.is_empty(), "{:?}", said.gaps);
        let package = said.findings[0].package.as_ref().unwrap();
        assert_eq!((package.fixed[0].as_str(), package.aliases[0].as_str()), ("4.17.21", "CVE-2021-1"));
        assert_eq!(said.findings[0].rule.cwe, [1321]);
        assert_eq!(said.findings[1].confidence, Confidence::Medium);
    }

    #[test]
    fn the_lists_and_keys_of_long_ago() {
        let said = read(
            r#"[{"vulnerability":{"id":"CVE-2019-1","severity":"Negligible","links":["https://example.com/1"],
                "cvssV3":{"baseScore":9.1,"vector":""},"fixedInVersion":"2.0"},
              "matchDetails":{"matcher":"apk-matcher"},
              "artifact":{"name":"musl","version":"1.1","type":"apk","locations":["/lib/apk/db/installed"]}}]"#,
        );
        let found = &said.findings[0];
        assert_eq!((found.severity, found.rule.url.as_deref()), (Severity::Info, Some("https://example.com/1")));
        assert_eq!(found.location.to_string(), "lib/apk/db/installed");
        assert_eq!(found.package.as_ref().unwrap().fixed, ["2.0"]);
    }

    #[test]
    fn images_and_advisories_of_many_vulnerabilities() {
        let said = read(
            r#"{"matches":[{"vulnerability":{"id":"ALAS-2021-1","severity":"Important"},
              "relatedVulnerabilities":[{"id":"CVE-2021-2"},{"id":"CVE-2021-3"}],
              "artifact":{"name":"curl","version":7,"type":"rpm","locations":[{"path":"/var/lib/rpm/Packages"}]}}],
            "source":{"type":"image","target":{"userInput":"registry.example:5000/shop:1.2"}}}"#,
        );
        let found = &said.findings[0];
        assert!(found.package.as_ref().unwrap().aliases.is_empty());
        assert_eq!(found.location.to_string(), "image/registry.example/shop/var/lib/rpm/Packages");
        assert_eq!(found.severity, Severity::High);
    }

    #[test]
    fn clean_and_odd() {
        for clean in [
            r#"{"matches":[],"source":{"type":"directory","target":"."},"distro":{},"descriptor":{"name":"grype"}}"#,
            r#"{"matches":null,"descriptor":{"name":"grype"}}"#,
        ] {
            let said = read(clean);
            assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{clean}");
        }
        let odd = read(
            r#"{"matches":[{"vulnerability":{"id":"CVE-2021-1","severity":null,"cvss":{},"fix":"no","urls":7},
              "artifact":{"name":"a","version":null,"locations":[7,{}]},"relatedVulnerabilities":null},
              {"vulnerability":{},"artifact":{}}],"source":null,"descriptor":{"name":"grype"}}"#,
        );
        assert_eq!((odd.findings.len(), odd.gaps.len()), (1, 1));
        assert_eq!(odd.findings[0].severity, Severity::Medium);
    }
}
