//! Checkstyle's XML, which Hadolint, ShellCheck and many linters write.
//!
//! A `checkstyle` element with a `file` for each file and an `error` for each finding
//! (<https://checkstyle.org/config_reporting.html>). The tool is the one whose ids look like the error's source.

use crate::finding::{Confidence, Kind};
use crate::ingest::attribution;
use crate::ingest::format::{Format, Syntax};
use crate::ingest::make::Check;
use crate::ingest::map::Map;
use crate::ingest::out::{Out, span};
use crate::ingest::xml::{self, Ends, attribute, elements};
use roxmltree::Node;

/// Checkstyle's XML.
pub static FORMAT: Format = Format {
    id: "checkstyle",
    name: "Checkstyle XML",
    tool: "checkstyle",
    kinds: &[],
    syntax: Syntax::Text { fits, read },
};

const ENDS: Ends = Ends { record: "</file>", closings: &["</checkstyle>"] };

fn fits(head: &str) -> bool {
    head.trim_start_matches('\u{feff}').trim_start().starts_with('<') && head.contains("<checkstyle")
}

fn read(text: &str, out: &mut Out) -> Result<(), String> {
    xml::read(text, &ENDS, out, |root, out| {
        for file in elements(root, "file") {
            elements(file, "error").for_each(|error| told(attribute(file, "name"), error, out));
        }
    })
}

fn told(file: &str, error: Node<'_, '_>, out: &mut Out) {
    let source = attribute(error, "source");
    let id = source.rsplit('.').next().unwrap_or(source);
    let (tool, kind) = attribution::tool_of(id).unwrap_or((out.format.tool, Kind::Code));
    let number = |name: &str| attribute(error, name).parse().unwrap_or(0);
    let mut location = out.lines(file, 0, 0);
    location.span = span(number("line"), number("column"), 0, 0);
    let finding = Check {
        kind,
        id: if id.is_empty() { "error" } else { id },
        title: "",
        message: attribute(error, "message"),
        description: "",
        help: "",
        url: "",
        cwe: Vec::new(),
        severity: out.severity(attribute(error, "severity")),
        confidence: Confidence::Medium,
        location,
        excerpt: None,
        resource: "",
    }
    .finding_of(out, tool, Map::of(tool));
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    const REPORT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3"><file name="bin/a.sh"><error line="4" column="2" severity="warning" message="Use &quot;${a:?}&quot;" source="ShellCheck.SC2115"/>
<error line="x" severity="info" message="Long" source="com.puppycrawl.tools.checkstyle.checks.LineLength"/></file>
<file name="b.sh"></file></checkstyle>"#;

    #[test]
    fn errors_are_findings() {
        let said = read(REPORT);
        assert_eq!(
            lines(&said),
            [
                "code/unset-variable-in-path medium bin/a.sh:4: Use \"${a:?}\"",
                "code/checkstyle/LineLength info bin/a.sh: Long"
            ]
        );
        assert!(said.gaps.is_empty(), "{:?}", said.gaps);
    }

    #[test]
    fn what_is_cut_short_or_hostile_is_a_gap() {
        let cut = read(&REPORT[..REPORT.len() - 20]);
        assert_eq!((cut.findings.len(), cut.gaps.len()), (2, 1), "{:?}", cut.gaps);
        let hostile =
            read("<!DOCTYPE checkstyle [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><checkstyle>&a;</checkstyle>");
        assert!(hostile.findings.is_empty() && hostile.gaps[0].message.contains("it defines entities"));
        let deep = format!("<checkstyle>{}", "<a>".repeat(200_000));
        assert_eq!(read(deep).gaps.len(), 1);
    }
}
