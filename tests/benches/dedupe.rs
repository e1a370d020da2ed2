//! Times joining findings: `cargo bench --bench dedupe -- [COUNT]`.
//!
//! Each list has so many findings (200,000 by default): what several tools say of packages, of code and of secrets, in
//! an order that no tool has. Wall time in seconds.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench talks to a terminal and may fail loudly")]

use std::sync::Arc;
use std::time::Instant;

use scanall::dedupe::{dedupe, sort};
use scanall::finding::{Finding, Kind, Location, Package, RepoPath, Secret, Severity, Source, Span};
use scanall::rule::Rule;

const TOOLS: [&str; 4] = ["scanall", "trivy", "grype", "semgrep"];

/// What makes the finding of a number.
type Make = fn(usize) -> Finding;

fn main() {
    let count =
        std::env::args().skip(1).find(|a| a != "--bench").map_or(200_000, |count| count.parse::<usize>().unwrap());
    println!("{count} findings{:20}{:>9}{:>9}{:>9}", "", "sort", "dedupe", "left");
    let lists: [(&str, Make); 5] = [
        ("packages", package),
        ("code", code),
        ("code on one line", |index| on_line(code(index), 1)),
        ("code over all lines", |index| over_all(code(index))),
        ("secrets", secret),
    ];
    for (name, make) in lists {
        // A prime apart, so that neighbours are of different files.
        let findings: Vec<Finding> = (0..count).map(|index| make(index.wrapping_mul(7_368_787) % count)).collect();
        let (sorted, joined) = (findings.clone(), findings);
        let start = Instant::now();
        drop(sort(sorted));
        let sorted = start.elapsed();
        let start = Instant::now();
        let left = dedupe(joined).len();
        println!("{name:32}{:>9.3}{:>9.3}{left:>9}", sorted.as_secs_f64(), start.elapsed().as_secs_f64());
    }
}

fn finding(kind: Kind, index: usize, id: String, path: String) -> Finding {
    let tool = TOOLS[index % TOOLS.len()];
    let line = u32::try_from(index / 40 % 500).unwrap() + 1;
    let span = Span { start_line: line, start_column: 1, end_line: line + 2, end_column: 9 };
    let rule = Rule { id: id.clone(), title: id.clone(), cwe: vec![79 + (index / 4 % 20) as u32], ..Rule::default() };
    let place = Location::here(RepoPath::new(path), Some(span).filter(|_| kind != Kind::Advisory));
    let source = Source { tool: tool.to_owned(), rule: id };
    Finding::new(Arc::new(rule), kind, Severity::High, "A sentence about it".to_owned(), place, source)
}

fn package(index: usize) -> Finding {
    let (number, ids) = (index / 4, [format!("CVE-2020-{}", index / 4), format!("GHSA-{}", index / 4)]);
    let id = &ids[index % 2];
    let path = format!("services/{}/Cargo.lock", number % 300);
    let mut finding = finding(Kind::Advisory, index, format!("advisory/{id}"), path);
    let mut package = Package::new("cargo", &format!("package-{}", number % 2_000), "1.2.3");
    package.aliases = vec![ids[1 - index % 2].clone()];
    finding.package = Some(package);
    finding
}

fn code(index: usize) -> Finding {
    let rule = format!("code/{}/r{}", TOOLS[index % TOOLS.len()], index / 4 % 20);
    finding(Kind::Code, index, rule, format!("services/{}/source.py", index / 80 % 1_000))
}

fn on_line(mut finding: Finding, line: u32) -> Finding {
    finding.location.path = RepoPath::new("minified.js");
    finding.location.span = finding.location.span.map(|span| Span {
        start_line: line,
        start_column: span.start_line,
        end_line: line,
        end_column: span.start_line + 1,
    });
    finding
}

fn over_all(mut finding: Finding) -> Finding {
    finding.location.path = RepoPath::new("generated.py");
    finding.location.span = finding.location.span.map(|span| Span { end_line: 100_000, ..span });
    finding
}

fn secret(index: usize) -> Finding {
    let tool = index % TOOLS.len();
    let path = format!("services/{}/.env", index / 80 % 1_000);
    let mut finding = finding(Kind::Secret, index, format!("secret/{}-key", TOOLS[tool]), path);
    finding.secret = (tool != 1).then(|| Secret::new(format!("value {}", index / 4).as_bytes()));
    finding
}
