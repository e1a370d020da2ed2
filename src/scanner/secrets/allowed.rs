//! Tells which matches a team has accepted, or a filter takes out, once the text around them and their places are known.
//!
//! A match meets its text before anybody knows where that text is: a version of a file may have had many paths. So what
//! depends on the place is kept with the match, and decided there.

use std::ops::Range;
use std::sync::Arc;

use super::matcher::Matcher;
use crate::rule::allow::{Allow, Covers};
use crate::rule::expression::{Answer, Expression, Finding, Place};
use crate::rule::search::finding_of;

/// So much of a text is kept on each side of a match for filters that look at it, in bytes.
const AROUND: usize = 4096;

/// What allowlists and filters say of a match.
#[derive(Clone, Default)]
pub(super) struct Verdict {
    /// Why it is accepted wherever it is.
    accepted: Option<String>,
    /// What may accept it, depending on the place; `true` for the rule's own, which take it out.
    open: Vec<(Arc<Allow>, bool)>,
    /// The filters that depend on the place, and what they are asked about.
    filters: Option<Box<Open>>,
}

/// What is to be done with a match at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is a finding.
    Keep,
    /// It is a finding that was accepted, for a reason.
    Accept(String),
    /// It is none.
    Drop,
}

/// A match that filters are still to be asked about.
#[derive(Clone)]
struct Open {
    secret: Vec<u8>,
    matched: Vec<u8>,
    line: Vec<u8>,
    text: Vec<u8>,
    at: Range<usize>,
    rule: String,
    description: String,
    /// With the file of each; none for the rule's own, which take it out.
    filters: Vec<(Option<String>, Expression)>,
}

impl Verdict {
    /// What can be said of a match of a rule in a text; one without a range stood there encoded, and nothing is known of
    /// what was around it.
    pub(super) fn of(
        matcher: &Matcher,
        rule: usize,
        (text, whole): (&[u8], Option<&Range<usize>>),
        (secret, place): (&[u8], &Range<usize>),
    ) -> Self {
        let (rules, accepted) = (matcher.rules(), matcher.accepted());
        let Some(rule) = rules.get(rule) else { return Self::default() };
        if accepted.is_empty() && rule.allow.is_empty() && rule.search.is_none() {
            return Self::default();
        }
        let all = 0..secret.len();
        let (text, whole, place) = match whole {
            Some(whole) => (text, whole, place),
            None => (secret, &all, &all),
        };
        let finding = finding_of(text, whole, place, (rule.id(), &rule.rule.description));
        let mut verdict = Self::default();
        let is_foreign = rule.search.is_some();
        verdict.ask(&rule.allow, &finding, is_foreign);
        let mut filters = Vec::new();
        match &rule.search {
            Some(search) => filters.extend(search.open_filters(&finding).map(|filter| (None, filter.clone()))),
            // What a team has accepted of its own tool's findings it has accepted of ours.
            None => {
                verdict.ask(&accepted.allow, &finding, false);
                for (origin, filter) in &accepted.filters {
                    match filter.eval(&finding, None) {
                        Answer::Yes => {
                            verdict.accepted.get_or_insert_with(|| filtered(origin));
                        }
                        Answer::Unknown => filters.push((Some(origin.clone()), filter.clone())),
                        Answer::No => {}
                    }
                }
            }
        }
        if !filters.is_empty() {
            verdict.filters = Some(Box::new(Open::new(&finding, filters)));
        }
        verdict
    }

    fn ask(&mut self, lists: &[Arc<Allow>], finding: &Finding<'_>, takes_out: bool) {
        for list in lists {
            match list.covers(finding) {
                // What takes a match out has done so in the search.
                Covers::Yes => {
                    self.accepted.get_or_insert_with(|| list.reason());
                }
                Covers::There => self.open.push((Arc::clone(list), takes_out)),
                Covers::No => {}
            }
        }
    }

    /// What is to be done with the match at a path, and in a commit if it is in one.
    pub(super) fn at(&self, path: &str, commit: Option<&str>) -> Outcome {
        let mut reason = self.accepted.clone();
        for (list, takes_out) in self.open.iter().filter(|(list, _)| list.covers_place(path, commit)) {
            if *takes_out {
                return Outcome::Drop;
            }
            reason.get_or_insert_with(|| list.reason());
        }
        if let Some(open) = &self.filters {
            for origin in open.answers(Place { path, commit }) {
                match origin {
                    None => return Outcome::Drop,
                    Some(origin) => reason.get_or_insert_with(|| filtered(origin)),
                };
            }
        }
        reason.map_or(Outcome::Keep, Outcome::Accept)
    }
}

fn filtered(origin: &str) -> String {
    format!("filtered in `{origin}`")
}

impl Open {
    fn new(finding: &Finding<'_>, filters: Vec<(Option<String>, Expression)>) -> Self {
        let start = finding.at.start.saturating_sub(AROUND);
        let end = finding.at.end.saturating_add(AROUND).min(finding.text.len());
        Self {
            secret: finding.secret.to_vec(),
            matched: finding.matched.to_vec(),
            line: finding.line.to_vec(),
            text: finding.text.get(start..end).unwrap_or_default().to_vec(),
            at: finding.at.start - start..finding.at.end - start,
            rule: finding.rule.to_owned(),
            description: finding.description.to_owned(),
            filters,
        }
    }

    /// The files of the filters that hold at a place.
    fn answers<'a>(&'a self, place: Place<'a>) -> impl Iterator<Item = Option<&'a String>> {
        let finding = Finding {
            secret: &self.secret,
            matched: &self.matched,
            line: &self.line,
            text: &self.text,
            at: self.at.clone(),
            rule: &self.rule,
            description: &self.description,
        };
        let holds = move |filter: &Expression| filter.eval(&finding, Some(place)) == Answer::Yes;
        self.filters.iter().filter(move |(_, filter)| holds(filter)).map(|(origin, _)| origin.as_ref())
    }
}
