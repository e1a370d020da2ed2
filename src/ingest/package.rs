//! Names packages as package URLs do, whatever a tool calls their ecosystem
//! (<https://github.com/package-url/purl-spec>).

use crate::ecosystem::Ecosystem;
use crate::finding::Package;
use crate::text;

/// What tools call an ecosystem, lower case.
const ECOSYSTEMS: [(&str, Ecosystem); 61] = [
    ("alma", Ecosystem::Alma),
    ("almalinux", Ecosystem::Alma),
    ("alpine", Ecosystem::Alpine),
    ("apk", Ecosystem::Alpine),
    ("bundler", Ecosystem::RubyGems),
    ("cargo", Ecosystem::Cargo),
    ("chainguard", Ecosystem::Chainguard),
    ("cocoapods", Ecosystem::CocoaPods),
    ("composer", Ecosystem::Packagist),
    ("conan", Ecosystem::Conan),
    ("conda-pkg", Ecosystem::Conda),
    ("conda", Ecosystem::Conda),
    ("crates.io", Ecosystem::Cargo),
    ("deb", Ecosystem::Debian),
    ("debian", Ecosystem::Debian),
    ("dotnet", Ecosystem::NuGet),
    ("dotnet-core", Ecosystem::NuGet),
    ("erlang", Ecosystem::Hex),
    ("gem", Ecosystem::RubyGems),
    ("gemspec", Ecosystem::RubyGems),
    ("github-action", Ecosystem::GitHubActions),
    ("github actions", Ecosystem::GitHubActions),
    ("go", Ecosystem::Go),
    ("go-module", Ecosystem::Go),
    ("gobinary", Ecosystem::Go),
    ("golang", Ecosystem::Go),
    ("gomod", Ecosystem::Go),
    ("gomodules", Ecosystem::Go),
    ("gradle", Ecosystem::Maven),
    ("hex", Ecosystem::Hex),
    ("jar", Ecosystem::Maven),
    ("java", Ecosystem::Maven),
    ("java-archive", Ecosystem::Maven),
    ("javascript", Ecosystem::Npm),
    ("maven", Ecosystem::Maven),
    ("node-pkg", Ecosystem::Npm),
    ("npm", Ecosystem::Npm),
    ("nuget", Ecosystem::NuGet),
    ("packagist", Ecosystem::Packagist),
    ("php-composer", Ecosystem::Packagist),
    ("pip", Ecosystem::PyPi),
    ("pipenv", Ecosystem::PyPi),
    ("pnpm", Ecosystem::Npm),
    ("poetry", Ecosystem::PyPi),
    ("pom", Ecosystem::Maven),
    ("pub", Ecosystem::Pub),
    ("pypi", Ecosystem::PyPi),
    ("python", Ecosystem::PyPi),
    ("python-pkg", Ecosystem::PyPi),
    ("redhat", Ecosystem::RedHat),
    ("rocky", Ecosystem::Rocky),
    ("rpm", Ecosystem::RedHat),
    ("ruby", Ecosystem::RubyGems),
    ("rubygems", Ecosystem::RubyGems),
    ("rust-crate", Ecosystem::Cargo),
    ("rustbinary", Ecosystem::Cargo),
    ("sbt", Ecosystem::Maven),
    ("swift", Ecosystem::Swift),
    ("ubuntu", Ecosystem::Ubuntu),
    ("wolfi", Ecosystem::Wolfi),
    ("yarn", Ecosystem::Npm),
];

/// What tools call systems that are no [`Ecosystem`], lower case, and the type and namespace of their package URLs.
const OTHERS: [(&str, &str); 5] = [
    ("amazon", "rpm/amazon"),
    ("centos", "rpm/centos"),
    ("fedora", "rpm/fedora"),
    ("oracle", "rpm/oraclelinux"),
    ("photon", "rpm/photon"),
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
    let is_it = |name: &str| name == lower || name == word;
    let known = ECOSYSTEMS.iter().find(|(name, _)| is_it(name)).map(|(_, ecosystem)| ecosystem.purl());
    let other = || OTHERS.iter().find(|(name, _)| is_it(name)).map(|(_, kind)| *kind);
    known.or_else(other).unwrap_or(Ecosystem::Generic.purl())
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
