//! What `.scanall.toml` says of external programs: how long they may take, and which the project adds.

use std::time::Duration;

use serde::Deserialize;

use crate::error::Error;
use crate::finding::Kind;
use crate::ingest::format;
use crate::text;

/// `[tools.<name>]`: how a layer that is a program runs. What it may see of the environment and which program it is are
/// not said here, since the file comes with what is scanned.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ToolSettings {
    /// Whether it runs; `None` for yes.
    pub enabled: Option<bool>,
    /// It is ended after so long; `None` for its usual limit.
    pub timeout: Option<Period>,
    /// It is ended when it holds more; `None` for its usual limit.
    pub memory: Option<Size>,
}

/// `[[tool]]`: a program that is none of those built in. It runs only when somebody vouches for the file, since the file
/// comes with what is scanned.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnTool {
    /// The layer's id.
    pub name: String,
    /// The program and its arguments, with `{target}`, `{report}` and `{folder}`. No shell reads it.
    pub command: Vec<String>,
    /// Exit codes with which the report is whole.
    #[serde(default = "zero")]
    pub good: Vec<i32>,
    /// The id of a format, or `auto`.
    #[serde(default = "auto")]
    pub format: String,
    /// The kinds of finding that it looks for, by the words of the JSON report.
    pub kinds: Vec<KindName>,
    /// Globs of files without which it has nothing to do; empty for always.
    #[serde(default)]
    pub wanted: Vec<String>,
    /// Names of variables that it gets.
    #[serde(default)]
    pub environment: Vec<String>,
    /// Whether it asks a server, so that `--offline` leaves it out.
    #[serde(default)]
    pub network: bool,
}

fn zero() -> Vec<i32> {
    vec![0]
}

fn auto() -> String {
    AUTO.to_owned()
}

/// The format of a tool that may write any.
pub const AUTO: &str = "auto";

/// A kind by its word.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct KindName(pub Kind);

impl TryFrom<String> for KindName {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let known = || Kind::ALL.into_iter().map(Kind::id).collect::<Vec<_>>().join(", ");
        let kind = Kind::ALL.into_iter().find(|kind| kind.id() == word);
        kind.map(Self).ok_or_else(|| format!("`{word}` is no kind of finding; those are {}", known()))
    }
}

/// A span of time such as `90s`, `5m` or `1h`: at least a second, at most a day.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct Period(pub Duration);

impl TryFrom<String> for Period {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let seconds = quantity(&text, &[("s", 1), ("m", 60), ("min", 60), ("h", 3600)]);
        match seconds.filter(|seconds| (1..=86_400).contains(seconds)) {
            Some(seconds) => Ok(Self(Duration::from_secs(seconds))),
            None => Err(format!("`{text}` is no span of time such as 90s, 5m or 1h, at most a day")),
        }
    }
}

/// An amount of memory such as `500M` or `4G`, in bytes: at least a mebibyte.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct Size(pub u64);

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (mega, giga) = (1 << 20, 1 << 30);
        let bytes =
            quantity(&text, &[("M", mega), ("MB", mega), ("MiB", mega), ("G", giga), ("GB", giga), ("GiB", giga)]);
        match bytes.filter(|bytes| *bytes >= mega) {
            Some(bytes) => Ok(Self(bytes)),
            None => Err(format!("`{text}` is no amount of memory such as 500M or 4G")),
        }
    }
}

/// A whole number with a unit behind it.
fn quantity(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

impl OwnTool {
    pub(super) fn check(&self) -> Result<(), Error> {
        let name = text::printable(&self.name);
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !self.name.starts_with(|c: char| c.is_ascii_lowercase())
            || !self.name.chars().all(is_plain)
            || name.len() > 40
        {
            return Err(Error::usage(format!("`{name}` is no name for a [[tool]]"))
                .hint("use up to 40 small letters, digits and hyphens, and begin with a letter"));
        }
        let refused = |why: String| Err(Error::usage(format!("the [[tool]] `{name}` {why}")));
        if self.command.first().is_none_or(String::is_empty) {
            return refused("has an empty command".to_owned());
        }
        if self.kinds.is_empty() {
            return refused("has no kinds of finding".to_owned());
        }
        if self.format != AUTO && format::by_id(&self.format).is_none() {
            let ids = || format::FORMATS.iter().map(|format| format.id).chain([AUTO]);
            let hint = match text::nearest(&self.format, ids()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the formats are {}", ids().collect::<Vec<_>>().join(", ")),
            };
            let format = text::printable(&self.format);
            return Err(
                Error::usage(format!("the [[tool]] `{name}` has a format `{format}` that is not known")).hint(hint)
            );
        }
        self.wanted.iter().try_for_each(|glob| super::glob_of(glob).map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_amounts_have_units() {
        for (text, seconds) in [("90s", 90), ("5m", 300), ("5 min", 300), ("1h", 3600), ("24h", 86_400)] {
            assert_eq!(Period::try_from(text.to_owned()).unwrap().0.as_secs(), seconds);
        }
        for text in ["", "5", "m", "0s", "25h", "-1s", "1.5h", "99999999999999999999h", "9999999999999999999h"] {
            assert!(Period::try_from(text.to_owned()).is_err(), "{text}");
        }
        assert_eq!(Size::try_from("4 GiB".to_owned()).unwrap().0, 4 << 30);
        assert!(Size::try_from("0M".to_owned()).is_err() && Size::try_from("4".to_owned()).is_err());
    }
}
