//! Tells from a pattern how far before a keyword its matches begin.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::{MAX_BEFORE, MAX_REACH};
use crate::rule::pack::SecretRule;

/// More alternatives of a part than this are not told apart.
const MOST: usize = 128;
/// Longer keywords are cut: their beginnings are rare enough, and around every seam of a text that was put together
/// from pieces as much is searched as the longest keyword takes.
const LONGEST: usize = 10;

/// Where a match may begin, in bytes before its keyword, and how far behind the keyword it may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) behind: usize,
}

/// A keyword and where matches begin that have it.
type Places = Vec<(String, Place)>;

/// The keywords at which a rule is tried, each once.
pub(super) fn places(rule: &SecretRule) -> Places {
    let Some(hir) = parse(&rule.pattern) else { return Vec::new() };
    let keywords = cut(&rule.keywords);
    let (hir, places) = trimmed(&hir, &keywords);
    let longest = hir.properties().maximum_len().unwrap_or(MAX_REACH);
    // A keyword that may be anywhere in the match.
    let anywhere = |word: &String| {
        let most = longest.saturating_sub(word.len()).min(MAX_BEFORE);
        (word.clone(), Place { least: 0, most, behind: 0 })
    };
    let mut places = places.unwrap_or_else(|| keywords.iter().map(anywhere).collect());
    for (word, place) in &mut places {
        place.behind = longest.saturating_sub(place.least + word.len()).min(MAX_REACH);
    }
    places.sort();
    places.dedup_by(|next, kept| next.0 == kept.0);
    places
}

/// The beginnings of keywords, which are ASCII.
fn cut(keywords: &[String]) -> Vec<String> {
    keywords.iter().map(|word| word.chars().take(LONGEST).collect()).collect()
}

/// The pattern as it is matched: without what it may begin with but need not.
pub(super) fn pattern(rule: &SecretRule) -> Option<Hir> {
    Some(trimmed(&parse(&rule.pattern)?, &cut(&rule.keywords)).0)
}

/// Parses a pattern for bytes; classes are ASCII unless the pattern needs Unicode.
fn parse(pattern: &str) -> Option<Hir> {
    let parse = |unicode| ParserBuilder::new().utf8(false).unicode(unicode).build().parse(pattern).ok();
    parse(false).or_else(|| parse(true))
}

/// The pattern as it is matched, and its places if it has any that are certain.
fn trimmed(hir: &Hir, keywords: &[String]) -> (Hir, Option<Places>) {
    if let HirKind::Concat(parts) = hir.kind() {
        let optional = parts.iter().take_while(|part| is_optional(part)).count();
        let rest = Hir::concat(parts[optional..].to_vec());
        if optional > 0
            && let Some(places) = find(&rest, keywords)
        {
            return (rest, Some(places));
        }
    }
    (hir.clone(), find(hir, keywords))
}

/// Whether a part may match nothing, wherever it is, and marks nothing.
fn is_optional(part: &Hir) -> bool {
    matches!(part.kind(), HirKind::Repetition(repeat) if repeat.min == 0)
        && part.properties().explicit_captures_len() == 0
}

/// The places of keywords one of which is in every match at one of its places; `None` when that is not certain.
fn find(hir: &Hir, keywords: &[String]) -> Option<Places> {
    if let Some(texts) = exact(hir) {
        return in_texts(&texts, keywords);
    }
    match hir.kind() {
        HirKind::Capture(group) => find(&group.sub, keywords),
        HirKind::Repetition(repeat) if repeat.min > 0 => find(&repeat.sub, keywords),
        HirKind::Alternation(parts) => {
            let all: Option<Vec<Places>> = parts.iter().map(|part| find(part, keywords)).collect();
            Some(united(all?.concat()))
        }
        HirKind::Concat(parts) => runs(parts)
            .into_iter()
            .filter_map(|(from, run)| shifted(&parts[..from], find(&run, keywords)?))
            .min_by_key(cost),
        _ => None,
    }
}

/// Splits a concatenation into runs whose texts are known, and the other parts; each with the index of its first part.
fn runs(parts: &[Hir]) -> Vec<(usize, Hir)> {
    let mut found: Vec<(usize, Hir)> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if let Some((from, _)) = found.last() {
            let joined = Hir::concat(parts[*from..=index].to_vec());
            if exact(&joined).is_some() {
                let from = *from;
                found.pop();
                found.push((from, joined));
                continue;
            }
        }
        found.push((index, part.clone()));
    }
    found
}

/// The places seen from the start of what stands before.
fn shifted(before: &[Hir], places: Places) -> Option<Places> {
    let least: usize = before.iter().filter_map(|part| part.properties().minimum_len()).sum();
    let most = before.iter().try_fold(0usize, |sum, part| sum.checked_add(part.properties().maximum_len()?));
    let shift = |(word, place): (String, Place)| {
        let (least, most) = (place.least + least, most.map_or(MAX_BEFORE, |most| (place.most + most).min(MAX_BEFORE)));
        (least <= most).then_some((word, Place { least, most, behind: 0 }))
    };
    places.into_iter().map(shift).collect()
}

