//! What the audits of JavaScript's package managers share: advisories of npm's registry, as version 1 of its service
//! gives them (<https://docs.npmjs.com/cli/v6/commands/npm-audit>).

use serde::Deserialize;

use crate::finding::Finding;
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};

/// The file in which a package manager writes down what is installed.
pub(super) fn lockfile(out: &Out) -> &'static str {
    match out.format.tool {
        "pnpm-audit" => "pnpm-lock.yaml",
        "yarn-audit" => "yarn.lock",
        "bun-audit" => "bun.lock",
        _ => "package-lock.json",
    }
}

/// An advisory and where in the tree its package is.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Advisory {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    module_name: String,
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    title: String,
    #[serde(deserialize_with = "lenient::text")]
    overview: String,
    #[serde(deserialize_with = "lenient::text")]
    url: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::texts")]
    cves: Vec<String>,
    #[serde(deserialize_with = "lenient::texts")]
    cwe: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    github_advisory_id: String,
    #[serde(deserialize_with = "lenient::text")]
    patched_versions: String,
    #[serde(deserialize_with = "lenient::maybe")]
    cvss: Option<Cvss>,
    #[serde(deserialize_with = "lenient::list")]
    findings: Vec<Installed>,
}

/// A score, as npm gives it; 0 where there is none.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Cvss {
    #[serde(deserialize_with = "lenient::score")]
    pub(super) score: Option<f64>,
    #[serde(rename = "vectorString", deserialize_with = "lenient::text")]
    pub(super) vector: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Installed {
    #[serde(deserialize_with = "lenient::text")]
    version: String,
    #[serde(deserialize_with = "lenient::texts")]
    paths: Vec<String>,
}

impl Advisory {
    /// Makes the finding; `way` is how the package gets into the tree, as in `shelf>lodash`, empty for the first way of
    /// the advisory.
    pub(super) fn finding(&self, way: &str, out: &mut Out) -> Finding {
        self.finding_of(if self.module_name.is_empty() { &self.name } else { &self.module_name }, way, out)
    }

    /// Makes the finding of a package that is named elsewhere.
    pub(super) fn finding_of(&self, name: &str, way: &str, out: &mut Out) -> Finding {
        let leads = |installed: &&Installed| way.is_empty() || installed.paths.iter().any(|path| path == way);
        let installed = self.findings.iter().find(leads).or(self.findings.first());
        let first = installed.and_then(|installed| installed.paths.first()).map_or("", String::as_str);
        let version = installed.map_or("", |installed| &installed.version);
        let mut package = package("", "npm", name, version);
        // `<0.0.0` is how the registry says that there is none.
        let is_fixed = !self.patched_versions.is_empty() && self.patched_versions != "<0.0.0";
        package.fixed = is_fixed.then(|| self.patched_versions.clone()).into_iter().collect();
        let way = if way.is_empty() { first } else { way };
        // pnpm puts the folder of the project first.
        let parts = way.split('>').map(str::trim).filter(|part| !matches!(*part, "" | "."));
        package.path = parts.map(crate::text::printable).collect();
        let (id, aliases) = ids(&self.id, &self.url, &self.github_advisory_id, &self.cves);
        let (score, vector) = self.cvss.as_ref().map_or((None, ""), |cvss| (cvss.score, cvss.vector.as_str()));
        let severity = rate(out.map, &self.severity, &[Scored { by: "", score, vector }]);
        Vulnerable {
            id: if id.is_empty() { "unknown" } else { &id },
            aliases,
            title: &self.title,
            description: &self.overview,
            url: &self.url,
            cwe: lenient::weaknesses(&self.cwe),
            package,
            severity,
            location: out.lines(lockfile(out), 0, 0),
        }
        .finding(out)
    }
}

/// The id of an advisory and its other ids: GitHub's, which may stand in its address only, else that of a CVE, else
/// npm's own number.
pub(super) fn ids(number: &str, url: &str, ghsa: &str, cves: &[String]) -> (String, Vec<String>) {
    let last = url.rsplit('/').next().unwrap_or_default();
    let ghsa = [ghsa, last].into_iter().find(|id| id.starts_with("GHSA-"));
    let own = (!number.is_empty()).then(|| format!("npm-{number}"));
    let id = ghsa.map(str::to_owned).or_else(|| cves.first().cloned()).or(own);
    (id.unwrap_or_default(), cves.to_vec())
}
