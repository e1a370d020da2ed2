//! OSV-Scanner's JSON: vulnerable packages, and licenses that its allowlist does not name.
//!
//! `osv-scanner --format json`, versions 0 to 2 (<https://google.github.io/osv-scanner/output/>). A package has a list
//! of advisories and a list of groups: the advisories of a group are the same vulnerability under several names, so a
//! group is one finding. The advisories are in the OSV format (<https://ossf.github.io/osv-schema/>).

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Confidence, Kind, Location, Rating, Severity};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Licensed, Vulnerable};
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::ingest::scanned::Scanned;

/// OSV-Scanner's JSON.
pub static FORMAT: Format = Format {
    id: "osv-scanner",
    name: "OSV-Scanner JSON",
    tool: "osv-scanner",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["results[].packages", "results[].source"],
            &["results[].packages", "results[].packageSource"],
            &["results", "experimental_config"],
            // A clean report of version 1 holds nothing else.
            &["results=[]", "!errors", "!version", "!metrics", "!generated_at", "!paths", "!runs", "!summary"],
            &["results=null", "!errors", "!version", "!metrics", "!generated_at", "!paths", "!runs", "!summary"],
        ],
        records: &["results[].packages[]", "experimental_generic_findings[]"],
        reader: || Box::<OsvScanner>::default(),
    },
};

#[derive(Default)]
struct OsvScanner {
    is_image: bool,
    scanned: Scanned,
    file: String,
}

impl Reader for OsvScanner {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        if around.path.is_empty() {
            self.is_image = around.get::<Value>("image_metadata").is_some_and(|image| image.is_object());
            let licenses = around.get::<Value>("experimental_config").unwrap_or_default();
            if licenses.pointer("/licenses/allowlist").is_some_and(Value::is_array) {
                out.covers(Kind::License);
            }
            return;
        }
        let source: Source = around.get("source").or_else(|| around.get("packageSource")).unwrap_or_default();
        (self.scanned, self.file) = match source.kind.as_str() {
            "docker" => match source.path.split_once(":/") {
                Some((image, file)) => (Scanned::Image(image.to_owned()), file.to_owned()),
                None => (Scanned::Image(source.path), String::new()),
            },
            _ if self.is_image => (Scanned::Image(String::new()), source.path),
            _ => (Scanned::Unknown, source.path),
        };
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            "experimental_generic_findings[]" => generic(&record.parse()?, out),
            _ => self.package(&record.parse()?, out),
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
struct Source {
    #[serde(default, deserialize_with = "lenient::text")]
    path: String,
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: String,
}

#[derive(Deserialize)]
struct Entry {
    /// Version 0 wrote it in upper case.
    #[serde(alias = "Package")]
    package: Named,
    #[serde(default, deserialize_with = "lenient::list")]
    vulnerabilities: Vec<Advisory>,
    #[serde(default, deserialize_with = "lenient::list")]
    groups: Vec<Group>,
    #[serde(default, deserialize_with = "lenient::texts")]
    license_violations: Vec<String>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default, deserialize_with = "lenient::text")]
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, deserialize_with = "lenient::text")]
    ecosystem: String,
    #[serde(default, deserialize_with = "lenient::text")]
    commit: String,
}

#[derive(Clone, Default, Deserialize)]
struct Group {
    #[serde(default, deserialize_with = "lenient::texts")]
    ids: Vec<String>,
    #[serde(default, deserialize_with = "lenient::texts")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "lenient::score")]
    max_severity: Option<f64>,
    #[serde(default, alias = "experimentalAnalysis", deserialize_with = "lenient::maybe")]
    experimental_analysis: Option<HashMap<String, Analysis>>,
}

#[derive(Clone, Deserialize)]
struct Analysis {
    called: Option<bool>,
    unimportant: Option<bool>,
}

impl Group {
    /// Whether an analysis of the code says that nothing vulnerable is called, or the distribution that it is nothing.
    fn is_moot(&self) -> bool {
        let analyses = self.experimental_analysis.iter().flatten();
        let mut analyses = analyses.map(|(_, analysis)| analysis).peekable();
        analyses.peek().is_some() && analyses.all(|a| a.called == Some(false) || a.unimportant == Some(true))
    }
}

