//! Defines [`Priority`]: how soon a vulnerable dependency wants attention, compared with the others.

use std::fmt;

use super::Severity;
use super::assessment::Signal;

/// What makes a vulnerable dependency more or less pressing than its severity alone, in points. The severity counts when
/// the score is asked for, since another tool may know it better.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Priority {
    /// In the order in which people want to read it.
    pub signals: Vec<Signal>,
}

/// What a score means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// When there is time.
    Low,
    /// With the next update.
    Medium,
    /// Soon.
    High,
    /// Now.
    Urgent,
}

/// The least score of each, the most pressing first.
const LEAST: [(i32, Urgency); 4] =
    [(80, Urgency::Urgent), (50, Urgency::High), (25, Urgency::Medium), (0, Urgency::Low)];

impl Urgency {
    /// The lower-case word used in every output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Priority {
    /// Adds a signal.
    pub fn add(&mut self, points: i32, what: impl Into<String>) {
        self.signals.push(Signal { points, what: what.into() });
    }

    /// The sum of the points of the severity and of the signals, from 0 to 100.
    pub fn score(&self, severity: Severity) -> u8 {
        let own = match severity {
            Severity::Critical => 50,
            Severity::High => 40,
            Severity::Medium => 25,
            Severity::Low => 12,
            Severity::Info => 5,
        };
        let sum = self.signals.iter().fold(own, |sum: i32, signal| sum.saturating_add(signal.points));
        u8::try_from(sum.clamp(0, 100)).unwrap_or(100)
    }

    /// What the score means.
    pub fn urgency(&self, severity: Severity) -> Urgency {
        let score = i32::from(self.score(severity));
        LEAST.iter().find(|(least, _)| score >= *least).map_or(Urgency::Low, |(_, urgency)| *urgency)
    }

    /// All of it for people: `urgent: known to be exploited, direct, imported in src/app.py:3`.
    pub fn words(&self, severity: Severity) -> String {
        let signals: Vec<&str> = self.signals.iter().map(|signal| signal.what.as_str()).collect();
        match signals.is_empty() {
            true => self.urgency(severity).to_string(),
            false => format!("{}: {}", self.urgency(severity), signals.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(signals: &[i32]) -> Priority {
        let mut priority = Priority::default();
        signals.iter().for_each(|points| priority.add(*points, "a sign"));
        priority
    }

    #[test]
    fn a_score_has_bounds_and_rises_with_severity() {
        let mut last = 0;
        for severity in Severity::WORST_FIRST.into_iter().rev() {
            let score = of(&[]).score(severity);
            assert!(score > last);
            last = score;
        }
        assert_eq!((of(&[i32::MAX, 1]).score(Severity::Low), of(&[i32::MIN, -1]).score(Severity::Critical)), (100, 0));
    }

    #[test]
    fn words() {
        assert_eq!(of(&[]).words(Severity::High), "medium");
        assert_eq!(of(&[40, 5]).words(Severity::High), "urgent: a sign, a sign");
        assert_eq!(of(&[-20]).urgency(Severity::Low), Urgency::Low);
    }
}
