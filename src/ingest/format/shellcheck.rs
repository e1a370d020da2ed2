//! ShellCheck's JSON: mistakes in shell scripts.
//!
//! `shellcheck -f json`, a list of comments, and `-f json1`, an object around it, since 0.7
//! (<https://github.com/koalaman/shellcheck/wiki/Integration>). Versions before 0.4 tell no end. What a directive
//! disables is not in it.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Check;
use crate::ingest::out::{Out, span};

/// ShellCheck's JSON.
pub static FORMAT: Format = Format {
    id: "shellcheck",
    name: "ShellCheck JSON",
    tool: "shellcheck",
    kinds: &[Kind::Code],
    syntax: Syntax::Json {
        marks: &[
            &["comments[].code", "comments[].level"],
            &["comments=[]", "!results"],
            &["code=1", "file", "level", "line", "message"],
            &["code=2", "file", "level", "line", "message"],
            &["code=3", "file", "level", "line", "message"],
        ],
        records: &["comments[]", ""],
        reader: || Box::new(ShellCheck),
    },
};

struct ShellCheck;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Comment {
    #[serde(deserialize_with = "lenient::text")]
    file: String,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::number")]
    end_line: u32,
    #[serde(deserialize_with = "lenient::number")]
    column: u32,
    #[serde(deserialize_with = "lenient::number")]
    end_column: u32,
    #[serde(deserialize_with = "lenient::text")]
    level: String,
    #[serde(deserialize_with = "lenient::text")]
    code: String,
    #[serde(deserialize_with = "lenient::text")]
    message: String,
}

impl Reader for ShellCheck {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Comment = record.parse()?;
        let id = format!("SC{}", found.code);
        let mut location = out.lines(&found.file, 0, 0);
        location.span = span(found.line, found.column, found.end_line, found.end_column);
        let finding = Check {
            kind: Kind::Code,
            id: &id,
            title: "",
            message: &found.message,
            description: "",
            help: "",
            url: &format!("https://www.shellcheck.net/wiki/{id}"),
            cwe: Vec::new(),
            severity: out.severity(&found.level),
            confidence: Confidence::High,
            location,
            excerpt: None,
            resource: "",
        }
        .finding(out);
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    const ONE: &str = r#"{"file":"bin/a.sh","line":5,"endLine":5,"column":8,"endColumn":15,"level":"warning","code":2115,
 "message":"Use \"${var:?}\" to ensure this never expands to /* .","fix":null}"#;
    const OLD: &str =
        r#"{"file":"./bin/a.sh","line":6,"column":3,"level":"style","code":2006,"message":"Use $(...)."}"#;

    #[test]
    fn both_shapes_give_the_same() {
        let expected = [
            "code/unset-variable-in-path medium bin/a.sh:5: Use \"${var:?}\" to ensure this never expands to /* .",
            "code/shellcheck/SC2006 info bin/a.sh:6: Use $(...).",
        ];
        for text in [format!("[{ONE},{OLD}]"), format!("{{\"comments\":[{ONE},{OLD}]}}"), format!("{ONE}\n{OLD}")] {
            let said = read(text.clone());
            assert_eq!(lines(&said), expected, "{text}");
            assert!(said.gaps.is_empty(), "{:?}", said.gaps);
            let span = said.findings[0].location.span.unwrap();
            assert_eq!((span.start_column, span.end_column), (8, 15));
        }
    }

    #[test]
    fn nothing_found_is_a_report() {
        let said = read(r#"{"comments":[]}"#);
        assert!(said.findings.is_empty() && said.gaps.is_empty());
        assert_eq!(said.notes, ["`report`: ShellCheck JSON, 0 findings"]);
    }
}
