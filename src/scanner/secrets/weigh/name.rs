//! Defines [`Name`]: what a value is called, and what that tells of whether it is a credential.

use super::value::Value;
use super::words::{WORDS, has};
use crate::finding::Assessment;
use crate::scanner::secrets::matcher::Match;
use crate::text::{self, tokens};

/// A name as its words, in lower case.
pub(super) struct Name {
    words: Vec<String>,
    /// A word up to the value says secret.
    says_secret: bool,
}

/// So far in front of a match a name may begin, in bytes.
const LONGEST: usize = 64;

impl Name {
    /// The name in front of the secret of a match: what the match begins with, and what it is a part of.
    pub(super) fn before(text: &[u8], found: &Match) -> Self {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.$[]".contains(byte);
        let line = &text[found.whole.start.saturating_sub(LONGEST)..found.whole.start];
        let line = &line[text::line_start(line)..];
        // A rule that knows the credential alone matches from there on, and what assigns it stands before.
        let is_bare = found.whole.start == found.secret.start;
        let assigns = |byte: &u8| is_bare && b" \t\"'`=:>(,\\".contains(byte);
        let gap = line.iter().rev().take_while(|byte| assigns(byte)).count();
        let head = gap + line[..line.len() - gap].iter().rev().take_while(|byte| is_name(byte)).count();
        let rest = &text[found.whole.start - head..found.secret.start];
        let mut names = rest.split(|byte| b"=:,>( \t\r\n".contains(byte)).map(tokens::words);
        let first = names.by_ref().find(|words| !words.is_empty()).unwrap_or_default();
        let is_secret = |words: &Vec<String>| words.iter().any(|word| says_secret(word));
        match is_secret(&first) {
            true => Self { words: first, says_secret: true },
            // An instruction, a command or a tag has the name behind it: `ENV ADMIN_PASSWORD …`.
            false => match names.find(is_secret) {
                Some(words) => Self { words, says_secret: true },
                None => Self { words: first, says_secret: false },
            },
        }
    }

    /// Its words, in lower case.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether people choose what is called so.
    pub(super) fn is_password(&self) -> bool {
        self.words
            .iter()
            .any(|word| has(&WORDS.name.passwords, word) || word.ends_with("password") || word.ends_with("passwd"))
    }

    /// Whether a word up to the value says secret as a whole: `api_key` does, `keyword` and `monkey` do not.
    pub(super) fn says_secret(&self) -> bool {
        self.says_secret
    }

    /// Whether the value only repeats the name.
    pub(super) fn is_value(&self, value: &Value<'_>) -> bool {
        let plain = |words: &[String]| words.concat();
        let (name, said) = (plain(&self.words), plain(&tokens::words(value.text)));
        !name.is_empty()
            && !said.is_empty()
            && value.text.iter().all(|b| b.is_ascii_alphabetic() || b"_-. ".contains(b))
            && (name == said || name.ends_with(&said) || said.ends_with(&name))
    }

    /// Adds what the name says; where a rule does not go by the name alone, that is only whether there is one.
    pub(super) fn weigh(&self, is_guess: bool, assessment: &mut Assessment) {
        if self.words.is_empty() {
            assessment.add(-20, "nothing names it");
        } else if is_guess {
            self.weigh_words(assessment);
        }
    }

    fn weigh_words(&self, assessment: &mut Assessment) {
        let known = &WORDS.name;
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let last = words.last().copied().unwrap_or_default();
        let pair = |(one, other): (&str, &str)| {
            words.windows(2).any(|two| two == [one, other]) || words.contains(&format!("{one}{other}").as_str())
        };
        if words.len() > 1 && has(&known.about, last) {
            assessment.add(-30, format!("`{last}` says that the name is about a credential"));
        }
        // A secret that is shared by two that are in sync is one.
        let is_secret = last == "secret" && known.strong.iter().any(|strong| strong.split_once(' ').is_some_and(pair));
        if !self.is_password()
            && !is_secret
            && let Some(word) = words.iter().find(|word| has(&known.harmless, word))
        {
            assessment.add(-25, format!("`{word}` in the name says that it is something else"));
        }
        if let Some(word) = words.iter().find(|word| has(&known.wrong, word)) {
            assessment.add(-25, format!("`{word}` in the name says that it is not to work"));
        }
        if self.is_password() || known.strong.iter().any(|strong| strong.split_once(' ').is_some_and(pair)) {
            assessment.add(10, "the name says credential");
        } else if words == ["key"] || words == ["keys"] {
            assessment.add(-15, "the name is only `key`");
        }
    }
}

/// Whether a word says secret as a whole: `apikey` does, `keyword` and `monkey` do not.
pub(super) fn says_secret(word: &str) -> bool {
    let known = &WORDS.name;
    word == "authorization"
        || has(&known.passwords, word)
        || known.secrets.iter().any(|end| word.ends_with(end)) && !has(&known.not_secrets, word)
}
