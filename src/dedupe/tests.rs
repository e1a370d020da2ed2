//! What must hold for any findings, and the cases that each way is about.

mod advisories;
mod any;
mod secrets;
mod weaknesses;

use std::cmp::Ordering;

use super::{dedupe, order};
use crate::finding::{Finding, Kind, Location, Package, Rating, RepoPath, Secret, Severity, Source, Span};
use crate::rule::Rule;

/// A finding of a tool with an id of its own for the rule, at lines of a file or at a file as a whole.
fn finding(kind: Kind, tool: &str, rule: &str, path: &str, lines: Option<(u32, u32)>) -> Finding {
    let id = match kind {
        Kind::Advisory => format!("advisory/{rule}"),
        kind => format!("{}/{tool}/{rule}", kind.id()),
    };
    let span = lines.map(|(start, end)| Span { start_line: start, start_column: 1, end_line: end, end_column: 9 });
    let place = Location::here(RepoPath::new(path), span);
    let source = Source { tool: tool.to_owned(), rule: rule.to_owned() };
    let rule = Rule { id, title: rule.replace('-', " "), ..Rule::default() };
    Finding::new(rule.into(), kind, Severity::Medium, "It is wrong".to_owned(), place, source)
}

pub(super) fn config(tool: &str, rule: &str, resource: Option<&str>) -> Finding {
    let mut finding = finding(Kind::Config, tool, rule, "main.tf", Some((1, 1)));
    finding.resource = resource.map(str::to_owned);
    finding
}

fn code(tool: &str, rule: &str, cwe: &[u32], lines: (u32, u32)) -> Finding {
    let mut finding = finding(Kind::Code, tool, rule, "app.py", Some(lines));
    finding.rule = Rule { cwe: cwe.to_vec(), ..(*finding.rule).clone() }.into();
    finding
}

fn advisory(tool: &str, id: &str, aliases: &[&str], purl: &str, path: &str) -> Finding {
    let mut finding = finding(Kind::Advisory, tool, id, path, None);
    let mut package = Package::new("x", purl.rsplit('/').next().unwrap(), "1.0.0");
    purl.clone_into(&mut package.purl);
    package.aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
    finding.package = Some(package);
    finding
}

fn secret(tool: &str, rule: &str, line: u32, value: Option<&str>) -> Finding {
    let mut finding = finding(Kind::Secret, tool, rule, "app.env", Some((line, line)));
    finding.secret = value.map(|value| Secret::new(value.as_bytes()));
    finding
}

/// Joins findings in this order and in the other, which must be the same, and says who tells of each.
fn joined(findings: &[Finding]) -> Vec<Vec<String>> {
    let there = dedupe(findings.to_vec());
    let back = dedupe(findings.iter().rev().cloned().collect());
    assert!(equal(&there, &back), "the order matters");
    assert!(equal(&there, &dedupe(there.clone())), "joining again changes something");
    let tell = |finding: &Finding| finding.sources.iter().map(|it| format!("{} {}", it.tool, it.rule)).collect();
    there.iter().map(tell).collect()
}

/// Whether two lists are equal in all that an output shows.
fn equal(a: &[Finding], b: &[Finding]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| order::report(a, b) == Ordering::Equal)
}

#[test]
fn the_severity_is_the_worst_that_anybody_has_grounds_for() {
    let rated = |tool: &str, severity: Severity, rating: Rating| {
        let mut finding = advisory(tool, "CVE-2020-1", &[], "pkg:npm/a", "yarn.lock");
        (finding.severity, finding.rating) = (severity, rating);
        finding
    };
    let of = |findings: &[Finding]| {
        let all = dedupe(findings.to_vec());
        assert_eq!(all.len(), 1);
        (all[0].severity, all[0].rating.by.clone())
    };
    let assumed = rated("pip-audit", Severity::Critical, Rating::assumed("pip-audit"));
    let stated = rated("trivy", Severity::High, Rating::stated("trivy"));
    let scored = rated("grype", Severity::High, Rating::scored("NVD, CVSS 3.1 7.5"));
    let low = rated("snyk", Severity::Low, Rating::scored("Snyk, CVSS 3.1 3.1"));
    assert_eq!(of(&[assumed.clone(), low.clone()]), (Severity::Low, "Snyk, CVSS 3.1 3.1".to_owned()));
    assert_eq!(of(&[assumed.clone(), stated.clone(), low.clone()]), (Severity::High, "trivy".to_owned()));
    assert_eq!(of(&[assumed.clone(), stated, low, scored]), (Severity::High, "NVD, CVSS 3.1 7.5".to_owned()));
    assert_eq!(of(&[assumed.clone(), assumed]), (Severity::Critical, "pip-audit".to_owned()));
}
