//! Defines [`About`]: what findings say of one package.

use std::sync::Arc;

use super::rules::{mismatch_rule, refused_rule, review_rule, undeclared_rule};
use super::{Group, denied, scope};
use crate::finding::{Confidence, Finding, Kind, Location, Package, Rating, Severity, Source};
use crate::inventory::Inventory;
use crate::license::expression::{Expression, Term};
use crate::license::policy::{Judgement, Policy, Verdict};
use crate::license::sources::{Basis, Evidence, License};
use crate::rule::Rule;
use crate::text;

/// More letters of what a package says are not shown.
const MAX_SHOWN: usize = 80;
/// More names of the way to a package are not in its message.
const MAX_WAY: usize = 6;

/// One package and what is said of it.
pub(super) struct About<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) group: &'a Group<'a>,
    pub(super) judgement: &'a Judgement,
    pub(super) policy: &'a Policy,
}

impl About<'_> {
    /// That a license is denied or to be reviewed.
    pub(super) fn refused(&self, term: &Term, severity: Severity) -> Finding {
        let license = term.without_exception().to_string();
        let package = &self.group.package.name;
        let (rule, remedy) = match self.judgement.verdict {
            Verdict::Deny => (refused_rule(&license), format!("Replace {package} or allow {license}")),
            _ => (review_rule(&license), format!("Read the terms of {license}, and allow or deny it")),
        };
        let known = self.group.known.license().filter(|_| self.judgement.clarification.is_none());
        let from = known.map_or_else(|| "as the configuration says".to_owned(), evidence);
        let expression = &self.judgement.expression;
        let message = format!("{} is under {expression} ({from}), and {}", self.named(), self.judgement.why);
        let finding = self.finding(rule, severity, &message, &remedy);
        match known.is_some_and(|license| license.basis == Basis::Text) {
            true => Finding { confidence: Confidence::Medium, ..finding },
            false => finding,
        }
    }

    /// That what it says of its license is none that anybody knows.
    pub(super) fn unreadable(&self, license: &License, severity: Severity) -> Finding {
        let said = if license.said.is_empty() { license.expression.to_string() } else { license.said.clone() };
        let (name, said, place) = (self.named(), shown(&said), &license.evidence);
        let message = format!("{name} declares `{said}` ({place}), which is no SPDX expression");
        self.finding(undeclared_rule(), severity, &message, &self.read_it())
    }

    /// That its files say nothing of a license.
    pub(super) fn undeclared(&self, evidence: &Evidence, severity: Severity) -> Finding {
        let message = format!("{} declares no license ({evidence})", self.named());
        self.finding(undeclared_rule(), severity, &message, &self.read_it())
    }

    /// That nobody has its files, and the policy forbids what is not known.
    pub(super) fn unseen(&self, severity: Severity) -> Finding {
        let message = format!("{} has a license that nothing here tells, and the policy denies that", self.named());
        self.finding(undeclared_rule(), severity, &message, &self.read_it())
    }

    /// That its files hold another license than it declares; `None` when they do not, or somebody has looked at it.
    pub(super) fn mismatch(&self) -> Option<Finding> {
        let (mismatch, place) = self.group.known.license()?.mismatch.as_ref()?;
        if self.judgement.exception.or(self.judgement.clarification).is_some() {
            return None;
        }
        let found = mismatch.found.iter().map(|id| Expression::of(Term::new(id, None))).reduce(Expression::and)?;
        let (verdict, _) = self.policy.verdict(&found, scope(self.group.package.scope));
        let is_worse = verdict == Verdict::Deny && self.judgement.verdict != Verdict::Deny;
        let severity = if is_worse { denied(self.policy).min(Severity::Medium) } else { Severity::Low };
        let message = format!("{} contradicts itself: {} ({place})", self.named(), mismatch.why);
        let remedy = format!("Ask the authors of {} which license is meant", self.group.package.name);
        let finding = self.finding(mismatch_rule(), severity, &message, &remedy);
        Some(Finding { confidence: Confidence::Medium, ..finding })
    }

    fn read_it(&self) -> String {
        format!("Read the license of {}", self.group.package.name)
    }

    /// Name and version, as far as there is one.
    fn named(&self) -> String {
        format!("{} {}", self.group.package.name, self.group.package.version).trim_end().to_owned()
    }

    fn finding(&self, rule: Rule, severity: Severity, message: &str, remedy: &str) -> Finding {
        let package = self.group.package;
        let way = self.inventory.way(package);
        let message = match &way[..] {
            [above @ .., _] if !above.is_empty() => format!("{message}; {} pulls it in", shown_way(above)),
            _ => message.to_owned(),
        };
        let lines = self.group.lines.iter().map(|line| &line.location).chain(&package.manifest);
        let mut related: Vec<Location> = lines.filter(|place| **place != package.location).cloned().collect();
        related.sort();
        related.dedup();
        let source = Source::own(&rule.id);
        let (rule, message) = (Arc::new(rule), text::printable(&message));
        Finding {
            confidence: Confidence::High,
            related,
            package: Some(Package { path: way, ..package.package() }),
            remedy: Some(text::printable(remedy)),
            rating: Rating::stated("scanall"),
            ..Finding::new(rule, Kind::License, severity, message, package.location.clone(), source)
        }
    }
}

/// Where a license was read, with the package's own words where those are others.
fn evidence(license: &License) -> String {
    match license.said.is_empty() || license.said == license.expression.to_string() {
        true => license.evidence.to_string(),
        false => format!("`{}` in {}", shown(&license.said), license.evidence),
    }
}

fn shown(said: &str) -> String {
    text::printable(said.trim()).chars().take(MAX_SHOWN).collect()
}

/// The packages above one, from the direct dependency down; of too many, those in the middle are left out.
fn shown_way(above: &[String]) -> String {
    match above {
        [first, second, third, .., last] if above.len() > MAX_WAY => {
            format!("{first} > {second} > {third} > … > {last}")
        }
        _ => above.join(" > "),
    }
}
