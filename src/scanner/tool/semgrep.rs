//! Semgrep: weaknesses in source code, by the project's own rules or packs of the Semgrep registry.

use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::{Kind, RepoPath};
use crate::scanner::{Context, Sink};

/// Semgrep as a layer.
pub static SEMGREP: Spec = Spec {
    name: "semgrep",
    programs: &["semgrep"],
    about: "weaknesses in source code, by Semgrep",
    kinds: &[Kind::Code],
    install: "pip install semgrep",
    question: &["--version", "--disable-version-check"],
    network: Network::Updates("semgrep.dev, for packs of rules that are not files of the project"),
    prepare: Prepare::Decide(prepare),
    good: &[0, 1],
    // https://semgrep.dev/docs/cli-reference#exit-codes
    meaning: &[
        (2, "it could not go on"),
        (3, "a file of the project has invalid syntax"),
        (4, "a rule has an invalid pattern"),
        (5, "a rule is no valid YAML"),
        (7, "a rule is invalid, or its configuration is missing"),
        (8, "a rule names a language that it does not know"),
        (13, "its key is invalid"),
    ],
    format: "semgrep",
    environment: &["SEMGREP_ENABLE_VERSION_CHECK"],
    usual: 30,
    ..Spec::PLAIN
};

/// Where projects keep their own rules, the first that exists counts.
const OWN_RULES: [&str; 3] = [".semgrep.yml", ".semgrep.yaml", ".semgrep"];

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    prepare_as("semgrep", context, &["scan", "--json", "--quiet", "--metrics=off", "--disable-version-check"])
}

/// The run of a program that takes Semgrep's rules and arguments, by its name.
pub(super) fn prepare_as(program: &str, context: &Context, arguments: &[&str]) -> Preparation {
    let own = OWN_RULES.iter().map(|name| context.project.join(name)).find(|path| path.exists());
    let mut rules = Vec::new();
    for wanted in &context.config.semgrep.config {
        let on_disk = context.project.join(RepoPath::new(wanted).as_str());
        match (on_disk.exists(), wanted.contains("://")) {
            (true, _) => rules.push(on_disk.display().to_string()),
            (false, true) => {
                return Preparation::Skip(format!("`{wanted}` under [semgrep] config is a network address"));
            }
            (false, false) if !context.options.offline => rules.push(wanted.clone()),
            (false, false) => {}
        }
    }
    match own {
        Some(path) if rules.is_empty() => rules.push(path.display().to_string()),
        None if rules.is_empty() && !context.options.offline => rules.push("p/default".to_owned()),
        _ => {}
    }
    if rules.is_empty() {
        return Preparation::Skip(format!(
            "{program} has no rules offline: put some in `.semgrep.yml` or list files under [semgrep] config"
        ));
    }
    let mut arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    arguments.extend(rules.into_iter().flat_map(|rule| ["--config".to_owned(), rule]));
    arguments.extend(["--", "{target}"].map(str::to_owned));
    Preparation::Run(arguments)
}
