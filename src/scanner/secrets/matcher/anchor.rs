//! Tells from a pattern how far before a keyword its matches begin, and what follows the keyword in them.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::{MAX_BEFORE, MAX_REACH};
use crate::rule::secret::SecretRule;

/// More alternatives of a part than this are not told apart.
const MOST: usize = 128;
/// More beginnings than this are not told apart.
const MANY: usize = 2048;
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

/// A keyword, and where matches begin that have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Anchor {
    pub(super) word: String,
    pub(super) place: Place,
    /// What follows the keyword in every match that begins there: a bit for each ASCII character that the next byte can
    /// be, then the one after that.
    pub(super) next: Vec<u128>,
    /// Whether what follows in the pattern follows the keyword, too.
    open: bool,
}

impl Anchor {
    pub(super) fn new(word: String, place: Place, next: Vec<u128>) -> Self {
        Self { word, place, next, open: false }
    }

    /// How many bytes may be told of what follows: with the keyword no more than the longest one has.
    fn room(&self) -> usize {
        LONGEST.saturating_sub(self.word.len() + self.next.len())
    }
}

/// The keywords at which a rule is tried, each once.
pub(super) fn anchors(rule: &SecretRule) -> Vec<Anchor> {
    let Some(hir) = parse(&rule.pattern) else { return Vec::new() };
    let keywords = cut(&rule.keywords);
    let (hir, anchors) = trimmed(&hir, &keywords);
    let longest = hir.properties().maximum_len().unwrap_or(MAX_REACH);
    // A keyword that may be anywhere in the match.
    let anywhere = |word: &String| {
        let most = longest.saturating_sub(word.len()).min(MAX_BEFORE);
        Anchor::new(word.clone(), Place { least: 0, most, behind: 0 }, Vec::new())
    };
    let mut anchors = anchors.unwrap_or_else(|| keywords.iter().map(anywhere).collect());
    for Anchor { word, place, open, .. } in &mut anchors {
        place.behind = longest.saturating_sub(place.least + word.len()).min(MAX_REACH);
        *open = false;
    }
    united(anchors)
}

/// The beginnings of keywords, which are ASCII.
fn cut(keywords: &[String]) -> Vec<String> {
    keywords.iter().map(|word| word.chars().take(LONGEST).collect()).collect()
}

/// The pattern as it is matched: without what it may begin with but need not.
pub(super) fn pattern(rule: &SecretRule) -> Option<Hir> {
    let hir = parse(&rule.pattern)?;
    let rest = without_lead(&hir).filter(|rest| find(rest, &cut(&rule.keywords)).is_some());
    Some(rest.unwrap_or(hir))
}

/// Parses a pattern for bytes; classes are ASCII unless the pattern needs Unicode.
fn parse(pattern: &str) -> Option<Hir> {
    let parse = |unicode| ParserBuilder::new().utf8(false).unicode(unicode).build().parse(pattern).ok();
    parse(false).or_else(|| parse(true))
}

/// The pattern as it is matched, and its anchors if they are certain.
fn trimmed(hir: &Hir, keywords: &[String]) -> (Hir, Option<Vec<Anchor>>) {
    if let Some(rest) = without_lead(hir)
        && let Some(anchors) = find(&rest, keywords)
    {
        return (rest, Some(united(anchors)));
    }
    (hir.clone(), find(hir, keywords).map(united))
}

/// A pattern without the optional parts that it begins with; `None` when it begins with none.
fn without_lead(hir: &Hir) -> Option<Hir> {
    let HirKind::Concat(parts) = hir.kind() else { return None };
    let optional = parts.iter().take_while(|part| is_optional(part)).count();
    (optional > 0).then(|| Hir::concat(parts[optional..].to_vec()))
}

/// Whether a part may match nothing, wherever it is, and marks nothing.
fn is_optional(part: &Hir) -> bool {
    matches!(part.kind(), HirKind::Repetition(repeat) if repeat.min == 0)
        && part.properties().explicit_captures_len() == 0
}

