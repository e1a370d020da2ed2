//! Defines [`Hit`]: what is kept of a match once the text around it is gone.

use std::collections::BTreeMap;
use std::ops::Range;

use super::allowed::{Outcome, Verdict};
use super::found::Found;
use super::matcher::Matcher;
use super::weigh::{self, Terms};
use crate::finding::{Assessment, Excerpt, Marker, RepoPath, Secret, Span};
use crate::rule::details::{Need, Same};

/// What is kept of a match once the text around it is gone.
#[derive(Clone)]
pub(super) struct Hit {
    pub(super) rule: usize,
    pub(super) secret: Secret,
    /// Where it stands in the file; `None` for what is inside of an archive.
    pub(super) span: Option<Span>,
    pub(super) excerpt: Excerpt,
    pub(super) marker: Option<Marker>,
    /// The way to it in an archive; empty outside of one.
    pub(super) way: String,
    /// It stands there encoded.
    pub(super) encoded: bool,
    /// How sure it is, before anything is known of the place.
    pub(super) assessment: Assessment,
    /// Whether everything that its rule needs in the same file is there. Each is looked for in the folder once more where
    /// the rule says so.
    pub(super) missing: Vec<Need>,
    /// What allowlists and filters say of it.
    pub(super) verdict: Verdict,
    /// The nearest matches of the rules that its rule needs, by their ids without `secret/`.
    pub(super) companions: BTreeMap<String, Secret>,
}

/// What is known of a match before it is worth keeping.
struct Draft<'a> {
    rule: usize,
    secret: &'a [u8],
    place: Range<usize>,
    /// The whole match; `None` where it is encoded.
    whole: Option<&'a Range<usize>>,
    assessment: Assessment,
}

impl Draft<'_> {
    /// Where the match begins.
    fn start(&self) -> usize {
        self.whole.unwrap_or(&self.place).start
    }

    /// Whether it may come to so many points; what others need is kept in any case.
    fn may_reach(&self, least: i32, matcher: &Matcher) -> bool {
        let rule = &matcher.rules()[self.rule];
        rule.hidden
            || !rule.details().needs.is_empty()
            || self.assessment.score() + if rule.weigh { weigh::place::MOST } else { 0 } >= least
    }
}

impl Hit {
    /// Keeps what matters of one text: what may come to so many points of confidence; the excerpt of each hit masks the
    /// secrets of all.
    pub(super) fn all(found: &Found<'_>, matcher: &Matcher, terms: Terms) -> Vec<Self> {
        let text = found.text;
        let clear = found.matches.iter().filter_map(|m| {
            let secret = &text[m.secret.clone()];
            let assessment = weigh::in_text(matcher, text, m, terms)?;
            Some(Draft { rule: m.rule, secret, place: m.secret.clone(), whole: Some(&m.whole), assessment })
        });
        let encoded = found.encoded.iter().map(|e| {
            let assessment = weigh::decoded(&matcher.rules()[e.rule], &e.secret, terms);
            Draft { rule: e.rule, secret: &e.secret, place: e.run.clone(), whole: None, assessment }
        });
        let mut drafts: Vec<Draft<'_>> = clear.chain(encoded).collect();
        // What is not told of is masked all the same where something else is shown.
        let masked: Vec<Range<usize>> = drafts.iter().map(|draft| draft.place.clone()).collect();
        drafts.retain(|draft| draft.may_reach(terms.least, matcher));
        let span = |draft: &Draft<'_>| found.way.is_empty().then(|| Span::of(text, draft.place.clone()));
        let lines: Vec<Option<Span>> = drafts.iter().map(span).collect();
        let missing: Vec<Vec<Need>> = drafts.iter().map(|draft| missing(draft, &drafts, text, matcher)).collect();
        let near: Vec<BTreeMap<String, Secret>> =
            drafts.iter().map(|draft| companions(draft, &drafts, text, matcher)).collect();
        drafts
            .into_iter()
            .zip(lines)
            .zip(missing)
            .zip(near)
            .filter(|((_, missing), _)| missing.iter().all(|need| need.optional || need.same == Same::Directory))
            .map(|(((Draft { rule, secret, place, whole, assessment }, span), missing), companions)| Self {
                verdict: Verdict::of(matcher, rule, (text, whole), (secret, &place)),
                rule,
                secret: Secret::new(secret),
                span,
                excerpt: Excerpt::redacting(text, &place, &masked),
                marker: Marker::around(text, place.clone()),
                way: found.way.to_owned(),
                encoded: whole.is_none(),
                assessment,
                missing,
                companions,
            })
            .collect()
    }

