//! Defines [`Ecosystem`]: where packages come from, under its name in advisories and in package URLs.

use std::borrow::Cow;
use std::fmt;

/// A place that packages come from and that gives each a name of its own.
///
/// The names for advisories are those of the OSV schema (<https://ossf.github.io/osv-schema/#defined-ecosystems>), the
/// types for package URLs those of the purl specification (<https://github.com/package-url/purl-spec>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Rust: crates.io.
    Cargo,
    /// JavaScript: npm.
    Npm,
    /// JavaScript: JSR.
    Jsr,
    /// Python: PyPI.
    PyPi,
    /// Go modules.
    Go,
    /// Java and its neighbours: Maven Central.
    Maven,
    /// Ruby: rubygems.org.
    RubyGems,
    /// PHP: Packagist.
    Packagist,
    /// .NET: nuget.org.
    NuGet,
    /// Dart and Flutter: pub.dev.
    Pub,
    /// Elixir and Erlang: hex.pm.
    Hex,
    /// Swift packages, named by the address of their repository.
    Swift,
    /// Apple platforms: CocoaPods.
    CocoaPods,
    /// C and C++: ConanCenter.
    Conan,
    /// C and C++: vcpkg.
    Vcpkg,
    /// R: CRAN.
    Cran,
    /// R: Bioconductor.
    Bioconductor,
    /// Haskell: Hackage.
    Hackage,
    /// Julia's general registry.
    Julia,
    /// OCaml: opam.
    Opam,
    /// Python and more: conda.
    Conda,
    /// Workflow steps of GitHub, named `owner/repository`.
    GitHubActions,
    /// Container images.
    Docker,
    /// Applications packaged by Bitnami.
    Bitnami,
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
    /// Alpine Linux.
    Alpine,
    /// Wolfi.
    Wolfi,
    /// Chainguard.
    Chainguard,
    /// Red Hat Enterprise Linux.
    RedHat,
    /// AlmaLinux.
    Alma,
    /// Rocky Linux.
    Rocky,
    /// SUSE Linux Enterprise.
    Suse,
    /// openSUSE.
    OpenSuse,
    /// Arch Linux.
    Arch,
    /// Anything that no ecosystem is known for.
    #[default]
    Generic,
}

/// One line of the table.
struct Entry {
    ecosystem: Ecosystem,
    /// Its name in OSV; empty when no advisories are published for it there.
    osv: &'static str,
    /// The type of its package URLs, with the namespace where all have the same.
    purl: &'static str,
    /// What people call it.
    title: &'static str,
    /// How names are compared.
    names: Names,
}

/// When two names are the same package.
#[derive(Clone, Copy)]
enum Names {
    /// When they are the same text.
    Exact,
    /// When they differ in case only.
    AnyCase,
    /// By PEP 503: without regard to case, and to which of `-`, `_` and `.`, how often, stands between words.
    Python,
    /// When they are the same address of a repository: without regard to the scheme, to case, and to a `.git` behind.
    Repository,
}

const TABLE: [Entry; 36] = [
    entry(Ecosystem::Cargo, "crates.io", "cargo", "Rust", Names::Exact),
    entry(Ecosystem::Npm, "npm", "npm", "npm", Names::Exact),
    entry(Ecosystem::Jsr, "", "jsr", "JSR", Names::Exact),
    entry(Ecosystem::PyPi, "PyPI", "pypi", "Python", Names::Python),
    entry(Ecosystem::Go, "Go", "golang", "Go", Names::Exact),
    entry(Ecosystem::Maven, "Maven", "maven", "Maven", Names::Exact),
    entry(Ecosystem::RubyGems, "RubyGems", "gem", "Ruby", Names::Exact),
    entry(Ecosystem::Packagist, "Packagist", "composer", "PHP", Names::AnyCase),
    entry(Ecosystem::NuGet, "NuGet", "nuget", ".NET", Names::AnyCase),
    entry(Ecosystem::Pub, "Pub", "pub", "Dart", Names::Exact),
    entry(Ecosystem::Hex, "Hex", "hex", "Hex", Names::Exact),
    entry(Ecosystem::Swift, "SwiftURL", "swift", "Swift", Names::Repository),
    entry(Ecosystem::CocoaPods, "", "cocoapods", "CocoaPods", Names::Exact),
    entry(Ecosystem::Conan, "ConanCenter", "conan", "Conan", Names::Exact),
    entry(Ecosystem::Vcpkg, "", "vcpkg", "vcpkg", Names::Exact),
    entry(Ecosystem::Cran, "CRAN", "cran", "CRAN", Names::Exact),
    entry(Ecosystem::Bioconductor, "Bioconductor", "bioconductor", "Bioconductor", Names::Exact),
    entry(Ecosystem::Hackage, "Hackage", "hackage", "Haskell", Names::Exact),
    entry(Ecosystem::Julia, "Julia", "julia", "Julia", Names::Exact),
    entry(Ecosystem::Opam, "opam", "opam", "opam", Names::Exact),
    entry(Ecosystem::Conda, "", "conda", "conda", Names::AnyCase),
    entry(Ecosystem::GitHubActions, "GitHub Actions", "githubactions", "GitHub Actions", Names::AnyCase),
    entry(Ecosystem::Docker, "", "docker", "container images", Names::Exact),
    entry(Ecosystem::Bitnami, "Bitnami", "bitnami", "Bitnami", Names::AnyCase),
    entry(Ecosystem::Debian, "Debian", "deb/debian", "Debian", Names::Exact),
    entry(Ecosystem::Ubuntu, "Ubuntu", "deb/ubuntu", "Ubuntu", Names::Exact),
    entry(Ecosystem::Alpine, "Alpine", "apk/alpine", "Alpine", Names::Exact),
    entry(Ecosystem::Wolfi, "Wolfi", "apk/wolfi", "Wolfi", Names::Exact),
    entry(Ecosystem::Chainguard, "Chainguard", "apk/chainguard", "Chainguard", Names::Exact),
    entry(Ecosystem::RedHat, "Red Hat", "rpm/redhat", "Red Hat", Names::Exact),
    entry(Ecosystem::Alma, "AlmaLinux", "rpm/almalinux", "AlmaLinux", Names::Exact),
    entry(Ecosystem::Rocky, "Rocky Linux", "rpm/rocky", "Rocky Linux", Names::Exact),
    entry(Ecosystem::Suse, "SUSE", "rpm/suse", "SUSE", Names::Exact),
    entry(Ecosystem::OpenSuse, "openSUSE", "rpm/opensuse", "openSUSE", Names::Exact),
    entry(Ecosystem::Arch, "", "alpm/arch", "Arch Linux", Names::Exact),
    entry(Ecosystem::Generic, "", "generic", "other", Names::Exact),
];

