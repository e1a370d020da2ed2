//! GitHub's dependency snapshots: the packages of each manifest, as tools submit them.
//!
//! The body of `POST /repos/{owner}/{repo}/dependency-graph/snapshots`
//! (<https://docs.github.com/en/rest/dependency-graph/dependency-submission>), which Syft and others write.

use serde::Deserialize;
use serde_json::Value;

use crate::ingest::component::Component;
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::out::Out;
use crate::ingest::scanned::Scanned;

/// A dependency snapshot.
pub static FORMAT: Format = Format {
    id: "dependency-snapshot",
    name: "GitHub dependency snapshot",
    tool: "dependency-snapshot",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[&["detector", "manifests"], &["manifests.*.resolved"]],
        records: &["manifests.*.resolved.*"],
        reader: || Box::<Snapshot>::default(),
    },
};

#[derive(Default)]
struct Snapshot {
    file: String,
}

impl Reader for Snapshot {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        if around.keys().any(|key| key == "file" || key == "name") {
            let file: Value = around.get("file").unwrap_or_default();
            let told = file.get("source_location").and_then(Value::as_str);
            self.file = told.map_or_else(|| around.text("name"), str::to_owned);
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let Resolved { purl } = record.parse()?;
        let bare = purl.split(['?', '#']).next().unwrap_or_default();
        let unversioned = bare.rsplit_once('@').map_or(bare, |(before, _)| before);
        let name = match unversioned.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) {
            Some((_, name)) => name.replace("%40", "@"),
            None => record.key.unwrap_or_default().to_owned(),
        };
        let location = Scanned::Unknown.location(out, &self.file);
        out.component(Component::new(&purl, "", &name, "", Vec::new(), location));
        Ok(())
    }
}

#[derive(Deserialize)]
struct Resolved {
    #[serde(default, rename = "package_url", deserialize_with = "lenient::text")]
    purl: String,
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::read;

    #[test]
    fn packages_of_manifests() {
        let said = read(
            r#"{"version":0,"job":{},"detector":{"name":"x"},"scanned":"2021-01-01","manifests":{
            "web/yarn.lock":{"name":"yarn.lock","file":{"source_location":"web/yarn.lock"},"resolved":{
             "a":{"package_url":"pkg:npm/%40scope/shelf@1.0?x=y","scope":"runtime"},"b":{"package_url":null}}},
            "go.mod":{"name":"go.mod","resolved":{"c":{"package_url":"pkg:golang/example.com/c@v1"}}}}}"#,
        );
        let told: Vec<_> =
            said.components.iter().map(|c| format!("{} {} {} {}", c.purl, c.name, c.version, c.location)).collect();
        let expected = ["pkg:npm/%40scope/shelf@1.0 @scope/shelf 1.0 web/yarn.lock", " b  web/yarn.lock"];
        assert_eq!(told, [expected.as_slice(), &["pkg:golang/example.com/c@v1 example.com/c v1 go.mod"]].concat());
        assert!(said.gaps.is_empty() && read(r#"{"detector":{},"manifests":{}}"#).gaps.is_empty());
    }
}
