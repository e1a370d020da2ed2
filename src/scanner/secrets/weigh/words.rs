//! Defines [`Words`]: what tells a credential from a value that only looks like one, in words, read from
//! `rules/signals.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

/// What is known; read once.
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // A test holds the file to be valid.
    toml::from_str(include_str!("../../../../rules/signals.toml")).unwrap_or_default()
});

/// The file, as it says itself. All words are in lower case.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) value: OfValue,
    pub(super) name: OfName,
    pub(super) line: OfLine,
    pub(super) path: OfPath,
    pub(super) provider: OfProvider,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfValue {
    pub(super) templates: Vec<String>,
    pub(super) references: Vec<String>,
    pub(super) placeholders: Vec<String>,
    pub(super) common: Vec<String>,
    pub(super) descriptions: Vec<String>,
    pub(super) rows: Vec<String>,
    pub(super) endings: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfName {
    pub(super) passwords: Vec<String>,
    pub(super) secrets: Vec<String>,
    pub(super) not_secrets: Vec<String>,
    pub(super) strong: Vec<String>,
    pub(super) about: Vec<String>,
    pub(super) harmless: Vec<String>,
    pub(super) wrong: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfLine {
    pub(super) public: Vec<String>,
    pub(super) samples: Vec<String>,
    pub(super) sealed: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfPath {
    pub(super) tries: Vec<String>,
    pub(super) documents: Vec<String>,
    pub(super) likely: Vec<String>,
    pub(super) languages: Vec<String>,
    pub(super) unlikely: Vec<Unlikely>,
}

/// An ending of paths of files in which credentials are unlikely.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unlikely {
    pub(super) ending: String,
    pub(super) points: i32,
    /// What such a file is: `a document`.
    pub(super) what: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfProvider {
    pub(super) formless: Vec<String>,
    pub(super) common: Vec<String>,
}

/// Whether a list has a word.
pub(super) fn has(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_valid_and_in_lower_case() {
        let text = include_str!("../../../../rules/signals.toml");
        let words: Words = toml::from_str(text).unwrap();
        // What stands above is looked for as it is.
        let values = text.lines().filter(|line| !line.trim_start().starts_with('#') && !line.starts_with("sealed"));
        values.for_each(|line| assert_eq!(line, line.to_lowercase()));
        // Words of names are looked for as they are taken apart.
        let names = [&words.name.about, &words.name.harmless, &words.name.wrong, &words.name.passwords];
        for word in names.into_iter().flatten() {
            assert_eq!(crate::text::tokens::words(word.as_bytes()).concat(), *word);
        }
        assert!(words.path.unlikely.iter().all(|known| known.points < 0));
    }
}
