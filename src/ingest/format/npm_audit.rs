//! npm's JSON: vulnerable packages of a JavaScript project.
//!
//! `npm audit --json` (<https://docs.npmjs.com/cli/commands/npm-audit>): `auditReportVersion` 2, since npm 7, has an entry
//! for each package, and npm counts packages. One that is vulnerable only through others is an entry too; it gets the
//! advisory of those. Of several advisories about a package the worst names the finding, and the message the others.
//! Version 1, by npm 6 and the other package managers, has an entry for each advisory. The lockfile is named by
//! neither, so that everything is placed in the one that the package manager writes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::npm_advisory::{Advisory, Cvss, ids, lockfile};
use crate::finding::{Kind, Severity};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::text;

/// npm's JSON.
pub static FORMAT: Format = Format {
    id: "npm-audit",
    name: "npm audit JSON",
    tool: "npm-audit",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["auditReportVersion", "vulnerabilities"],
            &["vulnerabilities.*.via", "vulnerabilities.*.effects"],
            &["advisories={", "metadata.vulnerabilities"],
            &["advisories.*.module_name"],
            &["error.summary", "error.detail"],
            &["error.code", "error.summary"],
            &["message", "method", "uri", "statusCode"],
        ],
        records: &["vulnerabilities.*", "advisories.*"],
        reader: || Box::<NpmAudit>::default(),
    },
};

/// pnpm's JSON: version 1 of npm's.
pub static PNPM: Format = Format {
    id: "pnpm-audit",
    name: "pnpm audit JSON",
    tool: "pnpm-audit",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["actions", "advisories={", "muted", "metadata.vulnerabilities", "!runId"],
            &["advisories.*.findings[].paths[]=\".>"],
            &["error.code=\"ERR_PNPM"],
        ],
        records: &["advisories.*"],
        reader: || Box::<NpmAudit>::default(),
    },
};

/// The packages of a document, by name: one may be vulnerable through another that stands behind it.
#[derive(Default)]
struct NpmAudit {
    packages: BTreeMap<String, Entry>,
}

impl Reader for NpmAudit {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        if around.path.is_empty() {
            self.flush(out);
            failure(around, out);
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        if record.pattern == "advisories.*" {
            let advisory: Advisory = record.parse()?;
            let finding = advisory.finding("", out);
            out.finding(finding);
            return Ok(());
        }
        let entry: Entry = record.parse()?;
        let name = if entry.name.is_empty() { record.key.unwrap_or_default() } else { &entry.name };
        self.packages.insert(name.to_owned(), entry);
        Ok(())
    }

    fn end(&mut self, out: &mut Out) {
        self.flush(out);
    }
}

/// A package of version 2.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::list")]
    via: Vec<Via>,
    #[serde(rename = "fixAvailable", deserialize_with = "lenient::maybe")]
    fix: Option<Fix>,
}

/// What makes a package vulnerable: another package, or an advisory.
#[derive(Deserialize)]
#[serde(untagged)]
enum Via {
    Package(String),
    Advisory(Box<Known>),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Known {
    #[serde(deserialize_with = "lenient::text")]
    source: String,
    #[serde(deserialize_with = "lenient::text")]
    title: String,
    #[serde(deserialize_with = "lenient::text")]
    url: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::texts")]
    cwe: Vec<String>,
    #[serde(deserialize_with = "lenient::maybe")]
    cvss: Option<Cvss>,
}

/// Whether there is a way out, or which version is one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Fix {
    Any(bool),
    Version {
        #[serde(default)]
        name: String,
        #[serde(default)]
        version: String,
    },
}

impl NpmAudit {
    /// Tells of the packages of the document that ends.
    fn flush(&mut self, out: &mut Out) {
        let packages = std::mem::take(&mut self.packages);
        for (name, entry) in &packages {
            vulnerable(name, entry, &packages, out);
        }
    }
}

/// The advisories that make a package vulnerable, and the package that they are about: its own, or else those of the
/// nearest packages that have some.
fn advisories<'p>(name: &'p str, packages: &'p BTreeMap<String, Entry>) -> Vec<(&'p str, &'p Known)> {
    let mut seen: BTreeSet<&str> = BTreeSet::from([name]);
    let mut level: Vec<&str> = vec![name];
    while !level.is_empty() {
        let mut found = Vec::new();
        let mut next = Vec::new();
        for name in level {
            for via in packages.get(name).into_iter().flat_map(|entry| &entry.via) {
                match via {
                    Via::Advisory(known) => found.push((name, known.as_ref())),
                    Via::Package(other) if seen.insert(other) => next.push(other.as_str()),
                    Via::Package(_) => {}
                }
            }
        }
        if !found.is_empty() {
            return found;
        }
        level = next;
    }
    Vec::new()
}

