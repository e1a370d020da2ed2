//! Reads records of the OSV schema (<https://ossf.github.io/osv-schema/>), as JSON and as YAML.

pub(super) mod convert;
pub(super) mod schema;

use super::record::Record;
use schema::Osv;

/// No record is larger, in bytes. The largest of public databases have some 3 MiB.
pub const MAX_RECORD: u64 = 16 << 20;

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its id.
    pub id: String,
    /// `None` where it was withdrawn, or is about nothing that a package of a known ecosystem could be matched with.
    pub record: Option<Record>,
    /// Ranges that were left out, since they have too many events.
    pub left_out: usize,
}

/// Reads a record.
///
/// # Errors
/// It is no JSON, or no record: a sentence with the place.
pub fn from_json(bytes: &[u8]) -> Result<Said, String> {
    let osv: Osv = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
    convert::convert(osv)
}

/// Reads a record in YAML, as the Python Packaging Authority writes them.
///
/// # Errors
/// It is no YAML, or no record: a sentence with the place.
pub fn from_yaml(text: &str) -> Result<Said, String> {
    let osv: Osv = serde_saphyr::from_str(text).map_err(|e| first_line(&e.to_string()))?;
    convert::convert(osv)
}

/// What a reader of YAML says, without its picture of the place.
pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisories::grade::Grade;
    use crate::advisories::record::Nature;

    const RECORD: &str = r#"{
        "schema_version": "1.7.0", "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-01-02T00:00:00Z",
        "aliases": ["CVE-2026-1"], "related": null, "summary": "Clocks run backwards", "details": "All of them.",
        "severity": [
            {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"},
            {"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N"}
        ],
        "affected": [
            {"package": {"ecosystem": "PyPI", "name": "Clock_Work"},
             "ranges": [{"type": "GIT", "repo": "x", "events": [{"introduced": "0"}, {"fixed": "abc"}]},
                        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}],
             "versions": ["1.0", "1.1"]},
            {"package": {"ecosystem": "PyPI", "name": "clock-work"},
             "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2.0"}]}]},
            {"package": {"ecosystem": "Moon", "name": "clock"}, "versions": ["1"]},
            {"ranges": [{"type": "GIT", "repo": "x", "events": [{"introduced": "0"}]}]}
        ],
        "references": [{"type": "WEB", "url": "https://clock.test/"}, {"type": "WEB", "url": "javascript:x"}],
        "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-682", "CWE-20", "x"]}
    }"#;

    #[test]
    fn a_record() {
        let said = from_json(RECORD.as_bytes()).unwrap();
        let record = said.record.unwrap();
        assert_eq!((record.id.as_str(), &record.aliases[..]), ("GHSA-aaaa-bbbb-cccc", &["CVE-2026-1".to_owned()][..]));
        assert_eq!(record.grade, Some(Grade::own("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H")), "the worse of two");
        assert_eq!(record.packages.len(), 1, "one entry for each name");
        let package = &record.packages[0];
        assert_eq!((package.ecosystem.as_str(), package.name.as_str()), ("PyPI", "clock-work"));
        assert_eq!((package.affected.ranges.len(), package.affected.versions.len()), (2, 0), "ranges cover the list");
        assert_eq!(record.text.cwe, [20, 682]);
        assert_eq!(record.text.references, ["https://clock.test/"]);
        assert_eq!(record.nature, Nature::Vulnerable);
    }

    #[test]
    fn yaml_says_the_same() {
        let text = "id: PYSEC-2026-1\nmodified: 2026-01-02T00:00:00Z\naliases:\n- CVE-2026-1\ndetails: x\naffected:\n- package:\n    ecosystem: PyPI\n    name: Clock\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: '0'\n    - fixed: '1.10'\n  versions:\n  - '1.0'\n";
        let json = r#"{"id": "PYSEC-2026-1", "modified": "2026-01-02T00:00:00Z", "aliases": ["CVE-2026-1"], "details": "x",
            "affected": [{"package": {"ecosystem": "PyPI", "name": "clock"}, "versions": ["1.0"],
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.10"}]}]}]}"#;
        assert_eq!(from_yaml(text).unwrap(), from_json(json.as_bytes()).unwrap());
    }

    #[test]
    fn what_is_withdrawn_or_of_nothing_known_is_no_record() {
        for text in [
            r#"{"id": "X-1", "withdrawn": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "versions": ["1.0.0"]}]}"#,
            r#"{"id": "X-1", "affected": [{"package": {"ecosystem": "Moon", "name": "x"}, "versions": ["1.0.0"]}]}"#,
            r#"{"id": "X-1", "affected": null}"#,
        ] {
            let said = from_json(text.as_bytes()).unwrap();
            assert_eq!((said.id.as_str(), said.record), ("X-1", None), "{text}");
        }
        for text in ["", "[]", "{}", r#"{"id": 1}"#, r#"{"id": ""}"#, r#"{"id": "a b"}"#] {
            assert!(from_json(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn natures() {
        let with = |id: &str, more: &str| {
            let text = format!(
                r#"{{"id": "{id}", "affected": [{{"package": {{"ecosystem": "crates.io", "name": "x"}},
                    "ranges": [{{"type": "SEMVER", "events": [{{"introduced": "0"}}]}}]{more}}}]}}"#
            );
            from_json(text.as_bytes()).unwrap().record.unwrap().nature
        };
        assert_eq!(with("MAL-2026-1", ""), Nature::Malicious);
        assert_eq!(
            with("RUSTSEC-2026-0001", r#", "database_specific": {"informational": "unsound"}"#),
            Nature::Unsound
        );
        assert_eq!(
            with("RUSTSEC-2026-0001", r#", "database_specific": {"categories": ["malicious"]}"#),
            Nature::Malicious
        );
        assert_eq!(
            with("RUSTSEC-2026-0001", r#", "database_specific": {"informational": 7, "categories": {}}"#),
            Nature::Vulnerable
        );
    }
}
