//! Knows which packages a file speaks of, for reports that name the file and not the ecosystem.

/// Names of files, lower case, and the ecosystem whose packages they name; a name that begins with `*` is an ending.
const MANIFESTS: [(&str, &str); 46] = [
    ("build.gradle", "maven"),
    ("build.gradle.kts", "maven"),
    ("build.sbt", "maven"),
    ("bun.lock", "npm"),
    ("cargo.lock", "cargo"),
    ("cargo.toml", "cargo"),
    ("composer.json", "composer"),
    ("composer.lock", "composer"),
    ("conan.lock", "conan"),
    ("environment.yml", "conda"),
    ("gemfile", "gem"),
    ("gemfile.lock", "gem"),
    ("gems.locked", "gem"),
    ("go.mod", "golang"),
    ("go.sum", "golang"),
    ("gradle.lockfile", "maven"),
    ("mix.lock", "hex"),
    ("npm-shrinkwrap.json", "npm"),
    ("package-lock.json", "npm"),
    ("package.json", "npm"),
    ("packages.config", "nuget"),
    ("packages.lock.json", "nuget"),
    ("paket.lock", "nuget"),
    ("pdm.lock", "pypi"),
    ("pipfile", "pypi"),
    ("pipfile.lock", "pypi"),
    ("pnpm-lock.yaml", "npm"),
    ("podfile.lock", "cocoapods"),
    ("package.resolved", "swift"),
    ("poetry.lock", "pypi"),
    ("pom.xml", "maven"),
    ("project.assets.json", "nuget"),
    ("pubspec.lock", "pub"),
    ("pylock.toml", "pypi"),
    ("pyproject.toml", "pypi"),
    ("setup.cfg", "pypi"),
    ("setup.py", "pypi"),
    ("uv.lock", "pypi"),
    ("yarn.lock", "npm"),
    ("*.csproj", "nuget"),
    ("*.deps.json", "nuget"),
    ("*.gemspec", "gem"),
    ("*.jar", "maven"),
    ("*.war", "maven"),
    ("*.whl", "pypi"),
    ("*requirements.txt", "pypi"),
];

/// The ecosystem whose packages a file names, as [`super::package::package`] takes it; empty when nobody knows.
pub fn ecosystem(path: &str) -> &'static str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let fits = |known: &str| known.strip_prefix('*').map_or(name == known, |ending| name.ends_with(ending));
    let found = MANIFESTS.iter().find(|(known, _)| fits(known)).map(|(_, ecosystem)| *ecosystem);
    // `requirements-dev.txt` and `requirements/base.txt` are as common as the plain name.
    let is_list = name.ends_with(".txt") && path.to_ascii_lowercase().contains("requirements");
    found.unwrap_or(if is_list { "pypi" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::ecosystem;

    #[test]
    fn files_speak_of_packages() {
        for (path, expected) in [
            ("a/Gemfile.lock", "gem"),
            ("requirements/base.txt", "pypi"),
            ("dev-requirements.txt", "pypi"),
            ("lib\\x.jar", "maven"),
            ("README.txt", ""),
        ] {
            assert_eq!(ecosystem(path), expected, "{path}");
        }
    }
}
