//! Safety's JSON: vulnerable Python packages.
//!
//! `safety check --json` of version 1 writes a list of lists, that of versions 2 and 3 an object with
//! `vulnerabilities`, and `safety scan --output json` an object with `scan_results`
//! (<https://docs.safetycli.com/safety-docs/output>). What a policy ignores does not count.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::finding::Kind;
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::ingest::scanned::PYTHON;
use crate::text;

const ROW: &str = "[]";
const VULNERABILITY: &str = "vulnerabilities[]";
const PROJECT: &str = "scan_results.projects[].files[].results.dependencies[]";
const FILE: &str = "scan_results.files[].results.dependencies[]";

/// Safety's JSON.
pub static FORMAT: Format = Format {
    id: "safety",
    name: "Safety JSON",
    tool: "safety",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["[][]"],
            &["report_meta", "vulnerabilities"],
            &["report_meta", "licenses"],
            &["scanned_packages", "affected_packages"],
            &["meta.scan_type", "scan_results"],
            &["meta.telemetry", "scan_results"],
        ],
        records: &[ROW, VULNERABILITY, PROJECT, FILE],
        reader: || Box::<Safety>::default(),
    },
};

#[derive(Default)]
struct Safety {
    /// The file that is read; empty for an installed environment.
    file: String,
}

impl Reader for Safety {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        if around.path.is_empty() {
            let meta: Value = around.get("report_meta").unwrap_or_default();
            let scanned = meta.get("scanned").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            self.file = match scanned {
                [one] => one.as_str().filter(|name| is_file(name)).unwrap_or_default().to_owned(),
                _ => String::new(),
            };
        }
        if around.path.ends_with("files[]") {
            self.file = around.text("location");
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            ROW => row(&record.parse::<Vec<Value>>()?, out)?,
            VULNERABILITY => self.vulnerability(&record.parse()?, out),
            _ => self.dependency(&record.parse()?, out),
        }
        Ok(())
    }
}

/// Whether a place is a file of requirements, rather than a folder in which packages are installed.
fn is_file(name: &str) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    [".txt", ".in", ".toml", ".lock", ".cfg", ".yml", ".yaml"].iter().any(|end| last.ends_with(end))
        || last == "Pipfile"
}

/// What every version tells of a vulnerability.
#[derive(Default)]
struct Told<'a> {
    id: &'a str,
    package: &'a str,
    version: &'a str,
    advisory: &'a str,
    aliases: Vec<String>,
    fixed: Vec<String>,
    word: &'a str,
    scores: Vec<Scored<'a>>,
    url: &'a str,
    file: &'a str,
}

impl Told<'_> {
    fn finding(self, out: &mut Out) {
        let mut package = package("", "pypi", self.package, self.version);
        package.fixed = self.fixed;
        let mut aliases = self.aliases;
        if aliases.is_empty() {
            aliases.extend(only_cve(self.advisory));
        }
        // A bare number says nothing outside of Safety's own database, which numbers what has no CVE as PVE.
        let is_number = self.id.bytes().all(|b| b.is_ascii_digit());
        let id = if is_number { format!("SAFETY-{}", self.id) } else { self.id.to_owned() };
        let mut finding = Vulnerable {
            id: &id,
            aliases,
            title: "",
            description: self.advisory,
            url: self.url,
            cwe: Vec::new(),
            package,
            severity: rate(out.map, self.word, &self.scores),
            location: out.lines(if self.file.is_empty() { PYTHON } else { self.file }, 0, 0),
        }
        .finding(out);
        if let Some(source) = finding.sources.first_mut() {
            source.rule = text::printable(self.id);
        }
        out.finding(finding);
    }
}

/// The CVE that a text is about; `None` when it names several.
fn only_cve(text: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let words = text.split(|c: char| !is_part(c)).map(str::to_ascii_uppercase);
    let named: BTreeSet<String> = words.filter(|word| is_cve(word)).collect();
    if named.len() == 1 { named.into_iter().next() } else { None }
}

fn is_cve(word: &str) -> bool {
    let number = word.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    let is_number = |part: &str| part.len() >= 4 && part.bytes().all(|b| b.is_ascii_digit());
    number.is_some_and(|(year, number)| is_number(year) && is_number(number))
}

/// A row of version 1: the package, what is vulnerable, the version, the advisory, its id, and scores where the
/// database is paid for.
fn row(row: &[Value], out: &mut Out) -> Result<(), Unreadable> {
    let told = |index: usize| row.get(index).and_then(Value::as_str).unwrap_or_default();
    let number = row.get(4).map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).unwrap_or_default();
    if told(0).is_empty() || number.is_empty() || number == "null" {
        return Err("it is no row of five".into());
    }
    let scores = row.iter().skip(5).filter_map(scored).collect();
    let (package, version, advisory) = (told(0), told(2), told(3));
    Told { id: &number, package, version, advisory, scores, ..Told::default() }.finding(out);
    Ok(())
}

