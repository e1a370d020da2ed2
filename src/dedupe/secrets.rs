//! Secrets: the same value is the same credential, wherever it is. A tool that hides the value, or shows only a hash of
//! it, means the credential that is known at that place; or what another such tool reports there, if nobody knows it.
//!
//! Where two credentials are on one line, a report without a value could mean either. It joins one of them only when
//! the rules of just one speak of the same provider.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::again::said_once;
use super::groups::Groups;
use super::place;
use super::speakers::Speakers;
use crate::finding::{Finding, Location, Secret};

/// Groups findings of credentials.
pub(super) fn group(findings: &[Finding], some: &[usize], groups: &Groups) {
    let mut owners: HashMap<&Secret, usize> = HashMap::new();
    for (index, finding) in some.iter().filter_map(|index| Some((*index, findings.get(*index)?))) {
        if let Some(secret) = &finding.secret {
            groups.unite(*owners.entry(secret).or_insert(index), index);
        }
    }
    let (with, without): (Vec<usize>, Vec<usize>) =
        some.iter().copied().partition(|index| findings.get(*index).is_some_and(|it| it.secret.is_some()));
    let some = &[with, said_once(findings, &without, groups)].concat();
    let mut speakers = Speakers::of(findings, some, groups);
    let (known, hidden): (Vec<usize>, Vec<usize>) =
        some.iter().copied().partition(|index| findings.get(*index).is_some_and(is_known));
    if hidden.is_empty() {
        return;
    }
    let near = Near::of(findings, &known);
    let meant = |index: &usize| Some((*index, partner(findings, *index, near.to(findings, *index), groups)?));
    let pairs: Vec<(usize, usize)> = hidden.iter().filter_map(meant).collect();
    let has_value: BTreeSet<usize> = known.iter().map(|index| groups.find(*index)).collect();
    unite(findings, pairs, &mut speakers, groups);

    // The rest is compared with each other: two reports of which each can mean only the other.
    let joined: BTreeSet<usize> = has_value.iter().map(|first| groups.find(*first)).collect();
    let rest: Vec<usize> = hidden.into_iter().filter(|index| !joined.contains(&groups.find(*index))).collect();
    let near = Near::of(findings, &rest);
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for &index in &rest {
        let mut others: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for other in near.to(findings, index) {
            let sources = findings.get(other).into_iter().flat_map(|finding| &finding.sources);
            sources.for_each(|source| others.entry(&source.tool).or_default().push(other));
        }
        let meant = others.into_values().filter_map(|others| partner(findings, index, others, groups));
        pairs.extend(meant.map(|other| (index, other)));
    }
    let mutual = pairs.iter().copied().filter(|(a, b)| a < b && pairs.contains(&(*b, *a)));
    // Where two credentials are known, a report that means neither means no one knows which.
    let near = Near::of(findings, &known);
    let is_alone = |index: usize| near.to(findings, index).is_empty() || !words(findings, index).is_empty();
    let mutual: Vec<_> = mutual.filter(|(a, b)| is_alone(*a) && is_alone(*b)).collect();
    unite(findings, mutual, &mut speakers, groups);
}

fn is_known(finding: &Finding) -> bool {
    finding.secret.as_ref().is_some_and(|secret| secret.told_fingerprint().is_none())
}

/// Unites pairs, the most alike first, unless a tool tells the two apart: by two rules that say which kinds they are
/// about. A tool that reports a known credential once more, as a text of high entropy, means no other one.
fn unite(findings: &[Finding], mut pairs: Vec<(usize, usize)>, speakers: &mut Speakers<'_>, groups: &Groups) {
    let mut count: HashMap<usize, usize> = HashMap::new();
    pairs.iter().for_each(|(_, other)| *count.entry(groups.find(*other)).or_default() += 1);
    // Words are read only where several want the same one.
    let contested = |other: usize| count.get(&groups.find(other)).is_some_and(|count| *count > 1);
    pairs.sort_by_cached_key(|(index, other)| {
        let shared = if contested(*other) { shared(findings, *index, *other) } else { 0 };
        (Reverse(shared), *index, *other)
    });
    for (index, other) in pairs {
        let is_vague = || findings.get(other).is_some_and(is_known) && words(findings, index).is_empty();
        if !speakers.differ(groups.find(index), groups.find(other)) || is_vague() {
            speakers.unite(groups, index, other);
        }
    }
}

