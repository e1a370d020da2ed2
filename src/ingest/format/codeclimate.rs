//! Code Climate's issues, which GitLab takes as a report of code quality and many linters write.
//!
//! <https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md#data-types>: a list of issues, or one
//! after the other. The tool is that of `engine_name`, or the one whose ids look like the check's name.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::attribution;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak};
use crate::ingest::map::Map;
use crate::ingest::out::{Out, span};
use crate::text;

/// Code Climate's issues.
pub static FORMAT: Format = Format {
    id: "codeclimate",
    name: "Code Climate JSON",
    tool: "codeclimate",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["check_name", "location.path", "description"],
            &["fingerprint", "location.lines", "description", "severity"],
        ],
        records: &[""],
        reader: || Box::new(CodeClimate),
    },
};

struct CodeClimate;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Issue {
    #[serde(deserialize_with = "lenient::text")]
    check_name: String,
    #[serde(deserialize_with = "lenient::text")]
    engine_name: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::or_default")]
    content: Content,
    #[serde(deserialize_with = "lenient::or_default")]
    location: Place,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Content {
    #[serde(deserialize_with = "lenient::text")]
    body: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    #[serde(deserialize_with = "lenient::text")]
    path: String,
    #[serde(deserialize_with = "lenient::or_default")]
    lines: Lines,
    #[serde(deserialize_with = "lenient::or_default")]
    positions: Positions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Lines {
    #[serde(deserialize_with = "lenient::number")]
    begin: u32,
    #[serde(deserialize_with = "lenient::number")]
    end: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Positions {
    #[serde(deserialize_with = "lenient::or_default")]
    begin: Position,
    #[serde(deserialize_with = "lenient::or_default")]
    end: Position,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Position {
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::number")]
    column: u32,
}

impl Reader for CodeClimate {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let issue: Issue = record.parse()?;
        let id = if issue.check_name.is_empty() { "issue" } else { &issue.check_name };
        let (tool, kind) = match (issue.engine_name.as_str(), attribution::tool_of(id)) {
            (_, Some((tool, kind))) => (tool.to_owned(), kind),
            ("", None) => (out.format.tool.to_owned(), Kind::Code),
            (engine, None) => (engine.to_lowercase(), Kind::Code),
        };
        let Place { path, lines: told, positions: Positions { begin, end } } = &issue.location;
        let mut location = out.lines(path, 0, 0);
        location.span = match begin.line {
            0 => span(told.begin, 0, told.end, 0),
            line => span(line, begin.column, end.line, end.column.saturating_add(1)),
        };
        let severity = out.severity(&issue.severity);
        let finding = if kind == Kind::Secret {
            let confidence = Confidence::Medium;
            Leak { id, title: "", description: "", severity, confidence, location, value: "", commit: ("", "") }
                .finding(out)
        } else {
            Check {
                kind,
                id,
                title: "",
                message: &issue.description,
                description: &issue.content.body,
                help: "",
                url: "",
                cwe: Vec::new(),
                severity,
                confidence: Confidence::Medium,
                location,
                excerpt: None,
                resource: "",
            }
            .finding_of(out, &text::printable(&tool), Map::of(&tool))
        };
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn issues_belong_to_their_tools() {
        let said = read(
            r#"[{"type":"issue","check_name":"DL3008","description":"Pin versions","severity":"major","categories":["Bug Risk"],
 "location":{"path":"Dockerfile","lines":{"begin":3,"end":3}},"fingerprint":"a"},
 {"check_name":"no-eval","engine_name":"ESLint","description":"eval","location":{"path":"a.js","positions":{"begin":{"line":2,"column":4},"end":{"line":2,"column":7}}},"severity":"blocker"},
 {"description":"Complex","fingerprint":"b","severity":"minor","location":{"path":"b.rb","lines":{"begin":"7"}}}]"#,
        );
        assert_eq!(
            lines(&said),
            [
                "config/unpinned-package high Dockerfile:3: Pin versions",
                "code/eslint/no-eval critical a.js:2: eval",
                "code/codeclimate/issue low b.rb:7: Complex",
            ]
        );
        assert_eq!(said.findings[0].sources[0].tool, "hadolint");
        assert!(said.gaps.is_empty());
    }
}
