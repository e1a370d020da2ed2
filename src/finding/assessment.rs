//! Defines [`Assessment`]: why a finding is believed as much as it is.

use super::Confidence;
use crate::check::{Outcome, Verdict};

/// Why a finding is believed as much as it is: what its rule says of any match, and what speaks for and against this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// What the rule says of any match, then everything else in the order in which it was found.
    pub signals: Vec<Signal>,
    /// What a check of its form said; `None` when nothing is known that could be checked.
    pub check: Option<Verdict>,
}

/// One thing that speaks for or against a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal {
    /// How much; [`MEDIUM`] and [`HIGH`] say what a sum means.
    pub points: i32,
    /// What it is, without the secret: `its checksum is right`.
    pub what: String,
}

/// With fewer points it is nothing to tell of.
pub const LEAST: i32 = 1;
/// From so many points on the confidence is medium.
pub const MEDIUM: i32 = 40;
/// From so many points on the confidence is high.
pub const HIGH: i32 = 70;

/// The least points of a confidence.
pub fn least(confidence: Confidence) -> i32 {
    match confidence {
        Confidence::Low => LEAST,
        Confidence::Medium => MEDIUM,
        Confidence::High => HIGH,
    }
}

impl Assessment {
    /// An assessment that begins with what a rule says of any match.
    pub fn of_rule(confidence: Confidence) -> Self {
        let points = match confidence {
            Confidence::Low => 25,
            Confidence::Medium => 55,
            Confidence::High => 85,
        };
        let mut new = Self::default();
        new.add(points, format!("the rule is of {} confidence", confidence.id()));
        new
    }

    /// The points of any match of the rule.
    pub fn of_any(&self) -> i32 {
        self.signals.first().map_or(0, |signal| signal.points)
    }

    /// Adds a signal.
    pub fn add(&mut self, points: i32, what: impl Into<String>) {
        self.signals.push(Signal { points, what: what.into() });
    }

    /// Adds what a check said.
    pub fn checked(&mut self, verdict: Verdict) {
        match verdict.outcome {
            Outcome::Confirmed => self.add(40, format!("confirmed: {}", verdict.reason)),
            Outcome::Refuted => {
                self.add(if verdict.is_idle { -50 } else { -30 }, format!("refuted: {}", verdict.reason));
            }
            Outcome::Unknown => {}
        }
        self.check = Some(verdict);
    }

    /// The sum of the points.
    pub fn score(&self) -> i32 {
        self.signals.iter().map(|signal| signal.points).sum()
    }

    /// What the sum means.
    pub fn confidence(&self) -> Confidence {
        match self.score() {
            score if score >= HIGH => Confidence::High,
            score if score >= MEDIUM => Confidence::Medium,
            _ => Confidence::Low,
        }
    }
}
