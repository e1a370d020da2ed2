//! Which advisories a scan would use, and how old they are.

use super::{Check, Patient};
use crate::advisories::Store;
use crate::scanner::advisories::status::{self, Status};
use crate::text;

const AREA: &str = "advisories";

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let context = patient.context;
    let asks = status::url(context).is_some();
    vec![match status::of(context) {
        Status::Named => named(patient),
        Status::Stored { days, stale, advisories } => {
            let age = match days {
                0 => "is of today".to_owned(),
                days => format!("is {} old", text::count(usize::try_from(days).unwrap_or(usize::MAX), "day")),
            };
            let message = format!("the advisory store has {} and {age}", text::count(advisories, "advisory"));
            match (stale, asks) {
                (true, false) => Check::warn(AREA, message).hint("run `scanall db update`"),
                (true, true) => Check::ok(AREA, format!("{message}; the next scan asks OSV's server instead")),
                (false, _) => Check::ok(AREA, message),
            }
        }
        Status::Damaged(why) => Check::warn(AREA, why).hint("`scanall db update` makes a new one"),
        Status::Missing | Status::Homeless if asks => {
            Check::ok(AREA, "the next scan asks OSV's server; `scanall db update` keeps a store on disk")
        }
        Status::Missing => {
            Check::warn(AREA, "without the network there is only the starter set, which knows a few advisories")
                .hint("run `scanall db update` where there is a network, or give a database with --advisory-db PATH")
        }
        Status::Homeless => Check::warn(AREA, "there is no folder to keep advisories in")
            .hint("set HOME or XDG_CACHE_HOME, or give a database with --advisory-db PATH"),
    }]
}

fn named(patient: &Patient<'_>) -> Check {
    let Some(path) = &patient.context.options.advisory_db else { return Check::ok(AREA, "none is named") };
    let shown = path.display();
    match path.is_file() && Store::is_named(path) {
        false => Check::ok(AREA, format!("{shown} is used; nobody but you keeps it fresh")),
        true => match Store::open(path) {
            Ok(store) => {
                let count = text::count(store.meta().advisories, "advisory");
                Check::ok(AREA, format!("{shown} is used, a store of {count}"))
            }
            Err(why) => Check::fail(AREA, why.chain().join(": ")),
        },
    }
}
