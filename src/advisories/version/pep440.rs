//! Python: PEP 440 (<https://packaging.python.org/en/latest/specifications/version-specifiers/>), and behind it the order
//! that setuptools had for everything else (`legacy`), which precedes all versions of the PEP.

mod legacy;

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement;
use super::rules::Rules;

pub(super) static RULES: Rules =
    Rules { name: "pep440", is_plain: true, compare, satisfies: requirement::pep440::satisfies };

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    match (Version::read(a), Version::read(b)) {
        (Some(a), Some(b)) => a.compare(&b),
        (None, None) => legacy::compare(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// A version of the PEP.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version<'a> {
    pub(super) epoch: Number<'a>,
    /// Numbers and dots.
    pub(super) release: &'a str,
    pub(super) pre: Option<(Phase, Number<'a>)>,
    pub(super) post: Option<Number<'a>>,
    pub(super) dev: Option<Number<'a>>,
    pub(super) local: Option<&'a str>,
}

/// The kind of a prerelease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Alpha,
    Beta,
    Candidate,
}

/// The longer of two that begin alike comes first.
const PHASES: [(&str, Phase); 8] = [
    ("alpha", Phase::Alpha),
    ("a", Phase::Alpha),
    ("beta", Phase::Beta),
    ("b", Phase::Beta),
    ("preview", Phase::Candidate),
    ("pre", Phase::Candidate),
    ("rc", Phase::Candidate),
    ("c", Phase::Candidate),
];
const POSTS: [(&str, ()); 3] = [("post", ()), ("rev", ()), ("r", ())];
const DEVS: [(&str, ()); 1] = [("dev", ())];

/// Where a version stands among those of the same release.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Stage<'a> {
    /// A development release of the release itself precedes its prereleases.
    Dev,
    Pre(Phase, Number<'a>),
    Final,
}

impl<'a> Version<'a> {
    /// `None` when the text is no version of the PEP, in any of the spellings that it takes.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (digits, behind) = number::split_digits(text);
        let (epoch, text) = match behind.strip_prefix('!') {
            Some(text) => (Number::read(digits)?, text),
            None => (Number::ZERO, text),
        };
        let (release, rest) = number::split_dotted(text);
        let (mut rest, local) = rest.split_once('+').map_or((rest, None), |(rest, local)| (rest, Some(local)));
        if release.is_empty() || !local.is_none_or(is_local) {
            return None;
        }
        let pre = take(&mut rest, &PHASES);
        let post = take_implicit(&mut rest).or_else(|| take(&mut rest, &POSTS).map(|((), number)| number));
        let dev = take(&mut rest, &DEVS).map(|((), number)| number);
        rest.is_empty().then_some(Self { epoch, release, pre, post, dev, local })
    }

    pub(super) fn is_prerelease(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    fn stage(&self) -> Stage<'a> {
        match (self.pre, self.post, self.dev) {
            (Some((phase, number)), ..) => Stage::Pre(phase, number),
            (None, None, Some(_)) => Stage::Dev,
            _ => Stage::Final,
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.compare_public(other).then_with(|| match (self.local, other.local) {
            (Some(a), Some(b)) => local_parts(a).cmp(local_parts(b)),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
    }

    /// The order without the local parts.
    pub(super) fn compare_public(&self, other: &Self) -> Ordering {
        // No development release is what they lead to.
        let dev = |version: &Self| (version.dev.is_none(), version.dev);
        self.compare_release(other)
            .then_with(|| self.stage().cmp(&other.stage()))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| dev(self).cmp(&dev(other)))
    }

    /// The order of the epochs and the numbers alone.
    pub(super) fn compare_release(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| number::numbers(version.release);
        self.epoch.cmp(&other.epoch).then_with(|| number::padded(numbers(self), numbers(other), Number::ZERO))
    }
}

/// Takes `[-_.]?NAME[-_.]?N*`; without digits, the number is zero.
fn take<'a, T: Copy>(rest: &mut &'a str, names: &[(&str, T)]) -> Option<(T, Number<'a>)> {
    if rest.is_empty() {
        return None;
    }
    let separated = |text: &'a str| text.strip_prefix(['-', '_', '.']).unwrap_or(text);
    let text = separated(rest);
    let (kind, text) = names.iter().find_map(|(name, kind)| {
        let (start, text) = text.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some((*kind, text))
    })?;
    let (digits, text) = number::split_digits(separated(text));
    *rest = text;
    Some((kind, Number::new(digits)))
}

/// Takes `-N`, a post-release without its name.
fn take_implicit<'a>(rest: &mut &'a str) -> Option<Number<'a>> {
    let (digits, text) = number::split_digits(rest.strip_prefix('-')?);
    let number = Number::read(digits)?;
    *rest = text;
    Some(number)
}

