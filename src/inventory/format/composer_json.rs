//! Reads `composer.json` (<https://getcomposer.org/doc/04-schema.md>): what a project asks for, where no lock says what it
//! gets.

use super::tree::{Document, Value};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

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
    requirement: String,
    pub(super) scope: Scope,
    /// The number of the line of its key.
    pub(super) line: u32,
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let document = Document::read(reading)?;
    for ask in of_document(source, &document) {
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
            reading.root(node, ask.scope, Some(source.location(ask.line)));
        }
    }
    Ok(())
}

/// What a manifest asks for; nothing where it is damaged.
pub(super) fn asks(source: &Source) -> Vec<Ask> {
    Document::parse(source).map(|(document, _)| of_document(source, &document)).unwrap_or_default()
}

fn of_document(source: &Source, document: &Document) -> Vec<Ask> {
    let lists = [("require", Scope::Runtime), ("require-dev", Scope::Dev)];
    let members = lists.into_iter().flat_map(|(key, scope)| {
        let list = document.root().get(key);
        list.into_iter().flat_map(Value::members).map(move |member| (member, scope))
    });
    // PHP, its extensions and libraries have no vendor in their names.
    let packages = members.filter(|(member, _)| member.key.contains('/'));
    packages
        .map(|(member, scope)| Ask {
            name: member.key.to_string(),
            requirement: member.value.text().unwrap_or_default().trim().to_owned(),
            scope,
            line: document.line(source, member.at),
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