/// The one credential that a report without a value can mean; `None` when it can mean none or several.
fn partner(findings: &[Finding], index: usize, others: Vec<usize>, groups: &Groups) -> Option<usize> {
    let first = |others: &[usize]| {
        let firsts: BTreeSet<usize> = others.iter().map(|other| groups.find(*other)).collect();
        firsts.first().copied().filter(|_| firsts.len() == 1)
    };
    first(&others).or_else(|| {
        let agreeing: Vec<usize> = others.into_iter().filter(|other| shared(findings, index, *other) > 0).collect();
        first(&agreeing)
    })
}

/// How many of the words that tell kinds of credentials apart two findings share.
fn shared(findings: &[Finding], a: usize, b: usize) -> usize {
    words(findings, a).intersection(&words(findings, b)).count()
}

/// Words that every kind of credential may have in its name.
static COMMON: [&str; 36] = [
    "access",
    "account",
    "api",
    "app",
    "auth",
    "base64",
    "client",
    "code",
    "coded",
    "credential",
    "credentials",
    "detected",
    "entropy",
    "found",
    "generic",
    "hard",
    "hardcoded",
    "hex",
    "high",
    "id",
    "in",
    "key",
    "keys",
    "keyword",
    "oauth",
    "pass",
    "password",
    "personal",
    "private",
    "secret",
    "secrets",
    "service",
    "string",
    "token",
    "user",
    "username",
];

/// The words of a finding's rule that tell which kind of credential it is, such as its provider.
fn words(findings: &[Finding], index: usize) -> BTreeSet<String> {
    let Some(finding) = findings.get(index) else { return BTreeSet::new() };
    let texts = [finding.rule.id.as_str(), finding.rule.title.as_str()];
    let words = texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words = words.filter(|word| word.len() > 1).map(str::to_ascii_lowercase);
    let is_tool = |word: &str| {
        let tools = finding.sources.iter().flat_map(|source| source.tool.split(|c: char| !c.is_alphanumeric()));
        tools.into_iter().any(|tool| tool == word)
    };
    words.filter(|word| !COMMON.contains(&word.as_str()) && !is_tool(word)).collect()
}

/// Findings by the lines that they are on.
#[derive(Default)]
struct Near<'a> {
    /// By file, each with its first line, in order.
    files: HashMap<&'a str, Vec<(u32, &'a Location, usize)>>,
}

impl<'a> Near<'a> {
    /// At most so many findings around a place are looked at.
    const MOST: usize = 256;

    fn of(findings: &'a [Finding], some: &[usize]) -> Self {
        let mut near = Self::default();
        for &index in some {
            for place in findings.get(index).into_iter().flat_map(places) {
                let line = place.span.map_or(0, |span| span.start_line);
                near.files.entry(place.path.as_str()).or_default().push((line, place, index));
            }
        }
        near.files.values_mut().for_each(|file| file.sort());
        near
    }

    /// Those on the lines of a finding, itself aside.
    fn to(&self, findings: &[Finding], index: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for place in findings.get(index).into_iter().flat_map(places) {
            let Some(file) = self.files.get(place.path.as_str()) else { continue };
            let end = file.partition_point(|(line, ..)| *line <= place.span.map_or(0, |span| span.end_line));
            let around = file.get(end.saturating_sub(Self::MOST)..end).unwrap_or_default();
            found.extend(around.iter().filter(|(_, other, _)| place::overlap(place, other)).map(|(.., other)| *other));
        }
        found.retain(|other| *other != index);
        found
    }
}

/// Every place of a credential, that of the commit that brought it among them: other tools report it there.
fn places(finding: &Finding) -> impl Iterator<Item = &Location> {
    let introduced = finding.history.as_ref().map(|history| &history.introduced);
    std::iter::once(&finding.location).chain(&finding.related).chain(introduced)
}
