//! Defines [`Symbols`]: the functions and types that advisories name, searched in a file that imports their package.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::language::Language;
use super::pattern::{around, is_whole};
use crate::advisories::record::Code;

/// The vulnerable code of one import.
pub(super) struct Symbols<'a> {
    /// What has to be imported to use it, in these very words; empty where that is the package.
    pub(super) import: &'a str,
    symbols: &'a [String],
    finder: OnceLock<Option<Finder<'a>>>,
}

/// The names of symbols, ready to be searched.
struct Finder<'a> {
    words: AhoCorasick,
    /// What each word is.
    known: Vec<(&'a str, Kind)>,
}

/// Which of the patterns a word has to fit.
#[derive(Clone, Copy)]
enum Kind {
    Function,
    Method,
    /// A method behind its type, as the advisory writes it.
    Typed,
}

impl<'a> Symbols<'a> {
    /// What an advisory says.
    pub(super) fn new(code: &'a Code) -> Self {
        Self { import: &code.import, symbols: &code.symbols, finder: OnceLock::new() }
    }

    /// The first place in a text that names one of them, as a range of bytes, and its name in the advisory.
    pub(super) fn first(&self, text: &[u8], language: &Language) -> Option<(usize, usize, &'a str)> {
        let rules = language.symbol.as_ref()?.compiled()?;
        let finder = self.finder.get_or_init(|| Finder::new(self.symbols, language)).as_ref()?;
        finder.words.find_overlapping_iter(text).find_map(|hit| {
            let (start, end) = (hit.start(), hit.end());
            let (symbol, kind) = finder.known.get(hit.pattern().as_usize())?;
            let (before, behind) = around(text, start, end);
            let fits = is_whole(text, start, end)
                && !language.is_skipped(before)
                && match kind {
                    Kind::Function => rules.function.fits(before, behind),
                    Kind::Method => rules.method.fits(before, behind),
                    Kind::Typed => true,
                };
            fits.then_some((start, end, *symbol))
        })
    }
}

impl<'a> Finder<'a> {
    fn new(symbols: &'a [String], language: &Language) -> Option<Self> {
        let rules = language.symbol.as_ref()?;
        let compiled = rules.compiled()?;
        let mut words: Vec<String> = Vec::new();
        let mut known = Vec::new();
        for symbol in symbols {
            let mut parts = symbol.rsplit(rules.separator.as_str());
            let Some(last) = parts.next().filter(|last| compiled.public.is_match(last)) else { continue };
            match parts.next().filter(|owner| compiled.owner.is_match(owner)) {
                Some(owner) => {
                    words.extend([last.to_owned(), format!("{owner}{}{last}", rules.separator)]);
                    known.extend([(symbol.as_str(), Kind::Method), (symbol.as_str(), Kind::Typed)]);
                }
                None => {
                    words.push(last.to_owned());
                    known.push((symbol.as_str(), Kind::Function));
                }
            }
        }
        let words = AhoCorasick::new(&words).ok().filter(|_| !words.is_empty())?;
        Some(Self { words, known })
    }
}