/// How many starts would be tried, then how common the keyword may be.
fn cost(places: &Places) -> (usize, usize) {
    let starts = places.iter().map(|(_, place)| place.most - place.least).max().unwrap_or(0);
    let shortest = places.iter().map(|(word, _)| word.len()).min().unwrap_or(0);
    (starts, usize::MAX - shortest)
}

/// One keyword in each of the texts: the longest, where it first occurs.
fn in_texts(texts: &[String], keywords: &[String]) -> Option<Places> {
    let one = |text: &String| {
        let held = keywords.iter().filter_map(|word| Some((word, text.find(word.as_str())?)));
        let (word, at) = held.max_by_key(|(word, at)| (word.len(), usize::MAX - at))?;
        Some((word.clone(), Place { least: at, most: at, behind: 0 }))
    };
    texts.iter().map(one).collect::<Option<Places>>().filter(|places| !places.is_empty()).map(united)
}

/// Joins the places of the same keyword.
fn united(mut places: Places) -> Places {
    places.sort();
    places.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1.least = kept.1.least.min(next.1.least);
            kept.1.most = kept.1.most.max(next.1.most);
        }
        same
    });
    places
}

/// Every text that a part can match, folded to lower case, if they are few and ASCII.
fn exact(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok().filter(|text| text.is_ascii())?;
            Some(vec![text.to_ascii_lowercase()])
        }
        HirKind::Class(class) => members(class),
        HirKind::Repetition(repeat) => {
            let most = repeat.max.filter(|most| *most <= 8)?;
            let one = exact(&repeat.sub)?;
            let mut all = Vec::new();
            let mut some = vec![String::new()];
            for count in 0..=most {
                if count >= repeat.min {
                    all.extend(some.iter().cloned());
                }
                if count < most {
                    some = cross(&some, &one)?;
                }
            }
            Some(all).filter(|all| all.len() <= MOST)
        }
        HirKind::Capture(group) => exact(&group.sub),
        HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |all, part| cross(&all, &exact(part)?)),
        HirKind::Alternation(parts) => {
            let sets: Option<Vec<_>> = parts.iter().map(exact).collect();
            Some(sets?.concat()).filter(|set| set.len() <= MOST)
        }
    }
}

/// The members of a class, folded.
fn members(class: &Class) -> Option<Vec<String>> {
    let mut chars: Vec<char> = match class {
        Class::Bytes(set) => set.ranges().iter().flat_map(|r| r.start()..=r.end()).map(char::from).take(MOST).collect(),
        Class::Unicode(set) => set.ranges().iter().flat_map(|r| r.start()..=r.end()).take(MOST).collect(),
    };
    if chars.len() == MOST {
        return None;
    }
    chars.iter_mut().for_each(|c| c.make_ascii_lowercase());
    chars.sort_unstable();
    chars.dedup();
    let few = chars.len() <= 16 && chars.iter().all(char::is_ascii);
    few.then(|| chars.into_iter().map(String::from).collect())
}

fn cross(left: &[String], right: &[String]) -> Option<Vec<String>> {
    if left.len().checked_mul(right.len())? > MOST {
        return None;
    }
    Some(left.iter().flat_map(|a| right.iter().map(move |b| format!("{a}{b}"))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_keywords() {
        for (pattern, keywords, expected) in [
            (r"\b(?P<secret>gh[pousr]_[0-9a-z]{36})\b", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"][..], Some((0, 0))),
            (r"(?i)[\w.-]{0,50}?(?:acme|key)[ \w]{0,20}=(?P<secret>[a-z]{9})", &["acme", "key"], Some((0, 0))),
            (r"[0-9a-f]{32}\.atlassian", &["atlassian"], Some((33, 33))),
            (r"(?:a|bc)token", &["token"], Some((1, 2))),
            (r"(?:a|bc)t[o0]ken", &["token"], None),
            (r"[a-z]+token", &["token"], Some((1, MAX_BEFORE))),
            (r"[a-z]{40}", &["token"], None),
            (r"(?:xoxb|xoxp-\d+)-\w+", &["xox"], Some((0, 0))),
        ] {
            let keywords: Vec<String> = keywords.iter().map(|k| (*k).to_owned()).collect();
            let places = trimmed(&parse(pattern).unwrap(), &keywords).1;
            let range = places
                .map(|all| (all.iter().map(|p| p.1.least).min().unwrap(), all.iter().map(|p| p.1.most).max().unwrap()));
            assert_eq!(range, expected, "{pattern}");
        }
    }
}
