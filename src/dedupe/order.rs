//! The orders of findings: in reports, and by how well they tell what they are about. Both are total: what they find
//! equal is equal in everything that an output shows, so that no result depends on the order of the input.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use crate::finding::{Assessment, Finding, Source};
use crate::rule::Rule;

/// The order of reports: by kind, worst first, of those the most pressing first, then by place.
pub(super) fn report(a: &Finding, b: &Finding) -> Ordering {
    let pressing = |finding: &Finding| Reverse(finding.priority.as_ref().map(|it| it.score(finding.severity)));
    (a.kind, Reverse(a.severity))
        .cmp(&(b.kind, Reverse(b.severity)))
        .then_with(|| pressing(a).cmp(&pressing(b)))
        .then_with(|| a.location.cmp(&b.location))
        .then_with(|| (&a.rule.id, &a.message).cmp(&(&b.rule.id, &b.message)))
        .then_with(|| (&a.secret, &a.package).cmp(&(&b.secret, &b.package)))
        .then_with(|| rest(a, b))
}

/// The finding that gives its rule and words to those that it is joined with comes first: one that knows the
/// credential, ours, more precisely placed, surer, more telling.
pub(super) fn rank(a: &Finding, b: &Finding) -> Ordering {
    standing(a).cmp(&standing(b)).then_with(|| report(a, b))
}

fn standing(finding: &Finding) -> impl Ord + use<> {
    let is_known = finding.secret.as_ref().map(|secret| secret.told_fingerprint().is_none());
    let is_ours = finding.sources.iter().any(Source::is_own);
    (
        Reverse(is_known),
        Reverse(is_ours),
        // A rule that knows the form of a credential tells more than one that goes by its name, however sure that is.
        Reverse(finding.assessment.as_ref().map(Assessment::of_any)),
        finding.location.span.is_none(),
        Reverse(finding.confidence),
        Reverse(information(finding)),
    )
}

/// How many of the things that help a reader it has.
fn information(finding: &Finding) -> usize {
    let rule = &finding.rule;
    let package = finding.package.as_ref();
    [
        rule.url.is_some(),
        !rule.cwe.is_empty(),
        !rule.description.is_empty() && rule.description != rule.title,
        !rule.help.is_empty(),
        finding.resource.is_some(),
        finding.remedy.is_some(),
        finding.rating.is_substantiated(),
        package.is_some_and(|package| !package.version.is_empty()),
        package.is_some_and(|package| !package.fixed.is_empty()),
        package.is_some_and(|package| !package.path.is_empty()),
    ]
    .into_iter()
    .filter(|has| *has)
    .count()
}

fn rest(a: &Finding, b: &Finding) -> Ordering {
    (&a.sources, &a.rating, a.confidence, &a.related)
        .cmp(&(&b.sources, &b.rating, b.confidence, &b.related))
        .then_with(|| (&a.resource, &a.remedy, a.line_hash).cmp(&(&b.resource, &b.remedy, b.line_hash)))
        .then_with(|| (&a.edit, &a.priority).cmp(&(&b.edit, &b.priority)))
        .then_with(|| texts(a).cmp(&texts(b)))
        .then_with(|| history(a).cmp(&history(b)))
        .then_with(|| if Arc::ptr_eq(&a.rule, &b.rule) { Ordering::Equal } else { words(&a.rule).cmp(&words(&b.rule)) })
}

fn texts(finding: &Finding) -> impl Ord + use<'_> {
    (finding.excerpt.as_ref().map(|excerpt| excerpt.as_str()), &finding.marker)
}

fn history(finding: &Finding) -> impl Ord + use<'_> {
    finding.history.as_ref().map(|it| (&it.introduced, &it.head, &it.removed, it.commits, it.paths))
}

fn words(rule: &Rule) -> impl Ord + use<'_> {
    (&rule.title, &rule.description, &rule.help, &rule.url, &rule.cwe)
}
