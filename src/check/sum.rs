//! Defines [`Digest`] and [`Layout`]: checksums that tokens carry, and where in a token they stand.

use sha2::{Digest as _, Sha256};

use super::alphabet::{Alphabet, BASE32, BASE36, BASE62, BASE64, HEX_LOWER, HEX_UPPER};
use super::verdict::Verdict;

/// A function from bytes to a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    /// CRC-32 (ISO-HDLC, that of zlib), most significant byte first.
    Crc32,
    /// The same, least significant byte first.
    Crc32Le,
    /// SHA-256 (FIPS 180-4).
    Sha256,
}

/// Every digest and its name in rule packs.
pub(crate) const DIGESTS: &[(&str, Digest)] =
    &[("crc32", Digest::Crc32), ("crc32le", Digest::Crc32Le), ("sha256", Digest::Sha256)];

impl Digest {
    /// The digest with a name; `None` for an unknown one.
    pub(crate) fn named(name: &str) -> Option<Self> {
        DIGESTS.iter().find(|(known, _)| *known == name).map(|(_, digest)| *digest)
    }

    /// The checksum, as bytes.
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Crc32 => libdeflater::crc32(bytes).to_be_bytes().to_vec(),
            Self::Crc32Le => libdeflater::crc32(bytes).to_le_bytes().to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
        }
    }

    /// The checksum in an alphabet: the first `width` digits of its bytes, or, in an alphabet without a whole number of
    /// bits a digit, the number that it is with zeros in front. `None` where it cannot be written so.
    pub(crate) fn text(self, bytes: &[u8], alphabet: &Alphabet, width: usize) -> Option<String> {
        let sum = self.of(bytes);
        let text = match alphabet.bits() {
            Some(_) => alphabet.encode(&sum),
            None => alphabet.number(u64::from(u32::from_be_bytes(sum.try_into().ok()?)), width),
        };
        (text.len() >= width).then(|| text.chars().take(width).collect())
    }
}

/// A token that carries a checksum: `skip` bytes, the checked ones, `gap` bytes, the checksum, `tail` bytes.
#[derive(Debug)]
pub(crate) struct Layout {
    /// What it begins with.
    pub(crate) prefix: &'static str,
    /// How long it is, in bytes; `None` where that varies.
    pub(crate) length: Option<usize>,
    /// How many bytes at the begin are not checked.
    pub(crate) skip: usize,
    /// How many bytes stand between the checked ones and the checksum.
    pub(crate) gap: usize,
    /// How many bytes the checksum has.
    pub(crate) width: usize,
    /// How many bytes stand behind the checksum.
    pub(crate) tail: usize,
    pub(crate) digest: Digest,
    pub(crate) alphabet: Alphabet,
}

/// A CRC-32 in six digits at the end, of what is behind the prefix: GitHub's, and of those who took it over.
/// <https://github.blog/engineering/behind-githubs-new-authentication-token-formats/>
const fn crc(prefix: &'static str, length: usize) -> Layout {
    Layout {
        prefix,
        length: Some(length),
        skip: prefix.len(),
        gap: 0,
        width: 6,
        tail: 0,
        digest: Digest::Crc32,
        alphabet: BASE62,
    }
}

/// A CRC-32 at the end, of everything before it.
const fn whole(prefix: &'static str, width: usize, alphabet: Alphabet) -> Layout {
    Layout { skip: 0, length: None, width, alphabet, ..crc(prefix, 0) }
}

/// Tokens of GitHub. The fine-grained one has half of its last part for the checksum.
pub(crate) const GITHUB: &[Layout] = &[
    crc("ghp_", 40),
    crc("gho_", 40),
    crc("ghu_", 40),
    crc("ghs_", 40),
    crc("ghr_", 80),
    Layout { skip: 0, width: 8, tail: 8, digest: Digest::Sha256, alphabet: BASE32, ..crc("github_pat_", 93) },
];

/// Access tokens of npm.
/// <https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/>
pub(crate) const NPM: &[Layout] = &[crc("npm_", 40)];

/// Tokens of Vercel: of users, apps, integrations, the AI gateway, and their refreshes.
pub(crate) const VERCEL: &[Layout] = &[
    crc("vca_", 60),
    crc("vcb_", 60),
    crc("vci_", 60),
    crc("vck_", 60),
    crc("vcp_", 60),
    crc("vcr_", 60),
    crc("vct_", 60),
];

