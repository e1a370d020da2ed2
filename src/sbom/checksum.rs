//! Names algorithms of checksums as bills of materials do.

/// A checksum of a kind that bills of materials have.
pub(super) struct Checksum<'a> {
    pub(super) algorithm: &'static Algorithm,
    /// In hexadecimal digits.
    pub(super) digits: &'a str,
}

/// An algorithm, under its names.
pub(super) struct Algorithm {
    /// As lockfiles call it.
    word: &'static str,
    /// As CycloneDX does; empty where it does not know it.
    pub(super) cyclonedx: &'static str,
    /// As SPDX does.
    pub(super) spdx: &'static str,
    /// How many hexadecimal digits its checksums have.
    digits: usize,
}

const ALGORITHMS: [Algorithm; 9] = [
    Algorithm { word: "md5", cyclonedx: "MD5", spdx: "MD5", digits: 32 },
    Algorithm { word: "sha1", cyclonedx: "SHA-1", spdx: "SHA1", digits: 40 },
    Algorithm { word: "sha224", cyclonedx: "", spdx: "SHA224", digits: 56 },
    Algorithm { word: "sha256", cyclonedx: "SHA-256", spdx: "SHA256", digits: 64 },
    Algorithm { word: "sha384", cyclonedx: "SHA-384", spdx: "SHA384", digits: 96 },
    Algorithm { word: "sha512", cyclonedx: "SHA-512", spdx: "SHA512", digits: 128 },
    Algorithm { word: "sha3-256", cyclonedx: "SHA3-256", spdx: "SHA3-256", digits: 64 },
    Algorithm { word: "blake2b-256", cyclonedx: "BLAKE2b-256", spdx: "BLAKE2b-256", digits: 64 },
    Algorithm { word: "blake3", cyclonedx: "BLAKE3", spdx: "BLAKE3", digits: 64 },
];

/// A checksum written `algorithm:digits`; `None` for an algorithm that is not known, and for digits that are none of it.
pub(super) fn of(hash: &str) -> Option<Checksum<'_>> {
    let (word, digits) = hash.split_once(':')?;
    let word = word.to_ascii_lowercase();
    let algorithm = ALGORITHMS.iter().find(|algorithm| algorithm.word == word)?;
    let fits = digits.len() == algorithm.digits && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then_some(Checksum { algorithm, digits })
}
