//! Makes genuine credentials for the examples of rules, of those families whose checksum no simple template says.

use super::alphabet::{Alphabet, BASE64, BASE64URL};
use super::{azure, base58, bech32, mnemonic, sum};

/// An endless row of bytes.
pub(crate) type Random<'a> = &'a mut dyn FnMut() -> u8;

/// Makes a credential from what stands behind the name of its template; `None` where that says nothing.
type Maker = fn(&str, Random) -> Option<String>;

/// Every maker and the name of its template.
pub(crate) const MAKERS: &[(&str, Maker)] = &[
    ("azure", azure::make),
    ("azure-devops", |_, random| Some(azure::devops::make(random))),
    ("bech32", |text, random| {
        let (kind, length) = text.split_once(':')?;
        let text = bech32::make(&kind.to_ascii_lowercase(), &bytes(length, random)?);
        Some(if kind.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_uppercase() } else { text })
    }),
    ("bip39", |words, random| {
        // Three words hold four bytes and their part of the checksum.
        let words: usize = words.parse().ok()?;
        mnemonic::make(&bytes(&(words / 3 * 4).to_string(), random)?)
    }),
    ("entra", |_, random| Some(azure::entra::make(random))),
];

/// The longest row of bytes in a template.
const LONGEST: usize = 4096;

/// So many bytes as a number in a template says; `None` where it is none, or too large.
pub(crate) fn bytes(length: &str, random: Random) -> Option<Vec<u8>> {
    let length: usize = length.parse().ok().filter(|length| *length <= LONGEST)?;
    Some((0..length).map(|_| random()).collect())
}

/// The checksum that `{{digest:text:encoding:width}}` says; `None` where there is none such.
pub(crate) fn checksum(digest: &str, bytes: &[u8], encoding: &str, width: &str) -> Option<String> {
    sum::Digest::named(digest)?.text(bytes, Alphabet::named(encoding)?, width.parse().ok()?)
}

/// A function of templates, from bytes to bytes.
type Function = fn(&[u8]) -> Option<Vec<u8>>;

/// Every function and the name of its template.
pub(crate) const FUNCTIONS: &[(&str, Function)] = &[
    ("base64", |bytes| {
        let text = BASE64.encode(bytes);
        let padding = "=".repeat(text.len().next_multiple_of(4) - text.len());
        Some((text + &padding).into_bytes())
    }),
    ("base64url", |bytes| Some(BASE64URL.encode(bytes).into_bytes())),
    ("base58check", |bytes| Some(base58::make(bytes).into_bytes())),
    ("unhex", |text| {
        let is_whole = text.len().is_multiple_of(2);
        Alphabet::named("hex").filter(|_| is_whole).and_then(|hex| hex.decode(&text.to_ascii_lowercase()))
    }),
];