const fn entry(
    ecosystem: Ecosystem,
    osv: &'static str,
    purl: &'static str,
    title: &'static str,
    names: Names,
) -> Entry {
    Entry { ecosystem, osv, purl, title, names }
}

impl Ecosystem {
    /// Every ecosystem, in the order of their declaration.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|entry| entry.ecosystem)
    }

    /// The ecosystem of an OSV record, with or without a release behind a colon (`Debian:12`), in any case; `None` for
    /// one that is not known here.
    pub fn of_osv(name: &str) -> Option<Self> {
        let name = name.split(':').next().unwrap_or_default().trim();
        let is_it = |entry: &&Entry| !entry.osv.is_empty() && entry.osv.eq_ignore_ascii_case(name);
        TABLE.iter().find(is_it).map(|entry| entry.ecosystem)
    }

    /// The ecosystem of package URLs of a type (`npm`, `deb`) and, for systems that have several, of a namespace
    /// (`debian`); `None` for a type that is not known here.
    pub fn of_purl(kind: &str, namespace: &str) -> Option<Self> {
        let is_it = |entry: &&Entry| match entry.purl.split_once('/') {
            Some((of, space)) => of.eq_ignore_ascii_case(kind) && space.eq_ignore_ascii_case(namespace),
            None => entry.purl.eq_ignore_ascii_case(kind),
        };
        TABLE.iter().find(is_it).map(|entry| entry.ecosystem)
    }

    fn entry(self) -> &'static Entry {
        // A test holds the table to the order of the declaration.
        &TABLE[self as usize]
    }

    /// Its name in OSV; empty when no advisories are published for it there.
    pub fn osv(self) -> &'static str {
        self.entry().osv
    }

    /// The type of its package URLs, with the namespace where all have the same: `cargo`, `deb/debian`.
    pub fn purl(self) -> &'static str {
        self.entry().purl
    }

    /// Its name in OSV, or the type of its package URLs where it has none there.
    pub fn osv_or_purl(self) -> &'static str {
        match self.osv() {
            "" => self.purl(),
            name => name,
        }
    }

    /// A name in the one form in which equal names are equal texts.
    pub fn normalized(self, name: &str) -> Cow<'_, str> {
        match self.entry().names {
            Names::Exact => Cow::Borrowed(name),
            Names::AnyCase => match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                true => Cow::Owned(name.to_ascii_lowercase()),
                false => Cow::Borrowed(name),
            },
            Names::Python => Cow::Owned(python(name)),
            Names::Repository => {
                let bare = name.split_once("://").map_or(name, |(_, rest)| rest).trim_end_matches('/');
                Cow::Owned(bare.strip_suffix(".git").unwrap_or(bare).to_ascii_lowercase())
            }
        }
    }
}

impl fmt::Display for Ecosystem {
    /// What people call it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.entry().title)
    }
}

/// PEP 503: runs of `-`, `_` and `.` are one `-`, and case does not count.
fn python(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            letter => out.push(letter.to_ascii_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_order_of_the_declaration() {
        for (at, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.ecosystem as usize, at, "{:?}", entry.ecosystem);
            let (kind, space) = entry.purl.split_once('/').unwrap_or((entry.purl, ""));
            assert_eq!(Ecosystem::of_purl(kind, space), Some(entry.ecosystem));
            if !entry.osv.is_empty() {
                assert_eq!(Ecosystem::of_osv(&format!("{}:1", entry.osv)), Some(entry.ecosystem));
            }
        }
        assert_eq!(Ecosystem::Generic as usize + 1, TABLE.len());
    }

    #[test]
    fn names_of_one_package() {
        let of = |ecosystem: Ecosystem, name: &str| ecosystem.normalized(name).into_owned();
        assert_eq!(of(Ecosystem::PyPi, "Zope.-_Interface"), "zope-interface");
        assert_eq!(of(Ecosystem::NuGet, "Newtonsoft.Json"), "newtonsoft.json");
        assert_eq!(of(Ecosystem::Npm, "JSONStream"), "JSONStream");
        assert_eq!(of(Ecosystem::Swift, "https://GitHub.com/apple/swift-nio.git"), "github.com/apple/swift-nio");
    }
}
