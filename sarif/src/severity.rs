//! Defines [`SecuritySeverity`]: the number GitHub sorts security alerts by.

use std::fmt;

/// The `security-severity` of a rule: 0.1 to 10.0 in steps of 0.1, written as a string as GitHub demands.
///
/// GitHub shows over 9.0 as critical, 7.0 to 8.9 as high, 4.0 to 6.9 as medium and 0.1 to 3.9 as low. Its
/// documentation leaves 9.0 itself open: use 9.1 or more for what must be critical.
///
/// ```
/// use scanall_sarif::SecuritySeverity;
/// assert_eq!(SecuritySeverity::new(8.0).map(|s| s.to_string()).as_deref(), Some("8.0"));
/// assert_eq!(SecuritySeverity::new(f64::NAN), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecuritySeverity {
    tenths: u8,
}

impl SecuritySeverity {
    /// Rounds a score to tenths and moves it into 0.1..=10.0; `None` when it is not a number.
    pub fn new(score: f64) -> Option<Self> {
        if score.is_nan() {
            return None;
        }
        // In range by the clamp, and whole by the rounding: the conversion loses nothing.
        Some(Self { tenths: (score * 10.0).round().clamp(1.0, 100.0) as u8 })
    }

    /// The number, in 0.1..=10.0.
    pub fn score(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }
}

impl fmt::Display for SecuritySeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tenths / 10, self.tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_rounded_and_clamped() {
        for (given, printed) in [
            (0.0, "0.1"),
            (-3.0, "0.1"),
            (0.14, "0.1"),
            (5.55, "5.6"),
            (9.1, "9.1"),
            (10.0, "10.0"),
            (11.0, "10.0"),
            (f64::INFINITY, "10.0"),
            (f64::NEG_INFINITY, "0.1"),
        ] {
            assert_eq!(SecuritySeverity::new(given).unwrap().to_string(), printed);
        }
    }
}
