//! Tells which credentials of a staged file HEAD has there already: a commit that keeps them adds nothing.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::OnceLock;

use super::found;
use super::hit::Hit;
use super::matcher::Matcher;
use super::weigh::Terms;
use crate::finding::{RepoPath, Secret};
use crate::history::ObjectId;
use crate::target::staged::Staged;

/// Credentials of a file as it was; made when first asked for.
pub(super) type Known = OnceCell<HashSet<Secret>>;

/// What HEAD has, as far as it is asked for: only where something was found.
pub(super) struct Before<'a> {
    staged: &'a Staged,
    matcher: &'a Matcher,
    terms: Terms,
    /// What is in the files that the next commit will no longer have.
    removed: OnceLock<HashSet<Secret>>,
}

impl<'a> Before<'a> {
    pub(super) fn new(staged: &'a Staged, matcher: &'a Matcher, terms: Terms) -> Self {
        Self { staged, matcher, terms, removed: OnceLock::new() }
    }

    /// Whether HEAD has the credential neither in this file, nor in one that may have been renamed to it.
    pub(super) fn is_new(&self, path: &RepoPath, hit: &Hit, known: &Known) -> bool {
        let known = known.get_or_init(|| self.secrets(&self.staged.before(path)));
        !known.contains(&hit.secret)
            && !self.removed.get_or_init(|| self.secrets(&self.staged.removed())).contains(&hit.secret)
    }

    /// Every credential in some versions of files. One that cannot be read has none: then all seem new.
    fn secrets(&self, ids: &[ObjectId]) -> HashSet<Secret> {
        let mut secrets = HashSet::new();
        for bytes in ids.iter().filter_map(|id| self.staged.read(*id).ok()) {
            found::search(self.matcher, &bytes, &mut |found| {
                secrets.extend(Hit::all(found, self.matcher, self.terms).into_iter().map(|hit| hit.secret));
            });
        }
        secrets
    }
}
