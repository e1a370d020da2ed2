//! Defines [`Out`]: takes what a reader makes of a report.

use std::collections::HashMap;
use std::sync::Arc;

use super::Ingested;
use super::component::Component;
use super::format::{Format, Unreadable};
use super::map::Map;
use super::place::Places;
use crate::finding::{Confidence, Finding, Kind, Location, Rating, RepoPath, Severity, Source, Span};
use crate::rule::Rule;
use crate::scanner::Gap;
use crate::text;

/// Stands in front of a gap until the file's name does.
pub(super) const HERE: &str = "\u{0}";
/// No more findings are taken from one report.
const MAX_FINDINGS: usize = 2_000_000;

/// Takes what a reader makes of a report.
pub struct Out {
    /// The format that is read.
    pub format: &'static Format,
    /// What the tool's words mean.
    pub map: &'static Map,
    places: Arc<Places>,
    into: Ingested,
    rules: HashMap<String, Arc<Rule>>,
    /// How many records cannot be read, and the first of them.
    unreadable: (usize, Option<(usize, Unreadable)>),
    lost: usize,
}

impl Out {
    pub(super) fn new(format: &'static Format, places: &Arc<Places>) -> Self {
        let (map, places, into) = (Map::of(format.tool), Arc::clone(places), Ingested::default());
        Self { format, map, places, into, rules: HashMap::new(), unreadable: (0, None), lost: 0 }
    }

    /// A finding. One without a file gets a name that stays the same, since GitHub takes none without a place.
    pub fn finding(&mut self, mut finding: Finding) {
        if finding.location.path.as_str().is_empty() {
            finding.location.path = RepoPath::new(format!("{}-report", self.format.tool));
        }
        if self.into.findings.len() < MAX_FINDINGS {
            self.into.kinds.insert(finding.kind);
            self.into.findings.push(finding);
        } else {
            self.lost += 1;
        }
    }

    /// A component of a bill of materials.
    pub fn component(&mut self, component: Component) {
        self.into.components.push(component);
    }

    /// Something that the tool could not see, or that cannot be read: a sentence without a full stop.
    pub fn gap(&mut self, what: impl AsRef<str>) {
        self.into.gaps.push(Gap::broken(format!("{HERE}{}", text::printable(what.as_ref()))));
    }

    /// Something worth knowing that takes nothing from the result.
    pub fn note(&mut self, what: impl AsRef<str>) {
        self.into.notes.push(text::printable(what.as_ref()));
    }

    /// The report is about a kind of finding, whether it has one or not.
    pub fn covers(&mut self, kind: Kind) {
        self.into.kinds.insert(kind);
    }

    /// The path in the repository of what a report calls a file; see [`Places::path`].
    pub fn path(&self, name: &str) -> RepoPath {
        self.places.path(name)
    }

    /// The place of a finding: lines from 1, 0 for none; `end` may be 0 or lie before `start`.
    pub fn lines(&self, name: &str, start: u32, end: u32) -> Location {
        Location::here(self.path(name), lines(start, end))
    }

    /// What is scanned, and paths in it.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The rule of an id, shared by its findings; made when the first asks for it.
    pub fn rule(&mut self, id: String, make: impl FnOnce(String) -> Rule) -> Arc<Rule> {
        if let Some(rule) = self.rules.get(&id) {
            return Arc::clone(rule);
        }
        let rule = Arc::new(make(id.clone()));
        self.rules.insert(id, Arc::clone(&rule));
        rule
    }

    /// The severity that the tool's word stands for, and who says so; the map's default where it is no word that is
    /// known.
    pub fn severity(&self, word: &str) -> (Severity, Rating) {
        self.map.severity(word)
    }

    /// The severity that a word of the tool stands for which is none for a severity, such as `verified`: a reading of
    /// ours, which gives way to whoever says one.
    pub fn assumed(&self, word: &str) -> (Severity, Rating) {
        (self.map.severity(word).0, Rating::assumed(self.format.tool))
    }

    /// The confidence that the tool's word stands for; medium where it is no word that is known.
    pub fn confidence(&self, word: &str) -> Confidence {
        self.map.confidence(word)
    }

    /// The tool as the source of a finding.
    pub fn source(&self, rule: &str) -> Source {
        Source { tool: self.format.tool.to_owned(), rule: text::printable(rule) }
    }

    pub(super) fn unreadable(&mut self, at: usize, why: &Unreadable) {
        self.unreadable.0 += 1;
        self.unreadable.1.get_or_insert_with(|| (at, why.clone()));
    }

    /// All that was taken, and what could not be read.
    pub(super) fn done(mut self) -> Ingested {
        if let (count, Some((at, Unreadable(why)))) = std::mem::take(&mut self.unreadable) {
            let what = text::count(count, "entry");
            let first = if count == 1 { "at" } else { "the first at" };
            self.gap(format!("{what} cannot be read, {first} byte {at}: {why}"));
        }
        if self.lost > 0 {
            self.gap(format!("{} beyond the first {MAX_FINDINGS} are left out", text::count(self.lost, "finding")));
        }
        self.into
    }
}

/// Lines from 1, 0 for none, as a span of whole lines; columns are found out once the file is read.
pub fn lines(start: u32, end: u32) -> Option<Span> {
    (start > 0).then(|| Span { start_line: start, start_column: 1, end_line: end.max(start), end_column: 1 })
}

/// A span from lines and columns that count from 1; 0 where one is not known. The end column is exclusive.
pub fn span(start_line: u32, start_column: u32, end_line: u32, end_column: u32) -> Option<Span> {
    let whole = lines(start_line, end_line)?;
    let start_column = start_column.max(1);
    let forward = whole.end_line > whole.start_line || end_column > start_column;
    match forward && end_column > 0 {
        true => Some(Span { start_column, end_column, ..whole }),
        false => Some(Span { start_column, end_column: start_column, ..whole }),
    }
}
