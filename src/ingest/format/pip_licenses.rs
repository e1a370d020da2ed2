//! pip-licenses' JSON: the packages of a Python environment and their licenses.
//!
//! `pip-licenses --format=json`, and `--format=json-license-finder`
//! (<https://github.com/raimon49/pip-licenses#option-format>).

use serde::Deserialize;

use crate::ingest::component::Component;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::out::Out;
use crate::ingest::scanned::PYTHON;

/// pip-licenses' JSON.
pub static FORMAT: Format = Format {
    id: "pip-licenses",
    name: "pip-licenses JSON",
    tool: "pip-licenses",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["Name", "Version", "License"],
            &["Name", "Version", "License-Metadata"],
            &["Name", "Version", "License-Classifier"],
            &["License", "Count"],
            &["name", "version", "licenses=[", "!purl", "!bomFormat", "!type"],
        ],
        records: &[""],
        reader: || Box::new(PipLicenses),
    },
};

struct PipLicenses;

impl Reader for PipLicenses {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Installed = record.parse()?;
        // A summary counts packages of a license, and names none.
        if found.name.is_empty() {
            return Ok(());
        }
        // `--from=all` has what the package declares beside what its classifiers say.
        let told = [&found.license, &found.metadata, &found.classifier].into_iter().find(|text| !text.is_empty());
        let licenses = told.map(|text| text.split("; ").map(str::to_owned).collect()).unwrap_or(found.licenses);
        let location = out.lines(PYTHON, 0, 0);
        out.component(Component::new("", "pypi", &found.name, &found.version, licenses, location));
        Ok(())
    }
}

#[derive(Deserialize)]
struct Installed {
    #[serde(default, rename = "Name", alias = "name", deserialize_with = "lenient::text")]
    name: String,
    #[serde(default, rename = "Version", alias = "version", deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, rename = "License", deserialize_with = "lenient::text")]
    license: String,
    #[serde(default, rename = "License-Metadata", deserialize_with = "lenient::text")]
    metadata: String,
    #[serde(default, rename = "License-Classifier", deserialize_with = "lenient::text")]
    classifier: String,
    #[serde(default, deserialize_with = "lenient::texts")]
    licenses: Vec<String>,
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::read;

    #[test]
    fn packages_and_their_licenses() {
        let said = read(
            r#"[{"License":"MIT License; BSD License","Name":"a","Version":"1"},
             {"License":"UNKNOWN","Name":"b","Version":"2","URL":"https://example.com"},
             {"License-Classifier":"ISC","License-Metadata":"","Name":"c","Version":"3"},
             {"name":"d","version":"4","licenses":["GPL-3.0"]},
             {"License":null,"Name":"e","Version":null},
             {"Count":"2","License":"MIT"}]"#,
        );
        let told: Vec<_> = said.components.iter().map(|c| format!("{} {}", c.purl, c.licenses.join("|"))).collect();
        let expected = ["pkg:pypi/a@1 MIT License|BSD License", "pkg:pypi/b@2 ", "pkg:pypi/c@3 ISC"];
        assert_eq!(told, [expected.as_slice(), &["pkg:pypi/d@4 GPL-3.0", "pkg:pypi/e "]].concat());
        assert!(said.gaps.is_empty() && said.findings.is_empty(), "{:?}", said.gaps);
    }
}
