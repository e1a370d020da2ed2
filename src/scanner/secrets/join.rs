//! Makes one finding of all sightings of a credential.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::hit::Hit;
use super::matcher::Matcher;
use super::sighting::{Place, Sighting};
use super::weigh;
use crate::finding::{Finding, History, Kind, Location, Marker, Rating, Secret, Source};
use crate::rule::details::{Need, Same};
use crate::rule::secret::SecretRule;
use crate::text;

/// By rule and credential, where it was seen.
type Groups = BTreeMap<(usize, Secret), Vec<Sighting>>;

/// One finding for each credential and rule: at its most visible place, and there at the first; every other place is
/// related. A finding whose rule needs another match near is one only where that is.
pub(super) fn join(sightings: Vec<Sighting>, matcher: &Matcher) -> Vec<Finding> {
    let folders: BTreeSet<(String, String)> = sightings
        .iter()
        .map(|sighting| (matcher.rules()[sighting.hit.rule].rule.id.clone(), folder(&sighting.location)))
        .collect();
    let mut groups = Groups::new();
    for mut sighting in sightings {
        let rule = &matcher.rules()[sighting.hit.rule];
        let is_there = |need: &Need| {
            need.same == Same::Directory
                && folders.contains(&(format!("secret/{}", need.rule), folder(&sighting.location)))
        };
        sighting.hit.missing.retain(|need| !is_there(need));
        if rule.hidden || sighting.hit.missing.iter().any(|need| !need.optional) {
            continue;
        }
        assess(&mut sighting.hit, rule, &sighting.location);
        groups.entry((sighting.hit.rule, sighting.hit.secret.clone())).or_default().push(sighting);
    }
    let groups = without_guesses(groups, matcher);
    let one = |((rule, secret), mut sightings): ((usize, Secret), Vec<Sighting>)| {
        sightings.sort_by_cached_key(order);
        finding(&matcher.rules()[rule], secret, &sightings)
    };
    groups.into_iter().filter_map(one).collect()
}

/// Gives the sightings of rules that go by a name alone to the rule that knows the credential, where one does.
fn without_guesses(groups: Groups, matcher: &Matcher) -> Groups {
    let is_guess = |rule: usize| matcher.rules()[rule].is_guess();
    let (mut guesses, mut known): (Groups, Groups) = groups.into_iter().partition(|((rule, _), _)| is_guess(*rule));
    without_parts(&mut guesses);
    let rules: BTreeMap<Secret, usize> = known.keys().map(|(rule, secret)| (secret.clone(), *rule)).collect();
    for ((rule, secret), sightings) in guesses {
        let group = known.entry((rules.get(&secret).copied().unwrap_or(rule), secret)).or_default();
        let here: BTreeSet<Location> = group.iter().map(|sighting| sighting.location.clone()).collect();
        group.extend(sightings.into_iter().filter(|sighting| !here.contains(&sighting.location)));
    }
    known
}

/// Takes out what another guess goes on with: of `Kestrel&4711` the one that ends at the `&`.
fn without_parts(guesses: &mut Groups) {
    let place = |location: &Location| {
        let span = location.span?;
        Some(((location.path.clone(), location.commit.clone(), span.start_line, span.start_column), span))
    };
    let mut ends = BTreeMap::new();
    for (start, span) in guesses.values().flatten().filter_map(|sighting| place(&sighting.location)) {
        let end = ends.entry(start).or_insert((span.end_line, span.end_column));
        *end = (*end).max((span.end_line, span.end_column));
    }
    for sightings in guesses.values_mut() {
        sightings.retain(|sighting| {
            place(&sighting.location)
                .is_none_or(|(start, span)| ends.get(&start) == Some(&(span.end_line, span.end_column)))
        });
    }
}

/// Adds what the place says, and whether what belongs to the credential is near.
fn assess(hit: &mut Hit, rule: &SecretRule, location: &Location) {
    if rule.weigh {
        weigh::place::weigh(location.path.as_str(), &mut hit.assessment);
    }
    for need in rule.details().needs.iter().filter(|need| !hit.missing.contains(need)) {
        hit.assessment.add(20, format!("`{}`, which belongs to it, is near", need.rule));
    }
}

