//! Reads `composer.json` (<https://getcomposer.org/doc/04-schema.md>): what a project asks for, where no lock says what it
//! gets.

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;
use crate::inventory::tree::{self, Tree};

pub(super) const FORMAT: Format = Format {
    id: "composer-json",
    about: "composer.json without a lock",
    role: Role::Manifest("composer"),
    wants: |path| name_of(path) == "composer.json",
    read,
};

/// A package that a manifest asks for.
pub(super) struct Ask {
    pub(super) name: String,
    pub(super) requirement: String,
    pub(super) scope: Scope,
    /// The number of the line of its key.
    pub(super) line: u32,
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (root, problems) = tree::json::parse(&source.text);
    tree::tell(reading, &problems);
    if !root.is_map() {
        return Err(Unreadable::new("it is no object of JSON"));
    }
    for ask in of_tree(&root) {
        // A version without an operator means exactly that one.
        let bare = ask.requirement.trim_start_matches(['v', '=']);
        let is_pinned = bare.split('.').count() > 2
            && bare.starts_with(|first: char| first.is_ascii_digit())
            && !bare.contains([' ', '*', '|', ',', '@']);
        let (version, requirement) =
            if is_pinned { (ask.requirement.trim_start_matches('='), "") } else { ("", &*ask.requirement) };
        let draft = Draft {
            requirement: requirement.to_owned(),
            ..Draft::new(Ecosystem::Packagist, &ask.name, version, ask.line)
        };
        if let Some(node) = reading.add(draft) {
            reading.root_as(node, ask.scope, Some(source.location(ask.line)), &ask.requirement);
        }
    }
    Ok(())
}

/// What a manifest asks for; nothing where it is damaged.
pub(super) fn asks(source: &Source) -> Vec<Ask> {
    of_tree(&tree::json::parse(&source.text).0)
}

fn of_tree(root: &Tree) -> Vec<Ask> {
    let lists = [("require", Scope::Runtime), ("require-dev", Scope::Dev)];
    let entries = lists.iter().flat_map(|(key, scope)| root.entries_of(key).iter().map(move |entry| (entry, *scope)));
    // PHP, its extensions and libraries have no vendor in their names.
    let packages = entries.filter(|(entry, _)| entry.key.contains('/'));
    packages
        .map(|(entry, scope)| Ask {
            name: entry.key.to_string(),
            requirement: entry.value.text().unwrap_or_default().trim().to_owned(),
            scope,
            line: entry.line,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::said;

    #[test]
    fn what_is_asked_for() {
        let text = "{\n\"name\": \"acme/app\",\n\"require\": {\"php\": \"^8\",\n\"a/b\": \"1.2.3\",\n\"a/c\": \"^2.0\"},\n\"require-dev\": {\n\"a/d\": \"dev-main\"}}";
        assert_eq!(
            said(&[("composer.json", text)]),
            [
                "a/b 1.2.3 @4 direct composer.json:4",
                "a/c [^2.0] @5 direct composer.json:5",
                "a/d [dev-main] @7 dev direct composer.json:7",
            ]
        );
    }
}
