//! Terrascan's JSON: infrastructure as code.
//!
//! `terrascan scan -o json` (<https://runterrascan.io/docs/usage/command_line_mode/>), of version 1.0 with counts and of
//! later ones with a summary. What is skipped by a rule or a comment is in `skipped_violations`, and does not count.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Check;
use crate::ingest::out::Out;

/// Terrascan's JSON.
pub static FORMAT: Format = Format {
    id: "terrascan",
    name: "Terrascan JSON",
    tool: "terrascan",
    kinds: &[Kind::Config],
    syntax: Syntax::Json {
        marks: &[&["results.violations"], &["results.scan_summary"], &["results.count", "results.violations"]],
        records: &["results.violations[]"],
        reader: || Box::<Terrascan>::default(),
    },
};

/// The folder that was scanned, which names of files are relative to.
#[derive(Default)]
struct Terrascan {
    folder: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    #[serde(rename = "file/folder", deserialize_with = "lenient::text")]
    folder: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Violation {
    #[serde(deserialize_with = "lenient::text")]
    rule_name: String,
    #[serde(deserialize_with = "lenient::text")]
    rule_id: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::text")]
    resource_name: String,
    #[serde(deserialize_with = "lenient::text")]
    resource_type: String,
    #[serde(deserialize_with = "lenient::text")]
    file: String,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
}

impl Reader for Terrascan {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        if around.path == "results" {
            self.folder = around.get::<Summary>("scan_summary").unwrap_or_default().folder;
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Violation = record.parse()?;
        let whole = format!("{}/{}", self.folder.trim_end_matches('/'), found.file);
        let is_inside = !self.folder.is_empty() && !found.file.starts_with('/');
        let path = out.places().path_of(&[if is_inside { &whole } else { "" }, &found.file]);
        let mut location = out.lines("", found.line, 0);
        location.path = path;
        let parts = [found.resource_type.as_str(), &found.resource_name];
        let finding = Check {
            kind: Kind::Config,
            id: if found.rule_id.is_empty() { &found.rule_name } else { &found.rule_id },
            title: &found.description,
            message: &found.description,
            description: "",
            help: "",
            url: "",
            cwe: Vec::new(),
            severity: out.severity(&found.severity),
            confidence: Confidence::High,
            location,
            excerpt: None,
            resource: &parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("."),
        }
        .finding(out);
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn violations_of_all_versions_count() {
        let one = r#"{"rule_name":"portOpen","description":"Port 22 is open","rule_id":"AC_AWS_0227","severity":"HIGH","category":"x","resource_name":"s","resource_type":"aws_security_group","file":"main.tf","line":3}"#;
        let new = format!(
            r#"{{"results":{{"violations":[{one}],"skipped_violations":[{one}],"scan_summary":{{"file/folder":"/elsewhere/shop","iac_type":"all","high":1}}}}}}"#
        );
        let old = format!(r#"{{"results":{{"violations":[{one}],"count":{{"low":0,"high":1,"total":1}}}}}}"#);
        for text in [new, old] {
            let said = read(text);
            assert_eq!(lines(&said), ["config/terrascan/AC_AWS_0227 high main.tf:3: Port 22 is open"]);
            assert!(said.gaps.is_empty());
        }
        let clean = read(r#"{"results":{"violations":null,"skipped_violations":null,"scan_summary":{"high":0}}}"#);
        assert!(clean.gaps.is_empty() && clean.notes == ["`report`: Terrascan JSON, 0 findings"]);
    }
}
