//! Defines [`Config`]: what `.scanall.toml` may say, strictly.

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::text;

/// Reads TOML strictly; `origin` names the source in errors.
///
/// # Errors
/// The source is not TOML, lacks a key, or has one that is not known: the error names it, its place and the nearest
/// known one.
pub fn parse_toml<T: DeserializeOwned>(source: &str, origin: &str) -> Result<T, Error> {
    toml::from_str(source).map_err(|error| {
        let line = error.span().map(|span| source[..span.start.min(source.len())].matches('\n').count() + 1);
        let place = line.map_or_else(|| origin.to_owned(), |line| format!("{origin}:{line}"));
        let refused = Error::usage(format!("`{place}` is not valid")).because(error.message().to_owned());
        match suggestion(error.message()) {
            Some(hint) => refused.hint(hint),
            None => refused,
        }
    })
}

/// The nearest valid key for serde's sentence about an unknown one.
fn suggestion(message: &str) -> Option<String> {
    let mut words = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = words.next()?;
    let known: Vec<&str> = words.collect();
    match text::nearest(unknown, known.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => Some(format!("known keys are {}", known.join(", "))),
    }
}
