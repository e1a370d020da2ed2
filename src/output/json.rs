//! The report as JSON, in a shape of its own that is documented in the README and versioned: what is there keeps its
//! meaning within a `schema` number; keys may be added.

mod change;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::View;
use crate::baseline::{Standing, State};
use crate::check::Verdict;
use crate::engine::LayerRun;
use crate::error::Error;
use crate::finding::assessment::Signal;
use crate::finding::{Edit, Finding, History, Location, Package, Priority, Severity, Verified};
use crate::report::{self, Report};
use crate::suppress::{Suppression, Unused};
use change::ChangeEntry;

/// The JSON Schema (2020-12) of the document.
pub const JSON_SCHEMA: &str = include_str!("json.schema.json");

/// Rises when a key goes away or changes its meaning.
const SCHEMA: u32 = 1;
/// So many other places of a finding are listed; `occurrences` counts them all.
const MOST_RELATED: usize = 100;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: ToolEntry,
    verdict: &'static str,
    /// Open findings.
    total: usize,
    fail_on: &'static str,
    seconds: f64,
    repository: RepositoryEntry<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<ChangeEntry<'a>>,
    findings: Vec<FindingEntry<'a>>,
    suppressed: Vec<SuppressedEntry<'a>>,
    unused_suppressions: Vec<UnusedEntry<'a>>,
    baseline: Option<BaselineEntry<'a>>,
    layers: Vec<LayerEntry<'a>>,
}

#[derive(Serialize)]
struct ToolEntry {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct RepositoryEntry<'a> {
    revision: Option<&'a str>,
    branch: Option<&'a str>,
}

#[derive(Serialize)]
struct FindingEntry<'a> {
    rule: &'a str,
    title: &'a str,
    kind: &'static str,
    severity: &'static str,
    severity_basis: &'static str,
    severity_by: &'a str,
    confidence: &'static str,
    signals: Vec<SignalEntry<'a>>,
    check: Option<CheckEntry<'a>>,
    message: &'a str,
    location: LocationEntry<'a>,
    related: Vec<LocationEntry<'a>>,
    occurrences: usize,
    history: Option<HistoryEntry<'a>>,
    excerpt: Option<&'a str>,
    resource: Option<&'a str>,
    package: Option<PackageEntry<'a>>,
    remedy: Option<&'a str>,
    edit: Option<EditEntry<'a>>,
    priority: Option<PriorityEntry<'a>>,
    sources: Vec<SourceEntry<'a>>,
    fingerprint: String,
    content_fingerprint: Option<String>,
    redacted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<VerifiedEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<&'a str>,
}

#[derive(Serialize)]
struct VerifiedEntry<'a> {
    status: &'static str,
    reason: &'a str,
    identity: Vec<IdentityEntry<'a>>,
    at: String,
}

#[derive(Serialize)]
struct IdentityEntry<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct SignalEntry<'a> {
    points: i32,
    what: &'a str,
}

/// What a check of the credential's form said.
#[derive(Serialize)]
struct CheckEntry<'a> {
    outcome: &'static str,
    reason: &'a str,
    facts: &'a BTreeMap<Cow<'static, str>, String>,
}

fn check(verdict: &Verdict) -> CheckEntry<'_> {
    CheckEntry { outcome: verdict.outcome.as_str(), reason: &verdict.reason, facts: &verdict.facts }
}

fn signal(signal: &Signal) -> SignalEntry<'_> {
    SignalEntry { points: signal.points, what: &signal.what }
}

#[derive(Serialize)]
struct LocationEntry<'a> {
    path: &'a str,
    start_line: Option<u32>,
    start_column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    commit: Option<&'a str>,
    date: Option<&'a str>,
}

#[derive(Serialize)]
struct HistoryEntry<'a> {
    introduced: LocationEntry<'a>,
    head: Option<&'a str>,
    removed: Option<CommitEntry<'a>>,
    commits: usize,
    paths: usize,
}

