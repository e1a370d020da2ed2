//! Weighs a match: how sure is it that this is a credential, and why.
//!
//! The rule says what it thinks of any match. Rules that know little more than that a name sounds secret ask for the rest
//! (`weigh = true`): what the value looks like, what it is called, what stands around it, and in which file. Each of them
//! says little; their sum is the confidence ([`Assessment`]).

mod around;
mod name;
pub(super) mod place;
pub(super) mod value;

use super::matcher::{Match, Matcher};
use crate::finding::Assessment;
use crate::rule::secret::SecretRule;
use name::Name;
use value::Value;

/// What speaks for and against a match in clear text; `None` when it is no credential.
pub(super) fn in_text(matcher: &Matcher, text: &[u8], found: &Match) -> Option<Assessment> {
    let rule = &matcher.rules()[found.rule];
    let mut assessment = Assessment::of_rule(rule.confidence);
    if rule.weigh {
        let value = Value::of(&text[found.secret.clone()]);
        let name = Name::before(text, found);
        if name.is_value(&value) || around::is_code(text, &found.secret, &value) {
            return None;
        }
        name.weigh(&mut assessment);
        value.weigh(name.is_password(), &mut assessment);
        around::weigh(text, found, &mut assessment);
    }
    Some(assessment)
}

/// The same for what was decoded, of which nothing is known but the value.
pub(super) fn decoded(rule: &SecretRule, secret: &[u8]) -> Option<Assessment> {
    let mut assessment = Assessment::of_rule(rule.confidence);
    if rule.weigh {
        Value::of(secret).weigh(false, &mut assessment);
    }
    Some(assessment)
}
