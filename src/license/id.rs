//! Ids of the SPDX list: how they are written, which are deprecated, and what comes after a version.

use std::collections::HashMap;
use std::sync::LazyLock;

use spdx::flags;

static LICENSES: LazyLock<HashMap<String, &'static spdx::License>> = LazyLock::new(|| {
    let listed = spdx::identifiers::LICENSES.iter().filter(|license| !matches!(license.name, "NOASSERTION" | "NONE"));
    listed.map(|license| (license.name.to_ascii_lowercase(), license)).collect()
});

static EXCEPTIONS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    spdx::identifiers::EXCEPTIONS.iter().map(|one| (one.name.to_ascii_lowercase(), one.name)).collect()
});

/// The ids of all licenses of the list, deprecated ones too.
pub fn licenses() -> impl Iterator<Item = &'static str> {
    spdx::identifiers::LICENSES
        .iter()
        .map(|license| license.name)
        .filter(|name| !matches!(*name, "NOASSERTION" | "NONE"))
}

/// The ids of all exceptions of the list, deprecated ones too.
pub fn exceptions() -> impl Iterator<Item = &'static str> {
    spdx::identifiers::EXCEPTIONS.iter().map(|exception| exception.name)
}

/// A license id as SPDX writes it, whatever its case; `None` when it is not on the list.
pub fn license(id: &str) -> Option<&'static str> {
    LICENSES.get(&id.to_ascii_lowercase()).map(|license| license.name)
}

/// The name of a license of the list: `Apache License 2.0`.
pub fn full_name(id: &str) -> Option<&'static str> {
    LICENSES.get(&id.to_ascii_lowercase()).map(|license| license.full_name)
}

/// An exception id as SPDX writes it, whatever its case; `None` when it is not on the list.
pub fn exception(id: &str) -> Option<&'static str> {
    EXCEPTIONS.get(&id.to_ascii_lowercase()).copied()
}

/// Whether the list says that an id is to be written another way.
pub fn is_deprecated(id: &str) -> bool {
    has(id, flags::IS_DEPRECATED)
}

/// Whether the Open Source Initiative approved a license; `false` for what is not on the list.
pub fn is_osi_approved(id: &str) -> bool {
    has(id, flags::IS_OSI_APPROVED)
}

/// Whether the Free Software Foundation calls a license free; `false` for what is not on the list.
pub fn is_fsf_libre(id: &str) -> bool {
    has(id, flags::IS_FSF_LIBRE)
}

fn has(id: &str, flag: u8) -> bool {
    LICENSES.get(&id.to_ascii_lowercase()).is_some_and(|license| license.flags & flag != 0)
}

/// The id without `-only`, `-or-later` and `+`: `GPL-2.0` of `GPL-2.0-or-later`.
pub fn stem(id: &str) -> &str {
    let ends = ["-only", "-or-later", "+"];
    ends.iter().find_map(|end| id.strip_suffix(end)).unwrap_or(id)
}

/// The ids of the same license in later versions: `EPL-2.0` of `EPL-1.0`, `GPL-3.0-only` and `GPL-3.0-or-later` of
/// `GPL-2.0-or-later`.
pub fn later(id: &str) -> impl Iterator<Item = &'static str> + use<> {
    let from = version(stem(id)).map(|(name, version)| (name.to_owned(), version));
    licenses().filter(move |other| {
        let (Some((name, least)), Some((other, version))) = (&from, version(stem(other))) else { return false };
        name == other && version > *least
    })
}

/// The name and the version of an id that ends in one: `EPL` and 1.0.
fn version(stem: &str) -> Option<(&str, Vec<u32>)> {
    let (name, version) = stem.rsplit_once('-')?;
    let numbers = version.split('.').map(|number| number.parse().ok()).collect::<Option<Vec<u32>>>()?;
    // `BSD-3` is no version of BSD; those have a dot.
    (numbers.len() > 1).then_some((name, numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_in_any_case() {
        assert_eq!(license("mit"), Some("MIT"));
        assert_eq!(exception("CLASSPATH-EXCEPTION-2.0"), Some("Classpath-exception-2.0"));
        assert_eq!(license("NOASSERTION"), None);
        assert!(is_deprecated("GPL-2.0+") && !is_deprecated("GPL-2.0-only"));
        assert_eq!(licenses().count() + exceptions().count(), LICENSES.len() + EXCEPTIONS.len());
    }

    #[test]
    fn later_versions_are_of_the_same_license() {
        assert_eq!(later("EPL-1.0").collect::<Vec<_>>(), ["EPL-2.0"]);
        let gpl: Vec<_> = later("GPL-2.0-or-later").collect();
        assert!(gpl.contains(&"GPL-3.0-only") && gpl.contains(&"GPL-3.0-or-later"), "{gpl:?}");
        assert!(gpl.iter().all(|id| id.starts_with("GPL-3.0")), "{gpl:?}");
        assert_eq!(later("BSD-2-Clause").count() + later("MIT").count(), 0);
    }
}
