//! detect-secrets' JSON: a baseline, with a hash for each credential, and the report of an audit.
//!
//! `detect-secrets scan` (<https://github.com/Yelp/detect-secrets#usage>), from 0.9 to 1.5 and of IBM's fork, and
//! `detect-secrets audit --report`. What an audit called no secret does not count.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Confidence, Kind, Location};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Leak;
use crate::ingest::out::Out;

/// detect-secrets' JSON.
pub static FORMAT: Format = Format {
    id: "detect-secrets",
    name: "detect-secrets JSON",
    tool: "detect-secrets",
    kinds: &[Kind::Secret],
    syntax: Syntax::Json {
        marks: &[
            &["results.*[].hashed_secret"],
            &["plugins_used", "results={"],
            &["results[].category", "results[].lines", "results[].types"],
        ],
        records: &["results.*", "results[]"],
        reader: || Box::new(DetectSecrets),
    },
};

struct DetectSecrets;

/// A credential of a baseline. Its hash is left where it is: one of a short password is easily undone.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(deserialize_with = "lenient::text")]
    filename: String,
    #[serde(deserialize_with = "lenient::number")]
    line_number: u32,
    #[serde(deserialize_with = "lenient::maybe")]
    is_verified: Option<bool>,
    /// What an audit decided.
    #[serde(deserialize_with = "lenient::maybe")]
    is_secret: Option<bool>,
}

/// A credential of an audit's report, with the lines that it is on. They hold it, so that only their numbers are used.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Audited {
    #[serde(deserialize_with = "lenient::text")]
    category: String,
    #[serde(deserialize_with = "lenient::text")]
    filename: String,
    #[serde(deserialize_with = "lenient::maybe")]
    lines: Option<BTreeMap<String, Value>>,
    #[serde(deserialize_with = "lenient::texts")]
    types: Vec<String>,
}

impl Reader for DetectSecrets {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let Some(file) = record.key else {
            audited(&record.parse()?, out);
            return Ok(());
        };
        let found: Vec<Value> = record.parse()?;
        let file = lenient::unescaped(file);
        for found in found {
            let found: Found = serde_json::from_value(found).map_err(|e| Unreadable::new(&e))?;
            if found.is_secret != Some(false) {
                let is_certain = found.is_verified == Some(true) || found.is_secret == Some(true);
                let name = if found.filename.is_empty() { &file } else { &found.filename };
                let place = out.lines(name, found.line_number, 0);
                leak(&found.kind, is_certain, place, Vec::new(), out);
            }
        }
        Ok(())
    }
}

fn audited(found: &Audited, out: &mut Out) {
    if found.category == "VERIFIED_FALSE" {
        return;
    }
    let mut numbers: Vec<u32> = found.lines.iter().flatten().filter_map(|(number, _)| number.parse().ok()).collect();
    numbers.sort_unstable();
    let mut places = numbers.into_iter().map(|number| out.lines(&found.filename, number, 0));
    let first = places.next().unwrap_or_else(|| out.lines(&found.filename, 0, 0));
    let others = places.collect();
    let kind = found.types.first().map_or("", String::as_str);
    leak(kind, found.category == "VERIFIED_TRUE", first, others, out);
}

fn leak(kind: &str, is_certain: bool, location: Location, others: Vec<Location>, out: &mut Out) {
    let id = if kind.is_empty() { "Secret" } else { kind };
    let mut finding = Leak {
        id: &id.to_lowercase().replace(' ', "-"),
        title: id,
        description: "",
        severity: out.severity(""),
        confidence: if is_certain { Confidence::High } else { out.confidence(id) },
        location,
        value: "",
        commit: ("", ""),
    }
    .finding(out);
    if let Some(source) = finding.sources.first_mut() {
        source.rule = crate::text::printable(id);
    }
    finding.related = others;
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn baselines_of_all_versions_are_read() {
        for head in [
            r#""version":"1.5.0","plugins_used":[{"name":"AWSKeyDetector"}],"filters_used":[]"#,
            r#""exclude_regex":"","plugins_used":[{"name":"AWSKeyDetector"}],"version":"0.12.0""#,
            r#""exclude":{"files":null,"lines":null},"word_list":{"file":null,"hash":null},"version":"0.13.1+ibm.62.dss""#,
        ] {
            let said = read(format!(
                r#"{{{head},"generated_at":"x","results":{{"deploy\\ci.yml":[
 {{"type":"AWS Access Key","filename":"deploy/ci.yml","hashed_secret":"aa11","is_verified":true,"line_number":3}},
 {{"type":"Secret Keyword","hashed_secret":"bb22","line_number":"4","is_secret":false}},
 {{"type":"Base64 High Entropy String","hashed_secret":"cc33","line_number":null,"filename":"x"}}],"empty":[]}}}}"#
            ));
            assert_eq!(
                lines(&said),
                [
                    "secret/detect-secrets/aws-access-key high deploy/ci.yml:3: AWS Access Key",
                    "secret/detect-secrets/base64-high-entropy-string low x: Base64 High Entropy String",
                ]
            );
            assert!(said.gaps.is_empty(), "{:?}", said.gaps);
            assert!(said.findings[0].confidence > said.findings[1].confidence);
        }
    }

    #[test]
    fn an_audit_shows_no_line() {
        let said = read(
            r#"{"results":[{"category":"VERIFIED_TRUE","filename":"a.py","lines":{"12":"p = 'sandcastle77'","3":"q = 'sandcastle77'"},"types":["Secret Keyword"]},
 {"category":"VERIFIED_FALSE","filename":"b.py","lines":{},"types":[]}]}"#,
        );
        assert_eq!(lines(&said), ["secret/detect-secrets/secret-keyword medium a.py:3: Secret Keyword"]);
        assert_eq!(said.findings[0].related.len(), 1);
        assert!(!format!("{:?}", said.findings[0].related).contains("sandcastle77"));
    }

    #[test]
    fn a_clean_baseline_is_one() {
        let said = read(r#"{"version":"1.5.0","plugins_used":[],"filters_used":[],"results":{},"generated_at":"x"}"#);
        assert!(said.findings.is_empty() && said.gaps.is_empty() && said.notes[0].contains("detect-secrets"));
    }
}
