//! Defines [`Rating`]: who says how severe a finding is, and on what grounds.

/// Who says how severe a finding is, and on what grounds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating {
    /// On what grounds.
    pub basis: Basis,
    /// Who: a tool (`trivy`), or a database and the score that it gives (`NVD, CVSS 3.1 7.5`).
    pub by: String,
}

/// The grounds of a severity; a later one is better than an earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Nobody said how bad it is: the default of the tool's map, or of the kind.
    Assumed,
    /// A tool, a rule or a database says a word.
    Stated,
    /// A score of the Common Vulnerability Scoring System.
    Scored,
}

impl Basis {
    /// The lower-case word used in every output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Stated => "stated",
            Self::Scored => "scored",
        }
    }
}

impl Rating {
    /// A default that a tool's findings get when it says nothing of one.
    pub fn assumed(by: &str) -> Self {
        Self { basis: Basis::Assumed, by: by.to_owned() }
    }

    /// A word that somebody says.
    pub fn stated(by: &str) -> Self {
        Self { basis: Basis::Stated, by: by.to_owned() }
    }

    /// A score that somebody gives.
    pub fn scored(by: impl Into<String>) -> Self {
        Self { basis: Basis::Scored, by: by.into() }
    }

    /// Whether somebody said it, rather than nobody.
    pub fn is_substantiated(&self) -> bool {
        self.basis > Basis::Assumed
    }
}
