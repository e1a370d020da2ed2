//! The exit codes of the program.

use crate::report::Verdict;

/// Nothing is wrong.
pub const CLEAN: u8 = 0;

/// Arguments, configuration or the program itself were wrong.
pub const ERROR: u8 = 2;

/// Not everything could be looked at, or be uploaded.
pub const INCOMPLETE: u8 = 3;

/// Findings at or above the threshold, or something else that was tried and is not as it should be.
pub const FINDINGS: u8 = 1;

/// The exit code of a verdict: 0 clean, 1 findings at or above the threshold, 3 incomplete.
pub fn code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Clean => 0,
        Verdict::Findings => FINDINGS,
        Verdict::Incomplete => INCOMPLETE,
    }
}

/// Ends the process without waiting for anything, as a second interrupt asks; 130 is what shells report for one.
#[expect(clippy::exit, reason = "the user has asked twice, and nothing is left to say")]
pub fn at_once() -> ! {
    std::process::exit(130)
}
