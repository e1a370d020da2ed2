//! Defines [`Inflater`]: zlib data of a known length, inflated in one go.

use libdeflater::Decompressor;

/// Inflates zlib data.
pub struct Inflater(Decompressor);

impl Default for Inflater {
    fn default() -> Self {
        Self(Decompressor::new())
    }
}

impl Inflater {
    /// Fills `out`; bytes behind the compressed data are ignored.
    ///
    /// # Errors
    /// The data is damaged, or not exactly as long as `out`.
    pub fn inflate(&mut self, data: &[u8], out: &mut [u8]) -> Result<(), &'static str> {
        match self.0.zlib_decompress(data, out) {
            Ok(length) if length == out.len() => Ok(()),
            Ok(_) | Err(libdeflater::DecompressionError::InsufficientSpace) => Err("it has another size than it says"),
            Err(libdeflater::DecompressionError::BadData) => Err("its compressed data is damaged"),
        }
    }
}
