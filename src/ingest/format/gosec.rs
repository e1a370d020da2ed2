//! gosec's JSON: weaknesses in Go.
//!
//! `gosec -fmt json` (<https://github.com/securego/gosec#output-formats>). Versions before 2.2 name no weakness, those
//! before 2.9 have no `suppressions`, and those called `gas` write all keys in lower case. A line may be a range, `12-14`.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::Kind;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak};
use crate::ingest::out::{Out, span};

/// gosec's JSON.
pub static FORMAT: Format = Format {
    id: "gosec",
    name: "gosec JSON",
    tool: "gosec",
    kinds: &[Kind::Code],
    syntax: Syntax::Json {
        marks: &[
            &["Issues", "Stats", "Golang errors"],
            &["Issues[].rule_id", "Issues[].details"],
            &["Issues", "Stats.nosec"],
            &["issues", "metrics.nosec"],
            &["issues[].details", "issues[].confidence"],
        ],
        records: &["Issues[]", "issues[]", "Golang errors.*"],
        reader: || Box::new(Gosec),
    },
};

/// The rule for credentials in the code, whose lines show them.
const PASSWORDS: &str = "G101";

struct Gosec;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Issue {
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::text")]
    confidence: String,
    #[serde(deserialize_with = "lenient::maybe")]
    cwe: Option<Weakness>,
    #[serde(deserialize_with = "lenient::text")]
    rule_id: String,
    #[serde(deserialize_with = "lenient::text")]
    details: String,
    #[serde(deserialize_with = "lenient::text")]
    file: String,
    #[serde(deserialize_with = "lenient::text")]
    code: String,
    #[serde(deserialize_with = "lenient::text")]
    line: String,
    #[serde(deserialize_with = "lenient::number")]
    column: u32,
    #[serde(deserialize_with = "lenient::maybe")]
    nosec: Option<bool>,
    #[serde(deserialize_with = "lenient::list")]
    suppressions: Vec<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Weakness {
    #[serde(alias = "ID", deserialize_with = "lenient::text")]
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    #[serde(deserialize_with = "lenient::text")]
    error: String,
}

impl Reader for Gosec {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match record.key {
            Some(file) => failed(file, record.parse()?, out),
            None => issue(&record.parse()?, out),
        }
        Ok(())
    }
}

/// A file that could not be compiled; `""` for a package as a whole.
fn failed(file: &str, errors: Option<Vec<Failure>>, out: &mut Out) {
    let Some(first) = errors.iter().flatten().next() else { return };
    let file = out.path(&lenient::unescaped(file));
    let place = if file.as_str().is_empty() { String::new() } else { format!(" `{file}`") };
    out.gap(format!("gosec could not check all of{place}: {}", first.error.lines().next().unwrap_or_default()));
}

/// The first and the last line of `12` or `12-14`; 0 for none.
fn range(line: &str) -> (u32, u32) {
    let (first, last) = line.split_once('-').unwrap_or((line, "0"));
    let number = |text: &str| text.trim().parse().unwrap_or(0);
    (number(first), number(last))
}

/// The line itself: newer versions show its neighbours too, each behind its number and a colon.
fn shown(code: &str, number: u32) -> &str {
    let number = format!("{number}: ");
    let numbered = code.lines().find_map(|line| line.strip_prefix(&number));
    numbered.unwrap_or(code)
}

fn issue(found: &Issue, out: &mut Out) {
    if found.nosec == Some(true) || !found.suppressions.is_empty() {
        return;
    }
    let (first, last) = range(&found.line);
    let mut location = out.lines(&found.file, 0, 0);
    location.span = span(first, found.column, last, 0);
    let (id, severity) = (&found.rule_id, out.severity(&found.severity));
    let confidence = out.confidence(&found.confidence);
    let finding = if id == PASSWORDS {
        let title = "Potential hard-coded credential";
        Leak { id, title, description: "", severity, confidence, location, value: "", commit: ("", "") }.finding(out)
    } else {
        Check {
            kind: Kind::Code,
            id: if id.is_empty() { &found.details } else { id },
            title: if id.is_empty() { "" } else { &found.details },
            message: &found.details,
            description: "",
            help: "",
            url: "",
            cwe: lenient::weaknesses(found.cwe.iter().map(|cwe| &cwe.id)),
            severity,
            confidence,
            location,
            excerpt: Some(shown(&found.code, first)),
            resource: "",
        }
        .finding(out)
    };
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn issues_count_unless_nosec_accepts_them() {
        let said = read(
            r#"{"Golang errors":{"/src/b\\c.go":[{"line":3,"column":1,"error":"expected 'package'"}],"d.go":[]},
 "Issues":[{"severity":"HIGH","confidence":"MEDIUM","cwe":{"id":"338","url":"https://cwe.mitre.org/data/definitions/338.html"},
  "rule_id":"G404","details":"Use of weak random number generator","file":"/src/a.go","code":"11: \n12: \tx := rand.Int()\n13: }\n",
  "line":"12","column":"7","nosec":false,"suppressions":null},
 {"severity":"LOW","confidence":"HIGH","rule_id":"G104","details":"Errors unhandled","file":"/src/a.go","code":"","line":"20-22","column":"2","nosec":true,"suppressions":[{"kind":"inSource","justification":""}]},
 {"severity":"HIGH","confidence":"LOW","cwe":{"ID":"798"},"rule_id":"G101","details":"Potential hardcoded credentials: sandcastle77","file":"/src/a.go","code":"5: password := \"sandcastle77\"\n","line":"5","column":"2"}],
 "Stats":{"files":1,"lines":3,"nosec":0,"found":2},"GosecVersion":"dev"}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "code/weak-random high a.go:12: Use of weak random number generator",
                "secret/gosec/G101 high a.go:5: Potential hard-coded credential",
            ]
        );
        assert_eq!(said.findings[0].rule.cwe, [330, 338]);
        assert_eq!(said.findings[0].excerpt.as_ref().unwrap().as_str(), "x := rand.Int()");
        assert_eq!(said.gaps.len(), 1);
        assert!(said.gaps[0].message.contains("expected 'package'"), "{:?}", said.gaps);
        assert!(!format!("{:?}", said.findings[1].message).contains("sandcastle77"));
    }

    #[test]
    fn clean_and_old_reports_are_read() {
        for clean in [
            r#"{"Golang errors":{},"Issues":[],"Stats":{"files":1,"lines":3,"nosec":0,"found":0},"GosecVersion":"v2.22.0"}"#,
            r#"{"Golang errors":null,"Issues":null,"Stats":{"files":0,"lines":0,"nosec":0,"found":0}}"#,
        ] {
            let said = read(clean);
            assert!(
                said.findings.is_empty() && said.gaps.is_empty() && said.notes[0].contains("gosec"),
                "{:?}",
                said.notes
            );
        }
        let old = r#"{"metrics":{"files":1,"lines":9,"nosec":0,"found":1},"issues":[{"severity":"MEDIUM","confidence":"HIGH",
 "details":"Use of weak cryptographic primitive","file":"a.go","code":"h := md5.New()","line":"7-9"}]}"#;
        let said = read(old);
        assert_eq!(said.findings.len(), 1);
        let span = said.findings[0].location.span.unwrap();
        assert_eq!((span.start_line, span.end_line), (7, 9));
    }
}
