//! Yarn's JSON: vulnerable packages of a JavaScript project.
//!
//! Lines of `yarn audit --json` (<https://classic.yarnpkg.com/en/docs/cli/audit>), one for each way in which a vulnerable
//! package gets into the tree, and of `yarn npm audit --json` (<https://yarnpkg.com/cli/npm/audit>), one for each
//! advisory and package, which may also say that a version is deprecated. Between the two Yarn wrote npm's own object.

use serde::Deserialize;
use serde_json::Value;

use super::npm_advisory::{Advisory, ids, lockfile};
use crate::finding::Kind;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;

/// Yarn's JSON.
pub static FORMAT: Format = Format {
    id: "yarn-audit",
    name: "Yarn audit JSON",
    tool: "yarn-audit",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["type=\"audit", "data"],
            &["type=\"error\"", "data=\""],
            &["type=\"warning\"", "data=\""],
            &["type=\"info\"", "data=\""],
            &["type=\"success\"", "data=\""],
            &["type=\"verbose\"", "data=\""],
            &["type=\"step\"", "data.message"],
            &["type=\"activity", "data"],
            &["type=\"progress", "data"],
            &["value", "children.Issue"],
            &["value", "children.Severity"],
        ],
        records: &[""],
        reader: || Box::new(YarnAudit),
    },
};

struct YarnAudit;

impl Reader for YarnAudit {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let line: Line = record.parse()?;
        match (line.kind.as_str(), line.children) {
            ("auditAdvisory", _) => {
                let Some(data) = line.data.and_then(|data| serde_json::from_value::<Data>(data).ok()) else {
                    return Err("it has no advisory".into());
                };
                let finding = data.advisory.finding(&data.resolution.unwrap_or_default().path, out);
                out.finding(finding);
            }
            ("error", _) => {
                let why = line.data.as_ref().and_then(Value::as_str).unwrap_or_default();
                out.gap(format!("yarn audit failed: {}", why.lines().next().unwrap_or_default()));
            }
            ("", Some(issue)) => suggested(&line.value, &issue, out),
            _ => {}
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    data: Option<Value>,
    #[serde(default, deserialize_with = "lenient::text")]
    value: String,
    #[serde(default, deserialize_with = "lenient::maybe")]
    children: Option<Issue>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(default, deserialize_with = "lenient::maybe")]
    resolution: Option<Resolution>,
    advisory: Advisory,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Resolution {
    #[serde(deserialize_with = "lenient::text")]
    path: String,
}

/// What Yarn since version 4 says of a package.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Issue {
    #[serde(rename = "ID", deserialize_with = "lenient::text")]
    id: String,
    #[serde(rename = "Issue", deserialize_with = "lenient::text")]
    issue: String,
    #[serde(rename = "URL", deserialize_with = "lenient::text")]
    url: String,
    #[serde(rename = "Severity", deserialize_with = "lenient::text")]
    severity: String,
    #[serde(rename = "Tree Versions", deserialize_with = "lenient::texts")]
    versions: Vec<String>,
}

fn suggested(name: &str, issue: &Issue, out: &mut Out) {
    let is_deprecated = issue.id.ends_with("(deprecation)");
    let (id, aliases) = match is_deprecated {
        true => ("deprecated".to_owned(), Vec::new()),
        false => ids(&issue.id, &issue.url, "", &[]),
    };
    let version = issue.versions.first().map_or("", String::as_str);
    let mut finding = Vulnerable {
        id: if id.is_empty() { "unknown" } else { &id },
        aliases,
        title: if is_deprecated { "A version that is deprecated" } else { &issue.issue },
        description: "",
        url: &issue.url,
        cwe: Vec::new(),
        package: package("", "npm", name, version),
        severity: out.severity(&issue.severity),
        location: out.lines(lockfile(out), 0, 0),
    }
    .finding(out);
    if is_deprecated {
        let package = finding.package.as_ref().map_or("", |package| &package.name);
        finding.message = format!("{package} {} is deprecated", crate::text::printable(version));
    }
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn classic() {
        let advisory = r#"{"findings":[{"version":"4.17.15","paths":["lodash"]},{"version":"3.0.0","paths":["shelf>lodash"]}],"id":1523,"title":"Pollution","module_name":"lodash","cves":["CVE-2020-8203"],"patched_versions":"<0.0.0","severity":"low","cwe":"CWE-471","url":"https://npmjs.com/advisories/1523"}"#;
        let line = |path: &str| {
            format!(
                r#"{{"type":"auditAdvisory","data":{{"resolution":{{"id":1523,"path":"{path}"}},"advisory":{advisory}}}}}"#
            )
        };
        let said = read(format!(
            "{{\"type\":\"info\",\"data\":\"x\"}}\n{}\n{}\n{{\"type\":\"auditAdvisory\",\"data\":null}}\n{{\"type\":\"auditSummary\",\"data\":{{\"vulnerabilities\":{{}}}}}}",
            line("lodash"),
            line("shelf>lodash")
        ));
        assert_eq!(
            lines(&said),
            [
                "advisory/CVE-2020-8203 low yarn.lock pkg:npm/lodash@4.17.15: lodash 4.17.15 is vulnerable: Pollution",
                "advisory/CVE-2020-8203 low yarn.lock pkg:npm/lodash@3.0.0: lodash 3.0.0 is vulnerable: Pollution",
            ]
        );
        assert_eq!(said.findings[1].package.as_ref().unwrap().path, ["shelf", "lodash"]);
        assert_eq!(said.gaps.len(), 1);
    }

    #[test]
    fn berry() {
        let said = read(
            r#"{"value":"lodash","children":{"ID":1106913,"Issue":"Injection","URL":"https://github.com/advisories/GHSA-35jh-r3h4-6jhm","Severity":"high","Vulnerable Versions":"<4.17.21","Tree Versions":["4.17.15","4.17.14"],"Dependents":["a@workspace:."]}}
{"value":"@a/b","children":{"ID":"@a/b (deprecation)","Issue":"No longer","Severity":"moderate","Vulnerable Versions":"1.0.0","Tree Versions":["1.0.0"],"Dependents":[]}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/GHSA-35jh-r3h4-6jhm high yarn.lock pkg:npm/lodash@4.17.15: lodash 4.17.15 is vulnerable: Injection",
                "advisory/deprecated medium yarn.lock pkg:npm/%40a/b@1.0.0: @a/b 1.0.0 is deprecated",
            ]
        );
    }

    #[test]
    fn a_clean_report_and_a_failure() {
        let said = read(r#"{"type":"auditSummary","data":{"vulnerabilities":{"low":0},"dependencies":3}}"#);
        assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1));
        let said = read(r#"{"type":"error","data":"No lockfile found.\nmore"}"#);
        assert!(said.gaps[0].message.contains("yarn audit failed: No lockfile found."), "{:?}", said.gaps);
    }
}
