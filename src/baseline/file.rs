//! Reads and writes the file of a baseline: JSON with a line for each finding, sorted, so that a diff shows what came
//! and went and nothing else.

use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Baseline, Entry, FILE, Known, Place, SHORT};
use crate::edit;
use crate::error::Error;
use crate::finding::{RepoPath, Severity};
use crate::suppress::foreign::{self, Format};
use crate::text;

/// Rises when an older scanall would misread the file.
const SCHEMA: u32 = 1;
/// No baseline is larger, in bytes.
const MOST: u64 = 64 << 20;
/// The length of a whole fingerprint in hexadecimal digits.
const WHOLE: usize = 32;

#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "schema")]
    _schema: u32,
    history: String,
    findings: Vec<Line>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    // Far from the names, so that no scanner takes it for a key of the provider that they name.
    fingerprint: String,
    path: String,
    rule: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    what: String,
    severity: String,
    by: Vec<String>,
    added: String,
}

impl Place {
    /// The file that a command line names, else the one of the configuration, else the one at the root. The last two
    /// come with the repository and stay inside of it.
    ///
    /// # Errors
    /// A link leads out of the repository, or the file is none.
    pub fn find(named: Option<&Path>, configured: Option<&str>, root: &Path) -> Result<Self, Error> {
        match (named, configured) {
            (Some(path), _) => Ok(Self {
                path: edit::resolve(path, None)?,
                name: text::printable(&path.display().to_string()),
                named: true,
            }),
            (None, Some(name)) => {
                let inside = RepoPath::new(name);
                let path = edit::resolve(&root.join(inside.as_str()), Some(root))?;
                Ok(Self { path, name: text::printable(inside.as_str()), named: true })
            }
            (None, None) => {
                Ok(Self { path: edit::resolve(&root.join(FILE), Some(root))?, name: FILE.to_owned(), named: false })
            }
        }
    }

    /// Whether a file is there.
    pub fn exists(&self) -> bool {
        self.path.symlink_metadata().is_ok()
    }
}

impl Known {
    /// Reads a baseline, in whichever format it is; `None` when there is none and nobody named one.
    ///
    /// # Errors
    /// It cannot be read, or is damaged. A baseline of which a part cannot be read is worth nothing: either known
    /// findings would be new, or new ones known.
    pub fn load(place: &Place) -> Result<Option<Self>, Error> {
        if !place.exists() {
            return match place.named {
                false => Ok(None),
                true => Err(Error::usage(format!("there is no baseline `{}`", place.name))
                    .hint("make it with `scanall baseline create`, or scan with --no-baseline")),
            };
        }
        let source = edit::read(&place.path, MOST)
            .map_err(|e| Error::usage(format!("cannot read the baseline `{}`", place.name)).because(e))?;
        match Format::of(&source) {
            Some(format) => format.read(&source, &place.name).map(Self::Other).map(Some),
            None => Baseline::read(&source, &place.name).map(Self::Own).map(Some).map_err(|error| {
                let names: Vec<&str> = foreign::FORMATS.iter().map(|format| format.name).collect();
                error.hint(format!("what can be given: one of scanall's own, {}", names.join(", ")))
            }),
        }
    }

    /// How many findings it knows.
    pub fn count(&self) -> usize {
        match self {
            Self::Own(baseline) => baseline.entries.len(),
            Self::Other(list) => list.len(),
        }
    }
}

impl Baseline {
    /// Reads the text of a baseline; `origin` names it in errors.
    ///
    /// # Errors
    /// It is not one, or one of a later scanall.
    pub fn read(source: &str, origin: &str) -> Result<Self, Error> {
        let refuse = |why: String| {
            Error::usage(format!("the baseline `{origin}` is damaged"))
                .because(why)
                .hint("take it back from git, or write it anew with `scanall baseline create --force`")
        };
        let Versioned { schema } = serde_json::from_str(source).map_err(|e| refuse(e.to_string()))?;
        if schema != SCHEMA {
            return Err(Error::usage(format!(
                "the baseline `{origin}` has the schema {schema}, and this scanall knows {SCHEMA}"
            ))
            .hint("use the scanall that wrote it, or write it anew with `scanall baseline create --force`"));
        }
        let document: Document = serde_json::from_str(source).map_err(|e| refuse(e.to_string()))?;
        if !["full", "none"].contains(&document.history.as_str()) {
            return Err(refuse("`history` is neither `full` nor `none`".to_owned()));
        }
        let entries = document.findings.into_iter().enumerate();
        let entries = entries
            .map(|(index, line)| line.entry().map_err(|why| refuse(format!("finding {}: {why}", index + 1))))
            .collect::<Result<_, _>>()?;
        Ok(Self { history: document.history, entries })
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Never: an entry holds nothing that JSON cannot.
    pub fn write(&self) -> Result<String, Error> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort();
        let lines =
            entries.into_iter().map(|entry| serde_json::to_string(&Line::of(entry))).collect::<Result<Vec<_>, _>>();
        let lines = lines.map_err(|e| Error::usage("cannot write the baseline").because(e))?;
        let findings = match lines.is_empty() {
            true => "[]".to_owned(),
            false => format!("[\n    {}\n  ]", lines.join(",\n    ")),
        };
        let history = &self.history;
        Ok(format!("{{\n  \"schema\": {SCHEMA},\n  \"history\": \"{history}\",\n  \"findings\": {findings}\n}}\n"))
    }

