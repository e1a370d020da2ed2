//! Bandit's JSON: weaknesses in Python.
//!
//! `bandit -f json`, as <https://bandit.readthedocs.io/en/latest/formatters/json.html> describes it. Versions before 1.7.3
//! name no weakness, those before 1.0 no id of a test. What `# nosec` accepts is not in the report.

use serde::Deserialize;

use crate::finding::Kind;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak};
use crate::ingest::out::{Out, span};
use crate::text;

/// Bandit's JSON.
pub static FORMAT: Format = Format {
    id: "bandit",
    name: "Bandit JSON",
    tool: "bandit",
    kinds: &[Kind::Code],
    syntax: Syntax::Json {
        marks: &[&["results[].issue_text", "results[].issue_severity"], &["metrics._totals", "results=["]],
        records: &["results[]", "errors[]"],
        reader: || Box::new(Bandit),
    },
};

/// The tests for passwords in the code: their message and their lines show the password.
const PASSWORDS: [&str; 3] = ["B105", "B106", "B107"];

struct Bandit;

impl Reader for Bandit {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            "results[]" => result(&record.parse()?, out),
            _ => error(&record.parse()?, out),
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "lenient::text")]
    test_id: String,
    #[serde(deserialize_with = "lenient::text")]
    test_name: String,
    #[serde(deserialize_with = "lenient::text")]
    filename: String,
    #[serde(deserialize_with = "lenient::number")]
    line_number: u32,
    #[serde(deserialize_with = "lenient::list")]
    line_range: Vec<u32>,
    #[serde(deserialize_with = "lenient::maybe")]
    col_offset: Option<u32>,
    #[serde(deserialize_with = "lenient::maybe")]
    end_col_offset: Option<u32>,
    #[serde(deserialize_with = "lenient::text")]
    issue_text: String,
    #[serde(deserialize_with = "lenient::text")]
    issue_severity: String,
    #[serde(deserialize_with = "lenient::text")]
    issue_confidence: String,
    #[serde(deserialize_with = "lenient::maybe")]
    issue_cwe: Option<Weakness>,
    #[serde(deserialize_with = "lenient::text")]
    more_info: String,
    #[serde(deserialize_with = "lenient::text")]
    code: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Weakness {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    #[serde(deserialize_with = "lenient::text")]
    filename: String,
    #[serde(deserialize_with = "lenient::text")]
    reason: String,
}

impl Found {
    /// The line itself: Bandit shows its neighbours too, each behind its number.
    fn line(&self) -> Option<&str> {
        let number = self.line_number.to_string();
        let behind = |line: &'_ str| line.strip_prefix(&number).is_some_and(|rest| rest.starts_with([' ', '\t']));
        let line = self.code.lines().find(|line| behind(line))?;
        line.get(number.len() + 1..)
    }

    /// The last line and, with it, the column behind the last character; 0 for what is not known.
    fn end(&self) -> (u32, u32) {
        let last = self.line_range.iter().max().copied().unwrap_or(0).max(self.line_number);
        (last, self.end_col_offset.map_or(0, |column| column.saturating_add(1)))
    }
}

fn result(found: &Found, out: &mut Out) {
    let id = if found.test_id.is_empty() { &found.test_name } else { &found.test_id };
    // A column is an offset from 0; -1 where Python tells none.
    let (end_line, end_column) = found.end();
    let start_column = found.col_offset.map_or(0, |column| column.saturating_add(1));
    let mut location = out.lines(&found.filename, 0, 0);
    location.span = span(found.line_number, start_column, end_line, end_column);
    let (severity, confidence) = (out.severity(&found.issue_severity), out.confidence(&found.issue_confidence));
    let title = text::sentence_case(&found.test_name.replace('_', " "));
    let finding = if PASSWORDS.contains(&id.as_str()) {
        let value = found.issue_text.split_once('\'').map_or("", |(_, rest)| rest.trim_end().trim_end_matches('\''));
        Leak { id, title: &title, description: "", severity, confidence, location, value, commit: ("", "") }
            .finding(out)
    } else {
        Check {
            kind: Kind::Code,
            id,
            title: &title,
            message: &found.issue_text,
            description: "",
            help: "",
            url: &found.more_info,
            cwe: lenient::weaknesses(found.issue_cwe.iter().map(|cwe| &cwe.id).filter(|id| *id != "0")),
            severity,
            confidence,
            location,
            excerpt: found.line(),
            resource: "",
        }
        .finding(out)
    };
    out.finding(finding);
}

