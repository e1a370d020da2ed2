//! Asks a tool for its version, and whether it could do its work, without letting it do any.

use std::time::Duration;

use super::spec::{Output, Preparation, Spec};
use super::{Tool, run};
use crate::finding::Finding;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// A tool that takes longer does not work.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Stands for a version that nobody can tell.
pub const UNKNOWN: &str = "unknown";
/// No version is longer, in characters.
const LONGEST: usize = 40;

/// The version of an installed tool, printable; `unknown` when it says nothing that looks like one.
///
/// # Errors
/// It does not run, in words.
pub fn of(spec: &'static Spec, context: &Context) -> Result<String, String> {
    let program = Tool(spec).locate(context).ok_or("it is not installed")?;
    let arguments: Vec<String> = spec.question.iter().map(|word| (*word).to_owned()).collect();
    let set = Tool(spec).settings(context);
    let command = run::Command {
        program: &program,
        arguments: &arguments,
        target: "",
        folder: None,
        copied: (&program, &[]),
        environment: spec.environment,
        set: &set,
        output: Output::Standard,
        timeout: TIMEOUT,
        memory: spec.memory,
        cancel: &context.cancel,
    };
    let ended = context.runtime.block_on(run::run(&command)).map_err(|e| e.chain().join(": "))?;
    match ended.failure(&[0], &[]) {
        Some(why) => Err(format!("it {why}")),
        None => Ok(find(&ended.words())),
    }
}

/// What a tool that is too old to be run takes from the scan; `None` when it is new enough, or nobody can tell.
pub(super) fn too_old(spec: &'static Spec, context: &Context) -> Option<Gap> {
    if spec.oldest.is_empty() {
        return None;
    }
    let version = of(spec, context).ok().filter(|version| is_older(version, spec.oldest))?;
    let what = format!("{} {version} is too old to be run: {} is the oldest that works", spec.program(), spec.oldest);
    Some(Gap::unavailable(what).hint(format!("update it: {}", spec.install)))
}

/// Whether a version comes before another, by the numbers in front; what has none is not older.
pub fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        let front = text.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default().to_owned();
        front.split('.').map_while(|number| number.parse().ok()).collect()
    };
    let (version, than) = (numbers(version), numbers(than));
    let places = 0..version.len().max(than.len());
    let padded = |list: &[u64]| places.clone().map(|at| list.get(at).copied().unwrap_or(0)).collect::<Vec<_>>();
    !version.is_empty() && padded(&version) < padded(&than)
}

/// The first word that looks like a version.
fn find(text: &str) -> String {
    let is_version = |word: &&str| {
        let digits = word.trim_start_matches('v');
        digits.starts_with(|c: char| c.is_ascii_digit()) && digits.contains('.')
    };
    let word = text.split_whitespace().take(100).find(is_version).unwrap_or(UNKNOWN);
    text::printable(word.trim_start_matches('v').trim_end_matches([',', ';', ')'])).chars().take(LONGEST).collect()
}

/// What there is to say against a tool's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Nothing.
    None,
    /// It runs, and something is taken from it.
    Lacks(String),
    /// It does not run.
    Stops(String),
}

/// What stands in the way of the tool's work, or takes from it.
pub fn objection(spec: &'static Spec, context: &Context) -> Objection {
    let said = Objections::default();
    match Tool(spec).prepare(context, &said) {
        Preparation::Skip(reason) => Objection::Stops(reason),
        Preparation::Run(_) => {
            let said = said.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
            said.into_iter().next().map_or(Objection::None, Objection::Lacks)
        }
    }
}

/// Keeps the gaps that a preparation tells.
#[derive(Default)]
struct Objections(std::sync::Mutex<Vec<String>>);

impl Sink for Objections {
    fn finding(&self, _: Finding) {}
    fn gap(&self, gap: Gap) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(gap.message);
    }
    fn note(&self, _: String) {}
    fn expect(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}

#[cfg(test)]
mod tests {
    use super::{find, is_older};

    #[test]
    fn older_is_by_numbers() {
        for (version, than, older) in [
            ("1.9.0", "1.10", true),
            ("1.10", "1.10.0", false),
            ("2.0.0-rc1", "2.0.0", false),
            ("0.66.0", "0.50", false),
            ("3", "3.0.1", true),
            ("unknown", "1.0", false),
            ("1.2.99999999999999999999999", "1.2", false),
        ] {
            assert_eq!(is_older(version, than), older, "{version} {than}");
        }
    }

    #[test]
    fn versions_as_tools_print_them() {
        for (text, version) in [
            ("Version: 0.66.0\nVulnerability DB:\n  Version: 2", "0.66.0"),
            ("1.139.0\n", "1.139.0"),
            ("tool v8.2.1, built 2026", "8.2.1"),
            ("no number", "unknown"),
            ("", "unknown"),
            ("1.\u{1b}[31m", "1.\\u{1b}[31m"),
        ] {
            assert_eq!(find(text), version, "{text:?}");
        }
    }
}
