//! Which servers a scan would ask, layer by layer.

use super::{Check, Patient};
use crate::scanner::tool::Tool;
use crate::scanner::{advisories, registry};

const AREA: &str = "network";

/// What external programs ask by themselves when a scan is not offline, and for what.
const TOOLS: [(&str, &str); 2] = [
    ("trivy", "mirror.gcr.io and ghcr.io, for its databases"),
    ("semgrep", "semgrep.dev, for packs of rules that are not files of the project"),
];

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let context = patient.context;
    if context.net.is_offline() {
        return vec![Check::ok(AREA, "offline: nothing is asked")];
    }
    let mut asked = Vec::new();
    if let Some(url) = advisories::status::url(context) {
        let host = url.split('/').nth(2).unwrap_or(url).rsplit('@').next().unwrap_or_default();
        asked.push(Check::ok(AREA, format!("dependencies asks {host}, for the RustSec database")));
    }
    for spec in registry::all().iter().filter_map(|scanner| scanner.spec()) {
        let known = TOOLS.iter().find(|(name, _)| *name == spec.program);
        if let Some((name, what)) = known.filter(|_| Tool(spec).locate(context).is_some()) {
            asked.push(Check::ok(AREA, format!("{name} asks {what}")));
        }
    }
    if asked.is_empty() {
        asked.push(Check::ok(AREA, "the next scan asks no server"));
    }
    asked
}