/// An advisory in the OSV format, of which this is needed.
#[derive(Deserialize)]
struct Advisory {
    #[serde(default, deserialize_with = "lenient::text")]
    id: String,
    #[serde(default, deserialize_with = "lenient::texts")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    summary: String,
    #[serde(default, deserialize_with = "lenient::text")]
    details: String,
    #[serde(default, deserialize_with = "lenient::list")]
    affected: Vec<Affected>,
    #[serde(default, deserialize_with = "lenient::list")]
    severity: Vec<Rated>,
    #[serde(default)]
    database_specific: Value,
}

#[derive(Deserialize)]
struct Affected {
    #[serde(default)]
    package: Value,
    #[serde(default, deserialize_with = "lenient::list")]
    ranges: Vec<Range>,
}

#[derive(Deserialize)]
struct Range {
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::list")]
    events: Vec<HashMap<String, Value>>,
}

#[derive(Deserialize)]
struct Rated {
    #[serde(default, deserialize_with = "lenient::text")]
    score: String,
}

impl Advisory {
    fn weaknesses(&self) -> impl Iterator<Item = &str> {
        let list = self.database_specific.get("cwe_ids").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    }

    fn fixed<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let is_it = move |affected: &&Affected| {
            let named = affected.package.get("name").and_then(Value::as_str);
            named.is_none_or(|named| named.eq_ignore_ascii_case(name))
        };
        let ranges = self.affected.iter().filter(is_it).flat_map(|affected| &affected.ranges);
        let events = ranges.filter(|range| range.kind != "GIT").flat_map(|range| &range.events);
        events.filter_map(|event| event.get("fixed")?.as_str())
    }
}

impl OsvScanner {
    fn package(&self, entry: &Entry, out: &mut Out) {
        let Named { name, version, ecosystem, commit } = &entry.package;
        // Code that is in the repository by its commit has no name in an ecosystem.
        let name = if name.is_empty() { "vendored code" } else { name };
        let version = if version.is_empty() { commit } else { version };
        let place = self.scanned.location(out, &self.file);
        let own = |advisory: &Advisory| Group {
            ids: vec![advisory.id.clone()],
            aliases: advisory.aliases.clone(),
            ..Group::default()
        };
        let groups: Vec<Group> = match entry.groups.iter().any(|group| !group.ids.is_empty()) {
            true => entry.groups.iter().filter(|group| !group.ids.is_empty()).cloned().collect(),
            false => entry.vulnerabilities.iter().map(own).collect(),
        };
        for group in groups {
            let package = package("", ecosystem, name, version);
            vulnerable(&group, &entry.vulnerabilities, package, place.clone(), out);
        }
        for license in &entry.license_violations {
            let finding = Licensed {
                license,
                why: "not in the allowlist",
                package: Some(package("", ecosystem, name, version)),
                severity: out.severity(""),
                location: place.clone(),
            }
            .finding(out);
            out.finding(finding);
        }
    }
}

fn vulnerable(group: &Group, known: &[Advisory], mut package: crate::finding::Package, at: Location, out: &mut Out) {
    let of_group: Vec<&Advisory> = known.iter().filter(|advisory| group.ids.contains(&advisory.id)).collect();
    // GitHub's name is the one that most other tools use as well.
    let id = group.ids.iter().find(|id| id.starts_with("GHSA-")).or(group.ids.first()).cloned().unwrap_or_default();
    let best = of_group.iter().filter(|advisory| !advisory.summary.is_empty());
    let best = best.max_by_key(|advisory| advisory.id == id).or(of_group.first()).copied();
    for version in of_group.iter().flat_map(|advisory| advisory.fixed(&package.name)) {
        if !package.fixed.iter().any(|fixed| fixed == version) {
            package.fixed.push(version.to_owned());
        }
    }
    let aliases = of_group.iter().flat_map(|advisory| &advisory.aliases);
    let aliases = aliases.chain(&group.ids).chain(&group.aliases).cloned().collect();
    let mut finding = Vulnerable {
        id: &id,
        aliases,
        title: best.map_or("", |advisory| &advisory.summary),
        description: best.map_or("", |advisory| &advisory.details),
        url: &format!("https://osv.dev/{id}"),
        cwe: lenient::weaknesses(of_group.iter().flat_map(|advisory| advisory.weaknesses())),
        severity: severity(group, &of_group, out),
        package,
        location: at,
    }
    .finding(out);
    if group.is_moot() {
        finding.confidence = Confidence::Low;
    }
    out.finding(finding);
}