/// Whether one of the rule's keywords is in every match, at a place that the pattern tells.
#[cfg(test)]
pub(super) fn is_certain(rule: &SecretRule) -> bool {
    parse(&rule.pattern).is_some_and(|hir| trimmed(&hir, &cut(&rule.keywords)).1.is_some())
}

/// Keywords one of which is in every match at one of its places, not yet joined; `None` when that is not certain.
fn find(hir: &Hir, keywords: &[String]) -> Option<Vec<Anchor>> {
    if let Some(texts) = exact(hir) {
        return in_texts(&texts, keywords);
    }
    match hir.kind() {
        HirKind::Capture(group) => find(&group.sub, keywords),
        // Behind it may be itself again.
        HirKind::Repetition(repeat) if repeat.min > 0 => {
            let mut anchors = find(&repeat.sub, keywords)?;
            anchors.iter_mut().for_each(|anchor| anchor.open = false);
            Some(anchors)
        }
        HirKind::Alternation(parts) => {
            let all: Option<Vec<Vec<Anchor>>> = parts.iter().map(|part| find(part, keywords)).collect();
            Some(united(all?.concat()))
        }
        HirKind::Concat(parts) => {
            let runs = runs(parts);
            let ends = runs.iter().skip(1).map(|(from, _)| *from).chain(std::iter::once(parts.len()));
            let found = runs.iter().zip(ends).filter_map(|((from, run), end)| {
                Some(united(followed(shifted(&parts[..*from], find(run, keywords)?)?, &parts[end..])))
            });
            let in_prefixes = |from: usize| {
                let anchors = in_texts(&prefixes(&parts[from..]), keywords)?;
                shifted(&parts[..from], united(followed_in(anchors, &parts[from..])))
            };
            let cheapest = |anchors: &Vec<Anchor>| cost(anchors);
            found.min_by_key(cheapest).or_else(|| (0..parts.len()).filter_map(in_prefixes).min_by_key(cheapest))
        }
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

/// The anchors seen from the start of what stands before.
fn shifted(before: &[Hir], mut anchors: Vec<Anchor>) -> Option<Vec<Anchor>> {
    let least: usize = before.iter().filter_map(|part| part.properties().minimum_len()).sum();
    let most = before.iter().try_fold(0usize, |sum, part| sum.checked_add(part.properties().maximum_len()?));
    for Anchor { place, .. } in &mut anchors {
        place.least += least;
        place.most = most.map_or(MAX_BEFORE, |most| (place.most + most).min(MAX_BEFORE));
    }
    anchors.iter().all(|anchor| anchor.place.least <= anchor.place.most).then_some(anchors)
}

/// The anchors with what the parts behind them say of the bytes behind them.
fn followed(mut anchors: Vec<Anchor>, behind: &[Hir]) -> Vec<Anchor> {
    for anchor in anchors.iter_mut().filter(|anchor| anchor.open) {
        let mut next = Vec::new();
        anchor.open = follow_all(behind, &mut next, LONGEST);
        next.truncate(anchor.room());
        anchor.next.extend(next);
    }
    anchors
}

/// The anchors with what the parts say of the bytes behind them, which have the keywords in their beginnings.
fn followed_in(mut anchors: Vec<Anchor>, parts: &[Hir]) -> Vec<Anchor> {
    let mut bytes = Vec::new();
    follow_all(parts, &mut bytes, 2 * LONGEST);
    for anchor in anchors.iter_mut().filter(|anchor| anchor.place.least == anchor.place.most) {
        let behind = anchor.place.least + anchor.word.len();
        let room = anchor.room() + anchor.next.len();
        let next: Vec<u128> = bytes.iter().skip(behind).take(room).copied().collect();
        if next.len() >= anchor.next.len() {
            anchor.next = next;
        }
    }
    anchors
}

/// The bytes that a match of a pattern may begin with; `None` where it may be empty.
pub(super) fn first(hir: &Hir) -> Option<Box<[bool; 256]>> {
    let mut set = Box::new([false; 256]);
    let is_certain = begins(hir, &mut set);
    is_certain.then_some(set)
}

/// Adds the bytes that a part may begin with; says whether it has one, so that what stands behind it does not count.
fn begins(part: &Hir, set: &mut [bool; 256]) -> bool {
    let mut add = |from: u8, to: u8| set[usize::from(from)..=usize::from(to)].fill(true);
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.first().is_some_and(|byte| {
            add(*byte, *byte);
            true
        }),
        HirKind::Class(Class::Bytes(bytes)) => {
            bytes.ranges().iter().for_each(|range| add(range.start(), range.end()));
            true
        }
        HirKind::Class(Class::Unicode(chars)) => {
            for range in chars.ranges() {
                // Every byte that begins a longer character, whatever that is.
                match (u8::try_from(range.start()), u8::try_from(range.end())) {
                    (Ok(from @ ..=0x7f), Ok(to @ ..=0x7f)) => add(from, to),
                    (Ok(from @ ..=0x7f), _) => add(from, 0xff),
                    _ => add(0x80, 0xff),
                }
            }
            true
        }
        HirKind::Repetition(repeat) => begins(&repeat.sub, set) && repeat.min > 0,
        HirKind::Capture(group) => begins(&group.sub, set),
        HirKind::Concat(parts) => parts.iter().any(|part| begins(part, set)),
        HirKind::Alternation(parts) => parts.iter().fold(true, |certain, part| begins(part, set) & certain),
    }
}

/// Adds what the next bytes can be, at most `most` of them and one more; says whether that holds for what stands behind
/// the parts as well.
fn follow_all(parts: &[Hir], next: &mut Vec<u128>, most: usize) -> bool {
    for (index, part) in parts.iter().enumerate() {
        let known = next.len();
        if follow(part, next, most) {
            continue;
        }
        // It has several lengths: no more than the byte that it begins with, or what stands behind it does, is known.
        let mut set = [false; 256];
        if next.len() == known && parts[index..].iter().any(|part| begins(part, &mut set)) {
            let members = (0..).zip(set).filter(|(_, is_member)| *is_member).map(|(byte, _)| (byte, byte));
            next.extend(bits(members));
        }
        return false;
    }
    true
}

/// Adds what the next bytes can be, `most` of them; says whether that holds for what stands behind the part as well.
fn follow(part: &Hir, next: &mut Vec<u128>, most: usize) -> bool {
    if next.len() >= most {
        return false;
    }
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.iter().all(|byte| {
            next.extend(byte.is_ascii().then(|| 1 << byte));
            byte.is_ascii()
        }),
        HirKind::Class(class) => {
            let set = ascii(class);
            next.extend(set);
            set.is_some()
        }
        HirKind::Repetition(repeat) => {
            let least = repeat.min.min(most as u32);
            (0..least).all(|_| follow(&repeat.sub, next, most)) && repeat.max == Some(least)
        }
        HirKind::Capture(group) => follow(&group.sub, next, most),
        HirKind::Concat(parts) => follow_all(parts, next, most),
        HirKind::Alternation(_) => false,
    }
}

