//! What holds for any findings.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::{place, sort};
use super::*;
use crate::finding::{Confidence, Fingerprint};

const TOOLS: [&str; 5] = ["scanall", "trivy", "checkov", "semgrep", "bandit"];
const PATHS: [&str; 7] =
    ["", "packages", "web", "web/package.json", "web/yarn.lock", "web/package-lock.json", "Dockerfile"];
const IDS: [&str; 5] = ["CVE-2020-1", "CVE-2020-2", "GHSA-aaaa-bbbb-cccc", "DSA-1-1", "SNYK-JS-X-1"];
const RULES: [&str; 8] = [
    "DS002",
    "CKV_DOCKER_3",
    "CKV_DOCKER_8",
    "x.last-user-is-root",
    "github-pat",
    "stripe-key",
    "sql-injection",
    "B608",
];
const WEAKNESSES: [&[u32]; 6] = [&[], &[77], &[78, 89], &[79], &[20], &[79, 89]];

/// What a finding is made of, as places in the lists above.
#[derive(Clone, Debug)]
struct Drawn {
    what: [usize; 4],
    lines: Option<(u32, u32)>,
    ids: Vec<usize>,
    is_versioned: bool,
    more: [usize; 5],
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let lines = prop::option::weighted(0.8, (1..5u32, 0..3u32));
    let ids = prop::collection::vec(0..IDS.len(), 1..4);
    let one =
        ([0..100usize, 0..100, 0..100, 0..100], lines, ids, prop::bool::ANY, [0..100usize, 0..3, 0..4, 0..3, 0..5]);
    let one = one.prop_map(|(what, lines, ids, is_versioned, more)| Drawn { what, lines, ids, is_versioned, more });
    prop::collection::vec(one, 0..24)
}

fn made(drawn: &[Drawn]) -> Vec<Finding> {
    drawn.iter().map(one).collect()
}

fn one(drawn: &Drawn) -> Finding {
    fn pick<T: Copy>(list: &[T], index: usize) -> T {
        list[index % list.len()]
    }
    let [kind, tool, rule, path] = drawn.what;
    let [cwe, resource, value, basis, severity] = drawn.more;
    let (kind, tool, rule) = (pick(&Kind::ALL, kind), pick(&TOOLS, tool), pick(&RULES, rule));
    let lines = drawn.lines.map(|(start, length)| (start, start + length));
    let mut it = finding(kind, tool, rule, pick(&PATHS, path), lines);
    it.severity = Severity::WORST_FIRST[severity];
    it.confidence = [Confidence::Low, Confidence::Medium, Confidence::High][basis];
    it.rating = [Rating::assumed, Rating::stated, |by: &str| Rating::scored(by)][basis](tool);
    match kind {
        Kind::Secret => {
            it.secret = match value {
                0 => None,
                1 => Some(Secret::told("…", Fingerprint::of(&[rule.as_bytes()]))),
                value => Some(Secret::new(&[value as u8])),
            }
        }
        Kind::Advisory | Kind::License => {
            let ids: Vec<&str> = drawn.ids.iter().map(|id| IDS[*id]).collect();
            let purl = ["pkg:npm/a", "pkg:npm/b", "pkg:deb/c"][resource];
            let other = advisory(tool, ids[0], &ids[1..], purl, "");
            (it.rule, it.sources, it.package) = (other.rule, other.sources, other.package);
            if let Some(package) = it.package.as_mut().filter(|_| !drawn.is_versioned) {
                package.version.clear();
            }
            it.location.span = None;
        }
        Kind::Code | Kind::Config => {
            it.rule = Rule { cwe: pick(&WEAKNESSES, cwe).to_vec(), ..(*it.rule).clone() }.into();
            it.resource = [None, Some("aws_s3_bucket.a"), Some("aws_s3_bucket.b")][resource].map(str::to_owned);
        }
    }
    it
}

