//! Makes one finding of a group.

use std::cmp::Reverse;
use std::mem;
use std::sync::Arc;

use super::groups::Groups;
use super::weakness::likeness::common_weaknesses;
use super::{order, place};
use crate::finding::{Finding, Kind, Location, Package};
use crate::rule::Rule;

/// Joins the findings of each group: the best by [`order::rank`] takes over what the others know more.
pub(super) fn join(findings: Vec<Finding>, groups: &Groups) -> Vec<Finding> {
    let mut joined: Vec<Vec<Finding>> = findings.iter().map(|_| Vec::new()).collect();
    for (index, finding) in findings.into_iter().enumerate() {
        if let Some(group) = joined.get_mut(groups.find(index)) {
            group.push(finding);
        }
    }
    let one = |mut group: Vec<Finding>| {
        group.sort_by(order::rank);
        group.into_iter().reduce(|mut best, other| {
            absorb(&mut best, other);
            best
        })
    };
    joined.into_iter().filter_map(one).collect()
}

/// Takes over what another finding of the same defect knows more.
fn absorb(best: &mut Finding, mut other: Finding) {
    rate(best, &other);
    best.confidence = best.confidence.max(other.confidence);
    locate(best, &mut other);
    add(&mut best.sources, mem::take(&mut other.sources));
    best.marker = best.marker.take().or(other.marker);
    best.excerpt = best.excerpt.take().or(other.excerpt);
    best.resource = best.resource.take().or(other.resource);
    best.history = best.history.take().or(other.history);
    for (rule, secret) in mem::take(&mut other.companions) {
        best.companions.entry(rule).or_insert(secret);
    }
    best.remedy = best.remedy.take().or(other.remedy);
    best.edit = best.edit.take().or(other.edit);
    best.priority = best.priority.take().or(other.priority);
    agree(best, &other.rule);
    if let (Some(mine), Some(theirs)) = (&mut best.package, other.package) {
        let names = [&best.rule.id, &other.rule.id].map(|id| id.rsplit('/').next().unwrap_or_default());
        complete(mine, theirs, (best.kind == Kind::Advisory).then_some(names));
    }
}

/// A weakness that only some of the tools name is not what they agree on; were it kept, it could bring in another
/// defect.
fn agree(best: &mut Finding, other: &Rule) {
    if matches!(best.kind, Kind::Code | Kind::Config) {
        let cwe = common_weaknesses(&best.rule.cwe, &other.cwe);
        if cwe != best.rule.cwe {
            Arc::make_mut(&mut best.rule).cwe = cwe;
        }
    }
}

/// The severity is the worst that anybody has grounds for, and who says so goes with it. A default that nobody said
/// counts where there is nothing else.
fn rate(best: &mut Finding, other: &Finding) {
    let grounds = |it: &Finding| (it.rating.is_substantiated(), it.severity, it.rating.basis);
    let (mine, theirs) = ((grounds(best), Reverse(&best.rating.by)), (grounds(other), Reverse(&other.rating.by)));
    if theirs > mine {
        best.severity = other.severity;
        best.rating = other.rating.clone();
    }
}

/// The place is that of the best; or of whoever knows it better, where the best names only a folder or a manifest. Any
/// other place is kept as a related one.
fn locate(best: &mut Finding, other: &mut Finding) {
    if best.package.is_some() && place::is_coarser(&best.location.path, &other.location.path) {
        mem::swap(&mut best.location, &mut other.location);
        mem::swap(&mut best.line_hash, &mut other.line_hash);
        mem::swap(&mut best.excerpt, &mut other.excerpt);
        mem::swap(&mut best.marker, &mut other.marker);
    }
    best.line_hash = best.line_hash.or_else(|| other.line_hash.filter(|_| other.location == best.location));
    let is_exact = other.secret.is_some() && other.secret == best.secret;
    let is_told = |place: &Location| match &best.package {
        // A folder is only a coarser name of what is in it, and an image that of its list of packages.
        Some(_) => place::is_around(&place.path, &best.location.path) || place::is_system_list(&best.location.path),
        // A credential that is known is at exactly its places; everything else is where its lines are.
        None => !is_exact && best_places(best).any(|mine| place::overlap(place, mine)),
    };
    if other.location.path != best.location.path || best.package.is_none() {
        let more = std::iter::once(&other.location).filter(|place| !is_told(place)).cloned().collect();
        add(&mut best.related, more);
    }
    add(&mut best.related, mem::take(&mut other.related));
    best.related.retain(|place| *place != best.location);
}

fn best_places(finding: &Finding) -> impl Iterator<Item = &Location> {
    std::iter::once(&finding.location).chain(&finding.related)
}

fn complete(mine: &mut Package, theirs: Package, names: Option<[&str; 2]>) {
    if let Some([own, other]) = names {
        mine.aliases.extend(theirs.aliases);
        mine.aliases.push(other.to_owned());
        mine.aliases.retain(|alias| alias != own);
        mine.aliases.sort();
        mine.aliases.dedup();
    }
    if mine.version.is_empty() {
        mine.version = theirs.version;
    }
    if mine.fixed.is_empty() {
        mine.fixed = theirs.fixed;
    }
    if mine.path.is_empty() {
        mine.path = theirs.path;
    }
}

fn add<T: Ord>(list: &mut Vec<T>, more: Vec<T>) {
    list.extend(more);
    list.sort();
    list.dedup();
}