    /// What is kept of a file that a rule finds by its path.
    pub(super) fn of_path(rule: usize, path: &RepoPath, assessment: Assessment) -> Self {
        Self {
            rule,
            secret: Secret::new(path.as_str().as_bytes()),
            span: None,
            excerpt: Excerpt::plain(""),
            marker: None,
            way: String::new(),
            encoded: false,
            assessment,
            missing: Vec::new(),
            companions: BTreeMap::new(),
            verdict: Verdict::default(),
        }
    }

    /// Whether it counts at a place; where it was accepted there, it has a marker that says why.
    pub(super) fn settle(&mut self, path: &str, commit: Option<&str>) -> bool {
        match self.verdict.at(path, commit) {
            Outcome::Keep => true,
            Outcome::Drop => false,
            Outcome::Accept(reason) => {
                self.marker = self.marker.take().or_else(|| Marker::allowed(&reason));
                true
            }
        }
    }
}

/// The matches that meet a need of another, with the lines between the two.
fn meeting<'a>(
    need: &'a Need,
    draft: &'a Draft<'_>,
    all: &'a [Draft<'a>],
    text: &'a [u8],
    matcher: &'a Matcher,
) -> impl Iterator<Item = (usize, &'a Draft<'a>)> {
    let is_it = |other: &&Draft<'_>| matcher.rules()[other.rule].id() == need.rule && other.place != draft.place;
    let lines = |other: &'a Draft<'a>| (lines_between(text, &draft.place, &other.place), other);
    let is_near = |(lines, other): &(usize, &Draft<'_>)| {
        let within =
            |most: Option<u32>, distance: &dyn Fn() -> usize| most.is_none_or(|most| distance() <= most as usize);
        within(need.within_lines, &|| *lines)
            && within(need.within_bytes, &|| draft.start().abs_diff(other.start()))
            && within(need.within_columns, &|| column(text, draft).abs_diff(column(text, other)))
    };
    all.iter().filter(is_it).map(lines).filter(is_near)
}

/// What the rule of a match needs and the text does not have near enough.
fn missing(draft: &Draft<'_>, all: &[Draft<'_>], text: &[u8], matcher: &Matcher) -> Vec<Need> {
    let needs = matcher.rules()[draft.rule].details().needs.iter();
    needs.filter(|need| meeting(need, draft, all, text, matcher).next().is_none()).cloned().collect()
}

/// The nearest match that meets each need.
fn companions(draft: &Draft<'_>, all: &[Draft<'_>], text: &[u8], matcher: &Matcher) -> BTreeMap<String, Secret> {
    let needs = matcher.rules()[draft.rule].details().needs.iter();
    let nearest = |need: &Need| {
        let (_, other) = meeting(need, draft, all, text, matcher)
            .min_by_key(|(lines, other)| (*lines, other.place.start.abs_diff(draft.place.start)))?;
        Some((need.rule.clone(), Secret::new(other.secret)))
    };
    needs.filter_map(nearest).collect()
}

/// How many ends of lines are between two places.
fn lines_between(text: &[u8], one: &Range<usize>, other: &Range<usize>) -> usize {
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    memchr::memchr_iter(b'\n', text.get(first.end..second.start).unwrap_or_default()).count()
}

/// How far behind the start of its line a match begins, in bytes; in lines behind the first one more, as gitleaks counts.
fn column(text: &[u8], draft: &Draft<'_>) -> usize {
    let at = draft.start().min(text.len());
    at - memchr::memrchr(b'\n', &text[..at]).unwrap_or(0)
}
