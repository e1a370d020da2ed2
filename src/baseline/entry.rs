//! Defines [`Entry`]: what a baseline keeps of a finding.

use jiff::civil::Date;

use super::SHORT;
use crate::finding::{Finding, Fingerprint, Kind, Secret, Severity};
use crate::text;

/// A secret of less is weak, in bits: its length times its entropy, which is more than what it takes to guess it.
const STRONG: f32 = 128.0;

/// What a baseline keeps of a finding. The order is that of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Where it was; only for people, unless the fingerprint is short.
    pub path: String,
    /// The id of its rule.
    pub rule: String,
    /// The package, or the title of a secret rule; empty where the rule says enough.
    pub what: String,
    /// The fingerprint, or the first [`SHORT`] digits of that of a weak secret.
    pub fingerprint: String,
    /// How bad it was; a worse one is not covered.
    pub severity: Severity,
    /// The tools that said so, sorted; without them nobody can say that it is gone.
    pub by: Vec<String>,
    /// The day on which it came into the baseline.
    pub added: Date,
}

impl Entry {
    /// What is kept of a finding that is added on a day.
    pub fn of(finding: &Finding, today: Date) -> Self {
        // The words of other tools can quote what they found.
        let what = match (&finding.package, &finding.secret) {
            (Some(package), _) => package.purl.clone(),
            (None, Some(_)) => finding.rule.title.clone(),
            (None, None) => String::new(),
        };
        let mut by: Vec<String> = finding.sources.iter().map(|source| source.tool.clone()).collect();
        by.sort();
        by.dedup();
        Self {
            path: finding.location.path.as_str().to_owned(),
            rule: finding.rule.id.clone(),
            what: text::printable(&what),
            fingerprint: names(finding).swap_remove(0),
            severity: finding.severity,
            by,
            added: today,
        }
    }

    /// The kind of its finding; `None` for a rule of no kind that is known.
    pub fn kind(&self) -> Option<Kind> {
        let word = self.rule.split('/').next();
        Kind::ALL.into_iter().find(|kind| Some(kind.id()) == word)
    }

    /// Whether it is about a finding, worse or not; the finding's fingerprint is known to be this one.
    pub(super) fn is_about(&self, finding: &Finding) -> bool {
        // So few digits mean nothing elsewhere.
        self.fingerprint.len() > SHORT
            || (self.rule == finding.rule.id
                && std::iter::once(&finding.location)
                    .chain(&finding.related)
                    .any(|place| place.path.as_str() == self.path))
    }
}

/// The fingerprints by which an entry can be about a finding, its own first. An advisory has as many as names: which
/// one it goes by depends on the tools that are installed.
pub(super) fn names(finding: &Finding) -> Vec<String> {
    let own = finding.fingerprint().as_str().to_owned();
    match (&finding.secret, finding.kind) {
        (Some(secret), _) if is_weak(secret) => vec![own[..SHORT].to_owned()],
        // Another tool found it and keeps it for itself, so all that tells it from its successor is its line. That
        // text, too, could be guessed.
        (None, Kind::Secret) => {
            let line = finding.line_hash.map(|hash| hash.to_string()).unwrap_or_default();
            vec![Fingerprint::of(&[own.as_bytes(), line.as_bytes()]).as_str()[..SHORT].to_owned()]
        }
        (None, Kind::Advisory) => {
            let aliases = finding.package.iter().flat_map(|package| &package.aliases);
            let also = aliases.map(|alias| finding.fingerprint_under(&format!("advisory/{alias}")).as_str().to_owned());
            std::iter::once(own.clone()).chain(also).collect()
        }
        _ => vec![own],
    }
}

/// Whether a secret could be found by guessing. Entropy counts characters and knows no words, hence the high bar.
pub fn is_weak(secret: &Secret) -> bool {
    secret.guessing_bits() < STRONG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_weak_and_tokens_are_not() {
        for weak in ["hunter2", "correct-horse-battery-staple", "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert!(is_weak(&Secret::new(weak.as_bytes())), "{weak}");
        }
        assert!(!is_weak(&Secret::new(b"k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX")));
    }
}
