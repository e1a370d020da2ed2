//! Names `build.gradle` and `build.gradle.kts` as not read: they are programs, and only Gradle knows what they ask for.

use super::{Format, Role, name_of};
use crate::scanner::Gap;

pub(super) const FORMAT: Format = Format {
    id: "gradle-build",
    about: "builds of Gradle without a lock",
    role: Role::Manifest("gradle"),
    wants: |path| matches!(name_of(path), "build.gradle" | "build.gradle.kts"),
    read: |reading| {
        if reading.source.text.contains("dependencies") {
            let path = &reading.source.path;
            let gap = Gap::unavailable(format!("`{path}` is a program and not read for dependencies"));
            reading.gap(
                gap.hint("let Gradle lock them: https://docs.gradle.org/current/userguide/dependency_locking.html"),
            );
        }
        Ok(())
    },
};

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn it_is_named() {
        let file = ("a/build.gradle.kts", "dependencies { implementation(\"a:b:1\") }");
        assert!(said(&[file]).is_empty());
        assert_eq!(gaps(&[file]), ["`a/build.gradle.kts` is a program and not read for dependencies"]);
        assert!(gaps(&[("build.gradle", "subprojects {}")]).is_empty());
    }
}