/// The members of a class, a bit each; `None` when it has any beyond ASCII.
fn ascii(class: &Class) -> Option<u128> {
    match class {
        Class::Bytes(bytes) => bits(bytes.ranges().iter().map(|r| (r.start().into(), r.end().into()))),
        Class::Unicode(chars) => bits(chars.ranges().iter().map(|r| (r.start().into(), r.end().into()))),
    }
}

fn bits(mut ranges: impl Iterator<Item = (u32, u32)>) -> Option<u128> {
    ranges.try_fold(0, |set, (start, end)| (end < 128).then(|| (start..=end).fold(set, |set, at| set | 1 << at)))
}

/// How many starts would be tried, then how common the keyword may be.
fn cost(anchors: &[Anchor]) -> (usize, usize) {
    let starts = anchors.iter().map(|anchor| anchor.place.most - anchor.place.least).max().unwrap_or(0);
    let shortest = anchors.iter().map(|anchor| anchor.word.len()).min().unwrap_or(0);
    (starts, usize::MAX - shortest)
}

/// One keyword in each of the texts, not yet joined: the longest, where it first occurs.
fn in_texts(texts: &[String], keywords: &[String]) -> Option<Vec<Anchor>> {
    let one = |text: &String| {
        let held = keywords.iter().filter_map(|word| Some((word, text.find(word.as_str())?)));
        let (word, at) = held.max_by_key(|(word, at)| (word.len(), usize::MAX - at))?;
        let mut anchor = Anchor::new(word.clone(), Place { least: at, most: at, behind: 0 }, Vec::new());
        let rest = &text.as_bytes()[at + word.len()..];
        anchor.open = rest.len() <= anchor.room();
        anchor.next = rest.iter().take(anchor.room()).map(|c| 1 << c | 1 << c.to_ascii_uppercase()).collect();
        Some(anchor)
    };
    texts.iter().map(one).collect::<Option<Vec<Anchor>>>().filter(|anchors| !anchors.is_empty())
}

