//! Looks whether a scan here has what it needs, area by area. Nothing of the scanned repository is executed.

mod advisories;
mod cache;
mod configuration;
mod network;
mod repository;
mod token;
mod tools;

use crate::environment::Environment;
use crate::error::Error;
use crate::scanner::Context;

/// What an area looks at.
pub struct Patient<'a> {
    /// All that a scan would know.
    pub context: &'a Context,
    /// Variables and terminal.
    pub environment: &'a Environment,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is about, a word.
    pub area: &'static str,
    /// How it is.
    pub state: State,
    /// A sentence without a full stop, printable.
    pub message: String,
    /// What to do about it; `None` when there is nothing to do.
    pub hint: Option<String>,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As it should be.
    Ok,
    /// A scan can do without it, and sees less.
    Warn,
    /// A scan would be incomplete or would not run at all.
    Fail,
}

impl State {
    /// The word for people and programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// An area: what it looks at, and what it found.
type Area = fn(&Patient<'_>) -> Vec<Check>;

/// Every area, in the order of the list.
const AREAS: [Area; 7] = [
    repository::checks,
    configuration::checks,
    tools::checks,
    advisories::checks,
    cache::checks,
    network::checks,
    token::checks,
];

/// Looks at everything.
pub fn examine(patient: &Patient<'_>) -> Vec<Check> {
    AREAS.iter().flat_map(|area| area(patient)).collect()
}

impl Check {
    /// Something is as it should be.
    pub fn ok(area: &'static str, message: impl AsRef<str>) -> Self {
        Self::new(area, State::Ok, message.as_ref())
    }

    /// A scan sees less.
    pub fn warn(area: &'static str, message: impl AsRef<str>) -> Self {
        Self::new(area, State::Warn, message.as_ref())
    }

    /// A scan would be incomplete or not run.
    pub fn fail(area: &'static str, message: impl AsRef<str>) -> Self {
        Self::new(area, State::Fail, message.as_ref())
    }

    /// What an error says, with its first hint.
    pub fn failed(area: &'static str, error: &Error) -> Self {
        let check = Self::fail(area, error.chain().join(": "));
        match error.hints().first() {
            Some(hint) => check.hint(hint),
            None => check,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = Some(crate::text::printable(hint.as_ref()));
        self
    }

    fn new(area: &'static str, state: State, message: &str) -> Self {
        // A parser's message has several lines.
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { area, state, message: crate::text::printable(&message), hint: None }
    }
}
