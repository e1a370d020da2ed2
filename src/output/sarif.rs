//! The report as SARIF 2.1.0: one run for each kind of finding that was looked for, so that alerts on GitHub stay the
//! same alerts whichever tool found them. What GitHub refuses is the business of `scanall-sarif`.
//!
//! A kind that was looked at in part has a run with `executionSuccessful: false`: an upload must leave it out, since
//! fewer results would close real alerts. Times are left out unless `-v` asks for them: the same findings give the
//! same bytes.

mod accepted;

use std::collections::{BTreeMap, BTreeSet};

use scanall_sarif::{
    Baseline, Context, Edit as SarifEdit, Invocation, Level, Location as SarifLocation, Log, Notification, Precision,
    Provenance, Region, Rule as SarifRule, Run, SecuritySeverity, Tool, ToolExtension, fingerprint, limits,
};
use serde_json::{Value, json};

use super::View;
use crate::engine::{LayerRun, Outcome};
use crate::error::Error;
use crate::finding::{Confidence, Edit, Finding, Kind, Location, Severity};
use crate::github::dismissal::is_dismissible;
use crate::report::{self, Coverage, Report};
use crate::suppress::Suppression;
use accepted::{Accepted, suppression};

/// Where a finding is that is about the scanned folder as a whole: GitHub refuses a file over one without a place.
const NO_FILE: &str = "no-file";
/// What stands in the place of a line that is in a report and not in the checkout.
const NO_TEXT: &str = "(not at hand)";
/// Stands for the repository when no remote gives it an address; readers want one.
const NO_REMOTE: &str = "urn:scanall:no-remote";

/// Writes the log. What is accepted is in it with its suppression, as far as the limits leave room for it; but not in that
/// of a comparison, which has what was introduced and nothing else.
///
/// # Errors
/// The log breaks a rule of SARIF or a limit of GitHub that no cutting helps against.
pub fn write(report: &Report, view: &View) -> Result<String, Error> {
    let accepted = if report.change.is_some() { Accepted::LeftOut } else { Accepted::Suppressed };
    log(report, view, |_| true, &|_| accepted)
}

/// Writes what may be uploaded: the kinds that were looked at completely, since fewer results would close alerts, and
/// nothing that is accepted, since GitHub would show it as open.
///
/// # Errors
/// As for [`write()`].
pub fn write_upload(report: &Report, view: &View) -> Result<String, Error> {
    log(report, view, |kind| report.coverage(kind) == Coverage::Full, &|_| Accepted::LeftOut)
}

/// Writes what may be uploaded where alerts are dismissed behind the upload: findings that an `[[ignore]]` accepts are
/// plain results in it, since GitHub has no alert to dismiss for what is left out.
///
/// # Errors
/// As for [`write()`].
pub fn write_dismissible(report: &Report, view: &View) -> Result<String, Error> {
    let accepted = |why: &Suppression| if is_dismissible(why) { Accepted::Open } else { Accepted::LeftOut };
    log(report, view, |kind| report.coverage(kind) == Coverage::Full, &accepted)
}

fn log(
    report: &Report,
    view: &View,
    wanted: impl Fn(Kind) -> bool,
    accepted: &dyn Fn(&Suppression) -> Accepted,
) -> Result<String, Error> {
    let open = report.suppressed.iter().filter(|(_, why)| accepted(why) == Accepted::Open).map(|(finding, _)| finding);
    let findings: Vec<&Finding> = report.findings.iter().chain(open).collect();
    let suppressed = report.suppressed.iter().filter(|(_, why)| accepted(why) == Accepted::Suppressed);
    let suppressed: Vec<&(Finding, Suppression)> = suppressed.collect();
    let runs = Kind::ALL
        .into_iter()
        .filter(|kind| wanted(*kind))
        .filter(|kind| report.coverage(*kind) != Coverage::None || findings.iter().any(|f| f.kind == *kind))
        .map(|kind| run(report, (&findings, &suppressed), kind, view))
        .collect::<Result<Vec<_>, _>>()?;
    Log { runs }.to_json().map_err(|e| Error::usage("cannot write SARIF").because(e))
}

