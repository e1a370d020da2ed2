//! What the lists of dependencies of Python have in common: requirements as PEP 508 writes them
//! (<https://packaging.python.org/en/latest/specifications/dependency-specifiers/>), and addresses.

pub(super) mod manifest;

use crate::advisories::version;
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::PackageSource;
use crate::inventory::reading::{Draft, Node};

/// Where the public registry and its mirrors are, which have the same packages under the same names.
const REGISTRIES: [&str; 17] = [
    "pypi.org",
    "pypi.python.org",
    "files.pythonhosted.org",
    "pypi.tuna.tsinghua.edu.cn",
    "mirrors.tuna.tsinghua.edu.cn",
    "mirrors.aliyun.com",
    "pypi.doubanio.com",
    "pypi.douban.com",
    "mirrors.cloud.tencent.com",
    "pypi.mirrors.ustc.edu.cn",
    "mirrors.ustc.edu.cn",
    "mirrors.bfsu.edu.cn",
    "mirror.sjtu.edu.cn",
    "mirrors.huaweicloud.com",
    "repo.huaweicloud.com",
    "mirror.baidu.com",
    "pypi.sdutlinux.org",
];

/// Of packages of one name no more are taken for what another needs; a lock has one for each set of markers.
pub(super) const MAX_SAME: usize = 64;

/// A package, and which versions of it are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Requirement<'a> {
    /// Its name as it is written.
    pub(super) name: &'a str,
    /// The extras, as they are written between brackets.
    pub(super) extras: &'a str,
    /// The versions: `>=1.0,<2`; empty for all.
    pub(super) versions: &'a str,
    /// An address that it is at; empty for the registry.
    pub(super) url: &'a str,
    /// When it is asked for at all.
    pub(super) marker: &'a str,
}

impl<'a> Requirement<'a> {
    /// The one that a text is; `None` when it is none.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
        let name = text.get(..end).filter(|name| name.starts_with(|c: char| c.is_alphanumeric()))?;
        let mut rest = text.get(end..)?.trim_start();
        let mut extras = "";
        if let Some(inside) = rest.strip_prefix('[') {
            (extras, rest) = inside.split_once(']')?;
            rest = rest.trim_start();
        }
        if let Some(url) = rest.strip_prefix('@') {
            // A semicolon is part of an address, unless a blank is before it.
            let (url, marker) = url.split_once(" ;").unwrap_or((url, ""));
            return Some(Self { name, extras, url: url.trim(), marker: marker.trim(), ..Self::default() });
        }
        let (versions, marker) = rest.split_once(';').unwrap_or((rest, ""));
        let versions = versions.trim();
        let bare = versions.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).unwrap_or(versions).trim();
        let is_versions = bare.is_empty() || bare.starts_with(['=', '<', '>', '~', '!']);
        is_versions.then_some(Self { name, extras, versions: bare, url: "", marker: marker.trim() })
    }

    /// Which versions it asks for in words that a lock can keep: `*` for any, and none for what is at an address.
    pub(super) fn versions(&self) -> &'a str {
        match (self.versions, self.url) {
            ("", "") => "*",
            (versions, "") => versions,
            _ => "",
        }
    }

    /// The extras one by one.
    pub(super) fn extras(&self) -> impl Iterator<Item = &'a str> {
        self.extras.split(',').map(str::trim).filter(|extra| !extra.is_empty())
    }

    /// What is known of the package that it asks for, in a line.
    pub(super) fn draft(&self, line: u32) -> Draft {
        if !self.url.is_empty() {
            let version =
                archive(self.url).filter(|(name, _)| same(name, self.name)).map_or("", |(_, version)| version);
            let requirement = if version.is_empty() { self.url.to_owned() } else { String::new() };
            return Draft {
                source: source_of(self.url),
                requirement,
                ..Draft::new(Ecosystem::PyPi, self.name, version, line)
            };
        }
        match pin(self.versions) {
            Some(version) => Draft::new(Ecosystem::PyPi, self.name, version, line),
            None => Draft { requirement: self.versions.to_owned(), ..Draft::new(Ecosystem::PyPi, self.name, "", line) },
        }
    }
}

/// The one version that versions allow; `None` where they are more.
pub(super) fn pin(versions: &str) -> Option<&str> {
    let exact = |part: &'_ str| part.trim().starts_with("==").then(|| part.trim().trim_start_matches('=').trim().len());
    versions
        .split(',')
        .find(|part| exact(part).is_some_and(|length| length > 0) && !part.contains('*'))
        .map(|part| part.trim().trim_start_matches('=').trim())
        .filter(|version| !version.contains(char::is_whitespace))
}

