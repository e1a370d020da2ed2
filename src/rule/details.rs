//! Defines [`Details`]: what is asked of the matches of a rule, which most runs never need.

use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;

use super::verify::Verify;
use crate::check::Check;

/// What is asked of the matches of a rule.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Details {
    /// How a credential is checked without asking anybody; `None` when there is no way.
    pub check: Option<Check>,
    /// What must be near.
    pub needs: Vec<Need>,
    /// How its provider is asked about it; `None` when there is no way.
    pub verify: Option<Verify>,
    /// It said how to ask, and must not: it came with what is scanned.
    #[serde(skip)]
    pub is_silenced: bool,
}

/// Another rule that must have a match near, such as the id that belongs to a secret.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The id of the rule, without `secret/`.
    pub rule: String,
    /// How many lines may be between the two; `None` for any distance.
    pub within_lines: Option<u32>,
    /// How many columns may be between the beginnings of the two; `None` for any distance.
    pub within_columns: Option<u32>,
    /// How many bytes may be between the beginnings of the two; `None` for any distance.
    pub within_bytes: Option<u32>,
    /// Where it may be.
    #[serde(default)]
    pub same: Same,
    /// Whether it only raises the confidence.
    #[serde(default)]
    pub optional: bool,
}

/// Where a needed match may be.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Same {
    /// In the same file.
    #[default]
    File,
    /// In a file of the same folder.
    Directory,
}

/// The details of a rule, or their text until somebody asks for them.
pub enum DetailsOf {
    /// Those of a rule of the binary, in TOML.
    Written(&'static str, OnceLock<Details>),
    /// Those of a pack that was read.
    Read(Details),
}

impl DetailsOf {
    /// The details of a rule of the binary.
    pub(super) fn written(source: &'static str) -> Self {
        Self::Written(source, OnceLock::new())
    }

    /// Takes the way to ask the provider out of the details of a pack that was read.
    pub(super) fn silence(&mut self) {
        if let Self::Read(details) = self {
            details.is_silenced = details.verify.take().is_some();
        }
    }

    /// The details. A test reads those of every rule of the binary, so that they are known to be right.
    pub(super) fn get(&self) -> &Details {
        match self {
            Self::Read(details) => details,
            Self::Written(source, read) => read.get_or_init(|| toml::from_str(source).unwrap_or_default()),
        }
    }
}

impl fmt::Debug for DetailsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
