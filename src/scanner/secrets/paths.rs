//! Finds files by their paths alone, for rules of gitleaks that have a `path` and no `regex`.

use super::hit::Hit;
use super::matcher::Matcher;
use super::sighting::{Place, Sighting};
use crate::finding::{Assessment, Location, RepoPath, Span};
use crate::rule::expression::{Answer, Finding, Place as At};
use crate::rule::secret::SecretRule;

/// A sighting for each rule that is about the path of a file: on its first line, since what is wrong is the file.
pub(super) fn sightings(matcher: &Matcher, path: &RepoPath) -> Vec<Sighting> {
    let about_paths = matcher.about_paths().iter().filter(|index| is_found(&matcher.rules()[**index], path.as_str()));
    about_paths
        .map(|index| Sighting {
            location: Location::here(path.clone(), Some(Span::line(1, 1))),
            place: Place::File,
            past: None,
            hit: Hit::of_path(*index, path, Assessment::of_rule(matcher.rules()[*index].confidence)),
        })
        .collect()
}

fn is_found(rule: &SecretRule, path: &str) -> bool {
    let nothing = Finding {
        secret: b"",
        matched: b"",
        line: b"",
        text: b"",
        at: 0..0,
        rule: rule.id(),
        description: &rule.rule.description,
    };
    let place = At { path, commit: None };
    let is_filtered = || {
        let mut filters = rule.search.iter().flat_map(|search| &search.filters);
        filters.any(|filter| filter.eval(&nothing, Some(place)) == Answer::Yes)
    };
    rule.applies_to(path) && !rule.allow.iter().any(|allow| allow.covers_file(path)) && !is_filtered()
}