/// Joins what is said of the same keyword.
fn united(mut anchors: Vec<Anchor>) -> Vec<Anchor> {
    anchors.sort();
    anchors.dedup_by(|next, kept| {
        let same = next.word == kept.word;
        if same {
            kept.place.least = kept.place.least.min(next.place.least);
            kept.place.most = kept.place.most.max(next.place.most);
            // What follows in the pattern follows both at the same distance, or is not known.
            kept.open &= next.open && kept.next.len() == next.next.len();
            either(&mut kept.next, &next.next);
        }
        same
    });
    anchors
}

/// Makes what follows a keyword what may follow it in one case or the other.
pub(super) fn either(next: &mut Vec<u128>, other: &[u128]) {
    next.truncate(other.len());
    next.iter_mut().zip(other).for_each(|(set, other)| *set |= other);
}

/// The beginning of every text that some parts match in a row, folded to lower case, each as long as is known; none when
/// there are too many.
fn prefixes(parts: &[Hir]) -> Vec<String> {
    let all = parts.iter().fold(vec![Prefix::default()], |all, part| crossed(all, &beginnings(part)));
    all.into_iter().map(|prefix| prefix.text).collect()
}

/// The beginning of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Prefix {
    text: String,
    /// More may follow that is not known.
    cut: bool,
}

impl Prefix {
    fn unknown() -> Vec<Self> {
        vec![Self { text: String::new(), cut: true }]
    }
}

fn beginnings(part: &Hir) -> Vec<Prefix> {
    let whole = |text| Prefix { text, cut: false };
    if let Some(texts) = exact(part) {
        return texts.into_iter().map(whole).collect();
    }
    match part.kind() {
        HirKind::Class(class) => {
            let Some(set) = ascii(class) else { return Prefix::unknown() };
            let mut members: Vec<char> = (0..128u8).filter(|at| set >> at & 1 != 0).map(char::from).collect();
            members.iter_mut().for_each(|member| member.make_ascii_lowercase());
            members.sort_unstable();
            members.dedup();
            members.into_iter().map(|member| whole(member.into())).collect()
        }
        HirKind::Capture(group) => beginnings(&group.sub),
        HirKind::Concat(parts) => {
            parts.iter().fold(vec![Prefix::default()], |all, part| crossed(all, &beginnings(part)))
        }
        HirKind::Alternation(parts) => parts.iter().flat_map(beginnings).collect(),
        HirKind::Repetition(repeat) => {
            let one = beginnings(&repeat.sub);
            let (mut all, mut some) = (Vec::new(), vec![Prefix::default()]);
            for count in 0..=repeat.max.unwrap_or(u32::MAX).min(LONGEST as u32) {
                if count >= repeat.min {
                    all.extend(some.iter().cloned());
                }
                some = crossed(some, &one);
                if some.iter().all(|prefix| prefix.cut) {
                    break;
                }
            }
            all.extend(some.into_iter().map(|prefix| Prefix { cut: true, ..prefix }));
            all
        }
        _ => Prefix::unknown(),
    }
}

