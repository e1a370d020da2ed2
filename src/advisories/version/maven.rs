//! Maven: `ComparableVersion` of Maven 3.9 and 4 (<https://maven.apache.org/pom.html#version-order-specification>).
//!
//! A version is a list of numbers and qualifiers; a hyphen, or a change between letters and digits, opens a list in the
//! list, which goes on to the end. `items` reads it.
//!
//! Words that Maven does not know are in the order that it had for them before 3.8.7, see `items`.
//!
//! Maven's own order goes in circles: `1.x.1 < 1-rc < 1 < 1.x.1`. It comes from comparing two items without regard to
//! what is missing in a third version. Here everything has its place beside nothing first, and is compared as Maven
//! compares it on either side of that; what is not in such a circle orders as with Maven.

mod items;

use std::cmp::Ordering;

use self::items::{Item, Qualifier};
use super::number::{self, Number};
use super::requirement;
use super::rules::Rules;

pub(super) static RULES: Rules =
    Rules { name: "maven", is_plain: true, compare, satisfies: requirement::maven::satisfies };

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim(), b.trim());
    let is_release = |text| number::split_dotted(text).1.is_empty();
    if is_release(a) && is_release(b) {
        return number::padded(number::numbers(a), number::numbers(b), Number::ZERO);
    }
    let (a, b) = (items::read(a), items::read(b));
    let (mut a, mut b) = (a.as_slice(), b.as_slice());
    loop {
        let order = match (a.first(), b.first()) {
            (None, None) => return Ordering::Equal,
            (Some(Item::Open), Some(Item::Open)) => Ordering::Equal,
            _ => place(a).cmp(&place(b)),
        };
        if order.is_ne() {
            return order;
        }
        let is_in_step = matches!((a.first(), b.first()), (Some(Item::Open), Some(Item::Open)));
        (a, b) = (behind(a, is_in_step), behind(b, is_in_step));
    }
}

/// What is left behind the first item. A list that is as good as nothing is so to its end.
fn behind<'a, 'b>(items: &'b [Item<'a>], is_in_step: bool) -> &'b [Item<'a>] {
    match items.split_first() {
        Some((Item::Open, _)) if !is_in_step => &[],
        Some((_, rest)) => rest,
        None => &[],
    }
}

/// Where the first of some items stands; nothing is `Same`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    Before(Qualifier<'a>, Option<Number<'a>>),
    ListBefore,
    /// As good as nothing, as `ga` is.
    Same,
    Behind(Qualifier<'a>, Option<Number<'a>>),
    ListBehind,
    Number(Number<'a>),
}

fn place<'a>(items: &[Item<'a>]) -> Place<'a> {
    match items.first() {
        None => Place::Same,
        Some(Item::Number(number)) => Place::Number(*number),
        Some(item @ Item::Text(qualifier, number)) => match item.sign() {
            Ordering::Less => Place::Before(*qualifier, *number),
            Ordering::Equal => Place::Same,
            Ordering::Greater => Place::Behind(*qualifier, *number),
        },
        Some(Item::Open) => match sign(items) {
            Ordering::Less => Place::ListBefore,
            Ordering::Equal => Place::Same,
            Ordering::Greater => Place::ListBehind,
        },
    }
}

/// How a list compares to nothing: as its first item does that is not as good as nothing.
fn sign(items: &[Item<'_>]) -> Ordering {
    items.iter().map(Item::sign).find(|sign| sign.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    /// From the version order specification of the POM reference.
    #[test]
    fn the_examples_of_the_specification() {
        ascend(
            "Maven",
            &[
                "1-alpha",
                "1-alpha-1",
                "1-alpha-10",
                "1-beta",
                "1-b2",
                "1-milestone",
                "1-m3",
                "1-rc",
                "1-cr2",
                "1-SNAPSHOT",
                "1",
                "1-sp",
                "1-sp2",
                "1.abc",
                "1-abc",
                "1-abc2",
                "1-def",
                "1-1-snapshot",
                "1-1",
                "1-2",
                "1-123",
                "1.0.1",
                "1.1",
                "1.2",
                "1.10",
            ],
        );
        for same in [
            &["1", "1.0", "1.0.0", "1-0", "1.ga", "1-FINAL", "1.0.0-RELEASE", "1.0.final"][..],
            &["1a1", "1-alpha-1", "1.0.0-ALPHA1"],
            &["1rc", "1-cr", "1.0-CR", "1-Rc"],
            &["1x", "1-x", "1.0-X"],
        ] {
            are_equal("Maven", same);
        }
        ascend("Maven", &["2.0.a", "2-1", "2.0.2", "2.1-a", "2.1b", "2.1-c", "2.1-1", "2.1.0.1", "2.2"]);
        ascend("Maven", &["1.99999999999999999998", "1.99999999999999999999"]);
    }

    /// Each of these is one side of a circle in Maven's own order.
    #[test]
    fn what_goes_in_circles_has_its_place() {
        ascend("Maven", &["1-rc", "1", "1.x.1"]);
        ascend("Maven", &["1--rc", "1", "1-sp"]);
        ascend("Maven", &["4.1.0-RC1", "4.1.0", "4.1.0.Final-redhat-1", "4.1.1-RC1"]);
        ascend("Maven", &["1.0-Final", "1.0-Final1", "1.0-Final2", "1.0-sp"]);
    }
}
