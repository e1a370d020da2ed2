//! Defines [`Globs`]: which paths an acceptance is about.

use globset::GlobMatcher;

use crate::config::glob_of;

/// More globs are not compiled, of all files together: each takes some kilobytes.
pub(super) const MOST: usize = 10_000;
/// The longest glob that is compiled, in bytes: as long as a path may be on Linux.
const LONGEST: usize = 4096;

/// Which paths an acceptance is about, ready to match.
#[derive(Debug)]
pub(super) struct Globs {
    /// Nothing was said of paths.
    is_open: bool,
    valid: Vec<GlobMatcher>,
}

impl Globs {
    /// Compiles globs, one by one, since one that is not valid takes nothing from the others: it matches nothing. None
    /// at all fit every path. `room` is how many more may be compiled; `None` when these are too many.
    pub(super) fn of(globs: &[String], room: &mut usize) -> Option<Self> {
        *room = room.checked_sub(globs.len())?;
        let short = globs.iter().filter(|glob| glob.len() <= LONGEST);
        Some(Self { is_open: globs.is_empty(), valid: short.filter_map(|glob| glob_of(glob).ok()).collect() })
    }

    /// Whether a path is one of them.
    pub(super) fn fit(&self, path: &str) -> bool {
        self.is_open || self.valid.iter().any(|glob| glob.is_match(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_valid_matches_nothing() {
        let fit = |globs: &[&str], path: &str| {
            let globs: Vec<String> = globs.iter().map(|&glob| glob.to_owned()).collect();
            Globs::of(&globs, &mut { MOST }).unwrap().fit(path)
        };
        assert!(fit(&[], "a/b") && fit(&["[", "a/*"], "a/b") && fit(&["b"], "a/b"));
        assert!(!fit(&["["], "a/b") && !fit(&["["], "[") && !fit(&["a/*"], "b"));
    }

    #[test]
    fn there_is_a_bound() {
        let (globs, mut room) = (["a".to_owned(), "b".to_owned()], 3);
        assert!(Globs::of(&globs, &mut room).is_some());
        assert!(Globs::of(&globs, &mut room).is_none() && Globs::of(&globs[..1], &mut room).is_some());
    }
}
