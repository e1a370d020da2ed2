//! Retire.js' JSON: JavaScript libraries with known vulnerabilities, in files and packages.
//!
//! `retire --outputformat json` (<https://github.com/RetireJS/retire.js>): an object with `data` since version 2, before
//! that a list of files.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::Kind;
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::text;

/// Retire.js' JSON.
pub static FORMAT: Format = Format {
    id: "retire",
    name: "Retire.js JSON",
    tool: "retire",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[
            &["data[].results[].component"],
            &["data=[", "messages=[", "errors=["],
            &["results[].component", "results[].version"],
        ],
        records: &["data[].results[]", "results[]"],
        reader: || Box::<Retire>::default(),
    },
};

/// The file that libraries are in.
#[derive(Default)]
struct Retire {
    file: String,
}

impl Reader for Retire {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        self.file = around.text("file");
        for error in around.get::<Vec<Value>>("errors").unwrap_or_default() {
            out.gap(format!("retire: {}", error.as_str().unwrap_or("an error that it does not put into words")));
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let library: Library = record.parse()?;
        for vulnerability in &library.vulnerabilities {
            self.vulnerable(&library, vulnerability, out);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Library {
    component: String,
    #[serde(default, deserialize_with = "lenient::text")]
    npmname: String,
    #[serde(default, deserialize_with = "lenient::text")]
    version: String,
    #[serde(default, deserialize_with = "lenient::list")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability {
    #[serde(deserialize_with = "lenient::texts")]
    info: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    below: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::texts")]
    cwe: Vec<String>,
    #[serde(deserialize_with = "lenient::maybe")]
    identifiers: Option<Identifiers>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identifiers {
    #[serde(rename = "CVE", deserialize_with = "lenient::texts")]
    cve: Vec<String>,
    #[serde(rename = "githubID", deserialize_with = "lenient::text")]
    ghsa: String,
    #[serde(deserialize_with = "lenient::text")]
    retid: String,
    #[serde(deserialize_with = "lenient::text")]
    summary: String,
}

impl Retire {
    fn vulnerable(&self, library: &Library, found: &Vulnerability, out: &mut Out) {
        let none = Identifiers::default();
        let ids = found.identifiers.as_ref().unwrap_or(&none);
        let name = if library.npmname.is_empty() { &library.component } else { &library.npmname };
        // One that nobody numbered is told by what it is about.
        let own = match ids.retid.as_str() {
            "" => format!("retire-{name}-{}", if found.below.is_empty() { &library.version } else { &found.below }),
            id => format!("retire-{id}"),
        };
        let ghsa = Some(&ids.ghsa).filter(|id| !id.is_empty());
        let mut package = package("", "npm", name, &library.version);
        package.fixed = Some(found.below.clone()).filter(|version| !version.is_empty()).into_iter().collect();
        let finding = Vulnerable {
            id: ids.cve.first().or(ghsa).unwrap_or(&own),
            aliases: ids.cve.iter().chain(ghsa).cloned().collect(),
            title: &ids.summary,
            description: "",
            url: found.info.first().map_or("", String::as_str),
            cwe: lenient::weaknesses(&found.cwe),
            package,
            severity: out.severity(&found.severity),
            location: out.lines(if self.file.is_empty() { "package.json" } else { &self.file }, 0, 0),
        };
        let mut finding = finding.finding(out);
        if ids.summary.is_empty() {
            finding.message = text::printable(&format!("{name} {} is vulnerable", library.version));
        }
        out.finding(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    const FILE: &str = r#"{"file":"js/jquery.js","results":[{"version":"1.8.1","component":"jquery","npmname":"jquery","detection":"filename","vulnerabilities":[
        {"info":["https://x.invalid"],"below":"1.9.0","identifiers":{"CVE":["CVE-2012-6708"],"summary":"Selectors are HTML","githubID":"GHSA-2pqj-h3vj-pqgw"},"severity":"medium","cwe":["CWE-79"]},
        {"info":[],"below":"2.0.0","identifiers":null,"severity":"low"}]}]}"#;

    #[test]
    fn both_shapes() {
        let object = read(format!(
            r#"{{"version":"5.0.0","start":"x","data":[{FILE}],"messages":[],"errors":["no js"],"time":0.1}}"#
        ));
        assert_eq!(object.gaps.len(), 1);
        for said in [object, read(format!("[{FILE}]"))] {
            assert_eq!(
                lines(&said),
                [
                    "advisory/CVE-2012-6708 medium js/jquery.js pkg:npm/jquery@1.8.1: jquery 1.8.1 is vulnerable: Selectors are HTML",
                    "advisory/retire-jquery-2.0.0 low js/jquery.js pkg:npm/jquery@1.8.1: jquery 1.8.1 is vulnerable",
                ]
            );
        }
    }

    #[test]
    fn a_clean_report() {
        let said = read(r#"{"version":"5.0.0","start":"x","data":[],"messages":[],"errors":[],"time":0.1}"#);
        assert_eq!(said.notes, ["`report`: Retire.js JSON, 0 findings"]);
    }
}
