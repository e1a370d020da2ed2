//! Defines [`Homes`]: where package managers keep what they have fetched.

use std::env;
use std::path::{Path, PathBuf};

/// The folders of package managers, each by its own variable and else where the manager puts it. A part of a path may be
/// `*`, which stands for any one name. A folder need not be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Homes {
    /// Go's module cache: `GOMODCACHE`, else `pkg/mod` of each `GOPATH`, else `HOME/go/pkg/mod`.
    pub go: Vec<PathBuf>,
    /// Maven's local repository: `HOME/.m2/repository`.
    pub maven: Vec<PathBuf>,
    /// What Gradle fetched: `GRADLE_USER_HOME`, else `HOME/.gradle`, with `caches/modules-2/files-2.1`.
    pub gradle: Vec<PathBuf>,
    /// NuGet's packages: `NUGET_PACKAGES`, else `HOME/.nuget/packages`.
    pub nuget: Vec<PathBuf>,
    /// Folders with the `specifications` and `gems` of `RubyGems`: `GEM_HOME`, `GEM_PATH`, `BUNDLE_PATH`, and where version
    /// managers and the system put them.
    pub gems: Vec<PathBuf>,
    /// Dart's cache: `PUB_CACHE`, else `HOME/.pub-cache`.
    pub dart: Vec<PathBuf>,
    /// The environment of Python that is active: `VIRTUAL_ENV`.
    pub python: Vec<PathBuf>,
}

impl Homes {
    /// Reads the variables, under the home of the user.
    pub(super) fn read(home: Option<&Path>) -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let lists = |name: &str| set(name).iter().flat_map(env::split_paths).collect::<Vec<_>>();
        let below = |path: &str| home.map(|home| home.join(path)).into_iter().collect::<Vec<_>>();
        let or = |name: &str, path: &str| match lists(name) {
            set if set.is_empty() => below(path),
            set => set,
        };
        let go = or("GOPATH", "go").into_iter().map(|path| path.join("pkg/mod"));
        let managed = [".gem/ruby/*", ".local/share/gem/ruby/*", ".rbenv/versions/*/lib/ruby/gems/*", ".rvm/gems/*"];
        let bundled = set("BUNDLE_PATH").map(|path| Path::new(&path).join("ruby/*"));
        let gems = ["GEM_HOME", "GEM_PATH"].into_iter().flat_map(lists).chain(bundled);
        let gems = gems.chain(managed.into_iter().flat_map(below));
        let system = home.map(|_| ["/usr/local/bundle", "/var/lib/gems/*", "/usr/local/lib/ruby/gems/*"]);
        Self {
            go: set("GOMODCACHE").map_or_else(|| go.collect(), |path| vec![path.into()]),
            maven: below(".m2/repository"),
            gradle: or("GRADLE_USER_HOME", ".gradle")
                .iter()
                .map(|path| path.join("caches/modules-2/files-2.1"))
                .collect(),
            nuget: or("NUGET_PACKAGES", ".nuget/packages"),
            gems: gems.chain(system.into_iter().flatten().map(PathBuf::from)).collect(),
            dart: or("PUB_CACHE", ".pub-cache"),
            python: set("VIRTUAL_ENV").map(PathBuf::from).into_iter().collect(),
        }
    }
}
