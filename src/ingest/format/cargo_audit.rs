//! cargo-audit's JSON: crates with advisories of RustSec.
//!
//! `cargo audit --json`, the `Report` of <https://docs.rs/rustsec/latest/rustsec/report/struct.Report.html>: the
//! vulnerabilities, and warnings of what is no vulnerability: unmaintained, unsound and withdrawn crates. Warnings are
//! grouped by what they warn of; before 0.12 they were one list.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::Kind;
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::text;

/// cargo-audit's JSON.
pub static FORMAT: Format = Format {
    id: "cargo-audit",
    name: "cargo-audit JSON",
    tool: "cargo-audit",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["vulnerabilities.found", "lockfile"],
            &["vulnerabilities.list", "database"],
            &["vulnerabilities.list[].advisory", "vulnerabilities.list[].package"],
        ],
        records: &["vulnerabilities.list[]", "warnings.*[]", "warnings[]"],
        reader: || Box::<CargoAudit>::default(),
    },
};

/// The path of the lockfile, where a version tells it.
#[derive(Default)]
struct CargoAudit {
    lockfile: Option<String>,
}

impl Reader for CargoAudit {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        if around.path.is_empty() {
            let told = |value: Value| Some(value.get("path")?.as_str()?.to_owned());
            self.lockfile = around.get("lockfile").and_then(told).filter(|path| !path.is_empty());
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        self.found(&found, record.pattern != "vulnerabilities.list[]", out);
        Ok(())
    }
}

#[derive(Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::maybe")]
    advisory: Option<Advisory>,
    package: Crate,
    #[serde(default, deserialize_with = "lenient::maybe")]
    versions: Option<Versions>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Advisory {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    title: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    #[serde(deserialize_with = "lenient::texts")]
    aliases: Vec<String>,
    #[serde(deserialize_with = "lenient::maybe")]
    cvss: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    url: String,
    /// A word, or an object with `other` in it.
    informational: Value,
}

#[derive(Deserialize)]
struct Crate {
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Versions {
    #[serde(deserialize_with = "lenient::texts")]
    patched: Vec<String>,
}

impl CargoAudit {
    fn found(&self, found: &Found, is_warning: bool, out: &mut Out) {
        let none = Advisory::default();
        let advisory = found.advisory.as_ref().unwrap_or(&none);
        let informational = advisory.informational.as_str().unwrap_or_default();
        let word = if found.kind.is_empty() { informational } else { &found.kind };
        let mut package = package("", "cargo", &found.package.name, &found.package.version);
        package.fixed = found.versions.iter().flat_map(|versions| versions.patched.clone()).collect();
        let vector = advisory.cvss.as_deref().unwrap_or_default();
        let url = match advisory.id.starts_with("RUSTSEC-") {
            true => format!("https://rustsec.org/advisories/{}.html", text::printable(&advisory.id)),
            false => advisory.url.clone(),
        };
        let mut finding = Vulnerable {
            id: match advisory.id.as_str() {
                "" if word.is_empty() => "unknown",
                "" => word,
                id => id,
            },
            aliases: advisory.aliases.clone(),
            title: if advisory.title.is_empty() && word == "yanked" {
                "A version withdrawn from the registry"
            } else {
                &advisory.title
            },
            description: &advisory.description,
            url: &url,
            cwe: Vec::new(),
            package,
            severity: rate(out.map, word, &[Scored { by: "RustSec", score: None, vector }]),
            location: out.lines(self.lockfile.as_deref().unwrap_or("Cargo.lock"), 0, 0),
        }
        .finding(out);
        if is_warning {
            let Crate { name, version } = &found.package;
            let what = match word {
                "yanked" => "is withdrawn from the registry".to_owned(),
                "" => format!("has a notice: {}", finding.rule.title),
                word => format!("is {word}: {}", finding.rule.title),
            };
            finding.message = text::printable(&format!("{name} {version} {what}"));
        }
        out.finding(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    const LISTED: &str = r#"{"advisory":{"id":"RUSTSEC-2021-0003","package":"smallvec","title":"Buffer overflow","description":"It is.","aliases":["CVE-2021-25900"],"cvss":null,"informational":null,"url":null},"versions":{"patched":[">=1.6.1"],"unaffected":[]},"affected":null,"package":{"name":"smallvec","version":"0.6.10","source":"registry"}}"#;
    const WARNED: &str = r#"{"kind":"unmaintained","advisory":{"id":"RUSTSEC-2021-0139","title":"ansi_term is Unmaintained","informational":"unmaintained"},"versions":{"patched":[]},"package":{"name":"ansi_term","version":"0.12.1"}},
        {"kind":"unsound","advisory":{"id":"RUSTSEC-2021-0140","title":"It is unsound","informational":{"other":"x"}},"package":{"name":"a","version":"1.0.0"}}"#;
    const YANKED: &str = r#"{"kind":"yanked","package":{"name":"time","version":"0.2.15"},"advisory":null,"affected":null,"versions":null}"#;

    #[test]
    fn vulnerabilities_and_warnings() {
        let report = |warnings: String| {
            format!(
                r#"{{"database":{{"advisory-count":600}},"lockfile":{{"dependency-count":5}},"settings":{{}},"vulnerabilities":{{"found":true,"count":2,"list":[{LISTED},{{"advisory":{{}}}}]}},"warnings":{warnings}}}"#
            )
        };
        let grouped = report(format!(r#"{{"unmaintained":[{WARNED}],"yanked":[{YANKED}]}}"#));
        let listed = report(format!("[{WARNED},{YANKED}]"));
        for text in [grouped, listed] {
            let said = read(text);
            assert_eq!(
                lines(&said),
                [
                    "advisory/RUSTSEC-2021-0003 medium Cargo.lock pkg:cargo/smallvec@0.6.10: smallvec 0.6.10 is vulnerable: Buffer overflow",
                    "advisory/RUSTSEC-2021-0139 info Cargo.lock pkg:cargo/ansi_term@0.12.1: ansi_term 0.12.1 is unmaintained: ansi_term is Unmaintained",
                    "advisory/RUSTSEC-2021-0140 low Cargo.lock pkg:cargo/a@1.0.0: a 1.0.0 is unsound: It is unsound",
                    "advisory/yanked info Cargo.lock pkg:cargo/time@0.2.15: time 0.2.15 is withdrawn from the registry",
                ]
            );
            assert_eq!(said.gaps.len(), 1, "one entry has no package: {:?}", said.gaps);
        }
    }

    #[test]
    fn a_clean_report() {
        let said = read(
            r#"{"database":{},"lockfile":{"path":"a/Cargo.lock","dependency-count":5},"vulnerabilities":{"found":false,"count":0,"list":[]},"warnings":{}}"#,
        );
        assert_eq!((said.findings.len(), said.gaps.len()), (0, 0));
        assert_eq!(said.notes, ["`report`: cargo-audit JSON, 0 findings"]);
    }
}
