//! What a Maven version is made of.

use std::cmp::Ordering;

use super::super::number::{self, Number};

/// A part of a version. Lists end where the version does, so that they need no end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'a> {
    Number(Number<'a>),
    /// A qualifier, with the number right behind it.
    Text(Qualifier<'a>, Option<Number<'a>>),
    /// A list begins.
    Open,
}

impl Item<'_> {
    /// How it compares to nothing. A number behind `final` makes it more than that.
    pub(super) fn sign(&self) -> Ordering {
        match self {
            Self::Open => Ordering::Equal,
            Self::Number(_) => Ordering::Greater,
            Self::Text(qualifier, number) => qualifier.rank.cmp(&RELEASE).then(number.is_some().cmp(&false)),
        }
    }
}

/// A word, by its rank among those that are known; those that are not known come last, in alphabetical order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Qualifier<'a> {
    rank: u8,
    text: &'a str,
}

const RELEASE: u8 = 5;
/// The words that have a rank; `ga` and the like are no more than nothing.
const KNOWN: [(&str, u8); 11] = [
    ("alpha", 0),
    ("beta", 1),
    ("milestone", 2),
    ("rc", 3),
    ("cr", 3),
    ("snapshot", 4),
    ("", RELEASE),
    ("ga", RELEASE),
    ("final", RELEASE),
    ("release", RELEASE),
    ("sp", 6),
];
/// Those that are known only before a digit.
const SHORT: [(&str, u8); 3] = [("a", 0), ("b", 1), ("m", 2)];
/// Words behind a dot precede those behind a hyphen or a digit, as they did in Maven before 3.8.7. Since then they are
/// as good, but published comparisons (`1.1.46.sec10 < 1.1.46_x`) are older.
const UNKNOWN_BEHIND_DOT: u8 = 7;
const UNKNOWN: u8 = 8;

impl<'a> Qualifier<'a> {
    fn of(text: &'a str, before_digit: bool, behind_dot: bool) -> Self {
        let short = if before_digit { SHORT.as_slice() } else { &[] };
        match short.iter().chain(&KNOWN).find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            Some((_, rank)) => Self { rank: *rank, text: "" },
            None if behind_dot => Self { rank: UNKNOWN_BEHIND_DOT, text },
            None => Self { rank: UNKNOWN, text },
        }
    }
}

impl Ord for Qualifier<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then_with(|| number::ignoring_case(self.text, other.text))
    }
}

impl PartialOrd for Qualifier<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Qualifier<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Qualifier<'_> {}

/// The items of a version, without the zeros that say nothing.
pub(super) fn read(text: &str) -> Vec<Item<'_>> {
    let mut reader = Reader { items: Vec::with_capacity(16), list: 0, behind_dot: false };
    let mut rest = text;
    loop {
        let part = Part::take(&mut rest);
        let separator = rest.bytes().next();
        rest = rest.get(1..).filter(|_| matches!(separator, Some(b'.' | b'-'))).unwrap_or(rest);
        reader.push(part, separator);
        if separator.is_none() {
            break;
        }
    }
    normalize(&mut reader.items);
    reader.items
}

/// A run of letters or digits, up to a separator or a change.
enum Part<'a> {
    Nothing,
    Number(&'a str),
    Text(&'a str),
    /// Letters and the digits behind them, with a hyphen between them or not.
    Both(&'a str, &'a str),
}

impl<'a> Part<'a> {
    fn take(rest: &mut &'a str) -> Self {
        let (digits, after) = number::split_digits(rest);
        if !digits.is_empty() {
            *rest = after;
            return Self::Number(digits);
        }
        let end = rest.find(|c: char| c == '.' || c == '-' || c.is_ascii_digit()).unwrap_or(rest.len());
        let (text, after) = rest.split_at(end);
        if text.is_empty() {
            return Self::Nothing;
        }
        let (digits, behind) = number::split_digits(after.strip_prefix('-').unwrap_or(after));
        *rest = if digits.is_empty() { after } else { behind };
        if digits.is_empty() { Self::Text(text) } else { Self::Both(text, digits) }
    }
}

struct Reader<'a> {
    items: Vec<Item<'a>>,
    /// How many items there are in the list that is open.
    list: usize,
    /// Whether the last part ended with a dot.
    behind_dot: bool,
}

impl<'a> Reader<'a> {
    /// Adds a part, with what comes behind it.
    fn push(&mut self, part: Part<'a>, behind: Option<u8>) {
        let opens = match part {
            Part::Both(..) => true,
            Part::Text(_) => behind.is_none(),
            _ => false,
        };
        if opens && self.list > 0 {
            self.open();
        }
        match part {
            // Nothing at the end is not even a zero.
            Part::Nothing if behind.is_none() => return,
            Part::Nothing => self.add(Item::Number(Number::ZERO)),
            Part::Number(digits) => self.add(Item::Number(Number::new(digits))),
            Part::Text(text) => self.add(Item::Text(Qualifier::of(text, false, self.behind_dot), None)),
            Part::Both(text, digits) => {
                self.add(Item::Text(Qualifier::of(text, true, self.behind_dot), Some(Number::new(digits))));
            }
        }
        self.behind_dot = behind == Some(b'.');
        // Behind digits, letters open a list as a hyphen does.
        if behind.is_some_and(|behind| behind != b'.') {
            self.open();
        }
    }

    fn add(&mut self, item: Item<'a>) {
        self.items.push(item);
        self.list += 1;
    }

    fn open(&mut self) {
        self.items.push(Item::Open);
        self.list = 0;
    }
}

/// Takes away lists that are empty, and the zeros before the end, before a qualifier, and before a list that begins with
/// one.
fn normalize(items: &mut Vec<Item<'_>>) {
    // From the end to the front; what is kept is behind `start`.
    let mut start = items.len();
    for at in (0..items.len()).rev() {
        let kept = items.get(start..).unwrap_or_default();
        let is_nothing = match items.get(at) {
            Some(Item::Open) => kept.is_empty(),
            Some(Item::Number(number)) => number.is_zero() && begins_with_word(kept),
            _ => false,
        };
        if !is_nothing {
            start -= 1;
            items.swap(at, start);
        }
    }
    items.drain(..start);
}

/// Also of nothing.
fn begins_with_word(items: &[Item<'_>]) -> bool {
    matches!(items, [] | [Item::Text(_, None), ..] | [Item::Open, Item::Text(..), ..])
}
