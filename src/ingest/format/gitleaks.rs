//! Gitleaks' JSON: credentials in files and in the history.
//!
//! A list of findings. Version 8 (<https://github.com/gitleaks/gitleaks#reports>) names what it found `Secret` and
//! `Match`, its first releases `Content` and `Context`; versions before it name it `offender` and the whole line `line`.
//! What is found in none of them, because the report is redacted, is nothing but a place.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Leak;
use crate::ingest::out::Out;

/// Gitleaks' JSON.
pub static FORMAT: Format = Format {
    id: "gitleaks",
    name: "Gitleaks JSON",
    tool: "gitleaks",
    kinds: &[Kind::Secret],
    syntax: Syntax::Json {
        marks: &[
            &["RuleID", "StartLine", "Fingerprint"],
            &["RuleID", "File", "Secret"],
            &["RuleID", "File", "Commit", "StartLine"],
            &["offender", "commit"],
            &["offender", "lineNumber"],
        ],
        records: &[""],
        reader: || Box::new(Gitleaks),
    },
};

struct Gitleaks;

impl Reader for Gitleaks {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        leaked(&record.parse()?, out);
        Ok(())
    }
}

/// A finding of any version: the names in capitals are those of version 8, the others those before it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Found {
    #[serde(rename = "RuleID", deserialize_with = "lenient::text")]
    pub(super) id: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) rule: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) reason: String,
    #[serde(rename = "Description", deserialize_with = "lenient::text")]
    pub(super) description: String,
    #[serde(rename = "StartLine", deserialize_with = "lenient::number")]
    pub(super) start_line: u32,
    #[serde(rename = "lineNumber", deserialize_with = "lenient::number")]
    pub(super) line: u32,
    #[serde(rename = "EndLine", deserialize_with = "lenient::number")]
    pub(super) end_line: u32,
    #[serde(rename = "Secret", deserialize_with = "lenient::text")]
    pub(super) secret: String,
    #[serde(rename = "Content", deserialize_with = "lenient::text")]
    pub(super) content: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) offender: String,
    #[serde(rename = "File", alias = "file", deserialize_with = "lenient::text")]
    pub(super) file: String,
    #[serde(rename = "Commit", alias = "commit", deserialize_with = "lenient::text")]
    pub(super) commit: String,
    #[serde(rename = "Date", alias = "date", deserialize_with = "lenient::text")]
    pub(super) date: String,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) severity: String,
}

pub(super) fn leaked(found: &Found, out: &mut Out) {
    let rule = first([&found.id, &found.rule, &found.reason]);
    // Before version 8 a rule had a sentence and no id.
    let is_sentence = rule.contains(' ');
    let id = if is_sentence { slug(rule) } else { rule.to_owned() };
    let title = if is_sentence { rule } else { "" };
    let finding = Leak {
        id: if id.is_empty() { "unknown" } else { &id },
        title,
        description: &found.description,
        severity: out.severity(&found.severity),
        confidence: if id.contains("generic") { Confidence::Low } else { Confidence::Medium },
        location: out.lines(
            if found.file.is_empty() { "stdin" } else { &found.file },
            found.start_line.max(found.line),
            found.end_line,
        ),
        value: first([&found.secret, &found.content, &found.offender]),
        commit: (&found.commit, &found.date),
    }
    .finding(out);
    out.finding(finding);
}

/// The first that is not empty.
fn first(texts: [&String; 3]) -> &str {
    texts.into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
}

/// A sentence as an id: `AWS Access Key` is `aws-access-key`.
fn slug(sentence: &str) -> String {
    let lower = sentence.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use crate::finding::Confidence;
    use crate::ingest::testing::{lines, read, tells};

    const VALUE: &str = "k7Q2mZ9xT4vB1nL8wR5yH3cJ6";

    #[test]
    fn version_8() {
        let said = read(format!(
            r#"[{{"RuleID":"generic-api-key","Description":"A key {VALUE}","StartLine":3,"EndLine":4,"StartColumn":2,"EndColumn":9,"Match":"key = {VALUE}","Secret":"{VALUE}","File":"a.py","SymlinkFile":"","Commit":"71855aab9efe60177c94cd7b4e07bc85d7ed95fa","Link":"https://github.com/a/b/blob/x/a.py","Entropy":4.1,"Author":"A","Email":"a@b","Date":"2026-03-06T11:00:00Z","Message":"{VALUE}","Tags":[],"Fingerprint":"71855aab:a.py:generic-api-key:3"}},
              {{"RuleID":"github-pat","StartLine":null,"Match":"REDACTED","Secret":"REDACTED","File":"b.py","Commit":"","Tags":null,"Fingerprint":"b.py:github-pat:1"}},
              {{"Description":"First","StartLine":1,"EndLine":1,"Context":"x","Content":"{VALUE}","File":"","Commit":"","RuleID":"x"}}]"#
        ));
        assert_eq!(
            lines(&said),
            [
                "secret/gitleaks/generic-api-key high a.py:3 @71855aab9e: Generic api key",
                "secret/github-pat high b.py: Github pat",
                "secret/gitleaks/x high stdin:1: X",
            ]
        );
        assert_eq!(said.findings[0].confidence, Confidence::Low);
        assert!(said.findings[0].secret.is_some() && said.findings[1].secret.is_none());
        assert!(!tells(&said, VALUE));
        assert!(said.gaps.is_empty(), "{:?}", said.gaps);
    }

    #[test]
    fn version_7_and_earlier() {
        let said = read(format!(
            r#"[{{"line":"key = \"{VALUE}\"","lineNumber":2,"offender":"{VALUE}","offenderEntropy":-1,"commit":"71855aab9efe60177c94cd7b4e07bc85d7ed95fa","repo":"till","repoURL":"","leakURL":"","rule":"AWS Access Key","commitMessage":"{VALUE}","author":"A","email":"a@b","file":"a.py","date":"2021-03-06T11:00:00Z","tags":"key, AWS"}},
              {{"line":"x","offender":"{VALUE}","commit":"0000000000000000000000000000000000000000","repo":"till","reason":"Slack","commitMsg":"m","author":"A","file":"b.py","branch":"main"}}]"#
        ));
        assert_eq!(
            lines(&said),
            [
                "secret/gitleaks/aws-access-key high a.py:2 @71855aab9e: AWS Access Key",
                "secret/gitleaks/Slack high b.py @0000000000: Slack",
            ]
        );
        assert!(!tells(&said, VALUE));
    }
}
