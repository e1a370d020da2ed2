//! Makes one finding of what several scanners say about one defect.
//!
//! Two findings of a kind are one defect when they share a key: a credential's value; a package, file and advisory id
//! or alias; a package, file and license; the place and rule of code. A secret that another tool reports without its
//! value joins the secret that scanall found on the same lines. What is joined keeps every source.

use std::collections::HashMap;

use crate::finding::{Finding, Kind};

/// Joins findings; the result does not depend on their order, and joining again changes nothing.
pub fn dedupe(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let groups = group(&findings);
    let mut merged: Vec<Option<Finding>> = findings.iter().map(|_| None).collect();
    for (index, finding) in findings.into_iter().enumerate() {
        match &mut merged[groups[index]] {
            Some(first) => absorb(first, finding),
            empty => *empty = Some(finding),
        }
    }
    let mut findings: Vec<Finding> = merged.into_iter().flatten().collect();
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings
}

/// The order of reports: by kind, worst first, then by place.
fn order(finding: &Finding) -> impl Ord + use<> {
    let Finding { kind, severity, location, rule, message, secret, package, .. } = finding;
    let text = (rule.id.clone(), message.clone());
    (*kind, std::cmp::Reverse(*severity), location.clone(), text, secret.clone(), package.clone())
}

/// The better finding of two that are joined comes first: surer, more precisely placed, ours, then by what they say.
fn rank(finding: &Finding) -> impl Ord + use<> {
    (
        std::cmp::Reverse(finding.secret.is_some()),
        std::cmp::Reverse(finding.confidence),
        finding.location.span.is_none(),
        finding.sources.iter().all(|source| source.tool != "scanall"),
        finding.location.clone(),
        finding.rule.id.clone(),
        finding.message.clone(),
        finding.package.clone(),
        finding.secret.clone(),
        finding.sources.clone(),
    )
}

/// For each finding the index of the first one that it is joined with.
fn group(findings: &[Finding]) -> Vec<usize> {
    let mut leaders: Vec<usize> = (0..findings.len()).collect();
    let mut owner: HashMap<Vec<String>, usize> = HashMap::new();
    for (index, finding) in findings.iter().enumerate() {
        for key in keys(finding) {
            let first = *owner.entry(key).or_insert(index);
            let (a, b) = (leader(&leaders, first), leader(&leaders, index));
            leaders[a.max(b)] = a.min(b);
        }
    }
    for (index, finding) in findings.iter().enumerate() {
        if finding.kind == Kind::Secret && finding.secret.is_none() {
            let same_place = |other: &usize| {
                let other = &findings[*other];
                other.kind == Kind::Secret && other.secret.is_some() && overlap(finding, other)
            };
            if let Some(other) = (0..findings.len()).find(same_place) {
                leaders[index] = leader(&leaders, other);
            }
        }
    }
    (0..findings.len()).map(|index| leader(&leaders, index)).collect()
}

fn leader(leaders: &[usize], mut index: usize) -> usize {
    while leaders[index] != index {
        index = leaders[index];
    }
    index
}

/// Whether the lines of a finding meet any place of another.
fn overlap(finding: &Finding, other: &Finding) -> bool {
    let Some(lines) = finding.location.span else { return false };
    std::iter::once(&other.location).chain(&other.related).any(|place| {
        place.path == finding.location.path
            && place.commit.is_none()
            && place.span.is_some_and(|s| s.start_line <= lines.end_line && lines.start_line <= s.end_line)
    })
}

/// What makes a finding the same defect as another; see the head of this file.
fn keys(finding: &Finding) -> Vec<Vec<String>> {
    let path = finding.location.path.as_str();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let kind = finding.kind.id();
    if let Some(secret) = &finding.secret {
        let digest: String = secret.digest().iter().map(|byte| format!("{byte:02x}")).collect();
        return vec![words(&[kind, &digest])];
    }
    if let Some(package) = &finding.package {
        let id = finding.rule.id.rsplit('/').next().unwrap_or_default();
        let names = std::iter::once(id).chain(package.aliases.iter().map(String::as_str));
        return names.map(|name| words(&[kind, &package.versioned_purl(), path, name])).collect();
    }
    let place = finding.location.span.map_or_else(String::new, |s| format!("{s:?}"));
    vec![words(&[kind, &finding.rule.id, path, &place])]
}

/// Takes over what the second finding knows more than the first.
fn absorb(first: &mut Finding, second: Finding) {
    first.severity = first.severity.max(second.severity);
    first.confidence = first.confidence.max(second.confidence);
    first.sources.extend(second.sources);
    first.sources.sort();
    first.sources.dedup();
    first.marker = first.marker.take().or(second.marker);
    first.excerpt = first.excerpt.take().or(second.excerpt);
    first.remedy = first.remedy.take().or(second.remedy);
    if second.location != first.location && first.kind == Kind::Secret && second.secret.is_some() {
        first.related.push(second.location);
    }
    first.related.extend(second.related);
    first.related.retain(|place| *place != first.location);
    first.related.sort();
    first.related.dedup();
    if let (Some(mine), Some(theirs)) = (&mut first.package, second.package) {
        let other_id = second.rule.id.rsplit('/').next().unwrap_or_default().to_owned();
        mine.aliases.extend(theirs.aliases);
        if first.kind == Kind::Advisory && !first.rule.id.ends_with(&format!("/{other_id}")) {
            mine.aliases.push(other_id);
        }
        mine.aliases.sort();
        mine.aliases.dedup();
        if mine.fixed.is_empty() {
            mine.fixed = theirs.fixed;
        }
        if mine.path.is_empty() {
            mine.path = theirs.path;
        }
    }
}