fn vulnerable(name: &str, entry: &Entry, packages: &BTreeMap<String, Entry>, out: &mut Out) {
    let mut known = advisories(name, packages);
    let severity = |known: &Known| out.severity(&known.severity).0;
    known.sort_by(|(_, a), (_, b)| severity(b).cmp(&severity(a)).then_with(|| a.url.cmp(&b.url)));
    let none = Known { title: "It depends on a vulnerable package".to_owned(), ..Known::default() };
    let (about, worst) = known.first().copied().unwrap_or((name, &none));
    let (id, aliases) = ids(&worst.source, &worst.url, "", &[]);
    let mut package = package("", "npm", name, "");
    if let Some(Fix::Version { name: raised, version }) = &entry.fix
        && raised == name
    {
        package.fixed = vec![version.clone()];
    }
    let mut finding = Vulnerable {
        id: if id.is_empty() { "depends-on-vulnerable" } else { &id },
        aliases,
        title: &worst.title,
        description: "",
        url: &worst.url,
        cwe: lenient::weaknesses(&worst.cwe),
        package,
        severity: severity_of(entry, worst, out),
        location: out.lines(lockfile(out), 0, 0),
    }
    .finding(out);
    if about != name {
        finding.message = text::printable(&format!("{name} is vulnerable through {about}: {}", finding.rule.title));
    }
    let others: BTreeSet<String> = known.iter().map(|(_, other)| ids(&other.source, &other.url, "", &[]).0).collect();
    let others: Vec<String> = others.into_iter().filter(|other| *other != id).collect();
    if !others.is_empty() {
        finding.message = text::printable(&format!("{}; also {}", finding.message, others.join(", ")));
    }
    finding.remedy = Some(match &entry.fix {
        Some(Fix::Version { name, version }) => text::printable(&format!("Raise {name} to {version}")),
        Some(Fix::Any(true)) => "Run npm audit fix".to_owned(),
        _ => text::printable(&format!("No version is fixed; replace {name}")),
    });
    out.finding(finding);
}

/// npm's own word for the package, else what the advisory says.
fn severity_of(entry: &Entry, worst: &Known, out: &Out) -> (Severity, crate::finding::Rating) {
    let word = if entry.severity.is_empty() { &worst.severity } else { &entry.severity };
    let cvss = worst.cvss.as_ref();
    let (score, vector) = cvss.map_or((None, ""), |cvss| (cvss.score, cvss.vector.as_str()));
    rate(out.map, word, &[Scored { by: "", score, vector }])
}

