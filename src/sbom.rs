//! Writes bills of materials: every dependency, who needs whom, licenses, checksums and, on request, what is known to be
//! wrong with them.

pub mod bill;
mod checksum;
mod cyclonedx;
mod license;
mod openvex;
mod spdx;

pub use bill::{Acceptance, Bill, Part, Subject, Vulnerability};

use crate::error::Error;

/// A format of bills of materials.
pub struct Format {
    /// The word for it on the command line.
    pub id: &'static str,
    /// Writes a bill.
    write: fn(&Bill) -> serde_json::Result<String>,
}

/// Every format, the one that is written when nobody asks first.
pub const FORMATS: &[Format] = &[
    Format { id: "cyclonedx-1.6", write: |bill| cyclonedx::write(bill, "1.6") },
    Format { id: "cyclonedx-1.7", write: |bill| cyclonedx::write(bill, "1.7") },
    Format { id: "spdx-2.3", write: spdx::write },
    Format { id: "openvex", write: openvex::write },
];

/// The format of a word: its id, or the beginning of it (`cyclonedx`, `spdx`), which is then the first such one.
pub fn format(word: &str) -> Option<&'static Format> {
    let begins = |format: &&Format| format.id.strip_prefix(word).is_some_and(|rest| rest.starts_with('-'));
    FORMATS.iter().find(|format| format.id == word).or_else(|| FORMATS.iter().find(begins))
}

impl Format {
    /// Writes a bill, with a line end behind it. The same bill gives the same bytes.
    ///
    /// # Errors
    /// JSON cannot be written, which does not happen for bills.
    pub fn write(&self, bill: &Bill) -> Result<String, Error> {
        let text = (self.write)(bill).map_err(|e| Error::usage("cannot write the bill of materials").because(e))?;
        Ok(text + "\n")
    }
}

/// A UUID for some text, always the same: version 8 of RFC 9562 with the first bits of its SHA-256.
fn uuid(text: &str) -> String {
    use sha2::Digest as _;
    let mut bytes: Vec<u8> = sha2::Sha256::digest(text).into_iter().take(16).collect();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = crate::text::hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests;
