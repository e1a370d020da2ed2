//! What the lockfiles of JavaScript have in common: hashes, addresses, and the `package.json` beside them.

use std::collections::HashMap;

use super::sum;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::source::Source;
use crate::inventory::tree::{Tree, json};

/// The lists of dependencies in a `package.json`, which most formats write into their locks under the same names
/// (<https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies>). The first one that has a name counts.
pub(super) const SECTIONS: [(&str, Scope); 4] = [
    ("optionalDependencies", Scope::Optional),
    ("dependencies", Scope::Runtime),
    ("peerDependencies", Scope::Runtime),
    ("devDependencies", Scope::Dev),
];

/// The public registry and its mirrors, which have the same packages under the same names.
const REGISTRIES: [&str; 12] = [
    "registry.npmjs.org",
    "registry.npmjs.com",
    "registry.yarnpkg.com",
    "registry.npmmirror.com",
    "cdn.npmmirror.com",
    "registry.npm.taobao.org",
    "npm.taobao.org",
    "registry.nlark.com",
    "r.cnpmjs.org",
    "registry.cnpmjs.org",
    "mirrors.cloud.tencent.com",
    "repo.huaweicloud.com",
];

/// What an address, or a specifier with a protocol, says of where a package comes from. None says the public registry.
pub(super) fn source_of(address: &str) -> PackageSource {
    let Some((scheme, rest)) = address.split_once(':') else { return PackageSource::Public };
    match scheme {
        "file" | "link" | "portal" | "workspace" => PackageSource::Local,
        "http" | "https" => {
            let host = rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
            let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
            match REGISTRIES.iter().any(|known| known.eq_ignore_ascii_case(host)) {
                true => PackageSource::Public,
                false => PackageSource::Elsewhere,
            }
        }
        _ => PackageSource::Elsewhere,
    }
}

/// Whether a text is an address or a path and no version.
pub(super) fn is_address(version: &str) -> bool {
    version.contains([':', '/'])
}

/// What the authors of a package say of it, where they have deprecated it: npm keeps an empty text where they took that
/// back, and pnpm a mere `true` where they said no more.
pub(super) fn deprecated(package: &Tree) -> Option<String> {
    match package.text_of("deprecated") {
        "" | "false" => None,
        "true" => Some(String::new()),
        why => Some(why.to_owned()),
    }
}

/// The hashes of a subresource integrity (<https://www.w3.org/TR/sri-2/>): base64 as hexadecimal.
pub(super) fn integrity(text: &str) -> Vec<String> {
    let sums = text.split_whitespace().filter_map(|word| word.split('?').next()?.split_once('-'));
    sums.flat_map(|(algorithm, sum)| sum::base64(algorithm, sum)).collect()
}

/// The name and what follows it in `name@range`; everything after the `@` that is no part of a scope.
pub(super) fn split_at_range(text: &str) -> (&str, &str) {
    let from = usize::from(text.starts_with('@'));
    match text.get(from..).and_then(|rest| rest.find('@')) {
        Some(at) => (text.get(..from + at).unwrap_or(text), text.get(from + at + 1..).unwrap_or_default()),
        None => (text, ""),
    }
}

/// Which versions a range asks for in npm's own words; empty where there is none. Yarn writes the protocol of the
/// registry in front, an alias has the name of another package there.
pub(super) fn requirement(range: Option<&str>) -> &str {
    let Some(range) = range.map(str::trim) else { return "" };
    match range.strip_prefix("npm:").filter(|bare| split_at_range(bare).1.is_empty()).unwrap_or(range) {
        "" => "*",
        bare => bare,
    }
}

/// A `package.json`.
#[derive(Default)]
pub(super) struct Manifest {
    /// Its name; empty when it has none.
    pub(super) name: String,
    /// All that it asks for.
    pub(super) asks: Vec<Asked>,
    /// Where each name stands in that.
    by_name: HashMap<String, Vec<usize>>,
    /// The folders of the members of a workspace, as patterns.
    pub(super) workspaces: Vec<String>,
    /// Versions that it forces on everybody (`resolutions` of Yarn), by name.
    pub(super) resolutions: HashMap<String, String>,
}

