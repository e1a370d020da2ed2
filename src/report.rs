//! Defines [`Report`], the one value that every output is made of, and [`Verdict`], decided before any of them.

use std::time::Duration;

use crate::baseline::Standing;
use crate::diff::Change;
use crate::engine::{LayerRun, Outcome};
use crate::finding::{Finding, Kind, Severity};
use crate::options::Completeness;
use crate::scanner::{Cause, Gap};
use crate::suppress::{Suppression, Unused};

/// All that a run found out.
pub struct Report {
    /// Open findings, sorted by kind, then as [`crate::dedupe`] leaves them.
    pub findings: Vec<Finding>,
    /// Accepted findings, and why.
    pub suppressed: Vec<(Finding, Suppression)>,
    /// Acceptances of nothing.
    pub unused: Vec<Unused>,
    /// The baseline and what of it still stands; `None` without one.
    pub baseline: Option<Standing>,
    /// What came of each layer, in the order of the registry.
    pub layers: Vec<LayerRun>,
    /// What it comes to.
    pub verdict: Verdict,
    /// From which severity findings fail the run.
    pub fail_on: Severity,
    /// What counted as incomplete.
    pub completeness: Completeness,
    /// How long the whole run took.
    pub elapsed: Duration,
    /// Which version of which repository was scanned.
    pub origin: RepositoryRef,
    /// What it is compared with, when the findings are those that a change introduced; `None` for a scan.
    pub change: Option<Change>,
}

/// Which version of which repository was scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryRef {
    /// The address of the remote `origin`, as configured; `None` without one.
    pub remote: Option<String>,
    /// The commit of HEAD in hex; `None` when there is none.
    pub revision: Option<String>,
    /// The branch that HEAD is on; `None` when it is on none.
    pub branch: Option<String>,
}

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was seen, and nothing reaches the threshold.
    Clean,
    /// Everything was seen, and something reaches the threshold.
    Findings,
    /// Not everything was seen, so nobody can say that the rest is clean.
    Incomplete,
}

impl Verdict {
    /// The word used in every output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Incomplete => "incomplete",
        }
    }
}

/// Whether every place was looked at for a kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// No layer looked for it.
    None,
    /// Some layer that looks for it failed or has a gap that counts.
    Partial,
    /// Every layer that looked for it saw everything.
    Full,
}

/// Decides the verdict. Incomplete wins over findings: the report shows those all the same, and both fail a build.
pub fn verdict(findings: &[Finding], layers: &[LayerRun], fail_on: Severity, completeness: Completeness) -> Verdict {
    if layers.iter().any(|layer| is_incomplete(layer, completeness)) {
        Verdict::Incomplete
    } else if findings.iter().any(|finding| finding.severity >= fail_on) {
        Verdict::Findings
    } else {
        Verdict::Clean
    }
}

/// Whether a layer saw less than it should.
pub fn is_incomplete(layer: &LayerRun, completeness: Completeness) -> bool {
    matches!(layer.outcome, Outcome::Failed(_)) || layer.gaps.iter().any(|gap| counts(gap, completeness))
}

/// Whether a gap makes a run incomplete; the one place where `--completeness` is decided.
pub fn counts(gap: &Gap, completeness: Completeness) -> bool {
    gap.cause == Cause::Broken || completeness == Completeness::Strict
}

/// Whether every place was looked at for a kind, by some layers.
pub fn coverage(layers: &[LayerRun], kind: Kind, completeness: Completeness) -> Coverage {
    let looked = |layer: &&LayerRun| layer.kinds.contains(&kind) && layer.outcome.has_run();
    let ran: Vec<&LayerRun> = layers.iter().filter(looked).collect();
    match ran.is_empty() {
        true => Coverage::None,
        false if ran.iter().any(|layer| is_incomplete(layer, completeness)) => Coverage::Partial,
        false => Coverage::Full,
    }
}

impl Report {
    /// Whether every place was looked at for a kind.
    pub fn coverage(&self, kind: Kind) -> Coverage {
        coverage(&self.layers, kind, self.completeness)
    }

    /// The layers that take part, which is what people read about.
    pub fn present(&self) -> impl Iterator<Item = &LayerRun> {
        self.layers.iter().filter(|layer| !matches!(layer.outcome, Outcome::Absent(_)))
    }

    /// The findings of a severity.
    pub fn of_severity(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.severity == severity)
    }
}
