//! Defines [`mismatch`]: whether what a package declares and what its files hold contradict each other.

use std::collections::BTreeSet;

use super::category::Category;
use super::expression::{Expression, Term};
use super::id;
use super::normalize::members;
use super::text::{Identified, Kind};

/// What declared and found have to do with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Whether it is a contradiction, or only something more to know of.
    pub grade: Grade,
    /// The ids that were found and are not declared, each once, in order.
    pub found: Vec<String>,
    /// What is the matter, as a sentence.
    pub why: String,
}

/// How much there is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Something else is there beside what is declared: a bundled part, perhaps.
    Note,
    /// Nothing that is declared is there, but something else is; or what is there asks for more than all that is declared.
    Contradiction,
}

/// Compares what is declared with what the license files of a package hold, all of them together. `None` when they agree,
/// when nothing was found, or when too little is known: an unknown declared term may be whatever was found.
///
/// A file with one side of an OR agrees. Only texts, notices and tags count; what a sentence mentions does not.
pub fn mismatch(declared: &Expression, detected: &[Identified]) -> Option<Mismatch> {
    let texts: Vec<&Identified> =
        detected.iter().filter(|one| !matches!(one.kind, Kind::Mention | Kind::Exception)).collect();
    let fits = |term: &Term, one: &Identified| {
        term.offers().iter().any(|id| same(id, one))
            || members(term.id()).is_some_and(|all| all.iter().any(|id| same(id, one)))
    };
    if texts.is_empty()
        || !declared.is_known() && declared.terms().any(|term| !term.is_known() && members(term.id()).is_none())
    {
        return None;
    }
    // A reference is explained by a text that nobody can compare.
    if declared.terms().any(|term| term.id().contains("LicenseRef-")) {
        return None;
    }
    let other: Vec<&Identified> =
        texts.iter().filter(|one| !declared.terms().any(|term| fits(term, one))).copied().collect();
    let found: BTreeSet<String> = other.iter().map(|one| one.id.to_string()).collect();
    if found.is_empty() {
        return None;
    }
    let names = found.iter().cloned().collect::<Vec<_>>().join(", ");
    let agrees = declared.terms().any(|term| texts.iter().any(|one| fits(term, one)));
    // LGPL 3 is written as additions to GPL 3, whose text comes with it.
    let companion = |one: &Identified| {
        one.is("GPL-3.0") && declared.terms().any(|term| term.id().starts_with("LGPL-3.0"))
            || one.is("GPL-2.0") && declared.terms().any(|term| term.id().starts_with("LGPL-2"))
    };
    if agrees && other.iter().all(|one| companion(one)) {
        return None;
    }
    let (grade, why) = match agrees {
        false if other.iter().all(|one| companion(one)) => return None,
        false => (Grade::Contradiction, format!("it declares {declared}, and its files hold {names}")),
        true => (Grade::Note, format!("it declares {declared}, and its files hold {names} as well")),
    };
    Some(Mismatch { grade, found: found.into_iter().collect(), why })
}

/// Whether a declared id is what was found. A text does not tell the forms of a GNU license apart; a notice does, and one
/// that offers later versions agrees with a declaration that does not.
fn same(declared: &str, found: &Identified) -> bool {
    found.is(declared) || id::stem(declared) == id::stem(&found.id) || alike(declared, &found.id)
}

/// Licenses that people take for one another, where nobody can be said to be wrong.
fn alike(one: &str, other: &str) -> bool {
    const ALIKE: [&[&str]; 5] = [
        &["OFL-1.1", "OFL-1.1-RFN", "OFL-1.1-no-RFN"],
        &["MPL-2.0", "MPL-2.0-no-copyleft-exception"],
        &["Unicode-3.0", "Unicode-DFS-2016", "Unicode-DFS-2015"],
        &["PSF-2.0", "Python-2.0", "Python-2.0.1", "CNRI-Python"],
        &["Zlib", "zlib-acknowledgement"],
    ];
    ALIKE.iter().any(|group| group.contains(&one) && group.contains(&other))
        || (Category::of(one) == Some(Category::PublicDomain)
            && Category::of(other) == Some(Category::PublicDomain)
            && one.starts_with("CC")
            && other.starts_with("CC"))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn found(id: &'static str, also: &'static [&'static str], kind: Kind) -> Identified {
        Identified { id: Cow::Borrowed(id), also, kind, confidence: 1.0, bytes: 0..1, lines: 1..=1 }
    }

    fn text(id: &'static str) -> Identified {
        found(id, &[], Kind::License)
    }

    fn grade(declared: &str, detected: &[Identified]) -> Option<Grade> {
        mismatch(&Expression::parse(declared).unwrap(), detected).map(|mismatch| mismatch.grade)
    }

    #[test]
    fn what_agrees_is_no_mismatch() {
        let gpl = found("GPL-3.0", &["GPL-3.0-only", "GPL-3.0-or-later"], Kind::License);
        assert_eq!(grade("MIT OR Apache-2.0", &[text("MIT")]), None);
        assert_eq!(grade("MIT OR Apache-2.0", &[text("MIT"), text("Apache-2.0")]), None);
        assert_eq!(grade("MIT AND ISC", &[text("ISC")]), None);
        assert_eq!(grade("GPL-3.0-only", std::slice::from_ref(&gpl)), None);
        assert_eq!(grade("GPL-2.0-or-later", std::slice::from_ref(&gpl)), None);
        assert_eq!(grade("LGPL-3.0-only", &[gpl, text("LGPL-3.0")]), None);
        assert_eq!(grade("BSD", &[text("BSD-3-Clause")]), None);
        assert_eq!(grade("MIT", &[]), None);
        assert_eq!(grade("MIT", &[found("GPL-3.0-only", &[], Kind::Mention)]), None);
    }

    #[test]
    fn what_nobody_knows_is_no_mismatch() {
        assert_eq!(grade("NOASSERTION", &[text("MIT")]), None);
        assert_eq!(grade("LicenseRef-x", &[text("MIT")]), None);
    }

    #[test]
    fn what_is_bundled_is_a_note_and_what_is_another_license_a_contradiction() {
        assert_eq!(grade("MIT", &[text("MIT"), text("Zlib")]), Some(Grade::Note));
        assert_eq!(grade("MIT", &[text("GPL-3.0")]), Some(Grade::Contradiction));
        assert_eq!(grade("GPL-2.0-only", &[text("GPL-3.0")]), Some(Grade::Contradiction));
        assert_eq!(grade("BSD", &[text("MIT")]), Some(Grade::Contradiction));
        let both = mismatch(&Expression::parse("MIT").unwrap(), &[text("Zlib"), text("ISC"), text("ISC")]).unwrap();
        assert_eq!(both.found, ["ISC", "Zlib"]);
        assert_eq!(both.why, "it declares MIT, and its files hold ISC, Zlib");
    }
}
