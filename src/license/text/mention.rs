//! Defines [`mentions`]: licenses that a sentence names: `dual-licensed under Apache 2.0 or the MIT license`.

use std::borrow::Cow;

use super::words::{Word, hash};
use super::{Found, Kind};
use crate::license::normalize::exact;

/// The longest name, in words.
const MAX_NAME: usize = 9;
/// The most licenses of one sentence.
const MAX_LIST: usize = 6;
/// The most sentences of one text.
const MAX_SENTENCES: usize = 200;
/// How sure it is: the name is certain, what it is said of is not.
const CONFIDENCE: f32 = 0.96;

/// What a sentence says of something that is under a license.
const VERBS: [&str; 6] = ["licensed", "licenced", "duallicensed", "released", "distributed", "available"];

/// Words that may stand between "under" and the name.
const BETWEEN: [&str; 21] = [
    "the",
    "terms",
    "of",
    "either",
    "both",
    "a",
    "an",
    "your",
    "choice",
    "and",
    "conditions",
    "or",
    "following",
    "version",
    "license",
    "licenses",
    "licence",
    "at",
    "under",
    "any",
    "one",
];

/// Names that need neither "license" nor a number to be one.
const UNMISTAKABLE: [&str; 6] = ["MIT", "ISC", "WTFPL", "Zlib", "GPLv2", "GPLv3"];

/// The licenses that the sentences of a text say it is under.
pub(super) fn mentions(text: &str, words: &[Word]) -> Vec<Found> {
    let word = |at: usize| words.get(at).map_or("", |word: &Word| &text[word.start as usize..word.end as usize]);
    let is = |at: usize, list: &[&str]| list.iter().any(|one| word(at).eq_ignore_ascii_case(one));
    // The longest name that begins at a word: how many words it has, where it is, and what it means.
    let name = |start: usize| {
        (1..=MAX_NAME.min(words.len().saturating_sub(start))).rev().find_map(|length| {
            let (first, last) = (words.get(start)?, words.get(start + length - 1)?);
            let bytes = first.start as usize..last.end as usize;
            // A name does not go on behind the end of a sentence.
            let said = &text[bytes.clone()];
            let whole = !said.contains(". ") && !said.contains([';', '<', '>', '/']);
            let expression = exact(said).filter(|_| whole)?;
            // `Fair` and `Intel` are names of licenses, too.
            let plain = said.bytes().any(|b| b.is_ascii_digit()) || said.to_ascii_lowercase().contains("licen");
            let plain = plain || is(start + length, &["license", "licenses", "licence", "licences"]);
            let plain = plain || UNMISTAKABLE.iter().any(|name| said.eq_ignore_ascii_case(name));
            plain.then_some((length, bytes, expression))
        })
    };
    let mut found: Vec<Found> = Vec::new();
    let mut sentences = 0;
    let mut at = 0;
    let verbs = VERBS.map(hash);
    while at < words.len() && sentences < MAX_SENTENCES {
        let verb = at;
        at += 1;
        if !verbs.contains(&words[verb].hash)
            || is(verb.wrapping_sub(1), &["not", "be", "previously", "formerly", "originally"])
        {
            continue;
        }
        let Some(under) = (verb + 1..verb + 5).find(|at| is(*at, &["under"])) else { continue };
        if (verb..under).any(|at| is(at, &["not"])) {
            continue;
        }
        sentences += 1;
        let mut next = under + 1;
        let mut named = None;
        for _ in 0..MAX_LIST {
            let skipped = (next..next + 9).take_while(|at| is(*at, &BETWEEN)).count();
            match name(next + skipped) {
                Some((length, bytes, expression)) => {
                    for term in expression.terms() {
                        let id = Cow::Owned(term.id().to_owned());
                        found.push(Found {
                            id,
                            also: &[],
                            kind: Kind::Mention,
                            confidence: CONFIDENCE,
                            bytes: bytes.clone(),
                        });
                    }
                    next += skipped + length;
                    named = Some(bytes.end);
                }
                None if named.is_none() => break,
                // A path or an address of the one before.
                None => next += skipped.max(1),
            }
            let joint = (next..next + 12).find(|at| is(*at, &["or", "and"]));
            let Some((joint, end)) = joint.zip(named) else { break };
            let between = words.get(joint).and_then(|word| text.get(end..word.start as usize)).unwrap_or_default();
            if between.contains(". ") || between.contains(".\n") {
                break;
            }
            next = joint;
        }
        at = at.max(next.min(verb + 40));
    }
    found
}
