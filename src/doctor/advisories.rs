//! Which advisories a scan would use, and how old they are.

use super::{Check, Patient};
use crate::scanner::advisories::status::{self, Status};
use crate::text;

const AREA: &str = "advisories";

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let context = patient.context;
    let offline = context.net.is_offline();
    vec![match status::of(context) {
        Status::Named => named(patient),
        Status::Cached { days, stale } => {
            let age = match days {
                0 => "is of today".to_owned(),
                days => format!("is {} old", text::count(usize::try_from(days).unwrap_or(usize::MAX), "day")),
            };
            let message = format!("the cached RustSec database {age}");
            match (stale, offline) {
                (true, true) => Check::warn(AREA, message).hint("go online once"),
                (true, false) => Check::ok(AREA, format!("{message}; the next scan asks for a newer one")),
                (false, _) => Check::ok(AREA, message),
            }
        }
        Status::Missing if !offline => Check::ok(AREA, "the next scan fetches the RustSec database"),
        Status::Missing => Check::warn(AREA, "offline there is only the starter set, which knows a few advisories")
            .hint("go online once, or give a checkout of the RustSec database with --advisory-db DIR"),
        Status::Homeless => Check::warn(AREA, "there is no folder to keep the RustSec database in")
            .hint("set HOME or XDG_CACHE_HOME, or give a checkout with --advisory-db DIR"),
    }]
}

fn named(patient: &Patient<'_>) -> Check {
    let Some(folder) = &patient.context.options.advisory_db else { return Check::ok(AREA, "none is named") };
    match folder.join("crates").is_dir() {
        true => Check::ok(AREA, format!("{} is used; nobody but you keeps it fresh", folder.display())),
        false => Check::fail(AREA, format!("{} is no RustSec database", folder.display()))
            .hint("give a checkout of it: the folder with `crates` in it"),
    }
}
