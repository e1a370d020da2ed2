//! Bandit: weaknesses in Python.

use super::files;
use super::spec::{Output, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Bandit as a layer.
pub static BANDIT: Spec = Spec {
    name: "bandit",
    programs: &["bandit"],
    about: "weaknesses in Python, by Bandit",
    kinds: &[Kind::Code, Kind::Secret],
    install: "pip install bandit",
    wanted: &["*.py"],
    prepare: Prepare::Decide(prepare),
    good: &[0, 1],
    meaning: &[(2, "it could not go on")],
    // A report in a file: a configuration could send it elsewhere.
    output: Output::File("bandit.json"),
    format: "bandit",
    usual: 8,
    ..Spec::PLAIN
};

/// What Bandit reads, and what it is told besides.
const ARGUMENTS: [&str; 5] = ["--quiet", "--format", "json", "--output", "{report}"];

/// The configuration of a project chooses tests and folders; it names no code.
fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).to_vec();
    if let Some(ini) = files::first_of(context, &[".bandit"]) {
        arguments.extend(["--ini".to_owned(), ini]);
    }
    let own = files::first_of(context, &["bandit.yaml", "bandit.yml"]).or_else(|| in_pyproject(context));
    if let Some(own) = own {
        arguments.extend(["--configfile".to_owned(), own]);
    }
    arguments.push("--".to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    files::run(context, sink, "bandit", &arguments, BANDIT.wanted)
}

/// `pyproject.toml`, if it has a section for Bandit.
fn in_pyproject(context: &Context) -> Option<String> {
    let path = context.project.join("pyproject.toml");
    let text = std::fs::read_to_string(&path).ok()?;
    text.contains("[tool.bandit").then(|| path.display().to_string())
}