/// The score that the tool shows; else those of the advisories, else the word of their database.
fn severity(group: &Group, advisories: &[&Advisory], out: &Out) -> (Severity, Rating) {
    if group.ids.iter().any(|id| id.starts_with("MAL-")) {
        return (Severity::Critical, Rating::stated(&out.map.tool));
    }
    let shown = std::iter::once(Scored { by: "", score: group.max_severity, vector: "" });
    let told = advisories.iter().flat_map(|advisory| &advisory.severity);
    let told = told.map(|rated| Scored { by: "", score: rated.score.parse().ok(), vector: &rated.score });
    let (severity, rating) = rate(out.map, "", &shown.chain(told).collect::<Vec<_>>());
    if rating.is_substantiated() {
        return (severity, rating);
    }
    let words = advisories.iter().filter_map(|a| a.database_specific.get("severity")?.as_str());
    words.map(|word| out.severity(word)).max_by_key(|(severity, _)| *severity).unwrap_or((severity, rating))
}

/// What a detector found that is no vulnerability of a package, such as a weak password of a container's user.
#[derive(Deserialize)]
struct Generic {
    #[serde(alias = "adv", rename = "Adv")]
    advisory: GenericAdvisory,
    #[serde(default, alias = "target", rename = "Target")]
    target: Value,
}

#[derive(Deserialize)]
struct GenericAdvisory {
    #[serde(default, alias = "id", rename = "ID")]
    id: Value,
    #[serde(default, alias = "title", rename = "Title", deserialize_with = "lenient::text")]
    title: String,
    #[serde(default, alias = "description", rename = "Description", deserialize_with = "lenient::text")]
    description: String,
    #[serde(default, alias = "recommendation", rename = "Recommendation", deserialize_with = "lenient::text")]
    recommendation: String,
    #[serde(default, alias = "sev", rename = "Sev", deserialize_with = "lenient::number")]
    severity: u32,
}

