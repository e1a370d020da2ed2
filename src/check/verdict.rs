//! Defines [`Verdict`] and [`Outcome`]: what a check says of a credential.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a check found out without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Its checksum or its structure is right, which neither chance nor an imitation brings about.
    Confirmed,
    /// Its checksum or its structure is wrong, or it says of itself that it opens nothing any more.
    Refuted,
    /// There is nothing in it to check, or too little to tell.
    Unknown,
}

impl Outcome {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refuted => "refuted",
            Self::Unknown => "unknown",
        }
    }
}

/// What a check says of a credential. It holds nothing of the credential that opens anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which of the three it is.
    pub outcome: Outcome,
    /// Why, in a short clause without a full stop: "its checksum is right", "expired on 2021-03-04".
    pub reason: String,
    /// What the credential says of itself, by name: `account`, `algorithm`, `encrypted`, `expires`, `fingerprint`, …
    /// Values come from the credential, so outputs escape them; they are printable ASCII of at most 200 characters.
    pub facts: BTreeMap<Cow<'static, str>, String>,
    /// Whether it opens nothing of anybody's however genuine it is, as what everybody has: more than a wrong checksum says.
    pub is_idle: bool,
}

/// The longest value of a fact, in bytes.
const LONGEST: usize = 200;

impl Verdict {
    /// A verdict without facts.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { outcome, reason: reason.into(), facts: BTreeMap::new(), is_idle: false }
    }

    /// Short for an outcome of [`Outcome::Confirmed`].
    pub(crate) fn confirmed(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Confirmed, reason)
    }

    /// Short for an outcome of [`Outcome::Refuted`].
    pub(crate) fn refuted(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Refuted, reason)
    }

    /// An outcome of [`Outcome::Refuted`] for what opens nothing, however genuine it is.
    pub(crate) fn idle(reason: impl Into<String>) -> Self {
        Self { is_idle: true, ..Self::refuted(reason) }
    }

    /// Short for an outcome of [`Outcome::Unknown`].
    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Unknown, reason)
    }

    /// Adds a fact; one that is empty, too long or not printable ASCII is left out.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        let is_plain = value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if is_plain && !value.is_empty() && value.len() <= LONGEST {
            self.facts.insert(Cow::Borrowed(name), value);
        }
        self
    }
}
