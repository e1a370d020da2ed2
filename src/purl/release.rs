//! Releases of Linux distributions, of what the qualifier `distro` says.

use crate::ecosystem::Ecosystem;

/// Releases of distributions that people call by a name.
const NAMES: [(&str, &str); 14] = [
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
];

/// How many numbers of a release count, for the systems whose advisories are for a release.
const NUMBERS: [(Ecosystem, usize); 7] = [
    (Ecosystem::Debian, 1),
    (Ecosystem::Ubuntu, 2),
    (Ecosystem::Alpine, 2),
    (Ecosystem::RedHat, 1),
    (Ecosystem::Alma, 1),
    (Ecosystem::Rocky, 1),
    (Ecosystem::OpenSuse, 2),
];

/// The release of a distribution as its advisories write it: `12` of `debian-12.5`, `v3.20` of `alpine-3.20.1` and of
/// `3.20.1`; empty where the releases count for nothing, and for one that is not known.
pub(super) fn of(ecosystem: Ecosystem, distro: &str) -> String {
    let Some((_, numbers)) = NUMBERS.iter().find(|(of, _)| *of == ecosystem) else {
        // SUSE's products are told by their whole name.
        return if ecosystem == Ecosystem::Suse { distro.to_owned() } else { String::new() };
    };
    let lower = distro.trim().to_ascii_lowercase();
    let told = lower.rsplit(['-', ' ']).next().unwrap_or_default();
    let told = NAMES.iter().find(|(name, _)| *name == told).map_or(told, |(_, number)| *number);
    let told = told.strip_prefix('v').unwrap_or(told);
    if !told.starts_with(|c: char| c.is_ascii_digit()) {
        return String::new();
    }
    let parts: Vec<&str> = told.split('.').take(*numbers).collect();
    let mark = if ecosystem == Ecosystem::Alpine { "v" } else { "" };
    format!("{mark}{}", parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_write() {
        for (ecosystem, distro, release) in [
            (Ecosystem::Debian, "debian-12.5", "12"),
            (Ecosystem::Debian, "bookworm", "12"),
            (Ecosystem::Debian, "sid", ""),
            (Ecosystem::Debian, "12", "12"),
            (Ecosystem::Ubuntu, "ubuntu-22.04.3", "22.04"),
            (Ecosystem::Alpine, "alpine-3.20.1", "v3.20"),
            (Ecosystem::Alpine, "v3.19", "v3.19"),
            (Ecosystem::Rocky, "rocky-9.3", "9"),
            (Ecosystem::Suse, "Linux Enterprise Server 15 SP5", "Linux Enterprise Server 15 SP5"),
            (Ecosystem::Wolfi, "wolfi-20230201", ""),
            (Ecosystem::Npm, "debian-12", ""),
        ] {
            assert_eq!(of(ecosystem, distro), release, "{ecosystem} {distro}");
        }
    }
}
