//! Holds the licenses of dependencies to the project's policy.

mod about;
mod rules;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Context, Gap, Plan, Scanner, Sink};
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::finding::{Finding, Kind, Severity};
use crate::inventory::{self, Dependency, Inventory};
use crate::license::expression::{Expression, Term};
use crate::license::normalize::NOTHING;
use crate::license::policy::{Judgement, Policy, Reason, Scope, Subject, Verdict};
use crate::license::sources::{self, Known};
use crate::text;
use about::About;
pub use rules::{MISMATCH, UNDECLARED, mismatch_rule, refused_rule, review_rule, undeclared_rule};

/// The licenses layer.
pub struct Licenses;

impl Scanner for Licenses {
    fn id(&self) -> &'static str {
        "licenses"
    }

    fn about(&self) -> &'static str {
        "licenses of dependencies against the project's policy"
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
            sink.note("no file that lists dependencies".to_owned());
            return Ok(());
        }
        let licenses = sources::of(context);
        licenses.gaps.iter().for_each(|gap| sink.gap(gap.clone()));
        let groups = groups(inventory, &licenses.packages);
        sink.expect(groups.len() as u64);
        let today = context.options.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut unseen: BTreeMap<Ecosystem, Vec<&str>> = BTreeMap::new();
        let mut judgements = Vec::new();
        for group in &groups {
            let judgement = judge(&policy, group, today);
            let about = About { inventory, group, judgement: &judgement, policy: &policy };
            sink.findings(findings(&about));
            if group.is_open(&judgement) {
                unseen.entry(group.package.ecosystem).or_default().push(&group.package.name);
            }
            judgements.push(judgement);
            sink.advance(1);
        }
        let missing: usize = unseen.values().map(Vec::len).sum();
        sink.note(format!("checked {}", text::count(groups.len() - missing, "package")));
        unseen.iter().for_each(|(ecosystem, names)| sink.gap(unknown(*ecosystem, names)));
        let saw_all = missing == 0 && context.target.scope.is_none() && !context.options.reports_alone;
        notes(&policy, &judgements, today, saw_all).into_iter().for_each(|note| sink.note(note));
        Ok(())
    }
}

/// One package at one version in one file, however many lines name it there.
struct Group<'a> {
    /// The line that counts: the one with the strongest scope, and of those the first.
    package: &'a Dependency,
    /// All lines.
    lines: Vec<&'a Dependency>,
    known: &'a Known,
}

impl Group<'_> {
    /// Whether nobody knows its license, and that matters.
    fn is_open(&self, judgement: &Judgement) -> bool {
        *self.known == Known::Unseen && judgement.verdict != Verdict::Allow && judgement.clarification.is_none()
    }
}

/// The packages that are asked about, in the order of their files.
fn groups<'a>(inventory: &'a Inventory, known: &'a [Known]) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<(&str, Ecosystem, &str, &str), Group> = BTreeMap::new();
    for (package, known) in inventory.packages.iter().zip(known).filter(|(_, known)| **known != Known::NotAsked) {
        let key = (package.location.path.as_str(), package.ecosystem, package.name.as_str(), package.version.as_str());
        let group = groups.entry(key).or_insert_with(|| Group { package, lines: Vec::new(), known });
        if (package.scope, &package.location) < (group.package.scope, &group.package.location) {
            group.package = package;
        }
        if group.known.license().is_none() && known.license().is_some() {
            group.known = known;
        }
        group.lines.push(package);
    }
    groups.into_values().collect()
}

/// What the policy says of a package.
fn judge(policy: &Policy, group: &Group, today: Date) -> Judgement {
    let package = group.package;
    let nothing = Expression::of(Term::unknown(NOTHING));
    let expression = group.known.license().map_or(&nothing, |license| &license.expression);
    let purl = package.package().purl;
    let hashes: Vec<&str> = match group.known {
        Known::License(license) => license.hashes.iter().map(String::as_str).collect(),
        Known::Undeclared(evidence) => evidence.sha256.as_deref().into_iter().collect(),
        _ => Vec::new(),
    };
    let judged = |evidence_hash: Option<&str>| {
        let scope = scope(package.scope);
        policy.judge(&Subject { purl: &purl, version: &package.version, scope, expression, evidence_hash, today })
    };
    // Whatever file an exception names as its evidence is one.
    let first = judged(hashes.first().copied());
    let by_other = hashes.iter().skip(1).map(|hash| judged(Some(hash)));
    match first.exception.or(first.clarification) {
        Some(_) => first,
        None => by_other.into_iter().find(|one| one.exception.or(one.clarification).is_some()).unwrap_or(first),
    }
}

/// The scope of a policy; what somebody may ask for is shipped to them.
fn scope(of: inventory::Scope) -> Scope {
    match of {
        inventory::Scope::Runtime | inventory::Scope::Optional => Scope::Runtime,
        inventory::Scope::Build => Scope::Build,
        inventory::Scope::Dev => Scope::Dev,
    }
}

