//! Betterleaks' JSON: credentials in files and in the history.
//!
//! Version 2 (`betterleaks … --output x.json` and `--jsonl`, <https://github.com/betterleaks/betterleaks>): one object
//! with `findings`, or a line for each `finding` and one for the `summary`, their keys with underscores; versions on the
//! way to it wrote a list with keys like `ruleID`. Version 1 wrote Gitleaks' list with more beside it: `Attributes`,
//! `ValidationStatus`. What its option `--legacy` writes is Gitleaks' to the letter, and read as that.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Leak;
use crate::ingest::out::Out;

/// Betterleaks' JSON.
pub static FORMAT: Format = Format {
    id: "betterleaks",
    name: "Betterleaks JSON",
    tool: "betterleaks",
    kinds: &[Kind::Secret],
    syntax: Syntax::Json {
        marks: &[
            &["findings[].rule_id", "findings[].match"],
            &["findings=[", "schema_version", "summary.betterleaks_version"],
            &["finding.rule_id", "finding.match"],
            &["schema_version", "summary.betterleaks_version"],
            &["rule_id", "match", "location.start_line"],
            &["ruleID", "match", "location.startLine"],
            &["RuleID", "Secret", "Attributes"],
            &["RuleID", "Secret", "ValidationStatus"],
        ],
        records: &["findings[]", "finding", ""],
        reader: || Box::new(Betterleaks),
    },
};

struct Betterleaks;

impl Reader for Betterleaks {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        // The last line of a report is about the run.
        if found.summary.is_none() {
            leaked(&found, out);
        }
        Ok(())
    }
}

/// A finding of any version.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(alias = "ruleID", alias = "RuleID", deserialize_with = "lenient::text")]
    rule_id: String,
    #[serde(alias = "Description", deserialize_with = "lenient::text")]
    description: String,
    #[serde(alias = "Confidence", deserialize_with = "lenient::text")]
    confidence: String,
    #[serde(alias = "Severity", deserialize_with = "lenient::text")]
    severity: String,
    /// An object with the `value`, or the whole match as a text.
    #[serde(rename = "match", alias = "Match", deserialize_with = "lenient::maybe")]
    matched: Option<Value>,
    #[serde(alias = "Secret", deserialize_with = "lenient::text")]
    secret: String,
    #[serde(alias = "Attributes", deserialize_with = "lenient::maybe")]
    attributes: Option<BTreeMap<String, Value>>,
    #[serde(deserialize_with = "lenient::maybe")]
    location: Option<Place>,
    #[serde(deserialize_with = "lenient::maybe")]
    validation: Option<Validation>,
    #[serde(rename = "ValidationStatus", deserialize_with = "lenient::text")]
    status: String,
    #[serde(rename = "StartLine", deserialize_with = "lenient::number")]
    start_line: u32,
    #[serde(rename = "EndLine", deserialize_with = "lenient::number")]
    end_line: u32,
    #[serde(rename = "File", deserialize_with = "lenient::text")]
    file: String,
    #[serde(rename = "Commit", deserialize_with = "lenient::text")]
    commit: String,
    #[serde(rename = "Date", deserialize_with = "lenient::text")]
    date: String,
    #[serde(deserialize_with = "lenient::maybe")]
    summary: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    #[serde(deserialize_with = "lenient::text")]
    path: String,
    #[serde(alias = "startLine", deserialize_with = "lenient::number")]
    start_line: u32,
    #[serde(alias = "endLine", deserialize_with = "lenient::number")]
    end_line: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Validation {
    #[serde(deserialize_with = "lenient::text")]
    status: String,
}

impl Found {
    /// What the source says: the first of some keys that it has.
    fn attribute(&self, keys: &[&str]) -> String {
        let value = |key: &&str| self.attributes.as_ref()?.get(*key)?.as_str().filter(|text| !text.is_empty());
        keys.iter().find_map(value).unwrap_or_default().to_owned()
    }

    fn value(&self) -> &str {
        let inner = self.matched.as_ref().and_then(|matched| matched.get("value")?.as_str());
        inner.filter(|_| self.secret.is_empty()).unwrap_or(&self.secret)
    }

    fn path(&self, place: &Place) -> String {
        let named = [place.path.clone(), self.file.clone(), self.attribute(&["path", "fs.path", "git.path", "url"])];
        let source = self.attribute(&["resource"]);
        let source = if source.is_empty() { "stdin".to_owned() } else { source.replace('.', "/") };
        named.into_iter().find(|name| !name.is_empty()).unwrap_or(source)
    }
}