/// The run of a kind, of open findings and of those that are said to be accepted.
fn run(
    report: &Report,
    (findings, suppressed): (&[&Finding], &[&(Finding, Suppression)]),
    kind: Kind,
    view: &View,
) -> Result<Run, Error> {
    let open: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.kind == kind).collect();
    let room = limits::MAX_RESULTS.saturating_sub(open.len());
    let suppressed: Vec<_> = suppressed.iter().filter(|(finding, _)| finding.kind == kind).take(room).collect();
    let findings: Vec<&Finding> = open.iter().copied().chain(suppressed.iter().map(|(finding, _)| finding)).collect();
    let home = env!("CARGO_PKG_HOMEPAGE");
    let mut tool = Tool::new("scanall", env!("CARGO_PKG_VERSION"), home);
    let others: BTreeSet<&str> =
        findings.iter().flat_map(|f| &f.sources).filter(|s| !s.is_own()).map(|s| s.tool.as_str()).collect();
    tool.extensions = others
        .into_iter()
        .map(|name| ToolExtension { name: name.to_owned(), version: String::new(), information_uri: home.to_owned() })
        .collect();
    let mut run = Run::new(kind.category(), tool);
    run.rules = rules(&findings, kind);
    run.findings = findings.iter().map(|finding| result(finding)).collect::<Result<_, _>>()?;
    let (news, accepted) = run.findings.split_at_mut(open.len());
    if report.change.is_some() {
        news.iter_mut().for_each(|finding| finding.baseline = Some(Baseline::New));
    }
    for (result, (finding, why)) in accepted.iter_mut().zip(suppressed) {
        result.suppressions = vec![suppression(finding, why)];
    }
    run.invocation = Invocation {
        successful: report.coverage(kind) == Coverage::Full,
        notifications: report.present().filter(|l| l.kinds.contains(&kind)).flat_map(|l| said(l, report)).collect(),
    };
    run.provenance = Some(Provenance {
        // A remote may be a folder of this machine, which is nobody else's business.
        repository_uri: report
            .origin
            .remote
            .clone()
            .filter(|remote| Provenance::is_address(remote))
            .unwrap_or_else(|| NO_REMOTE.to_owned()),
        revision: report.origin.revision.clone(),
        branch: report.origin.branch.clone(),
    });
    run.properties.insert("layers".to_owned(), report.present().map(|layer| layer_entry(layer, view)).collect());
    Ok(run)
}

/// The rules of the findings, each with the worst severity of its findings, since GitHub knows one for each rule. A
/// run without findings names what was looked for.
fn rules(findings: &[&Finding], kind: Kind) -> Vec<SarifRule> {
    let mut worst: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in findings {
        let kept = worst.entry(&finding.rule.id).or_insert(finding);
        if (finding.severity, finding.confidence) > (kept.severity, kept.confidence) {
            *kept = finding;
        }
    }
    if worst.is_empty() {
        let mut rule = SarifRule::new(kind.id(), about(kind));
        rule.help_text = "Nothing of this kind was found.".to_owned();
        return vec![rule];
    }
    worst.into_values().map(rule).collect()
}

fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Secret => "Leaked credential",
        Kind::Advisory => "Vulnerable, malicious or abandoned dependency",
        Kind::License => "Dependency whose license the policy does not allow",
        Kind::Code => "Weakness in source code",
        Kind::Config => "Weakness in configuration",
    }
}

