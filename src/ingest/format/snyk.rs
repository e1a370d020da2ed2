//! Snyk's JSON: vulnerable packages, licenses and configuration.
//!
//! `snyk test`, `snyk container test` and `snyk iac test` with `--json`
//! (<https://docs.snyk.io/developer-tools/snyk-cli/commands/test>), one object for each project or file, and what
//! the API answers. A vulnerability is told once for each way to its package. `snyk code test` writes SARIF instead.
//! What a policy ignores stands in `filtered`, which is not read.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Confidence, Kind, Location, RepoPath};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Licensed, Vulnerable};
use crate::ingest::out::{Out, lines};
use crate::ingest::package::{package, type_of};
use crate::ingest::rate::{Scored, rate};
use crate::ingest::scanned::Scanned;
use crate::text;

const APPLICATION: &str = "applications[].vulnerabilities[]";
const CONFIGURATION: &str = "infrastructureAsCodeIssues[]";
const AGGREGATED: &str = "issues[]";

/// Snyk's JSON.
pub static FORMAT: Format = Format {
    id: "snyk",
    name: "Snyk JSON",
    tool: "snyk",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["infrastructureAsCodeIssues"],
            &["vulnerabilities", "packageManager"],
            &["vulnerabilities", "dependencyCount"],
            &["vulnerabilities=[", "ok", "uniqueCount"],
            &["vulnerabilities[].id=\"SNYK-", "vulnerabilities[].packageName"],
            &["ok=false", "error"],
            &["issues.vulnerabilities", "issues.licenses"],
            &["issues[].issueData", "issues[].pkgName"],
        ],
        records: &[
            "vulnerabilities[]",
            APPLICATION,
            CONFIGURATION,
            "issues.vulnerabilities[]",
            "issues.licenses[]",
            AGGREGATED,
        ],
        reader: || Box::<Snyk>::default(),
    },
};

/// What Snyk looks at in a project of each package manager, where the report names no file.
const MANIFESTS: [(&str, &str); 14] = [
    ("cocoapods", "Podfile"),
    ("composer", "composer.lock"),
    ("golangdep", "Gopkg.lock"),
    ("gomodules", "go.mod"),
    ("gradle", "build.gradle"),
    ("hex", "mix.exs"),
    ("maven", "pom.xml"),
    ("npm", "package.json"),
    ("pip", "requirements.txt"),
    ("poetry", "pyproject.toml"),
    ("rubygems", "Gemfile.lock"),
    ("sbt", "build.sbt"),
    ("swift", "Package.swift"),
    ("yarn", "yarn.lock"),
];

#[derive(Default)]
struct Snyk {
    project: Project,
    /// An application in a container image.
    application: Project,
}

/// What is around the vulnerabilities.
#[derive(Clone, Default)]
struct Project {
    manager: String,
    scanned: Scanned,
    file: String,
    /// The whole path of a file of configuration.
    whole: String,
}

impl Reader for Snyk {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        match around.path {
            "" => {
                self.project = project(around);
                failure(around, out);
                if around.keys().any(|key| key == "licensesPolicy") {
                    out.covers(Kind::License);
                }
                let is_configuration = self.project.manager.ends_with("config");
                out.covers(if is_configuration { Kind::Config } else { Kind::Advisory });
            }
            "applications[]" => {
                let application = project(around);
                self.application = Project { scanned: self.project.scanned.clone(), ..application };
            }
            _ => {}
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            CONFIGURATION => self.project.misconfigured(&record.parse()?, out),
            APPLICATION => self.application.vulnerable(&record.parse()?, out),
            AGGREGATED => {
                let Aggregated { name, versions, mut data, ignored } = record.parse()?;
                if ignored != Some(true) {
                    (data.package, data.version) = (name, versions.into_iter().next().unwrap_or_default());
                    self.project.vulnerable(&data, out);
                }
            }
            _ => self.project.vulnerable(&record.parse()?, out),
        }
        Ok(())
    }
}

fn project(around: &Around<'_>) -> Project {
    let manager = around.text("packageManager");
    let file = [around.text("displayTargetFile"), around.text("targetFile")].into_iter().find(|file| !file.is_empty());
    let path = around.text("path");
    let name = around.text("projectName");
    let is_image = around.keys().any(|key| key == "docker") || name.starts_with("docker-image|");
    let scanned = match is_image {
        true if path.is_empty() => Scanned::Image(name.trim_start_matches("docker-image|").to_owned()),
        true => Scanned::Image(path),
        false => Scanned::Folder(path),
    };
    let usual = || MANIFESTS.iter().find(|(known, _)| *known == manager).map(|(_, file)| (*file).to_owned());
    // What an image is made from is not where its packages lie.
    let file = match is_image {
        true => String::new(),
        false => file.or_else(usual).unwrap_or_default(),
    };
    Project { manager, scanned, file, whole: around.text("targetFilePath") }
}

