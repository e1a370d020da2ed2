//! govulncheck's JSON: Go modules with advisories of Go's database, and whether the code reaches what is vulnerable.
//!
//! A stream of messages (<https://pkg.go.dev/golang.org/x/vuln/internal/govulncheck>): an `osv` for each advisory that may
//! apply, a `finding` for each way in which one does. Several about one module and advisory are one finding, at the
//! nearest that is known: a vulnerable function is called, its package is imported, its module is required. The first
//! versions wrote one object of `Vulns`, then messages that hold a `vulnerability`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::{Confidence, Kind, Location};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::{Out, span};
use crate::ingest::package::package;
use crate::text;

/// govulncheck's JSON.
pub static FORMAT: Format = Format {
    id: "govulncheck",
    name: "govulncheck JSON",
    tool: "govulncheck",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["config.protocol_version"],
            &["config.scanner_name"],
            &["config.scan_level"],
            &["SBOM.go_version"],
            &["SBOM.modules"],
            &["progress.message"],
            &["osv.id"],
            &["finding.osv"],
            &["vulnerability.osv"],
            &["Vulns[].OSV"],
            &["Vulns", "Calls"],
            &["Vulns", "Modules"],
        ],
        records: &["osv", "finding", "vulnerability", "Vulns[]"],
        reader: || Box::<Govulncheck>::default(),
    },
};

/// Where everything is placed: the file that requires modules.
const MANIFEST: &str = "go.mod";

/// What the messages say so far.
#[derive(Default)]
struct Govulncheck {
    advisories: BTreeMap<String, Advisory>,
    /// By advisory and module.
    found: BTreeMap<(String, String), Reached>,
}

/// How near the code comes to what is vulnerable; a later one is nearer.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    #[default]
    Required,
    Imported,
    Called,
}

impl Level {
    /// The word for it in the tool's map.
    fn id(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Imported => "imported",
            Self::Called => "called",
        }
    }

    fn confidence(self) -> Confidence {
        match self {
            Self::Required => Confidence::Low,
            Self::Imported => Confidence::Medium,
            Self::Called => Confidence::High,
        }
    }
}

/// The nearest that is known of a module under an advisory.
#[derive(Default)]
struct Reached {
    level: Level,
    version: String,
    fixed: String,
    /// The vulnerable function or package; empty where only the module is known.
    what: String,
    /// Where the code calls it.
    call: Option<Position>,
}

impl Reader for Govulncheck {
    fn record(&mut self, record: &Record<'_>, _: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            "osv" => self.advisory(record.parse()?),
            "finding" => self.finding(record.parse()?),
            _ => self.vulnerability(record.parse()?),
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Out) {
        let advisories = std::mem::take(&mut self.advisories);
        for ((id, module), reached) in std::mem::take(&mut self.found) {
            vulnerable(&id, advisories.get(&id), &module, &reached, out);
        }
    }
}

/// An advisory in the format of OSV.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Advisory {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::texts")]
    aliases: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    summary: String,
    #[serde(deserialize_with = "lenient::text")]
    details: String,
}

#[derive(Deserialize)]
struct Finding {
    osv: String,
    #[serde(default, deserialize_with = "lenient::text")]
    fixed_version: String,
    #[serde(default, deserialize_with = "lenient::list")]
    trace: Vec<Frame>,
}

/// A step on the way from what is vulnerable to the code that was checked.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Frame {
    #[serde(deserialize_with = "lenient::text")]
    module: String,
    #[serde(deserialize_with = "lenient::text")]
    version: String,
    #[serde(deserialize_with = "lenient::text")]
    package: String,
    #[serde(deserialize_with = "lenient::text")]
    function: String,
    #[serde(deserialize_with = "lenient::text")]
    receiver: String,
    #[serde(deserialize_with = "lenient::maybe")]
    position: Option<Position>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Position {
    #[serde(alias = "Filename", deserialize_with = "lenient::text")]
    filename: String,
    #[serde(alias = "Line", deserialize_with = "lenient::number")]
    line: u32,
    #[serde(alias = "Column", deserialize_with = "lenient::number")]
    column: u32,
}

