//! Reads the locks of Gradle (<https://docs.gradle.org/current/userguide/dependency_locking.html>): one file a project, or,
//! before Gradle 7, one a configuration.

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "gradle-lock",
    about: "gradle.lockfile, and those of gradle/dependency-locks",
    role: Role::Lock("gradle"),
    wants: |path| {
        let name = name_of(path);
        let of_configuration = path.as_str().ends_with(&format!("gradle/dependency-locks/{name}"));
        name.ends_with("gradle.lockfile") && !is_script(name) || of_configuration && name.ends_with(".lockfile")
    },
    read,
};

/// The locks of what builds run themselves say nothing of what the project asks for.
pub(super) const SCRIPT: Format = Format {
    id: "gradle-script-lock",
    about: "buildscript-gradle.lockfile and settings-gradle.lockfile",
    role: Role::Alone,
    wants: |path| name_of(path).ends_with("gradle.lockfile") && is_script(name_of(path)),
    read,
};

fn is_script(name: &str) -> bool {
    name.starts_with("buildscript") || name.starts_with("settings")
}

/// Parts of the names of configurations, in lower case, with what is in them; the first that fits counts.
const CONFIGURATIONS: [(&str, Scope); 16] = [
    ("test", Scope::Dev),
    ("jmh", Scope::Dev),
    ("runtimeclasspath", Scope::Runtime),
    ("compileclasspath", Scope::Build),
    ("annotationprocessor", Scope::Build),
    ("kapt", Scope::Build),
    ("ksp", Scope::Build),
    ("compiler", Scope::Build),
    ("compileonly", Scope::Build),
    ("jacoco", Scope::Dev),
    ("checkstyle", Scope::Dev),
    ("pmd", Scope::Dev),
    ("spotbugs", Scope::Dev),
    ("detekt", Scope::Dev),
    ("ktlint", Scope::Dev),
    ("spotless", Scope::Dev),
];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let name = name_of(&source.path);
    let whole = (!name.ends_with("gradle.lockfile")).then(|| name.trim_end_matches(".lockfile"));
    let (mut good, mut bad) = (0, None);
    for (line, text) in (1u32..).zip(source.text.lines()) {
        let text = text.split('#').next().unwrap_or_default().trim();
        let (coordinates, configurations) = text.split_once('=').unwrap_or((text, whole.unwrap_or_default()));
        let parts: Vec<&str> = coordinates.split(':').collect();
        let [group, artifact, version] = parts[..] else {
            if !text.is_empty() && coordinates != "empty" {
                reading.broken(line, "it is no module with a version");
                bad.get_or_insert(line);
            } else if coordinates == "empty" {
                good += 1;
            }
            continue;
        };
        good += 1;
        let scope = match is_script(name) {
            true => Scope::Build,
            false => configurations.split(',').map(|one| scope_of(one.trim())).min().unwrap_or_default(),
        };
        reading.add(Draft {
            scope: Some(scope),
            ..Draft::new(Ecosystem::Maven, &format!("{group}:{artifact}"), version, line)
        });
    }
    match bad {
        Some(line) if good == 0 => Err(Unreadable::new("it lists no modules").at(line)),
        _ => Ok(()),
    }
}

fn scope_of(configuration: &str) -> Scope {
    let name = configuration.to_ascii_lowercase();
    if name == "classpath" {
        return Scope::Build;
    }
    CONFIGURATIONS.iter().find(|(part, _)| name.contains(part)).map_or(Scope::Runtime, |(_, scope)| *scope)
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn scopes_of_configurations() {
        let text = "# This is a Gradle generated file for dependency locking.\ncom.acme:both:1.0=runtimeClasspath,testRuntimeClasspath\ncom.acme:compile:1.0=compileClasspath,testCompileClasspath\r\ncom.acme:test:1.0=testRuntimeClasspath\nempty=annotationProcessor\nbroken=x\n";
        assert_eq!(
            said(&[("a/gradle.lockfile", text)]),
            ["com.acme:both 1.0 @2", "com.acme:compile 1.0 @3 build", "com.acme:test 1.0 @4 dev"]
        );
        assert_eq!(gaps(&[("gradle.lockfile", text)]).len(), 1);
        assert_eq!(said(&[("buildscript-gradle.lockfile", "a:b:1=classpath\n")]), ["a:b 1 @1 build"]);
        let old = ("gradle/dependency-locks/testCompileClasspath.lockfile", "# x\na:b:1\n");
        assert_eq!(said(&[old]), ["a:b 1 @2 dev"]);
        assert_eq!(gaps(&[("gradle.lockfile", "<html>")]).len(), 1);
    }
}
