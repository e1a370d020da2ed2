//! Reads reports of other tools: finds out what a file is by what is in it, and makes findings of it.
//!
//! ```text
//! Input -> documents -> Format -> records -> Reader -> Out (findings, components, gaps)
//! ```
//!
//! A report is looked over once to learn where its large parts end; then each record, the smallest part that makes a
//! finding, is read by itself. So a report of any size takes little memory, and what is damaged takes nothing from what
//! is whole.

pub mod attribution;
pub mod catalogue;
pub mod component;
pub mod detect;
pub mod format;
pub mod input;
pub mod json;
pub mod lenient;
pub mod make;
pub mod manifest;
pub mod map;
pub mod out;
pub mod package;
pub mod place;
pub mod rate;
pub mod scanned;
mod walk;
pub mod xml;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::{Finding, Kind};
use crate::options::Options;
use crate::scanner::Gap;
use crate::target::Target;
use crate::text;
use component::Component;
use detect::Detected;
use format::{Format, Reader, Syntax};
use input::Input;
use json::Text;
use out::Out;
use place::Places;

/// A report that is read whole is no larger, in bytes.
const MAX_WHOLE: usize = 64 << 20;
/// So many documents that nothing knows are named one by one.
const MOST_NAMED: usize = 3;

/// What reports say.
#[derive(Default)]
pub struct Ingested {
    /// The findings, as their tools tell them.
    pub findings: Vec<Finding>,
    /// The components of bills of materials.
    pub components: Vec<Component>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// What each file is, and how much was in it.
    pub notes: Vec<String>,
    /// The kinds of finding that the reports are about, whether they have one or not.
    pub kinds: BTreeSet<Kind>,
}

/// What is known of a report beside its bytes.
#[derive(Clone, Copy, Default)]
pub struct Known {
    /// The format that it must have; `None` to find out.
    pub format: Option<&'static Format>,
    /// Nothing at all is how the tool says that it found nothing.
    pub may_be_empty: bool,
}

impl Ingested {
    /// Reads the reports that a run names. One that cannot be opened is a gap, too.
    pub fn read(options: &Options, target: &Target) -> Self {
        let mut said = Self::default();
        let known = Known { format: options.ingest_as.as_deref().and_then(format::by_id), may_be_empty: false };
        let places = Arc::new(Places::of(target));
        for path in &options.ingest {
            match Input::open(path) {
                Ok(input) => said.add(&input, known, &places),
                Err(error) => {
                    let hint = error.hints().first().map(ToString::to_string);
                    said.gaps.push(Gap { hint, ..Gap::broken(error.chain().join(": ")) });
                }
            }
        }
        said
    }

    /// Reads one report, and adds what it says. What cannot be read is a gap.
    pub fn add(&mut self, input: &Input, known: Known, places: &Arc<Places>) {
        let (before, known_gaps) = (self.findings.len(), self.gaps.len());
        let mut formats: Vec<&'static str> = Vec::new();
        let text = input.bytes();
        match known.format.or_else(|| detect::of_text(text)) {
            Some(format @ Format { syntax: Syntax::Text { read, .. }, .. }) => {
                let mut out = Out::new(format, places);
                match (text.len() <= MAX_WHOLE).then(|| read(&String::from_utf8_lossy(text), &mut out)) {
                    None => out.gap(format!("it is larger than the 64 MiB that are read as {}", format.name)),
                    Some(Ok(())) => formats.push(format.name),
                    Some(Err(why)) => out.gap(format!("it cannot be read as {}: {why}", format.name)),
                }
                self.take(out);
            }
            format => self.add_json(input, Known { format, ..known }, places, &mut formats),
        }
        formats.sort_unstable();
        formats.dedup();
        for gap in self.gaps.iter_mut().skip(known_gaps) {
            if let Some(rest) = gap.message.strip_prefix(out::HERE) {
                gap.message = format!("`{}`: {rest}", text::printable(&input.name));
            }
        }
        if !formats.is_empty() {
            let found = text::count(self.findings.len() - before, "finding");
            self.notes.push(format!("`{}`: {}, {found}", text::printable(&input.name), formats.join(", ")));
        }
    }