fn rule(finding: &Finding) -> SarifRule {
    let rule = &finding.rule;
    let mut tags = vec![finding.kind.id().to_owned()];
    // A license is no weakness: GitHub would show it among the vulnerabilities.
    if finding.kind != Kind::License {
        tags.push("security".to_owned());
    }
    tags.extend(rule.cwe.iter().map(|number| format!("external/cwe/cwe-{number:03}")));
    SarifRule {
        short_description: rule.title.clone(),
        full_description: rule.description.clone(),
        help_text: rule.help.clone(),
        help_markdown: Some(rule.help.clone()),
        help_uri: rule.url.clone(),
        level: level(finding.severity),
        security_severity: score(finding.severity).filter(|_| finding.kind != Kind::License),
        precision: Some(match finding.confidence {
            Confidence::Low => Precision::Low,
            Confidence::Medium => Precision::Medium,
            Confidence::High => Precision::High,
        }),
        tags,
        ..SarifRule::new(rule.id.clone(), rule.title.clone())
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Critical | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low | Severity::Info => Level::Note,
    }
}

/// A score in the middle of GitHub's band for the severity.
fn score(severity: Severity) -> Option<SecuritySeverity> {
    SecuritySeverity::new(match severity {
        Severity::Critical => 9.5,
        Severity::High => 8.0,
        Severity::Medium => 5.5,
        Severity::Low => 2.0,
        Severity::Info => 0.1,
    })
}

fn result(finding: &Finding) -> Result<scanall_sarif::Finding, Error> {
    let mut place = located(&finding.location)?;
    if let Some(region) = place.region {
        // Readers expect a text wherever there is a line.
        let excerpt = finding.excerpt.as_ref().map_or(NO_TEXT, |excerpt| excerpt.as_str());
        let shown = if finding.kind == Kind::Secret { "[redacted]" } else { excerpt };
        let context = Context {
            start_line: region.start_line,
            end_line: region.end_line.unwrap_or(region.start_line),
            snippet: excerpt.to_owned(),
        };
        place = place.with_snippet(shown).with_context(context);
    }
    let mut result =
        scanall_sarif::Finding::new(&finding.rule.id, level(finding.severity), finding.message.clone(), place);
    result.related = finding
        .related
        .iter()
        .map(|location| {
            let words = location
                .commit
                .as_ref()
                .map_or_else(|| "Also here".to_owned(), |commit| format!("Also in commit {}", commit.short()));
            Ok(located(location)?.with_message(words))
        })
        .collect::<Result<_, Error>>()?;
    let own = finding.fingerprint();
    result.partial_fingerprints.insert("scanall/v1".to_owned(), own.as_str().to_owned());
    // Where there is no line to hash, as in history, the fingerprint keeps the alert the same alert.
    let line_hash = finding.line_hash.map_or_else(|| format!("{}:1", &own.as_str()[..16]), |hash| hash.to_string());
    result.partial_fingerprints.insert(fingerprint::PRIMARY.to_owned(), line_hash);
    result.rank = finding.priority.as_ref().map(|priority| priority.score(finding.severity));
    result.edit = finding.edit.as_ref().map(|edit| edited(finding, edit)).transpose()?;
    result.properties = properties(finding);
    Ok(result)
}

fn located(location: &Location) -> Result<SarifLocation, Error> {
    let path = if location.path.as_str().is_empty() { NO_FILE } else { location.path.as_str() };
    let place = SarifLocation::new(path)
        .map_err(|e| Error::usage(format!("`{path}` cannot be a place in SARIF")).because(e))?;
    Ok(match location.span {
        Some(s) => place.at(Region::span(s.start_line, s.start_column, s.end_line, s.end_column)),
        None => place,
    })
}

fn edited(finding: &Finding, edit: &Edit) -> Result<SarifEdit, Error> {
    let place = located(&Location::here(edit.path.clone(), Some(edit.span)))?;
    let about = finding.remedy.clone().unwrap_or_else(|| format!("Write {}", edit.text));
    Ok(SarifEdit { about, place, text: edit.text.clone() })
}

