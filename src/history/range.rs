//! Defines [`Range`]: the objects that a range of revisions added.
//!
//! A commit is in `A..B` when B leads to it and A does not, in `A...B` when only one of them does. Of what these
//! commits hold, the objects count that no commit next to the range holds: not A, nor any parent that is not in the
//! range. A file that the range brings back, which an older commit had and A no longer has, is new again.

mod commits;
mod objects;
mod origins;

use std::collections::HashSet;

use super::origin::Reach;
use super::revision::Revision;
use super::{History, ObjectId};
use crate::error::Error;
use commits::{Member, Side};

/// What a range of revisions added.
pub struct Range {
    /// The texts: annotated tags that were named, commits, files; each once.
    pub texts: Vec<ObjectId>,
    /// The trees, each once.
    pub trees: Vec<ObjectId>,
    /// What could not be listed, a sentence each.
    pub gaps: Vec<String>,
    /// Older commits of the range are missing, since it was cloned with a depth.
    pub is_cut: bool,
    /// The commits, parents before children.
    commits: Vec<Member>,
    /// What leads to them.
    reach: Reach,
}

impl History {
    /// Lists what a range adds: `BASE..HEAD`, `ONE...OTHER`, either with an empty end for HEAD, or `COMMIT^!`.
    ///
    /// # Errors
    /// It is no range, or an end of it is not known.
    pub fn range(&self, range: &str) -> Result<Range, Error> {
        let refuse = || Error::usage(format!("`{range}` is not a range of revisions"));
        let shape = |why: &str| refuse().because(why.to_owned()).hint("write it as BASE..HEAD");
        let find = |end: &str| {
            let found = self.revision(if end.is_empty() { "HEAD" } else { end });
            found.map_err(|why| refuse().because(why).hint(self.how_to_get_more()))
        };
        let (ours, theirs, both): (Revision, Vec<ObjectId>, bool) = match range.split_once("..") {
            Some(("", "" | ".")) => return Err(shape("both of its ends are missing")),
            Some((base, tip)) => {
                let (tip, both) = tip.strip_prefix('.').map_or((tip, false), |tip| (tip, true));
                if tip.contains("..") {
                    return Err(shape("it has more than two ends"));
                }
                (find(tip)?, vec![find(base)?.commit], both)
            }
            None => match range.strip_suffix("^!") {
                Some(commit) => {
                    let tip = find(commit)?;
                    let parents = self.parents(tip.commit);
                    (tip, parents, false)
                }
                None => return Err(shape("it has one end only")),
            },
        };
        let side = if both { Side::Either } else { Side::Ours };
        let walked = commits::walk(self, ours.commit, &theirs, side);
        let listed = objects::list(self.store(), &walked.commits, &walked.outside);
        let known: HashSet<ObjectId> = theirs.iter().copied().collect();
        let tags = ours.tags.iter().copied().filter(|tag| !known.contains(tag));
        let texts = tags.chain(walked.commits.iter().map(|commit| commit.id)).chain(listed.files).collect();
        let mut gaps = walked.gaps;
        gaps.extend(listed.gaps);
        Ok(Range {
            texts,
            trees: listed.trees,
            gaps,
            is_cut: walked.is_cut,
            commits: walked.commits,
            reach: ours.reference.as_deref().map_or(Reach::Reference, super::origin::reach_of),
        })
    }
}
