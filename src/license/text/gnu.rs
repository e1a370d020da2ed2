//! Defines [`notices`]: which GNU license a notice names, of which version, and whether later ones may be chosen.
//!
//! The text of a license does not say that; "either version 2 of the License, or (at your option) any later version" does.

use std::borrow::Cow;

use super::words::{Word, hash};
use super::{Found, Kind};

/// How far before the name of the license a notice says that it applies, in words.
const BEFORE: usize = 16;
/// How far behind the name its version may be, and behind that what is chosen.
const BEHIND: usize = 24;
/// How sure it is, though the words of notices differ.
const CONFIDENCE: f32 = 0.97;

/// The versions of each license: what a notice says, and what the id has.
const VERSIONS: [(&str, &[(&str, &str)]); 3] = [
    ("GPL", &[("1", "1.0"), ("1.0", "1.0"), ("2", "2.0"), ("2.0", "2.0"), ("3", "3.0"), ("3.0", "3.0")]),
    ("LGPL", &[("2", "2.0"), ("2.0", "2.0"), ("2.1", "2.1"), ("3", "3.0"), ("3.0", "3.0")]),
    ("AGPL", &[("1", "1.0"), ("1.0", "1.0"), ("3", "3.0"), ("3.0", "3.0")]),
];

/// The notices of GNU licenses in a text.
pub(super) fn notices(text: &str, words: &[Word]) -> Vec<Found> {
    let reader = Reader { text, words };
    let gnu = hash("gnu");
    let named = words.iter().enumerate().filter(|(_, word)| word.hash == gnu);
    named.filter_map(|(at, _)| reader.notice(at)).flatten().collect()
}

struct Reader<'a> {
    text: &'a str,
    words: &'a [Word],
}

impl<'a> Reader<'a> {
    fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| &self.text[word.start as usize..word.end as usize])
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.word(at).eq_ignore_ascii_case(word))
    }

    /// The notice whose license is named at a word.
    fn notice(&self, gnu: usize) -> Option<Vec<Found>> {
        let mut at = gnu + 1;
        let family = match self.word(at).to_ascii_lowercase().as_str() {
            "lesser" | "library" => "LGPL",
            "affero" => "AGPL",
            _ => "GPL",
        };
        at += usize::from(family != "GPL");
        if family == "LGPL" && self.is(at, &["or"]) {
            // GNU Library or Lesser General Public License
            at += 2;
        }
        let long =
            self.is(at, &["general"]) && self.is(at + 1, &["public"]) && self.is(at + 2, &["license", "licence"]);
        at = match long {
            true => at + 3,
            false if self.is(at, &[family]) => at + 1,
            false => return None,
        };
        // The words in the text that say the license applies.
        let first = (gnu.saturating_sub(BEFORE)..gnu).rev().find(|at| {
            self.is(*at, &["under", "licensed", "licenced"])
                || (self.is(*at, &["by"]) && self.is(at.wrapping_sub(1), &["covered", "governed"]))
        })?;
        if (first.saturating_sub(2)..first).any(|at| self.is(at, &["not", "longer", "previously", "formerly"])) {
            return None;
        }
        if (first..gnu).any(|at| self.is(at, &["not", "gnu", "incompatible", "compatible", "without"])) {
            return None;
        }
        let until = (at + BEHIND).min(self.words.len());
        let until = (at..until).find(|at| self.is(*at, &["gnu"])).unwrap_or(until);
        let (number, version) = (at..until).find_map(|at| Some((at, self.version(at, family)?)))?;
        let mut versions = vec![version];
        let mut end = number + 1;
        while self.is(end, &["or", "and"]) {
            let next = end + 1 + usize::from(self.is(end + 1, &["version"]));
            let Some(version) = self.version(next, family) else { break };
            versions.push(version);
            end = next + 1;
        }
        let later = (end..(end + BEHIND).min(self.words.len()))
            .take_while(|at| !self.is(*at, &["gnu", "this", "see", "version"]) || *at < end + 2)
            .find(|at| {
                self.is(*at, &["later", "newer", "above", "higher", "greater"])
                    && (at - 3..*at).any(|at| self.is(at, &["any", "or", "and"]))
            });
        let plus = self.text.as_bytes().get(self.words.get(number)?.end as usize) == Some(&b'+');
        let suffix = if later.is_some() || plus { "or-later" } else { "only" };
        let last = later.map_or(end - 1, |at| at + usize::from(self.is(at + 1, &["version", "versions"])));
        let bytes = self.words.get(first)?.start as usize..self.words.get(last)?.end as usize;
        // With several, the choice of later ones is that of the last.
        let count = versions.len();
        let id = |(place, version): (usize, &str)| match place + 1 == count {
            true => format!("{family}-{version}-{suffix}"),
            false => format!("{family}-{version}-only"),
        };
        let found = |id| Found { id, also: &[], kind: Kind::Notice, confidence: CONFIDENCE, bytes: bytes.clone() };
        Some(versions.into_iter().enumerate().map(|one| found(Cow::Owned(id(one)))).collect())
    }

    /// The version that a word is: `2.1`, `v3`, or a `2` behind `version`.
    fn version(&self, at: usize, family: &str) -> Option<&'static str> {
        let word = self.word(at);
        let bare = word.strip_prefix(['v', 'V']);
        let said = bare.unwrap_or(word);
        let (_, versions) = VERSIONS.iter().find(|(name, _)| *name == family)?;
        let (_, version) = versions.iter().find(|(name, _)| *name == said)?;
        let named =
            bare.is_some() || self.is(at.wrapping_sub(1), &["version", "v", "license", "licence", family, "or", "and"]);
        named.then_some(*version)
    }
}
