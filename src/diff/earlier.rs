//! Reads a JSON report of an earlier scan as what to compare with. It is a file that anybody may have written, so it is
//! read within bounds, and what it says is brought into the forms that findings of our own have.

mod document;
mod reread;

use std::io::Read as _;
use std::path::Path;

use super::identity::{Identity, is_of_git};
use super::layers::BaseLayer;
use crate::engine::Outcome;
use crate::error::Error;
use crate::finding::{Fingerprint, Kind, RepoPath, Severity};
use crate::scanner::Gap;
use crate::text;
use document::{Document, Entry, Head, Layer, ToldGap};
pub use reread::Reread;

/// No report is larger, in bytes.
const MAX_REPORT: u64 = 512 << 20;
/// The version of the report's shape that is known.
const SCHEMA: u64 = 1;

/// An earlier report, as far as a comparison needs it.
pub struct Earlier {
    /// Its findings.
    pub findings: Vec<Identity>,
    /// Findings that its configuration accepted.
    pub accepted: Vec<Identity>,
    /// What its layers came to.
    pub layers: Vec<BaseLayer>,
    /// The commit that was scanned, in hex; `None` when there was none.
    pub revision: Option<String>,
}

/// Whether an argument names a report rather than a revision: a file that exists and ends in `.json`.
pub fn is_report(name: &str) -> bool {
    let path = Path::new(name);
    path.extension().is_some_and(|end| end == "json") && path.is_file()
}

impl Earlier {
    /// Reads a report.
    ///
    /// # Errors
    /// It cannot be read, or is no report of this program in a shape that is known.
    pub fn open(path: &Path) -> Result<Self, Error> {
        open(path, Self::parse)
    }

    /// Reads the text of a report.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let document = parse(bytes)?;
        let findings = document.findings.iter().map(identity).collect::<Result<_, _>>()?;
        let by_configuration = document.suppressed.iter().filter(|accepted| accepted.by != "inline");
        let accepted = by_configuration.map(|accepted| identity(&accepted.finding)).collect::<Result<_, _>>()?;
        let revision = revision(&document);
        Ok(Self { findings, accepted, layers: document.layers.iter().map(layer).collect(), revision })
    }
}

fn open<T>(path: &Path, make: impl Fn(&[u8]) -> Result<T, String>) -> Result<T, Error> {
    let refuse =
        || Error::usage(format!("cannot compare with the report `{}`", text::printable(&path.display().to_string())));
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|e| refuse().because(e))?;
    file.take(MAX_REPORT + 1).read_to_end(&mut bytes).map_err(|e| refuse().because(e))?;
    if bytes.len() as u64 > MAX_REPORT {
        return Err(refuse().because(format!("it has more than the {MAX_REPORT} bytes that are read")));
    }
    make(&bytes).map_err(|why| refuse().because(why).hint("make one with `scanall -o json=base.json`"))
}

fn parse(bytes: &[u8]) -> Result<Document, String> {
    let head: Head = serde_json::from_slice(bytes).map_err(|e| text::printable(&e.to_string()))?;
    if head.tool.name != "scanall" {
        return Err(format!("it was written by `{}`", text::printable(&head.tool.name)));
    }
    if head.schema != SCHEMA {
        return Err(format!("its schema is {}, and only {SCHEMA} is known", head.schema));
    }
    let document: Document = serde_json::from_slice(bytes).map_err(|e| text::printable(&e.to_string()))?;
    match document.change {
        None => Ok(document),
        Some(_) => Err("it is a comparison itself, and lists what was new then instead of what was there".to_owned()),
    }
}

fn revision(document: &Document) -> Option<String> {
    let id = document.repository.as_ref()?.revision.as_ref()?;
    (matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.clone())
}

fn identity(entry: &Entry) -> Result<Identity, String> {
    let unknown = |what: &str, word: &str| format!("it has a finding whose {what} is `{}`", text::printable(word));
    let kind =
        Kind::ALL.into_iter().find(|kind| kind.id() == entry.kind).ok_or_else(|| unknown("kind", &entry.kind))?;
    let severity: Severity = entry.severity.parse().map_err(|_| unknown("severity", &entry.severity))?;
    let fingerprint =
        Fingerprint::parse(&entry.fingerprint).ok_or_else(|| unknown("fingerprint", &entry.fingerprint))?;
    let places = std::iter::once(&entry.location).chain(&entry.related);
    let in_files = places.filter(|place| place.commit.is_none() && !is_of_git(&place.path)).map(|place| &place.path);
    let at_head = entry.history.as_ref().and_then(|history| history.head.as_ref());
    let mut identity = Identity {
        kind,
        path: RepoPath::new(&entry.location.path),
        line: entry.location.start_line,
        commit: entry.location.commit.as_deref().map(text::printable),
        rule: text::printable(&entry.rule),
        version: entry.package.as_ref().map(|package| package.version.clone()).unwrap_or_default(),
        names: Vec::new(),
        fingerprint,
        content: entry.content_fingerprint.as_deref().and_then(Fingerprint::parse),
        paths: in_files.chain(at_head).map(RepoPath::new).collect(),
        is_in_files: false,
        severity,
        message: text::printable(&entry.message),
    };
    if let Some(package) = &entry.package {
        identity.name(package.unversioned(), &package.aliases);
    }
    identity.settle();
    Ok(identity)
}

