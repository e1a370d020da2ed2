//! The list of every scanner; the order is that of outputs.

use super::Scanner;
use super::advisories::Advisories;
use super::ingest::Ingest;
use super::licenses::Licenses;
use super::secrets::Secrets;
use super::tool::{
    Spec, Tool, actionlint, bandit, brakeman, checkov, codeql, gosec, hadolint, opengrep, own, semgrep, shellcheck,
    trivy, zizmor,
};

/// The programs that are known: a file and a line each.
pub static TOOLS: &[&Spec] = &[
    &trivy::TRIVY,
    &semgrep::SEMGREP,
    &opengrep::OPENGREP,
    &codeql::CODEQL,
    &bandit::BANDIT,
    &gosec::GOSEC,
    &brakeman::BRAKEMAN,
    &shellcheck::SHELLCHECK,
    &checkov::CHECKOV,
    &hadolint::HADOLINT,
    &actionlint::ACTIONLINT,
    &zizmor::ZIZMOR,
];

/// Every layer: scanall's own, the programs that are known, reports, and what the configuration adds.
pub fn all() -> Vec<Box<dyn Scanner>> {
    let tool = |spec: &'static Spec| -> Box<dyn Scanner> { Box::new(Tool(spec)) };
    let mut all: Vec<Box<dyn Scanner>> = vec![Box::new(Secrets), Box::new(Advisories), Box::new(Licenses)];
    all.extend(TOOLS.iter().copied().map(tool));
    all.push(Box::<Ingest>::default());
    all.extend(own::all().into_iter().map(tool));
    all
}

/// The ids of every layer, as the command line takes them.
pub fn ids() -> Vec<&'static str> {
    all().iter().map(|scanner| scanner.id()).collect()
}

/// Whether a layer is an external program.
pub fn is_tool(id: &str) -> bool {
    all().iter().any(|scanner| scanner.id() == id && scanner.spec().is_some())
}
