//! Packagist: versions as `version_compare` of PHP orders them (<https://www.php.net/version_compare>), which is what
//! Composer's `Comparator` asks, and with it those who publish advisories. A `v` in front does not count.
//!
//! What Composer does to versions before it resolves (`1.0` becomes `1.0.0.0`) is in its requirements.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement;
use super::rules::Rules;

pub(super) static RULES: Rules =
    Rules { name: "packagist", is_plain: true, compare, satisfies: requirement::composer::satisfies };

fn compare(a: &str, b: &str) -> Ordering {
    let bare = |text| str::trim(text).trim_start_matches(['v', 'V']);
    php(bare(a), bare(b))
}

/// The forms of a part, in order. A word that is not known comes before all, and is like any other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form<'a> {
    /// Behind a separator at the end.
    Nothing,
    Unknown,
    Dev,
    Alpha,
    Beta,
    Candidate,
    End,
    Number(Number<'a>),
    Patch,
}

/// What words begin with, the longer before the shorter.
const WORDS: [(&str, Form<'static>); 9] = [
    ("dev", Form::Dev),
    ("alpha", Form::Alpha),
    ("a", Form::Alpha),
    ("beta", Form::Beta),
    ("b", Form::Beta),
    ("RC", Form::Candidate),
    ("rc", Form::Candidate),
    ("pl", Form::Patch),
    ("p", Form::Patch),
];

/// The order of two texts as PHP has it.
pub(super) fn php(mut a: &str, mut b: &str) -> Ordering {
    // Only of a text is nothing less than a prerelease.
    if a.is_empty() || b.is_empty() {
        return a.len().min(1).cmp(&b.len().min(1));
    }
    loop {
        let (form_a, form_b);
        (form_a, a) = next(a);
        (form_b, b) = next(b);
        let order = form_a.cmp(&form_b);
        if order.is_ne() || form_a == Form::End {
            return order;
        }
    }
}

/// The next part: a run of digits, or one of anything else up to a digit or a separator.
fn next(text: &str) -> (Form<'_>, &str) {
    let is_end = text.is_empty();
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    if text.is_empty() {
        return (if is_end { Form::End } else { Form::Nothing }, text);
    }
    let (digits, rest) = number::split_digits(text);
    if !digits.is_empty() {
        return (Form::Number(Number::new(digits)), rest);
    }
    let (word, rest) = number::split_while(text, |byte| byte.is_ascii_alphabetic());
    let form = WORDS.iter().find(|(start, _)| word.starts_with(start)).map_or(Form::Unknown, |(_, form)| *form);
    (form, rest)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    /// <https://www.php.net/version_compare>
    #[test]
    fn the_forms_of_php() {
        ascend(
            "Packagist",
            &[
                "1.0foo",
                "1.0-dev",
                "1.0alpha",
                "1.0-a2",
                "1.0b1",
                "1.0-beta2",
                "1.0RC1",
                "1.0",
                "1.0.0",
                "1.0.1",
                "1.0.10",
                "1.0pl1",
            ],
        );
        are_equal("Packagist", &["1.0-beta2", "1.0.b.2", "v1.0b2", "1.0_beta+2"]);
        are_equal("Packagist", &["1.0-foo", "1.0-master"]);
        ascend("Packagist", &["", "dev-main", "0"]);
        ascend("Packagist", &["99999999999999999998", "99999999999999999999"]);
    }
}
