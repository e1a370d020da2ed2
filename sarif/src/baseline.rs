//! Defines [`Baseline`]: whether an earlier scan had a finding.

/// Whether an earlier scan, the baseline, had a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Baseline {
    /// It had not.
    New,
    /// It had the same.
    Unchanged,
    /// It had it, and something about it has changed.
    Updated,
    /// It had it, and this scan has not.
    Absent,
}

impl Baseline {
    /// The word SARIF uses.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Updated => "updated",
            Self::Absent => "absent",
        }
    }
}
