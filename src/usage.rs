//! Says whether the source code mentions a package, or even its vulnerable code: offline, without a build, by the text of
//! import statements. `rules/imports.toml` has what is known of languages and of names.
//!
//! This is no call graph. Comments behind code, block comments and strings count as code; a module of the project with the
//! name of a package is taken for it where the file does not say whose it is; and what another package does with one is not
//! seen at all.

mod language;
mod matcher;
mod names;
mod pattern;
mod steps;
mod symbols;
#[cfg(test)]
mod tests;
mod told;

use rayon::prelude::*;

use crate::advisories::record::Code;
use crate::ecosystem::Ecosystem;
use crate::finding::{Location, RepoPath};
use crate::inventory;
use crate::target::Target;
use crate::target::worktree::File;
use language::{Language, RULES};
use matcher::{Matcher, Mention};
use told::Told;

/// So much of a file is searched, in bytes. No miss is told of a language with a larger file.
const MAX_SEARCHED: usize = 4 << 20;

/// A byte of zero this early means that a file is no text, whatever its name says: `.ts` can be a film.
const BINARY_HEAD: usize = 8 << 10;

/// A package that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// Its name, as its ecosystem writes it.
    pub name: &'a str,
    /// The code that advisories name, as [`Text::code`](crate::advisories::record::Text::code) holds it. That of other
    /// packages is left aside.
    pub code: &'a [Code],
}

impl<'a> Question<'a> {
    /// What advisories name of this package, not of others.
    fn own_code(&self) -> impl Iterator<Item = &'a Code> {
        let name = self.ecosystem.normalized(self.name);
        let ecosystem = self.ecosystem;
        let is_own = move |code: &&Code| code.package.is_empty() || ecosystem.normalized(&code.package) == name;
        self.code.iter().filter(is_own)
    }
}

/// What the source code says of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Nobody can tell: no file is in a language that could import it, some could not be read, its listing is its use
    /// (images, workflow steps), it works without being imported, or it is not known under which name it is imported.
    Unknown,
    /// It is imported under a known name, and no file does so.
    NotMentioned,
    /// The first place that imports it, by path and line.
    Imported(Location),
    /// A file imports it and names its vulnerable code.
    SymbolMentioned {
        /// The first such place, by path and line.
        place: Location,
        /// The function or type, as the advisory writes it.
        symbol: String,
    },
}

/// Searches every file of the target that is not excluded and not in a folder of other people's projects. The answers are
/// in the order of the questions. A file that cannot be read is no error: it leaves open what would else be a miss.
pub fn search(target: &Target, is_excluded: &dyn Fn(&RepoPath) -> bool, questions: &[Question]) -> Vec<Usage> {
    if questions.is_empty() {
        return Vec::new();
    }
    let Ok(listing) = target.files() else { return vec![Usage::Unknown; questions.len()] };
    let is_ours = |file: &File| !is_foreign(&file.path) && !is_excluded(&file.path);
    let files: Vec<File> = listing.files.into_iter().filter(is_ours).collect();
    let asked = |language: &&Language| questions.iter().any(|question| language.is_of(question.ecosystem));
    let languages: Vec<&Language> = RULES.languages.iter().filter(asked).collect();
    let told: Vec<Told> = languages.iter().map(|language| Told::read(target, &files, language)).collect();
    let matchers: Vec<Matcher> =
        languages.iter().zip(&told).map(|(language, told)| Matcher::new(language, questions, told)).collect();
    let read: Vec<Read> =
        files.par_iter().enumerate().map(|(number, file)| Read::of(target, file, number, &matchers)).collect();

    let mut mentions: Vec<Mention> = vec![Mention::default(); questions.len()];
    let mut is_searched: Vec<Option<bool>> = vec![None; matchers.len()];
    for read in read {
        for (matcher, is_whole) in read.sources {
            if let Some(all) = is_searched.get_mut(matcher) {
                *all = Some(all.unwrap_or(true) && is_whole);
            }
        }
        for (question, mention) in read.mentions {
            if let Some(known) = mentions.get_mut(question) {
                known.add(mention);
            }
        }
    }
    // Of what is staged, the files that did not change are not in the list.
    let is_whole = listing.gaps.is_empty() && target.staged.is_none();
    let is_miss = |question: usize| {
        let mut searched = matchers.iter().zip(&is_searched).filter(|(_, searched)| **searched == Some(true));
        is_whole && searched.any(|(matcher, _)| matcher.is_certain(question))
    };
    mentions.into_iter().enumerate().map(|(question, mention)| mention.usage(is_miss(question))).collect()
}

/// Whether a file lies in a folder of other people's projects. Some names of such folders are names of modules, too, where
/// the folder lies in one of source code.
fn is_foreign(path: &RepoPath) -> bool {
    let holds = |list: &[String], part: &str| list.iter().any(|name| name == part);
    let folder = path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut is_source = false;
    folder.split('/').any(|part| {
        let is_module = is_source && holds(&RULES.modules_too, part);
        is_source |= holds(&RULES.source_folders, part);
        inventory::FOREIGN.contains(&part) && !is_module
    })
}

/// What one file says.
#[derive(Default)]
struct Read {
    /// The matchers in whose languages it is written, and whether all of it was searched.
    sources: Vec<(usize, bool)>,
    /// What it says of which questions.
    mentions: Vec<(usize, Mention)>,
}

impl Read {
    fn of(target: &Target, file: &File, number: usize, matchers: &[Matcher]) -> Self {
        let mut read = Self::default();
        let fitting: Vec<(usize, &Matcher)> =
            matchers.iter().enumerate().filter(|(_, matcher)| matcher.language.wants(&file.path)).collect();
        if fitting.is_empty() {
            return read;
        }
        let text = target.read(file).ok().map(|bytes| inventory::decode::text_of(bytes).0.into_bytes());
        let is_whole = text.as_ref().is_some_and(|text| text.len() <= MAX_SEARCHED);
        let text = text.unwrap_or_default();
        if memchr::memchr(0, text.get(..BINARY_HEAD).unwrap_or(&text)).is_some() {
            return read;
        }
        for (at, matcher) in fitting {
            if matcher.language.is_source(&file.path) {
                read.sources.push((at, is_whole));
            }
            let searched = text.get(..MAX_SEARCHED).unwrap_or(&text);
            read.mentions.extend(matcher.search(searched, &file.path, number));
        }
        read
    }
}
