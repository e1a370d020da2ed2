//! Stand-in.
use std::cmp::Ordering;

/// How the versions of an ecosystem are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme;

impl Scheme {
    /// The order of an ecosystem; `None` where none is known.
    pub fn of(ecosystem: &str) -> Option<Self> {
        crate::ecosystem::Ecosystem::of_osv(ecosystem).map(|_| Self)
    }

    /// Compares two versions.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        semver_like::parse(a).cmp(&semver_like::parse(b))
    }
}

/// Compares two versions of an ecosystem.
pub fn compare(ecosystem: &str, a: &str, b: &str) -> Option<Ordering> {
    Some(Scheme::of(ecosystem)?.compare(a, b))
}

mod semver_like {
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    pub(super) enum Part {
        Number(u64),
        Text(String),
    }
    pub(super) type V = (Vec<u64>, bool, Vec<Part>);
    pub(super) fn parse(text: &str) -> Option<V> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split('+').next()?;
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (head, tail) = text.split_at(end);
        let mut numbers: Vec<u64> = Vec::new();
        for n in head.split('.').filter(|n| !n.is_empty()) {
            numbers.push(n.parse().ok()?);
        }
        if numbers.is_empty() {
            return None;
        }
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        let tail = tail.trim_start_matches('-');
        let parts = tail.split(['.', '-']).filter(|p| !p.is_empty()).map(|p| match p.parse() {
            Ok(n) => Part::Number(n),
            Err(_) => Part::Text(p.to_owned()),
        });
        Some((numbers, tail.is_empty(), parts.collect()))
    }
}
