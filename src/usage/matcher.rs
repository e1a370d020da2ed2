//! Defines [`Matcher`]: every package that is looked for in the files of one language, found in one go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::AhoCorasick;
use memchr::memmem;

use super::language::{Form, Language};
use super::names::{Known, Sort};
use super::pattern::{Pattern, around, is_whole};
use super::symbols::Symbols;
use super::told::Told;
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
    /// The first file known so far that imports it, by number.
    imported: AtomicUsize,
    /// The first file known so far behind which there is no more to find.
    settled: AtomicUsize,
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
    /// A name of it is given to something else.
    is_shadowed: bool,
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
    pub(super) fn new(language: &'static Language, questions: &'a [Question<'a>], told: &Told) -> Self {
        let asked = || questions.iter().enumerate().filter(|(_, question)| language.is_of(question.ecosystem));
        let all_known: Vec<Known> = asked().map(|(_, question)| Known::of(question, language, told)).collect();
        let mut wanted: Vec<Wanted> = asked()
            .zip(&all_known)
            .map(|((at, question), known)| Wanted {
                question: at,
                is_certain: known.is_certain,
                symbols: question.own_code().map(Symbols::new).collect(),
                imported: AtomicUsize::new(usize::MAX),
                settled: AtomicUsize::new(usize::MAX),
            })
            .collect();
        let mut words = Vec::new();
        let mut is_named = vec![false; wanted.len()];
        for form in &language.forms {
            let mut owners: BTreeMap<String, Vec<(usize, Sort)>> = BTreeMap::new();
            for (at, ((_, question), known)) in asked().zip(&all_known).enumerate() {
                for name in known.names(question, form) {
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

    /// What a text mentions, by question. Files have the numbers of their places in the list; what cannot be the first
    /// mention any more is left out.
    pub(super) fn search(&self, text: &[u8], path: &RepoPath, number: usize) -> Vec<(usize, Mention)> {
        let mut found: BTreeMap<usize, Found> = BTreeMap::new();
        for words in &self.words {
            for hit in words.finder.find_overlapping_iter(text) {
                let owners = words.owners.get(hit.pattern().as_usize()).map(Vec::as_slice).unwrap_or_default();
                let (start, end) = (hit.start(), hit.end());
                if !is_whole(text, start, end) || owners.iter().all(|(at, _)| self.is_settled(*at, number)) {
                    continue;
                }
                let (before, behind) = around(text, start, end);
                let stands = |patterns: &[Pattern]| {
                    patterns.iter().any(|it| it.fits(before, behind)) && !self.language.is_skipped(before)
                };
                let is_own = || memmem::find(before, text.get(start..end).unwrap_or_default()).is_some();
                if stands(words.form.shadows()) && !is_own() {
                    owners.iter().for_each(|(at, _)| found.entry(*at).or_default().is_shadowed = true);
                }
                let is_named = !words.form.capital || text.get(start).is_some_and(u8::is_ascii_uppercase);
                if is_named
                    && owners.iter().any(|(at, _)| self.is_open(*at, found.get(at)))
                    && stands(words.form.patterns())
                {
                    let import = imported(text, start);
                    let fits = |sort: Sort| sort != Sort::Exact || import.len() == end - start;
                    for (at, sort) in owners.iter().filter(|(_, sort)| fits(*sort)) {
                        found.entry(*at).or_default().add(*sort, (start, end), import);
                    }
                }
            }
        }
        let place = |(start, end): (usize, usize)| Location::here(path.clone(), Some(Span::of(text, start..end)));
        let mention = |(at, found): (usize, Found)| {
            let wanted = self.wanted.get(at)?;
            let is_doubtful = found.is_doubtful || found.first.is_some() && found.is_shadowed;
            let Some(first) = found.first.filter(|_| !found.is_shadowed) else {
                return Some((wanted.question, Mention { is_doubtful, ..Mention::default() }));
            };
            let is_first = wanted.imported.fetch_min(number, Ordering::Relaxed) >= number;
            let applies =
                |symbols: &&Symbols| symbols.import.is_empty() || found.imports.contains(symbols.import.as_bytes());
            let symbols = wanted.symbols.iter().filter(applies);
            let symbol = symbols.filter_map(|symbols| symbols.first(text, self.language)).min();
            if symbol.is_some() || wanted.symbols.is_empty() {
                wanted.settled.fetch_min(number, Ordering::Relaxed);
            }
            let mention = Mention {
                import: is_first.then(|| place(first)),
                symbol: symbol.map(|(start, end, symbol)| (place((start, end)), symbol.to_owned())),
                is_doubtful,
            };
            Some((wanted.question, mention))
        };
        found.into_iter().filter_map(mention).collect()
    }

    /// Whether an earlier file says all there is to know of a package.
    fn is_settled(&self, at: usize, number: usize) -> bool {
        self.wanted.get(at).is_none_or(|wanted| wanted.settled.load(Ordering::Relaxed) < number)
    }

    /// Whether there is more to know of a package than what is found already in a file: other imports of it may be those
    /// that an advisory names.
    fn is_open(&self, at: usize, found: Option<&Found>) -> bool {
        let needs_all =
            || self.wanted.get(at).is_some_and(|wanted| wanted.symbols.iter().any(|it| !it.import.is_empty()));
        found.is_none_or(|found| found.first.is_none()) || needs_all()
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
