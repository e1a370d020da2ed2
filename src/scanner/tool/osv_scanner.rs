//! OSV-Scanner: vulnerable packages of every ecosystem.

use std::path::Path;

use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// OSV-Scanner as a layer. An `osv-scanner.toml` of the project says what it ignores, and can run nothing.
pub static OSV_SCANNER: Spec = Spec {
    name: "osv-scanner",
    programs: &["osv-scanner"],
    about: "vulnerable packages, by OSV-Scanner",
    kinds: &[Kind::Advisory],
    install: "https://google.github.io/osv-scanner/installation/",
    // Earlier ones have other commands: https://google.github.io/osv-scanner/migrating-from-v1-to-v2
    oldest: "2.0.0",
    network: Network::Updates("api.osv.dev, which gets the names and versions of packages"),
    prepare: Prepare::Decide(prepare),
    // 128: there is no package that it knows. https://google.github.io/osv-scanner/output/#return-codes
    good: &[0, 1, 128],
    silent: &[0, 128],
    meaning: &[(127, "it could not go on")],
    format: "osv-scanner",
    environment: &["OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY"],
    usual: 10,
    ..Spec::PLAIN
};

/// The folders of its databases, one for each ecosystem; the name changed in 2.5.
const DATABASES: [&str; 2] = ["osv-scanner", "osv-scalibr"];

fn has_database(cache: &Path) -> bool {
    let entries = DATABASES.iter().filter_map(|name| cache.join(name).read_dir().ok()).flatten();
    entries.filter_map(Result::ok).any(|ecosystem| ecosystem.path().join("all.zip").is_file())
}

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    // Looking for what is called would build the project, and so run code of it.
    let mut arguments: Vec<String> =
        ["scan", "source", "--recursive", "--format=json", "--no-call-analysis=all", "--no-resolve"]
            .map(str::to_owned)
            .to_vec();
    if context.options.offline {
        if !context.options.osv_db.as_deref().is_some_and(has_database) {
            return Preparation::Skip(
                "osv-scanner has no database on this machine: \
                 run `osv-scanner scan source --offline --download-offline-databases` once"
                    .to_owned(),
            );
        }
        arguments.push("--offline".to_owned());
    }
    arguments.extend(["--", "{target}"].map(str::to_owned));
    Preparation::Run(arguments)
}
