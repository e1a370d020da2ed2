//! Checks recovery phrases of wallets (BIP-39), whose last word holds a checksum.
//!
//! The format: <https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki>.

use bip39::{Language, Mnemonic};

use super::verdict::Verdict;

/// The longest phrase in bytes: 24 words of eight letters, and what stands between them.
const LONGEST: usize = 1024;

/// The verdict on a phrase of English words, with anything but letters between them.
pub(crate) fn verdict(phrase: &[u8]) -> Verdict {
    let words: Option<Vec<String>> = (phrase.len() <= LONGEST).then(|| {
        phrase
            .split(|byte| !byte.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .map(|word| String::from_utf8_lossy(word).to_ascii_lowercase())
            .collect()
    });
    let words = words.unwrap_or_default();
    let mut distinct = words.clone();
    distinct.sort();
    distinct.dedup();
    match Mnemonic::parse_in_normalized(Language::English, &words.join(" ")) {
        // The vectors of the standard, which are in the tests of every wallet, say one or two words again and again.
        Ok(_) if distinct.len() < 4 => Verdict::refuted("it is one word again and again"),
        Ok(_) => Verdict::confirmed(format!("the checksum of its {} words is right", words.len())),
        Err(bip39::Error::InvalidChecksum) => Verdict::refuted("its checksum is wrong"),
        Err(_) => Verdict::refuted("it is no recovery phrase"),
    }
}

/// A recovery phrase for the examples of rules, of 16 to 32 bytes; `None` for another number of bytes.
pub(crate) fn make(bytes: &[u8]) -> Option<String> {
    let phrase = Mnemonic::from_entropy_in(Language::English, bytes).ok()?;
    Some(phrase.words().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn the_last_word_is_checked() {
        // Vectors of the standard: https://github.com/trezor/python-mnemonic/blob/master/vectors.json
        let phrase = make(b"\x9e\x88\x5d\x95\x2a\xd3\x62\xca\xeb\x4e\xfe\x34\xa8\xe9\x1b\xd2").unwrap();
        assert_eq!(
            phrase,
            ["ozone drill grab fiber curtain grace", "pudding thank cruise elder eight picnic"].join(" ")
        );
        assert_eq!(verdict(phrase.as_bytes()).reason, "the checksum of its 12 words is right");
        assert_eq!(verdict(phrase.replace(' ', "\", \"").as_bytes()).outcome, Outcome::Confirmed);
        assert_eq!(verdict(phrase.replace("ozone", "drill").as_bytes()).reason, "its checksum is wrong");
        assert_eq!(verdict(phrase.replace("ozone", "ozones").as_bytes()).reason, "it is no recovery phrase");
        assert_eq!(verdict(make(&[0; 16]).unwrap().as_bytes()).reason, "it is one word again and again");
        assert_eq!(verdict(b"").outcome, Outcome::Refuted);
        assert_eq!(make(&[0; 15]), None);
    }
}
