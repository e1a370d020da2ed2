//! pip-audit's JSON: vulnerable packages of a Python environment or of requirements.
//!
//! `pip-audit -f json`: an object with `dependencies` since 2.0, before that the bare list of them
//! (<https://github.com/pypa/pip-audit#usage>). It names no file and rates nothing.

use serde::Deserialize;

use crate::finding::Kind;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::rate;
use crate::ingest::scanned::PYTHON;
use crate::text;

/// So many packages that were left out are named.
const MOST_NAMED: usize = 3;

/// pip-audit's JSON.
pub static FORMAT: Format = Format {
    id: "pip-audit",
    name: "pip-audit JSON",
    tool: "pip-audit",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["dependencies=[", "fixes"],
            &["dependencies[].vulns"],
            &["dependencies[].skip_reason"],
            &["dependencies=[]", "!reportSchema", "!bomFormat"],
        ],
        records: &["dependencies[]"],
        reader: || Box::<PipAudit>::default(),
    },
};

/// The bare list of dependencies that versions before 2.0 wrote.
pub static DEPENDENCIES: Format = Format {
    syntax: Syntax::Json {
        marks: &[&["name", "version", "vulns"], &["name", "skip_reason"]],
        records: &[""],
        reader: || Box::<PipAudit>::default(),
    },
    ..FORMAT
};

#[derive(Default)]
struct PipAudit {
    seen: usize,
    skipped: Vec<String>,
}

impl Reader for PipAudit {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let dependency: Dependency = record.parse()?;
        self.seen += 1;
        if !dependency.skip_reason.is_empty() {
            self.skipped.push(dependency.name.clone());
        }
        for vulnerability in &dependency.vulns {
            vulnerable(&dependency, vulnerability, out);
        }
        Ok(())
    }

    /// A package of the project itself, or one that no index has, is not looked up: that is no fault of the run. But
    /// when none of them is, the index was not to be had.
    fn end(&mut self, out: &mut Out) {
        let (skipped, seen) = (std::mem::take(&mut self.skipped), std::mem::take(&mut self.seen));
        if skipped.is_empty() {
            return;
        }
        let named = skipped.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let more = if skipped.len() > MOST_NAMED { " and others" } else { "" };
        let count = text::count(skipped.len(), "package");
        match skipped.len() == seen {
            true => out.gap(format!("pip-audit could look up none of its packages ({count}): {named}{more}")),
            false => out.note(format!("pip-audit could not look up {count}: {named}{more}")),
        }
    }
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, deserialize_with = "lenient::text")]
    skip_reason: String,
    #[serde(default, deserialize_with = "lenient::list")]
    vulns: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(default, deserialize_with = "lenient::texts")]
    fix_versions: Vec<String>,
    #[serde(default, deserialize_with = "lenient::texts")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    description: String,
}

fn vulnerable(dependency: &Dependency, found: &Vulnerability, out: &mut Out) {
    let mut package = package("", "pypi", &dependency.name, &dependency.version);
    package.fixed.clone_from(&found.fix_versions);
    let finding = Vulnerable {
        id: &found.id,
        aliases: found.aliases.clone(),
        title: "",
        description: &found.description,
        url: &format!("https://osv.dev/{}", found.id),
        cwe: Vec::new(),
        package,
        severity: rate(out.map, "", &[]),
        location: out.lines(PYTHON, 0, 0),
    }
    .finding(out);
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn the_object_and_the_list() {
        let vulnerable = r#"{"name":"jinja2","version":"2.10","vulns":[
            {"id":"PYSEC-2019-217","fix_versions":["2.10.1"],"aliases":["CVE-2019-10906"],
             "description":"In Pallets Jinja before 2.10.1, str.format_map allows a sandbox escape. More text follows."},
            {"id":"GHSA-aaaa-bbbb-cccc","fix_versions":[]}]}"#;
        let skipped = r#"{"name":"shop","skip_reason":"Dependency not found on PyPI"}"#;
        let expected = [
            "advisory/PYSEC-2019-217 medium python-environment pkg:pypi/jinja2@2.10: jinja2 2.10 is vulnerable: \
             In Pallets Jinja before 2.10.1, str.format_map allows a sandbox escape",
            "advisory/GHSA-aaaa-bbbb-cccc medium python-environment pkg:pypi/jinja2@2.10: \
             jinja2 2.10 is vulnerable: GHSA-aaaa-bbbb-cccc",
        ];
        let object = read(format!(r#"{{"dependencies":[{vulnerable},{skipped}],"fixes":[]}}"#));
        assert_eq!(lines(&object), expected);
        let package = object.findings[0].package.as_ref().unwrap();
        assert_eq!((package.fixed[0].as_str(), package.aliases[0].as_str()), ("2.10.1", "CVE-2019-10906"));
        assert!(object.notes[0].contains("could not look up 1 package: `shop`"), "{:?}", object.notes);
        let list = read(format!("[{skipped},{vulnerable}]"));
        assert_eq!(lines(&list), expected);
        assert!(object.gaps.is_empty() && list.gaps.is_empty());
    }

    #[test]
    fn an_index_that_was_not_to_be_had_is_no_clean_report() {
        let said = read(r#"{"dependencies":[{"name":"a","skip_reason":"not found"}],"fixes":[]}"#);
        assert!(
            said.gaps[0].message.ends_with("could look up none of its packages (1 package): `a`"),
            "{:?}",
            said.gaps
        );
    }

    #[test]
    fn clean_and_odd() {
        for clean in [
            r#"{"dependencies":[{"name":"a","version":"1","vulns":[]}],"fixes":[]}"#,
            r#"{"dependencies":[],"fixes":[]}"#,
            r#"[{"name":"a","version":"1","vulns":[]}]"#,
        ] {
            let said = read(clean);
            assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{clean}");
        }
        let odd = read(r#"{"dependencies":[{"name":"a","version":null,"vulns":[{"id":7,"aliases":null},{}]},{}]}"#);
        assert_eq!((odd.findings.len(), odd.gaps.len()), (1, 1), "{:?}", odd.gaps);
    }
}