    /// Writes the file in the place of what is there.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        edit::replace(path, self.write()?.as_bytes())
    }
}

impl Line {
    fn of(entry: &Entry) -> Self {
        let Entry { path, rule, what, fingerprint, severity, by, added } = entry.clone();
        Self { path, rule, what, fingerprint, severity: severity.id().to_owned(), by, added: added.to_string() }
    }

    fn entry(self) -> Result<Entry, String> {
        let Self { path, rule, what, fingerprint, severity, by, added } = self;
        let is_hex = fingerprint.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hex || ![SHORT, WHOLE].contains(&fingerprint.len()) {
            return Err(format!("its fingerprint has not {WHOLE} or {SHORT} lower-case hexadecimal digits"));
        }
        if by.is_empty() {
            return Err("it does not say by which tool it was found".to_owned());
        }
        let severity: Severity = severity.parse()?;
        let added: Date = added.parse().map_err(|_| format!("`{added}` is not a day such as 2027-01-31"))?;
        Ok(Entry { path, rule, what, fingerprint, severity, by, added })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let severity = (0..5usize).prop_map(|index| Severity::WORST_FIRST[index]);
        let fingerprint = prop_oneof!["[0-9a-f]{32}", "[0-9a-f]{4}"];
        let entry = (".*", ".*", ".*", fingerprint, severity, prop::collection::vec("[a-z]+", 1..3));
        let entry = entry.prop_map(|(path, rule, what, fingerprint, severity, by)| {
            let added = jiff::civil::date(2026, 4, 1);
            Entry { path, rule, what, fingerprint, severity, by, added }
        });
        prop::collection::vec(entry, 0..8)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(entries in entries()) {
            let baseline = Baseline { history: "full".to_owned(), entries };
            let text = baseline.write().unwrap();
            let read = Baseline::read(&text, FILE).unwrap();
            prop_assert_eq!(text.lines().count(), if read.entries.is_empty() { 5 } else { 6 + read.entries.len() });
            prop_assert_eq!(read.write().unwrap(), text);
            let mut sorted = baseline.entries;
            sorted.sort();
            prop_assert_eq!(read.entries, sorted);
        }

        #[test]
        fn no_text_is_read_by_half(entries in entries(), at in any::<prop::sample::Index>()) {
            let text = Baseline { history: "none".to_owned(), entries }.write().unwrap();
            let mut end = at.index(text.trim_end().len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            prop_assert!(Baseline::read(&text[..end], FILE).is_err());
        }
    }

    #[test]
    fn a_damaged_one_is_refused_with_the_reason() {
        let with = |line: &str| format!("{{\"schema\":1,\"history\":\"full\",\"findings\":[{line}]}}");
        let good = "{\"path\":\"a\",\"rule\":\"secret/x\",\"fingerprint\":\"0123\",\"severity\":\"low\",\"by\":[\"scanall\"],\"added\":\"2026-04-01\"}";
        assert_eq!(Baseline::read(&with(good), FILE).unwrap().entries.len(), 1);
        for (source, why) in [
            (String::new(), "EOF"),
            ("[]".to_owned(), "invalid"),
            (with(good).replace("\"schema\":1", "\"schema\":2"), "schema 2"),
            (with(good).replace("0123", "012"), "finding 1: its fingerprint"),
            (with(good).replace("0123", "012G"), "finding 1: its fingerprint"),
            (with(good).replace("low", "mild"), "mild"),
            (with(good).replace("2026-04-01", "2026-02-30"), "2026-02-30"),
            (with(good).replace("[\"scanall\"]", "[]"), "which tool"),
            (with(good).replace("\"path\"", "\"paths\""), "paths"),
            (with(good).replace("full", "some"), "history"),
            (with(&format!("{good}\n<<<<<<< HEAD\n")), "line 2"),
        ] {
            let error = Baseline::read(&source, FILE).unwrap_err().to_string();
            assert!(error.contains(why), "{source}: {error}");
        }
    }
}
