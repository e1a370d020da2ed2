//! Defines [`Sheet`]: what the files of a package say of its license, before anybody judges it.

use super::Evidence;
use super::place::{Folder, Text};
use crate::license::expression::Expression;
use crate::license::normalize::{Meaning, Normalized, normalize};

/// What several licenses have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// One of them may be chosen.
    Any,
    /// All of them are to be kept.
    All,
}

/// What the files of a package say of its license.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The licenses that its manifest names; empty when it names none.
    pub(super) said: Vec<String>,
    /// What those have to do with each other.
    pub(super) join: Join,
    /// Where the manifest says so, or would have said it; `None` where no manifest of its kind says such things.
    pub(super) manifest: Option<Evidence>,
    /// Files with the license that the manifest names, from the folder.
    pub(super) files: Vec<String>,
    /// Where its license files are; `None` when they are nowhere.
    pub(super) folder: Option<Folder>,
}

impl Sheet {
    /// A package whose manifest says nothing of licenses: the files in its folder do.
    pub(super) fn of_files(folder: Folder) -> Self {
        Self { said: Vec::new(), join: Join::Any, manifest: None, files: Vec::new(), folder: Some(folder) }
    }

    /// What a manifest says, at the line that begins with one of the words.
    pub(super) fn declared(said: Vec<String>, join: Join, manifest: &Text, words: &[&str]) -> Self {
        let said: Vec<String> = said.into_iter().filter(|one| !one.trim().is_empty()).collect();
        let line = (!said.is_empty()).then(|| line_of(&manifest.text, words)).flatten();
        let evidence = Evidence { file: manifest.shown.clone(), line, sha256: Some(manifest.sha256.clone()) };
        Self { said, join, manifest: Some(evidence), files: Vec::new(), folder: None }
    }

    /// With the folder of its license files.
    #[must_use]
    pub(super) fn in_folder(mut self, folder: Folder) -> Self {
        self.folder = Some(folder);
        self
    }
}

/// The first line, counted from 1, that begins with one of the words, whatever spaces and quotes are before it; or else,
/// for words that end with a quote, the first that has one in it.
pub(super) fn line_of(text: &str, words: &[&str]) -> Option<u32> {
    let begins = |line: &str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "\"'{,<".contains(c));
        words.iter().any(|word| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
    };
    let holds = |line: &str| words.iter().any(|word| word.ends_with('"') && line.contains(&format!("\"{word}")));
    let at = text.lines().position(begins).or_else(|| text.lines().position(holds))?;
    u32::try_from(at + 1).ok()
}

/// What several licenses mean together, and the files that they name instead; `None` when they say nothing at all.
pub(super) fn meant(said: &[String], join: Join) -> (Option<Normalized>, Vec<String>) {
    let mut files = Vec::new();
    let mut told: Vec<Normalized> = Vec::new();
    for one in said.iter().take(100) {
        let found = normalize(one);
        match &found.meaning {
            Meaning::File(name) => files.push(name.clone()),
            _ => told.push(found),
        }
    }
    // Of a choice, what says nothing is none; of all, it may be anything.
    if join == Join::Any && told.iter().any(|one| one.meaning != Meaning::Nothing) {
        told.retain(|one| one.meaning != Meaning::Nothing);
    }
    let both: fn(Expression, Expression) -> Expression = match join {
        Join::Any => Expression::or,
        Join::All => Expression::and,
    };
    let together = told.into_iter().reduce(|one, other| Normalized {
        meaning: match one.meaning == other.meaning {
            true => one.meaning,
            false => Meaning::Partly,
        },
        expression: both(one.expression, other.expression),
    });
    (together, files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(said: &[&str], join: Join) -> Option<String> {
        let said: Vec<String> = said.iter().map(ToString::to_string).collect();
        meant(&said, join).0.map(|one| one.expression.to_string())
    }

    #[test]
    fn several_licenses() {
        assert_eq!(told(&["MIT", "Apache 2.0"], Join::Any).as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!(told(&["MIT", "GPL-2.0"], Join::All).as_deref(), Some("MIT AND GPL-2.0-only"));
        assert_eq!(told(&["MIT", "UNKNOWN"], Join::Any).as_deref(), Some("MIT"));
        assert_eq!(told(&["MIT", "UNKNOWN"], Join::All).as_deref(), Some("MIT AND NOASSERTION"));
        assert_eq!(told(&[], Join::All), None);
        let (told, files) = meant(&["SEE LICENSE IN TERMS.md".to_owned()], Join::Any);
        assert_eq!((told, files), (None, vec!["TERMS.md".to_owned()]));
    }

    #[test]
    fn lines() {
        assert_eq!(line_of("{\n \"name\": \"x\",\n  \"license\": \"MIT\"\n}", &["license\""]), Some(3));
        assert_eq!(line_of("{\n\"name\": \"x\", \"license\": \"MIT\"}", &["license\""]), Some(2));
        assert_eq!(line_of("a\nb license", &["license"]), None);
        assert_eq!(line_of("é\n{\"licence\": 1}", &["licence\""]), Some(2));
    }
}
