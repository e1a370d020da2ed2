//! Defines [`Change`]: what a comparison says beside what was introduced.

use super::identity::Identity;
use crate::text;

/// What a comparison says beside what was introduced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was compared with.
    pub base: Base,
    /// How many findings are in both.
    pub unchanged: usize,
    /// Findings that are in both, in other files; sorted by their place in HEAD.
    pub moved: Vec<Moved>,
    /// Findings of BASE that HEAD does not have any more, sorted. Of kinds that were not looked for completely in HEAD
    /// there are none: nobody knows whether they are gone.
    pub fixed: Vec<Identity>,
}

/// A finding that is in another file than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// As it was in BASE.
    pub from: Identity,
    /// As it is in HEAD.
    pub to: Identity,
}

/// What was compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// As it was asked for.
    pub name: String,
    /// The commit in hex; `None` for a report of what is in no repository.
    pub revision: Option<String>,
    /// What it is.
    pub kind: BaseKind,
}

/// What BASE is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseKind {
    /// The revision itself, as asked for or since HEAD begins there.
    Revision,
    /// The last commit that the revision and HEAD share.
    MergeBase,
    /// The revision itself, since it shares no commit with HEAD that is here.
    Unrelated,
    /// A report of an earlier scan.
    Report,
}

impl BaseKind {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::MergeBase => "merge-base",
            Self::Unrelated => "unrelated",
            Self::Report => "report",
        }
    }
}

impl Base {
    /// What was compared with, as the end of a sentence: `with 4b20d1b82e, where HEAD branched off from main`.
    pub fn words(&self) -> String {
        let name = text::printable(&self.name);
        let short = self.revision.as_deref().map(|id| id.get(..10).unwrap_or(id));
        match (self.kind, short) {
            (BaseKind::MergeBase, Some(id)) => format!("with {id}, where HEAD branched off from {name}"),
            (BaseKind::Unrelated, Some(id)) => format!("with {name} ({id}), which shares no commit with HEAD here"),
            (BaseKind::Report, Some(id)) => format!("with the report {name} on {id}"),
            (BaseKind::Report, None) => format!("with the report {name}"),
            (_, Some(id)) => format!("with {name} ({id})"),
            (_, None) => format!("with {name}"),
        }
    }
}
