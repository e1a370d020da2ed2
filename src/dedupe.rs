//! Makes one finding of what several tools and layers say about one defect.
//!
//! Each kind of defect has its own way of being the same, a file each, listed in `WAYS`: secrets by value and place,
//! advisories by the graph of their ids and package, licenses by package, code by weakness and place, configuration by
//! family of checks and resource. What is joined keeps every source. Two findings of which anything says that they are
//! different defects stay two: a finding too many is a nuisance, one too few is a defect that nobody mends.

mod again;
pub(crate) mod dependency;
mod family;
pub(crate) mod groups;
mod join;
mod order;
mod package;
mod place;
mod secrets;
mod speakers;
#[cfg(test)]
mod tests;
mod weakness;

use groups::Groups;
use rayon::prelude::*;

use crate::finding::{Finding, Kind};

/// A way in which findings of some kinds are the same: puts those among the given ones into groups.
type Way = fn(&[Finding], &[usize], &Groups);

static WAYS: [(&[Kind], Way); 4] = [
    (&[Kind::Secret], secrets::group),
    (&[Kind::Advisory], dependency::group_advisories),
    (&[Kind::License], dependency::group_licenses),
    // One tool calls code what another calls configuration.
    (&[Kind::Code, Kind::Config], weakness::group),
];

/// A finding that was joined knows more than each of its parts, and may be the same as a further one. Real reports need
/// two rounds; this bound is for those that are made to need many.
const ROUNDS: usize = 16;

/// Joins findings and sorts them. The result does not depend on their order, and joining again changes nothing.
pub fn dedupe(findings: Vec<Finding>) -> Vec<Finding> {
    let mut findings = sort(findings);
    for _ in 0..ROUNDS {
        let before = findings.len();
        findings = round(findings);
        if findings.len() == before {
            break;
        }
    }
    findings
}

/// Sorts findings as reports have them, and joins none: by kind, the worst first, then by place.
pub fn sort(mut findings: Vec<Finding>) -> Vec<Finding> {
    // A finding is large: numbers are sorted, and each finding moves to its place once.
    let mut from: Vec<usize> = (0..findings.len()).collect();
    from.par_sort_by(|a, b| order::report(&findings[*a], &findings[*b]));
    for start in 0..from.len() {
        let mut to = start;
        // Round the cycle that begins here; what is in its place is its own source from then on.
        while from[to] != start {
            let source = std::mem::replace(&mut from[to], to);
            findings.swap(to, source);
            to = source;
        }
        from[to] = to;
    }
    findings
}

/// Joins sorted findings that are the same as they stand, and sorts them again.
fn round(findings: Vec<Finding>) -> Vec<Finding> {
    let groups = Groups::new(findings.len());
    for (kinds, way) in &WAYS {
        let some: Vec<usize> = (0..findings.len()).filter(|index| kinds.contains(&findings[*index].kind)).collect();
        way(&findings, &some, &groups);
    }
    if groups.are_single() {
        return findings;
    }
    sort(join::join(findings, &groups))
}
