//! Intervals as Maven and NuGet write them: `[1.0,2.0)`, `(,1.0]`, `[1.0]`; several with commas between them.

use std::cmp::Ordering;

/// Whether a version is in one of the intervals; `None` when they are written in another way.
pub(super) fn contains(compare: impl Fn(&str, &str) -> Ordering, version: &str, intervals: &str) -> Option<bool> {
    let mut rest = intervals.trim();
    let mut met = false;
    while !rest.is_empty() {
        let (closed_below, text) = match (rest.strip_prefix('['), rest.strip_prefix('(')) {
            (Some(text), _) => (true, text),
            (_, Some(text)) => (false, text),
            _ => return None,
        };
        let (inner, after) = text.split_at(text.find([']', ')'])?);
        let closed_above = after.starts_with(']');
        let (from, to) = match inner.split_once(',') {
            Some((from, to)) => (from.trim(), to.trim()),
            None if closed_below && closed_above => (inner.trim(), inner.trim()),
            None => return None,
        };
        if to.contains(',') || (inner.trim().is_empty() && !inner.contains(',')) {
            return None;
        }
        let above =
            from.is_empty() || compare(version, from).is_gt() || (closed_below && compare(version, from).is_eq());
        let below = to.is_empty() || compare(version, to).is_lt() || (closed_above && compare(version, to).is_eq());
        met |= above && below;
        rest = after.get(1..)?.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(met)
}
