//! Dependabot alerts as GitHub's API tells them: vulnerable packages of a repository.
//!
//! REST (`GET /repos/{owner}/{repo}/dependabot/alerts`,
//! <https://docs.github.com/en/rest/dependabot/alerts>) and GraphQL (`repository.vulnerabilityAlerts`,
//! <https://docs.github.com/en/graphql/reference/objects#repositoryvulnerabilityalert>). Alerts that are dismissed or
//! fixed do not count.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::Kind;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::ingest::scanned::Scanned;

/// Dependabot alerts.
pub static FORMAT: Format = Format {
    id: "dependabot",
    name: "Dependabot alerts",
    tool: "dependabot",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[&["security_advisory", "security_vulnerability"], &["security_advisory", "dependency"]],
        records: &[""],
        reader: || Box::new(Dependabot),
    },
};

/// Dependabot alerts of the GraphQL API.
pub static GRAPHQL: Format = Format {
    syntax: Syntax::Json {
        marks: &[
            &["data.repository.vulnerabilityAlerts"],
            &["repository.vulnerabilityAlerts"],
            &["vulnerabilityAlerts"],
        ],
        records: &[
            "data.repository.vulnerabilityAlerts.nodes[]",
            "data.repository.vulnerabilityAlerts.edges[].node",
            "repository.vulnerabilityAlerts.nodes[]",
            "vulnerabilityAlerts.nodes[]",
        ],
        reader: || Box::new(Dependabot),
    },
    ..FORMAT
};

struct Dependabot;

impl Reader for Dependabot {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let alert: Alert = record.parse()?;
        alert.told(out);
        Ok(())
    }
}

/// An alert; the GraphQL API writes the same in other letters.
#[derive(Deserialize)]
struct Alert {
    #[serde(default, deserialize_with = "lenient::text")]
    state: String,
    #[serde(default, alias = "dismissedAt", deserialize_with = "lenient::text")]
    dismissed_at: String,
    #[serde(default, alias = "fixedAt", deserialize_with = "lenient::text")]
    fixed_at: String,
    #[serde(default)]
    dependency: Value,
    #[serde(default, rename = "vulnerableManifestPath", deserialize_with = "lenient::text")]
    manifest: String,
    #[serde(default, alias = "securityAdvisory", deserialize_with = "lenient::maybe")]
    security_advisory: Option<Advisory>,
    #[serde(alias = "securityVulnerability")]
    security_vulnerability: Vulnerability,
    #[serde(default, deserialize_with = "lenient::text")]
    html_url: String,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default)]
    package: Value,
    #[serde(default, deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default, alias = "firstPatchedVersion")]
    first_patched_version: Value,
    #[serde(default, deserialize_with = "lenient::maybe")]
    advisory: Option<Advisory>,
}

#[derive(Deserialize)]
struct Advisory {
    #[serde(default, alias = "ghsaId", deserialize_with = "lenient::text")]
    ghsa_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    cve_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    summary: String,
    #[serde(default, deserialize_with = "lenient::text")]
    description: String,
    #[serde(default, deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default)]
    cvss: Value,
    #[serde(default)]
    cwes: Value,
    #[serde(default, deserialize_with = "lenient::list")]
    identifiers: Vec<Identifier>,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(default, deserialize_with = "lenient::text")]
    value: String,
}

impl Alert {
    fn told(&self, out: &mut Out) {
        let is_open = match self.state.to_ascii_lowercase().as_str() {
            "" => self.dismissed_at.is_empty() && self.fixed_at.is_empty(),
            state => state == "open",
        };
        let Some(advisory) = self.security_advisory.as_ref().or(self.security_vulnerability.advisory.as_ref()) else {
            return out.gap("an alert of Dependabot has no advisory");
        };
        if !is_open {
            return;
        }
        let text =
            |value: &Value, path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let vulnerability = &self.security_vulnerability;
        let (ecosystem, name) = (text(&vulnerability.package, "/ecosystem"), text(&vulnerability.package, "/name"));
        let mut package = package("", &ecosystem, &name, "");
        package.fixed = [text(&vulnerability.first_patched_version, "/identifier")].into();
        package.fixed.retain(|version| !version.is_empty());
        let word = if vulnerability.severity.is_empty() { &advisory.severity } else { &vulnerability.severity };
        let vector = [text(&advisory.cvss, "/vector_string"), text(&advisory.cvss, "/vectorString")].concat();
        let score = Scored { by: "GitHub", score: advisory.cvss.get("score").and_then(Value::as_f64), vector: &vector };
        let manifest = text(&self.dependency, "/manifest_path");
        let manifest = if manifest.is_empty() { &self.manifest } else { &manifest };
        let page = format!("https://github.com/advisories/{}", advisory.ghsa_id);
        let ids = advisory.identifiers.iter().map(|identifier| identifier.value.clone());
        let finding = Vulnerable {
            id: &advisory.ghsa_id,
            aliases: ids.chain([advisory.cve_id.clone()]).collect(),
            title: &advisory.summary,
            description: &advisory.description,
            url: if advisory.ghsa_id.is_empty() { &self.html_url } else { &page },
            cwe: weaknesses(&advisory.cwes),
            package,
            severity: rate(out.map, word, &[score]),
            location: Scanned::Unknown.location(out, manifest),
        }
        .finding(out);
        out.finding(finding);
    }
}

