//! Reads `Package.resolved` of Swift, versions 1 to 3
//! (<https://docs.swift.org/swiftpm/documentation/packagemanagerdocs/resolvingpackageversions>; as SwiftPM's own
//! `ResolvedPackagesStore.swift` writes it). A package has the address of its repository for a name.

use std::collections::HashMap;

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "package-resolved",
    about: "Package.resolved of Swift, versions 1 to 3",
    role: Role::Lock("swift"),
    wants: |path| name_of(path) == "Package.resolved",
    read,
};

/// The newest version that is known.
const NEWEST: u32 = 3;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let resolved = document::read_json(reading);
    let version = resolved.get("version");
    if version.text().parse().is_ok_and(|version: u32| version > NEWEST) {
        let why = format!("version {} of the format is newer than {NEWEST}; it is read as that one", version.text());
        reading.broken(version.line, &why);
    }
    let pins = [resolved.get("pins"), resolved.at(&["object", "pins"])].into_iter().find(|pins| !pins.is_null());
    let Some(pins) = pins else {
        return Err(Unreadable::new("it has no `pins`").hint("let Swift write it anew with `swift package resolve`"));
    };
    let asked = asked(source);
    for pin in pins.items() {
        let Some(draft) = draft(pin) else {
            reading.broken(pin.line, "a pin without a name is left out");
            continue;
        };
        let place = asked.get(&*Ecosystem::Swift.normalized(&draft.name)).cloned();
        // The file does not say who needs whom, so the manifest alone knows what is direct.
        let direct = (!asked.is_empty()).then_some(place.is_some());
        if let Some(node) = reading.add(Draft { direct, ..draft })
            && place.is_some()
        {
            reading.root(node, Scope::Runtime, place);
        }
    }
    Ok(())
}

fn draft(pin: &Tree) -> Option<Draft> {
    let first = |keys: [&str; 2]| keys.into_iter().map(|key| pin.get(key)).find(|told| !told.text().is_empty());
    let named = first(["identity", "package"]);
    let address = first(["location", "repositoryURL"]);
    let line = named.or(address)?.line;
    let state = pin.get("state");
    let version = [state.get("version"), state.get("revision"), state.get("branch")];
    let version = version.into_iter().map(Tree::text).find(|text| !text.is_empty()).unwrap_or_default();
    let kind = pin.get("kind").text();
    let address = address.map_or("", Tree::text);
    let is_path = address.starts_with(['/', '.', '~']) || address.starts_with("file:");
    let source = match kind {
        "localSourceControl" | "fileSystem" => PackageSource::Local,
        "registry" => PackageSource::Elsewhere,
        _ if is_path => PackageSource::Local,
        _ => PackageSource::Public,
    };
    let name = match (source, named) {
        (PackageSource::Public, _) if !address.is_empty() => repository(address),
        (_, Some(named)) => named.text().to_owned(),
        _ => repository(address),
    };
    Some(Draft { source, ..Draft::new(Ecosystem::Swift, &name, version, line) })
}

/// The address of a repository as names have it: without a scheme, a user, and `.git` behind.
pub(super) fn repository(address: &str) -> String {
    let (scheme, bare) = address.split_once("://").unwrap_or(("", address));
    let host = bare.split('/').next().unwrap_or_default();
    let bare = if host.contains('@') { bare.split_once('@').map_or(bare, |(_, rest)| rest) } else { bare };
    // `git@host:owner/name` has a colon in the place of the first slash.
    let bare = match (scheme, bare.split_once(':')) {
        ("", Some((host, path))) if !host.contains('/') => format!("{host}/{}", path.trim_start_matches('/')),
        _ => bare.to_owned(),
    };
    let bare = bare.trim_end_matches('/');
    bare.strip_suffix(".git").unwrap_or(bare).to_owned()
}

/// The lines of the manifest, or of the project of Xcode around the file, that ask for repositories.
fn asked(source: &Source) -> HashMap<String, Location> {
    let mut asked = HashMap::new();
    for (file, keys) in
        [("Package.swift", ["url:", "url :"]), ("../../../project.pbxproj", ["repositoryURL =", "repositoryURL="])]
    {
        let Some(manifest) = source.neighbour(file) else { continue };
        for (number, line) in (1u32..).zip(manifest.text.lines()) {
            if line.trim_start().starts_with("//") {
                continue;
            }
            let behind = keys.iter().find_map(|key| line.split_once(key)).map(|(_, behind)| behind);
            let Some(address) = behind.and_then(|behind| behind.split('"').nth(1)) else { continue };
            let name = Ecosystem::Swift.normalized(&repository(address)).into_owned();
            asked.entry(name).or_insert_with(|| manifest.location(number));
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (address, name) in [
            ("https://github.com/apple/swift-nio.git", "github.com/apple/swift-nio"),
            ("git@github.com:apple/swift-nio.git", "github.com/apple/swift-nio"),
            ("ssh://git@github.com/apple/swift-nio", "github.com/apple/swift-nio"),
            ("https://host:8443/a/b/", "host:8443/a/b"),
        ] {
            assert_eq!(repository(address), name);
        }
    }
}
