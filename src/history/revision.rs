//! Finds the commit that a revision names, as gitrevisions(7) writes them: ids and their beginnings, branches, tags,
//! `HEAD`, and `^` and `~` behind them. What only a configuration or a reflog knows (`@{upstream}`, `@{1}`) is asked of
//! libgit2, for repositories that it can open.

use super::commit::Commit;
use super::id::ObjectId;
use super::store::Store;
use super::{History, Type, refs};
use crate::error::Error;

/// So many objects whose ids begin alike are looked at.
const MAX_ALIKE: usize = 4096;
/// Tags of tags are followed this far.
const MAX_TAGS: usize = 16;

/// What a revision leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Revision {
    pub(super) commit: ObjectId,
    /// The annotated tags on the way.
    pub(super) tags: Vec<ObjectId>,
    /// The reference that was named; `None` for an id.
    pub(super) reference: Option<String>,
}

impl History {
    /// Finds what a revision leads to.
    ///
    /// # Errors
    /// Why nothing is found, in words.
    pub(super) fn revision(&self, text: &str) -> Result<Revision, String> {
        let end = text.find(['^', '~', ':']).unwrap_or(text.len());
        let end = text.find("@{").map_or(end, |at| end.min(at));
        let (name, steps) = text.split_at(end);
        if steps.contains([':', '/']) || steps.contains("@{") {
            return self.revision_of_libgit2(text);
        }
        let (reference, id) = self.named(name)?;
        let mut revision = Revision { commit: id, tags: Vec::new(), reference };
        self.peel(&mut revision)?;
        self.step(&mut revision, steps)?;
        Ok(revision)
    }

    /// Finds the commit that a revision names.
    ///
    /// # Errors
    /// There is none here.
    pub fn commit(&self, text: &str) -> Result<ObjectId, Error> {
        let refuse = |why| Error::usage(format!("`{text}` names no commit")).because(why).hint(self.how_to_get_more());
        self.revision(text).map(|revision| revision.commit).map_err(refuse)
    }

    /// The branch that a revision names, or that HEAD is on if it names that; `None` when it is none.
    pub fn branch(&self, text: &str) -> Option<String> {
        let reference = match text {
            "HEAD" | "@" => {
                let head = std::fs::read_to_string(self.git_dir.join("HEAD")).ok()?;
                head.strip_prefix("ref:")?.trim().to_owned()
            }
            name => self.revision(name).ok()?.reference?,
        };
        // With reftables the file HEAD says what no branch can be called.
        reference.strip_prefix("refs/heads/").filter(|name| *name != ".invalid").map(str::to_owned)
    }

