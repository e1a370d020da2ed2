//! Defines [`Value`]: what the characters of a value tell of whether it is a credential.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::shape;
use super::words::{WORDS, has};
use crate::finding::Assessment;
use crate::text;
use crate::text::tokens;

/// A value without quotes, and what its characters tell.
pub(in crate::scanner::secrets) struct Value<'a> {
    pub(super) text: &'a [u8],
    /// Characters a token of the vocabulary; random ones are under 2, words above 3. Not counted until it is asked for.
    per_token: OnceCell<f32>,
    lower: usize,
    upper: usize,
    digits: usize,
    others: usize,
}

/// So many characters do not stand in a value twice by chance.
const REPEATED: usize = 8;
/// What is drawn is rarely longer, in bytes; what is, is often a structure, which repeats itself.
const LONGEST_DRAWN: usize = 72;

/// A token of so many characters is long enough to be drawn at random.
const TOKEN: usize = 16;

impl<'a> Value<'a> {
    pub(in crate::scanner::secrets) fn of(text: &'a [u8]) -> Self {
        let count = |class: fn(&u8) -> bool| text.iter().filter(|byte| class(byte)).count();
        let (lower, upper) = (count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase));
        let digits = count(u8::is_ascii_digit);
        Self { per_token: OnceCell::new(), lower, upper, digits, others: text.len() - lower - upper - digits, text }
    }

    fn per_token(&self) -> f32 {
        *self.per_token.get_or_init(|| tokens::chars_per_token(self.text))
    }

    /// Whether it can be a credential at all: no placeholder, no template, no reference, no file, no number.
    pub(in crate::scanner::secrets) fn is_plausible(&self) -> bool {
        let Ok(text) = std::str::from_utf8(self.text) else { return true };
        let known = &WORDS.value;
        let lower = text.to_ascii_lowercase();
        let mut seen = [false; 256];
        let distinct = self.text.iter().filter(|byte| !std::mem::replace(&mut seen[usize::from(**byte)], true)).count();
        let bare = lower.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        !(text.len() < 4
            || distinct < 4
            || self.lower + self.upper + self.digits < 4
            || self.lower + self.upper == 0
            || lower.starts_with(['?', '='])
            || lower.starts_with("__")
            || lower.ends_with("__")
            // A word of a language beyond English, as translations have.
            || !text.is_ascii() && self.digits == 0
            || lower.len() > 2 && lower.starts_with('@') && lower.ends_with('@')
            || known.templates.iter().any(|template| lower.contains(template))
            || known.references.iter().any(|reference| lower.starts_with(reference))
            || known.placeholders.iter().any(|word| lower.contains(word))
            || has(&known.common, bare)
            || known.endings.iter().any(|ending| lower.ends_with(ending))
            || shape::is_other(text, &lower))
    }

    /// Whether it looks drawn at random.
    pub(super) fn is_random(&self) -> bool {
        let kinds = [self.lower, self.upper, self.digits].into_iter().filter(|count| *count > 0).count();
        let least = match self.text.len() {
            0..TOKEN => return false,
            TOKEN..24 => 2.9,
            24..40 => 3.1,
            _ => 3.3,
        };
        if matches!(self.text.len(), 32 | 40 | 48 | 64 | 96 | 128) && self.is_hex() {
            return text::entropy(self.text) >= 2.9 && self.digits > 1 && self.lower + self.upper > 1;
        }
        // Digits are in nearly every draw of so many characters, unless it is of letters alone.
        text::entropy(self.text) >= least
            && self.per_token() < 2.1
            && (kinds > 1 && self.digits > 1 || self.per_token() < 1.6)
    }

    /// Whether it is of lower case with dashes between: `alternate-value`.
    fn is_joined(&self) -> bool {
        self.upper + self.digits == 0 && self.text.iter().all(|b| b.is_ascii_lowercase() || b"-_".contains(b))
    }

    fn is_hex(&self) -> bool {
        self.text.iter().all(u8::is_ascii_hexdigit)
    }

    /// Whether it is a UUID (RFC 9562), which names things more often than it opens them.
    pub(super) fn is_uuid(&self) -> bool {
        let bare = self.text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}")).unwrap_or(self.text);
        bare.len() == 36
            && bare.iter().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => *byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    }

    /// Adds what the characters say, for the value of a name that says password or not; of a guess, that is of a rule that
    /// goes by the name alone, more is asked.
    pub(super) fn weigh(&self, is_password: bool, is_guess: bool, assessment: &mut Assessment) {
        // A full stop behind it ends a sentence.
        let others = self.others - usize::from(self.text.ends_with(b"."));
        let kinds = [self.lower, self.upper, self.digits, others].into_iter().filter(|count| *count > 0).count();
        let length = self.text.len();
        let is_random = self.is_random();
        match (self.is_uuid(), is_random) {
            _ if !is_guess && length < TOKEN / 2 && kinds == 1 => assessment.add(-35, "it is a short word"),
            // Where the place says what it is, words with a number are what people choose.
            _ if !is_guess && (is_random || self.per_token() <= 2.6 || is_password || self.digits > 0) => {}
            (true, _) => assessment.add(12, "it is a UUID"),
            _ if climbs(self.text) => assessment.add(-20, "its letters or digits are in order"),
            (_, true) if length >= 20 => assessment.add(35, "it looks random"),
            (_, true) if [self.lower, self.upper, self.digits].iter().all(|count| *count > 0) => {
                assessment.add(15, "it looks random and is mixed, but it is short")
            }
            (_, true) => assessment.add(12, "it looks random, but it is short"),
            _ if is_password && kinds >= 3 && length >= 8 && self.per_token() <= 2.6 => {
                assessment.add(25, "it is mixed of kinds of characters, as passwords are");
            }
            _ if self.is_joined() && self.per_token() > 2.6 => assessment.add(-35, "it is made of words"),
            _ if is_password && kinds >= 2 && self.digits + others > 0 && length >= 6 => {
                assessment.add(10, "it is mixed of letters and others");
            }
            // What services give out for programs to log in with, such as 16 letters of a mailbox.
            _ if is_password && length >= 12 && self.per_token() < 2.1 => {
                assessment.add(15, "it is no word");
            }
            _ if length >= 10 && self.per_token() < 2.1 && self.digits > 0 && (kinds >= 3 || length >= 12) => {
                assessment.add(8, "it is no word, but too short to tell");
            }
            _ if self.per_token() > 2.6 && self.digits == 0 => assessment.add(-35, "it is made of words"),
            _ if self.per_token() > 2.6 => assessment.add(-15, "it is mostly words"),
            _ => assessment.add(-10, "it does not look random"),
        }
        if is_guess && repeats(self.text) {
            assessment.add(-25, "a part of it stands in it twice");
        }
        if says_what_it_is(self.text) {
            assessment.add(-25, "it says of itself what it is");
        }
        if self.others * 2 > length {
            assessment.add(-20, "it is mostly punctuation");
        }
    }
}

