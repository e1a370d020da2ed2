//! Defines [`Error`]: what ends a run, in words for its reader: a sentence, the cause, a hint.

use std::fmt;

/// Why a run could not be carried out. A scanner's failure is not an error of the run: see [`crate::scanner`].
#[derive(Debug)]
pub struct Error {
    sentence: String,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    hints: Vec<String>,
}

impl Error {
    /// Something the user can put right: arguments, configuration, a path.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), cause: None, hints: Vec::new() }
    }

    /// Adds what lies behind it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds a line that says what to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// What to try, a line each.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The sentence and every cause below it, outermost first.
    pub fn chain(&self) -> Vec<String> {
        let mut lines = vec![self.sentence.clone()];
        let mut next = self.cause.as_deref().map(|cause| cause as &dyn std::error::Error);
        while let Some(cause) = next {
            lines.push(cause.to_string());
            next = cause.source();
        }
        lines
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain().join(": "))
    }
}

impl std::error::Error for Error {}
