//! Defines [`Affected`]: which versions of a package have a defect, evaluated as the OSV schema says
//! (<https://ossf.github.io/osv-schema/#evaluation>).

use std::borrow::Cow;
use std::cmp::Ordering;

use super::version::Scheme;

/// No range is kept with more events: records of databases have some dozens.
pub const MAX_EVENTS: usize = 4096;

/// Which versions of a package have a defect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected<'a> {
    /// Ranges, any of which is enough. The events of each are in the order of their versions.
    pub ranges: Vec<Vec<Event<'a>>>,
    /// Single versions, in text order.
    pub versions: Vec<Cow<'a, str>>,
}

/// A version at which something changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event<'a> {
    /// What changes.
    pub kind: EventKind,
    /// The version; `0` stands for one before all others, `*` of a limit for one behind all others.
    pub version: Cow<'a, str>,
}

/// What changes at a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// The defect is there from this version on.
    Introduced,
    /// It is gone from this version on.
    Fixed,
    /// It is there up to this version, this one included.
    LastAffected,
    /// Nothing is said of this version and later ones.
    Limit,
}

impl EventKind {
    /// Every kind, by its number in the store.
    pub const ALL: [Self; 4] = [Self::Introduced, Self::Fixed, Self::LastAffected, Self::Limit];
}

impl<'a> Event<'a> {
    /// An event.
    pub fn new(kind: EventKind, version: impl Into<Cow<'a, str>>) -> Self {
        Self { kind, version: version.into() }
    }
}

impl<'a> Affected<'a> {
    /// Puts the events of ranges in order and drops single versions that a range covers. What is left is true of the
    /// same versions. A range with more than [`MAX_EVENTS`] is left out, and counted.
    pub fn compile(ranges: Vec<Vec<Event<'a>>>, versions: Vec<Cow<'a, str>>, scheme: Scheme) -> (Self, usize) {
        let mut made = Self::default();
        let mut left_out = 0;
        for mut events in ranges {
            if events.len() > MAX_EVENTS {
                left_out += 1;
                continue;
            }
            sort(&mut events, scheme);
            events.dedup();
            if !events.is_empty() && !made.ranges.contains(&events) {
                made.ranges.push(events);
            }
        }
        let mut versions = versions;
        versions.sort();
        versions.dedup();
        versions.retain(|version| !made.is_in_ranges(version, scheme));
        made.versions = versions;
        (made, left_out)
    }

    /// Whether nothing is affected.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.versions.is_empty()
    }

    /// Whether a version is affected.
    pub fn affects(&self, version: &str, scheme: Scheme) -> bool {
        let is_it = |one: &Cow<'_, str>| one == version || scheme.compare(one, version) == Ordering::Equal;
        self.versions.iter().any(is_it) || self.is_in_ranges(version, scheme)
    }

    fn is_in_ranges(&self, version: &str, scheme: Scheme) -> bool {
        self.ranges.iter().any(|events| is_in(events, version, scheme))
    }

    /// Versions at which the defect ends and that are above the given one, in the order of the ecosystem: the first is
    /// the smallest. Later ones are of other branches. Empty where none is known.
    pub fn fixes_above(&self, version: &str, scheme: Scheme) -> Vec<&str> {
        let mut fixes: Vec<&str> = Vec::new();
        for event in self.ranges.iter().flatten().filter(|event| event.kind == EventKind::Fixed) {
            if place(scheme, version, &event.version) == Ordering::Less
                && !fixes.contains(&event.version.as_ref())
                && !self.affects(&event.version, scheme)
            {
                fixes.push(&event.version);
            }
        }
        fixes.sort_by(|a, b| scheme.compare(a, b));
        let branches: Vec<&str> = fixes.iter().copied().filter(|fix| !self.is_alone(fix)).collect();
        if branches.is_empty() { fixes } else { branches }
    }

    /// Whether a version is the only one of its branch without the defect, as RustSec's `= 0.2.0` is: the defect is back
    /// in the version right behind it, `0.2.1-0`.
    fn is_alone(&self, version: &str) -> bool {
        let next = |start: &str| {
            let (head, last) = version.rsplit_once('.')?;
            let behind = last.parse::<u64>().ok()?.checked_add(1)?;
            (start.strip_suffix("-0")?.rsplit_once('.')? == (head, behind.to_string().as_str())).then_some(())
        };
        let starts = self.ranges.iter().flatten().filter(|event| event.kind == EventKind::Introduced);
        starts.into_iter().any(|event| next(&event.version).is_some())
    }

    /// The same with text of its own.
    pub fn into_owned(self) -> Affected<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        let event = |event: Event<'a>| Event { kind: event.kind, version: owned(event.version) };
        Affected {
            ranges: self.ranges.into_iter().map(|events| events.into_iter().map(event).collect()).collect(),
            versions: self.versions.into_iter().map(owned).collect(),
        }
    }
}

