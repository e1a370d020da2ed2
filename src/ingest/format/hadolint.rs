//! Hadolint's JSON: mistakes in Dockerfiles, and those that ShellCheck finds in their commands.
//!
//! `hadolint -f json`: a list of objects, the same since the first version
//! (<https://github.com/hadolint/hadolint#cli>). What an `ignore` accepts is not in it.

use serde::Deserialize;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Check;
use crate::ingest::out::{Out, span};

/// Hadolint's JSON.
pub static FORMAT: Format = Format {
    id: "hadolint",
    name: "Hadolint JSON",
    tool: "hadolint",
    kinds: &[Kind::Config],
    syntax: Syntax::Json {
        // The code is a text; that of ShellCheck is a number.
        marks: &[&["code=\"", "file", "level", "line", "message"]],
        records: &[""],
        reader: || Box::new(Hadolint),
    },
};

struct Hadolint;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "lenient::text")]
    code: String,
    #[serde(deserialize_with = "lenient::text")]
    file: String,
    #[serde(deserialize_with = "lenient::text")]
    level: String,
    #[serde(deserialize_with = "lenient::number")]
    line: u32,
    #[serde(deserialize_with = "lenient::number")]
    column: u32,
    #[serde(deserialize_with = "lenient::text")]
    message: String,
}

impl Reader for Hadolint {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        let is_shell = found.code.starts_with("SC");
        let wiki =
            if is_shell { "https://www.shellcheck.net/wiki" } else { "https://github.com/hadolint/hadolint/wiki" };
        let mut location = out.lines(&found.file, 0, 0);
        location.span = span(found.line, found.column, 0, 0);
        let finding = Check {
            kind: Kind::Config,
            id: &found.code,
            // Hadolint says the same of every place; ShellCheck names what is in it.
            title: if is_shell { "" } else { &found.message },
            message: &found.message,
            description: "",
            help: "",
            url: &format!("{wiki}/{}", found.code),
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

    #[test]
    fn a_list_of_objects_is_read() {
        let said = read(
            r#"[{"line":2,"code":"DL3007","message":"Using latest is prone to errors","column":1,"file":"./Dockerfile","level":"warning"},
 {"line":3,"code":"SC2046","message":"Quote this to prevent word splitting.","column":1,"file":"Dockerfile","level":"error"},
 {"line":null,"code":"DL1000","message":"unexpected 'X'","file":"Dockerfile","level":"style"}]"#,
        );
        assert_eq!(
            lines(&said),
            [
                "config/unpinned-image medium Dockerfile:2: Using latest is prone to errors",
                "config/hadolint/SC2046 high Dockerfile:3: Quote this to prevent word splitting.",
                "config/hadolint/DL1000 info Dockerfile: unexpected 'X'",
            ]
        );
        assert!(said.gaps.is_empty());
        assert_eq!(said.findings[1].rule.url.as_deref(), Some("https://www.shellcheck.net/wiki/SC2046"));
    }
}
