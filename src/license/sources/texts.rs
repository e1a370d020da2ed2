//! Finds the license files of a package, and tells which licenses they hold.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::Evidence;
use super::place::{Folder, Text, What};
use crate::license::expression::{Expression, Term};
use crate::license::id;
use crate::license::normalize::{Meaning, normalize};
use crate::license::text::{Identified, Kind, identify};

/// How names of license files begin, in any case.
const STEMS: [&str; 6] = ["license", "licence", "copying", "unlicense", "unlicence", "mit-license"];
/// Parts of names of files about other people's licenses, or that are no texts.
const OTHERS: [&str; 6] = ["third", "3rd", "thirdparty", "notice", "template", "header"];
/// Ends of names of programs, which are no license files.
const PROGRAMS: [&str; 14] =
    [".js", ".ts", ".rs", ".py", ".go", ".rb", ".json", ".xml", ".class", ".dart", ".cs", ".php", ".png", ".java"];
/// Folders with nothing but license files, as REUSE and Python's metadata have them.
const FOLDERS: [&str; 3] = ["LICENSES", "licenses", "license"];
/// No package has more license files that are read.
const MAX_FILES: usize = 20;

/// The license files of a package.
pub(super) struct Texts {
    files: Vec<(Text, Arc<Vec<Identified>>)>,
}

/// What was found in texts before: most packages have the very same ones, but for the names of their authors.
#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<[u8; 32], Arc<Vec<Identified>>>>);

impl Memory {
    fn identify(&self, text: &str) -> Arc<Vec<Identified>> {
        let key = key(text);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let found = Arc::new(identify(text));
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&found));
            found
        })
    }
}

/// A text without what differs from package to package: whose it is, and how it is wrapped.
fn key(text: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    for line in text.lines() {
        let line = line.trim();
        let starts = ["copyright (c) ", "copyright © ", "copyright 1", "copyright 2", "copyright: ", "(c) ", "© "];
        let is_owner = line.len() < 200
            && starts.iter().any(|start| line.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start)))
            && !["licen", "spdx", "gpl", "mit", "bsd", "apache"]
                .iter()
                .any(|word| line.to_ascii_lowercase().contains(word));
        if !is_owner {
            line.split_whitespace().for_each(|word| {
                digest.update(word);
                digest.update(b" ");
            });
        }
    }
    digest.finalize().into()
}

impl Texts {
    /// Reads the files that a manifest names, or else those whose names say what they are.
    pub(super) fn read(folder: &Folder, named: &[String], memory: &Memory) -> Self {
        let mut read: Vec<Text> = Vec::new();
        for name in named.iter().take(MAX_FILES) {
            // Metadata of Python has those in a folder of their own.
            let places = [name.clone(), format!("licenses/{name}"), format!("license_files/{name}")];
            read.extend(places.iter().find_map(|name| folder.read(name.trim_start_matches("./"))));
        }
        if read.is_empty() {
            let names = folder.names();
            let files = names.iter().filter(|(name, what)| *what != What::Folder && is_license(name));
            read.extend(files.take(MAX_FILES).filter_map(|(name, _)| folder.read(name)));
            let is_there = |only: &&&str| names.iter().any(|(name, what)| name == **only && *what == What::Folder);
            for inner in FOLDERS.iter().filter(is_there).filter_map(|only| folder.at(only)) {
                let files = inner.names().into_iter().filter(|(name, what)| *what == What::File && !is_program(name));
                read.extend(files.take(MAX_FILES).filter_map(|(name, _)| inner.read(&name)));
            }
        }
        let files = read.into_iter().take(MAX_FILES).map(|text| {
            let found = memory.identify(&text.text);
            (text, found)
        });
        Self { files: files.collect() }
    }

    /// The hashes of the files.
    pub(super) fn hashes(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(text, _)| text.sha256.as_str())
    }

    /// All that is in them.
    pub(super) fn found(&self) -> Vec<Identified> {
        self.files.iter().flat_map(|(_, found)| found.iter().cloned()).collect()
    }

    /// Where a license is; the first file when it is in none.
    pub(super) fn evidence(&self, id: &str) -> Option<Evidence> {
        let holds = |found: &[Identified]| found.iter().any(|one| one.is(id));
        let (text, _) = self.files.iter().find(|(_, found)| holds(found)).or(self.files.first())?;
        // What is remembered may be of a text with other lines above.
        let line = identify(&text.text).iter().find(|one| one.is(id)).map(|one| *one.lines.start());
        let line = line.and_then(|line| u32::try_from(line).ok());
        Some(Evidence { file: text.shown.clone(), line, sha256: Some(text.sha256.clone()) })
    }

    /// The licenses that the files hold, all of which are to be kept for what anybody knows; `None` when they hold none
    /// that is known.
    pub(super) fn expression(&self) -> Option<Expression> {
        let mut terms: Vec<Expression> = Vec::new();
        for (text, found) in &self.files {
            // A file that is nothing but an expression says how its terms belong together.
            let bare = text.text.trim();
            if bare.len() <= 120 && !bare.contains('\n') {
                let said = normalize(bare);
                if said.meaning == Meaning::License {
                    terms.push(said.expression);
                    continue;
                }
            }
            terms.extend(of_file(found));
        }
        let ids: Vec<Term> = terms.iter().flat_map(|one| one.terms().cloned()).collect();
        // The text of the GPL comes with that of the LGPL, which is written as additions to it.
        let is_companion = |one: &Expression| {
            let mut own = one.terms();
            let (Some(term), None) = (own.next(), own.next()) else { return false };
            let lesser = match id::stem(term.id()) {
                "GPL-3.0" => "LGPL-3.0",
                "GPL-2.0" => "LGPL-2",
                _ => return false,
            };
            term.exception().is_none() && ids.iter().any(|other| other.id().starts_with(lesser))
        };
        let mut kept: Vec<Expression> = Vec::new();
        for one in terms.iter().filter(|one| !is_companion(one)) {
            let covers = |term: &Term, other: &Term| {
                term == other || (term.id() == id::stem(other.id()) && term.exception().is_none())
            };
            let stands = |kept: &Expression| one.terms().all(|term| kept.terms().any(|other| covers(term, other)));
            if !kept.iter().any(stands) {
                // A notice says more than the text behind it.
                kept.retain(|old| {
                    !(old.terms().count() == 1 && old.terms().all(|term| one.terms().any(|other| covers(term, other))))
                });
                kept.push(one.clone());
            }
        }
        kept.into_iter().reduce(Expression::and)
    }
}

