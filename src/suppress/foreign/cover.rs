//! Finds out which entries of a list accept which findings.
//!
//! A secret is known by its value wherever the file tells that: a changed value on the same line is another secret, and
//! not accepted. A value that could be guessed must stand in the file that the entry names, a strong one may have moved.
//!
//! Where the file tells no value, there is the place: path, line, and the commit if one is given. Such a commit pins the
//! value. Without one, all values that ever stood on the line would be accepted, so only those are that came first, as
//! far as the history was read.

use std::collections::HashMap;

use super::entry::{Entry, Value, places};
use super::list::List;
use crate::baseline::is_weak;
use crate::finding::{Finding, Kind, Secret};

/// Findings by the paths that they stand in.
type ByPath<'a> = HashMap<&'a str, Vec<usize>>;

impl List {
    /// For each finding the entry that accepts it.
    pub fn cover(&mut self, findings: &[&Finding]) -> Vec<Option<usize>> {
        let mut covered = vec![None; findings.len()];
        let by_value = self.by_value();
        let mut by_path = ByPath::new();
        for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.kind == Kind::Secret) {
            for entry in self.about_value(finding, &by_value).chain(self.about_path(finding)).collect::<Vec<_>>() {
                self.used[entry] = true;
                covered[index] = covered[index].or(Some(entry));
            }
            for place in places(finding) {
                let here = by_path.entry(place.path.as_str()).or_default();
                if here.last() != Some(&index) {
                    here.push(index);
                }
            }
        }
        for (number, entry) in self.entries.iter().enumerate() {
            for index in entry.at_its_place(findings, &by_path) {
                self.used[number] = true;
                covered[index] = covered[index].or(Some(number));
            }
        }
        covered
    }

    /// The entries of each value.
    fn by_value(&self) -> HashMap<[u8; 20], Vec<usize>> {
        let mut all: HashMap<[u8; 20], Vec<usize>> = HashMap::new();
        for (index, entry) in self.entries.iter().enumerate() {
            if let Some(digest) = entry.digest() {
                all.entry(digest).or_default().push(index);
            }
        }
        all
    }

    /// The entries about the value of a finding.
    fn about_value(&self, finding: &Finding, all: &HashMap<[u8; 20], Vec<usize>>) -> impl Iterator<Item = usize> {
        let secret = finding.secret.as_ref();
        let same = secret.and_then(Secret::sha1).and_then(|digest| all.get(&digest)).into_iter().flatten();
        let fits = move |index: &&usize| match &self.entries[**index].place {
            Some(place) if secret.is_none_or(is_weak) => places(finding).any(|here| here.path == place.path),
            _ => true,
        };
        same.filter(fits).copied()
    }

    /// The entry whose pattern fits every path of a finding: a secret that stands elsewhere too is not accepted by
    /// accepting one of its places.
    fn about_path(&self, finding: &Finding) -> Option<usize> {
        let paths = self.paths.as_ref()?;
        let mut here = std::iter::once(&finding.location).chain(&finding.related);
        let pattern = |path: &str| {
            if std::path::Path::new(path).has_root() {
                return None;
            }
            let pattern = paths.matcher.matched_path_or_any_parents(path, false);
            pattern.is_ignore().then(|| pattern.inner().map(|glob| glob.original().to_owned())).flatten()
        };
        let first = pattern(here.next()?.path.as_str())?;
        here.all(|place| pattern(place.path.as_str()).is_some()).then_some(())?;
        paths.entries.iter().find(|(text, _)| *text == first).map(|(_, entry)| *entry)
    }
}

impl Entry {
    /// The findings that it accepts for their place, and not for their value.
    fn at_its_place(&self, findings: &[&Finding], by_path: &ByPath<'_>) -> Vec<usize> {
        let Some(place) = &self.place else { return Vec::new() };
        let here = by_path.get(place.path.as_str()).into_iter().flatten().copied();
        let (known, told): (Vec<usize>, Vec<usize>) =
            here.partition(|index| findings[*index].secret.as_ref().is_some_and(|s| s.sha1().is_some()));
        let mut accepted: Vec<usize> = match &self.value {
            // Of what is part of an accepted value, nothing has changed.
            Value::Text(whole) => {
                let is_part = |index: &usize| findings[*index].secret.as_ref().is_some_and(|s| s.is_part_of(whole));
                known.iter().copied().filter(is_part).collect()
            }
            Value::Digest(_) => Vec::new(),
            Value::Unknown => {
                let there = || known.iter().copied().filter(|index| place.has(findings[*index]));
                let first = there().map(|index| came(findings[index])).min();
                there().filter(|index| place.commit.is_some() || Some(came(findings[*index])) == first).collect()
            }
        };
        // What another tool found and keeps for itself is what scanall found on that line; alone it must be believed.
        let changed = known.iter().any(|index| {
            let is_there = place.path == findings[*index].location.path && place.has(findings[*index]);
            is_there && !accepted.contains(index) && (self.digest().is_none() || self.knows_another(findings[*index]))
        });
        if !changed {
            accepted.extend(told.into_iter().filter(|index| place.has(findings[*index])));
        }
        accepted
    }
}

/// When a finding came, to be compared: by date and commit; what no commit has came last.
fn came(finding: &Finding) -> (bool, &str, &str) {
    let commit = finding.history.as_ref().and_then(|history| history.introduced.commit.as_ref());
    commit.map_or((true, "", ""), |commit| (false, &commit.date, &commit.id))
}