/// Each of the beginnings with each of what may follow; those that are long enough, or would become too many, are cut.
fn crossed(left: Vec<Prefix>, right: &[Prefix]) -> Vec<Prefix> {
    let is_open = |prefix: &Prefix| !prefix.cut && prefix.text.len() < 2 * LONGEST;
    let open = left.iter().filter(|prefix| is_open(prefix)).count();
    let too_many = open * right.len() + left.len() > MANY;
    let mut all: Vec<Prefix> = Vec::new();
    for prefix in left {
        if too_many || !is_open(&prefix) {
            all.push(Prefix { cut: true, ..prefix });
        } else {
            all.extend(right.iter().map(|next| Prefix { text: prefix.text.clone() + &next.text, cut: next.cut }));
        }
    }
    all.sort_by(|a, b| (&a.text, a.cut).cmp(&(&b.text, b.cut)));
    all.dedup();
    all
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
    fn what_follows_keywords() {
        let set = |text: &str| text.bytes().fold(0u128, |set, byte| set | 1 << byte);
        for (pattern, keyword, expected) in [
            (r"\btest_(?P<secret>[ab]{2}c+)d", "test_", &["ab", "ab", "c"][..]),
            (r"x-?test_(?:a|bc)d", "test_", &["aAbB", "dDcC"]),
            (r"x-?test_(?:a+|bc)d", "test_", &["ab"]),
            (r"test_?[ab]d", "test", &["_aAbB", "aAbBdD"]),
            (r"test(?:\.exe)?[ab]{0,9}(?: |$)", "test", &[]),
            (r"test(?:\.exe)?[ab]{0,9}[ ,]", "test", &[".ab ,"]),
            (r"(?:test|best)_x", "est", &["_", "xX"]),
            (r"(?:api_key|apikey2)=", "key", &["=2"]),
            (r"(?:test[a])+b", "test", &["aA"]),
            (r"(?:test)+b", "test", &[]),
            (r"test[^a]", "test", &[]),
            (r"test[ab]{12}", "test", &["ab"; 6]),
            (r"x:(?P<secret>12[ab]{9})", ":12", &["ab"; 7]),
            (r"x:(?P<secret>12[0-9a-f]{5,9}z)", ":12", &["0123456789abcdef"; 5]),
        ] {
            let anchors = trimmed(&parse(pattern).unwrap(), &[keyword.to_owned()]).1.unwrap();
            let expected: Vec<u128> = expected.iter().map(|text| set(text)).collect();
            assert_eq!(anchors[0].next, expected, "{pattern}");
        }
    }

    #[test]
    fn what_matches_begin_with() {
        for (pattern, expected) in [
            (r"\bab", Some("a")),
            (r"(?i)ab", Some("Aa")),
            (r"(?:a|b?c|(?P<secret>d))e", Some("abcd")),
            (r"x?[yz]{0,2}-", Some("-xyz")),
            (r"x*", None),
            (r"(?:x|)y", Some("xy")),
        ] {
            let first = first(&parse(pattern).unwrap());
            let text = |set: Box<[bool; 256]>| (0..=255u8).filter(|b| set[usize::from(*b)]).map(char::from).collect();
            assert_eq!(first.map(text), expected.map(String::from), "{pattern}");
        }
        let beyond = first(&ParserBuilder::new().build().parse("[a-zé]").unwrap()).unwrap();
        assert!(beyond[0xc3] && beyond[usize::from(b'b')] && !beyond[usize::from(b'-')]);
    }

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
            let anchors = trimmed(&parse(pattern).unwrap(), &keywords).1;
            let places = || anchors.iter().flatten().map(|anchor| anchor.place);
            let range = places().map(|place| place.least).min().zip(places().map(|place| place.most).max());
            assert_eq!(range, expected, "{pattern}");
        }
    }
}
