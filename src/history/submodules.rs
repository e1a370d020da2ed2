//! Lists the submodules whose git directories a repository keeps. They are repositories of their own, with commits that
//! mean nothing in this one, and are scanned when they are asked for: a scan of this one says which there are.

use std::path::Path;

use super::History;

/// Folders in which submodules lie are not entered deeper.
const MAX_DEPTH: usize = 16;

impl History {
    /// The names of the submodules with a history of their own here, sorted; one in another is `outer/inner`.
    pub fn submodules(&self) -> Vec<String> {
        let mut names = Vec::new();
        for git_dir in [&self.common_dir, &self.git_dir] {
            add(&git_dir.join("modules"), "", 0, &mut names);
        }
        names.sort();
        names.dedup();
        names
    }
}

fn add(folder: &Path, outer: &str, depth: usize, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        // What a link leads to is not part of this repository.
        if depth > MAX_DEPTH || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let name = format!("{outer}{}", entry.file_name().to_string_lossy());
        let inner = format!("{name}/");
        let path = entry.path();
        if path.join("objects").is_dir() && path.join("HEAD").is_file() {
            names.push(name);
            add(&path.join("modules"), &inner, depth + 1, names);
        } else {
            // The name of a submodule may have slashes.
            add(&path, &inner, depth + 1, names);
        }
    }
}