/// A report that says that there is none.
fn failure(around: &Around<'_>, out: &mut Out) {
    let tool = out.format.tool.replace('-', " ");
    let error: BTreeMap<String, Value> = around.get("error").unwrap_or_default();
    let said = |key: &str| error.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let why = ["summary", "message", "detail", "code"].into_iter().find_map(said).map(str::to_owned);
    let why = why.or_else(|| Some(around.text("message")).filter(|text| !text.is_empty()));
    let is_failure = !error.is_empty() || around.keys().any(|key| key == "statusCode");
    if is_failure {
        let why = why.as_deref().and_then(text::paragraph).unwrap_or_else(|| "it says no more".to_owned());
        out.gap(format!("{tool} failed: {}", why.trim_end_matches('.')));
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn version_2_counts_packages() {
        let said = read(
            r#"{"auditReportVersion":2,"vulnerabilities":{
              "cart":{"name":"cart","severity":"high","isDirect":true,"via":["shelf"],"effects":[],"fixAvailable":{"name":"cart","version":"2.0.0","isSemVerMajor":true}},
              "shelf":{"name":"shelf","severity":"high","via":["lodash","cart"],"effects":["cart"],"fixAvailable":true},
              "lodash":{"name":"lodash","severity":"high","via":[
                {"source":1065,"name":"lodash","title":"Pollution","url":"https://github.com/advisories/GHSA-p6mc-m468-83gw","severity":"moderate","cwe":["CWE-1321"],"cvss":{"score":7.4,"vectorString":"x"}},
                {"source":1066,"title":"Injection","url":"https://github.com/advisories/GHSA-35jh-r3h4-6jhm","severity":"high","cvss":null}],
                "effects":["shelf"],"fixAvailable":false},
              "odd":{"severity":null,"via":null},
              "loop":{"severity":"low","via":["loop"]}},
             "metadata":{"vulnerabilities":{"total":5}}}"#,
        );
        let through = "advisory/GHSA-35jh-r3h4-6jhm high package-lock.json";
        assert_eq!(
            lines(&said),
            [
                format!("{through} pkg:npm/cart: cart is vulnerable through lodash: Injection; also GHSA-p6mc-m468-83gw"),
                format!("{through} pkg:npm/lodash: lodash is vulnerable: Injection; also GHSA-p6mc-m468-83gw"),
                "advisory/depends-on-vulnerable low package-lock.json pkg:npm/loop: loop is vulnerable: It depends on a vulnerable package".to_owned(),
                "advisory/depends-on-vulnerable medium package-lock.json pkg:npm/odd: odd is vulnerable: It depends on a vulnerable package".to_owned(),
                format!("{through} pkg:npm/shelf: shelf is vulnerable through lodash: Injection; also GHSA-p6mc-m468-83gw"),
            ]
        );
        assert_eq!(said.findings[0].remedy.as_deref(), Some("Raise cart to 2.0.0"));
        assert!(said.gaps.is_empty(), "{:?}", said.gaps);
    }

    #[test]
    fn version_1_counts_advisories() {
        let report = |run: &str| {
            format!(
                r#"{{"actions":[],"advisories":{{"1523":{{"id":1523,"findings":[{{"version":"4.17.15","paths":[".>shelf>lodash","lodash"]}}],"title":"Pollution","module_name":"lodash","cves":["CVE-2020-8203"],"patched_versions":">=4.17.19","overview":"It is weak.","severity":"low","cwe":"CWE-471","url":"https://npmjs.com/advisories/1523","github_advisory_id":"GHSA-p6mc-m468-83gw"}}}},"muted":[],"metadata":{{"vulnerabilities":{{"low":1}}}}{run}}}"#
            )
        };
        let said = read(report(r#","runId":"x""#).replace(".>shelf", "shelf"));
        let rest = "pkg:npm/lodash@4.17.15: lodash 4.17.15 is vulnerable: Pollution";
        assert_eq!(lines(&said), [format!("advisory/GHSA-p6mc-m468-83gw low package-lock.json {rest}")]);
        let package = said.findings[0].package.as_ref().unwrap();
        assert_eq!(
            (package.path.join(">"), package.fixed.join("")),
            ("shelf>lodash".to_owned(), ">=4.17.19".to_owned())
        );
        let said = read(report(""));
        assert_eq!(lines(&said), [format!("advisory/GHSA-p6mc-m468-83gw low pnpm-lock.yaml {rest}")]);
        assert_eq!(said.findings[0].package.as_ref().unwrap().path, ["shelf", "lodash"]);
    }

    #[test]
    fn clean_reports_and_failures() {
        let clean = [
            r#"{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"vulnerabilities":{"total":0}}}"#,
            r#"{"actions":[],"advisories":{},"muted":[],"metadata":{"vulnerabilities":{}}}"#,
        ];
        for text in clean {
            let said = read(text);
            assert_eq!((said.findings.len(), said.gaps.len()), (0, 0), "{:?}", said.gaps);
        }
        for (text, why) in [
            (
                r#"{"error":{"code":"ENOLOCK","summary":"It needs a lockfile.","detail":"x"}}"#,
                "npm audit failed: It needs a lockfile",
            ),
            (
                r#"{"message":"405 Method Not Allowed","method":"POST","uri":"x","statusCode":405,"body":"","error":{"summary":"","detail":""}}"#,
                "npm audit failed: 405 Method Not Allowed",
            ),
            (
                r#"{"error":{"code":"ERR_PNPM_AUDIT_NO_LOCKFILE","message":"No pnpm-lock.yaml found"}}"#,
                "pnpm audit failed: No pnpm-lock.yaml found",
            ),
        ] {
            let said = read(text);
            assert_eq!((said.findings.len(), said.gaps.len()), (0, 1), "{:?}", said.gaps);
            assert!(said.gaps[0].message.contains(why), "{}", said.gaps[0].message);
        }
    }
}