/// The folder that a place is in.
fn folder(location: &Location) -> String {
    location.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// The most visible first; then older commits first, then by path and place.
fn order(sighting: &Sighting) -> (Place, String, Location, String) {
    let date = sighting.location.commit.as_ref().map(|commit| commit.date.clone()).unwrap_or_default();
    (sighting.place, date, sighting.location.clone(), sighting.hit.way.clone())
}

/// `None` for no sighting at all.
fn finding(rule: &SecretRule, secret: Secret, sightings: &[Sighting]) -> Option<Finding> {
    let first = sightings.first()?;
    // Where it still stands in files, each place needs its marker: one accepted copy does not accept the others.
    let decides = |s: &&Sighting| s.place == Place::File || std::ptr::eq(*s, first);
    let marker = Marker::of_all(&rule.rule.id, sightings.iter().filter(decides).map(|s| s.hit.marker.as_ref()));
    let mut related: Vec<Location> = sightings[1..].iter().map(|sighting| sighting.location.clone()).collect();
    related.sort();
    related.dedup();
    related.retain(|place| *place != first.location);
    let history = history_of(sightings);
    let is_about_path = rule.search.as_ref().is_some_and(|search| search.is_about_paths());
    // One place where it is a credential is enough.
    let assessments = sightings.iter().map(|sighting| &sighting.hit.assessment);
    let assessment = assessments.max_by_key(|assessment| assessment.score()).cloned().unwrap_or_default();
    Some(Finding {
        rule: Arc::clone(&rule.rule),
        kind: Kind::Secret,
        severity: rule.severity,
        confidence: assessment.confidence(),
        assessment: Some(assessment),
        message: message(rule, first, history.as_ref(), related.len()),
        location: first.location.clone(),
        related,
        excerpt: (!is_about_path).then(|| first.hit.excerpt.clone()),
        package: None,
        secret: (!is_about_path).then_some(secret),
        companions: sightings.iter().flat_map(|sighting| sighting.hit.companions.clone()).rev().collect(),
        verified: None,
        history,
        remedy: Some(text::printable(rule.remedy.trim_end_matches('.'))),
        edit: None,
        priority: None,
        sources: vec![Source::own(&rule.rule.id)],
        rating: Rating::stated("scanall"),
        resource: None,
        line_hash: None,
        marker,
    })
}

/// When the credential came, whether it is still at HEAD, and when it went, over all versions of all files; `None` when
/// no commit has it.
fn history_of(sightings: &[Sighting]) -> Option<History> {
    let pasts = || sightings.iter().filter_map(|sighting| sighting.past.as_ref());
    let date = |location: &Location| location.commit.as_ref().map(|commit| commit.date.clone()).unwrap_or_default();
    let introduced = pasts().map(|past| &past.introduced).min_by_key(|place| (date(place), (*place).clone()))?.clone();
    let head =
        sightings.iter().find(|sighting| sighting.place == Place::Head).map(|sighting| sighting.location.path.clone());
    // The credential went with the last version that had it.
    let last = || {
        pasts().filter_map(|past| past.removed.clone()).max_by_key(|commit| (commit.date.clone(), commit.id.clone()))
    };
    Some(History {
        introduced,
        removed: if head.is_none() { last() } else { None },
        head,
        commits: pasts().map(|past| past.commits).sum(),
        paths: pasts().flat_map(|past| &past.paths).collect::<BTreeSet<_>>().len(),
    })
}

fn message(rule: &SecretRule, first: &Sighting, history: Option<&History>, others: usize) -> String {
    let mut message = format!("{}{}", text::printable(&rule.rule.title), first.place.words());
    if !first.hit.way.is_empty() {
        message.push_str(&format!(", inside of the archive as `{}`", text::printable(&first.hit.way)));
    }
    if first.hit.encoded {
        message.push_str(", encoded");
    }
    match history {
        Some(history) if first.place != Place::File => {
            let added = history.introduced.commit.as_ref().map(|c| format!(", added in {}", c.short()));
            let removed = history.removed.as_ref().map(|c| format!(", removed in {}", c.short()));
            message.extend(added.into_iter().chain(removed));
        }
        _ => {}
    }
    if others > 0 {
        message.push_str(&format!(", and at {}", text::count(others, "other place")));
    }
    message
}
