//! Which servers a scan would ask, layer by layer.

use super::{Check, Patient};
use crate::scanner::tool::Tool;
use crate::scanner::tool::spec::Network;
use crate::scanner::{advisories, registry};

const AREA: &str = "network";

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let context = patient.context;
    if context.net.is_offline() {
        return vec![Check::ok(AREA, "offline: nothing is asked")];
    }
    let mut asked = Vec::new();
    if let Some(url) = advisories::status::url(context) {
        let host = url.split('/').nth(2).unwrap_or(&url).rsplit('@').next().unwrap_or_default();
        asked.push(Check::ok(AREA, format!("dependencies asks {host}, which advisories are about the packages")));
    }
    for spec in registry::all().iter().filter_map(|scanner| scanner.spec()) {
        let (Network::Updates(what) | Network::Always(what)) = spec.network else { continue };
        if Tool(spec).locate(context).is_some() {
            asked.push(Check::ok(AREA, format!("{} asks {what}", spec.name)));
        }
    }
    if asked.is_empty() {
        asked.push(Check::ok(AREA, "the next scan asks no server"));
    }
    asked
}
