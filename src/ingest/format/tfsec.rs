//! tfsec's JSON: Terraform.
//!
//! `tfsec -f json` (<https://aquasecurity.github.io/tfsec/latest/guides/usage/>). Versions before 0.40 have no `long_id` and
//! rate with ERROR, WARNING and INFO. A status of 1 is a check that passed, of 2 one that is ignored: neither counts.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Check;
use crate::ingest::out::Out;

/// tfsec's JSON.
pub static FORMAT: Format = Format {
    id: "tfsec",
    name: "tfsec JSON",
    tool: "tfsec",
    kinds: &[Kind::Config],
    syntax: Syntax::Json {
        marks: &[&["results[].rule_id", "results[].location.filename"]],
        records: &["results[]"],
        reader: || Box::new(Tfsec),
    },
};

struct Tfsec;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "lenient::text")]
    rule_id: String,
    #[serde(deserialize_with = "lenient::text")]
    long_id: String,
    #[serde(deserialize_with = "lenient::text")]
    rule_description: String,
    #[serde(deserialize_with = "lenient::text")]
    impact: String,
    #[serde(deserialize_with = "lenient::text")]
    resolution: String,
    #[serde(deserialize_with = "lenient::texts")]
    links: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    link: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::text")]
    status: String,
    #[serde(deserialize_with = "lenient::text")]
    resource: String,
    #[serde(deserialize_with = "lenient::or_default")]
    location: Place,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    #[serde(deserialize_with = "lenient::text")]
    filename: String,
    #[serde(deserialize_with = "lenient::number")]
    start_line: u32,
    #[serde(deserialize_with = "lenient::number")]
    end_line: u32,
}

impl Reader for Tfsec {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        if matches!(found.status.as_str(), "1" | "2" | "passed" | "ignored") {
            return Ok(());
        }
        let Place { filename, start_line, end_line } = &found.location;
        let finding = Check {
            kind: Kind::Config,
            id: if found.rule_id.is_empty() { &found.long_id } else { &found.rule_id },
            title: &found.rule_description,
            message: &found.description,
            description: &found.impact,
            help: &found.resolution,
            url: found.links.first().map_or(&found.link, |link| link),
            cwe: Vec::new(),
            severity: out.severity(&found.severity),
            confidence: Confidence::High,
            location: out.lines(filename, *start_line, *end_line),
            excerpt: None,
            resource: &found.resource,
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
    fn failed_checks_of_all_versions_count() {
        let said = read(
            r#"{"results":[{"rule_id":"AVD-AWS-0086","long_id":"aws-s3-block-public-acls","rule_description":"Public ACLs","rule_provider":"aws","impact":"Objects are public","resolution":"Block them","links":["https://t.example/x"],"description":"No public access block","severity":"HIGH","warning":false,"status":0,"resource":"aws_s3_bucket.b","location":{"filename":"/src/main.tf","start_line":3,"end_line":5}},
 {"rule_id":"AVD-AWS-0087","description":"x","severity":"HIGH","status":1,"location":{"filename":"/src/main.tf"}},
 {"rule_id":"AWS018","link":"https://t.example/y","location":{"filename":"sg.tf","start_line":"1","end_line":2},"description":"No description","severity":"ERROR"}]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "config/tfsec/AVD-AWS-0086 high main.tf:3: No public access block",
                "config/tfsec/AWS018 high sg.tf:1: No description",
            ]
        );
        assert_eq!(said.findings[0].resource.as_deref(), Some("aws_s3_bucket.b"));
    }

    #[test]
    fn nothing_found_is_nothing() {
        for clean in [r#"{"results":null}"#, "{\n\t\"results\": []\n}"] {
            let said = read(clean);
            assert!(said.findings.is_empty() && said.gaps.is_empty(), "{:?}", said.gaps);
        }
    }
}
