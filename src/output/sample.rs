//! Reports for the tests of formats, with hostile text wherever text comes from what is scanned.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::View;
use super::style::Style;
use crate::check::{self, Verdict};
use crate::engine::{LayerRun, Outcome};
use crate::finding::verified::Status;
use crate::finding::{
    Assessment, CommitRef, Confidence, Edit, Excerpt, Finding, Kind, Location, Package, Priority, Rating, RepoPath,
    Secret, Severity, Source, Span, Verified,
};
use crate::github::alert::Alerts;
use crate::options::Completeness;
use crate::report::{self, Report, RepositoryRef};
use crate::rule::Rule;

pub(super) const SECRET: &str = "hunter2-hunter2-hunter2";

/// What begins the sequences that drive a terminal.
pub(super) const ESCAPE: char = '\u{1b}';

pub(super) fn view() -> View {
    View { style: Style::PLAIN, show_secrets: false, verbosity: 0, alerts: Alerts::default() }
}

/// Why it is believed, in any words.
fn assessment(text: &str) -> Assessment {
    let mut assessment = Assessment::of_rule(Confidence::Medium);
    let mut verdict = Verdict::new(check::Outcome::Unknown, text);
    verdict.facts.insert("account".into(), text.to_owned());
    assessment.add(0, text);
    assessment.checked(verdict);
    assessment
}

/// What makes it pressing, in any words.
fn priority(text: &str) -> Priority {
    let mut priority = Priority::default();
    priority.add(5, text);
    priority
}

/// A high finding of code with one text wherever a text can stand.
pub(super) fn finding(text: &str) -> Finding {
    Finding {
        rule: Arc::new(Rule {
            id: format!("code/{text}"),
            title: text.to_owned(),
            description: text.to_owned(),
            help: text.to_owned(),
            url: Some(text.to_owned()),
            cwe: vec![79],
        }),
        kind: Kind::Code,
        severity: Severity::High,
        confidence: Confidence::Medium,
        assessment: Some(assessment(text)),
        message: text.to_owned(),
        location: Location::here(RepoPath::new(text), Some(Span::line(3, 9))),
        related: Vec::new(),
        excerpt: Some(Excerpt::plain(text)),
        package: None,
        secret: None,
        companions: BTreeMap::default(),
        verified: None,
        history: None,
        remedy: Some(text.to_owned()),
        edit: Some(Edit { path: RepoPath::new(text), span: Span::line(3, 9), text: text.to_owned() }),
        priority: Some(priority(text)),
        sources: vec![Source { tool: text.to_owned(), rule: text.to_owned() }],
        rating: Rating::stated(text),
        resource: None,
        line_hash: None,
        marker: None,
    }
}

/// A finding of each kind.
pub(super) fn of_every_kind(text: &str) -> Vec<Finding> {
    Kind::ALL.map(|kind| of_kind(kind, text)).into()
}

fn of_kind(kind: Kind, text: &str) -> Finding {
    let mut finding = finding(text);
    finding.kind = kind;
    match kind {
        Kind::Secret => {
            finding.secret = Some(Secret::new(SECRET.as_bytes()));
            finding.verified = Some(Verified {
                status: Status::Live,
                reason: text.to_owned(),
                identity: vec![(text.to_owned(), text.to_owned())],
                at: jiff::Timestamp::UNIX_EPOCH,
            });
            finding.location.commit = Some(CommitRef { id: "4b20d1b82e".repeat(4), date: text.to_owned() });
        }
        Kind::Advisory | Kind::License => {
            let mut package = Package::new("cargo", text, text);
            package.aliases = vec!["CVE-2020-1".to_owned(), "GHSA-xxxx-yyyy-zzzz".to_owned(), text.to_owned()];
            finding.package = Some(package);
        }
        Kind::Code | Kind::Config => {}
    }
    finding
}

/// A complete report with a layer that looked at everything.
pub(super) fn report(findings: Vec<Finding>) -> Report {
    let layers = vec![LayerRun {
        id: "secrets",
        kinds: Kind::ALL.to_vec(),
        outcome: Outcome::Completed,
        gaps: Vec::new(),
        notes: Vec::new(),
        elapsed: Duration::from_secs(1),
    }];
    let (fail_on, completeness) = (Severity::High, Completeness::Strict);
    Report {
        verdict: report::verdict(&findings, &layers, fail_on, completeness),
        findings,
        suppressed: Vec::new(),
        unused: Vec::new(),
        layers,
        fail_on,
        completeness,
        elapsed: Duration::from_secs(2),
        origin: RepositoryRef { remote: None, revision: Some("f00d".repeat(10)), branch: None },
        baseline: None,
        change: None,
    }
}

/// Makes the layer fail with a reason.
pub(super) fn break_layer(report: &mut Report, reason: &str) {
    report.layers[0].outcome = Outcome::Failed(vec![reason.to_owned()]);
    report.verdict = report::verdict(&report.findings, &report.layers, report.fail_on, report.completeness);
}

/// What somebody might write who means harm: characters with a meaning, words with one, and anything else.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "|", "\\", "`", "``", "<", ">", "&", "\"", "'", "*", "**", "_", "~~", "[", "](", ")", "![", "@", "#", "$", ":",
            "::", "%", "%0A", ",", ";", "=", "+", "-", "\n", "\r", "\t", "\u{0}", "\u{b}", "\u{1b}[2J", "\u{202e}",
            "\u{fffe}", "\u{ffff}", " ", "]]>", "<!--", "-->", "<br>", "<script>", "</td>", "&lt;", "&#64;", "http://", "x.y",
            "https://evil.example/x", "www.evil.example", "a@b.example", "@team/x", "#1", "GH-1", "o/r#2", "::error::",
            "##[error]", "|---|", "mailto:", "$$", "```", "<https://x.example>", "\u{1F600}",
        ])
        .prop_map(str::to_owned),
        2 => "[a-zA-Z0-9./ ]{0,6}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}
