//! actionlint's JSON: mistakes in GitHub Actions workflows.
//!
//! `actionlint -format '{{json .}}'`, a list of errors, or `'{{range $ := .}}{{json $}}{{end}}'`, one after the other
//! (<https://github.com/rhysd/actionlint/blob/main/docs/usage.md#format>). Versions before 1.6.2 tell no end column.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak};
use crate::ingest::out::{Out, span};

/// actionlint's JSON.
pub static FORMAT: Format = Format {
    id: "actionlint",
    name: "actionlint JSON",
    tool: "actionlint",
    kinds: &[Kind::Config],
    syntax: Syntax::Json {
        marks: &[&["message", "filepath", "line", "kind"]],
        records: &[""],
        reader: || Box::new(Actionlint),
    },
};

struct Actionlint;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "lenient::text")]
    message: String,
    #[serde(deserialize_with = "lenient::text")]
    filepath: String,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::number")]
    column: u32,
    /// Of the last character.
    #[serde(deserialize_with = "lenient::number")]
    end_column: u32,
    #[serde(deserialize_with = "lenient::text")]
    kind: String,
}

impl Found {
    /// The check: of the errors in expressions, those about text of others are one of their own.
    fn id(&self) -> &str {
        let is_untrusted = self.kind == "expression" && self.message.contains("potentially untrusted");
        if is_untrusted { "untrusted-input" } else { &self.kind }
    }
}

impl Reader for Actionlint {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        let end = if found.end_column == 0 { 0 } else { found.end_column.saturating_add(1) };
        let mut location = out.lines(&found.filepath, 0, 0);
        location.span = span(found.line, found.column, found.line, end);
        let severity = out.severity("");
        let mut finding = if found.kind == "credentials" {
            let title = "Password of a container in a workflow";
            let confidence = Confidence::High;
            Leak {
                id: &found.kind,
                title,
                description: "",
                severity,
                confidence,
                location,
                value: "",
                commit: ("", ""),
            }
            .finding(out)
        } else {
            Check {
                kind: Kind::Config,
                id: found.id(),
                title: "",
                message: &found.message,
                description: "",
                help: "",
                url: "https://github.com/rhysd/actionlint/blob/main/docs/checks.md",
                cwe: Vec::new(),
                severity,
                confidence: Confidence::High,
                location,
                excerpt: None,
                resource: "",
            }
            .finding(out)
        };
        finding.sources = vec![out.source(&found.kind)];
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    const REPORT: &str = r#"[{"message":"\"github.event.issue.title\" is potentially untrusted. avoid using it directly in inline scripts.",
 "filepath":".github/workflows/ci.yml","line":13,"column":34,"kind":"expression","snippet":"run: x\n ^~~","end_column":57},
 {"message":"shellcheck reported issue in this script: SC2046:warning:1:4: Quote this to prevent word splitting",
 "filepath":".github/workflows/ci.yml","line":14,"column":17,"kind":"shellcheck"},
 {"message":"\"password\" section in \"container\" section should be specified via secrets. do not put password value directly",
 "filepath":".github/workflows/ci.yml","line":20,"column":19,"kind":"credentials","snippet":"password: sandcastle77\n ^~~"},
 {"message":"property \"x\" is not defined","filepath":".github/workflows/ci.yml","line":"21","column":null,"kind":"expression"}]"#;

    #[test]
    fn errors_are_told_apart_by_what_they_are_about() {
        let said = read(REPORT);
        assert_eq!(
            lines(&said),
            [
                "config/workflow-injection high .github/workflows/ci.yml:13: \"github.event.issue.title\" is potentially \
                 untrusted. avoid using it directly in inline scripts.",
                "config/actionlint/shellcheck low .github/workflows/ci.yml:14: shellcheck reported issue in this \
                 script: SC2046:warning:1:4: Quote this to prevent word splitting",
                "secret/actionlint/credentials high .github/workflows/ci.yml:20: Password of a container in a workflow",
                "config/invalid-workflow low .github/workflows/ci.yml:21: property \"x\" is not defined",
            ]
        );
        let span = said.findings[0].location.span.unwrap();
        assert_eq!((span.start_column, span.end_column), (34, 58));
        assert!(said.findings.iter().all(|finding| finding.excerpt.is_none()));
    }
}
