//! Defines [`Budget`]: what may be copied from one place of a log to many, which a hostile log could make of it.

/// Bytes that may be copied, of each kind of copy in a run: 256 MiB.
const BYTES: usize = 256 << 20;

/// Counts down what may still be copied.
pub(crate) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(BYTES)
    }
}

impl Budget {
    /// Takes some bytes, or answers `false` when there are not so many left.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}