    fn add_json(&mut self, input: &Input, known: Known, places: &Arc<Places>, formats: &mut Vec<&'static str>) {
        let mut current: Option<(Box<dyn Reader>, Out)> = None;
        let (mut unknown, mut empty) = (Vec::new(), usize::from(is_null(input.bytes())));
        let release = |end| input.release(end);
        let mut text = Text::new(input.bytes()).releasing(&release);
        while let Some(document) = text.next_document() {
            let same =
                current.as_ref().map(|(_, out)| out.format).filter(|format| detect::fits(format, &text, document));
            let format = match (same.map_or_else(|| detect::of_json(&text, document), Detected::Known), known.format) {
                (Detected::Unknown { .. }, Some(format)) => Detected::Known(format),
                (detected, _) => detected,
            };
            match format {
                Detected::Empty => empty += 1,
                Detected::Noise => {}
                Detected::Unknown { hint } => {
                    unknown.push((document.start, hint));
                }
                Detected::Known(format) => {
                    if current.as_ref().is_none_or(|(_, out)| out.format.id != format.id) {
                        current.take().into_iter().for_each(|ended| self.end(ended));
                        formats.push(format.name);
                        current = format.reader().map(|reader| (reader, Out::new(format, places)));
                    }
                    let Some((reader, out)) = &mut current else { continue };
                    walk::walk(format, &text, document, reader.as_mut(), out);
                }
            }
            if let Some(at) = document.broken {
                let what = if document.end >= input.bytes().len() { "it ends in the middle" } else { "it is damaged" };
                let rest = "what is whole before that is used";
                self.gaps.push(Gap::broken(format!("{}{what}, at byte {at}; {rest}", out::HERE)));
            }
        }
        current.into_iter().for_each(|ended| self.end(ended));
        let count = unknown.len();
        for (at, hint) in unknown.into_iter().take(MOST_NAMED) {
            let place = if at == 0 && count == 1 { String::new() } else { format!("what begins at byte {at} ") };
            self.gaps.push(unknown_report(&format!("{}{place}", out::HERE), &hint));
        }
        if count > MOST_NAMED {
            let more = text::count(count - MOST_NAMED, "other document");
            self.gaps.push(Gap::broken(format!("{}{more} of it are no reports that are known", out::HERE)));
        }
        if formats.is_empty() && count == 0 {
            self.add_empty(input, empty > 0, known);
        }
    }

    fn end(&mut self, (mut reader, mut out): (Box<dyn Reader>, Out)) {
        reader.end(&mut out);
        self.take(out);
    }

    /// Adds what a reader took.
    fn take(&mut self, out: Out) {
        self.kinds.extend(out.format.kinds);
        let Self { findings, components, gaps, notes, kinds } = out.done();
        match self.findings.is_empty() {
            true => self.findings = findings,
            false => self.findings.extend(findings),
        }
        self.components.extend(components);
        self.gaps.extend(gaps);
        self.notes.extend(notes);
        self.kinds.extend(kinds);
    }

    /// A report without anything: an empty list is how many tools say that they found nothing; an empty file is also
    /// what a tool leaves that died.
    fn add_empty(&mut self, input: &Input, has_document: bool, known: Known) {
        let name = text::printable(&input.name);
        let is_blank = input.bytes().iter().all(u8::is_ascii_whitespace);
        if known.may_be_empty && is_blank {
            return;
        }
        match (has_document, is_blank) {
            (true, _) => self.notes.push(format!("`{name}`: an empty list: its tool found nothing")),
            (false, true) => self.gaps.push(
                Gap::unavailable(format!("`{name}` is empty: its tool found nothing, or wrote nothing"))
                    .hint("look whether the tool that should have written it ended well"),
            ),
            (false, false) => {
                self.gaps.push(unknown_report(&format!("`{name}` "), &detect::text_hint(input.bytes())));
            }
        }
    }
}

/// A text that is no report; `what` ends with a blank.
fn unknown_report(what: &str, hint: &str) -> Gap {
    Gap::broken(format!("{what}is no report that is known: {hint}"))
        .hint("the README lists the formats; a SARIF file of the tool is always one")
}

/// Whether a report is the word by which some tools say that they found nothing.
fn is_null(bytes: &[u8]) -> bool {
    bytes.trim_ascii() == b"null"
}

#[cfg(test)]
pub(crate) mod testing {
    //! What the tests of formats share.

    use super::*;

    /// Reads a report, in an empty folder.
    pub(crate) fn read(report: impl Into<Vec<u8>>) -> Ingested {
        let folder = tempfile::tempdir().unwrap();
        let places = Arc::new(Places::of(&Target::of_version(folder.path().to_owned(), None)));
        let mut said = Ingested::default();
        said.add(&Input::of_bytes("report", report.into()), Known::default(), &places);
        said
    }

    /// A line for each finding: rule, severity, place, package, message.
    pub(crate) fn lines(said: &Ingested) -> Vec<String> {
        let line = |finding: &Finding| {
            let package = finding.package.as_ref().map(|package| format!(" {}", package.versioned_purl()));
            let Finding { rule, severity, location, message, .. } = finding;
            format!("{} {severity} {location}{}: {message}", rule.id, package.unwrap_or_default())
        };
        said.findings.iter().map(line).collect()
    }

    /// Whether anything that is shown of what a report says has a text in it, such as a credential.
    pub(crate) fn tells(said: &Ingested, text: &str) -> bool {
        let finding = |finding: &Finding| {
            let Finding { rule, message, location, related, excerpt, resource, package, remedy, sources, .. } = finding;
            let places: Vec<String> = related.iter().chain([location]).map(ToString::to_string).collect();
            let excerpt = excerpt.as_ref().map(|excerpt| excerpt.as_str());
            format!("{rule:?} {message} {places:?} {excerpt:?} {resource:?} {package:?} {remedy:?} {sources:?}")
        };
        let gap = |gap: &Gap| format!("{} {:?}", gap.message, gap.hint);
        let mut shown = said.findings.iter().map(finding).chain(said.gaps.iter().map(gap)).chain(said.notes.clone());
        shown.any(|shown| shown.contains(text))
    }
}

#[cfg(test)]
mod recordings;
#[cfg(test)]
mod tests;
