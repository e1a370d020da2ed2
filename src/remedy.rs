//! Says how to raise a package to a version: the command that does it, or the edit, and what to raise where another
//! package pulls it in. The commands are data: `rules/remedies.toml`.

pub mod fits;

use std::sync::LazyLock;

use globset::GlobMatcher;
use serde::Deserialize;

use crate::config;
use crate::finding::Edit;
use crate::inventory::Dependency;
use crate::inventory::format::name_of;
use crate::text;
use fits::{Fit, Refusal};

/// So many of those that refuse a version are named.
const MOST_NAMED: usize = 2;

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
    /// Whether the line that names the version is all that has to change.
    #[serde(default)]
    line: bool,
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

/// What to do about a package, in one sentence without a full stop. `to` is the version to raise it to, `way` the names
/// from a direct dependency down to it, and `fit` what those say of that version that need it.
pub fn sentence(package: &Dependency, to: &str, way: &[String], fit: &Fit) -> String {
    let (name, to) = (text::printable(&package.name), text::printable(to));
    let or_force = force(package, &to).map(|force| format!(", or {force}")).unwrap_or_default();
    let direct = match way {
        [direct, .., _] => Some(text::printable(direct)),
        _ => None,
    };
    if let (Fit::Refused(who), Some(direct)) = (fit, &direct) {
        return format!("Raise {direct} to a version that allows {name} {to}: {}{or_force}", refusals(who));
    }
    let how = match command(package, &to) {
        Some(command) => format!(": `{command}`"),
        None => by_hand(package, &to).map(|edit| format!(": {edit}")).unwrap_or_default(),
    };
    let above = match (direct, fit) {
        (Some(direct), Fit::Allowed) => format!("; {direct} pulls it in and allows that"),
        (Some(direct), _) if or_force.is_empty() => format!("; {direct} pulls it in"),
        (Some(direct), _) => format!("; {direct} pulls it in: if it does not allow that, raise it{or_force}"),
        (None, Fit::Refused(who)) => format!("; {}", refusals(who)),
        (None, _) => String::new(),
    };
    format!("Raise {name} to {to}{how}{above}")
}

/// Who asks for other versions: `b 1.2.0 asks for ^1.0`.
fn refusals(who: &[Refusal]) -> String {
    let one = |who: &Refusal| {
        let version = if who.version.is_empty() { String::new() } else { format!(" {}", who.version) };
        let name = if who.is_own() { "the project" } else { &who.name };
        text::printable(&format!("{name}{version} asks for {}", who.requirement))
    };
    let mut said: Vec<String> = who.iter().take(MOST_NAMED).map(one).collect();
    if who.len() > MOST_NAMED {
        said.push(format!("{} more do", who.len() - MOST_NAMED));
    }
    said.join(", ")
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

/// The change of the one line that names the version; `None` where more has to change, such as a checksum, or another
/// package asks for this one.
pub fn edit(package: &Dependency, to: &str) -> Option<Edit> {
    let span = package.pin.filter(|_| package.direct != Some(false) && of(package).is_some_and(|way| way.line))?;
    // A tag is a version behind a `v`.
    let tag = if package.version.starts_with('v') && !to.starts_with('v') { "v" } else { "" };
    Some(Edit { path: package.location.path.clone(), span, text: text::printable(&format!("{tag}{to}")) })
}

fn by_hand(package: &Dependency, to: &str) -> Option<String> {
    of(package).map(|way| &way.edit).filter(|edit| !edit.is_empty()).map(|edit| filled(edit, package, to))
}

fn force(package: &Dependency, to: &str) -> Option<String> {
    of(package).map(|way| &way.force).filter(|force| !force.is_empty()).map(|force| filled(force, package, to))
}

fn of(package: &Dependency) -> Option<&'static Way> {
    let name = name_of(&package.location.path);
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
            sentence(&maven, "1.2", &["org.x:y".to_owned()], &Fit::Unknown),
            "Raise org.x:y to 1.2: set the version of y to 1.2, under `dependencyManagement` if another pulls it in"
        );
        let deep = package("Cargo.lock", Ecosystem::Cargo, "time", "0.2.15", false);
        let way = ["clock".to_owned(), "time".to_owned()];
        assert_eq!(
            sentence(&deep, "0.2.23", &way, &Fit::Unknown),
            "Raise time to 0.2.23: `cargo update -p time@0.2.15 --precise 0.2.23`; clock pulls it in"
        );
        assert_eq!(
            sentence(&deep, "0.2.23", &way, &Fit::Allowed),
            "Raise time to 0.2.23: `cargo update -p time@0.2.15 --precise 0.2.23`; clock pulls it in and allows that"
        );
        let npm = package("package-lock.json", Ecosystem::Npm, "minimist", "0.0.8", false);
        let refusal = |name: &str| Refusal {
            name: name.to_owned(),
            version: "0.5.1".to_owned(),
            requirement: "0.0.8".to_owned(),
        };
        assert_eq!(
            sentence(&npm, "1.2.6", &["tap".to_owned(), "minimist".to_owned()], &Fit::Refused(vec![refusal("mkdirp")])),
            "Raise tap to a version that allows minimist 1.2.6: mkdirp 0.5.1 asks for 0.0.8, or add an override of \
             minimist under `overrides` in package.json"
        );
    }
}