fn properties(finding: &Finding) -> scanall_sarif::Properties {
    let mut bag = scanall_sarif::Properties::new();
    bag.insert("severity".to_owned(), finding.severity.id().into());
    bag.insert("confidence".to_owned(), finding.confidence.id().into());
    if let Some(priority) = &finding.priority {
        bag.insert("priority".to_owned(), priority.words(finding.severity).into());
    }
    if let Some(verdict) = finding.assessment.as_ref().and_then(|why| why.check.as_ref()) {
        let said = json!({ "outcome": verdict.outcome.as_str(), "reason": verdict.reason, "facts": verdict.facts });
        bag.insert("check".to_owned(), said);
    }
    let sources = finding.sources.iter().map(|s| json!({ "tool": s.tool, "rule": s.rule })).collect();
    bag.insert("sources".to_owned(), Value::Array(sources));
    if let Some(commit) = &finding.location.commit {
        bag.insert("commit".to_owned(), commit.id.clone().into());
        bag.insert("date".to_owned(), commit.date.clone().into());
    }
    if let Some(verified) = &finding.verified {
        let identity = verified.identity.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        let identity = Value::Array(identity.collect());
        let told = json!({ "status": verified.status.id(), "reason": verified.reason, "identity": identity });
        bag.insert("verified".to_owned(), told);
    }
    if let Some(package) = &finding.package {
        bag.insert("purl".to_owned(), package.versioned_purl().into());
        bag.insert("aliases".to_owned(), package.aliases.clone().into());
        bag.insert("fixed".to_owned(), package.fixed.clone().into());
    }
    bag
}

/// What a layer said of itself.
fn said(layer: &LayerRun, report: &Report) -> Vec<Notification> {
    let notification = |level: Level, message: String| Notification {
        id: format!("layer/{}", layer.id),
        level,
        message,
        location: None,
    };
    let mut said = vec![match &layer.outcome {
        Outcome::Completed => notification(Level::Note, format!("The layer {} completed", layer.id)),
        Outcome::Skipped(reason) | Outcome::Absent(reason) => {
            notification(Level::Note, format!("The layer {} was skipped: {reason}", layer.id))
        }
        Outcome::Failed(chain) => {
            notification(Level::Error, format!("The layer {} failed: {}", layer.id, chain.join(": ")))
        }
    }];
    said.extend(layer.gaps.iter().map(|gap| {
        let level = if report::counts(gap, report.completeness) { Level::Error } else { Level::Warning };
        notification(level, gap.message.clone())
    }));
    said
}

fn layer_entry(layer: &LayerRun, view: &View) -> Value {
    let (outcome, reason) = layer.outcome.told();
    let mut entry = json!({ "layer": layer.id, "outcome": outcome, "reason": reason });
    if view.verbosity > 0 {
        entry["seconds"] = (layer.elapsed.as_millis() as f64 / 1000.0).into();
    }
    entry
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scanall_sarif::{Effect, Profile, check, parse};

    use super::*;
    use crate::finding::Source;
    use crate::output::sample;

    /// A report in which everything but the names of tools, which are our own, says something.
    fn report_that_says(text: &str) -> Report {
        let mut findings = sample::of_every_kind(text);
        for finding in &mut findings {
            finding.sources = vec![Source { tool: "trivy".to_owned(), rule: text.to_owned() }];
        }
        sample::report(findings)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Whatever a finding says, and wherever it is, nothing of the log is refused or dropped.
        #[test]
        fn github_takes_every_text(text in sample::hostile()) {
            let log = write(&report_that_says(&text), &sample::view()).unwrap();
            let defects = check(&[parse("log", log.as_bytes()).unwrap()], Profile::GitHub, None);
            prop_assert!(defects.iter().all(|defect| defect.effect == Effect::Degraded), "{defects:?}");
        }
    }

    #[test]
    fn what_has_no_file_has_a_place() {
        assert!(write(&report_that_says(""), &sample::view()).unwrap().contains("\"uri\": \"no-file\""));
    }
}
