//! Defines [`Entry`]: what another tool's file says of one secret that is accepted.

use crate::finding::{Finding, Location, RepoPath, Secret};

/// What another tool's file says of one secret that is accepted.
pub(super) struct Entry {
    /// The line of the file that it begins on, from 1.
    pub(super) line: usize,
    /// Where the secret is; `None` for anywhere.
    pub(super) place: Option<Spot>,
    /// What it is.
    pub(super) value: Value,
    /// Why it is accepted, printable.
    pub(super) reason: String,
    /// It is about the hash of a secret in the file itself, which looks like a secret and is none.
    pub(super) is_hash: bool,
}

/// A place as other tools write it.
pub(super) struct Spot {
    /// The file.
    pub(super) path: RepoPath,
    /// The line, from 1; 0 when it is not known.
    pub(super) line: u32,
    /// The beginning of a commit's id, in lower-case hex; `None` for the files as they are, and for every commit.
    pub(super) commit: Option<String>,
}

/// What is known of the value of a secret.
pub(super) enum Value {
    /// Nothing.
    Unknown,
    /// Its SHA-1.
    Digest([u8; 20]),
    /// All of it.
    Text(Secret),
}

impl Entry {
    /// The SHA-1 of the value, where that is known.
    pub(super) fn digest(&self) -> Option<[u8; 20]> {
        match &self.value {
            Value::Unknown => None,
            Value::Digest(digest) => Some(*digest),
            Value::Text(secret) => secret.sha1(),
        }
    }

    /// Whether it can only be about a secret of another value.
    pub(super) fn knows_another(&self, finding: &Finding) -> bool {
        let is = finding.secret.as_ref().and_then(Secret::sha1);
        matches!((self.digest(), is), (Some(accepted), Some(is)) if accepted != is)
    }
}

impl Spot {
    /// A place of a path as another tool writes it, with the separators of any system.
    pub(super) fn new(path: &str, line: u32, commit: Option<&str>) -> Self {
        Self { path: RepoPath::new(path.replace('\\', "/")), line, commit: commit.map(str::to_ascii_lowercase) }
    }

    /// Whether a finding stands there: in that file, over that line, and in that commit if there is one.
    pub(super) fn has(&self, finding: &Finding) -> bool {
        places(finding).any(|place| {
            place.path == self.path
                && place.span.is_some_and(|span| (span.start_line..=span.end_line).contains(&self.line))
                && self.commit.as_ref().is_none_or(|commit| {
                    place.commit.as_ref().is_some_and(|place| place.id.starts_with(commit.as_str()))
                })
        })
    }
}

/// Every place of a finding, and the one at which it came.
pub(super) fn places(finding: &Finding) -> impl Iterator<Item = &Location> {
    let came = finding.history.as_ref().map(|history| &history.introduced);
    std::iter::once(&finding.location).chain(&finding.related).chain(came)
}
