//! Runs the examples of a rule.

use std::sync::Arc;

use jiff::Timestamp;

use super::found::Found;
use super::hit::Hit;
use super::matcher::{Match, Matcher};
use super::template::{expand, marked};
use super::weigh::Terms;
use crate::check::Outcome;
use crate::finding::{Confidence, Secret, assessment};
use crate::rule::secret::SecretRule;
use crate::text;

/// When the examples are checked, whenever that is: the first second of 2026. What they say of times stays true.
const NOW: i64 = 1_767_225_600;

/// What examples are called that a check must confirm.
const CONFIRMED: &str = "confirmed example";

/// What is wrong with the examples of a rule, a sentence each: an example that does not give exactly its secret, or a
/// counter-example in which something is found.
pub fn problems(rule: &Arc<SecretRule>) -> Vec<String> {
    let id = rule.id();
    let Ok(matcher) = Matcher::new(vec![Arc::clone(rule)]) else { return Vec::new() };
    if rule.search.is_some() {
        return imported(rule, &matcher, id);
    }
    let mut problems = Vec::new();
    let examples = rule.examples.iter().map(|example| ("example", example));
    let confirmed = rule.confirmed.iter().map(|example| (CONFIRMED, example));
    for (number, (kind, template)) in examples.chain(confirmed).enumerate() {
        let expanded = expand(template, &format!("{} {number}", rule.rule.id)).and_then(|text| marked(&text));
        match expanded {
            Err(why) => problems.push(format!("`{id}`: {kind} {}: {why}", number + 1)),
            Ok((text, secret)) => {
                let hits = found(&matcher, &text);
                let is_confirmed = hits.iter().all(|(_, outcome)| *outcome == Some(Outcome::Confirmed));
                if kind == CONFIRMED && !is_confirmed {
                    problems.push(format!(
                        "`{id}`: {kind} {} is not confirmed: {}",
                        number + 1,
                        text::printable(template)
                    ));
                }
                let found: Vec<Secret> = hits.into_iter().map(|(secret, _)| secret).collect();
                if found != [Secret::new(secret.as_bytes())] {
                    let what = match found.len() {
                        0 => "nothing".to_owned(),
                        1 => "another part of it".to_owned(),
                        count => text::count(count, "secret"),
                    };
                    problems.push(format!("`{id}`: {kind} {} gives {what}: {}", number + 1, text::printable(template)));
                }
            }
        }
    }
    for (number, template) in rule.counter_examples.iter().enumerate() {
        match expand(template, &format!("{} not {number}", rule.rule.id)) {
            Err(why) => problems.push(format!("`{id}`: counter-example {}: {why}", number + 1)),
            Ok(text) if !found(&matcher, &text).is_empty() => {
                problems.push(format!("`{id}` finds counter-example {}: {}", number + 1, text::printable(template)));
            }
            Ok(_) => {}
        }
    }
    problems
}

/// The same for a rule of another tool, whose examples are texts as they are and mark no secret.
fn imported(rule: &SecretRule, matcher: &Matcher, id: &str) -> Vec<String> {
    let finds = |text: &String| !matcher.scan(text.as_bytes()).is_empty();
    let missed = rule.examples.iter().enumerate().filter(|(_, text)| !finds(text));
    let found = rule.counter_examples.iter().enumerate().filter(|(_, text)| finds(text));
    missed
        .map(|(number, _)| format!("`{id}`: example {} gives nothing", number + 1))
        .chain(found.map(|(number, _)| format!("`{id}` finds counter-example {}", number + 1)))
        .collect()
}

/// The secrets that a scan at the default confidence would tell of, and what a check says of them.
fn found(matcher: &Matcher, text: &str) -> Vec<(Secret, Option<Outcome>)> {
    // Most examples are drawn at random, so that a checksum refutes them; and what is rated low is meant to be.
    let is_checked = matcher
        .rules()
        .iter()
        .any(|rule| rule.details().check.is_some() || rule.confidence == Confidence::Low && !rule.weigh);
    let least = if is_checked { assessment::LEAST } else { assessment::MEDIUM };
    let terms = Terms { least, now: Timestamp::from_second(NOW).unwrap_or_default() };
    let matches: Vec<Match> = matcher.scan(text.as_bytes());
    let found = Found { way: "", text: text.as_bytes(), matches: &matches, encoded: &[] };
    Hit::all(&found, matcher, terms)
        .into_iter()
        .map(|hit| (hit.secret, hit.assessment.check.map(|verdict| verdict.outcome)))
        .collect()
}
