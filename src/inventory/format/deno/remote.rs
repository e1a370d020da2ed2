//! Reads the modules that `deno.lock` names by their addresses. Many modules of one package at one version are one
//! package, named in the line of the first.

use std::collections::HashSet;

use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::PackageSource;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::tree::Entry;

/// Hosts that serve the packages of npm.
const NPM: [&str; 5] = ["esm.sh", "cdn.esm.sh", "unpkg.com", "cdn.skypack.dev", "cdn.jsdelivr.net"];

pub(super) fn read(reading: &mut Reading, entries: &[Entry]) {
    let mut known: HashSet<(Ecosystem, &str, &str)> = HashSet::new();
    for entry in entries {
        let Some((_, path)) = entry.key.split_once("://") else { continue };
        let (ecosystem, name, version) = package(path);
        if !known.insert((ecosystem, name, version)) {
            continue;
        }
        let is_module = version.is_empty() && entry.value.text().is_some_and(|sum| sum.len() == 64);
        let source = if ecosystem == Ecosystem::Npm { PackageSource::Public } else { PackageSource::Elsewhere };
        let hashes = entry.value.text().filter(|_| is_module).map(|sum| format!("sha256:{sum}"));
        let draft = Draft::new(ecosystem, name, version, entry.line);
        reading.add(Draft { source, hashes: hashes.into_iter().collect(), ..draft });
    }
}

/// The ecosystem, name and version that an address without its scheme tells: the path up to the first `@` within a part
/// of it, and what stands between that and the next slash. The whole address, where it has no version.
fn package(path: &str) -> (Ecosystem, &str, &str) {
    let host = path.split('/').next().unwrap_or_default();
    let mut from = host.len() + 1;
    let mut scope = None;
    for part in path.get(from..).unwrap_or_default().split('/') {
        if part.starts_with('@') && !part.get(1..).unwrap_or_default().contains('@') {
            scope = Some(from);
        } else if let Some(at) = part.find('@').filter(|at| *at > 0) {
            let version = part.get(at + 1..).unwrap_or_default();
            let version = version.split(['?', '&', '#']).next().unwrap_or_default();
            let is_npm = NPM.contains(&host);
            let begin = if is_npm { scope.unwrap_or(from) } else { 0 };
            let ecosystem = if is_npm { Ecosystem::Npm } else { Ecosystem::Generic };
            return (ecosystem, path.get(begin..from + at).unwrap_or(path), version);
        } else {
            scope = None;
        }
        from += part.len() + 1;
    }
    (Ecosystem::Generic, path, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_addresses_tell() {
        for (path, ecosystem, name, version) in [
            ("deno.land/std@0.200.0/path/mod.ts", Ecosystem::Generic, "deno.land/std", "0.200.0"),
            ("deno.land/x/oak@v12.6.1/mod.ts", Ecosystem::Generic, "deno.land/x/oak", "v12.6.1"),
            ("esm.sh/v135/@s/react@18.2.0/deno/react.mjs", Ecosystem::Npm, "@s/react", "18.2.0"),
            ("unpkg.com/react@18.2.0?module", Ecosystem::Npm, "react", "18.2.0"),
            ("example.com/a/mod.ts", Ecosystem::Generic, "example.com/a/mod.ts", ""),
        ] {
            assert_eq!(package(path), (ecosystem, name, version), "{path}");
        }
    }
}
