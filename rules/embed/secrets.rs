//! Writes the packs of secret rules as Rust, read and checked, so that no run spends its first milliseconds on that.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Error};
use std::path::Path;

use toml::{Table, Value};

use crate::rule::secret::SecretRule;
use crate::{idiom, literal, places};

/// What a pack and a rule may say; rules/README.md documents it.
const PACK: &[&str] = &["provider", "rule"];
const TEXTS: &[&str] = &["id", "title", "severity", "confidence", "regex", "help", "rotate"];
const LISTS: &[&str] =
    &["keywords", "stop_words", "paths", "not_paths", "not_lines", "examples", "counter_examples", "confirmed"];
const NUMBERS: &[&str] = &["min_entropy", "max_chars_per_token", "min_chars"];
const FLAGS: &[&str] = &["weigh", "hidden"];
/// What only matches are asked for: passed on as it is, and read by a test.
const DETAILS: &[&str] = &["check", "needs", "verify"];

/// Adds the rules of one file to `out`, as elements of a list of `Built`.
///
/// # Errors
/// The file is no pack, and why.
pub(crate) fn write(file: &Path, out: &mut String) -> io::Result<()> {
    let refuse = |what: String| Error::other(format!("{}: {what}", file.display()));
    let source = fs::read_to_string(file)?;
    let pack: Table = toml::from_str(&source).map_err(|e| refuse(e.to_string()))?;
    if let Some(key) = pack.keys().find(|key| !PACK.contains(&key.as_str())) {
        return Err(refuse(format!("`{key}` is no key of a pack")));
    }
    let provider = pack.get("provider").and_then(Value::as_str).unwrap_or_default();
    let rules = pack.get("rule").and_then(Value::as_array).ok_or_else(|| refuse("it has no rule".to_owned()))?;
    for rule in rules {
        let rule = rule.as_table().ok_or_else(|| refuse("a rule is no table".to_owned()))?;
        self::rule(rule, provider, out).map_err(refuse)?;
    }
    Ok(())
}

fn rule(rule: &Table, provider: &str, out: &mut String) -> Result<(), String> {
    let is_known = |key: &str| [TEXTS, LISTS, NUMBERS, FLAGS, DETAILS].iter().any(|known| known.contains(&key));
    if let Some(key) = rule.keys().find(|key| !is_known(key)) {
        return Err(format!("`{key}` is no key of a rule"));
    }
    if let Some(key) = TEXTS.iter().find(|key| rule.get(**key).is_some_and(|value| !value.is_str())) {
        return Err(format!("`{key}` must be a text"));
    }
    let text = |key: &str| rule.get(key).and_then(Value::as_str);
    let needed = |key: &str| text(key).ok_or_else(|| format!("a rule has no `{key}`"));
    let id = needed("id")?;
    let refuse = |what: &str| format!("rule `{id}`: {what}");
    let pattern = &*idiom::expand(needed("regex")?).map_err(|why| refuse(&why))?;
    let list = |key: &str| -> Result<Vec<&str>, String> {
        let Some(value) = rule.get(key) else { return Ok(Vec::new()) };
        let texts = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
        texts.ok_or_else(|| refuse(&format!("`{key}` must be a list of texts")))
    };
    let keywords: Vec<String> = match list("keywords")? {
        none if none.is_empty() => literal::required(pattern).map_err(|e| refuse(&e.to_string()))?,
        some => some.into_iter().map(str::to_ascii_lowercase).collect(),
    };
    let unfit = |word: &String| word.len() < 2 || !word.is_ascii();
    if keywords.is_empty() || keywords.iter().any(unfit) {
        return Err(refuse("it has no keyword"));
    }
    let word = |key: &str, known: &[&str]| match text(key) {
        None => Ok("None".to_owned()),
        Some(word) if known.contains(&word) => Ok(format!("Some({key}!({word}))")),
        Some(word) => Err(refuse(&format!("`{word}` is no {key}"))),
    };
    let number = |key: &str| match rule.get(key) {
        None => Ok(0.0),
        Some(value) => value
            .as_float()
            .or_else(|| value.as_integer().and_then(|n| i16::try_from(n).ok()).map(f64::from))
            .ok_or_else(|| refuse(&format!("`{key}` must be a number"))),
    };
    let flag = |key: &str| match rule.get(key) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or_else(|| refuse(&format!("`{key}` must be true or false"))),
    };
    let details: Table =
        rule.iter().filter(|(key, _)| DETAILS.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect();
    let mut least = [0; 4];
    for (key, count) in rule.get("min_chars").and_then(Value::as_table).into_iter().flatten() {
        let place = ["digit", "letter", "upper", "lower"].iter().position(|known| known == key);
        let place = place.ok_or_else(|| refuse(&format!("`{key}` is no kind of character")))?;
        least[place] = count.as_integer().ok_or_else(|| refuse("`min_chars` must be numbers"))?;
    }
    let [digit, letter, upper, lower] = least;
    let details = toml::to_string(&details).map_err(|e| refuse(&e.to_string()))?;
    let known = places(&SecretRule { pattern: pattern.to_owned(), keywords: keywords.clone() });
    let _ = writeln!(
        out,
        "    Built {{ provider: {provider:?}, id: {id:?}, title: {:?}, severity: {}, confidence: {}, \
         pattern: {pattern:?}, keywords: &{keywords:?}, min_entropy: {:?}, \
         min_chars: MinChars {{ digit: {digit}, letter: {letter}, upper: {upper}, lower: {lower} }}, \
         max_chars_per_token: {:?}, weigh: {}, hidden: {}, details: {details:?}, \
         stop_words: &{:?}, help: {:?}, rotate: {:?}, paths: &{:?}, not_paths: &{:?}, not_lines: &{:?}, \
         examples: &{:?}, counter_examples: &{:?}, confirmed: &{:?}, places: &[{known}] }},",
        text("title"),
        word("severity", &["info", "low", "medium", "high", "critical"])?,
        word("confidence", &["low", "medium", "high"])?,
        number("min_entropy")?,
        number("max_chars_per_token")?,
        flag("weigh")?,
        flag("hidden")?,
        list("stop_words")?,
        text("help").unwrap_or_default(),
        text("rotate"),
        list("paths")?,
        list("not_paths")?,
        list("not_lines")?,
        list("examples")?,
        list("counter_examples")?,
        list("confirmed")?,
    );
    Ok(())
}
