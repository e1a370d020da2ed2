//! Reads checksums.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::text::hex;

/// A checksum in Base64 as `algorithm:hexadecimal`; nothing where it is none.
pub(super) fn base64(algorithm: &str, text: &str) -> Vec<String> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty());
    bytes.map(|bytes| format!("{algorithm}:{}", hex(&bytes))).into_iter().collect()
}
