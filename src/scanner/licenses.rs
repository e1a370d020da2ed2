//! Holds the licenses of dependencies to the project's policy.

mod declared;

use std::sync::Arc;

use super::{Context, Gap, Plan, Scanner, Sink};
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::finding::{Confidence, Finding, Kind, Package, Rating, Severity, Source};
use crate::inventory::{Dependency, PackageSource};
use crate::license::normalize;
use crate::license::policy::{Policy, Scope, Subject, Verdict};
use crate::rule::Rule;
use crate::text;
use declared::{Declared, Sources};

/// The licenses layer.
pub struct Licenses;

impl Scanner for Licenses {
    fn id(&self) -> &'static str {
        "licenses"
    }

    fn about(&self) -> &'static str {
        "licenses of Cargo dependencies against the project's policy"
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::License]
    }

    fn plan(&self, _: &Context) -> Plan {
        Plan::Run
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let policy = Policy::new(&context.config.licenses)?;
        let inventory = context.inventory();
        inventory.gaps.iter().for_each(|gap| sink.gap(gap.clone()));
        if inventory.files.is_empty() {
            sink.note("no Cargo.lock".to_owned());
            return Ok(());
        }
        let is_other = |p: &&Dependency| p.ecosystem == Ecosystem::Cargo && p.source != PackageSource::Local;
        let packages: Vec<&Dependency> = inventory.packages.iter().filter(is_other).collect();
        let sources = Sources::find(context, &inventory.files);
        let mut unknown = Vec::new();
        sink.expect(packages.len() as u64);
        for &package in &packages {
            let tell = |mut finding: Finding| {
                let way = inventory.way(package);
                finding.package = finding.package.map(|package| Package { path: way, ..package });
                sink.finding(finding);
            };
            match sources.declared(package) {
                Declared::Missing => unknown.push(package.name.as_str()),
                Declared::Nothing => tell(undeclared(package)),
                Declared::Expression { text, evidence } => {
                    let purl = format!("pkg:cargo/{}", package.name);
                    let judgement = policy.judge(&Subject {
                        purl: &purl,
                        version: &package.version.to_string(),
                        scope: Scope::Runtime,
                        expression: &normalize(&text).expression,
                        evidence_hash: None,
                        today: context.options.now.to_zoned(jiff::tz::TimeZone::UTC).date(),
                    });
                    let denied = if policy.is_own() { Severity::High } else { Severity::Medium };
                    let severity = if judgement.verdict == Verdict::Deny { denied } else { Severity::Low };
                    match judgement.term {
                        None => {}
                        Some(_) if judgement.verdict == Verdict::Allow => {}
                        Some(term) if term.is_known() => {
                            let license = term.without_exception().to_string();
                            tell(refused(package, &text, &evidence, &license, &judgement.why, severity));
                        }
                        Some(_) => tell(unreadable(package, &text)),
                    }
                }
            }
            sink.advance(1);
        }
        sink.note(format!("checked {}", text::count(packages.len() - unknown.len(), "package")));
        if let Some(first) = unknown.first() {
            let what = text::count(unknown.len(), "package");
            sink.gap(
                Gap::unavailable(format!(
                    "the licenses of {what} are unknown ({first} first): their sources are not here"
                ))
                .hint("let cargo get them with `cargo fetch`"),
            );
        }
        Ok(())
    }
}

fn refused(
    package: &Dependency,
    expression: &str,
    evidence: &str,
    license: &str,
    why: &str,
    severity: Severity,
) -> Finding {
    let rule = refused_rule(license);
    let message = format!("{} {} is under {expression} ({evidence}), and {why}", package.name, package.version);
    finding(package, rule, severity, Confidence::High, message, format!("Replace {} or allow {license}", package.name))
}

/// What outputs say of a license that is not allowed.
pub fn refused_rule(license: &str) -> Rule {
    Rule {
        id: format!("license/{}", license.to_ascii_lowercase()),
        title: format!("License {license} is not allowed"),
        description: format!("A dependency is under {license}, which the license policy does not allow."),
        help: "Replace the dependency, choose another of its licenses, or allow the license under `[licenses]` in \
               `.scanall.toml` once somebody has read its terms."
            .to_owned(),
        url: Some(format!("https://spdx.org/licenses/{license}.html")),
        cwe: Vec::new(),
    }
}

fn undeclared(package: &Dependency) -> Finding {
    let message = format!("{} {} declares no license", package.name, package.version);
    let remedy = format!("Read the license of {}", package.name);
    finding(package, undeclared_rule(), Severity::Low, Confidence::High, message, remedy)
}

/// The id of the rule about packages that declare no license.
pub const UNDECLARED: &str = "license/undeclared";

/// What outputs say of a package that declares no license.
pub fn undeclared_rule() -> Rule {
    Rule {
        id: UNDECLARED.to_owned(),
        title: "Dependency without a declared license".to_owned(),
        description: "A dependency declares no license that can be read as an SPDX expression, so nothing is known of \
                      what it allows."
            .to_owned(),
        help: "Read its license file, and accept it in `.scanall.toml` with an `[[ignore]]` that names the package."
            .to_owned(),
        url: None,
        cwe: Vec::new(),
    }
}

fn unreadable(package: &Dependency, expression: &str) -> Finding {
    let shown: String = text::printable(expression).chars().take(80).collect();
    let mut finding = undeclared(package);
    finding.message = format!("{} {} declares `{shown}`, which is no SPDX expression", package.name, package.version);
    finding
}

fn finding(
    package: &Dependency,
    rule: Rule,
    severity: Severity,
    confidence: Confidence,
    message: String,
    remedy: String,
) -> Finding {
    Finding {
        sources: vec![Source::own(&rule.id)],
        rule: Arc::new(rule),
        kind: Kind::License,
        severity,
        confidence,
        assessment: None,
        message: text::printable(&message),
        location: package.location.clone(),
        related: Vec::new(),
        excerpt: None,
        package: Some(package.package()),
        secret: None,
        companions: std::collections::BTreeMap::new(),
        verified: None,
        history: None,
        remedy: Some(remedy),
        rating: Rating::stated("scanall"),
        resource: None,
        line_hash: None,
        marker: None,
    }
}
