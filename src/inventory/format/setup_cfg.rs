//! Reads `setup.cfg` where no lockfile is (<https://setuptools.pypa.io/en/latest/userguide/declarative_config.html>).

use super::python::Requirement;
use super::{Format, Role, Unreadable, name_of};
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "setup-cfg",
    about: "setup.cfg",
    role: Role::Manifest("python"),
    wants: |path| name_of(path) == "setup.cfg",
    read,
};

/// The section and the key of a list of requirements, and what they are for. An empty key is every key.
const LISTS: [(&str, &str, Scope); 4] = [
    ("options", "install_requires", Scope::Runtime),
    ("options", "tests_require", Scope::Dev),
    ("options", "setup_requires", Scope::Build),
    ("options.extras_require", "", Scope::Optional),
];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (mut section, mut key) = ("", "");
    for (number, raw) in (1u32..).zip(source.text.lines()) {
        let text = raw.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        let mut value = text;
        if let Some(name) =
            text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|_| raw.starts_with('['))
        {
            (section, key) = (name.trim(), "");
            continue;
        }
        // A value goes on in lines that are indented.
        if !raw.starts_with([' ', '\t']) {
            let Some((name, rest)) = text.split_once(['=', ':']) else { continue };
            (key, value) = (name.trim(), rest.trim());
        }
        let list = LISTS.iter().find(|(of, name, _)| *of == section && (name.is_empty() || *name == key));
        let Some((_, _, scope)) = list.filter(|_| !key.is_empty() && !value.is_empty()) else { continue };
        let value = value.split(" #").next().unwrap_or(value);
        if value.starts_with("file:") {
            continue;
        }
        // In the line of its name a list has semicolons between requirements, so that there are no markers.
        let end = if raw.starts_with([' ', '\t']) { '\n' } else { ';' };
        for one in value.split(end).filter(|one| !one.trim().is_empty()) {
            match Requirement::parse(one) {
                Some(asked) => drop(reading.add(Draft {
                    scope: Some(*scope),
                    direct: Some(true),
                    manifest: Some(source.location(number)),
                    ..asked.draft(number)
                })),
                None => reading.broken(number, "this line asks for no package"),
            }
        }
    }
    Ok(())
}
