//! Grype: vulnerable packages of every ecosystem.

use std::path::PathBuf;

use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::options::Options;
use crate::scanner::{Context, Sink};

/// Grype as a layer. It runs in an empty folder, so that no `.grype.yaml` of the scanned tree is read.
pub static GRYPE: Spec = Spec {
    name: "grype",
    programs: &["grype"],
    about: "vulnerable packages, by Grype",
    kinds: &[Kind::Advisory],
    install: "https://github.com/anchore/grype#installation",
    network: Network::Updates("grype.anchore.io, for its database"),
    database: Some(database),
    prepare: Prepare::Decide(prepare),
    // 2: something is as severe as the configuration of the user asks to fail for.
    good: &[0, 2],
    silent: &[],
    meaning: &[(1, "it could not go on")],
    format: "grype",
    environment: &["GRYPE_DB_CACHE_DIR"],
    set: &[("GRYPE_CHECK_FOR_APP_UPDATE", "false")],
    // Without the last it refuses a database that is older than five days; how old it is, the doctor tells.
    set_offline: &[("GRYPE_DB_AUTO_UPDATE", "false"), ("GRYPE_DB_VALIDATE_AGE", "false")],
    usual: 20,
    ..Spec::PLAIN
};

/// What Grype writes beside its database, of its newest schema that is there.
fn database(options: &Options) -> Option<PathBuf> {
    let folder = options.grype_db.as_ref()?;
    let files = ["6/import.json", "6/vulnerability.db", "5/metadata.json"].map(|file| folder.join(file));
    let found = files.iter().find(|file| file.is_file()).cloned();
    found.or_else(|| files.into_iter().next())
}

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    if context.options.offline && database(&context.options).is_none_or(|file| !file.is_file()) {
        return Preparation::Skip(
            "grype has no database on this machine: run it online once, or `grype db update`".to_owned(),
        );
    }
    Preparation::Run(["--quiet", "--output", "json", "dir:{target}"].map(str::to_owned).to_vec())
}
