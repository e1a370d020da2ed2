//! Weighs a match: how sure is it that this is a credential, and why.
//!
//! The rule says what it thinks of any match. Rules that know little more than that a name sounds secret ask for the rest
//! (`weigh = true`): what the value looks like, what it is called, what stands around it, and in which file. Each of them
//! says little; their sum is the confidence ([`Assessment`]).

mod around;
pub(super) mod known;
mod name;
pub(super) mod place;
mod shape;
pub(super) mod value;
mod words;

use jiff::Timestamp;

use super::matcher::{Match, Matcher};
use crate::check::{Verdict, jwt, published};
use crate::finding::Assessment;
use crate::rule::secret::SecretRule;
use name::Name;
use value::Value;

/// On what terms matches are weighed.
#[derive(Clone, Copy)]
pub struct Terms {
    /// What may not come to so many points is nothing to tell of.
    pub least: i32,
    /// What has expired by then opens nothing.
    pub now: Timestamp,
}

/// What speaks for and against a match in clear text; `None` when it is no credential.
pub(super) fn in_text(matcher: &Matcher, text: &[u8], found: &Match, terms: Terms) -> Option<Assessment> {
    let rule = &matcher.rules()[found.rule];
    if !rule.not_lines.is_empty() && !rule.applies_to_line(around::line(text, found)) {
        return None;
    }
    let mut assessment = Assessment::of_rule(rule.confidence);
    if rule.weigh {
        let value = Value::of(&text[found.secret.clone()]);
        let name = Name::before(text, found);
        let is_guess = rule.is_guess();
        if is_guess && !name.says_secret()
            || name.is_value(&value)
            || around::is_code(text, &found.secret, &value, is_guess)
        {
            return None;
        }
        name.weigh(is_guess, &mut assessment);
        value.weigh(name.is_password(), is_guess, &mut assessment);
        // What stands around only speaks against it: what has too few points already is not worth the look.
        if assessment.score() + place::MOST < terms.least {
            return Some(assessment);
        }
        around::weigh(text, found, is_guess && !name.is_password(), &mut assessment);
        if is_guess && matcher.known().begins_like_another(found.rule, value.text) {
            assessment.add(-35, "it begins like the credentials of a provider and is none");
        } else if is_guess && !value.is_uuid() && matcher.known().is_nearly(name.words(), value.text) {
            assessment
                .add(-35, "it is about as long as the credentials of the provider that the name says, and is none");
        }
    }
    let secret = &text[found.secret.clone()];
    let group = |name: &str| matcher.group(text, found, name).map(|place| text[place].to_vec());
    check(rule, secret, &group, terms, &mut assessment);
    Some(assessment)
}

/// The same for what was decoded, of which nothing is known but the value.
pub(super) fn decoded(rule: &SecretRule, secret: &[u8], terms: Terms) -> Assessment {
    let mut assessment = Assessment::of_rule(rule.confidence);
    if rule.weigh {
        Value::of(secret).weigh(false, rule.is_guess(), &mut assessment);
    }
    check(rule, secret, &|_| None, terms, &mut assessment);
    assessment
}

/// Adds what is known of a credential by itself.
fn check(
    rule: &SecretRule,
    secret: &[u8],
    group: &dyn Fn(&str) -> Option<Vec<u8>>,
    terms: Terms,
    assessment: &mut Assessment,
) {
    if let Some(of) = published::value(secret) {
        assessment.checked(Verdict::idle(format!("everybody has it, from {of}")));
    } else if let Some(check) = &rule.details().check {
        assessment.checked(check.verdict(secret, group, terms.now));
    } else if jwt::is_one(secret) {
        assessment.checked(jwt::verdict(secret, terms.now));
    }
}
