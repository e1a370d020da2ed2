//! Reads the lists of requirements in a `setup.py` where no lockfile is. The file is a program, which is never run: lists
//! of plain texts are read, and anything else is told.

use super::python::Requirement;
use super::{Format, Role, Unreadable, name_of};
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};
use crate::scanner::Gap;
use crate::text;

pub(super) const FORMAT: Format = Format {
    id: "setup-py",
    about: "setup.py",
    role: Role::Manifest("python"),
    wants: |path| name_of(path) == "setup.py",
    read,
};

/// A comment that begins further in front of an argument is not seen.
const MAX_LINE: usize = 400;

/// The arguments that list requirements, and what they are for.
const LISTS: [(&str, Scope); 3] =
    [("install_requires", Scope::Runtime), ("tests_require", Scope::Dev), ("setup_requires", Scope::Build)];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    for (argument, scope) in LISTS {
        for (at, _) in source.text.match_indices(argument) {
            let before = source.text.get(..at).unwrap_or_default();
            let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let line = before.as_bytes().get(before.len().saturating_sub(MAX_LINE)..).unwrap_or_default();
            let line = line.get(text::line_start(line)..).unwrap_or_default();
            let behind = source.text.get(at + argument.len()..).unwrap_or_default();
            // An argument, a variable, or a name in a dictionary.
            let behind = behind.trim_start_matches(['"', '\'', ' ', '\t']);
            let Some(value) = behind.strip_prefix(['=', ':']).filter(|value| !value.starts_with('=')) else { continue };
            if !is_whole || line.contains(&b'#') {
                continue;
            }
            let (texts, is_static) = texts(value);
            for text in texts {
                let number = source.line_of(text).unwrap_or(1);
                if let Some(asked) = Requirement::parse(text) {
                    let manifest = Some(source.location(number));
                    reading.add(Draft { scope: Some(scope), direct: Some(true), manifest, ..asked.draft(number) });
                }
            }
            if !is_static {
                let (path, number) = (&source.path, source.line_at(at));
                reading.gap(
                    Gap::unavailable(format!(
                        "`{path}` line {number}: `{argument}` is computed, and programs are not run"
                    ))
                    .hint("declare the dependencies in pyproject.toml, or commit a lockfile"),
                );
            }
        }
    }
    Ok(())
}

/// The texts of a list at the beginning of a program, and whether it is nothing but a list of texts.
fn texts(program: &str) -> (Vec<&str>, bool) {
    let mut all = Vec::new();
    let mut rest = program.trim_start();
    let Some(inside) = rest.strip_prefix(['[', '(']) else {
        // The argument of a call may be a variable of the same name, which is read where it stands.
        let is_same = LISTS.iter().any(|(name, _)| rest.starts_with(name));
        return (all, is_same);
    };
    rest = inside;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', '\\']);
        if let Some(comment) = rest.strip_prefix('#') {
            rest = comment.split_once('\n').map_or("", |(_, next)| next);
            continue;
        }
        if let Some(behind) = rest.strip_prefix([']', ')']) {
            // What is added to the list is not seen.
            return (all, !behind.trim_start_matches([' ', '\t']).starts_with('+'));
        }
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return (all, false) };
        let Some((text, behind)) = rest.get(1..).and_then(|rest| rest.split_once(quote)) else { return (all, false) };
        if text.contains(['\n', '\\', '{']) {
            return (all, false);
        }
        all.push(text);
        // Texts without a comma between are one, and a text with something behind is computed.
        rest = behind.trim_start();
        if !rest.starts_with([',', ']', ')', '#']) {
            all.pop();
            return (all, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_texts() {
        assert_eq!(texts(" [\n 'a>=1', # x\n \"b\",\n]"), (vec!["a>=1", "b"], true));
        assert_eq!(texts("['a'] + more"), (vec!["a"], false));
        assert_eq!(texts("read('requirements.txt')"), (vec![], false));
        assert_eq!(texts("['a' + x, 'b']"), (vec![], false));
        assert_eq!(texts("install_requires,"), (vec![], true));
    }
}
