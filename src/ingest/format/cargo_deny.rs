//! cargo-deny's JSON: crates with advisories, licenses, sources or versions that a policy does not allow.
//!
//! Lines of `cargo deny --format json check` (<https://embarkstudios.github.io/cargo-deny/cli/common.html>), which it
//! writes to standard error. Errors and warnings are findings; notes and helps tell what is allowed. What a label points
//! into is not told, so what is about a crate is placed in the lockfile, and the rest in the policy.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Confidence, Kind, Package, Rating, Severity};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Licensed, Vulnerable};
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::text;

/// cargo-deny's JSON.
pub static FORMAT: Format = Format {
    id: "cargo-deny",
    name: "cargo-deny JSON",
    tool: "cargo-deny",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["type=\"diagnostic\"", "fields.severity"],
            &["type=\"log\"", "fields.level"],
            &["type=\"summary\"", "fields={"],
        ],
        records: &["fields"],
        reader: || Box::<CargoDeny>::default(),
    },
};

const LOCKFILE: &str = "Cargo.lock";
const POLICY: &str = "deny.toml";
/// No chain of parents is followed further.
const LONGEST_WAY: usize = 64;

/// Codes of the check of advisories that are about a crate; before 0.15 they were `A001` and so on.
const ADVISORIES: [&str; 5] = ["vulnerability", "notice", "unmaintained", "unsound", "yanked"];
/// Codes of the check of licenses that are about a crate; before 0.15 they were `L001` and so on.
const LICENSES: [&str; 7] = [
    "rejected",
    "unlicensed",
    "parse-error",
    "empty-license-field",
    "no-license-field",
    "missing-clarification-file",
    "gather-failure",
];
/// The kinds of finding that a check is about, by its name in the summary.
const CHECKS: [(&str, Kind); 4] =
    [("advisories", Kind::Advisory), ("bans", Kind::Config), ("licenses", Kind::License), ("sources", Kind::Config)];

/// What the line is.
#[derive(Default)]
struct CargoDeny {
    kind: String,
}

