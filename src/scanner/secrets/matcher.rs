//! Defines [`Matcher`]: finds the matches of every rule in a text, by keyword first.
//!
//! What a match is depends on nothing but the bytes around a keyword, so that a history reader may carry it over when
//! those bytes were copied (`carry`):
//!
//! * For every occurrence of a keyword (of its first ten bytes), whatever its case, that is followed by what the patterns
//!   say of the next bytes (ten with the keyword), each rule that has it is tried at
//!   the places where a match can begin: the pattern tells how far before the keyword that is, at most [`MAX_BEFORE`]
//!   bytes (`anchor`).
//! * At each place, first to last, the pattern is matched from there, preferring what it prefers (leftmost first), on
//!   the text up to as far behind the keyword as its longest match reaches, at most [`MAX_REACH`] bytes. The first
//!   match that holds the whole keyword counts, if the rule accepts its secret.
//! * A leading part of a pattern that may as well match nothing is left out, unless the keyword or the secret is in it:
//!   it only makes the match begin earlier.
//! * Where the secrets of two matches of one rule overlap, the earlier, then the longer one stays.

mod anchor;
mod carry;
mod confirm;
mod keywords;
mod marks;
mod reach;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::rule::built::KnownPlace;
use crate::rule::secret::SecretRule;
use crate::scanner::secrets::weigh::known::Known;
use anchor::{Anchor, Place};
pub use confirm::Scratch;
use confirm::{Compiled, Trigger};
use keywords::Keywords;
pub use marks::Marks;
pub use reach::{MAX_BEFORE, MAX_REACH};

/// Counts the ways in which texts were searched: to be raised when the same rules may find something else.
const SEARCH: u32 = 2;

/// One match of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Index into [`Matcher::rules`].
    pub rule: usize,
    /// The whole match.
    pub whole: Range<usize>,
    /// The credential in it.
    pub secret: Range<usize>,
}

/// Every rule, ready to search.
pub struct Matcher {
    rules: Vec<Arc<SecretRule>>,
    keywords: Keywords,
    /// For each keyword, the rules that are tried where it occurs.
    triggers: Vec<Vec<Trigger>>,
    compiled: Vec<OnceLock<Option<Compiled>>>,
    /// What the credentials of providers look like; made when first asked for.
    known: OnceLock<Known>,
    /// What searches leave for the next one.
    idle: Mutex<Vec<(Scratch, Marks)>>,
}

impl Matcher {
    /// Makes a matcher of rules; their patterns are compiled when a keyword first occurs.
    ///
    /// # Errors
    /// There are more than 65,535 rules or keywords.
    pub fn new(rules: Vec<Arc<SecretRule>>) -> Result<Self, Error> {
        let mut anchors: Vec<(Anchor, u32)> = Vec::new();
        for (rule, index) in rules.iter().zip(0u32..) {
            anchors.extend(anchors_of(rule).into_iter().map(|anchor| (anchor, index)));
        }
        anchors.sort_by(|a, b| (&a.0.word, a.1).cmp(&(&b.0.word, b.1)));
        let mut texts: Vec<(String, Vec<u128>)> = Vec::new();
        let mut triggers: Vec<Vec<Trigger>> = Vec::new();
        for (Anchor { word, place, next, .. }, rule) in anchors {
            let trigger = Trigger { rule, place };
            match (texts.last_mut().filter(|last| last.0 == word), triggers.last_mut()) {
                (Some(text), Some(last)) => {
                    anchor::either(&mut text.1, &next);
                    last.push(trigger);
                }
                _ => {
                    texts.push((word, next));
                    triggers.push(vec![trigger]);
                }
            }
        }
        if texts.len() > usize::from(u16::MAX) || rules.len() > usize::from(u16::MAX) {
            return Err(Error::usage("there are more than 65,535 rules or keywords"));
        }
        let compiled = rules.iter().map(|_| OnceLock::new()).collect();
        Ok(Self {
            rules,
            keywords: Keywords::new(texts),
            triggers,
            compiled,
            known: OnceLock::new(),
            idle: Mutex::default(),
        })
    }

    /// A matcher that finds keywords and tries no rule, so that a bench can tell the two apart.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    #[doc(hidden)]
    pub fn keywords_only(rules: &[Arc<SecretRule>]) -> Result<Self, Error> {
        let mut matcher = Self::new(rules.to_vec())?;
        matcher.triggers.iter_mut().for_each(Vec::clear);
        Ok(matcher)
    }

    /// The rules, in the order that [`Match::rule`] counts.
    pub fn rules(&self) -> &[Arc<SecretRule>] {
        &self.rules
    }

    /// Tells this matcher from every one that may find something else: of other rules, or of another version.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(env!("CARGO_PKG_VERSION"));
        hash.update(SEARCH.to_le_bytes());
        self.rules.iter().for_each(|rule| hash.update(format!("{rule:?}\n")));
        hash.finalize().into()
    }

    /// Every match in the text, sorted by place, then rule.
    pub fn scan(&self, text: &[u8]) -> Vec<Match> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (mut scratch, mut marks) = idle.unwrap_or_default();
        self.mark(text, &mut scratch, &mut marks);
        let matches = marks.matches();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((scratch, marks));
        matches
    }

    /// What the credentials of providers look like.
    pub(super) fn known(&self) -> &Known {
        self.known.get_or_init(|| Known::of(&self.rules))
    }

    /// Another named group of a match; `None` when it has none of this name, or nothing is in it.
    pub fn group(&self, text: &[u8], found: &Match, name: &str) -> Option<Range<usize>> {
        let compiled = self.compiled[found.rule].get_or_init(|| Compiled::new(&self.rules[found.rule])).as_ref()?;
        compiled.group(text, &found.whole, &self.rules[found.rule], name)
    }

    /// Searches a whole text and leaves what was found in `marks`.
    pub fn mark(&self, text: &[u8], scratch: &mut Scratch, marks: &mut Marks) {
        marks.clear();
        self.keywords.find(text, 0..text.len(), |at, keyword| self.confirm(text, (at, keyword), scratch, marks));
    }

    /// Tries every rule of a keyword where it occurs.
    fn confirm(&self, text: &[u8], (at, keyword): (usize, u16), scratch: &mut Scratch, marks: &mut Marks) {
        let hit = at..at + self.keywords.word(keyword).len();
        let mut touched = at as isize..(at + self.keywords.length(keyword)) as isize;
        for trigger in &self.triggers[usize::from(keyword)] {
            let index = trigger.rule as usize;
            let rule = &self.rules[index];
            let Some(compiled) = self.compiled[index].get_or_init(|| Compiled::new(rule)) else { continue };
            if let Some(found) = compiled.confirm(text, &hit, trigger, rule, scratch, &mut touched) {
                marks.add_match(at, keyword, trigger.rule, &found);
            }
        }
        marks.add_hit(at, keyword, &touched);
    }
}

/// Where the keywords of a rule are: as the build script wrote down, or else found in its pattern.
fn anchors_of(rule: &SecretRule) -> Vec<Anchor> {
    let Some(known) = rule.places else { return anchor::anchors(rule) };
    let place = |known: &KnownPlace| Place { least: known.least, most: known.most, behind: known.behind };
    known.iter().map(|known| Anchor::new(known.word.to_owned(), place(known), known.next.to_vec())).collect()
}
