//! zizmor's JSON: weaknesses of GitHub Actions workflows.
//!
//! `zizmor --format json` (or `json-v1`): a list of findings (<https://docs.zizmor.sh/usage/#output-formats>). Versions
//! before 1.0 name files in `symbolic.name`, later ones in `symbolic.key`; rows and columns count from 0.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Kind, Location};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak};
use crate::ingest::out::{Out, span};

/// zizmor's JSON.
pub static FORMAT: Format = Format {
    id: "zizmor",
    name: "zizmor JSON",
    tool: "zizmor",
    kinds: &[Kind::Config],
    syntax: Syntax::Json {
        marks: &[&["ident", "determinations", "locations"]],
        records: &[""],
        reader: || Box::new(Zizmor),
    },
};

/// The audit whose place is a password.
const PASSWORDS: &str = "hardcoded-container-credentials";

struct Zizmor;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(deserialize_with = "lenient::text")]
    ident: String,
    #[serde(deserialize_with = "lenient::text")]
    desc: String,
    #[serde(deserialize_with = "lenient::text")]
    url: String,
    #[serde(deserialize_with = "lenient::maybe")]
    determinations: Option<Determinations>,
    #[serde(deserialize_with = "lenient::list")]
    locations: Vec<Place>,
    #[serde(deserialize_with = "lenient::maybe")]
    ignored: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Determinations {
    #[serde(deserialize_with = "lenient::text")]
    confidence: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    #[serde(deserialize_with = "lenient::maybe")]
    symbolic: Option<Symbolic>,
    #[serde(deserialize_with = "lenient::maybe")]
    concrete: Option<Concrete>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Symbolic {
    key: Value,
    #[serde(deserialize_with = "lenient::text")]
    name: String,
    #[serde(deserialize_with = "lenient::text")]
    annotation: String,
    #[serde(deserialize_with = "lenient::text")]
    kind: String,
    #[serde(deserialize_with = "lenient::maybe")]
    primary: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Concrete {
    #[serde(deserialize_with = "lenient::maybe")]
    location: Option<Range>,
    #[serde(deserialize_with = "lenient::text")]
    feature: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Range {
    start_point: Point,
    end_point: Point,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Point {
    #[serde(deserialize_with = "lenient::number")]
    row: u32,
    #[serde(deserialize_with = "lenient::number")]
    column: u32,
}

impl Place {
    fn is_primary(&self) -> bool {
        self.symbolic.as_ref().is_some_and(|symbolic| symbolic.kind == "Primary" || symbolic.primary == Some(true))
    }

    /// The file: one of the working tree, or one of a repository that was named to zizmor.
    fn file(&self) -> String {
        let Some(Symbolic { key, name, .. }) = &self.symbolic else { return String::new() };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        match (key, key.get("Local"), key.get("Remote")) {
            (Value::String(path), _, _) => path.clone(),
            (_, Some(local), _) => {
                let paths = ["verbatim_path", "given_path", "path"].map(|field| text(local.get(field)));
                paths.into_iter().find(|path| !path.is_empty()).unwrap_or_default()
            }
            (_, _, Some(remote)) => text(remote.get("path")),
            _ => name.clone(),
        }
    }

    fn location(&self, out: &Out) -> Location {
        let mut location = out.lines(&self.file(), 0, 0);
        if let Some(Range { start_point, end_point }) = self.concrete.as_ref().and_then(|place| place.location.as_ref())
        {
            let [from, from_column] = [start_point.row, start_point.column].map(|n| n.saturating_add(1));
            // An end in front of the first column is the end of the line before.
            location.span = match end_point.column {
                0 => span(from, from_column, end_point.row.max(from), 0),
                column => span(from, from_column, end_point.row.saturating_add(1), column.saturating_add(1)),
            };
        }
        location
    }
}

impl Reader for Zizmor {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Found = record.parse()?;
        if found.ignored == Some(true) {
            return Ok(());
        }
        let none = Place::default();
        let primary =
            found.locations.iter().find(|place| place.is_primary()).or(found.locations.first()).unwrap_or(&none);
        let location = primary.location(out);
        let told = found.determinations.as_ref();
        let severity = out.severity(told.map_or("", |told| &told.severity));
        let confidence = out.confidence(told.map_or("", |told| &told.confidence));
        let mut finding = if found.ident == PASSWORDS {
            let (id, title) = (&found.ident, &found.desc);
            Leak { id, title, description: "", severity, confidence, location, value: "", commit: ("", "") }
                .finding(out)
        } else {
            let annotation = primary.symbolic.as_ref().map_or("", |symbolic| &symbolic.annotation);
            let parts: Vec<&str> =
                [found.desc.as_str(), annotation].into_iter().filter(|part| !part.is_empty()).collect();
            Check {
                kind: Kind::Config,
                id: &found.ident,
                title: &found.desc,
                message: &parts.join(": "),
                description: "",
                help: "",
                url: &found.url,
                cwe: Vec::new(),
                severity,
                confidence,
                location,
                excerpt: primary.concrete.as_ref().map(|place| place.feature.as_str()),
                resource: "",
            }
            .finding(out)
        };
        let others = found.locations.iter().filter(|place| !std::ptr::eq(*place, primary));
        finding.related = others.map(|place| place.location(out)).filter(|place| *place != finding.location).collect();
        finding.related.sort();
        finding.related.dedup();
        out.finding(finding);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    fn finding(ident: &str, symbolic: &str, ignored: &str) -> String {
        format!(
            r#"{{"ident":"{ident}","desc":"overly broad permissions","url":"https://docs.zizmor.sh/audits/#{ident}",
 "determinations":{{"confidence":"Medium","severity":"High","persona":"Regular"}},
 "locations":[{{"symbolic":{{"name":"other.yml","annotation":"around","route":{{"route":[]}}}},"concrete":{{"location":
  {{"start_point":{{"row":0,"column":0}},"end_point":{{"row":3,"column":0}}}},"feature":"on: push","comments":[]}}}},
 {{"symbolic":{{{symbolic}}},"concrete":{{"location":{{"start_point":{{"row":6,"column":2}},
  "end_point":{{"row":6,"column":21}},"offset_span":{{"start":1,"end":2}}}},"feature":"permissions: write-all"}}}}]{ignored}}}"#
        )
    }

    #[test]
    fn findings_of_all_versions_have_their_primary_place() {
        let keys = [
            r#""key":{"Local":{"verbatim_path":"./.github/workflows/a.yml"}},"annotation":"here","kind":"Primary""#,
            r#""key":{"Local":{"prefix":".github","given_path":".github/workflows/a.yml"}},"annotation":"here","primary":true"#,
            r#""key":{"Remote":{"slug":{"owner":"o","repo":"r"},"path":".github/workflows/a.yml"}},"annotation":"here","kind":"Primary""#,
            r#""name":".github/workflows/a.yml","annotation":"here","primary":true"#,
        ];
        for key in keys {
            let said = read(format!("[{}]", finding("excessive-permissions", key, ",\"ignored\":false,\"fixes\":[]")));
            let expected =
                "config/excess-workflow-permissions high .github/workflows/a.yml:7: overly broad permissions: here";
            assert_eq!(lines(&said), [expected], "{key}");
            assert_eq!(said.findings[0].related.len(), 1);
            let span = said.findings[0].location.span.unwrap();
            assert_eq!((span.start_column, span.end_line, span.end_column), (3, 7, 22));
        }
    }

    #[test]
    fn what_is_ignored_does_not_count_and_passwords_are_not_shown() {
        let key = r#""name":"a.yml","kind":"Primary","annotation":"password: sandcastle77""#;
        let report = format!(
            "[{},{},{{\"ident\":\"x\",\"determinations\":null,\"locations\":null}}]",
            finding("artipacked", key, ",\"ignored\":true"),
            finding("hardcoded-container-credentials", key, "")
        );
        let said = read(report);
        assert_eq!(
            lines(&said),
            [
                "secret/zizmor/hardcoded-container-credentials high a.yml:7: overly broad permissions",
                "config/zizmor/x medium zizmor-report: X",
            ]
        );
        assert!(said.findings[0].excerpt.is_none());
    }
}
