//! Asks a tool for its version, and whether it could do its work, without letting it do any.

use std::time::Duration;

use super::{Preparation, Spec, Tool, run};
use crate::finding::Finding;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// A tool that takes longer does not work.
const TIMEOUT: Duration = Duration::from_secs(30);
/// No version is longer, in characters.
const LONGEST: usize = 40;

/// How tools are asked that do not simply take `--version`, or that would use the network for it.
const QUESTIONS: [(&str, &[&str]); 1] = [("semgrep", &["--version", "--disable-version-check"])];

/// The version of an installed tool, printable; `unknown` when it says nothing that looks like one.
///
/// # Errors
/// It does not run, in words.
pub fn of(spec: &'static Spec, context: &Context) -> Result<String, String> {
    let program = Tool(spec).locate(context).ok_or("it is not installed")?;
    let question =
        QUESTIONS.iter().find(|(name, _)| *name == spec.program).map_or(&["--version"][..], |(_, words)| words);
    let arguments: Vec<String> = question.iter().map(|word| (*word).to_owned()).collect();
    let command = run::Command {
        program: &program,
        arguments: &arguments,
        environment: spec.environment,
        timeout: TIMEOUT,
        cancel: &context.cancel,
    };
    let ended = context.runtime.block_on(run::run(&command)).map_err(|e| e.chain().join(": "))?;
    match ended.failure(&[0]) {
        Some(why) => Err(format!("it {why}")),
        None => Ok(find(&String::from_utf8_lossy(&ended.stdout))),
    }
}

/// The first word that looks like a version.
fn find(text: &str) -> String {
    let is_version = |word: &&str| {
        let digits = word.trim_start_matches('v');
        digits.starts_with(|c: char| c.is_ascii_digit()) && digits.contains('.')
    };
    let word = text.split_whitespace().take(100).find(is_version).unwrap_or("unknown");
    text::printable(word.trim_start_matches('v').trim_end_matches([',', ';', ')'])).chars().take(LONGEST).collect()
}

/// What stands in the way of the tool's work, or takes from it, in words; `None` when nothing does.
pub fn objection(spec: &'static Spec, context: &Context) -> Option<String> {
    let said = Objections::default();
    match (spec.prepare)(context, &said) {
        Preparation::Skip(reason) => Some(reason),
        Preparation::Run(_) => said.0.into_inner().ok()?.into_iter().next(),
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
    use super::find;

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
