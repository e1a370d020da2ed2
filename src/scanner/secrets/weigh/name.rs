//! Defines [`Name`]: what a value is called, and what that tells of whether it is a credential.

use super::value::Value;
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

/// Words that say password: what people think of, and remember.
const PASSWORDS: [&str; 14] = [
    "password",
    "passwd",
    "passwort",
    "pass",
    "pwd",
    "passphrase",
    "passcode",
    "pw",
    "contrasena",
    "senha",
    "wachtwoord",
    "motdepasse",
    "userpass",
    "dbpass",
];

/// What a word ends with that says secret.
const SECRETS: [&str; 17] = [
    "key",
    "keys",
    "secret",
    "secrets",
    "token",
    "tokens",
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pass",
    "pwd",
    "credential",
    "credentials",
    "creds",
    "auth",
];

/// Words that end so and say something else.
const NOT_SECRETS: [&str; 18] = [
    "monkey",
    "monkeys",
    "donkey",
    "donkeys",
    "turkey",
    "hockey",
    "jockey",
    "whiskey",
    "hotkey",
    "hotkeys",
    "bypass",
    "compass",
    "surpass",
    "trespass",
    "overpass",
    "underpass",
    "accesskeys",
    "passkeys",
];

/// Pairs of words that say secret together.
const STRONG: [(&str, &str); 20] = [
    ("api", "key"),
    ("access", "key"),
    ("secret", "key"),
    ("client", "secret"),
    ("app", "secret"),
    ("private", "key"),
    ("auth", "token"),
    ("access", "token"),
    ("api", "token"),
    ("api", "secret"),
    ("bot", "token"),
    ("refresh", "token"),
    ("encryption", "key"),
    ("signing", "key"),
    ("master", "key"),
    ("webhook", "secret"),
    ("jwt", "secret"),
    ("session", "secret"),
    ("shared", "secret"),
    ("auth", "key"),
];

/// Words behind which a name is about a credential and is none: `token_url`, `password_length`.
const ABOUT: [&str; 72] = [
    "event",
    "events",
    "action",
    "code",
    "codes",
    "mode",
    "id",
    "ids",
    "name",
    "names",
    "url",
    "uri",
    "path",
    "file",
    "filename",
    "type",
    "types",
    "length",
    "len",
    "size",
    "count",
    "field",
    "label",
    "regex",
    "pattern",
    "hint",
    "prompt",
    "policy",
    "expiry",
    "expires",
    "ttl",
    "format",
    "prefix",
    "suffix",
    "header",
    "param",
    "params",
    "env",
    "variable",
    "ref",
    "arn",
    "endpoint",
    "host",
    "class",
    "method",
    "strategy",
    "provider",
    "manager",
    "service",
    "handler",
    "input",
    "placeholder",
    "message",
    "error",
    "title",
    "description",
    "text",
    "version",
    "algorithm",
    "alg",
    "hash",
    "digest",
    "checksum",
    "index",
    "column",
    "selector",
    "vault",
    "store",
    "usage",
    "ops",
    "fingerprint",
    "thumbprint",
];

/// Words in front of key or token that make it something else.
const HARMLESS: [&str; 57] = [
    "public",
    "pub",
    "publishable",
    "primary",
    "foreign",
    "sort",
    "partition",
    "hash",
    "cache",
    "object",
    "storage",
    "local",
    "translation",
    "i18n",
    "locale",
    "message",
    "hot",
    "short",
    "arrow",
    "shift",
    "enter",
    "escape",
    "page",
    "next",
    "continuation",
    "sync",
    "cancel",
    "cancellation",
    "syntax",
    "lexer",
    "parse",
    "parser",
    "css",
    "design",
    "theme",
    "color",
    "row",
    "map",
    "dict",
    "registry",
    "react",
    "query",
    "menu",
    "idempotency",
    "site",
    "csrf",
    "xsrf",
    "authenticity",
    "captcha",
    "recaptcha",
    "integrity",
    "lock",
    "commit",
    "git",
    "routing",
    "unique",
    "composite",
];

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
        let end = rest.iter().position(|byte| b"=:,>( \t\r\n".contains(byte)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let words = tokens::words(name);
        let says_secret = words.iter().chain(&tokens::words(behind)).any(|word| says_secret(word));
        Self { words, says_secret }
    }

    /// Its words, in lower case.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether people choose what is called so.
    pub(super) fn is_password(&self) -> bool {
        self.words
            .iter()
            .any(|word| PASSWORDS.contains(&word.as_str()) || word.ends_with("password") || word.ends_with("passwd"))
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

    /// Adds what the name says; of a guess, that is of a rule that goes by the name alone, more is asked.
    pub(super) fn weigh(&self, is_guess: bool, assessment: &mut Assessment) {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let last = words.last().copied().unwrap_or_default();
        let pair = |one: &str, other: &str| {
            words.windows(2).any(|two| two == [one, other]) || words.contains(&format!("{one}{other}").as_str())
        };
        if words.len() > 1 && ABOUT.contains(&last) {
            assessment.add(-30, format!("`{last}` says that the name is about a credential"));
        }
        if !self.is_password()
            && let Some(word) = words.iter().find(|word| HARMLESS.contains(word))
        {
            assessment.add(-25, format!("`{word}` in the name says that it is something else"));
        }
        if is_guess && (self.is_password() || STRONG.iter().any(|(one, other)| pair(one, other))) {
            assessment.add(10, "the name says credential");
        } else if is_guess && (words == ["key"] || words == ["keys"]) {
            assessment.add(-25, "the name is only `key`");
        } else if words.is_empty() {
            assessment.add(-20, "nothing names it");
        }
    }
}

fn says_secret(word: &str) -> bool {
    word == "authorization"
        || PASSWORDS.contains(&word)
        || SECRETS.iter().any(|end| word.ends_with(end)) && !NOT_SECRETS.contains(&word)
}