#[derive(Serialize)]
struct CommitEntry<'a> {
    commit: &'a str,
    date: &'a str,
}

#[derive(Serialize)]
struct PackageEntry<'a> {
    purl: String,
    name: &'a str,
    version: &'a str,
    fixed: &'a [String],
    aliases: &'a [String],
    path: &'a [String],
}

/// A change of one line; columns count from 1, the end is behind the last character.
#[derive(Serialize)]
struct EditEntry<'a> {
    path: &'a str,
    line: u32,
    start_column: u32,
    end_column: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct PriorityEntry<'a> {
    urgency: &'static str,
    score: u8,
    signals: Vec<SignalEntry<'a>>,
}

#[derive(Serialize)]
struct SourceEntry<'a> {
    tool: &'a str,
    rule: &'a str,
}

#[derive(Serialize)]
struct SuppressedEntry<'a> {
    reason: &'a str,
    by: String,
    expires: Option<String>,
    finding: FindingEntry<'a>,
}

#[derive(Serialize)]
struct UnusedEntry<'a> {
    number: usize,
    selectors: &'a str,
    reason: &'a str,
    expired: Option<String>,
}

#[derive(Serialize)]
struct BaselineEntry<'a> {
    file: &'a str,
    findings: usize,
    gone: usize,
}

#[derive(Serialize)]
struct LayerEntry<'a> {
    layer: &'a str,
    outcome: &'static str,
    reason: Option<String>,
    seconds: f64,
    incomplete: bool,
    gaps: Vec<GapEntry<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct GapEntry<'a> {
    message: &'a str,
    hint: Option<&'a str>,
}

/// Writes the document.
///
/// # Errors
/// Never: the document holds nothing that JSON cannot.
pub fn write(report: &Report, view: &View) -> Result<String, Error> {
    let document = Document {
        schema: SCHEMA,
        tool: ToolEntry { name: "scanall", version: env!("CARGO_PKG_VERSION") },
        verdict: report.verdict.id(),
        total: report.findings.len(),
        fail_on: report.fail_on.id(),
        seconds: rounded(report.elapsed),
        repository: RepositoryEntry {
            revision: report.origin.revision.as_deref(),
            branch: report.origin.branch.as_deref(),
        },
        change: report.change.as_ref().map(|change| change::entry(change, report.findings.len())),
        findings: report.findings.iter().map(|finding| entry(finding, view)).collect(),
        suppressed: report.suppressed.iter().map(|(finding, why)| suppressed(finding, why, view)).collect(),
        unused_suppressions: report.unused.iter().map(unused).collect(),
        baseline: report.baseline.as_ref().map(baseline),
        layers: report.layers.iter().map(|layer| layer_entry(layer, report)).collect(),
    };
    super::document(&document)
}

/// Seconds to the millisecond.
fn rounded(time: std::time::Duration) -> f64 {
    time.as_millis() as f64 / 1000.0
}

fn entry<'a>(finding: &'a Finding, view: &'a View) -> FindingEntry<'a> {
    FindingEntry {
        rule: &finding.rule.id,
        title: &finding.rule.title,
        kind: finding.kind.id(),
        severity: finding.severity.id(),
        severity_basis: finding.rating.basis.id(),
        severity_by: &finding.rating.by,
        confidence: finding.confidence.id(),
        signals: finding.assessment.iter().flat_map(|why| &why.signals).map(signal).collect(),
        check: finding.assessment.as_ref().and_then(|why| why.check.as_ref()).map(check),
        message: &finding.message,
        location: location(&finding.location),
        related: finding.related.iter().take(MOST_RELATED).map(location).collect(),
        occurrences: 1 + finding.related.len(),
        history: finding.history.as_ref().map(history),
        excerpt: finding.excerpt.as_ref().map(|excerpt| excerpt.as_str()),
        resource: finding.resource.as_deref(),
        package: finding.package.as_ref().map(package),
        remedy: finding.remedy.as_deref(),
        edit: finding.edit.as_ref().map(edit),
        priority: finding.priority.as_ref().map(|it| priority(it, finding.severity)),
        sources: finding.sources.iter().map(|source| SourceEntry { tool: &source.tool, rule: &source.rule }).collect(),
        fingerprint: finding.fingerprint().as_str().to_owned(),
        content_fingerprint: finding.content_fingerprint().map(|content| content.as_str().to_owned()),
        redacted: finding.secret.as_ref().map(|secret| secret.redacted()),
        secret: finding
            .secret
            .as_ref()
            .filter(|_| view.show_secrets)
            .map(|secret| String::from_utf8_lossy(secret.expose()).into_owned()),
        verified: finding.verified.as_ref().map(verified),
        alert: view.alerts.of(finding).map(|alert| alert.url.as_str()),
    }
}