/// What is in one file: texts, notices and tags, with the exceptions to them, or else the one license that is mentioned.
fn of_file(found: &[Identified]) -> Vec<Expression> {
    let exceptions: Vec<&str> =
        found.iter().filter(|one| one.kind == Kind::Exception).map(|one| one.id.as_ref()).collect();
    let of = |one: &Identified| {
        let is_gnu = one.id.contains("GPL-");
        Expression::of(Term::new(&one.id, exceptions.first().copied().filter(|_| is_gnu && exceptions.len() == 1)))
    };
    let told = |one: &&Identified| !matches!(one.kind, Kind::Exception | Kind::Mention);
    let terms: Vec<Expression> = found.iter().filter(told).map(of).collect();
    if !terms.is_empty() {
        return terms;
    }
    let mut mentioned: Vec<&str> =
        found.iter().filter(|one| one.kind == Kind::Mention).map(|one| one.id.as_ref()).collect();
    mentioned.dedup();
    match mentioned[..] {
        [id] => vec![Expression::of(Term::new(id, None))],
        _ => Vec::new(),
    }
}

fn is_license(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    // `GPL-LICENSE.txt` and `x.license` are some, too.
    let is_named = STEMS.iter().any(|stem| lower.starts_with(stem))
        || [".license", "-license", "-license.txt", "-license.md"].iter().any(|end| lower.ends_with(end));
    is_named && !OTHERS.iter().any(|other| lower.contains(other)) && !is_program(&lower)
}

fn is_program(name: &str) -> bool {
    PROGRAMS.iter().any(|end| name.to_ascii_lowercase().ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::sources::place::Place;

    const ISC: &str = "Copyright 2020 Somebody\n\nPermission to use, copy, modify, and/or distribute this software for any \
                       purpose with or without fee is hereby granted, provided that the above copyright notice and this \
                       permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS \
                       ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND \
                       FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL \
                       DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF \
                       CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR \
                       PERFORMANCE OF THIS SOFTWARE.\n";

    fn texts(files: &[(&str, &str)], named: &[&str]) -> (tempfile::TempDir, Texts) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let named: Vec<String> = named.iter().map(ToString::to_string).collect();
        let read = Texts::read(&Place::open(folder.path(), "").unwrap(), &named, &Memory::default());
        (folder, read)
    }

    fn expression(files: &[(&str, &str)]) -> Option<String> {
        texts(files, &[]).1.expression().map(|one| one.to_string())
    }

    #[test]
    fn what_files_hold() {
        assert_eq!(expression(&[("LICENSE", ISC)]).as_deref(), Some("ISC"));
        assert_eq!(expression(&[("LICENSE", "MIT OR Apache-2.0\n")]).as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!(expression(&[("COPYING", ISC), ("LICENSES/MIT.txt", "MIT")]).as_deref(), Some("ISC AND MIT"));
        assert_eq!(expression(&[("LICENSE-3rdparty", ISC), ("license.rs", ISC), ("readme", ISC)]), None);
        assert_eq!(expression(&[("LICENSE", "All rights reserved, and more of such words.\nAnd more.")]), None);
    }

    #[test]
    fn what_a_manifest_names_is_the_license() {
        let (_folder, texts) = texts(&[("LICENSE", "MIT"), ("legal/terms", ISC)], &["legal/terms"]);
        assert_eq!(texts.expression().unwrap().to_string(), "ISC");
        let evidence = texts.evidence("ISC").unwrap();
        assert_eq!((evidence.file.as_str(), evidence.line), ("legal/terms", Some(3)));
    }

    #[test]
    fn only_whose_it_is_makes_no_difference() {
        let other = ISC.replace("Copyright 2020 Somebody", "Copyright (c) 2021  Else\nCopyright 2020 More");
        assert_eq!(key(ISC), key(&other));
        assert_ne!(key(ISC), key(&ISC.replace("2020 Somebody", "2020 X, under the MIT license")));
        assert_ne!(key(ISC), key(&ISC.replace("IN NO EVENT", "IN EVERY EVENT")));
    }
}