fn layer(layer: &Layer) -> BaseLayer {
    let reason = || layer.reason.as_deref().map(text::printable).unwrap_or_default();
    // A report says whether gaps counted, not which of them did.
    let gap = |told: &ToldGap| {
        let message = text::printable(&told.message);
        let gap = if layer.incomplete { Gap::broken(message) } else { Gap::unavailable(message) };
        Gap { hint: told.hint.as_deref().map(text::printable), ..gap }
    };
    BaseLayer {
        outcome: match layer.outcome.as_str() {
            "completed" => Outcome::Completed,
            "skipped" => Outcome::Skipped(reason()),
            _ => Outcome::Failed(vec![reason()]),
        },
        gaps: layer.gaps.iter().map(gap).collect(),
        id: layer.layer.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REPORT: &str = r#"{"schema":1,"tool":{"name":"scanall"},"suppressed":[],"layers":[],"findings":[{"rule":"r",
        "kind":"code","severity":"low","message":"m","location":{"path":"../../a","start_line":1,"commit":null},
        "related":[],"history":null,"package":null,"fingerprint":"00000000000000000000000000000000"}]}"#;

    fn refusal(from: &str, to: &str) -> String {
        let report = REPORT.replace(from, to);
        assert_ne!(report, REPORT);
        Earlier::parse(report.as_bytes()).err().unwrap_or_default()
    }

    #[test]
    fn what_is_no_report_is_refused_with_the_reason() {
        assert!(refusal("\"scanall\"", "\"trivy\\u001b\"").contains("written by `trivy\\u{1b}`"));
        assert!(refusal("\"schema\":1", "\"schema\":2").contains("its schema is 2"));
        assert!(refusal("\"code\"", "\"poem\"").contains("kind is `poem`"));
        assert!(refusal("\"0000", "\"zzzz").contains("fingerprint"));
        assert!(refusal("\"rule\":\"r\",", "").contains("missing field"));
        assert!(refusal("\"layers\":[]", "\"layers\":[],\"change\":{}").contains("is a comparison itself"));
        assert!(Earlier::parse(&b"[".repeat(100_000)).is_err());
    }

    #[test]
    fn what_a_report_says_is_brought_into_our_forms() {
        let earlier = Earlier::parse(REPORT.as_bytes()).unwrap();
        assert_eq!((earlier.findings[0].path.as_str(), earlier.findings[0].is_in_files), ("a", true));
    }

    /// A report with everything in it that is read.
    const FULL: &str = r#"{"schema":1,"tool":{"name":"scanall"},"fail_on":"low","repository":{"revision":"abc"},
        "suppressed":[{"by":"ignore 1","reason":"r","expires":"2027-01-31","finding":ENTRY}],"findings":[ENTRY],
        "layers":[{"layer":"secrets","outcome":"completed","incomplete":true,"seconds":1e9,
        "gaps":[{"message":"m","hint":"h"}],"notes":["n"]}]}"#;
    const ENTRY: &str = r#"{"rule":"r","title":"t","kind":"secret","severity":"low","confidence":"high","message":"m",
        "location":{"path":"a","start_line":0,"start_column":4294967295,"end_line":0,"end_column":0,"commit":"c",
        "date":"d"},"related":[{"path":"git/logs/HEAD","start_line":4294967295}],"occurrences":2,"history":{"introduced":
        {"path":"b"},"head":"h","removed":{"commit":"x","date":"y"},"commits":1,"paths":2},"excerpt":"e","package":
        {"purl":"pkg:npm/%40a/b@1","name":"b","version":"1"},"remedy":"x","sources":[{"tool":"s","rule":"r"}],
        "fingerprint":"00000000000000000000000000000000","content_fingerprint":null,"redacted":"…\u001b"}"#;

    #[test]
    fn a_report_is_made_findings_of_again() {
        let full = FULL.replace("ENTRY", ENTRY);
        let reread = Reread::parse(full.as_bytes()).unwrap();
        let (finding, identity) = &reread.findings[0];
        assert_eq!((finding.fingerprint(), &identity.paths[0]), (identity.fingerprint.clone(), &RepoPath::new("h")));
        assert_eq!(finding.package.as_ref().unwrap().purl, "pkg:npm/%40a/b");
        assert_eq!(finding.secret.as_ref().unwrap().redacted(), "…\\u{1b}");
        assert_eq!((reread.accepted.len(), reread.layers[0].gaps.len(), reread.origin.revision), (1, 1, None));
        assert!(Reread::parse(full.replace("\"secrets\"", "\"tarot\"").as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
            for report in [REPORT.to_owned(), FULL.replace("ENTRY", ENTRY)] {
                let mut bytes = report.into_bytes();
                let at = at.index(bytes.len());
                bytes[at] = byte;
                let _ = (Earlier::parse(&bytes), Reread::parse(&bytes));
                let _ = (Earlier::parse(&bytes[..at]), Reread::parse(&bytes[..at]));
            }
        }
    }
}
