//! bundler-audit's JSON: vulnerable gems, and sources that are not encrypted.
//!
//! `bundle-audit check --format json` (<https://github.com/rubysec/bundler-audit#readme>).

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Vulnerable};
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};

/// bundler-audit's JSON.
pub static FORMAT: Format = Format {
    id: "bundler-audit",
    name: "bundler-audit JSON",
    tool: "bundler-audit",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["results[].type=\"unpatched_gem\""],
            &["results[].type=\"insecure_source\""],
            &["results=[", "created_at", "version"],
        ],
        records: &["results[]"],
        reader: || Box::new(BundlerAudit),
    },
};

const LOCKFILE: &str = "Gemfile.lock";

struct BundlerAudit;

impl Reader for BundlerAudit {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        match (&found.gem, &found.advisory) {
            (Some(gem), Some(advisory)) => vulnerable(gem, advisory, out),
            (None, None) if found.kind == "insecure_source" => insecure(&found.source, out),
            _ => return Err("it has no gem and no advisory".into()),
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Found {
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::text")]
    source: String,
    #[serde(default, deserialize_with = "lenient::maybe")]
    gem: Option<Gem>,
    #[serde(default, deserialize_with = "lenient::maybe")]
    advisory: Option<Advisory>,
}

#[derive(Deserialize)]
struct Gem {
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Advisory {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    url: String,
    #[serde(deserialize_with = "lenient::text")]
    title: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    /// Without the `CVE-` and `GHSA-` in front.
    #[serde(deserialize_with = "lenient::text")]
    cve: String,
    #[serde(deserialize_with = "lenient::text")]
    ghsa: String,
    #[serde(deserialize_with = "lenient::text")]
    criticality: String,
    #[serde(deserialize_with = "lenient::score")]
    cvss_v2: Option<f64>,
    #[serde(deserialize_with = "lenient::score")]
    cvss_v3: Option<f64>,
    #[serde(deserialize_with = "lenient::texts")]
    patched_versions: Vec<String>,
}

fn vulnerable(gem: &Gem, advisory: &Advisory, out: &mut Out) {
    let named = |prefix: &str, number: &str| match number.is_empty() || number.starts_with(prefix) {
        true => number.to_owned(),
        false => format!("{prefix}{number}"),
    };
    let aliases = vec![named("CVE-", &advisory.cve), named("GHSA-", &advisory.ghsa)];
    let id = [&advisory.id, &aliases[0], &aliases[1]].into_iter().find(|id| !id.is_empty()).cloned();
    let mut package = package("", "gem", &gem.name, &gem.version);
    package.fixed = advisory.patched_versions.clone();
    let score = advisory.cvss_v3.or(advisory.cvss_v2);
    let finding = Vulnerable {
        id: id.as_deref().unwrap_or("unknown"),
        aliases,
        title: &advisory.title,
        description: &advisory.description,
        url: &advisory.url,
        cwe: Vec::new(),
        package,
        severity: rate(out.map, &advisory.criticality, &[Scored { by: "", score, vector: "" }]),
        location: out.lines(LOCKFILE, 0, 0),
    }
    .finding(out);
    out.finding(finding);
}

fn insecure(source: &str, out: &mut Out) {
    let finding = Check {
        kind: Kind::Config,
        id: "insecure-source",
        title: "Gems from a source that is not encrypted",
        message: &format!("Gems come from {source}, which is not encrypted"),
        description: "Whoever is on the way to the source can put another gem in the place of one.",
        help: "Use the address of the source with https.",
        url: "",
        cwe: vec![319],
        severity: out.assumed("insecure-source"),
        confidence: Confidence::High,
        location: out.lines(LOCKFILE, 0, 0),
        excerpt: Some(source),
        resource: "",
    }
    .finding(out);
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn gems_and_sources() {
        let said = read(
            r#"{"version":"0.9.1","created_at":"2026-01-01 00:00:00 +0000","results":[
              {"type":"insecure_source","source":"http://gems.invalid/"},
              {"type":"unpatched_gem","gem":{"name":"rack","version":"2.0.0"},"advisory":{"path":"x","id":"CVE-2020-8161","url":"https://x.invalid","title":"Traversal","cvss_v2":null,"cvss_v3":8.6,"cve":"2020-8161","ghsa":"5f9h-9pjv-v6j7","patched_versions":["~> 2.1.3",">= 2.2.0"],"criticality":"high"}},
              {"type":"unpatched_gem","gem":{"name":"rake","version":"1"},"advisory":{"id":null,"ghsa":"jppv-gw3r-w3q8","criticality":null,"cvss_v3":9.8}},
              {"type":"unpatched_gem"}]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "config/bundler-audit/insecure-source medium Gemfile.lock: Gems come from http://gems.invalid/, which is not encrypted",
                "advisory/CVE-2020-8161 high Gemfile.lock pkg:gem/rack@2.0.0: rack 2.0.0 is vulnerable: Traversal",
                "advisory/GHSA-jppv-gw3r-w3q8 critical Gemfile.lock pkg:gem/rake@1: rake 1 is vulnerable: GHSA-jppv-gw3r-w3q8",
            ]
        );
        assert_eq!(said.gaps.len(), 1);
        assert_eq!(said.findings[1].package.as_ref().unwrap().aliases, ["GHSA-5f9h-9pjv-v6j7"]);
    }

    #[test]
    fn a_clean_report() {
        let said = read(r#"{"version":"0.9.1","created_at":"2026-01-01","results":[]}"#);
        assert_eq!(said.notes, ["`report`: bundler-audit JSON, 0 findings"]);
    }
}
