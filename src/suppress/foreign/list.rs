//! Defines [`List`]: what a file of another tool accepts, and what of it is used.

use ignore::gitignore::Gitignore;

use super::entry::{Entry, Spot, Value};
use crate::finding::Secret;
use crate::suppress::{Place, Suppression};
use crate::text;

/// No file has more entries; the rest accepts nothing.
const MOST: usize = 200_000;
/// So many lines are named in a note.
const SHOWN: usize = 5;

/// What a file of another tool accepts, and what of it is used.
pub struct List {
    /// What people call the file, printable.
    pub name: String,
    pub(super) entries: Vec<Entry>,
    /// Whether each entry accepted something.
    pub(super) used: Vec<bool>,
    /// Patterns of paths; every one is an entry, known by its text.
    pub(super) paths: Option<Paths>,
    /// Lines that say nothing, and what is wrong with them.
    bad: Vec<(usize, &'static str)>,
    left_out: usize,
}

/// Patterns of paths in which everything is accepted.
pub(super) struct Paths {
    /// All of them, since later ones can take back what earlier ones accept.
    pub(super) matcher: Gitignore,
    /// The text of each and its entry.
    pub(super) entries: Vec<(String, usize)>,
}

impl List {
    /// A list without entries.
    pub(super) fn new(name: &str) -> Self {
        let name = text::printable(name);
        Self { name, entries: Vec::new(), used: Vec::new(), paths: None, bad: Vec::new(), left_out: 0 }
    }

    /// How many secrets or paths it lists.
    pub fn len(&self) -> usize {
        self.entries.iter().filter(|entry| !entry.is_hash).count()
    }

    /// Whether it lists nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an entry; returns its number, or `None` when there are too many.
    pub(super) fn add(&mut self, line: usize, place: Option<Spot>, value: Value, reason: &str) -> Option<usize> {
        if self.entries.len() == MOST {
            self.left_out += 1;
            return None;
        }
        self.entries.push(Entry { line, place, value, reason: text::printable(reason), is_hash: false });
        self.used.push(false);
        Some(self.entries.len() - 1)
    }

    /// Says that a text of the file is the hash of a secret, so that nobody takes it for one.
    pub(super) fn add_hash(&mut self, line: usize, hash: &str) {
        let value = Value::Text(Secret::new(hash.as_bytes()));
        if let Some(entry) = self.add(line, None, value, "the hash of a secret, and none itself") {
            self.entries[entry].is_hash = true;
        }
    }

    /// Notes that a line says nothing, and what is wrong with it.
    pub(super) fn refuse(&mut self, line: usize, why: &'static str) {
        self.bad.push((line, why));
    }

    /// The acceptance by an entry.
    pub fn suppression(&self, entry: usize) -> Suppression {
        let entry = self.entries.get(entry);
        Suppression {
            place: Place::File { name: self.name.clone(), line: entry.map_or(0, |entry| entry.line) },
            reason: entry.map_or_else(String::new, |entry| entry.reason.clone()),
            expires: None,
            is_unaffected: false,
        }
    }

    /// What is wrong with it, and, where the scan saw everything, which entries accept nothing; a sentence each.
    pub fn notes(&self, saw_all: bool) -> Vec<String> {
        let name = &self.name;
        let mut notes = Vec::new();
        let mut kinds: Vec<&str> = self.bad.iter().map(|(_, why)| *why).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let lines = self.bad.iter().filter(|(_, why)| *why == kind).map(|(line, _)| *line);
            notes.push(format!("{name} accepts nothing on {}: {kind}", lines_of(lines.collect())));
        }
        if self.left_out > 0 {
            notes.push(format!(
                "{name} has more than {} entries: the last {} accept nothing",
                text::grouped(MOST as u64),
                text::grouped(self.left_out as u64)
            ));
        }
        let unused: Vec<usize> = self
            .entries
            .iter()
            .zip(&self.used)
            .filter(|(entry, used)| !**used && !entry.is_hash)
            .map(|(entry, _)| entry.line)
            .collect();
        if saw_all && !unused.is_empty() {
            let (count, all) = (text::grouped(unused.len() as u64), text::grouped(self.len() as u64));
            notes.push(format!("{name}: {count} of {all} accept nothing that is found, on {}", lines_of(unused)));
        }
        notes
    }
}

/// `line 3`, `lines 3, 4 and 9 more`.
fn lines_of(mut lines: Vec<usize>) -> String {
    lines.sort_unstable();
    let shown: Vec<String> = lines.iter().take(SHOWN).map(ToString::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let more = if lines.len() > SHOWN { format!(" and {} more", lines.len() - SHOWN) } else { String::new() };
    format!("{word} {}{more}", shown.join(", "))
}