impl Reader for CargoDeny {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        self.kind = around.text("type");
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match self.kind.as_str() {
            "diagnostic" => diagnostic(&record.parse()?, out),
            "summary" => {
                let checks: serde_json::Map<String, Value> = record.parse()?;
                let kinds = CHECKS.iter().filter(|(check, _)| checks.contains_key(*check));
                kinds.for_each(|(_, kind)| out.covers(*kind));
            }
            _ => {
                let log: Log = record.parse()?;
                if log.level == "ERROR" {
                    out.gap(format!("cargo-deny: {}", log.message.lines().next().unwrap_or_default()));
                }
            }
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Log {
    #[serde(deserialize_with = "lenient::text")]
    level: String,
    #[serde(deserialize_with = "lenient::text")]
    message: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Diagnostic {
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::text")]
    code: String,
    #[serde(deserialize_with = "lenient::text")]
    message: String,
    #[serde(deserialize_with = "lenient::list")]
    labels: Vec<Label>,
    #[serde(deserialize_with = "lenient::texts")]
    notes: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    graphs: Vec<Node>,
    #[serde(deserialize_with = "lenient::maybe")]
    advisory: Option<Advisory>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Label {
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::text")]
    span: String,
    #[serde(deserialize_with = "lenient::text")]
    message: String,
}

/// A crate, and what depends on it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Node {
    /// Older versions have name and version beside the parents.
    #[serde(rename = "Krate", deserialize_with = "lenient::maybe")]
    inner: Option<Name>,
    #[serde(flatten)]
    own: Name,
    #[serde(deserialize_with = "lenient::list")]
    parents: Vec<Node>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Name {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Advisory {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    package: String,
    #[serde(deserialize_with = "lenient::text")]
    title: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    #[serde(deserialize_with = "lenient::texts")]
    aliases: Vec<String>,
}

impl Node {
    fn name(&self) -> &Name {
        self.inner.as_ref().unwrap_or(&self.own)
    }

    /// The crate with the shortest known way to it.
    fn package(&self) -> Package {
        let Name { name, version } = self.name();
        let mut package = package("", "cargo", &text::printable(name), &text::printable(version));
        let mut node = self;
        let mut way = vec![text::printable(name)];
        while let Some(parent) = node.parents.first().filter(|_| way.len() < LONGEST_WAY) {
            way.push(text::printable(&parent.name().name));
            node = parent;
        }
        way.reverse();
        // The first is the project itself.
        package.path = if way.len() > 1 { way.split_off(1) } else { way };
        package
    }
}

impl Diagnostic {
    /// Whether the code is one of some names, or has the letter that a check had before it had names.
    fn is_of(&self, names: &[&str], letter: char) -> bool {
        let rest = self.code.strip_prefix(letter);
        let is_numbered = rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        names.contains(&self.code.as_str()) || is_numbered
    }
}

fn diagnostic(found: &Diagnostic, out: &mut Out) {
    if !matches!(found.severity.as_str(), "error" | "warning" | "bug") {
        return;
    }
    let severity = out.severity(&found.severity);
    let at_fault = found.graphs.first().map(Node::package);
    if found.advisory.is_some() || (at_fault.is_some() && found.is_of(&ADVISORIES, 'A')) {
        vulnerable(found, at_fault, severity, out);
    } else if at_fault.is_some() && found.is_of(&LICENSES, 'L') {
        licensed(found, at_fault, severity, out);
    } else {
        let label = found.labels.first();
        let line = label.map_or(0, |label| label.line);
        let (file, line) = if at_fault.is_some() { (LOCKFILE, 0) } else { (POLICY, line) };
        let what = label.map_or("", |label| label.span.lines().next().unwrap_or_default());
        let mut finding = Check {
            kind: Kind::Config,
            id: if found.code.is_empty() { "unknown" } else { &found.code },
            title: "",
            message: &found.message,
            description: "",
            help: found.notes.first().map_or("", String::as_str),
            url: "",
            cwe: Vec::new(),
            severity,
            confidence: Confidence::High,
            location: out.lines(file, line, 0),
            excerpt: Some(what).filter(|_| at_fault.is_none()),
            resource: "",
        }
        .finding(out);
        finding.package = at_fault;
        out.finding(finding);
    }
}

fn vulnerable(found: &Diagnostic, at_fault: Option<Package>, severity: (Severity, Rating), out: &mut Out) {
    let none = Advisory::default();
    let advisory = found.advisory.as_ref().unwrap_or(&none);
    let is_yanked = found.code == "yanked" || (advisory.id.is_empty() && found.message.contains("yanked"));
    let url = match advisory.id.starts_with("RUSTSEC-") {
        true => format!("https://rustsec.org/advisories/{}.html", text::printable(&advisory.id)),
        false => String::new(),
    };
    let package = at_fault.unwrap_or_else(|| package("", "cargo", &advisory.package, ""));
    let called = format!("{} {}", package.name, package.version);
    let mut finding = Vulnerable {
        id: match advisory.id.as_str() {
            "" if is_yanked => "yanked",
            "" if found.code.is_empty() => "unknown",
            "" => &found.code,
            id => id,
        },
        aliases: advisory.aliases.clone(),
        title: match (is_yanked, advisory.title.is_empty()) {
            (true, _) => "A version withdrawn from the registry",
            (false, true) => &found.message,
            (false, false) => &advisory.title,
        },
        description: &advisory.description,
        url: &url,
        cwe: Vec::new(),
        package,
        severity,
        location: out.lines(LOCKFILE, 0, 0),
    }
    .finding(out);
    if is_yanked {
        finding.message = format!("{} is withdrawn from the registry", called.trim_end());
    } else if ["unmaintained", "unsound"].contains(&found.code.as_str()) {
        finding.message = format!("{} is {}: {}", called.trim_end(), found.code, finding.rule.title);
    }
    out.finding(finding);
}

fn licensed(found: &Diagnostic, at_fault: Option<Package>, severity: (Severity, Rating), out: &mut Out) {
    let is_rejected = |label: &&Label| label.message.starts_with("rejected");
    let rejected = found.labels.iter().find(is_rejected).or(found.labels.first());
    let whole = found.labels.first().filter(|_| found.code == "rejected").or(rejected);
    // Cargo once took a slash for `OR`.
    let license = whole.map(|label| label.span.replace('/', " OR ")).unwrap_or_default();
    let names_one = found.code == "rejected" || found.code.starts_with('L');
    let finding = Licensed {
        license: if names_one { &license } else { "" },
        why: &found.message,
        package: at_fault,
        severity,
        location: out.lines(LOCKFILE, 0, 0),
    }
    .finding(out);
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn every_check() {
        let said = read(
            r#"{"type":"log","fields":{"timestamp":"2026-01-01","level":"WARN","message":"a warning"}}
{"type":"diagnostic","fields":{"severity":"error","code":"vulnerability","message":"Buffer overflow","labels":[{"line":1,"column":1,"span":"smallvec 0.6.10","message":"x"}],"notes":["ID: RUSTSEC-2021-0003"],"advisory":{"id":"RUSTSEC-2021-0003","package":"smallvec","title":"Buffer overflow","description":"It is.","aliases":["CVE-2021-25900"]},"graphs":[{"Krate":{"name":"smallvec","version":"0.6.10"},"parents":[{"Krate":{"name":"parking_lot","version":"1.0.0"},"parents":[{"Krate":{"name":"till","version":"0.1.0"}}]}]}]}}
{"type":"diagnostic","fields":{"severity":"warning","code":"yanked","message":"detected yanked crate","graphs":[{"name":"time","version":"0.2.15","parents":[{"name":"till","version":"0.1.0"}]}]}}
{"type":"diagnostic","fields":{"severity":"error","code":"rejected","message":"failed to satisfy license requirements","labels":[{"line":22,"span":"MIT/Apache-2.0","message":""},{"line":22,"span":"MIT","message":"rejected: license is not explicitly allowed"}],"graphs":[{"Krate":{"name":"a","version":"1.0.0"}}]}}
{"type":"diagnostic","fields":{"severity":"error","code":"unlicensed","message":"till = 0.1.0 is unlicensed","graphs":[{"Krate":{"name":"till","version":"0.1.0"}}]}}
{"type":"diagnostic","fields":{"severity":"warning","code":"license-not-encountered","message":"license was not encountered","labels":[{"line":2,"span":"0BSD","message":"unmatched license allowance"}],"graphs":[]}}
{"type":"diagnostic","fields":{"severity":"error","code":"source-not-allowed","message":"detected 'git' source not explicitly allowed","graphs":[{"Krate":{"name":"b","version":"1.0.0"}}]}}
{"type":"diagnostic","fields":{"severity":"note","code":"accepted","message":"license requirements satisfied"}}
{"type":"diagnostic","fields":{"severity":"help","message":"skipping"}}
{"type":"summary","fields":{"bans":{"errors":0},"licenses":{"errors":2}}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/RUSTSEC-2021-0003 high Cargo.lock pkg:cargo/smallvec@0.6.10: smallvec 0.6.10 is vulnerable: Buffer overflow",
                "advisory/yanked medium Cargo.lock pkg:cargo/time@0.2.15: time 0.2.15 is withdrawn from the registry",
                "license/mit-or-apache-2.0 high Cargo.lock pkg:cargo/a@1.0.0: a 1.0.0 is under MIT OR Apache-2.0 (failed to satisfy license requirements)",
                "license/no-license high Cargo.lock pkg:cargo/till@0.1.0: till 0.1.0 is under no license (till = 0.1.0 is unlicensed)",
                "config/cargo-deny/license-not-encountered medium deny.toml:2: license was not encountered",
                "config/cargo-deny/source-not-allowed high Cargo.lock pkg:cargo/b@1.0.0: detected 'git' source not explicitly allowed",
            ]
        );
        assert_eq!(said.findings[0].package.as_ref().unwrap().path, ["parking_lot", "smallvec"]);
        assert!(said.gaps.is_empty(), "{:?}", said.gaps);
    }

    #[test]
    fn codes_before_they_had_names_and_failures() {
        let said = read(
            r#"{"type":"diagnostic","fields":{"severity":"error","code":"L001","message":"failed","labels":[{"span":"GPL-3.0","message":"rejected: x"}],"graphs":[{"name":"a","version":"1.0.0"}]}}
{"type":"diagnostic","fields":{"severity":"error","code":"B001","message":"crate 'a = 1.0.0' is explicitly banned","graphs":[{"name":"a","version":"1.0.0","repeat":true}]}}
{"type":"diagnostic","fields":{"severity":null,"code":null,"labels":null,"graphs":null}}
{"type":"log","fields":{"timestamp":"2026-01-01","level":"ERROR","message":"failed to fetch advisory database"}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "license/gpl-3.0 high Cargo.lock pkg:cargo/a@1.0.0: a 1.0.0 is under GPL-3.0 (failed)",
                "config/cargo-deny/B001 high Cargo.lock pkg:cargo/a@1.0.0: crate 'a = 1.0.0' is explicitly banned",
            ]
        );
        assert_eq!(said.gaps.len(), 1);
        assert!(said.gaps[0].message.contains("failed to fetch advisory database"));
    }
}
