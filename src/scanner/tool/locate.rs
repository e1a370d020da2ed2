//! Finds the program of a tool, where the scanned tree has no say.

use std::path::{Path, PathBuf};

use super::Tool;
use crate::scanner::Context;

impl Tool {
    /// The program: the one that the command line names, else the first on the PATH. A relative entry of the PATH is
    /// passed over, and one that lies or leads inside the target too, since whoever wrote the scanned tree could put a
    /// program there. `None` when there is none.
    pub fn locate(&self, context: &Context) -> Option<PathBuf> {
        if let Some(named) = context.options.programs.paths.get(self.0.name) {
            return std::path::absolute(named).ok().filter(|program| is_executable(program));
        }
        let path = context.options.path.as_ref()?;
        let root = &context.target.root;
        let is_outside = |program: &PathBuf| program.canonicalize().is_ok_and(|real| !real.starts_with(root));
        let folders: Vec<PathBuf> =
            std::env::split_paths(path).filter(|folder| folder.is_absolute() && !folder.starts_with(root)).collect();
        // Of a path only an absolute one is a place that does not depend on where scanall runs.
        let is_name = |name: &&&str| Path::new(name).is_absolute() || !name.contains(['/', '\\']);
        let names =
            self.0.programs.iter().filter(is_name).map(|name| format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let mut places = names.flat_map(|name| folders.iter().map(move |folder| folder.join(&name)));
        places.find(|program| is_executable(program) && is_outside(program))
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
