//! What a comparison adds to the document.

use serde::Serialize;

use crate::diff::identity::Identity;
use crate::diff::{Change, Moved, PackageChange};

#[derive(Serialize)]
pub(super) struct ChangeEntry<'a> {
    base: BaseEntry<'a>,
    introduced: usize,
    unchanged: usize,
    moved: Vec<MovedEntry<'a>>,
    fixed: Vec<IdentityEntry<'a>>,
    packages: Option<Vec<PackageEntry<'a>>>,
}

#[derive(Serialize)]
struct PackageEntry<'a> {
    change: &'static str,
    ecosystem: &'static str,
    name: &'a str,
    from: &'a [String],
    to: &'a [String],
    licenses: &'a [String],
    rules: &'a [String],
}

#[derive(Serialize)]
struct BaseEntry<'a> {
    name: &'a str,
    kind: &'static str,
    revision: Option<&'a str>,
}

#[derive(Serialize)]
struct MovedEntry<'a> {
    from: PlaceEntry<'a>,
    #[serde(flatten)]
    finding: IdentityEntry<'a>,
}

#[derive(Serialize)]
struct IdentityEntry<'a> {
    rule: &'a str,
    kind: &'static str,
    severity: &'static str,
    message: &'a str,
    location: PlaceEntry<'a>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct PlaceEntry<'a> {
    path: &'a str,
    start_line: Option<u32>,
    commit: Option<&'a str>,
}

pub(super) fn entry(change: &Change, introduced: usize) -> ChangeEntry<'_> {
    let base = &change.base;
    ChangeEntry {
        base: BaseEntry { name: &base.name, kind: base.kind.id(), revision: base.revision.as_deref() },
        introduced,
        unchanged: change.unchanged,
        moved: change.moved.iter().map(moved).collect(),
        fixed: change.fixed.iter().map(identity).collect(),
        packages: change.packages.as_ref().map(|all| all.iter().map(package).collect()),
    }
}

fn package(package: &PackageChange) -> PackageEntry<'_> {
    let difference = &package.difference;
    PackageEntry {
        change: difference.kind.word(),
        ecosystem: difference.ecosystem.osv_or_purl(),
        name: &difference.name,
        from: &difference.from,
        to: &difference.to,
        licenses: &package.licenses,
        rules: &package.rules,
    }
}

fn moved(moved: &Moved) -> MovedEntry<'_> {
    MovedEntry { from: place(&moved.from), finding: identity(&moved.to) }
}

fn identity(identity: &Identity) -> IdentityEntry<'_> {
    IdentityEntry {
        rule: &identity.rule,
        kind: identity.kind.id(),
        severity: identity.severity.id(),
        message: &identity.message,
        location: place(identity),
        fingerprint: identity.fingerprint.as_str(),
    }
}

fn place(identity: &Identity) -> PlaceEntry<'_> {
    PlaceEntry { path: identity.path.as_str(), start_line: identity.line, commit: identity.commit.as_deref() }
}