/// Whether its letters run through the alphabet, or its digits from 1 on, whatever stands between them: `a1B2c3D4e5F6`,
/// as people type what is to look random.
fn climbs(text: &[u8]) -> bool {
    let in_order = |keep: fn(&u8) -> bool, last: u8, first: u8| {
        let kept: Vec<u8> = text.iter().filter(|byte| keep(byte)).map(u8::to_ascii_lowercase).collect();
        let steps = kept
            .windows(2)
            .filter(|pair| pair[1] == pair[0] || pair[1] == pair[0] + 1 || (pair[0] == last && pair[1] <= first + 1));
        kept.len() >= 8 && steps.count() * 10 >= (kept.len() - 1) * 8
    };
    in_order(u8::is_ascii_alphabetic, b'z', b'a') && in_order(u8::is_ascii_digit, b'9', b'0')
}

/// Whether a good part of it stands in it twice, as where somebody typed a beginning and copied it until it was long
/// enough. Of values drawn at random not one in millions does that.
fn repeats(text: &[u8]) -> bool {
    let parts = text.windows(REPEATED).enumerate();
    text.len() <= LONGEST_DRAWN
        && parts.clone().any(|(at, part)| text[at + REPEATED..].windows(REPEATED).any(|other| other == part))
}

/// Whether it is made of nothing but two or more different words for what it is: `ClearTextPassword1`, `my-secret-key`.
fn says_what_it_is(text: &[u8]) -> bool {
    let words = tokens::words(text);
    let words: BTreeSet<&str> = words.iter().map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit())).collect();
    words.len() > 1 && words.iter().all(|word| word.is_empty() || has(&WORDS.value.descriptions, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_credential() {
        for text in [
            "${DB_PASSWORD}",
            "<your-token>",
            "changeme123",
            "process.env.TOKEN",
            "self.password",
            "getToken()",
            "config/keys/prod.pem",
            "12345678",
            "abcdefghij",
            "xxxxxxxxxxxx",
            "user@example.org",
            "10.0.0.1:5432",
            "sha256-abc",
            "password",
            "********",
            "settings.API_KEY",
            "arn:aws:x",
            "tokens[0]",
            "%(password)s",
            "remember_token",
            "password-too-short",
            ":encrypted_password",
            "*passwordFlag",
            "!vault",
            "0x7f0a611f",
            "__DB_PASSWORD__",
            "@APP_PASSWORD@",
            "6.hours",
            "100000.0/first_set_id",
            "--no-verify",
            "#include",
            "apache@localhost",
            "doppler://prod/DB_PASSWORD",
            "#c4aeb98d",
            "System.fetch_env!(",
            "acme:v3:prod:eu-west-1",
            "user%s",
            "config.token",
            "acme:auth:token:v2",
            "value=",
            "scram-sha-256",
            "[parameters('admin')",
            "Y2hhbmdlbWU=",
        ] {
            assert!(!Value::of(text.as_bytes()).is_plausible(), "{text}");
        }
        for text in [
            "hunter2!",
            "Tr0ub4dor&3",
            "!horse2",
            "Kh__Uj~gjfXu",
            "willow-venus",
            "q7Xv0RzK2mWt9LbYpE4s",
            "correcthorse",
            "p4ssphrase(x",
            "6.hours4you",
            "Cottage%Summer9",
            "salvia.Limone21",
            "a1b2c3:d4e5f6:x7y8z9w0q1",
            "cDRzc3BocmFzZTQy",
            "a/b+c9Dd0Kq3Zz8w",
        ] {
            assert!(Value::of(text.as_bytes()).is_plausible(), "{text}");
        }
    }

    #[test]
    fn what_somebody_typed_in_order() {
        for text in ["a1B2c3D4e5F6g7H8i9J0k1L2", "aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aA4bB5"] {
            assert!(climbs(text.as_bytes()), "{text}");
        }
        for text in ["q7Xv0RzK2mWt9LbYpE4s", "9f86d081884c7d659a2feaa0c55ad015", "abcdefgh93846271"] {
            assert!(!climbs(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_was_copied_until_it_was_long_enough() {
        assert!(repeats(b"q7Xv0RzK2mWtq7Xv0RzK2mWt") && repeats(b"a-q7Xv0RzKb-q7Xv0RzK"));
        assert!(!repeats(b"q7Xv0RzK2mWt9LbYpE4s") && !repeats(b"q7Xv0Rz-q7Xv0Rz") && !repeats(b""));
    }

    #[test]
    fn what_only_says_what_it_is() {
        assert!(says_what_it_is(b"ClearTextPassword1") && says_what_it_is(b"my-secret_key"));
        assert!(!says_what_it_is(b"Password123") && !says_what_it_is(b"my-hunter2") && !says_what_it_is(b"12345678"));
    }

    #[test]
    fn what_looks_random() {
        for text in ["q7Xv0RzK2mWt9LbYpE4s", "9f86d081884c7d659a2feaa0c55ad015", "mF_9.B5f-4.1JqM0xZq7wE2v"] {
            assert!(Value::of(text.as_bytes()).is_random(), "{text}");
        }
        for text in ["authentication-service-account", "com.acme.shop.Login2", "short1X", "SomeLongNameOfAClass42"] {
            assert!(!Value::of(text.as_bytes()).is_random(), "{text}");
        }
    }
}
