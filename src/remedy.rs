//! Says how to raise a package to a version: the command that does it, or the edit, and what to raise where another
//! package pulls it in. The commands are data: `rules/remedies.toml`.

pub mod fits;

use std::sync::LazyLock;

use globset::GlobMatcher;
use serde::Deserialize;

use crate::config;
use crate::inventory::Dependency;
use crate::text;

/// How packages that a kind of file pins are raised.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Way {
    /// Globs of names of files.
    files: Vec<String>,
    #[serde(default)]
    direct: String,
    #[serde(default)]
    indirect: String,
    /// What to do where neither gets there.
    #[serde(default)]
    force: String,
    /// What to change by hand, where there is no command.
    #[serde(default)]
    edit: String,
}

#[derive(Deserialize)]
struct Document {
    way: Vec<Way>,
}

/// Every way, with the matchers of its files; read once.
static WAYS: LazyLock<Vec<(Vec<GlobMatcher>, Way)>> = LazyLock::new(|| {
    // A test holds the file to be valid.
    let document: Document =
        toml::from_str(include_str!("../rules/remedies.toml")).unwrap_or(Document { way: Vec::new() });
    let globs = |way: &Way| way.files.iter().filter_map(|glob| config::glob_of(glob).ok()).collect();
    document.way.into_iter().map(|way| (globs(&way), way)).collect()
});

/// What to do about a package, in one sentence without a full stop. `to` is the version to raise it to, and `way` the
/// names from a direct dependency down to it.
pub fn sentence(package: &Dependency, to: &str, way: &[String]) -> String {
    let (name, to) = (text::printable(&package.name), text::printable(to));
    let how = match command(package, &to) {
        Some(command) => format!(": `{command}`"),
        None => edit(package, &to).map(|edit| format!(": {edit}")).unwrap_or_default(),
    };
    let above = match (way, force(package, &to)) {
        ([direct, .., _], Some(force)) => {
            format!("; {} pulls it in: if it does not allow that, raise it, or {force}", text::printable(direct))
        }
        ([direct, .., _], None) => format!("; {} pulls it in", text::printable(direct)),
        _ => String::new(),
    };
    format!("Raise {name} to {to}{how}{above}")
}

/// The command that raises a package; `None` where there is none, or its name or version would not be safe to paste into
/// a shell.
pub fn command(package: &Dependency, to: &str) -> Option<String> {
    let way = of(package)?;
    let command = if package.direct == Some(false) { &way.indirect } else { &way.direct };
    let is_plain = |text: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/@+:".contains(&byte))
    };
    let safe = is_plain(&package.name) && is_plain(to) && is_plain(&package.version);
    (safe && !command.is_empty()).then(|| filled(command, package, to))
}

fn edit(package: &Dependency, to: &str) -> Option<String> {
    of(package).map(|way| &way.edit).filter(|edit| !edit.is_empty()).map(|edit| filled(edit, package, to))
}

fn force(package: &Dependency, to: &str) -> Option<String> {
    of(package).map(|way| &way.force).filter(|force| !force.is_empty()).map(|force| filled(force, package, to))
}

fn of(package: &Dependency) -> Option<&'static Way> {
    let name = package.location.path.as_str().rsplit('/').next().unwrap_or_default();
    WAYS.iter().find(|(globs, _)| globs.iter().any(|glob| glob.is_match(name))).map(|(_, way)| way)
}

fn filled(template: &str, package: &Dependency, to: &str) -> String {
    let name = text::printable(&package.name);
    let artifact = name.split_once(':').map_or(name.as_str(), |(_, artifact)| artifact);
    // Names may hold what looks like a placeholder, so the template is taken apart, not filled one by one.
    let mut out = String::with_capacity(template.len() + name.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let (placeholder, after) = behind.split_once('}').unwrap_or((behind, ""));
        match placeholder {
            "name" => out.push_str(&name),
            "artifact" => out.push_str(artifact),
            "version" => out.push_str(to),
            "from" => out.push_str(&text::printable(&package.version)),
            other => out.push_str(other),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::Ecosystem;
    use crate::finding::RepoPath;
    use crate::inventory::reading::{Draft, Reading};
    use crate::inventory::source::Source;

    fn package(path: &str, ecosystem: Ecosystem, name: &str, version: &str, direct: bool) -> Dependency {
        let source = Source::new(RepoPath::new(path), "x\n".to_owned());
        let mut reading = Reading::new(&source);
        let draft = Draft { direct: Some(direct), ..Draft::new(ecosystem, name, version, 1) };
        reading.add(draft).unwrap();
        reading.finish().packages.remove(0)
    }

    #[test]
    fn every_way_can_be_read_and_says_something() {
        let document: Document = toml::from_str(include_str!("../rules/remedies.toml")).unwrap();
        assert!(document.way.len() > 20);
        for way in &document.way {
            assert!(!way.files.is_empty() && way.files.iter().all(|glob| config::glob_of(glob).is_ok()));
            assert_eq!(way.direct.is_empty(), way.indirect.is_empty(), "{:?}", way.files);
            assert_ne!(way.direct.is_empty(), way.edit.is_empty(), "{:?}", way.files);
            let all = format!("{}{}{}{}", way.direct, way.indirect, way.edit, way.force);
            let names = all.split('{').skip(1).filter_map(|part| part.split('}').next());
            assert!(names.into_iter().all(|name| ["name", "version", "from", "artifact"].contains(&name)), "{all}");
        }
    }

    #[test]
    fn commands() {
        let of = |path: &str, direct| {
            let package = package(path, Ecosystem::Npm, "@a/b", "1.0.0", direct);
            command(&package, "1.0.2")
        };
        assert_eq!(of("web/package-lock.json", true).as_deref(), Some("npm install @a/b@1.0.2"));
        assert_eq!(of("web/package-lock.json", false).as_deref(), Some("npm update @a/b"));
        assert_eq!(of("web/unheard.lock", true), None);
        let hostile = package("package-lock.json", Ecosystem::Npm, "a; rm -rf $HOME", "1.0.0", true);
        assert_eq!(command(&hostile, "1.0.2"), None);
        let option = package("package-lock.json", Ecosystem::Npm, "--prefix=x", "1.0.0", true);
        assert_eq!(command(&option, "1.0.2"), None);
    }

    #[test]
    fn sentences() {
        let maven = package("pom.xml", Ecosystem::Maven, "org.x:y", "1.0", true);
        assert_eq!(
            sentence(&maven, "1.2", &["org.x:y".to_owned()]),
            "Raise org.x:y to 1.2: set the version of y to 1.2, under `dependencyManagement` if another pulls it in"
        );
        let deep = package("Cargo.lock", Ecosystem::Cargo, "time", "0.2.15", false);
        assert_eq!(
            sentence(&deep, "0.2.23", &["clock".to_owned(), "time".to_owned()]),
            "Raise time to 0.2.23: `cargo update -p time@0.2.15 --precise 0.2.23`; clock pulls it in"
        );
    }
}
