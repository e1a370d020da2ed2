//! Defines [`normalize`]: what a package says of its license, in whatever words, as an SPDX expression.
//!
//! The words are data: `rules/licenses/names.toml` and `urls.toml`. What is ambiguous stays so: `BSD` is a term that names
//! a family, of which [`members`] knows the licenses, and never one of them.

mod names;
#[cfg(test)]
mod tests;
mod url;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::expression::{Expression, Term};
use super::{id, text};
use names::{Name, names};

pub use names::members;

/// The longest text that is read as a name; a longer one may be the text of a license.
const MAX_NAME: usize = 400;
/// The term of a license that is not open.
pub const PROPRIETARY: &str = "LicenseRef-proprietary";
/// The term of what says nothing.
pub const NOTHING: &str = "NOASSERTION";

/// What was said, as far as it can be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalized {
    /// The expression; terms that mean nothing known stand in it as they were said, and what says nothing at all is
    /// [`NOTHING`].
    pub expression: Expression,
    /// How much of it is known.
    pub meaning: Meaning,
}

/// How much is known of what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Every term is a license.
    License,
    /// Some terms are; others are unknown, or families such as `BSD`.
    Partly,
    /// It names a file that says it.
    File(String),
    /// Nobody is licensed.
    Proprietary,
    /// Nothing: `UNKNOWN`, `OTHER`, or words that nobody knows, which are then the term.
    Nothing,
}

/// Maps what a package says of its license to an SPDX expression. Never fails: what cannot be told is unknown.
pub fn normalize(said: &str) -> Normalized {
    let said = said.trim().trim_matches(['"', '\'', '`', '[', ']', '{', '}', ',', ';']).trim();
    if let Some(file) = names().file_of(said) {
        return Normalized { expression: nothing(), meaning: Meaning::File(file.to_owned()) };
    }
    let expression = match said.len() > MAX_NAME || said.lines().count() > 4 {
        true => of_text(said),
        false => of_name(said),
    };
    let words = || Expression::of(Term::unknown(&word(said)));
    let expression = expression.unwrap_or_else(|| if said.len() > MAX_NAME { nothing() } else { words() });
    let meaning = meaning(&expression);
    Normalized { expression, meaning }
}

fn nothing() -> Expression {
    Expression::of(Term::unknown(NOTHING))
}

fn meaning(expression: &Expression) -> Meaning {
    let known = |term: &Term| term.is_known() || members(term.id()).is_some();
    if expression.terms().all(|term| term.id() == PROPRIETARY) {
        Meaning::Proprietary
    } else if expression.is_known() {
        Meaning::License
    } else if expression.terms().any(known) {
        Meaning::Partly
    } else {
        Meaning::Nothing
    }
}

/// A text that somebody put where the name belongs.
fn of_text(said: &str) -> Option<Expression> {
    let mut ids: Vec<String> = Vec::new();
    for found in text::identify(said) {
        if found.kind != text::Kind::Exception && !ids.iter().any(|id| *id == found.id) {
            ids.push(found.id.into_owned());
        }
    }
    let terms = ids.iter().map(|id| Expression::of(Term::new(id, None)));
    let first = said.lines().next().filter(|line| line.len() <= MAX_NAME);
    terms.reduce(Expression::and).or_else(|| of_name(first?))
}

/// "or any later version", in its many forms.
static LATER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let versions = r"(any\s+)?(later|newer|above|greater|higher|subsequent)\b(\s+versions?)?";
    let option = r"\(?\s*(at\s+your\s+option)?\s*,?\)?\s*";
    Regex::new(&format!(r"(?i)\s*[,(]?\s*\b(or|and)\s*{option}{versions}\)?(\s+(published|as published)\b.*)?")).ok()
});

/// `>= 2`, which some put for "2 or later".
static AT_LEAST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\s*\(?>=?\s*(v?\d[\d.]*)\)?").ok());

/// Where one license ends and another begins: a choice, and then both.
static OR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\s+(?:or|/or|and/or)\s+|\s*(?:/|\|\|?)\s*").ok());
static AND: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)[\s,;]+and\s+|\s*(?:[,;&]|\s\+\s)\s*").ok());
static WITH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)[\s,]+(?:with|w/)[\s,]*").ok());

fn of_name(said: &str) -> Option<Expression> {
    if let Ok(expression) = Expression::parse(said) {
        if expression.is_known() {
            return Some(updated(&expression));
        }
        if expression.terms().count() > 1 {
            // `Apache2 OR MIT`: the operators are right, a name is not.
            return Some(replaced(&expression, |term| {
                whole(&term.to_string()).unwrap_or_else(|| Expression::of(term.clone()))
            }));
        }
    }
    let said = AT_LEAST.as_ref().map_or(Cow::Borrowed(said), |least| least.replace_all(said, " $1+"));
    if let Some(found) = whole(&said) {
        return Some(found);
    }
    let text = LATER.as_ref().map_or_else(|| said.to_string(), |later| later.replace_all(&said, "+ ").into_owned());
    if let Some(found) = whole(text.trim()) {
        return Some(found);
    }
    let lower = text.to_ascii_lowercase();
    let choice = ["dual", "either", "one of", "choice", "your option", "tri-licen", "triple"]
        .iter()
        .any(|word| lower.contains(word));
    // `Dual License: MIT, GPL` is a heading and a list.
    let list = match text.split_once(':') {
        Some((heading, list)) if !list.starts_with("//") && whole(heading).is_none() => list,
        _ => text.as_str(),
    };
    let mut known = false;
    let part = |part: &str, known: &mut bool| match whole(part) {
        Some(found) => {
            *known |= meaning(&found) != Meaning::Nothing;
            Some(found)
        }
        None => (!names().is_noise(part)).then(|| Expression::of(Term::unknown(&word(part)))),
    };
    let mut choices: Vec<Expression> = Vec::new();
    for one in split(&OR, list) {
        let both = split(&AND, one).into_iter().filter_map(|one| part(one, &mut known));
        choices.extend(both.reduce(if choice { Expression::or } else { Expression::and }));
    }
    choices.into_iter().reduce(Expression::or).filter(|_| known)
}

