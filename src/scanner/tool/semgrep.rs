//! Semgrep: weaknesses in source code, by the project's own rules or packs of the Semgrep registry.

use std::time::Duration;

use super::{Preparation, Spec};
use crate::finding::{Kind, RepoPath};
use crate::scanner::{Context, Sink};

/// Semgrep as a layer.
pub static SEMGREP: Spec = Spec {
    program: "semgrep",
    about: "weaknesses in source code, by Semgrep",
    kinds: &[Kind::Code],
    install: "pip install semgrep",
    prepare,
    good: &[0, 1],
    format: "semgrep",
    timeout: Duration::from_secs(15 * 60),
    environment: &["SEMGREP_ENABLE_VERSION_CHECK"],
};

/// Where projects keep their own rules, the first that exists counts.
const OWN_RULES: [&str; 3] = [".semgrep.yml", ".semgrep.yaml", ".semgrep"];

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let target = &context.target;
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
        return Preparation::Skip(
            "semgrep has no rules offline: put some in `.semgrep.yml` or list files under [semgrep] config".to_owned(),
        );
    }
    let mut arguments: Vec<String> =
        ["scan", "--json", "--quiet", "--metrics=off", "--disable-version-check"].map(str::to_owned).to_vec();
    arguments.extend(rules.into_iter().flat_map(|rule| ["--config".to_owned(), rule]));
    let place = target.scope.as_ref().map_or_else(|| target.root.clone(), |scope| target.root.join(scope.as_str()));
    arguments.extend(["--".to_owned(), place.display().to_string()]);
    Preparation::Run(arguments)
}