/// Numbers come behind texts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum LocalPart<'a> {
    Text(Lower<'a>),
    Number(Number<'a>),
}

#[derive(PartialEq, Eq)]
struct Lower<'a>(&'a str);

impl Ord for Lower<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let small = |byte: u8| byte.to_ascii_lowercase();
        self.0.bytes().map(small).cmp(other.0.bytes().map(small))
    }
}

impl PartialOrd for Lower<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn is_local_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.')
}

fn is_local(text: &str) -> bool {
    number::parts(text, is_local_separator)
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn local_parts(text: &str) -> impl Iterator<Item = LocalPart<'_>> {
    let read = |part| Number::read(part).map_or(LocalPart::Text(Lower(part)), LocalPart::Number);
    number::parts(text, is_local_separator).map(read)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{are_equal, ascend};
    use super::super::{compare, satisfies};

    /// From the specification: what follows what, and how it may be written.
    #[test]
    fn the_examples_of_the_specification() {
        ascend(
            "PyPI",
            &[
                "0.1-bulbasaur",
                "0",
                "1.dev0",
                "1.0.dev456",
                "1.0a1",
                "1.0a2.dev456",
                "1.0a12.dev456",
                "1.0a12",
                "1.0b1.dev456",
                "1.0b2",
                "1.0b2.post345.dev456",
                "1.0b2.post345",
                "1.0rc1.dev456",
                "1.0rc1",
                "1.0",
                "1.0+abc.5",
                "1.0+abc.7",
                "1.0+5",
                "1.0.post456.dev34",
                "1.0.post456",
                "1.0.15",
                "1.1.dev1",
                "1!0.1",
            ],
        );
        for spelled in [
            &["1.0", "1", "1.0.0", "v1.0", " 01.0 ", "0!1.0"][..],
            &["1.1a1", "1.1-alpha1", "1.1.alpha.1", "1.1_A1", "1.1ALPHA-1"],
            &["1.1rc0", "1.1c", "1.1.pre", "1.1-preview_0", "1.1RC"],
            &["1.0.post1", "1.0-1", "1.0-r1", "1.0rev1", "1.0_POST.1"],
            &["1.0.dev0", "1.0dev", "1.0-dev", "1.0_DEV0"],
            &["1.0+ubuntu.1", "1.0+Ubuntu-1", "1.0+ubuntu_01"],
        ] {
            are_equal("PyPI", spelled);
        }
    }

    /// What setuptools ordered by its own rules.
    #[test]
    fn what_is_no_version_of_the_specification_comes_first() {
        ascend("PyPI", &["foo", "0.1-alpha-x", "0.1-x", "0.2.x", "0.7.4.svn.r2010", "2.0.4.svn.x", "0.0.1"]);
        ascend("PyPI", &["2004d!", "2004e!", "2005b!"]);
        are_equal("PyPI", &["1.0.x", "1.x", "1.0.0.X"]);
        ascend("PyPI", &["1.x-pre", "1.x", "1.x-1"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        /// The crate of the Python packaging tools in Rust says the same, of all that it reads.
        #[test]
        fn pep440_rs_says_the_same(a in VERSION, b in VERSION) {
            use pep440_rs::Version;
            if let (Ok(left), Ok(right)) = (a.parse::<Version>(), b.parse::<Version>()) {
                prop_assert_eq!(compare("PyPI", &a, &b), Some(left.cmp(&right)), "{} and {}", a, b);
            }
            prop_assert_eq!(super::Version::read(&a).is_some(), a.parse::<Version>().is_ok(), "{}", a);
        }

        /// But for `>1.0.post1`, which takes no local version of 1.0 with packaging, and not only none of 1.0.post1.
        #[test]
        fn pep440_rs_takes_the_same(version in VERSION, specifier in SPECIFIER) {
            use pep440_rs::{Version, VersionSpecifiers};
            let differ = version.contains('+') && specifier.contains(".post");
            if let (Ok(theirs), Ok(read), false) = (specifier.parse::<VersionSpecifiers>(), version.parse::<Version>(), differ)
            {
                let met = satisfies("PyPI", &version, &specifier);
                prop_assert_eq!(met, Some(theirs.contains(&read)), "{} in {}", version, specifier);
            }
        }
    }

    const VERSION: &str = r"v?([01]!)?[0-2](\.(0|1|10)){0,3}([-_.]?(a|b|rc|alpha|c|preview|x)[-_.]?[0-2]?)?(-[12]|[-_.]?(post|r|rev)[-_.]?[0-2]?)?([.-]?dev[0-2]?)?(\+(a|1|B)([._](1|10|b))?)?";
    const SPECIFIER: &str =
        r"((==|!=|~=|<|>|<=|>=) ?[0-2](\.[0-2]){1,2}(\.post1)?)(, ?(>=|<|!=) ?[0-2](\.[0-2]){0,2})?";
}
