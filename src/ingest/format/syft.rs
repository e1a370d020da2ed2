//! Syft's own JSON: a bill of materials, without findings.
//!
//! `syft -o syft-json`, every version of its schema (<https://github.com/anchore/syft/tree/main/schema/json>).

use serde::Deserialize;
use serde_json::Value;

use super::anchore::{self, Place};
use crate::ingest::component::Component;
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::out::Out;
use crate::ingest::scanned::Scanned;

/// Syft's own JSON.
pub static FORMAT: Format = Format {
    id: "syft",
    name: "Syft JSON",
    tool: "syft",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["artifacts", "source", "schema"],
            &["artifacts", "descriptor.name=\"syft\""],
            &["artifacts[].foundBy", "source"],
            &["artifacts[].found-by"],
        ],
        records: &["artifacts[]"],
        reader: || Box::<Syft>::default(),
    },
};

#[derive(Default)]
struct Syft {
    scanned: Scanned,
}

impl Reader for Syft {
    fn enter(&mut self, around: &Around<'_>, _: &mut Out) {
        self.scanned = anchore::scanned(around);
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Artifact = record.parse()?;
        let Artifact { name, version, kind, purl, locations, licenses } = found;
        let location = self.scanned.location(out, anchore::file(&locations));
        let licenses = licenses.iter().filter_map(license).collect();
        out.component(Component::new(&purl, &kind, &name, &version, licenses, location));
        Ok(())
    }
}

#[derive(Deserialize)]
struct Artifact {
    name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::text")]
    purl: String,
    #[serde(default, deserialize_with = "anchore::places")]
    locations: Vec<Place>,
    #[serde(default, deserialize_with = "lenient::list")]
    licenses: Vec<Value>,
}

/// A license: a text up to schema 7, then an object whose expression may be empty where the text is no SPDX.
fn license(value: &Value) -> Option<String> {
    let told = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    value.as_str().or_else(|| told("spdxExpression")).or_else(|| told("value")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::read;

    #[test]
    fn artifacts_of_new_and_old_schemas() {
        let said = read(
            r#"{"artifacts":[
              {"name":"shelf","version":"1.0","type":"npm","foundBy":"x","purl":"pkg:npm/shelf@1.0?a=b",
               "locations":[{"path":"/web/yarn.lock"}],
               "licenses":[{"value":"MIT","spdxExpression":"MIT"},{"value":"Odd","spdxExpression":""}]},
              {"name":"time","version":"0.2.15","type":"rust-crate","licenses":["MIT/Apache-2.0"],"locations":null},
              {"version":"1"}],
            "source":{"type":"directory","metadata":{"path":"shop"},"name":"shop"},
            "schema":{"version":"16.0.18"},"descriptor":{"name":"syft"}}"#,
        );
        assert!(said.findings.is_empty());
        let told: Vec<_> =
            said.components.iter().map(|c| (c.purl.as_str(), c.licenses.join("|"), c.location.to_string())).collect();
        assert_eq!(
            told,
            [
                ("pkg:npm/shelf@1.0", "MIT|Odd".to_owned(), "shop/web/yarn.lock".to_owned()),
                ("pkg:cargo/time@0.2.15", "MIT/Apache-2.0".to_owned(), "packages".to_owned()),
            ]
        );
        assert_eq!(said.gaps.len(), 1, "{:?}", said.gaps);
    }

    #[test]
    fn nothing_in_it() {
        let said = read(r#"{"artifacts":[],"source":{"type":"directory","target":"."},"schema":{"version":"1.0.0"}}"#);
        assert_eq!((said.components.len(), said.gaps.len(), said.notes.len()), (0, 0, 1));
    }
}