fn edit(edit: &Edit) -> EditEntry<'_> {
    EditEntry {
        path: edit.path.as_str(),
        line: edit.span.start_line,
        start_column: edit.span.start_column,
        end_column: edit.span.end_column,
        text: &edit.text,
    }
}

fn priority(priority: &Priority, severity: Severity) -> PriorityEntry<'_> {
    PriorityEntry {
        urgency: priority.urgency(severity).id(),
        score: priority.score(severity),
        signals: priority.signals.iter().map(signal).collect(),
    }
}

fn history(history: &History) -> HistoryEntry<'_> {
    HistoryEntry {
        introduced: location(&history.introduced),
        head: history.head.as_ref().map(|path| path.as_str()),
        removed: history.removed.as_ref().map(|commit| CommitEntry { commit: &commit.id, date: &commit.date }),
        commits: history.commits,
        paths: history.paths,
    }
}

fn location(location: &Location) -> LocationEntry<'_> {
    LocationEntry {
        path: location.path.as_str(),
        start_line: location.span.map(|span| span.start_line),
        start_column: location.span.map(|span| span.start_column),
        end_line: location.span.map(|span| span.end_line),
        end_column: location.span.map(|span| span.end_column),
        commit: location.commit.as_ref().map(|commit| commit.id.as_str()),
        date: location.commit.as_ref().map(|commit| commit.date.as_str()),
    }
}

fn verified(verified: &Verified) -> VerifiedEntry<'_> {
    VerifiedEntry {
        status: verified.status.id(),
        reason: &verified.reason,
        identity: verified.identity.iter().map(|(name, value)| IdentityEntry { name, value }).collect(),
        at: verified.at.to_string(),
    }
}

fn package(package: &Package) -> PackageEntry<'_> {
    PackageEntry {
        purl: package.versioned_purl(),
        name: &package.name,
        version: &package.version,
        fixed: &package.fixed,
        aliases: &package.aliases,
        path: &package.path,
    }
}

fn suppressed<'a>(finding: &'a Finding, why: &'a Suppression, view: &'a View) -> SuppressedEntry<'a> {
    SuppressedEntry {
        reason: &why.reason,
        by: why.place.id(),
        expires: why.expires.map(|day| day.to_string()),
        finding: entry(finding, view),
    }
}

fn unused(unused: &Unused) -> UnusedEntry<'_> {
    UnusedEntry {
        number: unused.number,
        selectors: &unused.selectors,
        reason: &unused.reason,
        expired: unused.expired.map(|day| day.to_string()),
    }
}

fn baseline(standing: &Standing) -> BaselineEntry<'_> {
    BaselineEntry { file: &standing.name, findings: standing.entries.len(), gone: standing.count(State::Gone) }
}

fn layer_entry<'a>(layer: &'a LayerRun, report: &Report) -> LayerEntry<'a> {
    let (outcome, reason) = layer.outcome.told();
    LayerEntry {
        layer: layer.id,
        outcome,
        reason,
        seconds: rounded(layer.elapsed),
        incomplete: report::is_incomplete(layer, report.completeness),
        gaps: layer.gaps.iter().map(|gap| GapEntry { message: &gap.message, hint: gap.hint.as_deref() }).collect(),
        notes: &layer.notes,
    }
}
