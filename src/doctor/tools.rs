//! Whether the external programs are there, run, and have what they need.

use std::time::SystemTime;

use rayon::prelude::*;

use super::{Check, Patient};
use crate::scanner::registry;
use crate::scanner::tool::spec::Spec;
use crate::scanner::tool::{Tool, version};
use crate::text;

const AREA: &str = "tools";
/// An older database is worth a warning, in days.
const STALE_DAYS: u64 = 7;

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    // Some take a second to say their version, so all are asked at once.
    let specs: Vec<&'static Spec> = registry::all().iter().filter_map(|scanner| scanner.spec()).collect();
    specs.par_iter().flat_map_iter(|spec| of_tool(spec, patient)).collect()
}

fn of_tool(spec: &'static Spec, patient: &Patient<'_>) -> Vec<Check> {
    let context = patient.context;
    let name = spec.name;
    let named = |list: &[String]| list.iter().any(|layer| layer == name);
    let scan = &context.config.scan;
    if named(&scan.skip) || !(scan.only.is_empty() || named(&scan.only)) {
        return vec![Check::ok(AREA, format!("{name} is left out by the configuration"))];
    }
    let Some(place) = Tool(spec).locate(context) else {
        return vec![
            Check::warn(AREA, format!("{name} is not installed, so its layer is skipped"))
                .hint(format!("install it: {}", spec.install)),
        ];
    };
    match version::of(spec, context) {
        Ok(version) => {
            let mut checks = vec![Check::ok(AREA, format!("{name} {version} is {}", place.display()))];
            checks.extend(database(spec, patient));
            checks.extend(version::objection(spec, context).map(|why| Check::warn(AREA, format!("{name}: {why}"))));
            checks
        }
        Err(why) => vec![
            Check::fail(AREA, format!("{} does not run: {why}", place.display()))
                .hint(format!("install it anew ({}), or leave it out with --skip {name}", spec.install)),
        ],
    }
}

/// The age of the database that a tool keeps on this machine; `None` for a tool without one, and when it has none yet,
/// which the tool itself objects to.
fn database(spec: &Spec, patient: &Patient<'_>) -> Option<Check> {
    let name = spec.name;
    let file = (spec.database?)(&patient.context.options)?;
    let changed = file.metadata().and_then(|about| about.modified()).ok()?;
    let days = SystemTime::now().duration_since(changed).unwrap_or_default().as_secs() / 86_400;
    let age = match days {
        0 => "is of today".to_owned(),
        days => format!("is {} old", text::count(usize::try_from(days).unwrap_or(usize::MAX), "day")),
    };
    let message = format!("the database of {name} {age}");
    Some(match days > STALE_DAYS {
        true => Check::warn(AREA, message).hint("a scan that is not offline brings a new one"),
        false => Check::ok(AREA, message),
    })
}
