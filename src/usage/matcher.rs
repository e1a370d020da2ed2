//! Defines [`Matcher`]: every package that is looked for in the files of one language, found in one go.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

use super::language::{Form, Language};
use super::names::{Known, Sort};
use super::pattern::{around, is_whole};
use super::rename::Aliases;
use super::symbols::Symbols;
use super::{Question, Usage};
use crate::finding::{Location, RepoPath, Span};

/// The packages that are looked for in the files of one language.
pub(super) struct Matcher<'a> {
    pub(super) language: &'static Language,
    wanted: Vec<Wanted<'a>>,
    words: Vec<Words>,
}

/// A package.
struct Wanted<'a> {
    /// Which question asks for it.
    question: usize,
    /// Whether a miss means that nothing imports it.
    is_certain: bool,
    symbols: Vec<Symbols<'a>>,
}

/// The names of all packages in one form: first they are found, then it is seen where they stand.
struct Words {
    form: &'static Form,
    finder: AhoCorasick,
    /// For each word, the places in [`Matcher::wanted`] that it is a name of.
    owners: Vec<Vec<(usize, Sort)>>,
}

/// What is found of a package.
#[derive(Clone, Debug, Default)]
pub(super) struct Mention {
    import: Option<Location>,
    symbol: Option<(Location, String)>,
    /// A name that may be that of the package is imported.
    is_doubtful: bool,
}

/// The same in one file, before it is known where lines begin.
#[derive(Default)]
struct Found<'t> {
    first: Option<(usize, usize)>,
    /// What is imported, in the words of the file.
    imports: BTreeSet<&'t [u8]>,
    is_doubtful: bool,
}

impl Mention {
    /// Adds what a later file says.
    pub(super) fn add(&mut self, other: Self) {
        self.import = self.import.take().or(other.import);
        self.symbol = self.symbol.take().or(other.symbol);
        self.is_doubtful |= other.is_doubtful;
    }

    /// The answer; `is_miss` says that nothing found means nothing there.
    pub(super) fn usage(self, is_miss: bool) -> Usage {
        match (self.symbol, self.import) {
            (Some((place, symbol)), _) => Usage::SymbolMentioned { place, symbol },
            (None, Some(place)) => Usage::Imported(place),
            (None, None) if is_miss && !self.is_doubtful => Usage::NotMentioned,
            (None, None) => Usage::Unknown,
        }
    }
}

impl<'a> Matcher<'a> {
    /// Puts together what is looked for in files of a language.
    pub(super) fn new(language: &'static Language, questions: &'a [Question<'a>], aliases: &Aliases) -> Self {
        let asked = || questions.iter().enumerate().filter(|(_, question)| language.is_of(question.ecosystem));
        let all_known: Vec<Known> = asked().map(|(_, question)| Known::of(question, language)).collect();
        let none = Vec::new();
        let aliases_of = |question: &Question| aliases.get(question.name).unwrap_or(&none);
        let mut wanted: Vec<Wanted> = asked()
            .zip(&all_known)
            .map(|((at, question), known)| Wanted {
                question: at,
                is_certain: known.is_certain,
                symbols: question.own_code().map(Symbols::new).collect(),
            })
            .collect();
        let mut words = Vec::new();
        let mut is_named = vec![false; wanted.len()];
        for form in &language.forms {
            let mut owners: BTreeMap<String, Vec<(usize, Sort)>> = BTreeMap::new();
            for (at, ((_, question), known)) in asked().zip(&all_known).enumerate() {
                for name in known.names(question, form, aliases_of(question)) {
                    if let Some(is_named) = is_named.get_mut(at) {
                        *is_named |= name.sort != Sort::Doubtful;
                    }
                    let text = if form.ignore_case { name.text.to_ascii_lowercase() } else { name.text };
                    owners.entry(text).or_default().push((at, name.sort));
                }
            }
            let finder = AhoCorasick::builder().ascii_case_insensitive(form.ignore_case).build(owners.keys());
            words.extend(finder.map(|finder| Words { form, finder, owners: owners.into_values().collect() }));
        }
        for (wanted, is_named) in wanted.iter_mut().zip(is_named) {
            wanted.is_certain &= is_named;
        }
        Self { language, wanted, words }
    }

    /// Whether nothing found of a package means that nothing imports it.
    pub(super) fn is_certain(&self, question: usize) -> bool {
        self.wanted.iter().any(|wanted| wanted.question == question && wanted.is_certain)
    }

    /// What a text mentions, by question.
    pub(super) fn search(&self, text: &[u8], path: &RepoPath) -> Vec<(usize, Mention)> {
        let mut found: BTreeMap<usize, Found> = BTreeMap::new();
        for words in &self.words {
            for hit in words.finder.find_overlapping_iter(text) {
                let owners = words.owners.get(hit.pattern().as_usize()).map(Vec::as_slice).unwrap_or_default();
                let (start, end) = (hit.start(), hit.end());
                if is_whole(text, start, end)
                    && owners.iter().any(|(at, _)| self.is_open(*at, found.get(at)))
                    && self.is_import(words.form, text, start, end)
                {
                    let import = imported(text, start);
                    for (at, sort) in
                        owners.iter().filter(|(_, sort)| *sort != Sort::Exact || import.len() == end - start)
                    {
                        found.entry(*at).or_default().add(*sort, (start, end), import);
                    }
                }
            }
        }
        let place = |(start, end): (usize, usize)| Location::here(path.clone(), Some(Span::of(text, start..end)));
        let mention = |(at, found): (usize, Found)| {
            let wanted = self.wanted.get(at)?;
            let applies =
                |symbols: &&Symbols| symbols.import.is_empty() || found.imports.contains(symbols.import.as_bytes());
            let symbols = wanted.symbols.iter().filter(|_| found.first.is_some()).filter(applies);
            let symbol = symbols.filter_map(|symbols| symbols.first(text, self.language)).min();
            let mention = Mention {
                import: found.first.map(place),
                symbol: symbol.map(|(start, end, symbol)| (place((start, end)), symbol.to_owned())),
                is_doubtful: found.is_doubtful,
            };
            Some((wanted.question, mention))
        };
        found.into_iter().filter_map(mention).collect()
    }

    /// Whether there is more to know of a package than what is found already.
    fn is_open(&self, at: usize, found: Option<&Found>) -> bool {
        let needs_all =
            || self.wanted.get(at).is_some_and(|wanted| wanted.symbols.iter().any(|it| !it.import.is_empty()));
        found.is_none_or(|found| found.first.is_none()) || needs_all()
    }

    /// Whether a name stands where imports do.
    fn is_import(&self, form: &Form, text: &[u8], start: usize, end: usize) -> bool {
        let is_named = !form.capital || text.get(start).is_some_and(u8::is_ascii_uppercase);
        let (before, behind) = around(text, start, end);
        is_named
            && form.patterns().iter().any(|pattern| pattern.fits(before, behind))
            && !self.language.is_skipped(before)
    }
}

impl<'t> Found<'t> {
    fn add(&mut self, sort: Sort, place: (usize, usize), import: &'t [u8]) {
        if sort == Sort::Doubtful {
            self.is_doubtful = true;
            return;
        }
        self.first = Some(self.first.map_or(place, |first| first.min(place)));
        self.imports.insert(import);
    }
}

/// What is imported at a place: all until the quotation ends, or a space.
fn imported(text: &[u8], start: usize) -> &[u8] {
    let rest = text.get(start..).unwrap_or_default();
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`') || byte.is_ascii_whitespace();
    rest.iter().take(1024).position(is_end).and_then(|end| rest.get(..end)).unwrap_or_default()
}
