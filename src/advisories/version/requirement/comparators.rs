//! Lists of comparisons, as advisories and most package managers write them: `>= 1.0, < 2.0 || = 3.0`.
//!
//! Commas, blanks and ampersands join what must all hold, bars what may. A version alone must be equal. Nothing, and a
//! star, is any version. Parentheses around the whole and quotes around versions do not count.

use std::cmp::Ordering;

use super::operator::Operator;

/// Whether a version meets a requirement; `None` when it is written in another way.
pub(in super::super) fn satisfies(
    compare: impl Fn(&str, &str) -> Ordering,
    version: &str,
    requirement: &str,
) -> Option<bool> {
    let text = requirement.trim();
    let text = text.strip_prefix(['(', '{']).and_then(|text| text.strip_suffix([')', '}'])).unwrap_or(text);
    let mut met = false;
    for alternative in text.split('|').filter(|part| !part.is_empty() || !text.contains('|')) {
        met |= all(&compare, version, alternative)?;
    }
    Some(met)
}

fn all(compare: &impl Fn(&str, &str) -> Ordering, version: &str, list: &str) -> Option<bool> {
    let mut rest = trimmed(list);
    let mut met = true;
    while !rest.is_empty() {
        let (operator, text) = Operator::split(rest);
        let end = text.find(|c: char| is_between(c) || matches!(c, '<' | '>' | '=')).unwrap_or(text.len());
        let (limit, after) = text.split_at(end);
        let limit = limit.trim_matches(['"', '\'']);
        met &= match (operator, limit) {
            (None | Some(Operator::Equal | Operator::AtLeast), "*") => true,
            (_, limit) if !limit.starts_with(|first: char| first.is_alphanumeric()) => return None,
            // A tag or a branch.
            (None, limit) if !limit.contains(|c: char| c.is_ascii_digit()) => return None,
            (operator, limit) => operator.unwrap_or(Operator::Equal).holds(compare(version, limit)),
        };
        rest = trimmed(after);
    }
    Some(met)
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || c == ',' || c == '&'
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_between)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    #[test]
    fn lists_of_comparisons() {
        for ecosystem in ["Debian", "Gentoo", "Bitnami", "semver-loose", "CRAN", "rpm", "Alpine"] {
            meet(ecosystem, "", &["1", "0.1"], &[]);
            meet(ecosystem, "> 1.0, < 2.0 || = 3.0", &["1.5", "3.0"], &["1.0", "2.0", "2.5"]);
            meet(ecosystem, ">=1.0 <2.0", &["1.0", "1.9"], &["0.9", "2.0"]);
            meet(ecosystem, "1.2", &["1.2"], &["1.3"]);
            meet(ecosystem, "!= 1.2", &["1.3"], &["1.2"]);
            are_unknown(ecosystem, &[">", ">= ,", "^1.0", "./path"]);
        }
        meet("Debian", "(>= 1:2.0~)", &["1:2.0~rc1", "1:2.0"], &["3.0"]);
        meet("Debian", "<< 2.0", &["1.9", "2.0~"], &["2.0"]);
        meet("opam", "{>= \"4.08\" & < \"5.0\"}", &["4.08", "4.14.1"], &["5.0", "4.07"]);
        meet("Bitnami", "= 2.3.1", &["2.3.1-1", "2.3.1"], &["2.3.2"]);
        meet("semver-loose", "= 1.20.0-rc1", &["1.20rc1", "1.20.0.rc1"], &["1.20"]);
    }
}
