//! Defines [`Identity`]: what a finding is recognised by in another scan, and what is said of it when it is gone.

use sha2::{Digest, Sha256};

use crate::finding::{Finding, Fingerprint, Kind, Location, RepoPath, Severity};
use crate::target::Target;
use crate::target::worktree::File;

/// What a finding is recognised by in another scan, and what is said of it when it is gone. The order is that of
/// places, so that equal findings are told apart from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The class of defect.
    pub kind: Kind,
    /// The file.
    pub path: RepoPath,
    /// The line, from 1; `None` when it is about the file as a whole.
    pub line: Option<u32>,
    /// The commit whose version of the file is meant; `None` for a file as it is.
    pub commit: Option<String>,
    /// The id of the rule.
    pub rule: String,
    /// The version of the package; empty when it is about none.
    pub version: String,
    /// The package without its version, and the ids of the advisory, its own and other ones; empty when it is about
    /// none.
    pub names: Vec<(String, String)>,
    /// What it is, its path included unless it is a secret.
    pub fingerprint: Fingerprint,
    /// What it is apart from its path; `None` when nothing but the path tells it from others.
    pub content: Option<Fingerprint>,
    /// The files that it is in, sorted.
    pub paths: Vec<RepoPath>,
    /// Whether it is in a file, and not only in the history.
    pub is_in_files: bool,
    /// How bad it is.
    pub severity: Severity,
    /// What it is, for people.
    pub message: String,
}

impl Identity {
    /// That of a finding. `contents` are the files it is in, which tell apart what has no text of its own; without
    /// them, that is told apart by its place alone, as in a report.
    pub fn of(finding: &Finding, contents: Option<&mut Contents<'_>>) -> Self {
        let place = &finding.location;
        let at_head = finding.history.as_ref().and_then(|history| history.head.clone());
        let here = std::iter::once(place).chain(&finding.related).filter(|place| is_in_files(place));
        let paths = here.map(|place| place.path.clone()).chain(at_head);
        let mut identity = Self {
            kind: finding.kind,
            path: place.path.clone(),
            line: place.span.map(|span| span.start_line),
            commit: place.commit.as_ref().map(|commit| commit.id.clone()),
            rule: finding.rule.id.clone(),
            version: finding.package.as_ref().map(|package| package.version.clone()).unwrap_or_default(),
            names: Vec::new(),
            fingerprint: finding.fingerprint(),
            content: finding.content_fingerprint(),
            paths: paths.collect(),
            is_in_files: false,
            severity: finding.severity,
            message: finding.message.clone(),
        };
        if let Some(package) = &finding.package {
            identity.name(&package.purl, &package.aliases);
        }
        if let Some(contents) = contents.filter(|_| identity.content.is_none() && place.commit.is_none()) {
            identity.look_inside(contents);
        }
        identity.settle();
        identity
    }

    /// Names a package and the advisory about it.
    pub(super) fn name(&mut self, purl: &str, aliases: &[String]) {
        let own = self.rule.rsplit('/').next().unwrap_or_default().to_owned();
        self.names = std::iter::once(own).chain(aliases.iter().cloned()).map(|id| (purl.to_owned(), id)).collect();
    }

    /// Brings the files into order; whoever has none is in the history only.
    pub(super) fn settle(&mut self) {
        self.paths.sort();
        self.paths.dedup();
        self.is_in_files = !self.paths.is_empty();
    }

    /// Finds in the file what tells a finding without text from others: its line for a secret whose value the tool
    /// that found it keeps to itself, so that another secret there is another finding; else the whole file.
    fn look_inside(&mut self, contents: &mut Contents<'_>) {
        let line = self.line.filter(|_| self.kind == Kind::Secret);
        let Some(digest) = contents.digest(&self.path, line) else { return };
        let rule = self.rule.as_bytes();
        self.content =
            Some(Fingerprint::of(&[b"inside", self.kind.id().as_bytes(), rule, self.message.as_bytes(), &digest]));
        if line.is_some() {
            self.fingerprint = Fingerprint::of(&[b"line", self.fingerprint.as_str().as_bytes(), &digest]);
        }
    }
}

/// Whether a place is in a file, and not in the history or in what git keeps beside it.
pub(super) fn is_in_files(place: &Location) -> bool {
    place.commit.is_none() && !is_of_git(place.path.as_str())
}

/// Whether a path is one of those that stand for what is in no file: `git/commit/<id>`, `git/logs/HEAD`.
pub(super) fn is_of_git(path: &str) -> bool {
    let is_id = |text: &str| matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match path.strip_prefix("git/").and_then(|rest| rest.split_once('/')) {
        Some(("commit" | "tag" | "blob", id)) => is_id(id),
        Some(("logs", name)) => name == "HEAD" || name.starts_with("refs/"),
        _ => false,
    }
}

/// The files of a target, read for what has no text of its own. The last one is kept.
pub struct Contents<'a> {
    target: &'a Target,
    last: Option<(RepoPath, Option<Vec<u8>>)>,
}

impl<'a> Contents<'a> {
    /// Those of a target.
    pub fn new(target: &'a Target) -> Self {
        Self { target, last: None }
    }

    /// The hash of a file, or of one of its lines, white space at the ends aside; `None` when it cannot be read or has
    /// no such line.
    fn digest(&mut self, path: &RepoPath, line: Option<u32>) -> Option<[u8; 32]> {
        if self.last.as_ref().is_none_or(|(last, _)| last != path) {
            let read = File::named(self.target, path).and_then(|file| self.target.read(&file).ok());
            self.last = Some((path.clone(), read));
        }
        let bytes = self.last.as_ref()?.1.as_deref()?;
        let text = match line {
            None => bytes,
            Some(line) => bytes.split(|byte| *byte == b'\n').nth(line.checked_sub(1)? as usize)?.trim_ascii(),
        };
        Some(Sha256::digest(text).into())
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_git;

    #[test]
    fn a_folder_called_git_is_a_folder() {
        let id = "e83c5163316f89bfbde7d9ab23ca2e25604af290";
        assert!(is_of_git(&format!("git/commit/{id}")) && is_of_git("git/logs/refs/stash"));
        assert!(
            !is_of_git("git/commit/readme") && !is_of_git("git/logs/x") && !is_of_git(&format!("src/git/tag/{id}"))
        );
    }
}
