//! Whatever is compared as versions: every scheme orders all texts, and says the same of the same.
#![no_main]

use std::cmp::Ordering;

use libfuzzer_sys::fuzz_target;
use scanall::advisories::version::Scheme;

/// One ecosystem of each scheme.
const ECOSYSTEMS: [&str; 26] = [
    "crates.io",
    "npm",
    "npm-prerelease",
    "Go",
    "Pub",
    "Hex",
    "Julia",
    "GitHub Actions",
    "Bitnami",
    "SwiftURL",
    "ConanCenter",
    "PyPI",
    "Maven",
    "RubyGems",
    "Packagist",
    "NuGet",
    "CRAN",
    "Hackage",
    "opam",
    "Debian",
    "Red Hat",
    "Alpine",
    "Arch",
    "Gentoo",
    "JVM",
    "Linux",
];

fuzz_target!(|data: &[u8]| {
    // The first byte says which scheme, the rest is up to three versions on lines; the last is also a requirement.
    let [byte, rest @ ..] = data else { return };
    let text = String::from_utf8_lossy(rest);
    let mut lines = text.splitn(3, '\n');
    let [a, b, c] = std::array::from_fn(|_| lines.next().unwrap_or_default());
    let scheme = Scheme::of(ECOSYSTEMS[usize::from(*byte) % ECOSYSTEMS.len()]).expect("a listed ecosystem is known");
    let (ab, bc, ac) = (scheme.compare(a, b), scheme.compare(b, c), scheme.compare(a, c));
    assert_eq!(scheme.compare(a, a), Ordering::Equal);
    assert_eq!(scheme.compare(b, a), ab.reverse());
    assert!(!(ab == bc || bc.is_eq()) || ac == ab, "{scheme:?}: {a:?}, {b:?}, {c:?} go in a circle");
    assert!(ab.is_ne() || ac == bc, "{scheme:?}: {a:?} and {b:?} are not interchangeable");
    assert_eq!(scheme.satisfies(a, c), scheme.satisfies(a, c));
});