/// A package that a manifest asks for.
pub(super) struct Asked {
    /// Its name there, which may be an alias.
    pub(super) name: String,
    /// Which versions.
    pub(super) range: String,
    /// What for.
    pub(super) scope: Scope,
    /// The line.
    pub(super) location: Location,
}

impl Manifest {
    /// The one in a folder, given from that of a lock; `None` when there is none that can be read.
    pub(super) fn beside(lock: &Source, folder: &str) -> Option<Self> {
        let path = match folder.trim_end_matches('/') {
            "" | "." => "package.json".to_owned(),
            folder => format!("{folder}/package.json"),
        };
        let source = lock.neighbour(&path)?;
        let (tree, _) = json::parse(&source.text);
        tree.is_map().then(|| Self::of(&source, &tree))
    }

    /// The one that a tree is.
    pub(super) fn of(source: &Source, tree: &Tree) -> Self {
        let mut asks: Vec<Asked> = Vec::new();
        for (section, scope) in SECTIONS {
            asks.extend(tree.entries_of(section).iter().map(|entry| Asked {
                name: entry.key.to_string(),
                range: entry.value.text().unwrap_or_default().to_owned(),
                scope,
                location: source.location(entry.line),
            }));
        }
        let workspaces = tree.get("workspaces");
        let folders = workspaces.map_or(&[][..], |w| if w.is_map() { w.items_of("packages") } else { w.items() });
        let forced = tree.entries_of("resolutions").iter().map(|entry| {
            // `parent/name`, `**/name` and `name@range` are about `name`.
            let path: Vec<&str> = entry.key.split('/').collect();
            let name = match path.as_slice() {
                [.., scope, name] if scope.starts_with('@') => format!("{scope}/{name}"),
                [.., name] => (*name).to_owned(),
                [] => String::new(),
            };
            (split_at_range(&name).0.to_owned(), entry.value.text().unwrap_or_default().to_owned())
        });
        Self {
            name: tree.text_of("name").to_owned(),
            by_name: index(&asks),
            asks,
            workspaces: folders.iter().filter_map(Tree::text).map(str::to_owned).collect(),
            resolutions: forced.collect(),
        }
    }

    /// The line that asks for a package, and what for: of several the one for the scope that is asked about.
    pub(super) fn asked(&self, name: &str, scope: Option<Scope>) -> Option<&Asked> {
        let places = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let mut all = places.iter().filter_map(|at| self.asks.get(*at));
        let first = all.clone().next();
        all.find(|asked| scope.is_none_or(|scope| asked.scope == scope)).or(first)
    }
}

/// Where each name stands.
fn index(asks: &[Asked]) -> HashMap<String, Vec<usize>> {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::with_capacity(asks.len());
    for (at, asked) in asks.iter().enumerate() {
        by_name.entry(asked.name.clone()).or_default().push(at);
    }
    by_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_addresses() {
        assert_eq!(integrity("sha1-qg== sha512-AP8=?x !"), ["sha1:aa", "sha512:00ff"]);
        for (address, source) in [
            ("", PackageSource::Public),
            ("https://registry.npmjs.org/a/-/a-1.0.0.tgz", PackageSource::Public),
            ("https://user:secret@registry.yarnpkg.com:443/a", PackageSource::Public),
            ("https://npm.pkg.github.com/a", PackageSource::Elsewhere),
            ("git+ssh://git@github.com/a/b.git#1", PackageSource::Elsewhere),
            ("file:../a", PackageSource::Local),
        ] {
            assert_eq!(source_of(address), source, "{address}");
        }
        for (text, said) in [
            ("", None),
            ("false", None),
            ("''", None),
            ("true", Some("")),
            ("'take b: a is old'", Some("take b: a is old")),
        ] {
            let lock = format!("a: {{deprecated: {text}}}\n");
            let (documents, _) = crate::inventory::tree::yaml::parse(&lock);
            assert_eq!(deprecated(documents[0].get("a").unwrap()).as_deref(), said, "{text}");
        }
        assert_eq!(split_at_range("@s/a@npm:b@1"), ("@s/a", "npm:b@1"));
        assert_eq!(split_at_range("@s/a"), ("@s/a", ""));
    }
}
