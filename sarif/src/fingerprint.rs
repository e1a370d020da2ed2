//! Defines [`line_hashes`]: the hashes by which GitHub recognizes an alert when its line moves.
//!
//! The algorithm is that of `src/fingerprints.ts` in github/codeql-action (read at v4.36), whose upload action
//! computes the same values for files it finds in the checkout. A hash covers the 100 UTF-16 code units from the
//! start of a line, without spaces and tabs, so that an alert survives reformatting and edits elsewhere.

use std::collections::{HashMap, VecDeque};
use std::fmt;

/// The name of the one partial fingerprint that GitHub reads.
///
/// A finding without a line of its own (a package, an image) may put any stable string there.
pub const PRIMARY: &str = "primaryLocationLineHash";

/// How many code units a hash covers.
const WINDOW: usize = 100;

/// The base of the polynomial; all arithmetic is modulo 2^64.
const BASE: u64 = 37;

/// What a code unit that leaves the window has been multiplied with: the base to the power of the window.
const LEAVING: u64 = BASE.wrapping_pow(WINDOW as u32);

/// Stands for the end of the file, which thereby starts a line of its own after a final line end.
const END: u16 = u16::MAX;

/// The hash of one line, printed as GitHub writes it: `hash:count` with the hash in lower-case hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineHash {
    /// The hash of what stands from the start of the line.
    pub hash: u64,
    /// How many lines up to this one have that hash; at least 1.
    pub count: u32,
}

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.hash, self.count)
    }
}

/// The hashes of all lines of a file; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineHashes {
    hashes: Vec<LineHash>,
}

impl LineHashes {
    /// The hash of a line, counted from 1 with CR, LF and CRLF as one line end each; `None` past the end.
    pub fn line(&self, line: u32) -> Option<LineHash> {
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        self.hashes.get(at).copied()
    }

    /// The hashes from the first line to the last. A final line end has an empty line behind it.
    pub fn as_slice(&self) -> &[LineHash] {
        &self.hashes
    }
}

/// Hashes every line of a file in one pass. Bytes that are not UTF-8 count as U+FFFD; a byte order mark counts.
///
/// ```
/// let hashes = scanall_sarif::line_hashes(b"x = 1\nx = 1\n");
/// assert_eq!(hashes.line(3).unwrap().to_string(), "c129715d7a2bc9a3:1");
/// ```
pub fn line_hashes(text: &[u8]) -> LineHashes {
    let mut hasher = Hasher::new();
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid();
        if valid.is_ascii() {
            valid.bytes().for_each(|byte| hasher.read(u16::from(byte)));
        } else {
            valid.encode_utf16().for_each(|unit| hasher.read(unit));
        }
        if !chunk.invalid().is_empty() {
            hasher.read(0xfffd);
        }
    }
    hasher.finish()
}

/// Rolls a window over the code units of a file that are kept.
struct Hasher {
    /// The last units kept; the oldest is at `next`.
    window: [u16; WINDOW],
    next: usize,
    /// The hash of the window.
    hash: u64,
    /// How many units were kept.
    kept: u64,
    /// For every line whose hash is not known yet, how many units must be kept before it is.
    due: VecDeque<u64>,
    /// Whether the next unit kept starts a line.
    at_line_start: bool,
    after_cr: bool,
    hashes: Vec<LineHash>,
    counts: HashMap<u64, u32>,
}

impl Hasher {
    fn new() -> Self {
        Self {
            window: [0; WINDOW],
            next: 0,
            hash: 0,
            kept: 0,
            due: VecDeque::with_capacity(WINDOW),
            at_line_start: true,
            after_cr: false,
            hashes: Vec::new(),
            counts: HashMap::new(),
        }
    }

    /// Drops or keeps one code unit of the file.
    fn read(&mut self, unit: u16) {
        const TAB: u16 = b'\t' as u16;
        const LF: u16 = b'\n' as u16;
        const CR: u16 = b'\r' as u16;
        const SPACE: u16 = b' ' as u16;
        let after_cr = std::mem::replace(&mut self.after_cr, unit == CR);
        if unit == SPACE || unit == TAB || (after_cr && unit == LF) {
            return;
        }
        if std::mem::replace(&mut self.at_line_start, unit == LF || unit == CR) {
            self.due.push_back(self.kept + WINDOW as u64);
        }
        self.roll(if unit == CR { LF } else { unit });
    }

    /// Moves the window on by one unit.
    fn roll(&mut self, unit: u16) {
        let leaving = std::mem::replace(&mut self.window[self.next], unit);
        self.next = if self.next + 1 == WINDOW { 0 } else { self.next + 1 };
        let grown = self.hash.wrapping_mul(BASE).wrapping_add(u64::from(unit));
        self.hash = grown.wrapping_sub(LEAVING.wrapping_mul(u64::from(leaving)));
        self.kept += 1;
        if self.due.front() == Some(&self.kept) {
            self.due.pop_front();
            let count = self.counts.entry(self.hash).or_insert(0);
            *count = count.saturating_add(1);
            self.hashes.push(LineHash { hash: self.hash, count: *count });
        }
    }

    fn finish(mut self) -> LineHashes {
        self.read(END);
        while !self.due.is_empty() {
            self.roll(0);
        }
        LineHashes { hashes: self.hashes }
    }
}

#[cfg(test)]
mod tests;
