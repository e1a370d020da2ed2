//! Kingfisher's JSON: credentials in files and in the history, some of which it tried out.
//!
//! `kingfisher scan --format json` and `jsonl` (<https://github.com/mongodb/kingfisher>): `findings` that hold a rule and
//! what it found, one on each line, or, in the first versions, as `matches` under the rule. Lines about the run follow.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Leak;
use crate::ingest::out::Out;

/// Kingfisher's JSON.
pub static FORMAT: Format = Format {
    id: "kingfisher",
    name: "Kingfisher JSON",
    tool: "kingfisher",
    kinds: &[Kind::Secret],
    syntax: Syntax::Json {
        marks: &[
            &["findings[].rule", "findings[].finding"],
            &["matches[].rule", "matches[].finding"],
            &["rule.id", "finding.snippet"],
            &["rule.name", "finding.fingerprint"],
            &["findings=[", "metadata.kingfisher_version"],
            &["findings=[", "access_map"],
            &["audit.schema=\"kingfisher"],
            &["access_map=[", "!findings"],
            &["findings", "successful_validations"],
        ],
        records: &["findings[]", "matches[]", "finding"],
        reader: || Box::<Kingfisher>::default(),
    },
};

/// The rule beside a finding that has a line of its own.
#[derive(Default)]
struct Kingfisher {
    rule: Rule,
}

impl Reader for Kingfisher {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        self.rule = around.get("rule").unwrap_or_default();
        let failed = |audit: &Value| audit.pointer("/summary/scan_failed")?.as_u64();
        if let Some(failed) = around.get("audit").as_ref().and_then(failed).filter(|failed| *failed > 0) {
            out.gap(format!("kingfisher could not scan {failed} of its repositories"));
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        if record.pattern == "finding" {
            leaked(&self.rule, &record.parse()?, out);
        } else {
            let Found { rule, finding } = record.parse()?;
            leaked(&rule.unwrap_or_default(), &finding, out);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "lenient::maybe")]
    rule: Option<Rule>,
    finding: Leaked,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rule {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Leaked {
    #[serde(deserialize_with = "lenient::text")]
    snippet: String,
    #[serde(deserialize_with = "lenient::text")]
    confidence: String,
    #[serde(deserialize_with = "lenient::maybe")]
    validation: Option<Validation>,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::text")]
    path: String,
    #[serde(deserialize_with = "lenient::maybe")]
    git_metadata: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Validation {
    #[serde(deserialize_with = "lenient::text")]
    status: String,
}

fn leaked(rule: &Rule, found: &Leaked, out: &mut Out) {
    let status = found.validation.as_ref().map_or("", |validation| &validation.status);
    let told = |path: &str| found.git_metadata.as_ref()?.pointer(path)?.as_str().map(str::to_owned);
    let commit = told("/commit/id").or_else(|| told("/commit")).unwrap_or_default();
    let file = told("/file/path").filter(|_| found.path.is_empty()).unwrap_or_else(|| found.path.clone());
    // Rules that it took over from another tool are named after that.
    let id = rule.id.strip_prefix("betterleaks.").unwrap_or(&rule.id);
    let finding = Leak {
        id: if id.is_empty() { &rule.name } else { id },
        title: if rule.name == id { "" } else { &rule.name },
        description: &rule.description,
        severity: out.assumed(status),
        confidence: match status.starts_with("Active") {
            true => Confidence::High,
            false => out.confidence(&found.confidence),
        },
        location: out.lines(if file.is_empty() { "stdin" } else { &file }, found.line, 0),
        value: &found.snippet,
        commit: (&commit, &told("/commit/date").unwrap_or_default()),
    }
    .finding(out);
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::finding::Confidence;
    use crate::ingest::testing::{lines, read, tells};

    const VALUE: &str = "k7Q2mZ9xT4vB1nL8wR5yH3cJ6";

    fn finding(status: &str) -> String {
        format!(
            r#""rule":{{"name":"GitHub token","id":"kingfisher.github.1"}},"finding":{{"snippet":"{VALUE}","fingerprint":"12","confidence":"medium","entropy":"5.32","validation":{{"status":"{status}","response":"{VALUE}"}},"language":"YAML","line":7,"column_start":7,"column_end":46,"path":"./deploy/ci.yml","validate_command":"kingfisher validate '{VALUE}'","git_metadata":{{"repository_url":"x","commit":{{"id":"71855aab9efe60177c94cd7b4e07bc85d7ed95fa","date":"2026-01-01","committer":{{"name":"a"}}}},"file":{{"path":"ci.yml"}}}}}}"#
        )
    }

    #[test]
    fn every_shape_says_the_same() {
        let active = finding("Active Credential");
        let inactive = finding("Inactive Credential");
        let untried = finding("Not Attempted");
        let whole = format!(r#"{{"findings":[{{{active}}},{{{inactive}}},{{{untried}}}],"access_map":[]}}"#);
        let lined = format!(
            "{{{active}}}\n{{{inactive}}}\n{{{untried}}}\n{{\"audit\":{{\"schema\":\"kingfisher.repository-audit.v1\"}}}}\n{{\"findings\":3,\"successful_validations\":1}}\n"
        );
        let first = format!(
            r#"[{{"id":"kingfisher.github.1","matches":[{{{active}}},{{{inactive}}}]}},{{"id":"x","matches":[{{{untried}}}]}}]"#
        );
        for text in [whole, lined, first] {
            let said = read(text);
            assert_eq!(
                lines(&said),
                [
                    "secret/kingfisher/kingfisher.github.1 critical deploy/ci.yml:7 @71855aab9e: GitHub token",
                    "secret/kingfisher/kingfisher.github.1 low deploy/ci.yml:7 @71855aab9e: GitHub token",
                    "secret/kingfisher/kingfisher.github.1 high deploy/ci.yml:7 @71855aab9e: GitHub token",
                ]
            );
            assert_eq!(said.findings[0].confidence, Confidence::High);
            assert!(said.gaps.is_empty() && !tells(&said, VALUE), "{:?}", said.gaps);
        }
    }

    #[test]
    fn a_clean_report_and_one_that_is_not_whole() {
        let said = read(r#"{"findings":[],"metadata":{"kingfisher_version":"2.14.0"}}"#);
        assert_eq!(said.notes, ["`report`: Kingfisher JSON, 0 findings"]);
        let said =
            read(r#"{"findings":[],"audit":{"schema":"kingfisher.repository-audit.v1","summary":{"scan_failed":2}}}"#);
        assert_eq!(said.gaps.len(), 1);
        let said = read(
            r#"{"rule":{"id":"a","name":null},"finding":{"snippet":null,"fingerprint":1,"line":"3","path":null}}"#,
        );
        assert_eq!(lines(&said), ["secret/kingfisher/a high stdin:3: A"]);
    }
}
