//! Defines [`Reread`]: a report of an earlier scan as what to look at, its findings made anew.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::document::{self, Accepted, Entry, Layer, Place};
use super::{identity, layer, open, parse, revision};
use crate::check::{Outcome, Verdict};
use crate::diff::identity::Identity;
use crate::engine::LayerRun;
use crate::error::Error;
use crate::finding::assessment::{Assessment, Signal};
use crate::finding::{
    Basis, CommitRef, Confidence, Edit, Excerpt, Finding, Fingerprint, History, Location, Package, Priority, Rating,
    RepoPath, Secret, Severity, Source, Span,
};
use crate::report::RepositoryRef;
use crate::rule::Rule;
use crate::scanner::registry;
use crate::suppress::{self, Suppression};
use crate::text;

/// A report of an earlier scan as what to look at.
pub struct Reread {
    /// Its findings, and what each is recognised by.
    pub findings: Vec<(Finding, Identity)>,
    /// Those that were accepted, and why.
    pub accepted: Vec<(Finding, Suppression)>,
    /// What each of those is recognised by.
    pub accepted_identities: Vec<Identity>,
    /// What its layers came to.
    pub layers: Vec<LayerRun>,
    /// The threshold of its day.
    pub fail_on: Severity,
    /// What was scanned.
    pub origin: RepositoryRef,
}

impl Reread {
    /// Reads a report.
    ///
    /// # Errors
    /// It cannot be read, or is no report of this program in a shape that is known.
    pub fn open(path: &Path) -> Result<Self, Error> {
        open(path, Self::parse)
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let document = parse(bytes)?;
        let both = |entry: &Entry| identity(entry).map(|identity| (finding(entry, &identity), identity));
        let accepted = |accepted: &Accepted| both(&accepted.finding).map(|(f, id)| ((f, suppression(accepted)), id));
        let (suppressed, identities): (Vec<_>, Vec<_>) =
            document.suppressed.iter().map(accepted).collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        let branch = document.repository.as_ref().and_then(|it| it.branch.as_deref()).map(text::printable);
        Ok(Self {
            findings: document.findings.iter().map(both).collect::<Result<_, _>>()?,
            accepted: suppressed,
            accepted_identities: identities,
            layers: document.layers.iter().map(run).collect::<Result<_, _>>()?,
            fail_on: document.fail_on.as_deref().and_then(|word| word.parse().ok()).unwrap_or(Severity::High),
            origin: RepositoryRef { remote: None, revision: revision(&document), branch },
        })
    }
}

fn finding(entry: &Entry, known: &Identity) -> Finding {
    let clean = |text: &String| text::printable(text);
    let title = clean(&entry.title);
    let help = entry.remedy.as_ref().map_or_else(|| title.clone(), clean);
    let package = entry.package.as_ref().map(|package| Package {
        purl: clean(&package.unversioned().to_owned()),
        name: clean(&package.name),
        version: clean(&package.version),
        fixed: package.fixed.iter().map(clean).collect(),
        aliases: package.aliases.iter().map(clean).collect(),
        path: package.path.iter().map(clean).collect(),
    });
    let source = |source: &document::Source| Source { tool: clean(&source.tool), rule: clean(&source.rule) };
    Finding {
        rule: Arc::new(Rule {
            id: known.rule.clone(),
            description: title.clone(),
            title,
            help,
            url: None,
            cwe: Vec::new(),
        }),
        kind: known.kind,
        severity: known.severity,
        confidence: entry.confidence.parse().unwrap_or(Confidence::Medium),
        assessment: assessment(entry),
        message: known.message.clone(),
        location: location(&entry.location),
        related: entry.related.iter().map(location).collect(),
        excerpt: entry.excerpt.as_deref().map(Excerpt::told),
        package,
        secret: entry.redacted.as_deref().map(|redacted| secret(redacted, &known.fingerprint)),
        companions: std::collections::BTreeMap::new(),
        verified: None,
        history: entry.history.as_ref().and_then(history),
        remedy: entry.remedy.as_ref().map(clean),
        edit: entry.edit.as_ref().map(edit),
        priority: entry.priority.as_ref().map(|priority| Priority { signals: signals(&priority.signals) }),
        sources: entry.sources.iter().map(source).collect(),
        rating: rating(entry),
        resource: entry.resource.as_ref().map(clean),
        line_hash: None,
        marker: None,
    }
}

