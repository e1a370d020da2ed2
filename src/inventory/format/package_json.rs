//! Reads `package.json` where no lockfile is
//! (<https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies>).

use super::javascript::{Manifest, is_address, requirement, source_of, split_at_range};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::tree::{self, json};

pub(super) const FORMAT: Format = Format {
    id: "package-json",
    about: "package.json",
    role: Role::Manifest("npm"),
    wants: |path| name_of(path) == "package.json",
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (tree, problems) = json::parse(&source.text);
    if !tree.is_map() {
        return Err(Unreadable::of(&problems, "it is no map"));
    }
    tree::tell(reading, &problems);
    for asked in Manifest::of(source, &tree).asks {
        // An alias asks for `npm:name@range`.
        let (name, range) = match asked.range.strip_prefix("npm:") {
            Some(real) => split_at_range(real),
            None => (asked.name.as_str(), asked.range.as_str()),
        };
        let is_pinned = is_version(range);
        let line = asked.location.span.map_or(1, |span| span.start_line);
        let node = reading.add(Draft {
            requirement: if is_pinned { String::new() } else { range.to_owned() },
            source: if is_address(range) { source_of(range) } else { Default::default() },
            scope: Some(asked.scope),
            ..Draft::new(Ecosystem::Npm, name, if is_pinned { range } else { "" }, line)
        });
        if let Some(node) = node {
            reading.root_as(node, asked.scope, Some(asked.location), requirement(Some(&asked.range)));
        }
    }
    Ok(())
}

/// Whether a range is one version: three numbers, and what may follow.
fn is_version(range: &str) -> bool {
    let core = range.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && !range.contains([' ', '|', '*'])
}
