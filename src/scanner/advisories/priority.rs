//! Says how pressing a defect of a package is for this project.
//!
//! The points are ours. What they are given for is what the teams that have to choose look at first: whether the defect
//! is exploited (CISA's catalogue, as its Binding Operational Directive 22-01 asks), how likely it will be (EPSS), and
//! whether the code of the project has to do with it at all.

use crate::advisories::exploited::Epss;
use crate::advisories::matching::Hit;
use crate::advisories::record::Nature;
use crate::finding::Priority;
use crate::inventory::{Dependency, Scope};
use crate::text;
use crate::usage::Usage;

/// Likelihoods of EPSS from which on a defect gets points, the highest first.
const LIKELY: [(f64, i32); 3] = [(0.5, 20), (0.1, 12), (0.01, 4)];

/// What a defect gets that is less likely.
const UNLIKELY: i32 = -4;

/// How pressing a defect is. `same` are the places of one file that name the package at its version.
pub(super) fn of(same: &[&Dependency], hit: &Hit, usage: &Usage) -> Priority {
    let mut priority = Priority::default();
    if hit.nature == Nature::Malicious {
        priority.add(50, "malicious");
    }
    match hit.exploited.kev {
        Some(kev) if kev.ransomware => priority.add(45, "exploited in extortion campaigns"),
        Some(_) => priority.add(40, "known to be exploited"),
        None => {}
    }
    if let Some(epss) = hit.exploited.epss {
        priority.add(likely(epss), format!("EPSS {epss}"));
    }
    let scope = same.iter().map(|package| package.scope).min().unwrap_or_default();
    match scope {
        Scope::Runtime => {}
        Scope::Optional | Scope::Build => priority.add(-5, scope.word()),
        Scope::Dev => priority.add(-10, "for development only"),
    }
    let is = |direct: bool| same.iter().any(|package| package.direct == Some(direct));
    match (is(true), is(false)) {
        (true, _) => priority.add(5, "direct"),
        (false, true) => priority.add(0, "indirect"),
        (false, false) => {}
    }
    match usage {
        Usage::SymbolMentioned { place, symbol } => {
            priority.add(10, text::printable(&format!("{symbol} is mentioned in {place}")));
        }
        Usage::Imported(place) => priority.add(5, text::printable(&format!("imported in {place}"))),
        // Nobody imports what only another package needs.
        Usage::NotMentioned => priority.add(if is(true) { -10 } else { -3 }, "not mentioned in the source"),
        Usage::Unknown => {}
    }
    priority
}

fn likely(epss: Epss) -> i32 {
    LIKELY.iter().find(|(least, _)| epss.likelihood() >= *least).map_or(UNLIKELY, |(_, points)| *points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likelihoods() {
        let points = [0.9, 0.2, 0.05, 0.001].map(|likelihood| likely(Epss::new(likelihood, 0.5).unwrap()));
        assert_eq!(points, [20, 12, 4, -4]);
    }
}
