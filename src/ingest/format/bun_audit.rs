//! Bun's JSON: vulnerable packages of a JavaScript project.
//!
//! `bun audit --json` (<https://bun.com/docs/install/audit>): for each package the advisories of npm's registry that it is
//! under, without the version that is installed.

use super::npm_advisory::Advisory;
use crate::finding::Kind;
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::out::Out;

/// Bun's JSON.
pub static FORMAT: Format = Format {
    id: "bun-audit",
    name: "Bun audit JSON",
    tool: "bun-audit",
    kinds: &[Kind::Advisory],
    syntax: Syntax::Json {
        marks: &[&["*[].vulnerable_versions", "*[].severity", "*[].url"]],
        records: &["*"],
        reader: || Box::new(BunAudit),
    },
};

#[derive(Default)]
struct BunAudit;

impl Reader for BunAudit {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let name = record.key.unwrap_or_default();
        for advisory in record.parse::<Vec<Advisory>>()? {
            let finding = advisory.finding_of(name, "", out);
            out.finding(finding);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::ingest::testing::{lines, read};

    #[test]
    fn advisories_by_package() {
        let said = read(
            r#"{"lodash":[{"id":1106913,"url":"https://github.com/advisories/GHSA-35jh-r3h4-6jhm","title":"Injection","severity":"high","vulnerable_versions":"<4.17.21","cwe":["CWE-77"],"cvss":{"score":7.2,"vectorString":"x"}},
              {"id":2,"url":null,"title":"Other","severity":"low","vulnerable_versions":"*"}]}"#,
        );
        assert_eq!(
            lines(&said),
            [
                "advisory/GHSA-35jh-r3h4-6jhm high bun.lock pkg:npm/lodash: lodash is vulnerable: Injection",
                "advisory/npm-2 low bun.lock pkg:npm/lodash: lodash is vulnerable: Other",
            ]
        );
    }
}