/// Whether an output tells what a tool said of a place.
fn tells(output: &Finding, input: &Finding) -> bool {
    let is_there = |place: &Location| {
        let coarse = input.package.is_some()
            && (place::is_around(&input.location.path, &place.path)
                || place::is_coarser(&input.location.path, &place.path));
        // What is about a file as a whole is told of lines of it, and what is about a resource of others.
        let whole = matches!(input.kind, Kind::Code | Kind::Config) && place.path == input.location.path;
        coarse || whole || place::overlap(place, &input.location)
    };
    input.sources.iter().all(|source| output.sources.contains(source))
        && std::iter::once(&output.location).chain(&output.related).any(is_there)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn joining_again_changes_nothing(drawn in drawn()) {
        let findings = made(&drawn);
        let once = dedupe(findings);
        prop_assert!(equal(&once, &dedupe(once.clone())));
    }

    #[test]
    fn the_order_does_not_matter(
        (one, other) in drawn().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        prop_assert!(equal(&dedupe(made(&one)), &dedupe(made(&other))));
    }

    #[test]
    fn nothing_is_lost(drawn in drawn()) {
        let findings = made(&drawn);
        let all = dedupe(findings.clone());
        for finding in &findings {
            prop_assert!(all.iter().any(|output| tells(output, finding)));
            // Nothing becomes less severe than somebody has grounds for.
            let kept = all.iter().any(|output| tells(output, finding) && output.severity >= finding.severity);
            prop_assert!(kept || !finding.rating.is_substantiated());
        }
    }

    #[test]
    fn without_joining_every_finding_is_kept(drawn in drawn()) {
        let findings = made(&drawn);
        let sorted = sort(findings.clone());
        prop_assert_eq!(sorted.len(), findings.len());
        let mut left = findings;
        for finding in &sorted {
            let at = left.iter().position(|other| order::report(finding, other) == Ordering::Equal);
            prop_assert!(at.is_some());
            left.remove(at.unwrap());
        }
        prop_assert!(sorted.is_sorted_by(|a, b| order::report(a, b) != Ordering::Greater));
    }

    #[test]
    fn one_tool_says_one_thing_of_a_weakness(drawn in drawn()) {
        let findings = made(&drawn);
        for output in dedupe(findings).iter().filter(|output| matches!(output.kind, Kind::Code | Kind::Config)) {
            let tools: BTreeSet<&str> = output.sources.iter().map(|source| source.tool.as_str()).collect();
            prop_assert_eq!(tools.len(), output.sources.len());
        }
    }

    /// All on one line; each rule is of one finding, so that sources tell what was joined.
    #[test]
    fn different_weaknesses_of_one_line_stay_apart(drawn in prop::collection::vec((0..TOOLS.len(), 0..6usize), 0..12)) {
        let rule = |index: usize| format!("r{index}");
        let made = |(index, (tool, cwe)): (usize, &(usize, usize))| {
            code(TOOLS[*tool], &rule(index), WEAKNESSES[*cwe], (5, 5))
        };
        for output in dedupe(drawn.iter().enumerate().map(made).collect()) {
            let of = |source: &Source| drawn[source.rule[1..].parse::<usize>().unwrap()].1;
            let special = |cwe: usize| WEAKNESSES[cwe].iter().filter(|it| **it != 20).map(|it| if *it == 78 { &77 } else { it });
            let all: Vec<BTreeSet<_>> = output.sources.iter().map(|it| special(of(it)).collect()).collect();
            let naming: Vec<_> = all.iter().filter(|it| !it.is_empty()).collect();
            let in_common = |number: &&u32| naming.iter().all(|it| it.contains(number));
            prop_assert!(naming.first().is_none_or(|first| first.iter().any(in_common)));
        }
    }

    #[test]
    fn two_known_credentials_are_never_one(drawn in drawn()) {
        let findings = made(&drawn);
        let known = |all: &[Finding]| -> BTreeSet<Vec<u8>> {
            let values = all.iter().filter_map(|it| it.secret.as_ref());
            values.filter(|it| it.told_fingerprint().is_none()).map(|it| it.digest().to_vec()).collect()
        };
        prop_assert_eq!(known(&findings), known(&dedupe(findings.clone())));
    }
}