/// Routable tokens of GitLab: a payload, its length, and a checksum of everything before that.
/// <https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/>
pub(crate) const GITLAB: &[Layout] = &[whole("gl", 7, BASE36)];

/// Service account tokens of Grafana: the underscore before the checksum is not checked.
pub(crate) const GRAFANA: &[Layout] =
    &[Layout { length: Some(46), gap: 1, digest: Digest::Crc32Le, ..whole("glsa_", 8, HEX_LOWER) }];

/// API tokens of Atlassian accounts and organisations, access tokens and app passwords of Bitbucket.
pub(crate) const ATLASSIAN: &[Layout] =
    &[whole("ATATT3", 8, HEX_UPPER), whole("ATCTT3", 8, HEX_UPPER), whole("ATBB", 8, HEX_UPPER)];

/// API secrets of Confluent Cloud.
pub(crate) const CONFLUENT: &[Layout] = &[Layout { digest: Digest::Crc32Le, alphabet: BASE64, ..crc("cflt", 64) }];

/// API keys of Zuplo.
/// <https://zuplo.com/docs/articles/api-key-leak-detection>
pub(crate) const ZUPLO: &[Layout] = &[Layout { gap: 1, width: 8, alphabet: HEX_LOWER, ..crc("zpka_", 46) }];

impl Layout {
    /// Whether the checksum of a token is right; `None` for a token of another layout.
    fn is_right(&self, token: &[u8]) -> Option<bool> {
        if !token.starts_with(self.prefix.as_bytes()) || self.length.is_some_and(|length| length != token.len()) {
            return None;
        }
        let start = token.len().checked_sub(self.tail + self.width)?;
        let checked = token.get(self.skip..start.checked_sub(self.gap)?)?;
        let sum = token.get(start..start + self.width)?;
        Some(self.digest.text(checked, &self.alphabet, self.width)?.as_bytes() == sum)
    }
}

/// The verdict on a token that has one of some layouts.
pub(crate) fn verdict(layouts: &[Layout], token: &[u8]) -> Verdict {
    match layouts.iter().find_map(|layout| layout.is_right(token)) {
        Some(true) => Verdict::confirmed("its checksum is right"),
        Some(false) => Verdict::refuted("its checksum is wrong"),
        None => Verdict::unknown("this form has no checksum"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn digests_are_those_of_their_standards() {
        // The check value of the catalogue of parametrised CRC algorithms; SHA-256 of FIPS 180-4.
        assert_eq!(Digest::Crc32.text(b"123456789", &HEX_LOWER, 8).unwrap(), "cbf43926");
        assert_eq!(Digest::Crc32Le.text(b"123456789", &HEX_UPPER, 8).unwrap(), "2639F4CB");
        assert_eq!(Digest::Sha256.text(b"abc", &HEX_LOWER, 16).unwrap(), "ba7816bf8f01cfea");
        assert_eq!(Digest::Sha256.text(b"abc", &BASE62, 6), None);
        assert_eq!(Digest::Crc32.text(b"abc", &HEX_LOWER, 9), None);
    }

    #[test]
    fn every_layout_knows_its_own() {
        for layout in [GITHUB, NPM, VERCEL, GITLAB, GRAFANA, ATLASSIAN, CONFLUENT, ZUPLO].into_iter().flatten() {
            let checked_end = layout.length.unwrap_or(90) - layout.tail - layout.width - layout.gap;
            let head = format!("{}{}", layout.prefix, "x7Q".repeat(40))[..checked_end].to_owned();
            let sum = layout.digest.text(&head.as_bytes()[layout.skip..], &layout.alphabet, layout.width).unwrap();
            let token = format!("{head}{}{sum}{}", &"_"[..layout.gap], "y".repeat(layout.tail));
            assert_eq!(
                verdict(std::slice::from_ref(layout), token.as_bytes()).outcome,
                Outcome::Confirmed,
                "{layout:?}"
            );
            let other = token.replacen("x7Q", "x7R", 1);
            assert_eq!(verdict(std::slice::from_ref(layout), other.as_bytes()).outcome, Outcome::Refuted, "{layout:?}");
            assert_eq!(verdict(std::slice::from_ref(layout), b"x").outcome, Outcome::Unknown);
            assert_eq!(verdict(std::slice::from_ref(layout), layout.prefix.as_bytes()).outcome, Outcome::Unknown);
        }
    }
}