/// A score with its vector, under either of the names that it has had.
fn scored(value: &Value) -> Option<Scored<'_>> {
    let number = value.get("base_score").or_else(|| value.get("score"))?;
    let score = number.as_f64().or_else(|| number.as_str()?.parse().ok());
    let vector = value.get("vector_string").and_then(Value::as_str).unwrap_or_default();
    Some(Scored { by: "", score, vector })
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(default, deserialize_with = "lenient::text")]
    vulnerability_id: String,
    package_name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    analyzed_version: String,
    #[serde(default, deserialize_with = "lenient::maybe")]
    analyzed_requirement: Option<Requirement>,
    #[serde(default, deserialize_with = "lenient::text")]
    advisory: String,
    #[serde(default, rename = "CVE")]
    cve: Value,
    #[serde(default)]
    severity: Value,
    #[serde(default, deserialize_with = "lenient::texts")]
    fixed_versions: Vec<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    more_info_url: String,
    #[serde(default)]
    ignored: Value,
}

#[derive(Default, Deserialize)]
struct Requirement {
    #[serde(default, deserialize_with = "lenient::text")]
    found: String,
}

/// The ids in a text, a list of texts, or objects with a name.
fn ids(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.split([',', ' ']).filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        Value::Array(list) => list.iter().flat_map(ids).collect(),
        Value::Object(object) => object.get("name").map(ids).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Whether a policy ignores it: a truth value, or an object that says why and is empty where it does not.
fn is_ignored(value: &Value) -> bool {
    match value {
        Value::Bool(ignored) => *ignored,
        Value::Object(why) => !why.is_empty(),
        _ => false,
    }
}

impl Safety {
    fn vulnerability(&self, found: &Vulnerability, out: &mut Out) {
        if is_ignored(&found.ignored) {
            return;
        }
        let at = found.analyzed_requirement.as_ref().map_or("", |requirement| &requirement.found);
        let severity = &found.severity;
        let word = severity.as_str().or_else(|| severity.pointer("/cvssv3/base_severity")?.as_str());
        let scores = ["cvssv3", "cvssv2"].iter().filter_map(|version| scored(severity.get(version)?));
        Told {
            id: &found.vulnerability_id,
            package: &found.package_name,
            version: &found.analyzed_version,
            advisory: &found.advisory,
            aliases: ids(&found.cve),
            fixed: found.fixed_versions.clone(),
            word: word.unwrap_or_default(),
            scores: scores.collect(),
            url: &found.more_info_url,
            file: if is_file(at) { at } else { &self.file },
        }
        .finding(out);
    }

    fn dependency(&self, dependency: &Dependency, out: &mut Out) {
        for specification in &dependency.specifications {
            let version = specification.raw.split_once("==").map_or("", |(_, version)| version);
            let version = version.trim_start_matches('=').split([' ', ';', ',']).next().unwrap_or_default();
            let remediation = specification.vulnerabilities.remediation.as_ref();
            let fixed = remediation.map_or("", |remediation| remediation.recommended.as_str());
            for found in &specification.vulnerabilities.known_vulnerabilities {
                if is_ignored(&found.ignored) {
                    continue;
                }
                Told {
                    id: &found.id,
                    package: &dependency.name,
                    version,
                    fixed: Some(fixed.to_owned()).filter(|version| !version.is_empty()).into_iter().collect(),
                    aliases: ids(&found.cve),
                    url: &format!("https://data.safetycli.com/v/{}/", found.id),
                    file: if is_file(&self.file) { &self.file } else { "" },
                    ..Told::default()
                }
                .finding(out);
            }
        }
    }
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    #[serde(default, deserialize_with = "lenient::list")]
    specifications: Vec<Specification>,
}

#[derive(Deserialize)]
struct Specification {
    #[serde(default, deserialize_with = "lenient::text")]
    raw: String,
    vulnerabilities: Known,
}

#[derive(Deserialize)]
struct Known {
    #[serde(default, deserialize_with = "lenient::list")]
    known_vulnerabilities: Vec<KnownVulnerability>,
    #[serde(default, deserialize_with = "lenient::maybe")]
    remediation: Option<Remediation>,
}

#[derive(Deserialize)]
struct KnownVulnerability {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(default)]
    ignored: Value,
    #[serde(default, rename = "CVE", alias = "cve")]
    cve: Value,
}

#[derive(Deserialize)]
struct Remediation {
    #[serde(default, deserialize_with = "lenient::text")]
    recommended: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::ingest::testing::{lines, read};

