//! RPM: `[epoch:]version[-release]` (`rpmvercmp`, <https://rpm.org/docs/latest/manual/dependencies>).

use std::cmp::Ordering;

use super::evr;
use super::number::{self, Number};
use super::rules::Rules;

pub(super) static RULES: Rules = Rules {
    name: "rpm",
    is_plain: true,
    compare: |a, b| evr::compare(part, a, b),
    satisfies: |version, requirement| evr::satisfies(part, version, requirement),
};

/// What a part is made of; everything else separates. A tilde comes before the end, a caret behind it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Tilde,
    End,
    Caret,
    Text(&'a str),
    Number(Number<'a>),
}

fn part(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (token_a, token_b);
        (token_a, a) = next(a);
        (token_b, b) = next(b);
        let order = token_a.cmp(&token_b);
        if order.is_ne() || token_a == Token::End {
            return order;
        }
    }
}

fn next(text: &str) -> (Token<'_>, &str) {
    let start = text.find(|c: char| c.is_ascii_alphanumeric() || c == '~' || c == '^').unwrap_or(text.len());
    let (_, text) = text.split_at(start);
    match text.bytes().next() {
        None => (Token::End, text),
        Some(b'~') => (Token::Tilde, text.strip_prefix('~').unwrap_or_default()),
        Some(b'^') => (Token::Caret, text.strip_prefix('^').unwrap_or_default()),
        Some(first) if first.is_ascii_digit() => {
            let (digits, rest) = number::split_digits(text);
            (Token::Number(Number::new(digits)), rest)
        }
        Some(_) => {
            let (letters, rest) = number::split_while(text, |byte| byte.is_ascii_alphabetic());
            (Token::Text(letters), rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend, meet};

    #[test]
    fn tildes_precede_the_end_and_carets_follow_it() {
        for ecosystem in ["Red Hat", "SUSE:Linux Enterprise Server 15", "AlmaLinux:9", "rpm"] {
            ascend(
                ecosystem,
                &["1.0~rc1", "1.0~rc1^git1", "1.0~rc2", "1.0", "1.0^git1~pre", "1.0^git1", "1.0.rc1", "1.0.1"],
            );
            ascend(ecosystem, &["2.0-9", "1:1.0-1.el8", "1:1.0-1.el8_2", "1:1.0-2.el7", "1:1.10-1"]);
            ascend(ecosystem, &["1.a", "1.xyz", "1.4", "1.10"]);
            are_equal(ecosystem, &["1.0", "1_0", "0:1.00", "1..0"]);
        }
        ascend("rpm", &["1.0", "1.0-", "1.0-1"]);
    }

    #[test]
    fn a_requirement_without_a_release_is_about_all() {
        meet("rpm", "= 1.0", &["1.0", "1.0-1", "1.0-2.el9"], &["1:1.0-1", "1.1-1"]);
        meet("rpm", "> 1.0, < 1:2.0-3", &["1.1-1", "1:1.0", "1:2.0-2"], &["1.0-5", "1:2.0-3"]);
    }
}
