//! Lists what the references of a repository point at, without libgit2, which does not know every object format.

use std::path::Path;

use super::id::ObjectId;
use super::reftable::Tables;

/// Folders of references are not entered deeper.
const MAX_DEPTH: usize = 32;
/// References to references are followed this far, as git does.
const MAX_LINKS: usize = 5;

/// A reference and what it points at; annotated tags are not followed.
pub type Reference = (String, ObjectId);

/// Every reference of a git directory, HEAD included, sorted by name, and after them what the reflogs remember, named
/// by the log: `logs/HEAD`, `logs/refs/stash`.
pub fn all(git_dir: &Path, common_dir: &Path) -> Vec<Reference> {
    if common_dir.join("reftable").is_dir() {
        return in_tables(git_dir, common_dir);
    }
    let mut found = packed(common_dir);
    loose(common_dir, "refs", 0, &mut found);
    if git_dir != common_dir {
        loose(git_dir, "refs", 0, &mut found);
    }
    found.sort();
    // A loose reference hides the packed one; which of the two is older does not matter to a search for secrets.
    found.dedup();
    found.extend(head(git_dir, &found).map(|id| ("HEAD".to_owned(), id)));
    let mut old = remembered(common_dir);
    if git_dir != common_dir {
        old.extend(remembered(git_dir));
    }
    old.sort();
    old.dedup();
    found.extend(old);
    found
}

/// What the tables of references say.
fn in_tables(git_dir: &Path, common_dir: &Path) -> Vec<Reference> {
    if git_dir == common_dir {
        return Tables::read(common_dir).references();
    }
    // The HEAD of a linked working tree comes before that of the main one.
    let mut found = Tables::of_worktree(git_dir, common_dir).references();
    found.extend(Tables::read(common_dir).references());
    found
}

/// What of the references and their logs cannot be read, a sentence each.
pub fn gaps(git_dir: &Path, common_dir: &Path) -> Vec<String> {
    match git_dir == common_dir {
        true => Tables::read(common_dir).gaps,
        false => Tables::of_worktree(git_dir, common_dir).gaps,
    }
}

/// The reference that a name stands for, as git looks for it, and what it leads to.
pub(super) fn find(git_dir: &Path, common_dir: &Path, name: &str) -> Option<Reference> {
    // Files beside the references are none, and nothing outside of the git directory is.
    let is_pseudo = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    if name.is_empty() || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return None;
    }
    let mut names = vec![format!("refs/{name}"), format!("refs/tags/{name}"), format!("refs/heads/{name}")];
    names.extend([format!("refs/remotes/{name}"), format!("refs/remotes/{name}/HEAD")]);
    if is_pseudo || name.starts_with("refs/") {
        names.insert(0, name.to_owned());
    }
    let has_tables = common_dir.join("reftable").is_dir();
    let known = match has_tables {
        true => in_tables(git_dir, common_dir),
        false => packed(common_dir),
    };
    names.into_iter().find_map(|name| {
        let mut at = name.clone();
        for _ in 0..MAX_LINKS {
            // With reftables the file HEAD says nothing. Else loose ones come first: they are newer than packed ones.
            let listed = || known.iter().find(|(known, _)| *known == at).map(|(_, id)| *id);
            if let Some(id) = listed().filter(|_| has_tables) {
                return Some((name, id));
            }
            let text = [git_dir, common_dir].into_iter().find_map(|dir| std::fs::read_to_string(dir.join(&at)).ok());
            let Some(text) = text else { return listed().map(|id| (name, id)) };
            match text.strip_prefix("ref:").map(str::trim) {
                None => return ObjectId::from_hex(text.split_whitespace().next()?.as_bytes()).map(|id| (name, id)),
                Some(link) if link.starts_with("refs/") && !link.contains("..") => at = link.to_owned(),
                Some(_) => return None,
            }
        }
        None
    })
}

/// The reflogs of a git directory as text, named from it: `logs/HEAD`.
pub fn reflogs(git_dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Tables::read(git_dir).into_logs();
    texts(git_dir, "logs", 0, &mut found);
    found.sort();
    found
}

fn texts(root: &Path, name: &str, depth: usize, found: &mut Vec<(String, Vec<u8>)>) {
    let path = root.join(name);
    if path.is_file() {
        found.extend(std::fs::read(&path).ok().map(|text| (name.to_owned(), text)));
    } else if depth < MAX_DEPTH {
        for entry in std::fs::read_dir(&path).into_iter().flatten().flatten() {
            texts(root, &format!("{name}/{}", entry.file_name().to_string_lossy()), depth + 1, found);
        }
    }
}

/// The ids in reflogs: each line begins with the old and the new one.
fn remembered(git_dir: &Path) -> Vec<Reference> {
    let mut found = Vec::new();
    for (name, text) in reflogs(git_dir) {
        let ids = text.split(|byte| *byte == b'\n').flat_map(|line| line.splitn(3, |byte| *byte == b' ').take(2));
        found.extend(ids.filter_map(|hex| Some((name.clone(), ObjectId::from_hex(hex)?))));
    }
    found
}

/// What HEAD points at.
fn head(git_dir: &Path, references: &[Reference]) -> Option<ObjectId> {
    let head = std::fs::read_to_string(git_dir.join("HEAD")).ok()?;
    match head.trim().strip_prefix("ref:") {
        None => ObjectId::from_hex(head.trim().as_bytes()),
        Some(name) => {
            // Loose ones first: they are newer than packed ones.
            let loose = std::fs::read_to_string(git_dir.join(name.trim())).ok();
            let loose = loose.and_then(|text| ObjectId::from_hex(text.trim().as_bytes()));
            loose.or_else(|| references.iter().find(|(known, _)| known == name.trim()).map(|(_, id)| *id))
        }
    }
}

fn packed(common_dir: &Path) -> Vec<Reference> {
    let text = std::fs::read(common_dir.join("packed-refs")).unwrap_or_default();
    let line = |line: &[u8]| {
        let space = line.iter().position(|byte| *byte == b' ')?;
        let name = String::from_utf8_lossy(&line[space + 1..]).into_owned();
        Some((name, ObjectId::from_hex(&line[..space])?))
    };
    text.split(|byte| *byte == b'\n').filter_map(line).collect()
}

fn loose(root: &Path, folder: &str, depth: usize, found: &mut Vec<Reference>) {
    for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => loose(root, &name, depth + 1, found),
            Ok(kind) if kind.is_file() => {
                let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
                found.extend(ObjectId::from_hex(text.trim().as_bytes()).map(|id| (name, id)));
            }
            _ => {}
        }
    }
}
