//! Defines [`Pace`]: how long we wait for a server, and how often.

use std::time::Duration;

/// So often a request is tried in all.
pub const ATTEMPTS: u32 = 5;
/// No server makes us wait longer for one attempt.
pub const LONGEST: Duration = Duration::from_secs(300);
/// The first wait behind a failure; each further one is twice as long.
const FIRST: Duration = Duration::from_secs(1);
/// The waits between questions about an upload, so that they are asked 5, 15, 35, 75 and 155 seconds behind it.
pub const POLLS: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(40),
    Duration::from_secs(80),
];

/// How much of each wait is really waited.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    part: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { part: 1.0 }
    }
}

impl Pace {
    /// Waits a part of each wait, from 0 to 1; other numbers are taken as 1. For tests, which cannot wait minutes.
    pub fn part(part: f64) -> Self {
        if (0.0..=1.0).contains(&part) { Self { part } } else { Self::default() }
    }

    /// Waits.
    pub async fn wait(self, time: Duration) {
        tokio::time::sleep(time.mul_f64(self.part)).await;
    }
}

/// The wait behind the failure number `attempt`, from 0: exponential, with up to half of it more by chance, so that
/// those who failed together do not come back together.
pub fn backoff(attempt: u32) -> Duration {
    let wait = FIRST.saturating_mul(2u32.saturating_pow(attempt)).min(LONGEST);
    wait.mul_f64(1.0 + fastrand::f64() / 2.0).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        for attempt in 0..80 {
            let least = Duration::from_secs(1u64 << attempt.min(8)).min(LONGEST);
            let wait = backoff(attempt);
            assert!((least..=LONGEST).contains(&wait), "{attempt}: {wait:?}");
        }
        let total: Duration = POLLS.iter().sum();
        assert_eq!(total.as_secs(), 155);
    }
}