fn leaked(found: &Found, out: &mut Out) {
    let status = found.validation.as_ref().map_or(&found.status, |validation| &validation.status);
    let none = Place::default();
    let place = found.location.as_ref().unwrap_or(&none);
    let or = |one: String, other: &str| if one.is_empty() { other.to_owned() } else { one };
    let finding = Leak {
        id: if found.rule_id.is_empty() { "unknown" } else { &found.rule_id },
        title: "",
        description: &found.description,
        severity: match out.severity(&found.severity) {
            stated if !found.severity.is_empty() && stated.1.is_substantiated() => stated,
            _ => out.assumed(status),
        },
        confidence: if status == "valid" { Confidence::High } else { out.confidence(&found.confidence) },
        location: out.lines(
            &found.path(place),
            place.start_line.max(found.start_line),
            place.end_line.max(found.end_line),
        ),
        value: found.value(),
        commit: (
            &or(found.attribute(&["git.sha", "git.commit"]), &found.commit),
            &or(found.attribute(&["git.date"]), &found.date),
        ),
    }
    .finding(out);
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::finding::Confidence;
    use crate::ingest::testing::{lines, read, tells};

    const VALUE: &str = "k7Q2mZ9xT4vB1nL8wR5yH3cJ6";
    const SUMMARY: &str = r#""summary":{"command":{"name":"fs"},"betterleaks_version":"2.0.0","num_findings":0}"#;

    fn finding(status: &str) -> String {
        format!(
            r#"{{"rule_id":"github-pat","rule_hash":"1a","description":"A {VALUE}","confidence":"high","match":{{"full":"x={VALUE}","value":"{VALUE}","fingerprint":"bf"}},"attributes":{{"git.sha":"71855aab9efe60177c94cd7b4e07bc85d7ed95fa","git.date":"2026-03-06T11:00:00Z","git.message":"{VALUE}","resource":"git.patch_content"}},"location":{{"path":"a.py","start_line":3,"end_line":4,"start_column":1,"end_column":29}}{status}}}"#
        )
    }

    #[test]
    fn version_2_as_an_object_and_as_lines() {
        let valid = r#","validation":{"status":"valid","reason":"k7Q2mZ9xT4vB1nL8wR5yH3cJ6 works"}"#;
        let one = finding("");
        let two = finding(valid);
        let object = read(format!(r#"{{"schema_version":"1","findings":[{one},{two}],{SUMMARY}}}"#));
        let text = format!(
            "{{\"schema_version\":\"1\",\"finding\":{one}}}\n{{\"schema_version\":\"1\",\"finding\":{two}}}\n{{\"schema_version\":\"1\",{SUMMARY}}}\n"
        );
        let by_line = read(text);
        for said in [object, by_line] {
            assert_eq!(
                lines(&said),
                [
                    "secret/github-pat high a.py:3 @71855aab9e: Github pat",
                    "secret/github-pat critical a.py:3 @71855aab9e: Github pat",
                ]
            );
            assert!(said.gaps.is_empty() && !tells(&said, VALUE), "{:?}", said.gaps);
            assert_eq!(said.findings[0].confidence, Confidence::High);
        }
    }

    #[test]
    fn a_clean_report() {
        for text in [
            format!(r#"{{"schema_version":"1","findings":[],{SUMMARY}}}"#),
            format!(r#"{{"schema_version":"1","findings":null,{SUMMARY}}}"#),
            format!(r#"{{"schema_version":"1",{SUMMARY}}}"#),
        ] {
            let said = read(text);
            assert_eq!((said.findings.len(), said.gaps.len()), (0, 0), "{:?}", said.gaps);
            assert_eq!(said.notes, ["`report`: Betterleaks JSON, 0 findings"]);
        }
    }

    #[test]
    fn version_1_and_what_lies_between() {
        let said = read(format!(
            r#"[{{"ruleID":"x","description":"d","confidence":"low","match":"x={VALUE}","secret":"{VALUE}","attributes":{{"path":"b.py"}},"location":{{"startLine":7,"endLine":7}},"validation":{{"status":"invalid"}},"tags":[]}},
              {{"RuleID":"y","Description":"d","StartLine":2,"EndLine":2,"Match":"{VALUE}","Secret":"{VALUE}","File":"c.py","Commit":"","Tags":null,"Fingerprint":"z","Attributes":{{"git.sha":""}},"ValidationStatus":"valid"}}]"#
        ));
        assert_eq!(lines(&said), ["secret/betterleaks/x low b.py:7: X", "secret/betterleaks/y critical c.py:2: Y"]);
        assert_eq!(said.findings[0].confidence, Confidence::Low);
        assert!(said.gaps.is_empty() && !tells(&said, VALUE), "{:?}", said.gaps);
    }
}
