//! The list of every scanner; the order is that of outputs.

use super::Scanner;
use super::advisories::Advisories;
use super::image::Image;
use super::ingest::Ingest;
use super::licenses::Licenses;
use super::secrets::Secrets;
use super::tool::{
    Spec, Tool, actionlint, bandit, betterleaks, brakeman, cargo_audit, cargo_deny, checkov, codeql, gitleaks, gosec,
    govulncheck, grype, hadolint, javascript, kingfisher, opengrep, osv_scanner, own, pip_audit, safety, semgrep,
    shellcheck, snyk, trivy, trufflehog, zizmor,
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
    &grype::GRYPE,
    &osv_scanner::OSV_SCANNER,
    &pip_audit::PIP_AUDIT,
    &safety::SAFETY,
    &snyk::SNYK,
    &gitleaks::GITLEAKS,
    &betterleaks::BETTERLEAKS,
    &kingfisher::KINGFISHER,
    &trufflehog::TRUFFLEHOG,
    &cargo_audit::CARGO_AUDIT,
    &cargo_deny::CARGO_DENY,
    &govulncheck::GOVULNCHECK,
    &javascript::NPM,
    &javascript::PNPM,
    &javascript::YARN,
];

/// Every layer: scanall's own, the programs that are known, images, reports, and what the configuration adds.
pub fn all() -> Vec<Box<dyn Scanner>> {
    let tool = |spec: &'static Spec| -> Box<dyn Scanner> { Box::new(Tool(spec)) };
    let mut all: Vec<Box<dyn Scanner>> = vec![Box::new(Secrets), Box::new(Advisories), Box::new(Licenses)];
    all.extend(TOOLS.iter().copied().map(tool));
    all.extend([Box::new(Image) as Box<dyn Scanner>, Box::<Ingest>::default()]);
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