/// An advisory with the modules that it is about, as versions before 1.0 wrote it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability {
    #[serde(alias = "OSV", deserialize_with = "lenient::maybe")]
    osv: Option<Advisory>,
    #[serde(alias = "Modules", deserialize_with = "lenient::list")]
    modules: Vec<Module>,
    /// The oldest versions name one module and one symbol.
    #[serde(rename = "ModPath", deserialize_with = "lenient::text")]
    module: String,
    #[serde(rename = "PkgPath", deserialize_with = "lenient::text")]
    package: String,
    #[serde(rename = "Symbol", deserialize_with = "lenient::text")]
    symbol: String,
    #[serde(rename = "CallSink", deserialize_with = "lenient::number")]
    call: u32,
    #[serde(rename = "ImportSink", deserialize_with = "lenient::number")]
    import: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Module {
    #[serde(alias = "Path", deserialize_with = "lenient::text")]
    path: String,
    #[serde(alias = "FoundVersion", deserialize_with = "lenient::text")]
    found_version: String,
    #[serde(alias = "FixedVersion", deserialize_with = "lenient::text")]
    fixed_version: String,
    #[serde(alias = "Packages", deserialize_with = "lenient::list")]
    packages: Vec<Imported>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Imported {
    #[serde(alias = "Path", deserialize_with = "lenient::text")]
    path: String,
    #[serde(alias = "CallStacks", alias = "callstacks", deserialize_with = "lenient::list")]
    call_stacks: Vec<Stack>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stack {
    #[serde(alias = "Symbol", deserialize_with = "lenient::text")]
    symbol: String,
}

impl Govulncheck {
    fn advisory(&mut self, advisory: Advisory) {
        self.advisories.insert(advisory.id.clone(), advisory);
    }

    /// Keeps what is nearer than what is known.
    fn reach(&mut self, id: &str, module: &str, mut reached: Reached) {
        let key = (id.to_owned(), module.to_owned());
        match self.found.get_mut(&key) {
            Some(known) if reached.level > known.level => {
                if reached.fixed.is_empty() {
                    reached.fixed = std::mem::take(&mut known.fixed);
                }
                *known = reached;
            }
            Some(_) => {}
            None => {
                self.found.insert(key, reached);
            }
        }
    }

    fn finding(&mut self, found: Finding) {
        let mut trace = found.trace.into_iter();
        let first = trace.next().unwrap_or_default();
        let level = match (first.function.is_empty(), first.package.is_empty()) {
            (false, _) => Level::Called,
            (true, false) => Level::Imported,
            (true, true) => Level::Required,
        };
        let name = [first.receiver.trim_start_matches('*'), &first.function];
        let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
        let what = match name.is_empty() {
            true => first.package.clone(),
            false => format!("{}.{}", first.package, name.join(".")),
        };
        let call = trace.filter_map(|frame| frame.position).rfind(|position| !position.filename.is_empty());
        let reached = Reached { level, version: first.version, fixed: found.fixed_version, what, call };
        self.reach(&found.osv, &first.module, reached);
    }

    fn vulnerability(&mut self, found: Vulnerability) {
        let advisory = found.osv.unwrap_or_default();
        let id = advisory.id.clone();
        if !found.module.is_empty() {
            let level = match (found.call, found.import) {
                (1.., _) => Level::Called,
                (0, 1..) => Level::Imported,
                (0, 0) => Level::Required,
            };
            let what = format!("{}.{}", found.package, found.symbol);
            self.reach(&id, &found.module, Reached { level, what, ..Reached::default() });
        }
        for module in found.modules {
            let called = module.packages.iter().find(|package| !package.call_stacks.is_empty());
            let (level, what) = match (called, module.packages.first()) {
                (Some(package), _) => {
                    let symbol = package.call_stacks.first().map_or("", |stack| &stack.symbol);
                    (Level::Called, format!("{}.{symbol}", package.path))
                }
                (None, Some(package)) => (Level::Imported, package.path.clone()),
                (None, None) => (Level::Required, String::new()),
            };
            let (version, fixed) = (module.found_version, module.fixed_version);
            self.reach(&id, &module.path, Reached { level, version, fixed, what, call: None });
        }
        self.advisory(advisory);
    }
}

fn vulnerable(id: &str, advisory: Option<&Advisory>, module: &str, reached: &Reached, out: &mut Out) {
    let none = Advisory::default();
    let advisory = advisory.unwrap_or(&none);
    let plain = |version: &str| version.strip_prefix('v').unwrap_or(version).to_owned();
    let mut package = package("", "golang", module, &plain(&reached.version));
    package.fixed = Some(plain(&reached.fixed)).filter(|version| !version.is_empty()).into_iter().collect();
    let mut finding = Vulnerable {
        id,
        aliases: advisory.aliases.clone(),
        title: &advisory.summary,
        description: &advisory.details,
        url: &format!("https://pkg.go.dev/vuln/{id}"),
        cwe: Vec::new(),
        package,
        severity: out.assumed(reached.level.id()),
        location: out.lines(MANIFEST, 0, 0),
    }
    .finding(out);
    finding.confidence = reached.level.confidence();
    let how = match (reached.level, reached.what.as_str()) {
        (Level::Called, what) => format!("; the code calls {what}"),
        (Level::Imported, what) => format!("; the code imports {what}, and calls nothing vulnerable"),
        (Level::Required, _) => "; the code imports nothing vulnerable of it".to_owned(),
    };
    finding.message.push_str(&text::printable(&how));
    if let Some(Position { filename, line, column }) = &reached.call {
        finding.related = vec![Location::here(out.path(filename), span(*line, *column, 0, 0))];
    }
    out.finding(finding);
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    const OSV: &str = r#"{"id":"GO-2021-0113","aliases":["CVE-2021-38561"],"summary":"Out-of-bounds read","details":"It reads.","affected":[]}"#;

    #[test]
    fn the_nearest_of_several_findings_counts() {
        let said = read(format!(
            r#"{{"config":{{"protocol_version":"v1.0.0","scanner_name":"govulncheck"}}}}
{{"SBOM":{{"go_version":"go1.21.0"}}}}
{{"progress":{{"message":"Scanning"}}}}
{{"osv":{OSV}}}
{{"osv":{{"id":"GO-2099-0001"}}}}
{{"finding":{{"osv":"GO-2021-0113","fixed_version":"v0.3.7","trace":[{{"module":"golang.org/x/text","version":"v0.3.5"}}]}}}}
{{"finding":{{"osv":"GO-2021-0113","fixed_version":"v0.3.7","trace":[{{"module":"golang.org/x/text","version":"v0.3.5","package":"golang.org/x/text/language"}}]}}}}
{{"finding":{{"osv":"GO-2021-0113","fixed_version":"v0.3.7","trace":[{{"module":"golang.org/x/text","version":"v0.3.5","package":"golang.org/x/text/language","function":"Parse","receiver":"*Tag","position":{{"filename":"parse.go","line":228}}}},{{"module":"shop.invalid/ledger","package":"shop.invalid/ledger","function":"main","position":{{"filename":"cmd/main.go","line":14,"column":22}}}}]}}}}
{{"finding":{{"osv":"GO-2021-0113","trace":[{{"module":"golang.org/x/text","version":"v0.3.5"}}]}}}}
{{"finding":{{"osv":"GO-2023-0001","trace":[{{"module":"stdlib","version":"v1.21.0"}}]}}}}
{{"finding":{{"trace":[]}}}}"#
        ));
        assert_eq!(
            lines(&said),
            [
                "advisory/GO-2021-0113 high go.mod pkg:golang/golang.org/x/text@0.3.5: golang.org/x/text 0.3.5 is vulnerable: Out-of-bounds read; the code calls golang.org/x/text/language.Tag.Parse",
                "advisory/GO-2023-0001 low go.mod pkg:golang/stdlib@1.21.0: stdlib 1.21.0 is vulnerable: GO-2023-0001; the code imports nothing vulnerable of it",
            ]
        );
        assert_eq!(said.findings[0].related[0].to_string(), "cmd/main.go:14");
        assert_eq!(said.findings[0].package.as_ref().unwrap().fixed, ["0.3.7"]);
        assert_eq!(said.gaps.len(), 1);
    }

    #[test]
    fn versions_before_the_stream() {
        let modules = r#"[{"Path":"golang.org/x/text","FoundVersion":"v0.3.5","FixedVersion":"v0.3.7","Packages":[{"Path":"golang.org/x/text/language","CallStacks":[]}]}]"#;
        let object = read(format!(r#"{{"Calls":{{}},"Vulns":[{{"OSV":{OSV},"Modules":{modules}}}]}}"#));
        let message = read(format!(
            r#"{{"vulnerability":{{"osv":{OSV},"modules":{}}}}}"#,
            modules.to_lowercase().replace("foundversion", "found_version").replace("fixedversion", "fixed_version")
        ));
        for said in [object, message] {
            assert_eq!(lines(&said).len(), 1, "{:?}", said.gaps);
            assert!(
                lines(&said)[0].starts_with("advisory/GO-2021-0113 medium go.mod pkg:golang/golang.org/x/text@0.3.5")
            );
        }
        let oldest = read(format!(
            r#"{{"Calls":null,"Vulns":[{{"OSV":{OSV},"Symbol":"Parse","PkgPath":"golang.org/x/text/language","ModPath":"golang.org/x/text","CallSink":3,"ImportSink":2}},{{"OSV":{OSV},"Symbol":"Make","PkgPath":"x","ModPath":"golang.org/x/text","CallSink":0,"ImportSink":2}}]}}"#
        ));
        assert_eq!(oldest.findings.len(), 1);
        assert!(lines(&oldest)[0].contains("high go.mod pkg:golang/golang.org/x/text:"), "{:?}", lines(&oldest));
    }

    #[test]
    fn a_clean_report() {
        let said = read("{\"config\":{\"protocol_version\":\"v1.0.0\"}}\n{\"progress\":{\"message\":\"x\"}}\n");
        assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{:?}", said.gaps);
        let said = read(r#"{"Vulns":[],"Calls":{}}"#);
        assert_eq!((said.findings.len(), said.gaps.len(), said.notes.len()), (0, 0, 1), "{:?}", said.gaps);
    }
}
