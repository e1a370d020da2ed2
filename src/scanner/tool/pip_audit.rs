//! pip-audit: vulnerable Python packages of requirements.

use super::requirements::{self, Requirements, WANTED};
use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Gap, Sink};

/// pip-audit as a layer. Without pip it resolves nothing, and so runs no code of a package or of the project.
pub static PIP_AUDIT: Spec = Spec {
    name: "pip-audit",
    programs: &["pip-audit"],
    about: "vulnerable Python packages, by pip-audit",
    kinds: &[Kind::Advisory],
    install: "pip install pip-audit",
    // The first that can do without pip: https://github.com/pypa/pip-audit/blob/main/CHANGELOG.md
    oldest: "2.6.0",
    wanted: WANTED,
    network: Network::Always("pypi.org, which gets the names and versions of packages"),
    prepare: Prepare::Decide(prepare),
    // 1: it found something, or could not go on; then it writes no report.
    good: &[0, 1],
    silent: &[],
    format: "pip-audit",
    settle: requirements::settle,
    usual: 15,
    ..Spec::PLAIN
};

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let all = Requirements::of(context);
    let files = Requirements::arguments(&all, "--requirement", context);
    let loose = all.iter().find(|file| !file.is_pinned);
    let why = |path| format!("`{path}` does not pin every version, so pip-audit would need pip, which may run code");
    match loose {
        Some(file) if files.is_empty() => return Preparation::Skip(why(&file.path)),
        Some(file) => sink.gap(Gap::unavailable(why(&file.path)).hint("pin them, such as with `pip-compile`")),
        None if files.is_empty() => return Preparation::Skip("there is no requirement that can be read".to_owned()),
        None => {}
    }
    let mut arguments: Vec<String> =
        ["--format", "json", "--progress-spinner", "off", "--no-deps", "--disable-pip"].map(str::to_owned).to_vec();
    arguments.extend(files);
    Preparation::Run(arguments)
}