/// A project that could not be tested: the message may be many lines.
fn failure(around: &Around<'_>, out: &mut Out) {
    let error = match around.get("error") {
        Some(Value::String(text)) => text,
        Some(object @ Value::Object(_)) => object.get("message").and_then(Value::as_str).unwrap_or("error").to_owned(),
        _ => return,
    };
    let about = around.text("path");
    let about = if about.is_empty() { String::new() } else { format!(" `{about}`") };
    let first = error.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    out.gap(format!("snyk could not test{about}: {first}"));
}

#[derive(Deserialize)]
struct Vulnerability {
    id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    title: String,
    #[serde(default, deserialize_with = "lenient::text")]
    description: String,
    #[serde(default, deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default, rename = "severityWithCritical", deserialize_with = "lenient::text")]
    severity_with_critical: String,
    #[serde(default, rename = "cvssScore", deserialize_with = "lenient::score")]
    score: Option<f64>,
    #[serde(default, rename = "CVSSv3", deserialize_with = "lenient::text")]
    vector: String,
    #[serde(default)]
    identifiers: Value,
    #[serde(default, rename = "packageName", deserialize_with = "lenient::text")]
    package_name: String,
    /// The API.
    #[serde(default, deserialize_with = "lenient::text")]
    package: String,
    #[serde(default, deserialize_with = "lenient::text")]
    name: String,
    /// The first versions.
    #[serde(default, rename = "moduleName", deserialize_with = "lenient::text")]
    module: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, rename = "packageManager", deserialize_with = "lenient::text")]
    manager: String,
    #[serde(default, deserialize_with = "lenient::texts")]
    from: Vec<String>,
    #[serde(default, rename = "fixedIn", deserialize_with = "lenient::texts")]
    fixed_in: Vec<String>,
    #[serde(default, rename = "nearestFixedInVersion", deserialize_with = "lenient::text")]
    nearest_fix: String,
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::text")]
    license: String,
    #[serde(default, deserialize_with = "lenient::text")]
    url: String,
}

/// An issue as the API tells it of a project.
#[derive(Deserialize)]
struct Aggregated {
    #[serde(default, rename = "pkgName", deserialize_with = "lenient::text")]
    name: String,
    #[serde(default, rename = "pkgVersions", deserialize_with = "lenient::texts")]
    versions: Vec<String>,
    #[serde(rename = "issueData")]
    data: Vulnerability,
    #[serde(default, rename = "isIgnored", deserialize_with = "lenient::maybe")]
    ignored: Option<bool>,
}

#[derive(Deserialize)]
struct Misconfiguration {
    #[serde(default, rename = "publicId", deserialize_with = "lenient::text")]
    public_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    title: String,
    #[serde(default, deserialize_with = "lenient::text")]
    severity: String,
    #[serde(default, deserialize_with = "lenient::text")]
    issue: String,
    #[serde(default, deserialize_with = "lenient::text")]
    impact: String,
    #[serde(default, deserialize_with = "lenient::text")]
    resolve: String,
    #[serde(default, deserialize_with = "lenient::text")]
    msg: String,
    #[serde(default, deserialize_with = "lenient::text")]
    documentation: String,
    #[serde(default, rename = "lineNumber", deserialize_with = "lenient::number")]
    line: u32,
    #[serde(default, rename = "isIgnored", deserialize_with = "lenient::maybe")]
    ignored: Option<bool>,
}

impl Project {
    fn location(&self, out: &Out, line: u32) -> Location {
        // A whole path that is in the repository is surer than one that begins where Snyk ran.
        let whole = out.path(&self.whole);
        let path = match whole == RepoPath::new(&self.whole) {
            true => self.scanned.path(out, &self.file),
            false => whole,
        };
        Location::here(path, lines(line, line))
    }

