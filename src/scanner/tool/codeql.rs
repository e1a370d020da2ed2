//! CodeQL: what its queries find in a database that was made before, by GitHub's action or `codeql database create`.
//!
//! A database is not made here: for most languages that runs the build of the scanned repository. Reports of CodeQL, which
//! are SARIF, can be ingested.

use super::files;
use super::spec::{GIB, Output, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// CodeQL as a layer.
pub static CODEQL: Spec = Spec {
    name: "codeql",
    programs: &["codeql"],
    about: "weaknesses in source code, by CodeQL",
    kinds: &[Kind::Code],
    install: "https://github.com/github/codeql-action/releases",
    oldest: "2.9.0",
    question: &["version", "--format=terse"],
    wanted: &[DATABASE],
    prepare: Prepare::Decide(prepare),
    output: Output::File("codeql.sarif"),
    format: "sarif",
    timeout: std::time::Duration::from_secs(60 * 60),
    memory: 16 * GIB,
    usual: 300,
    ..Spec::PLAIN
};

/// The file that tells a database.
const DATABASE: &str = "**/codeql-database.yml";

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let (files, _) = files::fitting(context, &[DATABASE]);
    let mut databases = files.iter().filter_map(|file| file.strip_suffix("/codeql-database.yml"));
    let Some(database) = databases.next() else {
        return Preparation::Skip("there is no CodeQL database in the chosen folder".to_owned());
    };
    let others = databases.count();
    if others > 0 {
        let more = text::count(others, "other database");
        sink.gap(Gap::unavailable(format!("codeql looks at one database, and left out {more}")));
    }
    let arguments =
        ["database", "analyze", "--format=sarif-latest", "--output={report}", "--no-print-diagnostics-summary"];
    let place = ["--".to_owned(), database.to_owned()];
    Preparation::Run(arguments.into_iter().map(str::to_owned).chain(place).collect())
}