fn error(failed: &Failure, out: &mut Out) {
    out.gap(format!("bandit did not read `{}`: {}", out.path(&failed.filename), failed.reason));
}

#[cfg(test)]
mod tests {
    use crate::finding::Kind;
    use crate::ingest::testing::{lines, read};

    const NEW: &str = r#"{"errors":[{"filename":"./broken.py","reason":"syntax error while parsing AST from file"}],
 "generated_at":"2026-01-01T00:00:00Z","metrics":{"_totals":{"loc":3}},"results":[
 {"code":"11 def f(c):\n12     return subprocess.call(c, shell=True)\n13 \n","col_offset":11,"end_col_offset":41,
  "filename":"./shop/pay.py","issue_confidence":"HIGH","issue_cwe":{"id":78,"link":"https://cwe.mitre.org/"},
  "issue_severity":"HIGH","issue_text":"subprocess call with shell=True identified, security issue.",
  "line_number":12,"line_range":[12,13],"more_info":"https://bandit.readthedocs.io/x.html","test_id":"B602",
  "test_name":"subprocess_popen_with_shell_equals_true"},
 {"code":"1 password = 'sandcastle77'\n","filename":"shop/pay.py","issue_confidence":"MEDIUM","issue_severity":"LOW",
  "issue_text":"Possible hardcoded password: 'sandcastle77'","line_number":1,"line_range":[1],"test_id":"B105",
  "test_name":"hardcoded_password_string"}]}"#;

    #[test]
    fn findings_have_lines_columns_and_weaknesses() {
        let said = read(NEW);
        assert_eq!(
            lines(&said),
            [
                "code/os-command-injection high shop/pay.py:12: subprocess call with shell=True identified, security issue.",
                "secret/bandit/B105 low shop/pay.py:1: Hardcoded password string",
            ]
        );
        let found = &said.findings[0];
        assert_eq!(found.rule.cwe, [78]);
        let span = found.location.span.unwrap();
        assert_eq!((span.start_column, span.end_line, span.end_column), (12, 13, 42));
        assert_eq!(found.excerpt.as_ref().unwrap().as_str(), "return subprocess.call(c, shell=True)");
        assert_eq!(
            said.gaps[0].message,
            "`report`: bandit did not read `broken.py`: syntax error while parsing AST from file"
        );
    }

    #[test]
    fn a_password_is_kept_in_its_secret_alone() {
        let said = read(NEW);
        let leak = said.findings.iter().find(|finding| finding.kind == Kind::Secret).unwrap();
        assert!(leak.secret.is_some() && leak.excerpt.is_none());
        assert!(!format!("{:?} {:?} {:?}", leak.message, leak.rule, leak.remedy).contains("sandcastle77"));
        assert!(lines(&said).iter().all(|line| !line.contains("sandcastle77")));
    }

    #[test]
    fn clean_and_old_and_odd_reports_are_read() {
        let clean = read(r#"{"errors":[],"generated_at":"x","metrics":{"_totals":{"nosec":0}},"results":[]}"#);
        assert!(clean.findings.is_empty() && clean.gaps.is_empty() && clean.kinds.contains(&Kind::Code));
        let old = r#"{"errors":[],"generated_at":"x","results":[{"code":"4\tx = eval(y)\n","filename":"a.py",
 "issue_confidence":"HIGH","issue_severity":"MEDIUM","issue_text":"Use of eval.","line_number":4,"line_range":[4],
 "test_name":"blacklist_calls"}],"stats":[]}"#;
        let old = read(old);
        assert_eq!(lines(&old), ["code/bandit/blacklist_calls medium a.py:4: Use of eval."]);
        assert_eq!(old.findings[0].excerpt.as_ref().unwrap().as_str(), "x = eval(y)");
        let odd = r#"{"results":[{"code":null,"filename":"a.py","issue_confidence":"UNDEFINED","issue_severity":"UNDEFINED",
 "issue_text":"?","line_number":"7","line_range":null,"col_offset":-1,"issue_cwe":{},"test_id":"B999","more_info":null},
 {"issue_text":"Nothing else"}]}"#;
        let odd = read(odd);
        assert_eq!(lines(&odd), ["code/bandit/B999 low a.py:7: ?", "code/bandit/ low bandit-report: Nothing else"]);
    }
}
