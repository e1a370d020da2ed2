//! Whether the external programs are there, run, and have what they need.

use std::time::SystemTime;

use rayon::prelude::*;

use super::{Check, Patient};
use crate::scanner::registry;
use crate::scanner::tool::database::Database;
use crate::scanner::tool::version::{self, Objection};
use crate::scanner::tool::{Spec, Tool};
use crate::text;

const AREA: &str = "tools";
/// An older database is worth a warning, in days.
const STALE_DAYS: u64 = 7;

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    // Some take a second to say their version, so all are asked at once.
    let specs: Vec<&'static Spec> = registry::all().iter().filter_map(|scanner| scanner.spec()).collect();
    let is_here = |spec: &&'static Spec| Tool(spec).locate(patient.context).is_some();
    let (here, absent): (Vec<&'static Spec>, Vec<&'static Spec>) = specs.into_iter().partition(is_here);
    let mut checks: Vec<Check> = here.par_iter().flat_map_iter(|spec| of_tool(spec, patient)).collect();
    if here.is_empty() {
        checks.push(
            Check::warn(AREA, "no program that scanall can run is installed, so that a scan has its own layers only")
                .hint("`scanall tools` lists them"),
        );
    } else if !absent.is_empty() {
        let absent = text::count(absent.len(), "other tool");
        checks
            .push(Check::ok(AREA, format!("not installed: {absent} that scanall can run; `scanall tools` lists them")));
    }
    checks
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
        return Vec::new();
    };
    match version::of(spec, context) {
        Ok(version) => {
            let mut checks = vec![Check::ok(AREA, format!("{name} {version} is {}", place.display()))];
            checks.extend(database(spec, patient));
            if let Objection::Lacks(why) | Objection::Stops(why) = version::objection(spec, context) {
                checks.push(Check::warn(AREA, format!("{name}: {why}")));
            }
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
    let Database::Days(days) = Database::of(spec, &patient.context.options, SystemTime::now()) else { return None };
    let age = match days {
        0 => "is of today".to_owned(),
        days => format!("is {} old", text::count(usize::try_from(days).unwrap_or(usize::MAX), "day")),
    };
    let message = format!("the database of {} {age}", spec.name);
    Some(match days > STALE_DAYS {
        true => Check::warn(AREA, message).hint("a scan that is not offline brings a new one"),
        false => Check::ok(AREA, message),
    })
}
