//! What the configuration and the baseline say. That the configuration is valid was found out before.

use super::{Check, Patient};
use crate::baseline::{Known, Place};
use crate::config::FILE;
use crate::suppress::foreign::{self, List};
use crate::text;

const AREA: &str = "configuration";

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let config = &patient.context.config;
    let root = &patient.context.target.root;
    let mut checks = Vec::new();
    if root.join(FILE).is_file() {
        let ignores = text::count(config.ignore.len(), "ignore");
        checks.push(Check::ok(AREA, format!("{FILE} is valid, with {ignores}")));
    } else {
        checks.push(Check::ok(AREA, format!("there is no {FILE}, so everything is as by default")));
    }
    let today = patient.environment.today;
    let expired = config.ignore.iter().filter(|ignore| ignore.expires.is_some_and(|day| day.0 < today)).count();
    if expired > 0 {
        checks.push(
            Check::warn(AREA, format!("{} expired", text::count(expired, "ignore")))
                .hint("take them out, or give them another day"),
        );
    }
    if !config.scan.exclude.is_empty() {
        let count = text::count(config.scan.exclude.len(), "pattern");
        checks.push(Check::warn(AREA, format!("findings in the paths of {count} under `exclude` are dropped unseen")));
    }
    let rules = patient.context.user_rules.len();
    if rules > 0 {
        checks.push(Check::ok(AREA, format!("{} of your own", text::count(rules, "secret rule"))));
    }
    if patient.context.options.others_accept {
        let (lists, unread) = foreign::load(&patient.context.target);
        let told =
            |list: &List| Check::ok(AREA, format!("{} counts, with {}", list.name, text::count(list.len(), "entry")));
        checks.extend(lists.iter().map(told));
        let notes = unread.into_iter().chain(lists.iter().flat_map(|list| list.notes(false)));
        checks.extend(notes.map(|note| Check::warn(AREA, note)));
    }
    let place = Place::find(None, config.scan.baseline.as_deref(), root);
    match place.and_then(|place| Ok((Known::load(&place)?, place))) {
        Ok((Some(baseline), place)) => {
            let count = text::count(baseline.count(), "finding");
            checks.push(Check::ok(AREA, format!("the baseline {} knows {count}", place.name)));
        }
        Ok((None, _)) => {}
        Err(error) => checks.push(Check::failed(AREA, &error)),
    }
    checks
}
