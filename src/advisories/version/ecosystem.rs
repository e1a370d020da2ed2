//! The ecosystems, and the scheme of versions of each.

use super::rules::Rules;
use super::{alpine, arch, debian, dotted, generic, gentoo, jvm, maven, nuget, pep440, php, rpm, rubygems, semver};

/// A scheme, and the names of the ecosystems that follow it: those of the OSV schema
/// (<https://ossf.github.io/osv-schema/#defined-ecosystems>), the types of package URLs
/// (<https://github.com/package-url/purl-spec>), and other names in use. A new ecosystem is a word here.
static SCHEMES: [(&Rules, &[&str]); 26] = [
    (&semver::CARGO, &["crates.io", "cargo", "rust"]),
    (&semver::NPM, &["npm", "npm-loose", "bower", "yarn"]),
    (&semver::NPM_PRERELEASE, &["npm-prerelease"]),
    (&semver::GO, &["Go", "golang", "Kubernetes"]),
    (&semver::PUB, &["Pub", "Dart"]),
    (&semver::HEX, &["Hex", "Elixir", "otp"]),
    (&semver::JULIA, &["Julia"]),
    (&semver::ACTIONS, &["GitHub Actions", "githubactions", "actions"]),
    (&semver::BITNAMI, &["Bitnami"]),
    (
        &semver::PLAIN,
        &[
            "SwiftURL",
            "swift",
            "VSCode",
            "vscode-extension",
            "semver",
            "semver-loose",
            "helm",
            "terraform",
            "deno",
            "jsr",
        ],
    ),
    (&semver::CONAN, &["ConanCenter", "conan"]),
    (&pep440::RULES, &["PyPI", "pip", "python"]),
    (&maven::RULES, &["Maven", "Gradle", "clojars", "sbt"]),
    (&rubygems::RULES, &["RubyGems", "gem", "cocoapods"]),
    (&php::RULES, &["Packagist", "composer"]),
    (&nuget::RULES, &["NuGet"]),
    (&dotted::CRAN, &["CRAN", "Bioconductor", "R"]),
    (&dotted::HACKAGE, &["Hackage", "GHC"]),
    (&debian::OPAM, &["opam"]),
    (&debian::RULES, &["Debian", "Ubuntu", "Echo", "Docker Hardened Images", "deb"]),
    (
        &rpm::RULES,
        &[
            "Red Hat",
            "redhat",
            "AlmaLinux",
            "Rocky Linux",
            "rocky",
            "SUSE",
            "openSUSE",
            "openEuler",
            "Mageia",
            "Photon OS",
            "photon",
            "Azure Linux",
            "Amazon Linux",
            "Oracle Linux",
            "CentOS",
            "Fedora",
            "TuxCare",
            "rpm",
        ],
    ),
    (
        &alpine::RULES,
        &["Alpine", "Wolfi", "Chainguard", "MinimOS", "Alpaquita", "BellSoft Hardened Containers", "CleanStart", "apk"],
    ),
    (&arch::RULES, &["Arch", "Arch Linux", "alpm"]),
    (&gentoo::RULES, &["Gentoo", "portage", "ebuild"]),
    (&jvm::RULES, &["JVM", "java"]),
    // Programs that no package manager orders.
    (&generic::RULES, &["Linux", "Android", "OSS-Fuzz", "FreeBSD", "Homebrew", "brew", "vcpkg", "generic", "GIT"]),
];

/// The ecosystem whose names are of another: `Root:Alpine:3.18` is of Alpine.
const HIERARCHICAL: &str = "Root";

/// The rules of an ecosystem, whatever release or repository it names behind a colon, or namespace behind a slash
/// (`deb/debian`); `None` when it is not known.
pub(super) fn rules(ecosystem: &str) -> Option<&'static Rules> {
    let (name, suffix) = ecosystem.split_once([':', '/']).unwrap_or((ecosystem, ""));
    match name.trim() {
        name if name.eq_ignore_ascii_case(HIERARCHICAL) => find(suffix.split(':').next()?.trim()),
        name => find(name),
    }
}

fn find(name: &str) -> Option<&'static Rules> {
    let is_named = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    SCHEMES.iter().find(|(_, names)| is_named(names)).map(|(rules, _)| *rules)
}

/// A name of each scheme.
#[cfg(test)]
pub(super) fn one_of_each() -> impl Iterator<Item = &'static str> {
    SCHEMES.iter().filter_map(|(_, names)| names.first().copied())
}
