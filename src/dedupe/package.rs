//! Which packages are the same, though tools name them differently.

use std::collections::HashMap;

use crate::finding::{Finding, Package};

/// A package under any of its names: two that are equal are the same package.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity {
    ecosystem: String,
    name: String,
}

/// What tools call the ecosystems of package URLs.
static ECOSYSTEMS: [(&str, &[&str]); 17] = [
    ("apk", &["alpine", "wolfi", "chainguard"]),
    ("cargo", &["crates.io", "crates-io", "rust", "rust-crate", "rust-binary", "rustbinary"]),
    ("cocoapods", &["pod"]),
    ("composer", &["packagist", "php", "php-composer", "composer-vendor"]),
    ("conda", &["conda-pkg", "conda-environment"]),
    ("deb", &["debian", "ubuntu", "dpkg"]),
    ("gem", &["bundler", "rubygems", "ruby", "gemspec"]),
    ("githubactions", &["github-actions", "github-action", "github actions", "actions"]),
    ("golang", &["go", "gomod", "go-module", "gobinary"]),
    ("hex", &["erlang", "elixir", "mix"]),
    ("maven", &["java", "java-archive", "jar", "pom", "gradle", "sbt"]),
    ("npm", &["node", "node-pkg", "nodejs", "javascript", "js", "yarn", "pnpm", "bun"]),
    ("nuget", &["dotnet", "dotnet-core", "dotnet-deps", ".net"]),
    ("pub", &["dart", "dart-pub"]),
    ("pypi", &["python", "python-pkg", "pip", "pipenv", "poetry", "uv", "pdm"]),
    (
        "rpm",
        &["redhat", "rhel", "centos", "fedora", "amazon", "oracle", "rocky", "alma", "almalinux", "suse", "opensuse"],
    ),
    ("swift", &["swifturl"]),
];

/// The ecosystems of operating systems, whose package URLs have the distribution before the name.
static SYSTEMS: [&str; 3] = ["apk", "deb", "rpm"];

/// Numbers packages, so that the same package always has the same number.
#[derive(Default)]
pub(super) struct Packages<'a> {
    known: HashMap<(&'a str, &'a str), Number>,
    numbers: HashMap<Identity, usize>,
}

/// What stands for a package.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// The same for the same package.
    pub(super) number: usize,
    /// Whether it is one of an operating system, which is listed in one place for all.
    pub(super) is_of_system: bool,
}

impl<'a> Packages<'a> {
    /// That of a finding's package; `None` when it is about none.
    pub(super) fn number(&mut self, finding: &'a Finding) -> Option<Number> {
        let package = finding.package.as_ref()?;
        if let Some(number) = self.known.get(&(package.purl.as_str(), package.name.as_str())) {
            return Some(*number);
        }
        let identity = Identity::of(package);
        let is_of_system = SYSTEMS.contains(&identity.ecosystem.as_str());
        let next = self.numbers.len();
        let number = Number { number: *self.numbers.entry(identity).or_insert(next), is_of_system };
        self.known.insert((&package.purl, &package.name), number);
        Some(number)
    }
}

impl Identity {
    fn of(package: &Package) -> Self {
        let purl = package.purl.split(['?', '#']).next().unwrap_or_default();
        let (kind, path) = purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')).unwrap_or(("", ""));
        let path = if path.is_empty() { package.name.as_str() } else { without_version(path) };
        let kind = kind.to_ascii_lowercase();
        let known = ECOSYSTEMS.iter().find(|(name, others)| *name == kind || others.contains(&kind.as_str()));
        let ecosystem = known.map_or(kind, |(name, _)| (*name).to_owned());
        // Upper and lower case differ on no registry of today.
        let name = decode(path.trim_matches('/')).to_lowercase();
        let name = match ecosystem.as_str() {
            // PEP 503.
            "pypi" => name.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-"),
            "cargo" => name.replace('_', "-"),
            "maven" => name.replace(':', "/"),
            system if SYSTEMS.contains(&system) => name.rsplit('/').next().unwrap_or_default().to_owned(),
            _ => name,
        };
        Self { ecosystem, name }
    }
}

/// The part of a package URL up to the version; the `@` of a scope is at the beginning of a part.
fn without_version(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path.get(name..).and_then(|name| name.rfind('@')) {
        Some(at) if at > 0 => path.get(..name + at).unwrap_or(path),
        _ => path,
    }
}

/// A version without what some tools write and others leave out: the `v` and `+incompatible` of Go, an epoch of 0.
pub(super) fn version(version: &str) -> &str {
    let version = version.trim().trim_start_matches('=');
    let version = version.strip_prefix("0:").unwrap_or(version);
    let version = version.strip_suffix("+incompatible").unwrap_or(version);
    version.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(version)
}

/// Undoes percent-encoding; what is none stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let digits = digits.filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let decoded = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(purl: &str) -> Identity {
        let mut package = Package::new("x", "fallback", "1");
        purl.clone_into(&mut package.purl);
        Identity::of(&package)
    }

    #[test]
    fn one_package_has_many_names() {
        for (a, b) in [
            ("pkg:npm/%40babel/core", "pkg:npm/@babel/core"),
            ("pkg:npm/%40babel/core@7.0.0?x=y#z", "pkg:node-pkg/@babel/core"),
            ("pkg:pypi/Flask_Login", "pkg:python-pkg/flask-login"),
            ("pkg:pypi/zope.interface", "pkg:pip/zope-interface@5.0"),
            ("pkg:maven/org.apache.logging.log4j/log4j-core", "pkg:java-archive/org.apache.logging.log4j:log4j-core"),
            ("pkg:golang/github.com/Masterminds/goutils", "pkg:gomod/github.com/masterminds/goutils@v1.1.0"),
            ("pkg:cargo/serde_json", "pkg:rust-crate/serde-json"),
            ("pkg:deb/debian/openssl?arch=amd64&distro=debian-11", "pkg:deb/openssl"),
            ("pkg:apk/alpine/musl", "pkg:alpine/musl"),
        ] {
            assert_eq!(identity(a), identity(b));
        }
        assert_ne!(identity("pkg:npm/a"), identity("pkg:pypi/a"));
        assert_ne!(identity("pkg:npm/@x/a"), identity("pkg:npm/a"));
        assert_eq!(identity("").name, "fallback");
        assert_eq!(identity("pkg:npm/100%").name, "100%");
    }

    #[test]
    fn versions_are_written_in_several_ways() {
        assert_eq!(
            [version("v1.2.3"), version("2.0.0+incompatible"), version("0:1.2-3.el7")],
            ["1.2.3", "2.0.0", "1.2-3.el7"]
        );
        assert_eq!([version("vendored"), version("1:2.3-4"), version("")], ["vendored", "1:2.3-4", ""]);
    }
}