    fn vulnerable(&self, found: &Vulnerability, out: &mut Out) {
        let names = [&found.package_name, &found.package, &found.name, &found.module];
        let name = names.into_iter().find(|name| !name.is_empty()).map_or("", String::as_str);
        let manager = if found.manager.is_empty() { &self.manager } else { &found.manager };
        // Packages of Linux are told by their source and their own name.
        let is_linux = ["deb", "apk", "rpm"].iter().any(|kind| type_of(manager).starts_with(kind));
        let name = if is_linux { name.rsplit('/').next().unwrap_or_default() } else { name };
        let mut package = package("", manager, name, &found.version);
        package.fixed.clone_from(&found.fixed_in);
        if package.fixed.is_empty() && !found.nearest_fix.is_empty() {
            package.fixed.push(found.nearest_fix.clone());
        }
        // The way begins with the project itself.
        package.path =
            found.from.iter().skip(usize::from(found.from.len() > 1)).map(|at| text::printable(at)).collect();
        let location = self.location(out, 0);
        let word = if found.severity.is_empty() { &found.severity_with_critical } else { &found.severity };
        let severity = rate(out.map, word, &[Scored { by: "Snyk", score: found.score, vector: &found.vector }]);
        if found.kind == "license" || found.id.starts_with("snyk:lic:") {
            let license = found.title.strip_suffix(" license").unwrap_or(&found.title);
            let license = if found.license.is_empty() { license } else { &found.license };
            let finding =
                Licensed { license, why: "license policy", package: Some(package), severity, location }.finding(out);
            return out.finding(finding);
        }
        let ids = |kinds: &[&str]| -> Vec<String> {
            let lists = kinds.iter().filter_map(|kind| found.identifiers.get(*kind)?.as_array());
            lists.flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let page = format!("https://security.snyk.io/vuln/{}", found.id);
        let finding = Vulnerable {
            id: &found.id,
            aliases: ids(&["CVE", "GHSA", "RUSTSEC", "PYSEC", "GO", "DSA", "USN", "RHSA"]),
            title: &found.title,
            description: &found.description,
            url: if found.url.is_empty() { &page } else { &found.url },
            cwe: lenient::weaknesses(ids(&["CWE"])),
            package,
            severity,
            location,
        }
        .finding(out);
        out.finding(finding);
    }

    fn misconfigured(&self, found: &Misconfiguration, out: &mut Out) {
        if found.ignored == Some(true) {
            return;
        }
        let location = self.location(out, found.line);
        let finding = Check {
            kind: Kind::Config,
            id: if found.public_id.is_empty() { &found.id } else { &found.public_id },
            title: &found.title,
            message: if found.issue.is_empty() { &found.title } else { &found.issue },
            description: &found.impact,
            help: &found.resolve,
            url: &found.documentation,
            cwe: Vec::new(),
            severity: out.severity(&found.severity),
            confidence: Confidence::High,
            location,
            excerpt: None,
            resource: &found.msg,
        }
        .finding(out);
        out.finding(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::finding::Kind;
    use crate::ingest::testing::{lines, read};

    const SHELF: &str = r#"{"id":"SNYK-JS-SHELF-1","title":"Prototype Pollution","severity":"high","cvssScore":7.3,
        "identifiers":{"CVE":["CVE-2021-1"],"CWE":["CWE-400","CWE-1321"],"GHSA":["GHSA-aaaa-bbbb-cccc"]},
        "packageName":"shelf","moduleName":"shelf","name":"shelf","version":"4.17.15","from":["shop@1.0.0","card@2","shelf@4.17.15"],
        "upgradePath":[false,"card@3"],"fixedIn":["4.17.20"],"description":"Overview\n\nMore"}"#;
    const LINE: &str = "pkg:npm/shelf@4.17.15: shelf 4.17.15 is vulnerable: Prototype Pollution";

    #[test]
    fn projects_one_or_many() {
        let project = |file: &str| {
            format!(
                r#"{{"vulnerabilities":[{SHELF},{SHELF},{{"id":"snyk:lic:npm:leaf:GPL-3.0","type":"license",
                "title":"GPL-3.0 license","severity":"medium","packageName":"leaf","version":"1","from":["leaf@1"]}}],
                "ok":false,"dependencyCount":3,"packageManager":"npm","licensesPolicy":{{}},"uniqueCount":2,
                "filtered":{{"ignore":[{SHELF}],"patch":[]}},{file}"path":"/elsewhere/shop"}}"#
            )
        };
        let said = read(project(r#""displayTargetFile":"web/package-lock.json","#));
        assert_eq!(
            lines(&said),
            [
                format!("advisory/CVE-2021-1 high web/package-lock.json {LINE}"),
                format!("advisory/CVE-2021-1 high web/package-lock.json {LINE}"),
                "license/gpl-3.0 medium web/package-lock.json pkg:npm/leaf@1: leaf 1 is under GPL-3.0 (license policy)"
                    .to_owned(),
            ]
        );
        let package = said.findings[0].package.as_ref().unwrap();
        assert_eq!((package.path.join(" "), package.fixed.join(" ")), {
            ("card@2 shelf@4.17.15".to_owned(), "4.17.20".to_owned())
        });
        assert_eq!(said.findings[0].rule.cwe, [400, 1321]);
        assert!(said.kinds.contains(&Kind::License) && said.gaps.is_empty());
        let all = read(format!("[{},{}]", project(""), project("")));
        assert_eq!((all.findings.len(), all.gaps.len()), (6, 0));
        assert!(lines(&all)[0].contains(" package.json "), "{:?}", lines(&all));
    }

    #[test]
    fn images_and_the_applications_in_them() {
        let said = read(format!(
            r#"{{"vulnerabilities":[{{"id":"SNYK-DEBIAN10-CURL-1","severity":"low","packageName":"curl/libcurl4",
              "version":"7.64","packageManager":"debian:10","nearestFixedInVersion":"7.65","identifiers":{{"CVE":["CVE-2021-2"]}},
              "title":"Overflow"}}],
             "ok":false,"docker":{{"baseImage":"debian:10"}},"packageManager":"deb","path":"registry.example/shop:1.2",
             "applications":[{{"vulnerabilities":[{SHELF}],"packageManager":"npm","displayTargetFile":"/app/package.json"}}]}}"#
        ));
        assert_eq!(
            lines(&said),
            [
                "advisory/CVE-2021-2 low image/registry.example/shop/packages pkg:deb/debian/libcurl4@7.64: \
                 libcurl4 7.64 is vulnerable: Overflow"
                    .to_owned(),
                format!("advisory/CVE-2021-1 high image/registry.example/shop/app/package.json {LINE}"),
            ]
        );
    }

    #[test]
    fn configuration() {
        let said = read(
            r#"{"meta":{"isLicensesEnabled":false},"vulnerabilities":[],"targetFile":"deploy/main.tf","targetFilePath":"/elsewhere/main.tf",
            "packageManager":"terraformconfig","ok":false,"infrastructureAsCodeIssues":[
             {"id":"SNYK-CC-TF-1","title":"Security Group allows open ingress","severity":"medium","publicId":"SNYK-CC-TF-1",
              "issue":"That inbound traffic is allowed from everywhere","impact":"That potentially everyone can access it",
              "resolve":"Set cidr_block","lineNumber":10,"msg":"resource.aws_security_group[allow].ingress","isIgnored":false,
              "documentation":"https://security.snyk.io/rules/cloud/SNYK-CC-TF-1"},
             {"id":"SNYK-CC-TF-2","severity":"high","isIgnored":true},
             {"id":"SNYK-CC-TF-3","title":"T","severity":null,"lineNumber":-1}]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "config/snyk/SNYK-CC-TF-1 medium deploy/main.tf:10: That inbound traffic is allowed from everywhere",
                "config/snyk/SNYK-CC-TF-3 medium deploy/main.tf: T",
            ]
        );
        assert!(said.findings[0].resource.as_deref().unwrap().contains("aws_security_group"));
    }

    #[test]
    fn errors_and_clean_reports() {
        let failed = read(r#"{"ok":false,"error":"Could not detect supported target files\nhelp","path":"/x"}"#);
        assert_eq!((failed.findings.len(), failed.gaps.len()), (0, 1));
        assert!(failed.gaps[0].message.contains("`/x`: Could not detect supported target files"), "{:?}", failed.gaps);
        for clean in [
            r#"{"vulnerabilities":[],"ok":true,"dependencyCount":5,"packageManager":"npm"}"#,
            r#"{"infrastructureAsCodeIssues":[],"ok":true,"packageManager":"k8sconfig"}"#,
            r#"{"ok":true,"issues":{"vulnerabilities":[],"licenses":[]},"dependencyCount":1}"#,
        ] {
            let said = read(clean);
            assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{clean}");
        }
    }

    #[test]
    fn the_api_and_odd_fields() {
        let api = read(format!(
            r#"{{"issues":[{{"id":"SNYK-JS-SHELF-1","pkgName":"shelf","pkgVersions":["4.17.15"],"issueData":{SHELF}}},
             {{"pkgName":"a","isIgnored":true,"issueData":{{"id":"x"}}}}]}}"#
        ));
        assert!(lines(&api)[0].ends_with("shelf 4.17.15 is vulnerable: Prototype Pollution"), "{:?}", lines(&api));
        assert_eq!(api.findings.len(), 1);
        let odd = read(
            r#"{"vulnerabilities":[{"id":"npm:shelf:20180130","severity":null,"severityWithCritical":"critical","identifiers":null,
              "name":"shelf","version":null,"from":null,"fixedIn":"1"},{"title":"no id"}],"ok":false,"dependencyCount":"3"}"#,
        );
        assert_eq!((odd.findings.len(), odd.gaps.len()), (1, 1));
        assert_eq!(odd.findings[0].severity.id(), "critical");
    }
}