    #[test]
    fn rows_of_version_1() {
        let said = read(
            r#"[["jinja2","<2.10.1","2.10","Jinja2 before 2.10.1 lets code out of its sandbox: CVE-2019-10906.","36885"],
             ["pyyaml","<5.4","5.1","Pyyaml 5.4 fixes two holes. CVE-2020-1747 and CVE-2020-14343.",39611,null,
              {"base_score":9.8,"impact_score":5.9,"vector_string":"CVSS:3.1/AV:N"}],
             ["short"]]"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/CVE-2019-10906 medium python-environment pkg:pypi/jinja2@2.10: jinja2 2.10 is vulnerable: \
                 Jinja2 before 2.10.1 lets code out of its sandbox: CVE-2019-10906",
                "advisory/SAFETY-39611 critical python-environment pkg:pypi/pyyaml@5.1: pyyaml 5.1 is vulnerable: \
                 Pyyaml 5.4 fixes two holes",
            ]
        );
        assert_eq!(said.findings[0].sources[0].rule, "36885");
        assert_eq!(said.gaps.len(), 1, "{:?}", said.gaps);
    }

    #[test]
    fn the_object_of_version_2() {
        let said = read(
            r#"{"report_meta":{"scan_target":"files","scanned":["requirements.txt"],"safety_version":"2.3.5"},
            "scanned_packages":{},"affected_packages":{},"vulnerabilities":[
             {"vulnerability_id":"51457","package_name":"py","ignored":false,"vulnerable_spec":"<=1.11.0","analyzed_version":"1.11.0",
              "advisory":"Py through 1.11.0 is slow on odd input.","CVE":"CVE-2022-42969","fixed_versions":[],
              "severity":{"source":"CVE-2022-42969","cvssv2":null,"cvssv3":{"base_score":7.5,"base_severity":"HIGH"}},
              "more_info_url":"https://data.safetycli.com/v/51457/f17"},
             {"vulnerability_id":"2","package_name":"b","analyzed_version":null,"CVE":null,"severity":null,"ignored":{},
              "analyzed_requirement":{"found":"dev/requirements.txt"},"fixed_versions":["2"]},
             {"vulnerability_id":"3","package_name":"c","ignored":true},
             {"vulnerability_id":"4"}],
            "ignored_vulnerabilities":[{"vulnerability_id":"5","package_name":"d"}],"remediations":{}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/CVE-2022-42969 high requirements.txt pkg:pypi/py@1.11.0: py 1.11.0 is vulnerable: \
                 Py through 1.11.0 is slow on odd input",
                "advisory/SAFETY-2 medium dev/requirements.txt pkg:pypi/b: b is vulnerable: SAFETY-2",
            ]
        );
        assert_eq!(said.gaps.len(), 1);
    }

    #[test]
    fn the_scan_of_version_3() {
        let file = |name: &str| {
            format!(
                r#"{{"location":"{name}","type":"requirements.txt","results":{{"dependencies":[{{"name":"django",
                "specifications":[{{"raw":"django==2.2 ; python_version>'3'","vulnerabilities":{{"known_vulnerabilities":[
                 {{"id":"44423","vulnerable_spec":"<3"}},{{"id":"1","ignored":{{"code":"manual"}},"vulnerable_spec":"<3"}},
                 {{"id":"2","ignored":null}}],
                 "remediation":{{"recommended":"4.2"}}}}}},{{"raw":"django","vulnerabilities":{{"known_vulnerabilities":[]}}}}]}}]}}}}"#
            )
        };
        let said = read(format!(
            r#"{{"meta":{{"scan_type":"scan","telemetry":{{}}}},"scan_results":{{"files":[{}],
             "projects":[{{"id":"shop","location":"/x","files":[{}]}}]}}}}"#,
            file("/usr/bin/python3"),
            file("requirements.txt")
        ));
        let told = lines(&said);
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told[0].starts_with("advisory/SAFETY-44423 medium python-environment pkg:pypi/django@2.2: django 2.2"));
        assert!(told[2].starts_with("advisory/SAFETY-44423 medium requirements.txt pkg:pypi/django@2.2"), "{told:?}");
        assert_eq!(said.findings[0].package.as_ref().unwrap().fixed, ["4.2"]);
    }

    #[test]
    fn clean_reports() {
        for clean in [
            r#"{"report_meta":{},"scanned_packages":{},"affected_packages":{},"vulnerabilities":[],"ignored_vulnerabilities":[]}"#,
            r#"{"meta":{"scan_type":"scan"},"scan_results":{"files":[],"projects":[]}}"#,
            "Safety is being updated\n{\"report_meta\":{},\"vulnerabilities\":[]}",
        ] {
            let said = read(clean);
            assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{clean}");
        }
    }

    #[test]
    fn severities_in_words() {
        let said = read(
            r#"{"report_meta":{},"vulnerabilities":[{"vulnerability_id":"PVE-2021-1","package_name":"a","severity":"Critical",
             "CVE":[{"name":"CVE-2021-11"}]}]}"#,
        );
        assert_eq!((said.findings[0].severity, said.findings[0].rule.id.as_str()), {
            (Severity::Critical, "advisory/CVE-2021-11")
        });
        assert_eq!(only_cve("see cve-2020-12345 (CVE-2020-12345)."), Some("CVE-2020-12345".to_owned()));
        assert_eq!(only_cve("CVE-2020-1, CVE-20-12345"), None);
    }
}