/// What is to be told of a package.
fn findings(about: &About) -> Vec<Finding> {
    let (verdict, known) = (about.judgement.verdict, about.group.known);
    let mut findings = Vec::new();
    let severity = if verdict == Verdict::Deny { denied(about.policy) } else { Severity::Low };
    match (&about.judgement.term, known) {
        (Some(term), _) if verdict != Verdict::Allow && sources::is_told(term) => {
            findings.push(about.refused(term, severity))
        }
        (Some(_), Known::License(license)) if verdict != Verdict::Allow => {
            findings.push(about.unreadable(license, severity));
        }
        (Some(_), Known::Undeclared(evidence)) if verdict != Verdict::Allow => {
            findings.push(about.undeclared(evidence, severity));
        }
        // What nobody has is a gap, unless the policy forbids it.
        (Some(_), Known::Unseen) if verdict == Verdict::Deny => findings.push(about.unseen(severity)),
        _ => {}
    }
    findings.extend(about.mismatch());
    findings
}

/// How much a license weighs that is denied: more when the project said so itself.
pub fn denied(policy: &Policy) -> Severity {
    if policy.is_own() { Severity::High } else { Severity::Medium }
}

/// That licenses of an ecosystem are unknown.
fn unknown(ecosystem: Ecosystem, names: &[&str]) -> Gap {
    let first = names.first().map(|name| text::printable(name)).unwrap_or_default();
    let what = text::count(names.len(), &format!("{ecosystem} package"));
    let gap =
        Gap::unavailable(format!("the licenses of {what} are unknown ({first} first): their sources are not here"));
    match sources::hint(ecosystem) {
        Some(hint) => gap.hint(hint),
        None => gap.hint("say what they are under `[[licenses.clarify]]`, or take in a bill of materials that does"),
    }
}

/// Exceptions and clarifications that do nothing.
fn notes(policy: &Policy, judgements: &[Judgement], today: Date, saw_all: bool) -> Vec<String> {
    let stale = policy.stale(judgements, today).into_iter();
    let told = stale.filter(|one| saw_all || one.reason == Reason::Expired).map(|one| {
        let what = if one.clarification { "clarification of" } else { "exception for" };
        let package = text::printable(&one.package);
        match one.reason {
            Reason::Expired => format!("the {what} `{package}` has expired"),
            Reason::Unused => format!("no package needs the {what} `{package}`"),
        }
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Location, RepoPath, Span};
    use crate::inventory::PackageSource;
    use crate::license::sources::{Basis, Evidence, License};

    fn package(line: u32, scope: inventory::Scope) -> Dependency {
        let at = |file: &str, line| Location::here(RepoPath::new(file), Some(Span::line(line, 1)));
        Dependency {
            ecosystem: Ecosystem::Npm,
            release: String::new(),
            name: "x".to_owned(),
            version: "1.0.0".to_owned(),
            requirement: String::new(),
            asked: Vec::new(),
            source: PackageSource::Public,
            location: at("package-lock.json", line),
            scope,
            pin: None,
            direct: Some(true),
            manifest: Some(at("package.json", 3)),
            licenses: Vec::new(),
            hashes: Vec::new(),
            deprecated: None,
            needs: Vec::new(),
            via: None,
        }
    }

    fn known(license: &str) -> Known {
        Known::License(Box::new(License {
            expression: Expression::parse(license).unwrap(),
            said: license.to_owned(),
            basis: Basis::Declared,
            evidence: Evidence { file: "x".to_owned(), line: None, sha256: None },
            hashes: vec!["0".repeat(64)],
            mismatch: None,
        }))
    }

    #[test]
    fn lines_of_one_package_are_one_finding_at_the_one_that_is_shipped() {
        let packages = vec![package(9, inventory::Scope::Dev), package(20, inventory::Scope::Runtime)];
        let inventory = Inventory { packages, ..Inventory::default() };
        let all = [known("GPL-3.0-only"), known("GPL-3.0-only")];
        let groups = groups(&inventory, &all);
        assert_eq!(groups.len(), 1);
        let policy = Policy::new(&crate::config::Licenses::default()).unwrap();
        let judgement = judge(&policy, &groups[0], Date::constant(2026, 1, 1));
        let told =
            findings(&About { inventory: &inventory, group: &groups[0], judgement: &judgement, policy: &policy });
        assert_eq!(told.len(), 1);
        assert_eq!(
            (told[0].rule.id.as_str(), told[0].location.to_string()),
            ("license/gpl-3.0-only", "package-lock.json:20".to_owned())
        );
        let related: Vec<String> = told[0].related.iter().map(ToString::to_string).collect();
        assert_eq!(related, ["package-lock.json:9", "package.json:3"]);
        // What only developers use may be under it.
        let inventory = Inventory { packages: vec![package(9, inventory::Scope::Dev)], ..Inventory::default() };
        let groups = super::groups(&inventory, &all[..1]);
        assert_eq!(judge(&policy, &groups[0], Date::constant(2026, 1, 1)).verdict, Verdict::Allow);
    }
}