/// Where a version is beside that of an event. One that is called `0` is a version as any other, unlike the `0` of events.
fn place(scheme: Scheme, version: &str, event: &str) -> Ordering {
    match event {
        "0" => Ordering::Greater,
        "*" => Ordering::Less,
        event => scheme.compare(version, event),
    }
}

/// The order of events: `0` is before and `*` behind every version, whatever an ecosystem thinks of them.
fn compare(scheme: Scheme, a: &str, b: &str) -> Ordering {
    match (a, b) {
        (a, b) if a == b => Ordering::Equal,
        ("0", _) | (_, "*") => Ordering::Less,
        (_, "0") | ("*", _) => Ordering::Greater,
        (a, b) => scheme.compare(a, b),
    }
}

/// The evaluation of one range. Where several limits are given, one that is above is enough.
fn is_in(events: &[Event<'_>], version: &str, scheme: Scheme) -> bool {
    let mut limits = events.iter().filter(|event| event.kind == EventKind::Limit).peekable();
    let is_below = |limit: &Event<'_>| place(scheme, version, &limit.version) == Ordering::Less;
    if limits.peek().is_some() && !limits.any(is_below) {
        return false;
    }
    let mut affected = false;
    for event in events {
        let order = place(scheme, version, &event.version);
        match event.kind {
            EventKind::Introduced if order != Ordering::Less => affected = true,
            EventKind::Fixed if order != Ordering::Less => affected = false,
            EventKind::LastAffected if order == Ordering::Greater => affected = false,
            _ => {}
        }
    }
    affected
}

/// Sorts by version and keeps the order of equal ones, as [`slice::sort_by`] does. That one may panic where an order is
/// none, which must not happen whatever versions a record has.
fn sort(events: &mut [Event<'_>], scheme: Scheme) {
    for end in 1..events.len() {
        let place = events[..end]
            .partition_point(|event| compare(scheme, &event.version, &events[end].version) != Ordering::Greater);
        events[place..=end].rotate_right(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scheme() -> Scheme {
        Scheme::of("crates.io").unwrap()
    }

    /// `i` introduced, `f` fixed, `l` last affected, `b` (bound) a limit.
    fn events(text: &str) -> Vec<Event<'_>> {
        let kind = |letter| match letter {
            "i" => EventKind::Introduced,
            "f" => EventKind::Fixed,
            "l" => EventKind::LastAffected,
            _ => EventKind::Limit,
        };
        text.split_whitespace().map(|word| Event::new(kind(&word[..1]), &word[1..])).collect()
    }

    fn compiled<'a>(ranges: &[&'a str], versions: &[&'a str]) -> Affected<'a> {
        let versions = versions.iter().map(|version| Cow::Borrowed(*version)).collect();
        Affected::compile(ranges.iter().map(|range| events(range)).collect(), versions, scheme()).0
    }

    #[test]
    fn the_examples_of_the_schema() {
        for (range, inside, outside) in [
            ("i0", "0.0.0-0 1.0.0 99.0.0", ""),
            ("i0 f1.0.2", "0.1.0 1.0.1 1.0.2-rc.1", "1.0.2 2.0.0"),
            ("f3.0.0 i2.0.0 f1.0.2 i1.0.0", "1.0.0 1.0.1 2.9.0", "0.9.0 1.0.2 1.9.9 3.0.0"),
            ("i1.0.0 l1.5.0", "1.0.0 1.5.0", "0.9.9 1.5.1"),
            ("i1.0.0 b2.0.0", "1.0.0 1.9.0", "2.0.0 0.1.0"),
            ("i0 b*", "1.0.0", ""),
            ("i0 f1.0.0 i1.0.0 f2.0.0", "0.1.0 1.0.0 1.9.0", "2.0.0"),
            ("f1.0.0", "", "0.1.0 1.0.0"),
        ] {
            let affected = compiled(&[range], &[]);
            for (versions, expected) in [(inside, true), (outside, false)] {
                for version in versions.split_whitespace() {
                    assert_eq!(affected.affects(version, scheme()), expected, "{range}: {version}");
                }
            }
        }
    }

    #[test]
    fn lists_count_beside_ranges_and_are_kept_where_no_range_covers_them() {
        let affected = compiled(&["i1.0.0 f2.0.0"], &["1.5.0", "0.1.0", "0.odd"]);
        assert_eq!(affected.versions, ["0.1.0", "0.odd"]);
        for (version, expected) in [("0.1.0", true), ("1.5.0", true), ("2.0.0", false), ("0.odd", true)] {
            assert_eq!(affected.affects(version, scheme()), expected, "{version}");
        }
    }

    #[test]
    fn fixes_are_of_each_branch_above_and_smallest_first() {
        let affected = compiled(&["i2.0.0 f2.1.5", "i0 f1.9.0", "i3.0.0 f3.0.1 i3.1.0"], &[]);
        assert_eq!(affected.fixes_above("1.0.0", scheme()), ["1.9.0", "2.1.5", "3.0.1"]);
        assert_eq!(affected.fixes_above("2.0.0", scheme()), ["2.1.5", "3.0.1"]);
        assert_eq!(affected.fixes_above("3.1.0", scheme()), Vec::<&str>::new());
        // What another range affects is no fix.
        assert_eq!(compiled(&["i0 f1.0.0", "i0 f2.0.0"], &[]).fixes_above("0.1.0", scheme()), ["2.0.0"]);
    }

    proptest! {
        /// The order in which events are written means nothing, nor does a version that a range covers.
        #[test]
        fn the_order_of_events_means_nothing(
            points in prop::collection::btree_map((0u8..4, 0u8..4), 0usize..3, 0..6),
            listed in prop::collection::vec((0u8..4, 0u8..4), 0..4),
            at in (0u8..4, 0u8..4),
            seed in any::<u64>(),
        ) {
            let text = |(a, b): (u8, u8)| format!("{a}.{b}.1");
            let ordered: Vec<Event<'_>> =
                points.iter().map(|(point, kind)| Event::new(EventKind::ALL[*kind], text(*point))).collect();
            let mut shuffled = ordered.clone();
            fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
            let versions: Vec<Cow<'_, str>> = listed.iter().map(|point| Cow::Owned(text(*point))).collect();
            let (affected, _) = Affected::compile(vec![shuffled], versions, scheme());
            let mut expected = listed.contains(&at);
            let mut state = false;
            for (point, kind) in &points {
                match EventKind::ALL[*kind] {
                    EventKind::Introduced if at >= *point => state = true,
                    EventKind::Fixed if at >= *point => state = false,
                    EventKind::LastAffected if at > *point => state = false,
                    _ => {}
                }
            }
            expected |= state;
            prop_assert_eq!(affected.affects(&text(at), scheme()), expected);
        }
    }
}