fn generic(found: &Generic, out: &mut Out) {
    let told = |value: &Value, keys: [&str; 2]| {
        keys.iter().find_map(|key| value.get(key)?.as_str()).unwrap_or_default().to_owned()
    };
    let id = told(&found.advisory.id, ["Reference", "reference"]);
    // What follows the path may be a credential.
    let extra = told(&found.target, ["Extra", "extra"]);
    let file = extra.split(':').next().filter(|path| path.starts_with('/') && !path.contains(char::is_whitespace));
    let words = ["", "minimal", "low", "medium", "high", "critical"];
    let word = words.get(found.advisory.severity as usize).copied().unwrap_or_default();
    let finding = Check {
        kind: Kind::Config,
        id: &id,
        title: &found.advisory.title,
        message: &found.advisory.title,
        description: &found.advisory.description,
        help: &found.advisory.recommendation,
        url: "",
        cwe: Vec::new(),
        severity: out.severity(word),
        confidence: Confidence::Medium,
        location: Scanned::Image(String::new()).location(out, file.unwrap_or_default()),
        excerpt: None,
        resource: "",
    }
    .finding(out);
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::finding::{Confidence, Kind, Severity};
    use crate::ingest::testing::{lines, read};

    #[test]
    fn a_group_is_one_finding() {
        let said = read(
            r#"{"results":[{"source":{"path":"shop/Cargo.lock","type":"lockfile"},"packages":[
            {"package":{"name":"time","version":"0.2.15","ecosystem":"crates.io"},
             "vulnerabilities":[
              {"id":"RUSTSEC-2020-0071","aliases":["CVE-2020-26235"],"summary":"A segfault in the time crate","details":"x",
               "affected":[{"package":{"name":"time"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.2.23"}]}]}]},
              {"id":"GHSA-wcg3-cvx6-7396","aliases":["CVE-2020-26235"],"summary":"Segmentation fault in time",
               "database_specific":{"severity":"MODERATE","cwe_ids":["CWE-476"]},
               "affected":[{"package":{"name":"time"},"ranges":[{"type":"SEMVER","events":[{"fixed":"0.2.23"}]},
                {"type":"GIT","events":[{"fixed":"abc"}]}]}]},
              {"id":"GHSA-zzzz-zzzz-zzzz","summary":"Another","database_specific":{"severity":"MODERATE"}}],
             "groups":[
              {"ids":["GHSA-wcg3-cvx6-7396","RUSTSEC-2020-0071"],"aliases":["CVE-2020-26235"],"max_severity":"9.1"},
              {"ids":["GHSA-zzzz-zzzz-zzzz"],"max_severity":"",
               "experimental_analysis":{"GHSA-zzzz-zzzz-zzzz":{"called":false}}}],
             "licenses":["MIT"],"license_violations":["UNKNOWN"]}]}],
            "experimental_config":{"licenses":{"summary":false,"allowlist":["MIT"]}}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/GHSA-wcg3-cvx6-7396 critical shop/Cargo.lock pkg:cargo/time@0.2.15: \
                 time 0.2.15 is vulnerable: Segmentation fault in time",
                "advisory/GHSA-zzzz-zzzz-zzzz medium shop/Cargo.lock pkg:cargo/time@0.2.15: \
                 time 0.2.15 is vulnerable: Another",
                "license/unknown medium shop/Cargo.lock pkg:cargo/time@0.2.15: \
                 time 0.2.15 is under UNKNOWN (not in the allowlist)",
            ]
        );
        let package = said.findings[0].package.as_ref().unwrap();
        assert_eq!((package.fixed.join(" "), package.aliases.join(" ")), {
            ("0.2.23".to_owned(), "CVE-2020-26235 RUSTSEC-2020-0071".to_owned())
        });
        assert_eq!(said.findings[0].rule.cwe, [476]);
        assert_eq!(said.findings[1].confidence, Confidence::Low);
        assert!(said.kinds.contains(&Kind::License));
    }

    #[test]
    fn the_first_versions_had_no_groups() {
        let said = read(
            r#"{"results":[{"packageSource":{"path":"go.mod","type":"lockfile"},"packages":[
            {"Package":{"name":"example.com/a","version":"1","ecosystem":"Go"},
             "vulnerabilities":[{"id":"GO-2022-0001","aliases":["CVE-2022-1"]},{"id":"MAL-2022-1","summary":"Malicious"}]}]}]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/GO-2022-0001 medium go.mod pkg:golang/example.com/a@1: \
                 example.com/a 1 is vulnerable: GO-2022-0001",
                "advisory/MAL-2022-1 critical go.mod pkg:golang/example.com/a@1: example.com/a 1 is vulnerable: Malicious",
            ]
        );
    }

    #[test]
    fn images_and_what_detectors_find() {
        let said = read(
            r#"{"results":[{"source":{"path":"/lib/apk/db/installed","type":"os"},"packages":[
             {"package":{"name":"musl","version":"1","ecosystem":"Alpine:v3.10"},"groups":[{"ids":["CVE-2019-1"],
              "max_severity":"9.8"}],"vulnerabilities":[]}]},
             {"source":{"path":"alpine:3.10:/lib/x","type":"docker"},"packages":[
             {"package":{"commit":"0123456789","ecosystem":"GIT"},"vulnerabilities":[{"id":"OSV-2020-1"}]}]}],
            "experimental_generic_findings":[{"Adv":{"ID":{"Publisher":"SCALIBR","Reference":"etc-shadow"},
              "Title":"Weak password","Sev":5},"Target":{"Extra":"/etc/shadow: root has the password swordfish"}}],
            "image_metadata":{"os":"Alpine"}}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/CVE-2019-1 critical image/lib/apk/db/installed pkg:apk/alpine/musl@1: \
                 musl 1 is vulnerable: CVE-2019-1",
                "advisory/OSV-2020-1 medium image/alpine/lib/x pkg:generic/vendored%20code@0123456789: \
                 vendored code 0123456789 is vulnerable: OSV-2020-1",
                "config/osv-scanner/etc-shadow critical image/etc/shadow: Weak password",
            ]
        );
        assert!(
            said.findings.iter().all(|finding| !format!("{}{:?}", finding.message, finding.rule).contains("swordfish"))
        );
    }

    #[test]
    fn clean_and_odd() {
        for clean in [
            r#"{"results":[],"experimental_config":{"licenses":{"summary":false,"allowlist":null}}}"#,
            "{\n  \"results\": []\n}",
            r#"{"results":null}"#,
        ] {
            let said = read(clean);
            assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{clean}");
        }
        let odd = read(
            r#"{"results":[{"source":null,"packages":[{"package":{"name":null,"version":3},"vulnerabilities":null,
              "groups":[{"ids":"GHSA-a","max_severity":7}]},{"groups":[]}]}]}"#,
        );
        assert_eq!((odd.findings.len(), odd.gaps.len()), (1, 1));
        assert_eq!(odd.findings[0].severity, Severity::High);
    }
}
