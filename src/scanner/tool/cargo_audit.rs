//! cargo-audit: crates with advisories of RustSec. It runs in an empty folder, since its `audit.toml` can name a database
//! to fetch and a folder to write it to.

use std::path::PathBuf;

use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::options::Options;
use crate::scanner::{Context, Sink};

/// cargo-audit as a layer.
pub static CARGO_AUDIT: Spec = Spec {
    name: "cargo-audit",
    programs: &["cargo-audit"],
    about: "crates with advisories, by cargo-audit",
    kinds: &[Kind::Advisory],
    install: "cargo install cargo-audit",
    oldest: "0.17.0",
    question: &["audit", "--version"],
    wanted: &["Cargo.lock"],
    network: Network::Updates("github.com and crates.io, for advisories and withdrawn versions"),
    database: Some(database),
    prepare: Prepare::Decide(prepare),
    copied: &[LOCKFILE],
    // https://github.com/rustsec/rustsec/blob/main/cargo-audit/README.md
    good: &[0, 1],
    meaning: &[(2, "an error")],
    format: "cargo-audit",
    environment: &["CARGO_HOME"],
    ..Spec::PLAIN
};

const LOCKFILE: &str = "Cargo.lock";

/// What git writes when it fetches the database.
fn database(options: &Options) -> Option<PathBuf> {
    Some(options.cargo_home.as_ref()?.join("advisory-db/.git/FETCH_HEAD"))
}

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    if let Some(reason) = super::wanted::not_at_root(LOCKFILE, "cargo-audit", context) {
        return Preparation::Skip(reason);
    }
    let mut words = vec!["audit", "--json"];
    if context.options.offline {
        let folder = context.options.cargo_home.as_ref().map(|home| home.join("advisory-db"));
        if !folder.is_some_and(|folder| folder.is_dir()) {
            return Preparation::Skip("cargo-audit has no advisories on this machine; run it online once".to_owned());
        }
        words.extend(["--no-fetch", "--stale"]);
    }
    Preparation::Run(words.into_iter().map(str::to_owned).collect())
}