/// The weaknesses of a list of objects (REST), or of its `nodes` (GraphQL).
fn weaknesses(cwes: &Value) -> Vec<u32> {
    let list = cwes.as_array().or_else(|| cwes.get("nodes")?.as_array());
    let ids = list.into_iter().flatten().filter_map(|cwe| cwe.get("cwe_id").or_else(|| cwe.get("cweId"))?.as_str());
    lenient::weaknesses(ids)
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    const LINE: &str = "advisory/GHSA-aaaa-bbbb-cccc high web/yarn.lock pkg:npm/shelf: shelf is vulnerable: Pollution";

    #[test]
    fn alerts_of_the_rest_api() {
        let alert = |state: &str| {
            format!(
                r#"{{"number":1,"state":"{state}","dependency":{{"package":{{"ecosystem":"npm","name":"shelf"}},
                "manifest_path":"web/yarn.lock","scope":"runtime"}},"security_advisory":{{"ghsa_id":"GHSA-aaaa-bbbb-cccc",
                "cve_id":"CVE-2021-1","summary":"Pollution","severity":"high","cvss":{{"vector_string":null,"score":0}},
                "cwes":[{{"cwe_id":"CWE-1321"}}],"identifiers":[{{"type":"CVE","value":"CVE-2021-1"}}]}},
                "security_vulnerability":{{"package":{{"ecosystem":"npm","name":"shelf"}},"severity":"high",
                "first_patched_version":{{"identifier":"4.17.21"}}}},"html_url":"https://example.com/1","url":"https://example.com/api"}}"#
            )
        };
        let alerts: Vec<String> = ["open", "dismissed", "fixed", "auto_dismissed"].map(alert).to_vec();
        let said = read(format!("[{}]", alerts.join(",")));
        assert_eq!(lines(&said), [LINE]);
        let package = said.findings[0].package.as_ref().unwrap();
        assert_eq!((package.fixed.join(""), package.aliases.join("")), ("4.17.21".to_owned(), "CVE-2021-1".to_owned()));
        let clean = read(format!("[{}]", alerts[1]));
        assert_eq!((clean.findings.len(), clean.gaps.len(), clean.notes.len()), (0, 0, 1));
    }

    #[test]
    fn alerts_of_graphql() {
        let said = read(
            r#"{"data":{"repository":{"vulnerabilityAlerts":{"nodes":[
             {"state":"OPEN","vulnerableManifestPath":"web/yarn.lock","securityVulnerability":{"severity":"HIGH",
              "package":{"name":"shelf","ecosystem":"NPM"},"firstPatchedVersion":{"identifier":"2"},
              "advisory":{"ghsaId":"GHSA-aaaa-bbbb-cccc","summary":"Pollution","cwes":{"nodes":[{"cweId":"CWE-79"}]}}}},
             {"dismissedAt":"2021-01-01","securityVulnerability":{"advisory":{"ghsaId":"GHSA-x"}}},
             {"securityVulnerability":null}]}}}}"#,
        );
        assert_eq!(lines(&said), [LINE]);
        assert_eq!((said.findings[0].rule.cwe.as_slice(), said.gaps.len()), ([79].as_slice(), 1));
        let clean = read(r#"{"data":{"repository":{"vulnerabilityAlerts":{"nodes":[]}}}}"#);
        assert_eq!((clean.findings.len(), clean.gaps.len(), clean.notes.len()), (0, 0, 1));
    }
}
