//! Defines [`Formula`]: a checksum that a rule of the user's own describes.

use std::collections::BTreeMap;

use super::alphabet::{ALL, Alphabet};
use super::sum::{DIGESTS, Digest};
use super::verdict::Verdict;

/// A checksum over some groups of the match, in an alphabet, that equals another group.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Formula {
    digest: Digest,
    /// The groups that are checked, one behind another.
    of: Vec<String>,
    alphabet: &'static Alphabet,
    width: usize,
    equals: String,
}

/// The keys that are needed beside the name of a digest.
const KEYS: [&str; 3] = ["as", "equals", "width"];
/// The longest checksum, in digits: SHA-256 in hexadecimal.
const WIDEST: usize = 64;

impl Formula {
    /// Reads a table such as `{ crc32 = "body", as = "base62", width = 6, equals = "sum" }`.
    ///
    /// # Errors
    /// A key that is missing or unknown, a value of the wrong kind, or a checksum that cannot be written so, in words.
    pub(super) fn read(mut table: BTreeMap<String, toml::Value>) -> Result<Self, String> {
        let digests: Vec<&str> = DIGESTS.iter().map(|(name, _)| *name).collect();
        let known = || format!("one of {} and the keys {}", digests.join(", "), KEYS.join(", "));
        let names: Vec<String> = table.keys().filter(|key| digests.contains(&key.as_str())).cloned().collect();
        let [name] = &names[..] else {
            return Err(format!("a table of `check` has {}", known()));
        };
        let of = match table.remove(name) {
            Some(toml::Value::String(group)) => vec![group],
            Some(toml::Value::Array(groups)) => groups
                .into_iter()
                .map(|group| {
                    group.as_str().map(str::to_owned).ok_or_else(|| format!("`{name}` must be names of groups"))
                })
                .collect::<Result<_, _>>()?,
            _ => return Err(format!("`{name}` must be the name of a group, or a list of names")),
        };
        let mut text = |key: &str| match table.remove(key) {
            Some(toml::Value::String(text)) => Ok(text),
            Some(_) => Err(format!("`{key}` must be a text")),
            None => Err(format!("a table of `check` needs `{key}`")),
        };
        let (alphabet, equals) = (text("as")?, text("equals")?);
        let alphabet = Alphabet::named(&alphabet).ok_or_else(|| {
            let names: Vec<&str> = ALL.iter().map(|alphabet| alphabet.name).collect();
            format!("`{alphabet}` is no encoding; there are {}", names.join(", "))
        })?;
        let width = match table.remove("width") {
            Some(toml::Value::Integer(width)) => {
                usize::try_from(width).ok().filter(|width| (1..=WIDEST).contains(width))
            }
            Some(_) => None,
            None => return Err("a table of `check` needs `width`".to_owned()),
        };
        let width = width.ok_or_else(|| format!("`width` must be a number from 1 to {WIDEST}"))?;
        if let Some(key) = table.keys().next() {
            return Err(format!("`{key}` is no key of `check`; there are {}", known()));
        }
        let digest = Digest::named(name).ok_or_else(known)?;
        if of.is_empty() || digest.text(b"", alphabet, width).is_none() {
            return Err(format!("{name} cannot be written as {width} digits of {}", alphabet.name));
        }
        Ok(Self { digest, of, alphabet, width, equals })
    }

    /// The names of all groups that it needs.
    pub(super) fn groups(&self) -> impl Iterator<Item = &str> {
        self.of.iter().chain([&self.equals]).map(String::as_str)
    }

    /// The verdict on a match whose groups `group` gives.
    pub(super) fn verdict(&self, group: &dyn Fn(&str) -> Option<Vec<u8>>) -> Verdict {
        let checked: Option<Vec<Vec<u8>>> = self.of.iter().map(|name| group(name)).collect();
        let (Some(checked), Some(sum)) = (checked, group(&self.equals)) else {
            return Verdict::unknown("this form has no checksum");
        };
        match self.digest.text(&checked.concat(), self.alphabet, self.width) {
            Some(right) if right.as_bytes() == sum => Verdict::confirmed("its checksum is right"),
            _ => Verdict::refuted("its checksum is wrong"),
        }
    }
}