/// Which of several packages of one name, each with its version, some versions allow: all where that cannot be told, as
/// for one alone. Poetry has `^` and `~` as Rust has them, and a version alone for that one.
pub(super) fn allowed(all: &[(Node, &str)], versions: &str) -> Vec<Node> {
    let versions = versions.trim();
    let exact = format!("=={versions}");
    let versions = if versions.starts_with(|c: char| c.is_ascii_digit()) { &exact } else { versions };
    let is_poetry = versions.starts_with(['^', '~']) && !versions.starts_with("~=");
    let ecosystem = if is_poetry { Ecosystem::Cargo } else { Ecosystem::PyPi };
    let is_allowed = |version: &str| version::satisfies(ecosystem.osv(), version, versions);
    if all.len() > 1 && !matches!(versions, "" | "*") {
        let some: Vec<Node> =
            all.iter().filter(|(_, version)| is_allowed(version) != Some(false)).map(|(node, _)| *node).collect();
        if !some.is_empty() {
            return some;
        }
    }
    all.iter().map(|(node, _)| *node).collect()
}

/// Whether two names are of the same package.
pub(super) fn same(one: &str, other: &str) -> bool {
    normalized(one) == normalized(other)
}

/// A name in the one form in which equal names are equal texts.
pub(super) fn normalized(name: &str) -> String {
    Ecosystem::PyPi.normalized(name).into_owned()
}

/// What an address or a path says of where a package comes from. None says the public registry.
pub(super) fn source_of(address: &str) -> PackageSource {
    let Some((scheme, rest)) = address.split_once("://") else {
        return match address {
            "" => PackageSource::Public,
            address if address.contains('@') && address.contains(':') => PackageSource::Elsewhere,
            _ => PackageSource::Local,
        };
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    match scheme {
        "file" => PackageSource::Local,
        "http" | "https" if REGISTRIES.iter().any(|known| known.eq_ignore_ascii_case(host)) => PackageSource::Public,
        _ => PackageSource::Elsewhere,
    }
}

/// The name and the version that the name of an archive tells
/// (<https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention>).
pub(super) fn archive(path: &str) -> Option<(&str, &str)> {
    let file = path.split(['#', '?']).next()?.rsplit(['/', '\\']).next()?;
    let (name, version) = match file.strip_suffix(".whl") {
        Some(wheel) => {
            let mut parts = wheel.split('-');
            (parts.next()?, parts.next()?)
        }
        None => {
            [".tar.gz", ".zip", ".tar.bz2", ".tgz"].iter().find_map(|end| file.strip_suffix(end))?.rsplit_once('-')?
        }
    };
    (!name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit())).then_some((name, version))
}

/// A hash as lockfiles write it, `sha256:…`, if it is one.
pub(super) fn hash(text: &str) -> Option<String> {
    let (algorithm, sum) = text.split_once(':')?;
    let is_hash = !sum.is_empty() && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| format!("{}:{}", algorithm.to_ascii_lowercase(), sum.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements() {
        let of = |text| Requirement::parse(text).map(|r| (r.name, r.extras, r.versions, r.url, r.marker));
        assert_eq!(of("Flask"), Some(("Flask", "", "", "", "")));
        assert_eq!(
            of("a.b-c [x, y] >=1,<2; python_version < '3'"),
            Some(("a.b-c", "x, y", ">=1,<2", "", "python_version < '3'"))
        );
        assert_eq!(of("a (==1.0)"), Some(("a", "", "==1.0", "", "")));
        assert_eq!(of("a @ https://x/a;b.zip ; m"), Some(("a", "", "", "https://x/a;b.zip", "m")));
        assert_eq!(of("not a requirement"), None);
        assert_eq!(of("-x"), None);
        assert_eq!(
            (pin("== 1.0"), pin("===1.0"), pin(">=1,==1.5"), pin("==1.*"), pin("~=1.0"), pin("==")),
            (Some("1.0"), Some("1.0"), Some("1.5"), None, None, None)
        );
    }

    #[test]
    fn addresses() {
        assert_eq!(source_of("https://user:pw@PyPI.org/simple"), PackageSource::Public);
        assert_eq!(source_of("git+https://github.com/a/b"), PackageSource::Elsewhere);
        assert_eq!(source_of("git@github.com:a/b.git"), PackageSource::Elsewhere);
        assert_eq!(source_of("../a"), PackageSource::Local);
        assert_eq!(archive("https://x/a_b-1.0.post1-py3-none-any.whl#sha256=0"), Some(("a_b", "1.0.post1")));
        assert_eq!(archive("dist/a-b-1.0.tar.gz"), Some(("a-b", "1.0")));
        assert_eq!(archive("main.zip"), None);
    }
}