fn split<'a>(at: &LazyLock<Option<Regex>>, text: &'a str) -> Vec<&'a str> {
    let parts = at.as_ref().map_or_else(|| vec![text], |at| at.split(text).collect());
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// What nobody knows, as one word of an expression that is no operator.
fn word(said: &str) -> String {
    let plain: String =
        said.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).take(60).collect();
    let word = plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    if word.is_empty() || names().is_noise(&word) { NOTHING.to_owned() } else { word }
}

/// What a text means that is one name, one address, or one line of a classification.
fn whole(said: &str) -> Option<Expression> {
    let said = said.trim().trim_end_matches(['.', ',', ';', ':']).trim();
    if said.is_empty() {
        return None;
    }
    if let Some((_, last)) = said.rsplit_once(" :: ") {
        return whole(last);
    }
    if let Some(found) = url::find(said) {
        return Some(found);
    }
    if let Some(found) = named(said) {
        return Some(found);
    }
    // `Apache License 2.0 (Apache-2.0)`: what is in brackets says the same, or more.
    if let Some((outside, inside)) = said.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        let (outer, inner) = (whole(outside), whole(inside));
        return match (outer, inner) {
            (Some(outer), Some(inner)) if outer == inner || is_family_of(&outer, &inner) => Some(inner),
            (Some(outer), Some(inner)) if is_family_of(&inner, &outer) => Some(outer),
            (Some(outer), None) if names().is_noise(inside) || inside.to_ascii_lowercase().starts_with("see ") => {
                Some(outer)
            }
            (None, Some(inner)) if names().is_noise(outside) => Some(inner),
            _ => None,
        };
    }
    let with = WITH.as_ref()?.splitn(said, 2).collect::<Vec<_>>();
    let [license, exception] = with[..] else { return None };
    let exception = names().exception(exception)?;
    let license = named(license)?;
    let mut terms = license.terms();
    let term = terms.next().filter(|term| term.is_listed())?;
    terms.next().is_none().then(|| Expression::of(Term::new(term.id(), Some(exception))))
}

/// The licenses that a name means for certain; `None` when it is ambiguous, or none that is known.
pub(super) fn exact(name: &str) -> Option<Expression> {
    named(name).filter(|found| found.is_known() && found.terms().all(|term| term.id() != PROPRIETARY))
}

/// Whether `one` is a family and `other` a member of it.
fn is_family_of(one: &Expression, other: &Expression) -> bool {
    let (Some(family), Some(member)) = (one.terms().next(), other.terms().next()) else { return false };
    members(family.id())
        .is_some_and(|all| all.iter().any(|id| id == member.id() || id::stem(id) == id::stem(member.id())))
}

/// What the tables say of a name, with or without `+`, "only" and words around it.
fn named(said: &str) -> Option<Expression> {
    let bare = said.strip_suffix('+').map(str::trim_end);
    let expression = match names().find(bare.unwrap_or(said)) {
        Some(Name::Expression(found)) => found.clone(),
        Some(Name::Family(family)) => return Some(Expression::of(Term::unknown(family))),
        Some(Name::Nothing) => return Some(nothing()),
        None => {
            let only = said.to_ascii_lowercase().strip_suffix("only").map(str::len)?;
            let Name::Expression(found) = names().find(&said[..only])? else { return None };
            found.clone()
        }
    };
    Some(match bare {
        Some(_) => updated(&expression.map(|term| Term::new(&format!("{}+", term.id()), term.exception()))),
        None => updated(&expression),
    })
}

/// Puts an expression where each term is.
fn replaced(expression: &Expression, mut with: impl FnMut(&Term) -> Expression) -> Expression {
    expression.fold(|term| with(term), Expression::and, Expression::or)
}

/// The same in ids that are in use. An id of a GNU license without a choice was the version alone.
fn updated(expression: &Expression) -> Expression {
    replaced(expression, |term| {
        if !id::is_deprecated(term.id()) {
            return Expression::of(term.clone());
        }
        if let Some(now) = names().deprecated(term.id()) {
            return now.clone();
        }
        let suffix = if term.is_or_later() { "or-later" } else { "only" };
        match id::license(&format!("{}-{suffix}", id::stem(term.id()))) {
            Some(now) => Expression::of(Term::new(now, term.exception())),
            None => Expression::of(term.clone()),
        }
    })
}
