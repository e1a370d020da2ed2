//! The files of the target that a program is given one by one, where it cannot be pointed at a folder or would leave
//! what git leaves out.

use globset::GlobSetBuilder;

use super::spec::Preparation;
use crate::config;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// The names of files that one program is given, in bytes; systems refuse more than about two megabytes.
const MOST_BYTES: usize = 1 << 20;

/// The absolute paths of the files that one of the globs fits, sorted, as far as they can be given to one program; and
/// how many more there are.
pub(super) fn fitting(context: &Context, globs: &[&str]) -> (Vec<String>, usize) {
    let mut set = GlobSetBuilder::new();
    for glob in globs.iter().filter_map(|glob| config::glob_of(glob).ok()) {
        set.add(glob.glob().clone());
    }
    let Ok(set) = set.build() else { return (Vec::new(), 0) };
    let target = &context.target;
    let in_scope = |path: &crate::finding::RepoPath| target.scope.as_ref().is_none_or(|scope| path.is_inside(scope));
    let fitting = context.paths().iter().filter(|path| in_scope(path) && set.is_match(path.as_str()));
    let (mut names, mut bytes, mut left) = (Vec::new(), 0, 0);
    for path in fitting {
        let name = target.root.join(path.as_str()).display().to_string();
        bytes += name.len() + 1;
        if bytes > MOST_BYTES {
            left += 1;
        } else {
            names.push(name);
        }
    }
    (names, left)
}

/// Runs a program with arguments and the files that fit; those that are too many are a gap.
pub(super) fn run(
    context: &Context,
    sink: &dyn Sink,
    program: &str,
    arguments: &[&str],
    globs: &[&str],
) -> Preparation {
    let (names, left) = fitting(context, globs);
    if left > 0 {
        let files = text::count(left, "file");
        sink.gap(Gap::unavailable(format!(
            "{program} was not given {files}: their names are too long for one command"
        )));
    }
    if names.is_empty() {
        return Preparation::Skip(format!("there is no file in the chosen folder for {program}"));
    }
    Preparation::Run(arguments.iter().map(|word| (*word).to_owned()).chain(names).collect())
}

/// The first file of a project that exists, by its name; `None` when there is none.
pub(super) fn first_of(context: &Context, names: &[&str]) -> Option<String> {
    let found = names.iter().map(|name| context.project.join(name)).find(|path| path.is_file());
    found.map(|path| path.display().to_string())
}
