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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::entry::Spot;
    use super::*;
    use crate::finding::{CommitRef, History, Location, RepoPath, Severity, Source, Span};
    use crate::rule::Rule;

    const STRONG: &str = "k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX";

    fn at(path: &str, line: u32, commit: Option<&str>) -> Location {
        let commit = commit.map(|id| CommitRef { id: id.to_owned(), date: String::new() });
        Location { path: RepoPath::new(path), span: Some(Span::line(line, 9)), commit }
    }

    /// A finding in `a` on line 3, of a value, which came with a commit.
    fn finding(value: Option<&str>, came: Option<&str>) -> Finding {
        let rule = Arc::new(Rule { id: "secret/x".to_owned(), ..Rule::default() });
        let place = at("a", 3, None);
        let mut finding =
            Finding::new(rule, Kind::Secret, Severity::High, String::new(), place, Source::own("secret/x"));
        finding.secret = value.map(|value| Secret::new(value.as_bytes()));
        finding.history = came.map(|id| History {
            introduced: at("a", 3, Some(id)),
            head: None,
            removed: None,
            commits: 1,
            paths: 1,
        });
        finding
    }

    fn text(value: &str) -> Value {
        Value::Text(Secret::new(value.as_bytes()))
    }

    /// Which findings a list of one entry accepts.
    fn covered(place: Option<Spot>, value: Value, findings: &[Finding]) -> Vec<bool> {
        let mut list = List::new("list");
        list.add(1, place, value, "");
        let covered = list.cover(&findings.iter().collect::<Vec<_>>());
        assert_eq!(list.used[0], covered.iter().any(Option::is_some));
        covered.iter().map(Option::is_some).collect()
    }

    #[test]
    fn values_decide_where_they_are_known() {
        let one = |place, value, finding: Finding| covered(place, value, &[finding])[0];
        let a = |line| Some(Spot::new("a", line, None));
        let b = || Some(Spot::new("b", 3, None));
        for (is, place, value, expected) in [
            (STRONG, a(9), text(STRONG), true),
            (STRONG, b(), text(STRONG), true),
            (STRONG, None, text(STRONG), true),
            (STRONG, a(3), text("another"), false),
            ("hunter2", a(9), text("hunter2"), true),
            ("hunter2", b(), text("hunter2"), false),
            ("hunter2", None, text("hunter2"), true),
            ("hunter2", a(9), text("user:hunter2@host"), true),
            ("user:hunter2@host", a(3), text("hunter2"), false),
            ("hunter2", b(), text("user:hunter2@host"), false),
        ] {
            assert_eq!(one(place, value, finding(Some(is), None)), expected, "{is}");
        }
        let digest = || Value::Digest(Secret::new(b"hunter2").sha1().unwrap());
        assert!(one(a(9), digest(), finding(Some("hunter2"), None)));
        assert!(!one(a(3), digest(), finding(Some("hunter3"), None)));
        assert!(one(a(3), digest(), finding(None, None)), "nobody else knows the value");
        assert!(!one(a(4), digest(), finding(None, None)));
    }

    #[test]
    fn places_decide_where_no_value_is_known() {
        let of = |commit, findings: &[Finding]| covered(Some(Spot::new("a", 3, commit)), Value::Unknown, findings);
        let (old, new) = (|| finding(Some("old"), Some("aaaaaaa1")), || finding(Some("new"), None));
        assert_eq!(of(None, &[old()]), [true]);
        assert_eq!(of(None, &[new()]), [true]);
        assert_eq!(of(None, &[new(), old()]), [false, true], "the first one is meant");
        assert_eq!(of(Some("AAAAAAA"), &[new(), old()]), [false, true]);
        assert_eq!(of(Some("bbbbbbb"), &[new(), old()]), [false, false]);
        // What another tool says of the line is about the value that is there.
        assert_eq!(of(None, &[finding(None, None), old()]), [true, true]);
        assert_eq!(of(None, &[finding(None, None), new(), old()]), [false, false, true]);
        let elsewhere = covered(Some(Spot::new("a", 4, None)), Value::Unknown, &[old()]);
        assert_eq!(elsewhere, [false]);
    }

    #[test]
    fn only_secrets_are_accepted() {
        let mut code = finding(None, None);
        code.kind = Kind::Code;
        assert_eq!(covered(Some(Spot::new("a", 3, None)), Value::Unknown, &[code]), [false]);
    }

    proptest! {
        /// Where values are known, an entry accepts exactly its value.
        #[test]
        fn another_value_is_never_accepted(known in "[a-z]{1,9}", is in "[a-z]{1,9}", line in 1u32..5) {
            let place = Some(Spot::new("a", line, None));
            let digest = Value::Digest(Secret::new(known.as_bytes()).sha1().unwrap());
            prop_assert_eq!(covered(place, digest, &[finding(Some(&is), None)]), [known == is]);
        }
    }
}