fn signals(told: &[document::Signal]) -> Vec<Signal> {
    told.iter().map(|signal| Signal { points: signal.points, what: text::printable(&signal.what) }).collect()
}

fn edit(told: &document::Edit) -> Edit {
    let span = Span {
        start_line: told.line.max(1),
        start_column: told.start_column.max(1),
        end_line: told.line.max(1),
        end_column: told.end_column.max(told.start_column).max(1),
    };
    Edit { path: RepoPath::new(&told.path), span, text: text::printable(&told.text) }
}

/// Why it was believed; `None` where the report does not say.
fn assessment(entry: &Entry) -> Option<Assessment> {
    let signals = signals(&entry.signals);
    let fact = |(name, fact): (&String, &String)| (text::printable(name).into(), text::printable(fact));
    let check = entry.check.as_ref().and_then(|check| {
        let all = [Outcome::Confirmed, Outcome::Refuted, Outcome::Unknown];
        let outcome = all.into_iter().find(|outcome| outcome.as_str() == check.outcome)?;
        let facts = check.facts.iter().map(fact).collect();
        Some(Verdict { facts, ..Verdict::new(outcome, text::printable(&check.reason)) })
    });
    (!signals.is_empty() || check.is_some()).then_some(Assessment { signals, check })
}

fn secret(redacted: &str, fingerprint: &Fingerprint) -> Secret {
    Secret::told(&text::printable(redacted), fingerprint.clone())
}

/// Who said how severe it is; a report of before that was told says nothing of it.
fn rating(entry: &Entry) -> Rating {
    let by = entry.severity_by.as_deref().map(text::printable).unwrap_or_default();
    let basis = [Basis::Assumed, Basis::Stated, Basis::Scored].into_iter().find(|b| b.id() == entry.severity_basis);
    Rating { basis: basis.unwrap_or(Basis::Stated), by }
}

fn location(place: &Place) -> Location {
    let span = place.start_line.map(|line| {
        let (start_line, start_column) = (line.max(1), place.start_column.unwrap_or(1).max(1));
        let end_line = place.end_line.unwrap_or(line).max(start_line);
        let least = if end_line == start_line { start_column.saturating_add(1) } else { 1 };
        Span { start_line, start_column, end_line, end_column: place.end_column.unwrap_or(least).max(least) }
    });
    let date = place.date.as_deref().map(text::printable).unwrap_or_default();
    let commit = place.commit.as_deref().map(|id| CommitRef { id: text::printable(id), date });
    Location { path: RepoPath::new(&place.path), span, commit }
}

fn history(told: &super::document::History) -> Option<History> {
    let removed = told.removed.as_ref();
    Some(History {
        introduced: location(told.introduced.as_ref()?),
        head: told.head.as_ref().map(RepoPath::new),
        removed: removed.map(|it| CommitRef { id: text::printable(&it.commit), date: text::printable(&it.date) }),
        commits: told.commits,
        paths: told.paths,
    })
}

fn suppression(accepted: &Accepted) -> Suppression {
    Suppression {
        place: suppress::Place::parse(&accepted.by).unwrap_or(suppress::Place::Inline),
        reason: text::printable(&accepted.reason),
        expires: accepted.expires.as_deref().and_then(|day| day.parse().ok()),
        is_unaffected: false,
    }
}

fn run(told: &Layer) -> Result<LayerRun, String> {
    let base = layer(told);
    let known = registry::all().into_iter().find(|scanner| scanner.id() == base.id);
    let scanner = known.ok_or_else(|| format!("it has a layer `{}` that is not known", text::printable(&base.id)))?;
    Ok(LayerRun {
        id: scanner.id(),
        kinds: scanner.kinds().to_vec(),
        outcome: base.outcome,
        gaps: base.gaps,
        notes: told.notes.iter().map(|note| text::printable(note)).collect(),
        elapsed: Duration::try_from_secs_f64(told.seconds).unwrap_or_default(),
    })
}
