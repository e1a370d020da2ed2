//! KICS' JSON: infrastructure as code.
//!
//! `kics scan --report-formats json` (<https://docs.kics.io/latest/results/>), from version 1.0 on: queries, each with the
//! places that it found. What its bill of materials lists does not count.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak};
use crate::ingest::out::Out;

/// KICS' JSON.
pub static FORMAT: Format = Format {
    id: "kics",
    name: "KICS JSON",
    tool: "kics",
    kinds: &[Kind::Config],
    syntax: Syntax::Json {
        marks: &[
            &["queries[].query_name", "queries[].files"],
            &["queries", "severity_counters"],
            &["kics_version", "files_scanned"],
        ],
        records: &["queries[].files[]"],
        reader: || Box::<Kics>::default(),
    },
};

/// How the names of the queries for credentials begin.
const PASSWORDS: &str = "Passwords And Secrets";

/// The query that the next places belong to.
#[derive(Default)]
struct Kics {
    name: String,
    id: String,
    url: String,
    severity: String,
    category: String,
    description: String,
    cwe: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    #[serde(deserialize_with = "lenient::text")]
    file_name: String,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::text")]
    resource_type: String,
    #[serde(deserialize_with = "lenient::text")]
    resource_name: String,
    #[serde(deserialize_with = "lenient::text")]
    actual_value: String,
    #[serde(deserialize_with = "lenient::text")]
    expected_value: String,
}

impl Kics {
    /// Whether the query is about credentials, which its values may show.
    fn is_about_secrets(&self) -> bool {
        self.name.starts_with(PASSWORDS) || self.category == "Secret Management"
    }
}

impl Reader for Kics {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        if around.path == "queries[]" {
            *self = Self {
                name: around.text("query_name"),
                id: around.text("query_id"),
                url: around.text("query_url"),
                severity: around.text("severity"),
                category: around.text("category"),
                description: around.text("description"),
                cwe: around.text("cwe"),
            };
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let file: File = record.parse()?;
        let severity = out.severity(&self.severity);
        let location = out.lines(&file.file_name, file.line, 0);
        let id = if self.id.is_empty() { &self.name } else { &self.id };
        let mut finding = if self.name.starts_with(PASSWORDS) {
            let (title, confidence) = (&self.name, Confidence::Medium);
            Leak { id, title, description: "", severity, confidence, location, value: "", commit: ("", "") }
                .finding(out)
        } else {
            let is_safe = !self.is_about_secrets() && !file.actual_value.is_empty();
            let parts = [file.resource_type.as_str(), &file.resource_name];
            Check {
                kind: Kind::Config,
                id,
                title: &self.name,
                message: if is_safe { &file.actual_value } else { &self.name },
                description: &self.description,
                help: if is_safe { &file.expected_value } else { "" },
                url: &self.url,
                cwe: lenient::weaknesses([&self.cwe]),
                severity,
                confidence: Confidence::High,
                location,
                excerpt: None,
                resource: &parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("."),
            }
            .finding(out)
        };
        // What is expected is a statement: it helps, but is no step to take.
        if finding.kind == Kind::Config {
            finding.remedy = None;
        }
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read, tells};

    #[test]
    fn every_place_of_a_query_counts() {
        let said = read(
            r#"{"kics_version":"v2.1.0","files_scanned":2,"queries_total":9,"severity_counters":{"HIGH":2},"total_counter":3,
 "queries":[{"query_name":"Bucket Is Public","query_id":"38c5ee0d","query_url":"https://docs.kics.io/x","severity":"HIGH","platform":"Terraform","cwe":"732",
  "category":"Access Control","description":"Everybody reads it","files":[
   {"file_name":"../../path/deploy/main.tf","similarity_id":"a","line":3,"resource_type":"aws_s3_bucket","resource_name":"b","issue_type":"IncorrectValue","expected_value":"'acl' should be private","actual_value":"'acl' is public"},
   {"file_name":"deploy/b.tf","line":"7"}]},
  {"query_name":"Passwords And Secrets - Generic Password","query_id":"487f4be7","severity":"HIGH","category":"Secret Management","files":[
   {"file_name":"c.yml","line":2,"actual_value":"Hardcoded secret key appears in source: sandcastle77"}]},
  {"query_name":"None","query_id":"x","severity":"INFO","files":null}],
 "bill_of_materials":[{"query_name":"BOM","severity":"TRACE","files":[{"file_name":"d.tf","line":1}]}]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "config/kics/38c5ee0d high path/deploy/main.tf:3: 'acl' is public",
                "config/kics/38c5ee0d high deploy/b.tf:7: Bucket Is Public",
                "secret/kics/487f4be7 high c.yml:2: Passwords And Secrets - Generic Password",
            ]
        );
        assert_eq!(said.findings[0].resource.as_deref(), Some("aws_s3_bucket.b"));
        assert_eq!(said.findings[0].rule.cwe, [732]);
        assert!(said.gaps.is_empty() && !tells(&said, "sandcastle77"));
    }

    #[test]
    fn a_clean_report_is_one() {
        let said = read(r#"{"files_scanned":1,"severity_counters":{"HIGH":0},"total_counter":0,"queries":[]}"#);
        assert!(said.gaps.is_empty() && said.notes == ["`report`: KICS JSON, 0 findings"]);
    }
}