    /// What to try when a revision is not here.
    pub(super) fn how_to_get_more(&self) -> &'static str {
        match self.common_dir.join("shallow").is_file() {
            true => {
                "the clone is shallow: fetch the rest with `git fetch --unshallow`, or set `fetch-depth: 0` on \
                 actions/checkout"
            }
            false => "fetch what it names first, such as with `git fetch origin main` for `origin/main`",
        }
    }

    /// The root trees of the commits that the next one will be made upon: that of HEAD, then those that are being
    /// merged; none on a branch without a commit.
    ///
    /// # Errors
    /// HEAD cannot be read.
    pub fn parents_of_next(&self) -> Result<Vec<ObjectId>, String> {
        let Some((_, head)) = refs::find(&self.git_dir, &self.common_dir, "HEAD") else { return Ok(Vec::new()) };
        let tree = self.tree_of(head).ok_or_else(|| format!("commit {head}, which is HEAD, cannot be read"))?;
        let merged = std::fs::read(self.git_dir.join("MERGE_HEAD")).unwrap_or_default();
        let merged = merged.split(|byte| *byte == b'\n').filter_map(|hex| self.tree_of(ObjectId::from_hex(hex)?));
        Ok(std::iter::once(tree).chain(merged).collect())
    }

    /// The object that a name stands for.
    fn named(&self, name: &str) -> Result<(Option<String>, ObjectId), String> {
        let name = if name == "@" { "HEAD" } else { name };
        if let Some(id) = ObjectId::from_hex(name.as_bytes()).filter(|id| id.as_bytes().len() == self.width) {
            return Ok((None, id));
        }
        if let Some((reference, id)) = refs::find(&self.git_dir, &self.common_dir, name) {
            return Ok((Some(reference), id));
        }
        // `git describe` writes v1.2-3-gabcdef.
        let hex = name.rsplit_once("-g").map_or(name, |(_, hex)| hex).to_ascii_lowercase();
        if hex.len() < 4 || hex.len() > self.width * 2 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("there is no branch, tag or commit `{name}`"));
        }
        let mut alike = beginning_with(self.store(), &hex);
        if alike.len() > 1 {
            alike.retain(|id| matches!(self.store().read(id), Ok((Type::Commit | Type::Tag, _))));
        }
        match alike[..] {
            [id] => Ok((None, id)),
            [] => Err(format!("there is no branch, tag or commit `{name}`")),
            _ => Err(format!("`{name}` is the beginning of several ids")),
        }
    }

    /// Follows annotated tags to a commit.
    fn peel(&self, revision: &mut Revision) -> Result<(), String> {
        for _ in 0..MAX_TAGS {
            let id = revision.commit;
            let (kind, text) = self.store().read(&id).map_err(|why| format!("object {id}: {why}"))?;
            match kind {
                Type::Commit => return Ok(()),
                Type::Tag => {
                    let line = text.split(|byte| *byte == b'\n').next().and_then(|line| line.strip_prefix(b"object "));
                    revision.tags.push(id);
                    revision.commit =
                        line.and_then(ObjectId::from_hex).ok_or_else(|| format!("the tag {id} is damaged"))?;
                }
                _ => return Err(format!("{id} is no commit")),
            }
        }
        Err("too many tags lead to each other".to_owned())
    }

    /// Takes the steps `^`, `^2`, `^0`, `^{…}`, `~`, `~3`.
    fn step(&self, revision: &mut Revision, mut steps: &str) -> Result<(), String> {
        while let Some(sign) = steps.chars().next() {
            steps = &steps[sign.len_utf8()..];
            if let Some(rest) = steps.strip_prefix('{').filter(|_| sign == '^') {
                let (kind, rest) = rest.split_once('}').ok_or("a `^{` is not closed")?;
                if !matches!(kind, "" | "commit") {
                    return Err(format!("`^{{{kind}}}` names no commit"));
                }
                steps = rest;
                continue;
            }
            let digits = steps.len() - steps.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number: usize = match &steps[..digits] {
                "" => 1,
                digits => digits.parse().map_err(|_| format!("`{digits}` is too large a number"))?,
            };
            steps = &steps[digits..];
            match sign {
                '~' => (0..number).try_for_each(|_| self.to_parent(revision, 1))?,
                '^' if number > 0 => self.to_parent(revision, number)?,
                '^' => {}
                other => return Err(format!("`{other}` is out of place")),
            }
        }
        Ok(())
    }

    fn to_parent(&self, revision: &mut Revision, number: usize) -> Result<(), String> {
        let id = revision.commit;
        let text = self.store().read(&id).map_err(|why| format!("commit {id}: {why}"))?.1;
        let commit = Commit::links(&text).ok_or_else(|| format!("the commit {id} is damaged"))?;
        let parent = commit.parents.get(number - 1).filter(|parent| self.store().read(parent).is_ok());
        let missing = || match number {
            1 => format!("the commit {id} has no parent here"),
            n => format!("the commit {id} has no parent number {n} here"),
        };
        revision.commit = *parent.ok_or_else(missing)?;
        revision.tags.clear();
        Ok(())
    }

    fn revision_of_libgit2(&self, text: &str) -> Result<Revision, String> {
        let words = |e: git2::Error| e.message().to_owned();
        let repository = git2::Repository::open(&self.git_dir).map_err(words)?;
        let commit = repository.revparse_single(text).and_then(|object| object.peel_to_commit()).map_err(words)?;
        Ok(Revision { commit: commit.id().into(), tags: Vec::new(), reference: None })
    }
}

/// The objects whose ids begin with hexadecimal digits.
fn beginning_with(store: &Store, hex: &str) -> Vec<ObjectId> {
    let padded = format!("{hex:0<width$}", width = store.width * 2);
    let Some(first) = ObjectId::from_hex(padded.as_bytes()) else { return Vec::new() };
    let mut found = Vec::new();
    for pack in &store.packs {
        let (mut low, mut high) = (0, pack.count());
        while low < high {
            let middle = low + (high - low) / 2;
            if pack.id(middle) < first.as_bytes() { low = middle + 1 } else { high = middle }
        }
        let ids = (low..pack.count()).map_while(|slot| ObjectId::from_bytes(pack.id(slot)));
        found.extend(ids.take_while(|id| id.to_string().starts_with(hex)).take(MAX_ALIKE));
    }
    for folder in &store.folders {
        for file in std::fs::read_dir(folder.join(&hex[..2])).into_iter().flatten().flatten() {
            let name = format!("{}{}", &hex[..2], file.file_name().to_string_lossy());
            found.extend(ObjectId::from_hex(name.as_bytes()).filter(|_| name.starts_with(hex)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
