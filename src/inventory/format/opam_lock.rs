//! Reads `*.opam.locked` of OCaml (<https://opam.ocaml.org/doc/Manual.html#opamfield-depends>; as `opam lock` writes it).

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "opam-locked",
    about: "the *.opam.locked files of OCaml",
    role: Role::Lock("opam"),
    wants: |path| name_of(path).ends_with(".opam.locked"),
    read,
};

/// Words of a filter, and what a package is for that has one.
const SCOPES: [(&str, Scope); 4] =
    [("with-test", Scope::Dev), ("with-doc", Scope::Dev), ("with-dev-setup", Scope::Dev), ("build", Scope::Build)];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let pinned = list(&source.text, "pin-depends").map(|(_, text)| text).unwrap_or_default();
    let Some((start, depends)) = list(&source.text, "depends") else {
        return Err(Unreadable::new("it has no list of `depends`").hint("let opam write it anew with `opam lock .`"));
    };
    let mut at = start;
    // Texts lie between quotes: names, each with a filter in braces behind it, in which versions are texts, too.
    let mut rest = depends;
    while let Some(quote) = rest.find('"') {
        let behind = &rest[quote + 1..];
        let Some(end) = behind.find('"') else {
            reading.broken(source.line_at(at + quote), "a text has no end");
            break;
        };
        let line = source.line_at(at + quote);
        let name = &behind[..end];
        let after = &behind[end + 1..];
        let filter = after.trim_start().strip_prefix('{');
        let filter = filter.map(|filter| &filter[..filter.find('}').unwrap_or(filter.len())]).unwrap_or_default();
        let exact = filter.split_once('=').filter(|(before, _)| !before.ends_with(['<', '>', '!']));
        let version = exact.and_then(|(_, rest)| rest.split('"').nth(1));
        let is_pinned = pinned.contains(&format!("\"{name}.{}\"", version.unwrap_or_default()));
        let scope = SCOPES.iter().find(|(word, _)| filter.contains(word)).map(|(_, scope)| *scope);
        reading.add(Draft {
            scope,
            source: if is_pinned { PackageSource::Elsewhere } else { PackageSource::Public },
            requirement: if version.is_none() { filter.trim().to_owned() } else { String::new() },
            ..Draft::new(Ecosystem::Opam, name, version.unwrap_or_default(), line)
        });
        let skipped = if filter.is_empty() { 0 } else { after.find('}').map_or(after.len(), |end| end + 1) };
        let used = rest.len() - after.len() + skipped;
        at += used;
        rest = &rest[used..];
    }
    Ok(())
}

/// The text between the brackets behind a field, and where it begins.
fn list<'t>(text: &'t str, field: &str) -> Option<(usize, &'t str)> {
    let label = format!("{field}:");
    let at = if text.starts_with(&label) { 0 } else { text.find(&format!("\n{label}"))? + 1 };
    let open = at + text[at..].find('[')? + 1;
    let mut depth = 1usize;
    let mut is_text = false;
    for (offset, byte) in text.as_bytes().get(open..)?.iter().enumerate() {
        match byte {
            b'"' => is_text = !is_text,
            b'[' if !is_text => depth += 1,
            b']' if !is_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((open, &text[open..open + offset]));
        }
    }
    Some((open, &text[open..]))
}
