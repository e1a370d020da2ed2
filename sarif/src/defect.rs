//! Defines [`Defect`]: one thing about a log that its reader will not take as it is.

use std::fmt;

/// What GitHub makes of a defect, from worst to mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The whole file is refused.
    Refused,
    /// Something of it is left out without a word, or shown to nobody.
    Dropped,
    /// It is shown, but poorer, or other than it was meant.
    Degraded,
}

impl Effect {
    /// The word for it: `refused`, `dropped` or `degraded`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Dropped => "dropped",
            Self::Degraded => "degraded",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One thing about a log that its reader will not take as it is.
///
/// The texts may quote the log: escape them before they are shown on a terminal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    /// The name of the input.
    pub file: String,
    /// Where in it, as a JSON pointer (RFC 6901); empty for the file as a whole.
    pub pointer: String,
    /// Which kind of defect, the same word for all of a kind.
    pub code: &'static str,
    /// What becomes of it.
    pub effect: Effect,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it, in a sentence.
    pub fix: String,
}
