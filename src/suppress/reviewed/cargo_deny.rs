//! `deny.toml` of cargo-deny (<https://embarkstudios.github.io/cargo-deny/checks/advisories/cfg.html>).

use serde::Deserialize;

use super::product::Product;
use super::{Entry, Format, ignore_list};

/// `deny.toml`.
pub(super) const FORMAT: Format = Format {
    name: "a configuration of cargo-deny",
    wants: |path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        matches!(name, "deny.toml" | ".deny.toml") || path.ends_with(".cargo/deny.toml")
    },
    is_below: false,
    read,
};

/// An advisory or a package, in short or with a reason.
#[derive(Deserialize)]
#[serde(untagged)]
enum Ignored {
    Short(String),
    Advisory {
        id: String,
        #[serde(default)]
        reason: String,
    },
    Package {
        #[serde(rename = "crate")]
        name: String,
        #[serde(default)]
        reason: String,
    },
}

fn read(text: &str) -> Result<Vec<Entry>, String> {
    let told = |reason: &str| if reason.is_empty() { "cargo-deny ignores it" } else { reason }.to_owned();
    let entry = |(line, it): (usize, Ignored)| match it {
        Ignored::Short(id) if id.starts_with("RUSTSEC-") => advisory(line, &id, told("")),
        Ignored::Short(package) => of_package(line, &package, told("")),
        Ignored::Advisory { id, reason } => advisory(line, &id, told(&reason)),
        Ignored::Package { name, reason } => of_package(line, &name, told(&reason)),
    };
    Ok(ignore_list::read(text)?.into_iter().map(entry).collect())
}

fn advisory(line: usize, id: &str, reason: String) -> Entry {
    Entry { line, ids: vec![id.to_owned()], reason, ..Entry::default() }
}

/// `name`, `name@version` or `name:version`. A version may be a requirement, which is then not understood and fits only
/// a version that is written so.
fn of_package(line: usize, spec: &str, reason: String) -> Entry {
    let (name, version) = spec.split_once(['@', ':']).unwrap_or((spec, ""));
    let products = vec![Product::of_name("crates.io", name, version.trim_start_matches('='))];
    Entry { line, products, reason, ..Entry::default() }
}
