//! Defines [`Buffer`]: a text that is overwritten many times and never cleared.

use std::ops::Deref;

/// A reusable text. Its storage stays initialized, so that a new text of a known length costs no zeroing.
#[derive(Default)]
pub struct Buffer {
    storage: Vec<u8>,
    length: usize,
}

impl Buffer {
    /// Makes it `length` bytes long, with whatever content, to be overwritten.
    pub fn of_length(&mut self, length: usize) -> &mut [u8] {
        if self.storage.len() < length {
            // Nothing of the old content is needed: growing must not copy it. A little more, for the next version.
            self.storage = Vec::new();
            self.storage = vec![0; length + length / 8];
        }
        self.length = length;
        &mut self.storage[..length]
    }

    /// The memory it holds, in bytes.
    pub fn capacity(&self) -> usize {
        self.storage.len()
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.storage[..self.length]
    }
}
