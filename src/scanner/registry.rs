//! The list of every scanner; the order is that of outputs.

use super::Scanner;
use super::advisories::Advisories;
use super::ingest::Ingest;
use super::licenses::Licenses;
use super::secrets::Secrets;
use super::tool::{Tool, semgrep, trivy};

/// Every layer of scanall.
pub fn all() -> Vec<Box<dyn Scanner>> {
    vec![
        Box::new(Secrets),
        Box::new(Advisories),
        Box::new(Licenses),
        Box::new(Tool(&trivy::TRIVY)),
        Box::new(Tool(&semgrep::SEMGREP)),
        Box::<Ingest>::default(),
    ]
}

/// The ids of every layer, as the command line takes them.
pub fn ids() -> Vec<&'static str> {
    all().iter().map(|scanner| scanner.id()).collect()
}

/// Whether a layer is an external program.
pub fn is_tool(id: &str) -> bool {
    all().iter().any(|scanner| scanner.id() == id && scanner.spec().is_some())
}
