//! Defines [`Verified`]: what the provider of a credential said when it was asked about it.

use jiff::Timestamp;

/// What the provider of a credential said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whether it works.
    pub status: Status,
    /// On what grounds, a few words without a full stop and never with the credential: `api.github.com answered with
    /// status 401`.
    pub reason: String,
    /// Whose it is and what it may do, as names and values that the provider gave, printable and without the credential;
    /// empty where it does not say.
    pub identity: Vec<(String, String)>,
    /// When it was asked, to the second; some time ago when the answer was remembered.
    pub at: Timestamp,
}

/// Whether a credential works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The provider takes it.
    Live,
    /// The provider knows it no more, or never did.
    Dead,
    /// Nobody can tell.
    Unknown,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Live, Self::Dead, Self::Unknown];

    /// The lower-case word used in every output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Dead => "dead",
            Self::Unknown => "unknown",
        }
    }
}

impl Verified {
    /// An answer that says nothing.
    pub fn unknown(reason: impl Into<String>, at: Timestamp) -> Self {
        Self { status: Status::Unknown, reason: reason.into(), identity: Vec::new(), at }
    }

    /// It in words: `live (login octocat): api.github.com answered with status 200`.
    pub fn words(&self) -> String {
        format!("{}{}: {}", self.status.id(), self.owner(), self.reason)
    }

    /// Whose it is, as the end of a phrase; empty where nobody says.
    pub fn owner(&self) -> String {
        let parts: Vec<String> = self.identity.iter().map(|(name, value)| format!("{name} {value}")).collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
    }
}
