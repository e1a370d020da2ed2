//! What holds for every scheme, and what the tables of each are read with.

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Scheme, compare, ecosystem, satisfies};
use crate::ecosystem::Ecosystem;

/// Every version of the list precedes those behind it.
pub(super) fn ascend(ecosystem: &str, versions: &[&str]) {
    for (at, a) in versions.iter().enumerate() {
        for b in &versions[at + 1..] {
            assert_eq!(compare(ecosystem, a, b), Some(Ordering::Less), "{ecosystem}: {a} < {b}");
            assert_eq!(compare(ecosystem, b, a), Some(Ordering::Greater), "{ecosystem}: {b} > {a}");
        }
    }
}

/// All versions of the list are the same.
pub(super) fn are_equal(ecosystem: &str, versions: &[&str]) {
    for a in versions {
        for b in versions {
            assert_eq!(compare(ecosystem, a, b), Some(Ordering::Equal), "{ecosystem}: {a} = {b}");
        }
    }
}

/// The first versions meet a requirement, the others do not.
pub(super) fn meet(ecosystem: &str, requirement: &str, those: &[&str], others: &[&str]) {
    for (versions, met) in [(those, true), (others, false)] {
        for version in versions {
            assert_eq!(
                satisfies(ecosystem, version, requirement),
                Some(met),
                "{ecosystem}: {version} in {requirement}"
            );
        }
    }
}

/// The requirements are not understood.
pub(super) fn are_unknown(ecosystem: &str, requirements: &[&str]) {
    for requirement in requirements {
        assert_eq!(satisfies(ecosystem, "1.2.3", requirement), None, "{ecosystem}: {requirement}");
    }
}

/// What versions are made of, so that those that are nearly the same come up often.
const PIECES: [&str; 56] = [
    "0",
    "00",
    "1",
    "01",
    "10",
    "2",
    "9",
    "2147483648",
    "99999999999999999999",
    ".",
    ".",
    ".",
    "-",
    "-",
    "_",
    "+",
    "~",
    "^",
    ":",
    "!",
    "=",
    "v",
    "V",
    "r",
    "-r1",
    "a",
    "b",
    "c",
    "m",
    "p",
    "u",
    "x",
    "alpha",
    "beta",
    "pre",
    "rc",
    "RC",
    "cr",
    "dev",
    "post",
    "final",
    "GA",
    "sp",
    "SNAPSHOT",
    "foo",
    "git",
    "_p",
    "_rc",
    "-ea",
    "1.0",
    "1.0.0",
    "go",
    " ",
    "é",
    "İ",
    "*",
];

fn version() -> impl Strategy<Value = String> {
    let pieces = || prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6).prop_map(|pieces| pieces.concat());
    prop_oneof![
        4 => pieces(),
        4 => (prop::sample::select(vec!["1", "1.0", "1.0.0", "1.2.3", "0"]), pieces()).prop_map(|(a, b)| format!("{a}{b}")),
        1 => any::<String>(),
    ]
}

fn scheme() -> impl Strategy<Value = Scheme> {
    let names: Vec<&str> = ecosystem::one_of_each().collect();
    prop::sample::select(names).prop_map(|name| Scheme::of(name).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn every_scheme_orders_all_texts(scheme in scheme(), a in version(), b in version(), c in version()) {
        let (ab, bc, ac) = (scheme.compare(&a, &b), scheme.compare(&b, &c), scheme.compare(&a, &c));
        prop_assert_eq!(scheme.compare(&a, &a), Ordering::Equal);
        prop_assert_eq!(scheme.compare(&b, &a), ab.reverse(), "{:?} and {:?}", a, b);
        if ab == bc || bc.is_eq() {
            prop_assert_eq!(ac, ab, "{:?}: {:?}, {:?}, {:?}", scheme, a, b, c);
        }
        if ab.is_eq() {
            prop_assert_eq!(ac, bc, "{:?}: {:?}, {:?}, {:?}", scheme, a, b, c);
        }
    }

    #[test]
    fn every_requirement_is_read(scheme in scheme(), version in version(), parts in prop::collection::vec(
        (prop::sample::select(vec!["", "^", "~", "~>", ">=", "<", "==", "!=", "[", "(", "~=", " - ", "^>="]), self::version(),
            prop::sample::select(vec!["", ",", " ", "||", ")", "]", ".*", "@dev"])), 0..4)) {
        let requirement: String = parts.iter().map(|(a, b, c)| format!("{a}{b}{c}")).collect();
        prop_assert_eq!(scheme.satisfies(&version, &requirement), scheme.satisfies(&version, &requirement));
    }
}

#[test]
fn ecosystems_are_known_by_all_their_names() {
    let scheme = |name| Scheme::of(name).map(Scheme::name);
    for (name, known) in [
        ("npm", Some("npm")),
        ("NPM", Some("npm")),
        ("Debian:12", Some("debian")),
        ("Ubuntu:Pro:18.04:LTS", Some("debian")),
        ("Red Hat:enterprise_linux:9::appstream", Some("rpm")),
        ("Maven:https://maven.google.com", Some("maven")),
        ("Root:Alpine:3.18", Some("alpine")),
        ("Root:PyPI", Some("pep440")),
        ("golang", Some("go")),
        ("Root", None),
        ("", None),
        ("npmm", None),
    ] {
        assert_eq!(scheme(name), known, "{name}");
    }
    for ecosystem in Ecosystem::all().filter(|ecosystem| !ecosystem.osv().is_empty()) {
        assert!(scheme(ecosystem.osv()).is_some(), "{ecosystem}");
        assert_eq!(scheme(ecosystem.osv()), scheme(ecosystem.purl()), "{ecosystem}");
    }
    assert_eq!(compare("nothing", "1", "1"), None);
    assert_eq!(satisfies("nothing", "1", "1"), None);
    assert_eq!(Scheme::of("pip"), Scheme::of("PyPI"));
    assert_eq!(format!("{:?}", Scheme::of("gem").unwrap()), "Scheme(rubygems)");
}

/// Each takes some milliseconds; what grows with the square of the length takes minutes.
#[test]
fn long_versions_take_no_more_than_their_length() {
    for name in ecosystem::one_of_each() {
        let scheme = Scheme::of(name).unwrap();
        for piece in [
            "0", "1", ".0", "-ga", "-0", ".1", "-1a", "a", "-", "~", "a1", "-rc-", "_p", "é", "1.0-", "-final.", "=v",
            "*.",
        ] {
            let long = format!("1{}", piece.repeat((1 << 15) / piece.len()));
            let other = format!("{long}2");
            let start = Instant::now();
            assert!(scheme.compare(&long, &long).is_eq());
            assert_eq!(scheme.compare(&long, &other), scheme.compare(&other, &long).reverse());
            for text in [&long, &format!("^{long}"), &format!("[{long},)"), &format!("~> {long}")] {
                let _ = scheme.satisfies("1.2.3-rc.1", text);
                let _ = scheme.satisfies(text, "^1.2");
            }
            assert!(start.elapsed() < Duration::from_secs(5), "{name}: {piece} took {:?}", start.elapsed());
        }
    }
}
