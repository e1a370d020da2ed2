//! What commands share that scan to do their work: the scan itself, a finding by its fingerprint, what was not seen.

use std::fmt::Write as _;

use super::{Surroundings, runtime};
use crate::cli::ScanArgs;
use crate::error::Error;
use crate::finding::Finding;
use crate::output::style::Style;
use crate::report::{self, Report};
use crate::scanner::Context;
use crate::suppress::Suppression;
use crate::{engine, scan, text};

/// The fewest digits of a fingerprint that name a finding.
pub(super) const FEWEST: usize = 6;
/// So many findings are listed when digits fit several.
const MOST: usize = 5;

/// Scans.
///
/// # Errors
/// The scan could not be carried out.
pub(super) fn scan(args: &ScanArgs, around: &Surroundings) -> Result<Report, Error> {
    let runtime = runtime()?;
    let report = scan::run(args, &around.environment, &runtime)?;
    runtime.shutdown_background();
    Ok(report)
}

/// Does something with what a scan would know, without the scan.
///
/// # Errors
/// The target or its configuration cannot be read, or it fails itself.
pub(super) fn with_context<T>(
    args: &ScanArgs,
    around: &Surroundings,
    job: impl FnOnce(&Context) -> Result<T, Error>,
) -> Result<T, Error> {
    let runtime = runtime()?;
    let done = job(&scan::context(args, &around.environment, &runtime)?);
    runtime.shutdown_background();
    done
}

/// Whether a text can be the beginning of a fingerprint.
pub(super) fn is_fingerprint(text: &str) -> bool {
    (FEWEST..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The finding whose fingerprint begins so, and why it is accepted if it is. Of equal ones it is the first open one.
///
/// # Errors
/// There is none, or there are several.
pub(super) fn pick<'a>(report: &'a Report, digits: &str) -> Result<(&'a Finding, Option<&'a Suppression>), Error> {
    let digits = digits.to_ascii_lowercase();
    let open = report.findings.iter().map(|finding| (finding, None));
    let accepted = report.suppressed.iter().map(|(finding, why)| (finding, Some(why)));
    let found: Vec<_> =
        open.chain(accepted).filter(|(finding, _)| finding.fingerprint().as_str().starts_with(&digits)).collect();
    let Some((first, why)) = found.first() else {
        let none = Error::usage(format!("no finding has a fingerprint that begins with `{digits}`")).hint(
            "`scanall` shows the fingerprint of each finding behind its rule; it changes with the secret or line",
        );
        return Err(match unseen(report, Style::PLAIN).is_empty() {
            true => none,
            false => none.hint("the scan did not see everything; `scanall` says what"),
        });
    };
    let mut others: Vec<String> = found.iter().map(|(finding, _)| finding.fingerprint().as_str().to_owned()).collect();
    others.sort();
    others.dedup();
    match others.len() {
        1 => Ok((first, *why)),
        several => Err(Error::usage(format!("`{digits}` begins the fingerprints of {several} findings"))
            .hint(format!("give more digits: {}", others[..others.len().min(MOST)].join(", ")))),
    }
}

/// What a scan did not see, a line each; empty when it saw everything.
pub(super) fn unseen(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for layer in &report.layers {
        for gap in &layer.gaps {
            let counts = report::counts(gap, report.completeness);
            let word = if counts { style.bad("incomplete:") } else { style.warning("warning:") };
            let _ = writeln!(out, "{word} {}: {}", layer.id, text::printable(&gap.message));
        }
        if let engine::Outcome::Failed(chain) = &layer.outcome {
            let _ = writeln!(out, "{} {}: {}", style.bad("failed:"), layer.id, text::printable(&chain.join(": ")));
        }
    }
    out
}

/// Where a finding is and what it is, on a line.
pub(super) fn line_of(finding: &Finding) -> String {
    format!("{}  {}", text::printable(&finding.location.to_string()), text::printable(&finding.message))
}
