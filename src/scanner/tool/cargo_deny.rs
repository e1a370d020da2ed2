//! cargo-deny: crates that the project's policy does not allow. It is never let online: the policy can name databases to
//! fetch, and a folder to write them to. The crates must have been fetched before, as a build does.
//!
//! It asks cargo for the dependencies, which runs no code of the project; cargo's own configuration is read from the
//! folder that it runs in, which is empty.

use super::spec::{Output, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Gap, Sink};

/// cargo-deny as a layer.
pub static CARGO_DENY: Spec = Spec {
    name: "cargo-deny",
    programs: &["cargo-deny"],
    about: "crates against the project's deny.toml, by cargo-deny",
    kinds: &[Kind::Advisory, Kind::License, Kind::Config],
    install: "cargo install cargo-deny",
    // The first whose option `--offline` is for every check: https://github.com/EmbarkStudios/cargo-deny/releases
    oldest: "0.14.0",
    // Without a policy it would object to every license.
    wanted: &["deny.toml", ".deny.toml"],
    prepare: Prepare::Decide(prepare),
    // A bit for each check that found something; an error is 1 as well, and tells itself in the report:
    // https://embarkstudios.github.io/cargo-deny/cli/check.html#exit-codes
    good: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    output: Output::Error,
    format: "cargo-deny",
    environment: &["CARGO_HOME", "RUSTUP_HOME"],
    ..Spec::PLAIN
};

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    if let Some(reason) = super::wanted::not_at_root("Cargo.toml", "cargo-deny", context) {
        return Preparation::Skip(reason);
    }
    let mut words = vec![
        "--offline",
        "--format",
        "json",
        "--manifest-path",
        "{target}/Cargo.toml",
        "check",
        "bans",
        "licenses",
        "sources",
    ];
    let databases = context.options.cargo_home.as_ref().map(|home| home.join("advisory-dbs"));
    if databases.is_some_and(|folder| folder.is_dir()) {
        words.push("advisories");
    } else {
        sink.gap(
            Gap::unavailable("cargo-deny has no advisories on this machine, so it looked for the rest only")
                .hint("run `cargo deny fetch db` once"),
        );
    }
    Preparation::Run(words.into_iter().map(str::to_owned).collect())
}
