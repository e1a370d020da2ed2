//! What teams have said of advisories with other tools: the ignore lists of OSV-Scanner, cargo-audit, cargo-deny and
//! Trivy, and OpenVEX documents.
//!
//! A file counts for the folder that it lies in and for those below. What it accepts is reported as accepted, with the
//! file, the line and the reason.

mod cargo_audit;
mod cargo_deny;
mod globs;
mod ignore_list;
mod openvex;
mod osv_scanner;
mod product;
mod trivy;

use jiff::civil::Date;

use super::{Place, Suppression};
use crate::finding::{Finding, Kind, RepoPath};
use crate::target::Target;
use crate::target::worktree::File;
use crate::text;
use globs::Globs;
use product::Product;

/// Longer files are not read, in bytes.
const MOST: usize = 16 << 20;
/// More such files are not read.
const MOST_FILES: usize = 1000;

/// A format of files that say which advisories are accepted.
struct Format {
    /// What people call it.
    name: &'static str,
    /// Whether a file is one, by its path.
    wants: fn(&str) -> bool,
    /// Whether it counts for the folder above the one that it lies in.
    is_below: bool,
    /// Reads a text.
    read: fn(&str) -> Result<Vec<Entry>, String>,
}

/// Every format.
static FORMATS: [Format; 6] =
    [osv_scanner::FORMAT, cargo_audit::FORMAT, cargo_deny::FORMAT, trivy::LINES, trivy::YAML, openvex::FORMAT];

/// What a file accepts.
pub struct Reviewed {
    /// Its path, printable.
    name: String,
    /// The folder that it counts for; empty for all of the target.
    folder: String,
    /// Each with the paths that it is about.
    entries: Vec<(Entry, Globs)>,
}

/// One thing that a file accepts.
#[derive(Debug, Default, PartialEq)]
struct Entry {
    /// The line, counted from 1.
    line: usize,
    /// Ids of the advisory or of another tool's rule; empty for every advisory.
    ids: Vec<String>,
    /// The packages that it is about; empty for every one.
    products: Vec<Product>,
    /// Globs of the paths that it is about; empty for every one.
    paths: Vec<String>,
    /// Why.
    reason: String,
    /// The last day on which it holds; `None` for ever.
    until: Option<Date>,
    /// Whether it says that the project is not affected at all.
    is_unaffected: bool,
}

/// Reads the files of a target. One that cannot be read accepts nothing: that is a note, since nothing is hidden by it.
pub fn load(target: &Target, paths: &[RepoPath]) -> (Vec<Reviewed>, Vec<String>) {
    let (mut all, mut notes) = (Vec::new(), Vec::new());
    let mut room = globs::MOST;
    let wanted = paths.iter().filter_map(|path| {
        let format = FORMATS.iter().find(|format| (format.wants)(path.as_str()))?;
        Some((format, path))
    });
    for (format, path) in wanted.take(MOST_FILES) {
        let mut read = || -> Result<Reviewed, String> {
            let file = File::named(target, path).ok_or("it is no plain file")?;
            let bytes = target.read(&file).map_err(|gap| gap.message)?;
            if bytes.len() > MOST {
                return Err("it is larger than 16 MiB".to_owned());
            }
            let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
            let entries = (format.read)(text.trim_start_matches('\u{feff}'))?;
            Reviewed::new(format, path, entries, &mut room)
        };
        match read() {
            Ok(file) if file.entries.is_empty() => {}
            Ok(file) => all.push(file),
            Err(why) => notes.push(format!(
                "`{path}`, {}, cannot be read, so it accepts nothing: {}",
                format.name,
                text::printable(&why)
            )),
        }
    }
    (all, notes)
}

impl Format {
    /// The folder that a file counts for.
    fn folder(&self, path: &RepoPath) -> String {
        let above = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let folder = above(path.as_str());
        if self.is_below { above(&folder) } else { folder }
    }
}

impl Reviewed {
    /// What a file says; `room` is how many more globs may be compiled, of this file and of others.
    fn new(format: &Format, path: &RepoPath, entries: Vec<Entry>, room: &mut usize) -> Result<Self, String> {
        let ready = |entry: Entry| Globs::of(&entry.paths, room).map(|globs| (entry, globs));
        let entries: Option<_> = entries.into_iter().map(ready).collect();
        let entries = entries.ok_or_else(|| format!("such files name more than {} patterns of paths", globs::MOST))?;
        Ok(Self { name: text::printable(path.as_str()), folder: format.folder(path), entries })
    }

    /// The acceptance of a finding on a day; `None` when the file says nothing of it.
    pub fn accept(&self, finding: &Finding, today: Date) -> Option<Suppression> {
        let holds = |entry: &Entry| entry.until.is_none_or(|day| today <= day);
        let (entry, _) = self.entries.iter().find(|(entry, globs)| holds(entry) && self.fits(entry, globs, finding))?;
        Some(Suppression {
            place: Place::File { name: self.name.clone(), line: entry.line },
            reason: text::printable(&entry.reason),
            expires: entry.until,
            is_unaffected: entry.is_unaffected,
        })
    }

    /// What accepted a finding until it expired, in words.
    pub fn expired(&self, findings: &[Finding], today: Date) -> Vec<String> {
        let ended = |(entry, globs): &(Entry, Globs)| {
            let day = entry.until.filter(|day| *day < today)?;
            let counts = findings.iter().any(|finding| self.fits(entry, globs, finding));
            counts.then(|| format!("line {} of `{}` expired on {day}", entry.line, self.name))
        };
        self.entries.iter().filter_map(ended).collect()
    }

    fn fits(&self, entry: &Entry, globs: &Globs, finding: &Finding) -> bool {
        let here = std::iter::once(&finding.location).chain(&finding.related);
        let is_inside = |path: &str| {
            self.folder.is_empty() || path.strip_prefix(&self.folder).is_some_and(|rest| rest.starts_with('/'))
        };
        here.clone().all(|place| is_inside(place.path.as_str()))
            && entry.names(finding)
            && (entry.products.is_empty() || entry.products.iter().any(|product| product.is_of(finding)))
            && here.clone().all(|place| globs.fit(self.below(place.path.as_str())))
    }

    /// A path, seen from the folder that the file counts for.
    fn below<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(&self.folder).unwrap_or(path).trim_start_matches('/')
    }
}

impl Entry {
    fn names(&self, finding: &Finding) -> bool {
        if self.ids.is_empty() {
            return finding.kind == Kind::Advisory;
        }
        let own = finding.rule.id.strip_prefix("advisory/");
        let aliases = finding.package.iter().flat_map(|package| &package.aliases).map(String::as_str);
        let said = finding.sources.iter().map(|source| source.rule.as_str());
        let names = own.into_iter().chain(aliases).chain(said);
        names.into_iter().any(|name| self.ids.iter().any(|id| id.eq_ignore_ascii_case(name)))
    }
}

/// The day in front of a text: `2027-01-31`, or a time on that day.
fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// The line, counted from 1, in which a byte is.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests;
