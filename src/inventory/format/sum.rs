//! Reads checksums.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A checksum in Base64 as `algorithm:hexadecimal`; nothing where it is none.
pub(super) fn base64(algorithm: &str, text: &str) -> Vec<String> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty());
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    bytes.map(|bytes| format!("{algorithm}:{}", hex(bytes))).into_iter().collect()
}
