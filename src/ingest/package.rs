//! Names packages as package URLs do, whatever a tool calls their ecosystem
//! (<https://github.com/package-url/purl-spec>).

use crate::finding::Package;
use crate::text;

/// What tools call an ecosystem, lower case, and the type and namespace of its package URLs.
const ECOSYSTEMS: [(&str, &str); 66] = [
    ("alma", "rpm/almalinux"),
    ("almalinux", "rpm/almalinux"),
    ("alpine", "apk/alpine"),
    ("amazon", "rpm/amazon"),
    ("apk", "apk/alpine"),
    ("bundler", "gem"),
    ("cargo", "cargo"),
    ("centos", "rpm/centos"),
    ("chainguard", "apk/chainguard"),
    ("cocoapods", "cocoapods"),
    ("composer", "composer"),
    ("conan", "conan"),
    ("conda-pkg", "conda"),
    ("conda", "conda"),
    ("crates.io", "cargo"),
    ("deb", "deb/debian"),
    ("debian", "deb/debian"),
    ("dotnet", "nuget"),
    ("dotnet-core", "nuget"),
    ("erlang", "hex"),
    ("fedora", "rpm/fedora"),
    ("gem", "gem"),
    ("gemspec", "gem"),
    ("github-action", "githubactions"),
    ("github actions", "githubactions"),
    ("go", "golang"),
    ("go-module", "golang"),
    ("gobinary", "golang"),
    ("golang", "golang"),
    ("gomod", "golang"),
    ("gomodules", "golang"),
    ("gradle", "maven"),
    ("hex", "hex"),
    ("jar", "maven"),
    ("java", "maven"),
    ("java-archive", "maven"),
    ("javascript", "npm"),
    ("maven", "maven"),
    ("node-pkg", "npm"),
    ("npm", "npm"),
    ("nuget", "nuget"),
    ("oracle", "rpm/oraclelinux"),
    ("packagist", "composer"),
    ("photon", "rpm/photon"),
    ("php-composer", "composer"),
    ("pip", "pypi"),
    ("pipenv", "pypi"),
    ("pnpm", "npm"),
    ("poetry", "pypi"),
    ("pom", "maven"),
    ("pub", "pub"),
    ("pypi", "pypi"),
    ("python", "pypi"),
    ("python-pkg", "pypi"),
    ("redhat", "rpm/redhat"),
    ("rocky", "rpm/rocky"),
    ("rpm", "rpm/redhat"),
    ("ruby", "gem"),
    ("rubygems", "gem"),
    ("rust-crate", "cargo"),
    ("rustbinary", "cargo"),
    ("sbt", "maven"),
    ("swift", "swift"),
    ("ubuntu", "deb/ubuntu"),
    ("wolfi", "apk/wolfi"),
    ("yarn", "npm"),
];

/// A package by its package URL, or by what a tool calls its ecosystem where it has none.
pub fn package(purl: &str, ecosystem: &str, name: &str, version: &str) -> Package {
    let bare = purl.split(['?', '#']).next().unwrap_or_default();
    // An `@` that is not encoded stands in front of the version, unless it begins a scope.
    let unversioned = match bare.rsplit_once('@') {
        Some((before, behind)) if !before.ends_with('/') && !behind.contains('/') => before,
        _ => bare,
    };
    let mut package = Package::new(type_of(ecosystem), &joined(ecosystem, name), version);
    if unversioned.starts_with("pkg:") && unversioned.contains('/') {
        package.purl = text::printable(unversioned);
    }
    package.name = text::printable(name);
    package.version = text::printable(version);
    package
}

/// The type, with a namespace where all packages have the same, of package URLs of an ecosystem; `generic` where
/// nobody knows it.
pub fn type_of(ecosystem: &str) -> &'static str {
    let lower = ecosystem.trim().to_ascii_lowercase();
    let word = lower.split(':').next().unwrap_or_default();
    let found = ECOSYSTEMS.iter().find(|(name, _)| *name == lower || *name == word);
    found.map_or("generic", |(_, kind)| kind)
}

/// Maven's group and artifact are two parts of the path.
fn joined(ecosystem: &str, name: &str) -> String {
    if type_of(ecosystem) == "maven" { name.replacen(':', "/", 1) } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_by_url_or_name() {
        let of = |purl: &str, ecosystem: &str, name: &str| package(purl, ecosystem, name, "1").purl;
        assert_eq!(of("pkg:npm/%40a/b@1.2?x=y", "npm", "@a/b"), "pkg:npm/%40a/b");
        assert_eq!(of("pkg:npm/@a/b", "npm", "@a/b"), "pkg:npm/@a/b");
        assert_eq!(of("", "python-pkg", "Jinja2"), "pkg:pypi/Jinja2");
        assert_eq!(of("", "jar", "org.x:y"), "pkg:maven/org.x/y");
        assert_eq!(of("", "Alpine:v3.10", "musl"), "pkg:apk/alpine/musl");
        assert_eq!(of("", "", "x"), "pkg:generic/x");
    }
}
